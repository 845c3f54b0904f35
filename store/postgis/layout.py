"""The schema's tables: one a layer with its search words, and versions, feed and what the database knows of itself."""

from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from core.errors import BadInputError, ConflictError
from core.scope import Sensitivity
from core.texts import Text
from layers.fields import FieldSpec, Kind
from layers.layer import Catalogue, Geometry, Layer
from store.columns import plain_default
from store.compile import quoted
from store.history import History
from store.postgis.connections import Connection
from store.schema import nullable

SCHEMA = 1

SQL_TYPES: dict[Kind, str] = {
    Kind.TEXT: 'text COLLATE "C"',
    Kind.INTEGER: "bigint",
    Kind.REAL: "double precision",
    Kind.BOOLEAN: "boolean",
    Kind.DATE: "date",
    Kind.DATETIME: "timestamptz",
    Kind.LIST: 'text COLLATE "C"',
}
"""Text is ordered by code point, as the embedded engine does, whatever the database's own collation."""

GEOMETRY_NAMES = {Geometry.POINT: "Point", Geometry.LINE: "MultiLineString", Geometry.POLYGON: "MultiPolygon"}

OWN = """
CREATE TABLE om_file (name text PRIMARY KEY, value text NOT NULL);
CREATE TABLE om_layers (layer text PRIMARY KEY, schema_version integer NOT NULL);
CREATE TABLE om_columns (layer text NOT NULL, field text NOT NULL, kind text NOT NULL, since_seq bigint NOT NULL,
    PRIMARY KEY (layer, field));
CREATE TABLE om_schemas (layer text NOT NULL, schema_version integer NOT NULL, since_seq bigint NOT NULL,
    PRIMARY KEY (layer, schema_version));
CREATE TABLE om_steps (id text PRIMARY KEY, seq bigint NOT NULL);
CREATE TABLE om_versions (layer text COLLATE "C" NOT NULL, key text COLLATE "C" NOT NULL, version integer NOT NULL,
    schema_version integer NOT NULL, body bytea NOT NULL, row_hash text NOT NULL, from_seq bigint NOT NULL,
    to_seq bigint NOT NULL, area text COLLATE "C" NOT NULL, sensitivity bigint NOT NULL,
    PRIMARY KEY (layer, key, version));
CREATE INDEX om_versions_from ON om_versions (layer, from_seq);
CREATE TABLE om_feed (seq bigint PRIMARY KEY, at timestamptz NOT NULL, actor text NOT NULL, door text NOT NULL,
    stream text NOT NULL, layer text COLLATE "C" NOT NULL, key text COLLATE "C" NOT NULL, change text NOT NULL,
    area text COLLATE "C" NOT NULL, sensitivity bigint NOT NULL, old_version integer, new_version integer,
    rows bigint NOT NULL, row_hash text NOT NULL, reason text NOT NULL, chain text NOT NULL,
    area_before text COLLATE "C", sensitivity_before bigint);
CREATE INDEX om_feed_stream ON om_feed (stream, seq);
CREATE TABLE om_erased (layer text NOT NULL, key text COLLATE "C" NOT NULL, version integer NOT NULL,
    seq bigint NOT NULL, row_hash text NOT NULL, PRIMARY KEY (layer, key, version, seq));
"""

RESERVED = frozenset({"geom", "geometry", "_version", "_seq", "_hash", "_words", *(f"_t{level}" for level in range(4))})


@dataclass(frozen=True, slots=True)
class Layout:
    """What the database itself knows of its layers: under which names their rows were written."""

    histories: dict[str, History]


def lay_out(db: Connection, schema: str, catalogue: Catalogue) -> Layout:
    """Create what is missing for these declarations, inside the caller's transaction; refuse what newer code wrote."""
    db.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(schema)))
    _need_postgis(db)
    known = db.execute("SELECT to_regclass(%s)", (f"{quoted(schema)}.om_file",)).fetchone()
    if known is None or known[0] is None:
        for statement in OWN.split(";\n"):
            if statement.strip():
                db.execute(statement.encode())
        db.execute("INSERT INTO om_file VALUES ('schema', %s)", (str(SCHEMA),))
    _refuse_other_schema(db)
    for layer in catalogue:
        _lay_out_layer(db, layer)
    return Layout({layer.id: _history(db, layer.id) for layer in catalogue})


def _history(db: Connection, layer_id: str) -> History:
    added: list[tuple[Any, ...]] = db.execute(
        "SELECT field, since_seq FROM om_columns WHERE layer = %s AND since_seq > 0", (layer_id,)
    ).fetchall()
    schemas: list[tuple[Any, ...]] = db.execute(
        "SELECT schema_version, since_seq FROM om_schemas WHERE layer = %s ORDER BY schema_version", (layer_id,)
    ).fetchall()
    return History(added=dict(added), schemas=tuple((version, since) for version, since in schemas))


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


def _lay_out_layer(db: Connection, layer: Layer) -> None:
    known = db.execute("SELECT schema_version FROM om_layers WHERE layer = %s", (layer.id,)).fetchone()
    if known is None:
        db.execute("INSERT INTO om_layers VALUES (%s, %s)", (layer.id, layer.schema_version))
        db.execute("INSERT INTO om_schemas VALUES (%s, %s, 0)", (layer.id, layer.schema_version))
        for name, spec in layer.fields.items():
            db.execute("INSERT INTO om_columns VALUES (%s, %s, %s, 0)", (layer.id, name, str(spec.kind)))
        create_table(db, layer)
        create_indexes(db, layer)
        return
    if int(str(known[0])) > layer.schema_version:
        raise ConflictError(
            Text(
                f"图层 {layer.id} 的数据由更新的版本写成({known[0]} > {layer.schema_version}),请升级程序",
                f"layer {layer.id} was written by newer code ({known[0]} > {layer.schema_version}); upgrade",
            )
        )
    rows = db.execute("SELECT field, kind FROM om_columns WHERE layer = %s", (layer.id,)).fetchall()
    kept = {str(name): str(kind) for name, kind in rows}
    changed = [name for name, kind in kept.items() if name not in layer.fields or layer.fields[name].kind != kind]
    if changed:
        raise ConflictError(
            Text(
                f"图层 {layer.id} 的字段 {changed} 已改名、改型或删除,但没有声明迁移步骤",
                f"fields {changed} of layer {layer.id} were renamed, retyped or removed without a declared step",
            )
        )
    for name, spec in layer.fields.items():
        if name not in kept:
            _add_column(db, layer, spec)
    if int(str(known[0])) < layer.schema_version:
        db.execute(
            "INSERT INTO om_schemas SELECT %s, %s, coalesce(max(seq), 0) FROM om_feed", (layer.id, layer.schema_version)
        )
    db.execute("UPDATE om_layers SET schema_version = %s WHERE layer = %s", (layer.schema_version, layer.id))


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
    db.execute(
        "INSERT INTO om_columns SELECT %s, %s, %s, coalesce(max(seq), 0) FROM om_feed",
        (layer.id, spec.name, str(spec.kind)),
    )


def word_levels(layer: Layer) -> tuple[Sensitivity, ...]:
    """The sensitivities among a layer's search fields: one column of words each."""
    return tuple(sorted({layer.fields[name].sensitivity for name in layer.search}))


def create_table(db: Connection, layer: Layer) -> None:
    """The layer's table, without its indexes."""
    wrong = sorted(RESERVED & set(layer.fields))
    if wrong:
        raise ValueError(f"layer {layer.id}: reserved field names {wrong}")
    columns = [f"{quoted(name)} {SQL_TYPES[spec.kind]}" for name, spec in layer.fields.items()]
    columns += ["_version integer NOT NULL", "_seq bigint NOT NULL", "_hash text NOT NULL"]
    columns += [f"_t{int(level)} tsvector" for level in word_levels(layer)]
    if layer.geometry is not Geometry.NONE:
        columns.append(f"geom geometry({GEOMETRY_NAMES[layer.geometry]}, 4490)")
    columns.append(f"CONSTRAINT {quoted(layer.id + '_key')} PRIMARY KEY ({quoted(layer.key)})")
    db.execute(f"CREATE TABLE {quoted(layer.id)} ({', '.join(columns)})".encode())


def index_statements(layer: Layer) -> dict[str, str]:
    """The layer's indexes by name; the key's own belongs to the table."""
    table = quoted(layer.id)
    found = {
        f"{layer.id}_area": f"({quoted('area')}, sensitivity)",
        **{f"{layer.id}_words{int(level)}": f"USING gin (_t{int(level)})" for level in word_levels(layer)},
    }
    if layer.geometry is not Geometry.NONE:
        found[f"{layer.id}_geom"] = "USING gist (geom)"
    return {name: f"CREATE INDEX {quoted(name)} ON {table} {what}" for name, what in found.items()}


def create_indexes(db: Connection, layer: Layer) -> None:
    """Every index of the layer."""
    for statement in index_statements(layer).values():
        db.execute(statement.encode())


def drop_indexes(db: Connection, layer: Layer) -> None:
    """Before a big load into an empty table: they are made again at its end, in the same transaction."""
    for name in index_statements(layer):
        db.execute(f"DROP INDEX {quoted(name)}".encode())
