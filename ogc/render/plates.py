"""Plates of the big point layers: made when first drawn, kept at the head of the feed, missing until they are ready."""

import io
import logging
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from core.errors import BusyError
from core.scope import SYSTEM_SCOPE, Scope, Sensitivity
from core.texts import Text
from core.units import Second
from gis.shapes import Bounds
from layers.filters import Filter, In
from layers.layer import Geometry, Layer
from ogc.render import plate
from ogc.render.drawing import PointSource
from ogc.tiles import stock
from store.feed import BATCHES, Change
from store.protocol import Store
from store.query import EVERYTHING, Query

log = logging.getLogger(__name__)
BIG = 20_000
"""Rows from which a layer gets a plate; below, the store's own index serves as well."""

MOST_CHANGES = 10_000
"""Rows changed since the file was written, above which it is written anew."""

AGAIN: Second = 60.0
"""After so long a layer is counted anew, or a plate that could not be made is tried again."""

PATIENCE: Second = 8.0
"""How long a request waits for a plate without which it cannot be answered."""

RETIRED: Second = 120.0
"""Longer than a request may wait and be drawn."""

_PUBLIC = Scope(areas=("",), clearance=Sensitivity.PUBLIC)
_PAGE = 1000


@dataclass(slots=True)
class _Kept:
    """One plate: its folder, the entry it is current to, and the rows changed since it was written."""

    folder: Path | None = None
    head: int = -1
    changes: Path | None = None
    changed: dict[str, pa.RecordBatch | None] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    making: threading.Thread | None = None
    rows: int = 0
    counted_until: Second = 0.0
    failed_until: Second = 0.0


class Plates:
    """The plates of one process, under `folder`; another process on the same folder keeps its own.

    `stocked` ones hold every field that is not sensitive too, and no levels: vector tiles are cut from them.
    """

    def __init__(self, store: Store, folder: Path, *, big: int | None = None, stocked: bool = False) -> None:
        self._store = store
        self._stocked = stocked
        self._big = BIG if big is None else big
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.iterdir():
            owner = old.name.split("-")[0]
            if not (owner.isdecimal() and Path(f"/proc/{owner}").exists()):
                shutil.rmtree(old, ignore_errors=True)
        self._folder = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=folder))
        self._kept: dict[tuple[str, bool], _Kept] = {}
        self._guard = threading.Lock()
        self._number = 0
        self._closed = False
        self._retired: list[tuple[float, Path]] = []

    def source(self, layer: Layer, scope: Scope) -> PointSource | None:
        """The plate as of the feed's head; None where there is none, or none yet: it is then being made."""
        return self._source(layer, masked=layer.masked(scope), wait=0.0, least=self._big)

    def gathered(self, layer: Layer, scope: Scope) -> PointSource | None:
        """The plate of a layer of any size, BusyError where it is not ready soon; None for one without points."""
        found = self._source(layer, masked=layer.masked(scope), wait=PATIENCE, least=0)
        if found is None and layer.geometry is Geometry.POINT:
            raise BusyError(
                Text("聚合数据正在准备,请稍后再试", "the figures are being prepared; try again soon"), retry_after=10
            )
        return found

    def settled(self, layer: Layer, scope: Scope = SYSTEM_SCOPE) -> PointSource | None:
        """The plate, waited for; None for a layer that is too small for one."""
        return self._source(layer, masked=layer.masked(scope), wait=None, least=self._big)

    def narrowed(self, layer: Layer, scope: Scope, where: Filter | None, window: Bounds) -> PointSource:
        """The rows of a window under a filter or for some enterprises only, asked of the store."""
        asked = Query(where=where, bbox=window, fields=_seen(layer, scope))
        batches = self._store.read(layer, asked, scope=scope).to_batches()
        points, areas, _, _ = _columns(layer, batches)
        body = io.BytesIO()
        np.savez(body, **_saved(points, areas))
        return PointSource(rows=body.getvalue())

    def _source(self, layer: Layer, *, masked: bool, wait: Second | None, least: int) -> PointSource | None:
        if layer.geometry is not Geometry.POINT:
            return None
        with self._guard:
            kept = self._kept.setdefault((layer.id, masked), _Kept())
        while True:
            with kept.lock:
                if kept.folder is not None and self._caught_up(kept, layer, masked, self._store.head()):
                    changes = None if kept.changes is None else str(kept.changes)
                    return PointSource(base=str(kept.folder), changes=changes)
                self._retire(kept.folder)
                kept.folder = None
                if kept.making is None or not kept.making.is_alive():
                    if self._closed or time.monotonic() < kept.failed_until or self._small(kept, layer, least):
                        return None
                    kept.making = threading.Thread(target=self._try_to_make, args=(kept, layer, masked), daemon=True)
                    kept.making.start()
                making = kept.making
            making.join(wait)
            if making.is_alive():
                return None

    def _small(self, kept: _Kept, layer: Layer, least: int) -> bool:
        """The layer has too few rows; counted again at most once a minute."""
        now = time.monotonic()
        if least and now >= kept.counted_until:
            kept.rows = self._store.count(layer, EVERYTHING, scope=SYSTEM_SCOPE)
            kept.counted_until = now + AGAIN
        return kept.rows < least

    def _try_to_make(self, kept: _Kept, layer: Layer, masked: bool) -> None:
        try:
            self._make(kept, layer, masked)
        except Exception:  # drawn live until the next try; the reason is for the log
            kept.failed_until = time.monotonic() + AGAIN
            if not self._closed:
                log.exception("the plate of %s could not be made", layer.id)

    def _retire(self, path: Path | None) -> None:
        """Away with files no drawing can be under way with any more; those of now go in a while."""
        now = time.monotonic()
        with self._guard:
            if path is not None:
                self._retired.append((now, path))
            while self._retired and now - self._retired[0][0] > RETIRED:
                old = self._retired.pop(0)[1]
                if old.is_dir():
                    shutil.rmtree(old, ignore_errors=True)
                else:
                    old.unlink(missing_ok=True)

    def _make(self, kept: _Kept, layer: Layer, masked: bool) -> None:
        head, batches = self._store.head(), list[pa.RecordBatch]()
        scope = _PUBLIC if masked else SYSTEM_SCOPE
        with self._guard:
            self._number += 1
            folder = self._folder / f"{layer.id}-{'masked-' if masked else ''}{self._number}"
        draft = stock.Draft(folder.with_suffix(".draft")) if self._stocked else None
        drawn = [*_seen(layer, scope), "geometry"]
        for batch in self._store.batches(layer, Query(fields=self._read(layer, scope)), scope=scope, rows=50_000):
            if self._closed:
                return
            if draft is not None:
                draft.add(batch)
            batches.append(batch.select(drawn))
        points, areas, hashes, places = _columns(layer, batches)
        order = plate.write(folder, points, areas, hashes, plate.LEVELS if draft is None else range(0))
        if draft is not None:
            draft.finish(folder, layer, places[order])
        with kept.lock:
            kept.folder, kept.head, kept.changes, kept.changed = folder, head, None, {}

    def _caught_up(self, kept: _Kept, layer: Layer, masked: bool, head: int) -> bool:
        """The changes since are taken in; False where they are too many and the plate has to be made anew."""
        if kept.head == head or kept.folder is None:
            return True
        keys: dict[str, None] = {}
        after = kept.head
        while entries := self._store.feed(after=after, scope=SYSTEM_SCOPE, layers=frozenset({layer.id})):
            if any(entry.change in BATCHES or (self._stocked and entry.change is Change.ERASE) for entry in entries):
                return False
            keys.update(dict.fromkeys(entry.key for entry in entries))
            after = entries[-1].seq
            if len(keys) > MOST_CHANGES:
                return False
        if keys:
            kept.changed.update(self._present(layer, masked, list(keys)))
            if len(kept.changed) > MOST_CHANGES:
                return False
            old, kept.changes = kept.changes, kept.folder / f"changes-{head}.npz"
            self._write_changes(kept, layer)
            self._retire(old)
        kept.head = max(head, after)
        return True

    def _present(self, layer: Layer, masked: bool, keys: list[str]) -> dict[str, pa.RecordBatch | None]:
        found: dict[str, pa.RecordBatch | None] = dict.fromkeys(keys)
        scope = _PUBLIC if masked else SYSTEM_SCOPE
        for start in range(0, len(keys), _PAGE):
            wanted = Query(where=In(layer.key, tuple(keys[start : start + _PAGE])), fields=self._read(layer, scope))
            for batch in self._store.read(layer, wanted, scope=scope).to_batches():
                names = batch.column(layer.key).to_pylist()
                found.update({name: batch.slice(row, 1) for row, name in enumerate(names)})
        return found

    def _write_changes(self, kept: _Kept, layer: Layer) -> None:
        if kept.folder is None or kept.changes is None:
            return
        named = pa.ipc.open_file(pa.memory_map(str(kept.folder / "names"))).read_all().combine_chunks()
        hashes, slots = (named.column(name).to_numpy() for name in ("hash", "slot"))
        wanted = _hashed(kept.changed)
        places = np.searchsorted(hashes, wanted)
        there = places < len(hashes)
        there[there] = hashes[places[there]] == wanted[there]
        rows = [row for row in kept.changed.values() if row is not None]
        points, areas, _, placed = _columns(layer, rows)
        fields = stock.saved(layer, rows, placed) if self._stocked else {}
        draft = kept.changes.with_suffix(".draft.npz")
        np.savez(draft, gone=slots[places[there]], **_saved(points, areas), **fields)
        draft.replace(kept.changes)

    def _read(self, layer: Layer, scope: Scope) -> tuple[str, ...]:
        """The fields that are asked of the store."""
        return tuple(dict.fromkeys((*_seen(layer, scope), *(stock.fields(layer, scope) if self._stocked else ()))))

    def close(self) -> None:
        """End what is being made and remove the files."""
        self._closed = True
        with self._guard:
            making = [kept.making for kept in self._kept.values() if kept.making is not None]
        for thread in making:
            thread.join()
        shutil.rmtree(self._folder, ignore_errors=True)


def _saved(points: plate.Points, areas: list[str]) -> dict[str, Any]:
    columns = {name: getattr(points, name) for name in plate.COLUMNS}
    return {**columns, "areas": np.array(areas, dtype=np.str_)}


def _seen(layer: Layer, scope: Scope) -> tuple[str, ...]:
    """Of the fields a plate holds those the scope shows; the rows were chosen by the store already."""
    seen = layer.fields_in(scope)
    return tuple(name for name in _fields(layer) if name in seen)


def _fields(layer: Layer) -> tuple[str, ...]:
    look = (layer.style.grade, layer.style.by)
    return tuple(dict.fromkeys(name for name in (layer.key, "area", "sensitivity", *look) if name is not None))


def _hashed(names: Iterable[str]) -> npt.NDArray[np.uint64]:
    found: npt.NDArray[np.uint64] = pd.util.hash_array(np.array(list(names), dtype=object))
    return found


def _column(rows: pa.Table, name: str, otherwise: object) -> pa.ChunkedArray:
    """A column, or the same value for each row where the caller was not shown it."""
    if name not in rows.column_names:
        return pa.chunked_array([pa.array([otherwise] * rows.num_rows)])
    return rows[name].fill_null(otherwise)


def _columns(
    layer: Layer, batches: list[pa.RecordBatch]
) -> tuple[plate.Points, list[str], npt.NDArray[np.uint64], plate.Ints]:
    """Rows as a plate keeps them, with the areas' names, the hashes of keys and which rows they are.

    Rows without a place are left out, for nothing of them can be drawn.
    """
    if not batches:
        return plate.nobody(), [""], np.empty(0, np.uint64), np.empty(0, np.int64)
    rows = pa.Table.from_batches(batches)
    shapes = shapely.from_wkb(rows["geometry"].to_numpy(zero_copy_only=False))
    x, y = shapely.get_x(shapes), shapely.get_y(shapes)
    there = np.isfinite(x) & np.isfinite(y)
    areas, area = np.unique(_column(rows, "area", "").to_numpy(zero_copy_only=False).astype(str), return_inverse=True)
    grade = np.zeros(len(x), np.int8)
    if layer.style.grade is not None and layer.style.grade in rows.column_names:
        given = rows[layer.style.grade].fill_null(0).to_numpy().astype(np.int64)
        grade = np.where((given >= 1) & (given <= 4), given, 0).astype(np.int8)
    kind = np.full(len(x), -1, np.int16)
    if layer.style.by is not None and layer.style.by in rows.column_names:
        codes = pa.array([str(code) for code in layer.style.symbols], pa.string())
        found = pc.index_in(rows[layer.style.by].cast(pa.string()), value_set=codes)
        kind = found.fill_null(-1).to_numpy().astype(np.int16)
    points = plate.Points(
        x=x, y=y, grade=grade, kind=kind, area=area.astype(np.int32),
        sensitivity=_column(rows, "sensitivity", 0).to_numpy().astype(np.int8), weight=np.ones(len(x), np.int32),
    )  # fmt: skip
    hashes = _hashed(rows[layer.key].to_pylist())[there]
    return points.chosen(there), [str(name) for name in areas], hashes, np.flatnonzero(there)
