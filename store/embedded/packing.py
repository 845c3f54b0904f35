"""A layer's spatial index written whole after a first load, packed, instead of box by box: a twentieth of the work.

What is written are the tables in which SQLite's R-tree keeps itself, in the format its source gives (rtree.c, "Database
Format of R-Tree Tables"): nodes of so many bytes, each cell a number and a box of 32-bit floats, never too small.
"""

import sqlite3
from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

from layers.layer import Layer
from store.compile import quoted

CELL = np.dtype([("id", ">i8"), ("minx", ">f4"), ("maxx", ">f4"), ("miny", ">f4"), ("maxy", ">f4")])
HEADER = 4
"""Bytes before the cells: how many levels lie below, in the root, and how many cells there are."""
FULL = 0.8
"""Room is left for what comes later, or the first rows after a load would split every node they meet."""
ROOT = 1

Numbers = npt.NDArray[np.int64]


class Boxes:
    """The boxes of rows written into a layer that had none, kept until its index is written."""

    def __init__(self) -> None:
        self._numbers: list[Numbers] = []
        self._bounds: list[np.ndarray] = []

    def add(self, numbers: Numbers, bounds: np.ndarray) -> None:
        """West, south, east and north of some rows."""
        self._numbers.append(numbers)
        self._bounds.append(bounds)

    def write(self, db: sqlite3.Connection, layer: Layer, gone: Iterable[int]) -> None:
        """The index, of all but the rows that did not stay."""
        if not self._numbers:
            return
        numbers, bounds = np.concatenate(self._numbers), np.concatenate(self._bounds)
        stays = ~np.isin(numbers, np.fromiter(gone, np.int64))
        pack(db, layer, numbers[stays], bounds[stays])


def pack(db: sqlite3.Connection, layer: Layer, numbers: Numbers, bounds: np.ndarray) -> None:
    """Write an empty layer's index: rows by the number they have in the table, one box each."""
    nodes, parents, rows = (quoted(f"rtree_{layer.id}_geom_{name}") for name in ("node", "parent", "rowid"))
    size: int = db.execute(f"SELECT length(data) FROM {nodes} WHERE nodeno = {ROOT}").fetchone()[0]
    for table in (nodes, parents, rows):
        db.execute(f"DELETE FROM {table}")
    cells = _cells(numbers, bounds)
    depth, first = 0, ROOT + 1
    while True:
        cells, starts = _side_by_side(cells, int((size - HEADER) // CELL.itemsize * FULL))
        numbered = np.arange(first, first + len(starts)) if len(starts) > 1 else np.array([ROOT])
        db.executemany(
            f"INSERT INTO {nodes} VALUES (?, ?)",
            zip(numbered.tolist(), _nodes(cells, starts, size, depth if len(starts) == 1 else 0), strict=True),
        )
        holders = np.repeat(numbered, np.diff(starts, append=len(cells)))
        order = np.argsort(cells["id"], kind="stable")
        db.executemany(
            f"INSERT INTO {rows if depth == 0 else parents} VALUES (?, ?)",
            zip(cells["id"][order].tolist(), holders[order].tolist(), strict=True),
        )
        if len(starts) == 1:
            return
        depth, first = depth + 1, first + len(starts)
        cells = _around(cells, starts, numbered)


def _cells(numbers: Numbers, bounds: np.ndarray) -> np.ndarray:
    """Cells of leaves; a box is widened to the next float of 32 bits."""
    cells = np.zeros(len(numbers), CELL)
    cells["id"] = numbers
    for name, column in zip(("minx", "miny", "maxx", "maxy"), bounds.T, strict=True):
        near = column.astype(np.float32)
        wrong, away = (near > column, -np.inf) if name.startswith("min") else (near < column, np.inf)
        cells[name] = np.where(wrong, np.nextafter(near, np.float32(away)), near)
    return cells


def _side_by_side(cells: np.ndarray, most: int) -> tuple[np.ndarray, Numbers]:
    """Cells in the order of nodes, and where each node begins: strips from west to east, each from south to north.

    Leutenegger, Lopez and Edgington (1997), STR: A simple and efficient algorithm for R-tree packing.
    """
    count = max(1, -(-len(cells) // most))
    strips = int(np.ceil(np.sqrt(count)))
    by_x = np.argsort(cells["minx"].astype(np.float64) + cells["maxx"], kind="stable")
    strip = np.empty(len(cells), np.int64)
    strip[by_x] = np.arange(len(cells)) * strips // max(1, len(cells))
    order = np.lexsort((cells["miny"].astype(np.float64) + cells["maxy"], strip))
    return cells[order], np.arange(count) * len(cells) // count


def _nodes(cells: np.ndarray, starts: Numbers, size: int, depth: int) -> Iterator[bytes]:
    ends = [*starts.tolist()[1:], len(cells)]
    for start, end in zip(starts.tolist(), ends, strict=True):
        told = depth.to_bytes(2, "big") + (end - start).to_bytes(2, "big") + cells[start:end].tobytes()
        yield told.ljust(size, b"\0")


def _around(cells: np.ndarray, starts: Numbers, numbered: Numbers) -> np.ndarray:
    """The cells of nodes in the level above."""
    found = np.zeros(len(starts), CELL)
    found["id"] = numbered
    for name in ("minx", "miny"):
        found[name] = np.minimum.reduceat(cells[name].astype(np.float32), starts)
    for name in ("maxx", "maxy"):
        found[name] = np.maximum.reduceat(cells[name].astype(np.float32), starts)
    return found
