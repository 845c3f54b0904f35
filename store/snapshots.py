"""One moment of every layer, held while many of them are read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pyarrow as pa

from core.errors import BadInputError
from core.scope import Scope
from core.texts import Text
from layers.layer import Layer
from store.compile import checked
from store.query import Query

_Batches = Callable[[Layer, Query, Scope, int], Iterator[pa.RecordBatch]]
_Count = Callable[[Layer, Query, Scope], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Reads within one transaction of an engine: whatever is committed meanwhile, all answers are as of `head`.

    One thread at a time. The past is asked of the store itself: `at_seq` is refused here.
    """

    head: int
    rows: _Batches
    counted: _Count

    def batches(self, layer: Layer, query: Query, *, scope: Scope, rows: int = 5000) -> Iterator[pa.RecordBatch]:
        """Rows as a stream with flat memory, as `Store.batches` gives them."""
        _present(query)
        checked(layer, scope)
        return self.rows(layer, query, scope, rows)

    def count(self, layer: Layer, query: Query, *, scope: Scope) -> int:
        """How many rows `batches` would give without limit and offset."""
        _present(query)
        return self.counted(layer, query, scope)


def _present(query: Query) -> None:
    if query.at_seq is not None:
        raise BadInputError(
            Text("快照只回答当前时刻,不接受 at_seq", "a snapshot answers of its own moment; at_seq is not taken"),
            field="at_seq",
        )
