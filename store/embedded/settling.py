"""At start-up the file is brought to what the code declares: tables made, columns added, declared steps applied.

All of it happens in one transaction: a start-up that fails or is killed half way leaves the file as it was.
"""

import sqlite3
from datetime import datetime

import numpy as np

from core.errors import ConflictError
from core.texts import Text
from layers.fields import Kind
from layers.layer import Catalogue, Layer
from store.columns import plain_default
from store.compile import quoted
from store.embedded.dialect import stored
from store.embedded.layout import (
    MASKED,
    METADATA,
    OWN,
    SCHEMAS,
    SQL_TYPES,
    Layout,
    create_indexes,
    create_table,
    fill_metadata,
    index_masks,
)
from store.embedded.present import masked_columns
from store.embedded.reading import head
from store.embedded.stepping import EmbeddedStepper
from store.embedded.words import index_anew
from store.geometries import points_column
from store.history import History
from store.masking import signature
from store.schema import nullable
from store.settling import mismatch, newer, search_signature
from store.stepping import recorded, refuse_forgotten, step_name, step_through

FILE_SCHEMA = 4
MASKED_AT_ONCE = 50_000


def lay_out(db: sqlite3.Connection, catalogue: Catalogue, at: datetime) -> Layout:
    """Settle the file for these declarations; refuse one that newer code wrote."""
    db.execute("BEGIN IMMEDIATE")
    try:
        if db.execute("SELECT 1 FROM sqlite_master WHERE name = 'om_file'").fetchone() is None:
            _create_file(db)
        _settle_file(db)
        for layer in catalogue:
            _settle_layer(db, layer, at)
        layout = _layout(db, catalogue)
        _settle_words(db, catalogue, layout)
        for layer in catalogue:
            _settle_masks(db, layer)
        db.execute("COMMIT")
    except BaseException:
        db.execute("ROLLBACK")
        raise
    return layout


def _layout(db: sqlite3.Connection, catalogue: Catalogue) -> Layout:
    numbers = dict(db.execute("SELECT layer, number FROM om_layers").fetchall())
    histories = {layer.id: recorded(layer, _columns_since(db, layer), _applied(db)) for layer in catalogue}
    return Layout(numbers, histories)


def _columns_since(db: sqlite3.Connection, layer: Layer) -> History:
    added = db.execute("SELECT field, since_seq FROM om_columns WHERE layer = ? AND since_seq > 0", (layer.id,))
    schemas = db.execute(
        "SELECT schema_version, since_seq FROM om_schemas WHERE layer = ? ORDER BY schema_version", (layer.id,)
    )
    return History(added=dict(added.fetchall()), schemas=tuple(schemas.fetchall()))


def _applied(db: sqlite3.Connection) -> dict[str, int]:
    return dict(db.execute("SELECT id, seq FROM om_steps").fetchall())


def _create_file(db: sqlite3.Connection) -> None:
    db.execute("PRAGMA application_id = 0x47504B47")
    db.execute("PRAGMA user_version = 10400")
    for statement in (METADATA + OWN + SCHEMAS).split(";\n"):
        if statement.strip():
            db.execute(statement)
    fill_metadata(db)
    db.execute("INSERT INTO om_file VALUES ('schema', ?)", (str(FILE_SCHEMA),))


def _settle_file(db: sqlite3.Connection) -> None:
    """Bring an older file's own tables up to date; refuse what newer code wrote and what is too old."""
    written = int(db.execute("SELECT value FROM om_file WHERE name = 'schema'").fetchone()[0])
    if written == 2:
        db.execute(SCHEMAS)
        db.execute("INSERT INTO om_schemas SELECT layer, schema_version, 0 FROM om_layers")
        db.execute("UPDATE om_file SET value = '3' WHERE name = 'schema'")
        written = 3
    if written == 3:  # before there were masked copies; those are made layer by layer
        db.execute("UPDATE om_file SET value = '4' WHERE name = 'schema'")
        written = 4
    if written > FILE_SCHEMA:
        raise ConflictError(
            Text(
                f"数据文件由更新的版本写成(结构 {written},本程序识别到 {FILE_SCHEMA}),请升级程序",
                f"the data file was written by newer code (schema {written}, known here: {FILE_SCHEMA}); upgrade",
            )
        )
    if written < FILE_SCHEMA:
        raise ConflictError(
            Text(
                f"数据文件的结构 {written} 早于首个发行版({FILE_SCHEMA}),请重新装载",
                f"the data file has schema {written}, before the first release ({FILE_SCHEMA}); load it anew",
            )
        )


def _settle_layer(db: sqlite3.Connection, layer: Layer, at: datetime) -> None:
    known = db.execute("SELECT number, schema_version FROM om_layers WHERE layer = ?", (layer.id,)).fetchone()
    applied = _applied(db)
    if known is None:
        _create_layer(db, layer)
        return
    number, version = known
    if version > layer.schema_version:
        raise newer(layer, version)
    refuse_forgotten(layer, applied)
    kept = _columns(db, layer)
    history = recorded(layer, _columns_since(db, layer), applied)
    if version < layer.schema_version:
        for name in ("tally", "owner", "listing"):  # a column under an index cannot go
            db.execute(f"DROP INDEX IF EXISTS {quoted(f'{layer.id}_{name}')}")
    engine = EmbeddedStepper(db, Layout({layer.id: number}, {layer.id: history}))
    kept = step_through(engine, layer, kept, history, version, at)
    if changed := mismatch(layer, kept):
        raise changed
    for name in layer.fields:
        if name not in kept:
            _add_column(db, layer, name)
    db.execute(f"DROP INDEX IF EXISTS {quoted(layer.id + '_area')}")  # of a file made before there was a tally
    create_indexes(db, layer)
    if layer.schema_version > version:
        db.execute("UPDATE om_layers SET schema_version = ? WHERE layer = ?", (layer.schema_version, layer.id))
        db.execute("INSERT OR IGNORE INTO om_schemas VALUES (?, ?, ?)", (layer.id, layer.schema_version, head(db)))


def _create_layer(db: sqlite3.Connection, layer: Layer) -> None:
    db.execute("INSERT INTO om_layers (layer, schema_version) VALUES (?, ?)", (layer.id, layer.schema_version))
    db.execute("INSERT INTO om_schemas VALUES (?, ?, 0)", (layer.id, layer.schema_version))
    columns = [(layer.id, name, str(spec.kind), 0) for name, spec in layer.fields.items()]
    db.executemany("INSERT INTO om_columns VALUES (?, ?, ?, ?)", columns)
    db.executemany("INSERT INTO om_steps VALUES (?, 0)", [(step_name(layer, step),) for step in layer.steps])
    db.execute("INSERT INTO om_file VALUES (?, ?)", (f"search:{layer.id}", search_signature(layer)))
    create_table(db, layer)


def _columns(db: sqlite3.Connection, layer: Layer) -> dict[str, Kind]:
    rows = db.execute("SELECT field, kind FROM om_columns WHERE layer = ?", (layer.id,))
    return {name: Kind(kind) for name, kind in rows}


def _add_column(db: sqlite3.Connection, layer: Layer, name: str) -> None:
    """A column added reads as its default in old rows, and says nothing in their hashes."""
    spec = layer.fields[name]
    default = stored(plain_default(spec), spec.kind) if not nullable(layer, name) else None
    if spec.required and spec.kind is Kind.TEXT:
        default = ""
    clause = "" if default is None else f" DEFAULT {_literal(default)}"
    db.execute(f"ALTER TABLE {quoted(layer.id)} ADD COLUMN {quoted(name)} {SQL_TYPES[spec.kind]}{clause}")
    db.execute("INSERT INTO om_columns VALUES (?, ?, ?, ?)", (layer.id, name, str(spec.kind), head(db)))


def _literal(value: str | int | float) -> str:
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else repr(value)


def _settle_masks(db: sqlite3.Connection, layer: Layer) -> None:
    """The masked copy made, or made anew, when the layer's precision is another than the file was written with."""
    name, now = f"mask:{layer.id}", signature(layer)
    before = db.execute("SELECT value FROM om_file WHERE name = ?", (name,)).fetchone()
    if now == (before[0] if before else ""):
        return
    db.execute("INSERT INTO om_file VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", (name, now))
    if not now:
        return
    table = quoted(layer.id)
    there = {row[1] for row in db.execute(f"PRAGMA table_info({table})")}
    for column in MASKED:
        if column.split()[0] not in there:
            db.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    index_masks(db, layer)
    last = 0
    text = f"SELECT fid, _x, _y FROM {table} WHERE fid > ? AND _x IS NOT NULL ORDER BY fid LIMIT {MASKED_AT_ONCE}"
    while rows := db.execute(text, (last,)).fetchall():
        fids, x, y = zip(*rows, strict=True)
        copies = masked_columns(layer, points_column(np.array(x), np.array(y)))
        update = f"UPDATE {table} SET _mx = ?, _my = ?, _mask = ? WHERE fid = ?"
        db.executemany(update, zip(*copies.values(), fids, strict=True))
        last = fids[-1]


def _settle_words(db: sqlite3.Connection, catalogue: Catalogue, layout: Layout) -> None:
    """Index every word anew when search fields changed: an index without content forgets only what it is told."""
    changed = False
    for layer in catalogue:
        name, now = f"search:{layer.id}", search_signature(layer)
        before = db.execute("SELECT value FROM om_file WHERE name = ?", (name,)).fetchone()
        changed = changed or (before is not None and before[0] != now)
        db.execute("INSERT INTO om_file VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", (name, now))
    if changed:
        index_anew(db, catalogue, layout.numbers)
