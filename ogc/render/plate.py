"""The places of a big point layer as columns in one mapped file: what drawing processes read instead of the store.

Rows are sorted by a coarse cell of the ground, so a window is a few slices. Beside the points stand levels: the points
of a cell of three quarters of a pixel of a zoom, of one area, sensitivity and grade, as one row with their number and
their middle. Changes since the file was written are a second, small file: rows taken away and rows added, so every sum
over a level is the sum over the rows themselves.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from gis.shapes import Bounds
from ogc.render.drawing import PointSource

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

CELL = 1 / 128
"""Degrees: the cell by which points are sorted."""

LEVELS = range(4, 12)
"""The zooms with a level of their own; from zoom 12 on the points themselves are few enough in a window."""

_SHARE = 0.75
_ROW, _COLUMN, _AREA, _CLEARANCE = 41, 21, 5, 3
_FEW = 4096


def side(zoom: int) -> float:
    """Degrees along a cell of a level."""
    return _SHARE * 360.0 / 256.0 / 2.0**zoom


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """Places with what is drawn of them, one entry a row; `weight` is how many places an entry stands for."""

    x: Floats
    y: Floats
    grade: npt.NDArray[np.int8]
    kind: npt.NDArray[np.int16]
    area: npt.NDArray[np.int32]
    sensitivity: npt.NDArray[np.int8]
    weight: npt.NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.x)

    def chosen(self, which: npt.NDArray[np.bool_] | Ints) -> "Points":
        """Some of the entries."""
        return points_of({name: getattr(self, name)[which] for name in COLUMNS})

    def joined(self, other: "Points") -> "Points":
        """These and others."""
        return points_of({n: np.concatenate([getattr(self, n), getattr(other, n)]) for n in COLUMNS})


COLUMNS = ("x", "y", "grade", "kind", "area", "sensitivity", "weight")
TYPES = {"x": "f8", "y": "f8", "grade": "i1", "kind": "i2", "area": "i4", "sensitivity": "i1", "weight": "i4"}


def points_of(columns: Mapping[str, npt.NDArray[Any]]) -> Points:
    """Points by the names of their columns."""
    return Points(
        x=columns["x"], y=columns["y"], grade=columns["grade"], kind=columns["kind"], area=columns["area"],
        sensitivity=columns["sensitivity"], weight=columns["weight"],
    )  # fmt: skip


def nobody() -> Points:
    """No points."""
    return points_of({name: np.empty(0, kind) for name, kind in TYPES.items()})


def cell_keys(x: Floats, y: Floats, cell: float) -> Ints:
    """Numbers of cells, row by row from the south-west corner of the world; their low bits are left free."""
    column, row = np.floor((x + 180.0) / cell).astype(np.int64), np.floor((y + 90.0) / cell).astype(np.int64)
    return (row << _ROW) | (column << _COLUMN)


def level_keys(points: Points, zoom: int) -> Ints:
    """The entry of a level each point is counted in: cell, area, sensitivity and grade."""
    low = (points.area.astype(np.int64) << _AREA) | (points.sensitivity.astype(np.int64) << _CLEARANCE)
    return cell_keys(points.x, points.y, side(zoom)) | low | points.grade


def level_of(points: Points, zoom: int) -> tuple[Ints, Points]:
    """The points gathered to a level, sorted by key."""
    keys = level_keys(points, zoom)
    order = np.argsort(keys, kind="stable")
    sorted_keys = keys[order]
    starts = np.flatnonzero(np.diff(sorted_keys, prepend=-1))
    counts = np.diff(starts, append=len(keys)).astype(np.int32)
    first = order[starts]
    x, y = (np.add.reduceat(v[order], starts) / counts if len(starts) else v[:0] for v in (points.x, points.y))
    gathered = points.chosen(first)
    return sorted_keys[starts], Points(
        x=x, y=y, grade=gathered.grade, kind=np.full(len(starts), -1, np.int16), area=gathered.area,
        sensitivity=gathered.sensitivity, weight=counts,
    )  # fmt: skip


def write(
    folder: Path, points: Points, areas: list[str], hashes: npt.NDArray[np.uint64], levels: range = LEVELS
) -> Ints:
    """The files of a plate; `hashes` name the rows, in the order of `points`. In which order they were written."""
    folder.mkdir(parents=True)
    keys = cell_keys(points.x, points.y, CELL)
    order = np.argsort(keys, kind="stable")
    _written(folder / "points", keys[order], points.chosen(order), areas)
    by_name = np.argsort(hashes[order], kind="stable")
    named = pa.table({"hash": hashes[order][by_name], "slot": by_name})
    with pa.OSFile(str(folder / "names"), "wb") as file, pa.ipc.new_file(file, named.schema) as out:
        out.write_table(named)
    before = len(points)
    for zoom in reversed(levels):
        level_key, level = level_of(points, zoom)
        if len(level) < 0.7 * before:
            _written(folder / f"level-{zoom}", level_key, level, areas)
            before = len(level)
    return order


def _written(path: Path, keys: Ints, points: Points, areas: list[str]) -> None:
    table = pa.table({"key": keys, **{name: getattr(points, name) for name in COLUMNS}})
    table = table.replace_schema_metadata({"areas": "\n".join(areas)})
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table.schema) as out:
        out.write_table(table, max_chunksize=max(1, len(keys)))


@dataclass(frozen=True, slots=True)
class Sorted:
    """Entries sorted by key, in mapped memory."""

    keys: Ints
    points: Points
    areas: npt.NDArray[np.str_]

    @staticmethod
    def read(path: Path) -> "Sorted":
        """A file of `write`."""
        table = pa.ipc.open_file(pa.memory_map(str(path))).read_all()
        columns = {name: _array(table, name) for name in ("key", *COLUMNS)}
        areas = (table.schema.metadata or {})[b"areas"].decode().split("\n")
        return Sorted(columns["key"], points_of(columns), np.array(areas))

    def inside(self, window: Bounds, cell: float) -> Ints:
        """The entries whose cells meet a window."""
        if not len(self.keys):
            return np.empty(0, np.int64)
        low, high = int(self.keys[0] >> _ROW), int(self.keys[-1] >> _ROW)
        first = max(low, int(np.floor((window.south + 90.0) / cell)))
        last = min(high, int(np.floor((window.north + 90.0) / cell)))
        west, east = (int(np.floor((v + 180.0) / cell)) for v in (max(window.west, -180.0), min(window.east, 180.0)))
        if first > last or west > east:
            return np.empty(0, np.int64)
        if last - first > _FEW:
            return np.arange(len(self.keys))
        rows = np.arange(first, last + 1, dtype=np.int64) << _ROW
        starts = np.searchsorted(self.keys, rows | (west << _COLUMN))
        lengths = np.searchsorted(self.keys, rows | ((east + 1) << _COLUMN)) - starts
        ends = np.cumsum(lengths)
        return np.repeat(starts - ends + lengths, lengths) + np.arange(int(ends[-1]))


def _array(table: pa.Table, name: str) -> npt.NDArray[Any]:
    column = table.column(name)
    if column.num_chunks == 0:
        return np.empty(0, TYPES.get(name, "i8"))
    found: npt.NDArray[Any] = column.chunk(0).to_numpy(zero_copy_only=True)
    return found


class Plate:
    """One plate with the changes since it was written, as of one entry of the feed."""

    def __init__(self, source: PointSource) -> None:
        self._folder = Path(source.base) if source.base else None
        nothing = nobody()
        empty = Sorted(np.empty(0, np.int64), nothing, np.array([""]))
        self._base = empty if self._folder is None else Sorted.read(self._folder / "points")
        self._levels: dict[int, Sorted] = {}
        self._gone = np.empty(0, np.int64)
        self._added: Points | None = None
        self._more_areas = self._base.areas[:0]
        more = io.BytesIO(source.rows) if source.rows else source.changes
        if more is not None:
            with np.load(more) as found:
                if "gone" in found:
                    self._gone = found["gone"]
                self._more_areas = found["areas"]
                self._added = points_of(found)

    def _level_file(self, zoom: int) -> Path:
        return (self._folder or Path()) / f"level-{zoom}"

    @cached_property
    def _made(self) -> frozenset[int]:
        """The levels that are fewer rows than the one below."""
        if self._folder is None:
            return frozenset()
        return frozenset(zoom for zoom in LEVELS if self._level_file(zoom).exists())

    @cached_property
    def _alive(self) -> npt.NDArray[np.bool_]:
        alive = np.ones(len(self._base.keys), bool)
        alive[self._gone] = False
        return alive

    def _level(self, zoom: int) -> Sorted:
        """A level with the rows taken away no longer counted."""
        if zoom not in self._levels:
            level = Sorted.read(self._level_file(zoom))
            if len(self._gone):
                weight = level.points.weight.copy()
                gone = level_keys(self._base.points.chosen(self._gone), zoom)
                np.subtract.at(weight, np.searchsorted(level.keys, gone), 1)
                columns = {name: getattr(level.points, name) for name in COLUMNS}
                level = Sorted(level.keys, points_of({**columns, "weight": weight}), level.areas)
            self._levels[zoom] = level
        return self._levels[zoom]

    def window(self, window: Bounds, pixel: float, areas: tuple[str, ...] | None, clearance: int) -> Points:
        """What a caller may see in a window, gathered where a cell is smaller than `pixel` degrees."""
        fit = [zoom for zoom in LEVELS if side(zoom) <= pixel and zoom in self._made]
        if fit:
            level, cell = self._level(fit[0]), side(fit[0])
            found = level.points.chosen(level.inside(window, cell))
            mine = seen(found, level.areas, areas, clearance) & (found.weight > 0)
        else:
            which = self._base.inside(window, CELL)
            if len(self._gone):
                which = which[self._alive[which]]
            found = self._base.points.chosen(which)
            mine = seen(found, self._base.areas, areas, clearance)
        mine &= _within(found, window)
        found = found.chosen(mine) if not mine.all() else found
        if self._added is None:
            return found
        mine = seen(self._added, self._more_areas, areas, clearance) & _within(self._added, window)
        return found.joined(self._added.chosen(mine))


def _within(points: Points, window: Bounds) -> npt.NDArray[np.bool_]:
    across = (points.x >= window.west) & (points.x < window.east)
    found: npt.NDArray[np.bool_] = across & (points.y >= window.south) & (points.y < window.north)
    return found


def seen(
    points: Points, names: npt.NDArray[np.str_], areas: tuple[str, ...] | None, clearance: int
) -> npt.NDArray[np.bool_]:
    """Which entries lie in a caller's areas, by the names of the areas, and within their clearance."""
    found: npt.NDArray[np.bool_] = points.sensitivity <= clearance
    if areas is None:
        return found
    inside = np.zeros(len(names), bool)
    for prefix in areas:
        inside |= np.strings.startswith(names, prefix)
    return found & inside[points.area] if len(points) else found
