"""Bulk loads, what they share whichever engine writes: prepared one batch ahead, and only what differs is written."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import pyarrow as pa

from core.scope import Scope
from layers.layer import Layer
from store.columns import Prepared, prepared
from store.present import Present
from store.rights import all_inside, all_owned, merge_kept
from store.tokens import Words

BATCH = 50_000
"""Rows of one entry at most."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A batch checked, hashed and cut into search words."""

    rows: Prepared
    words: Words


class Brought:
    """The keys a load into an empty table has brought so far, as the first and the last of each batch."""

    def __init__(self) -> None:
        self._spans: list[tuple[str, str]] = []

    def none_of(self, rows: Prepared) -> bool:
        """No key of the batch can be there; batches in key order, as most come, need not be looked up."""
        keys = rows.table.column(rows.layer.key)
        first, last = keys[0].as_py(), keys[-1].as_py()
        apart = all(last < start or first > end for start, end in self._spans)
        self._spans.append((first, last))
        return apart


@dataclass(frozen=True, slots=True)
class News:
    """What of a batch is not there word for word, the present rows it replaces, and how many were left alone."""

    rows: Prepared
    words: Words
    replaced: Present
    unchanged: int


def ahead(layer: Layer, batches: Iterable[pa.RecordBatch], words_of: Callable[[Prepared], Words]) -> Iterator[Ready]:
    """Batches ready to be written; one thread prepares the next while the caller writes the one before."""

    def ready(part: pa.RecordBatch, first_row: int) -> Ready:
        rows = prepared(layer, part, first_row)
        return Ready(rows, words_of(rows) if layer.search else [])

    with ThreadPoolExecutor(1, thread_name_prefix="load") as pool:
        waiting: Future[Ready] | None = None
        first_row = 0
        for given in batches:
            for start in range(0, given.num_rows, BATCH):
                part = given.slice(start, BATCH)
                following = pool.submit(ready, part, first_row)
                first_row += part.num_rows
                if waiting is not None:
                    yield waiting.result()
                waiting = following
        if waiting is not None:
            yield waiting.result()


def news(layer: Layer, ready: Ready, found: Present, scope: Scope) -> News:
    """The rows of a batch that differ from the present ones found under their keys; rights over those are checked."""
    rows, words = ready.rows, ready.words
    if len(found):
        all_owned(layer, found.keys, found.plain, scope)
        all_inside(set(found.plain["area"]), max(found.plain["sensitivity"]), scope)
        if into := layer.merged_into:
            merge_kept(
                layer,
                dict(zip(found.keys, found.plain[into], strict=True)),
                dict(zip(rows.keys, rows.plain[into], strict=True)),
            )
    else:
        return News(rows, words, found, 0)
    present = dict(zip(found.keys, found.hashes, strict=True))
    differing = [i for i, key in enumerate(rows.keys) if present.get(key) != rows.hashes[i]]
    unchanged = len(rows) - len(differing)
    if unchanged:
        rows, words = rows.only(differing), [column.take(pa.array(differing, pa.int64())) for column in words]
        arriving = set(rows.keys)
        found = found.only([i for i, key in enumerate(found.keys) if key in arriving])
    return News(rows, words, found, unchanged)
