"""At start-up the schema is brought to what the code declares: tables made, columns added, declared steps applied.

All of it happens in the caller's transaction: a start-up that fails or is killed half way leaves the schema as it was.
"""

from datetime import datetime
from typing import Any

import psycopg
import pyarrow as pa
from psycopg import sql

from core.errors import BadInputError, ConflictError
from core.texts import Text
from layers.fields import FieldSpec, Kind
from layers.layer import Catalogue, Layer
from store.columns import plain_default
from store.compile import quoted
from store.history import History
from store.masking import masked_column, signature
from store.postgis.connections import Connection
from store.postgis.copying import ewkb
from store.postgis.indexing import create_indexes
from store.postgis.layout import MASKED, OWN, SQL_TYPES, Layout, create_table
from store.postgis.reading import head
from store.postgis.stepping import PostGisStepper, index_anew
from store.schema import nullable
from store.settling import mismatch, newer, search_signature
from store.stepping import recorded, refuse_forgotten, step_name, step_through

SCHEMA = 3
MASKED_AT_ONCE = 50_000


def lay_out(db: Connection, schema: str, catalogue: Catalogue, at: datetime) -> Layout:
    """Settle the schema for these declarations; refuse one that newer code wrote."""
    db.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(schema)))
    _need_postgis(db)
    known = db.execute("SELECT to_regclass(%s)", (f"{quoted(schema)}.om_file",)).fetchone()
    if known is None or known[0] is None:
        for statement in OWN.split(";\n"):
            if statement.strip():
                db.execute(statement.encode())
        db.execute("INSERT INTO om_file VALUES ('schema', %s)", (str(SCHEMA),))
    _bring_up(db)
    _refuse_other_schema(db)
    for layer in catalogue:
        _settle_layer(db, layer, at)
        _settle_masks(db, layer)
        _settle_words(db, layer)
    create_indexes(db, catalogue)
    applied = _applied(db)
    return Layout({layer.id: recorded(layer, _columns_since(db, layer), applied) for layer in catalogue})


def _columns_since(db: Connection, layer: Layer) -> History:
    added: list[tuple[Any, ...]] = db.execute(
        "SELECT field, since_seq FROM om_columns WHERE layer = %s AND since_seq > 0", (layer.id,)
    ).fetchall()
    schemas: list[tuple[Any, ...]] = db.execute(
        "SELECT schema_version, since_seq FROM om_schemas WHERE layer = %s ORDER BY schema_version", (layer.id,)
    ).fetchall()
    return History(added=dict(added), schemas=tuple((version, since) for version, since in schemas))


def _applied(db: Connection) -> dict[str, int]:
    rows: list[tuple[Any, ...]] = db.execute("SELECT id, seq FROM om_steps").fetchall()
    return dict(rows)


def _need_postgis(db: Connection) -> None:
    try:
        db.execute("SELECT postgis_lib_version()")
    except psycopg.errors.UndefinedFunction as error:
        raise BadInputError(
            Text(
                "数据库没有 PostGIS 扩展,请由数据库管理员执行 CREATE EXTENSION postgis",
                "the database has no PostGIS; its administrator has to run CREATE EXTENSION postgis",
            ),
            field="database_url",
        ) from error


def _bring_up(db: Connection) -> None:
    """A schema of before there were masked copies, or words by script; both are made layer by layer."""
    db.execute("UPDATE om_file SET value = '2' WHERE name = 'schema' AND value = '1'")
    if db.execute("UPDATE om_file SET value = '3' WHERE name = 'schema' AND value = '2'").rowcount:
        db.execute("UPDATE om_file SET value = '' WHERE name LIKE 'search:%'")


def _refuse_other_schema(db: Connection) -> None:
    row = db.execute("SELECT value FROM om_file WHERE name = 'schema'").fetchone()
    written = int(str(row[0])) if row else 0
    if written != SCHEMA:
        raise ConflictError(
            Text(
                f"数据库由其他版本的程序写成(结构 {written},本程序识别到 {SCHEMA}),请升级程序",
                f"the database was written by other code (schema {written}, known here: {SCHEMA}); upgrade",
            )
        )


def _settle_layer(db: Connection, layer: Layer, at: datetime) -> None:
    known = db.execute("SELECT schema_version FROM om_layers WHERE layer = %s", (layer.id,)).fetchone()
    if known is None:
        _create_layer(db, layer)
        return
    version = int(str(known[0]))
    if version > layer.schema_version:
        raise newer(layer, version)
    applied = _applied(db)
    refuse_forgotten(layer, applied)
    rows = db.execute("SELECT field, kind FROM om_columns WHERE layer = %s", (layer.id,)).fetchall()
    kept = {str(name): Kind(str(kind)) for name, kind in rows}
    history = recorded(layer, _columns_since(db, layer), applied)
    kept = step_through(PostGisStepper(db, Layout({layer.id: history})), layer, kept, history, version, at)
    if changed := mismatch(layer, kept):
        raise changed
    for name, spec in layer.fields.items():
        if name not in kept:
            _add_column(db, layer, spec)
    # of before there was a tally; the others are made at the end, where they are missing
    db.execute(f"DROP INDEX IF EXISTS {quoted(layer.id + '_area')}".encode())
    if version < layer.schema_version:
        db.execute("UPDATE om_layers SET schema_version = %s WHERE layer = %s", (layer.schema_version, layer.id))
        db.execute(
            "INSERT INTO om_schemas VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            (layer.id, layer.schema_version, head(db)),
        )


def _create_layer(db: Connection, layer: Layer) -> None:
    db.execute("INSERT INTO om_layers VALUES (%s, %s)", (layer.id, layer.schema_version))
    db.execute("INSERT INTO om_schemas VALUES (%s, %s, 0)", (layer.id, layer.schema_version))
    for name, spec in layer.fields.items():
        db.execute("INSERT INTO om_columns VALUES (%s, %s, %s, 0)", (layer.id, name, str(spec.kind)))
    for step in layer.steps:
        db.execute("INSERT INTO om_steps VALUES (%s, 0)", (step_name(layer, step),))
    db.execute("INSERT INTO om_file VALUES (%s, %s)", (f"search:{layer.id}", search_signature(layer)))
    create_table(db, layer)


def _add_column(db: Connection, layer: Layer, spec: FieldSpec) -> None:
    """A column added reads as its default in old rows, and says nothing in their hashes."""
    default = plain_default(spec) if not nullable(layer, spec.name) else None
    if spec.required and spec.kind is Kind.TEXT:
        default = ""
    if isinstance(default, list):
        default = "[]"
    clause = sql.SQL("") if default is None else sql.SQL(" DEFAULT {}").format(sql.Literal(default))
    column = sql.SQL(f"ALTER TABLE {quoted(layer.id)} ADD COLUMN {quoted(spec.name)} {SQL_TYPES[spec.kind]}")
    db.execute(column + clause)
    db.execute("INSERT INTO om_columns VALUES (%s, %s, %s, %s)", (layer.id, spec.name, str(spec.kind), head(db)))


def _settle_masks(db: Connection, layer: Layer) -> None:
    """The masked copy made, or made anew, when the layer's precision is another than the rows were written with."""
    name, now = f"mask:{layer.id}", signature(layer)
    before = db.execute("SELECT value FROM om_file WHERE name = %s", (name,)).fetchone()
    if now == (str(before[0]) if before else ""):
        return
    db.execute(
        "INSERT INTO om_file VALUES (%s, %s) ON CONFLICT (name) DO UPDATE SET value = excluded.value", (name, now)
    )
    if not now:
        return
    table, key = quoted(layer.id), quoted(layer.key)
    db.execute(f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS {MASKED}".encode())
    last = ""
    text = f"SELECT {key}, ST_AsBinary(geom, 'NDR') FROM {table} WHERE geom IS NOT NULL AND {key} > %s"
    text += f" ORDER BY {key} LIMIT {MASKED_AT_ONCE}"
    update = f"UPDATE {table} SET _mask = t.place::geometry FROM unnest(%s::text[], %s::bytea[]) AS t (name, place)"
    while rows := db.cursor(binary=True).execute(text.encode(), (last,)).fetchall():
        keys, places = (list(column) for column in zip(*rows, strict=True))
        copies = ewkb(layer.geometry, masked_column(layer, pa.array(places, pa.binary()))).to_pylist()
        db.execute(f"{update} WHERE {key} = t.name".encode(), (keys, copies))
        last = keys[-1]
    db.execute(f"DROP INDEX IF EXISTS {quoted(layer.id + '_mask')}".encode())


def _settle_words(db: Connection, layer: Layer) -> None:
    """Index the layer's words anew when its search fields changed."""
    name, now = f"search:{layer.id}", search_signature(layer)
    before = db.execute("SELECT value FROM om_file WHERE name = %s", (name,)).fetchone()
    if before is not None and before[0] != now:
        index_anew(db, layer)
    db.execute(
        "INSERT INTO om_file VALUES (%s, %s) ON CONFLICT (name) DO UPDATE SET value = excluded.value", (name, now)
    )
