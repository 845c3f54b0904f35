"""The present rows of a layer's table: found, written, taken away and archived, many at once."""

import hashlib
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
import pyarrow as pa

from core.canonical import sha256
from layers.fields import Kind
from layers.layer import Geometry, Layer
from store.columns import Plain, bodies
from store.compile import quoted
from store.embedded.blob import framed, wkb_offset
from store.embedded.layout import Layout
from store.embedded.packing import Boxes
from store.embedded.spatial import rtree
from store.embedded.words import add_words, remove_words
from store.geometries import bounds_of
from store.history import as_written
from store.masking import masked_column
from store.present import Present
from store.rows import Row


def columns_of(layer: Layer) -> str:
    """What `rows_of` reads, in its order."""
    names = [quoted(name) for name in layer.fields]
    if layer.geometry is not Geometry.NONE:
        names.append(f"lower(hex(substr(geom, {wkb_offset(layer)})))")
    return ", ".join(["fid", *names, "_version", "_seq", "_hash"])


def rows_of(layer: Layer, rows: Sequence[tuple[Any, ...]]) -> Present:
    """Fetched rows as columns."""
    width = len(layer.fields) + (layer.geometry is not Geometry.NONE) + 4
    columns = [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(width)]
    plain: Plain = {}
    for (name, spec), column in zip(layer.fields.items(), columns[1:], strict=False):
        plain[name] = plain_values(column, spec.kind)
    if layer.geometry is not Geometry.NONE:
        plain["geometry"] = [value or None for value in columns[-4]]
    return Present(columns[0], plain[layer.key], plain, columns[-3], columns[-2], columns[-1])


def plain_values(column: list[Any], kind: Kind) -> list[Any]:
    """A column as the file keeps it, as plain values."""
    match kind:
        case Kind.BOOLEAN:
            return [None if value is None else bool(value) for value in column]
        case Kind.LIST:
            return [None if value is None else orjson.loads(value) for value in column]
    return column


def find(db: sqlite3.Connection, layer: Layer, keys: Sequence[str]) -> Present:
    """The live rows among some keys, whoever asks."""
    if len(keys) == 1:
        condition, params = f"{quoted(layer.key)} = ?", keys[0]
    else:
        condition = f"{quoted(layer.key)} IN (SELECT value FROM json_each(?))"
        params = orjson.dumps(list(keys)).decode()
    text = f"SELECT {columns_of(layer)} FROM {quoted(layer.id)} WHERE {condition}"
    return rows_of(layer, db.execute(text, (params,)).fetchall())


def last_versions(db: sqlite3.Connection, layer: Layer, keys: Sequence[str]) -> dict[str, int]:
    """The newest archived version of those keys that have one."""
    found = db.execute(
        "SELECT key, max(version) FROM om_versions WHERE layer = ? AND key IN (SELECT value FROM json_each(?))"
        " GROUP BY key",
        (layer.id, orjson.dumps(list(keys)).decode()),
    )
    return dict(found.fetchall())


def archive(db: sqlite3.Connection, layer: Layer, layout: Layout, rows: Present, to_seq: int) -> None:
    """Keep these versions; they ended with an entry."""
    if not len(rows):
        return
    history = layout.histories[layer.id]
    kept = bodies(as_written(rows.plain, history, rows.seqs))
    areas, levels = rows.plain["area"], rows.plain["sensitivity"]
    db.executemany(
        "INSERT INTO om_versions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (layer.id, key, version, history.schema_at(since), body, row_hash, since, to_seq, area or "", level or 0)
            for key, version, body, row_hash, since, area, level in zip(
                rows.keys, rows.versions, kept, rows.hashes, rows.seqs, areas, levels, strict=True
            )
        ],
    )


def remove(db: sqlite3.Connection, layer: Layer, layout: Layout, rows: Present) -> None:
    """Take rows out of the present with their index entries."""
    fids = [(fid,) for fid in rows.fids]
    remove_words(db, layer, layout.numbers[layer.id], rows.fids, rows.plain)
    if layer.geometry is not Geometry.NONE:
        db.executemany(f"DELETE FROM {rtree(layer)} WHERE id = ?", fids)
    db.executemany(f"DELETE FROM {quoted(layer.id)} WHERE fid = ?", fids)


FEW = 100
"""Rows under which a statement is not written for their values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arriving:
    """Rows about to become present; `geometry` is the WKB of their places, in layers that have them."""

    plain: Mapping[str, list[Any]]
    geometry: pa.Array | None
    hashes: Sequence[str]
    versions: Sequence[int]
    seqs: Sequence[int]


def next_fid(db: sqlite3.Connection, layer: Layer) -> int:
    """The number of the next row written."""
    found: int = db.execute(f"SELECT coalesce(max(fid), 0) + 1 FROM {quoted(layer.id)}").fetchone()[0]
    return found


def insert(db: sqlite3.Connection, layer: Layer, rows: Arriving, fid: int, boxes: Boxes | None = None) -> None:
    """Write rows with their spatial index entries, or leave those to who collects boxes; words are the caller's."""
    columns: dict[str, Sequence[Any]] = {"fid": range(fid, fid + len(rows.hashes))}
    for name, spec in layer.fields.items():
        values = rows.plain[name]
        if spec.kind is Kind.LIST:
            values = [None if v is None else orjson.dumps(v).decode() for v in values]
        columns[quoted(name)] = values
    columns |= {"_version": rows.versions, "_seq": rows.seqs, "_hash": rows.hashes}
    if rows.geometry is not None:
        bounds = bounds_of(rows.geometry)
        # sqlite keeps NaN, the middle of no geometry, as NULL
        columns |= {
            "_x": ((bounds[:, 0] + bounds[:, 2]) / 2).tolist(),
            "_y": ((bounds[:, 1] + bounds[:, 3]) / 2).tolist(),
        }
        columns["geom"] = framed(layer, rows.geometry, bounds)
        if layer.cell:
            columns |= masked_columns(layer, rows.geometry)
    marks = {name: _literal(values) for name, values in columns.items()}
    text = f"INSERT INTO {quoted(layer.id)} ({', '.join(columns)}) VALUES ({', '.join(marks.values())})"
    bound = [values for name, values in columns.items() if marks[name] == "?"]
    db.executemany(text, zip(*bound, strict=True))
    if rows.geometry is not None:
        _index_boxes(db, layer, fid, bounds, boxes)


def _literal(values: Sequence[Any]) -> str:
    """What stands in the statement for a column: its one value where many rows have no other, else a mark."""
    first = values[0]
    if len(values) < FEW or not isinstance(first, str | int | None) or isinstance(first, bool):
        return "?"
    if isinstance(values, range) or values.count(first) != len(values):
        return "?"
    if isinstance(first, str):
        return "'" + first.replace("'", "''") + "'"
    return "NULL" if first is None else str(first)


def masked_columns(layer: Layer, geometry: pa.Array) -> dict[str, list[Any]]:
    """The masked copy of places, as `_mx`, `_my` and `_mask` keep it."""
    copies = masked_column(layer, geometry)
    bounds = bounds_of(copies)
    return {"_mx": bounds[:, 0].tolist(), "_my": bounds[:, 1].tolist(), "_mask": framed(layer, copies, bounds)}


def _index_boxes(db: sqlite3.Connection, layer: Layer, fid: int, bounds: np.ndarray, boxes: Boxes | None) -> None:
    there = np.flatnonzero(~np.isnan(bounds[:, 0]))
    if boxes is not None:
        boxes.add(there + fid, bounds[there])
        return
    west, south, east, north = (column[there].tolist() for column in bounds.T)
    db.executemany(
        f"INSERT INTO {rtree(layer)} VALUES (?, ?, ?, ?, ?)",
        zip((there + fid).tolist(), west, east, south, north, strict=True),
    )


def write_one(
    db: sqlite3.Connection, layer: Layer, layout: Layout, row: Row, body: bytes, version: int, seq: int
) -> None:
    """One row of an edit becomes present, with its words."""
    plain: Mapping[str, Any] = orjson.loads(body)
    columns: Plain = {name: [plain.get(name)] for name in layer.fields}
    geometry = None if layer.geometry is Geometry.NONE else pa.array([row["geometry"]], pa.binary())
    arriving = Arriving(plain=columns, geometry=geometry, hashes=[sha256(body)], versions=[version], seqs=[seq])
    fid = next_fid(db, layer)
    insert(db, layer, arriving, fid)
    add_words(db, layer, layout.numbers[layer.id], fid, columns)


def recomputed(layer: Layer, layout: Layout, rows: Present) -> list[str]:
    """The hashes the rows ought to have."""
    written = as_written(rows.plain, layout.histories[layer.id], rows.seqs)
    return [hashlib.sha256(body).hexdigest() for body in bodies(written)]
