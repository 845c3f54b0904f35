"""SQLite's side of the compiler: sets of rows by the R-tree, case by GLOB, and values as the file keeps them."""

import sqlite3
from datetime import date, datetime
from typing import Any

import numpy as np
import orjson

from core.clock import iso
from gis.shapes import Bounds
from layers.fields import FieldSpec, Kind
from layers.filters import Spatial, SpatialOp
from layers.layer import Geometry, Layer
from store.compile import Sql
from store.embedded.spatial import in_box, related, rtree

LAYER_BITS = 40
"""The search index numbers rows layer by layer: the layer's number before so many bits of the row's own."""
NAMED = 20_000
"""More rows than this the search index does not name one by one: the layer is read through instead."""
LISTED = 500
"""More values than this travel as one JSON parameter."""


class SqliteDialect:
    """Spatial parts are answered on the connection first; the compiled text then names the rows found."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def bbox(self, sql: Sql, layer: Layer, bounds: Bounds) -> str:
        """By the R-tree, then exactly: its own numbers are 32-bit and rounded outwards."""
        if sql.masked:
            sides = [sql.bind(v) for v in (bounds.west, bounds.east, bounds.south, bounds.north)]
            return f"(_mx BETWEEN {sides[0]} AND {sides[1]} AND _my BETWEEN {sides[2]} AND {sides[3]})"
        if layer.geometry is not Geometry.POINT:
            return _among_rows(sql, in_box(self._db, layer, bounds))
        west, south, east, north = bounds
        marks = [sql.bind(v) for v in (east, west, north, south, west, east, south, north)]
        return (
            f"fid IN (SELECT id FROM {rtree(layer)} WHERE minx <= {marks[0]} AND maxx >= {marks[1]}"
            f" AND miny <= {marks[2]} AND maxy >= {marks[3]})"
            f" AND _x BETWEEN {marks[4]} AND {marks[5]} AND _y BETWEEN {marks[6]} AND {marks[7]}"
        )

    def spatial(self, sql: Sql, layer: Layer, where: Spatial) -> str:
        """Rows without geometry are in no relation at all, not even when it is negated."""
        found = _among_rows(sql, related(self._db, layer, where, masked=sql.masked))
        if where.op in (SpatialOp.DISJOINT, SpatialOp.BEYOND):
            found = f"NOT {found}"
        elif not sql.negated:
            return found
        return f"CASE WHEN _x IS NULL THEN NULL ELSE {found} END"

    def among(self, sql: Sql, column: str, values: list[Any]) -> str:
        """`column IN (values)` of any length."""
        if len(values) <= LISTED:
            return f"{column} IN ({', '.join(sql.bind(v) for v in values)})"
        return f"{column} IN (SELECT value FROM json_each({sql.bind(orjson.dumps(values).decode())}))"

    def like(self, sql: Sql, column: str, pattern: str, ignore_case: bool) -> str:
        """SQLite's LIKE always folds ASCII case; the exact one is said as GLOB."""
        if ignore_case:
            return f"{column} LIKE {sql.bind(pattern)} ESCAPE '\\'"
        return f"{column} GLOB {sql.bind(_glob(pattern))}"

    def holding(self, sql: Sql, layer: Layer, words: list[str]) -> str:
        """Few rows are named; most of a layer are sooner read through. The past, rebuilt in memory, has no index."""
        found = _holding(self._db, layer, words)
        return "" if found is None else _among_rows(sql, found)

    def value(self, value: Any, spec: FieldSpec) -> Any:
        """As the file keeps it."""
        return stored(value, spec.kind)


def _among_rows(sql: Sql, fids: np.ndarray) -> str:
    listed = orjson.dumps(fids, option=orjson.OPT_SERIALIZE_NUMPY).decode()
    return f"fid IN (SELECT value FROM json_each({sql.bind(listed)}))"


def _holding(db: sqlite3.Connection, layer: Layer, words: list[str]) -> np.ndarray | None:
    if db.execute("SELECT 1 FROM sqlite_master WHERE name = 'om_words'").fetchone() is None:
        return None
    (number,) = db.execute("SELECT number FROM om_layers WHERE layer = ?", (layer.id,)).fetchone()
    match = " AND ".join(f'"{word}"*' for word in words)
    text = "SELECT rowid & ? FROM om_words WHERE om_words MATCH ? AND rowid BETWEEN ? AND ? LIMIT ?"
    first, rows = number << LAYER_BITS, (1 << LAYER_BITS) - 1
    found = db.execute(text, (rows, match, first, first | rows, NAMED + 1)).fetchall()
    return None if len(found) > NAMED else np.array([fid for (fid,) in found], np.int64)


def _glob(pattern: str) -> str:
    text, escaped = "", False
    for char in pattern:
        if not escaped and char == "\\":
            escaped = True
            continue
        if escaped or char not in "%_":
            text += f"[{char}]" if char in "*?[" else char
        else:
            text += "*" if char == "%" else "?"
        escaped = False
    return text


def stored(value: Any, kind: Kind) -> Any:
    """A plain value as SQLite keeps it."""
    if value is None:
        return None
    match kind:
        case Kind.DATETIME:
            return iso(value) if isinstance(value, datetime) else value
        case Kind.DATE:
            return value.isoformat() if isinstance(value, date) else value
        case Kind.BOOLEAN:
            return int(value)
        case Kind.LIST:
            return orjson.dumps(list(value)).decode() if isinstance(value, list | tuple) else value
    return value
