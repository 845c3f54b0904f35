"""The schema's tables: one a layer with its search words, and versions, feed and what the database knows of itself."""

from dataclasses import dataclass
from enum import StrEnum

from core.scope import Sensitivity
from layers.fields import Kind
from layers.layer import Geometry, Layer
from store.compile import quoted
from store.history import History
from store.postgis.connections import Connection
from store.schema import indexes

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

EVERY_WORD_COLUMN = tuple(f"{kind}{int(level)}" for level in Sensitivity for kind in ("_t", "_han", "_word"))
"""The names search words are kept under, and were in schema 2."""

RESERVED = frozenset({"geom", "geometry", "_version", "_seq", "_hash", "_words", "_mask", *EVERY_WORD_COLUMN})


MASKED = "_mask geometry(Point, 4490)"
"""The masked copy of a place."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What the database itself knows of its layers: under which names their rows were written."""

    histories: dict[str, History]


class Script(StrEnum):
    """Columns of search words: a few thousand pairs of Chinese characters, which come again and again, and all others.

    No word is asked of both, each index compares fewer words, and two are made at a time.
    """

    HAN = "han"
    WORD = "word"


def word_levels(layer: Layer) -> tuple[Sensitivity, ...]:
    """The sensitivities among a layer's search fields: columns of words for each."""
    return tuple(sorted({layer.fields[name].sensitivity for name in layer.search}))


def word_column(script: Script, level: Sensitivity) -> str:
    """The column that keeps the words of one script and sensitivity."""
    return f"_{script}{int(level)}"


def word_columns(layer: Layer) -> list[str]:
    """The layer's columns of words, in the order `lexemes` gives them."""
    return [word_column(script, level) for level in word_levels(layer) for script in Script]


def create_table(db: Connection, layer: Layer) -> None:
    """The layer's table, without its indexes."""
    wrong = sorted(RESERVED & set(layer.fields))
    if wrong:
        raise ValueError(f"layer {layer.id}: reserved field names {wrong}")
    columns = [f"{quoted(name)} {SQL_TYPES[spec.kind]}" for name, spec in layer.fields.items()]
    columns += ["_version integer NOT NULL", "_seq bigint NOT NULL", "_hash text NOT NULL"]
    columns += [f"{name} tsvector" for name in word_columns(layer)]
    if layer.geometry is not Geometry.NONE:
        columns.append(f"geom geometry({GEOMETRY_NAMES[layer.geometry]}, 4490)")
    if layer.cell:
        columns.append(MASKED)
    columns.append(f"CONSTRAINT {quoted(layer.id + '_key')} PRIMARY KEY ({quoted(layer.key)})")
    db.execute(f"CREATE TABLE {quoted(layer.id)} ({', '.join(columns)})".encode())


def word_indexes(layer: Layer) -> dict[str, str]:
    """The indexes over the layer's words, by name."""
    table = quoted(layer.id)
    names = {f"{layer.id}{column}": column for column in word_columns(layer)}
    return {name: f"CREATE INDEX {quoted(name)} ON {table} USING gin ({column})" for name, column in names.items()}


def index_statements(layer: Layer) -> dict[str, str]:
    """The layer's indexes by name, but those over words; the key's own belongs to the table."""
    table = quoted(layer.id)
    found = {name: f"({', '.join(quoted(field) for field in fields)})" for name, fields in indexes(layer).items()}
    if layer.geometry is not Geometry.NONE:
        found[f"{layer.id}_geom"] = "USING gist (geom)"
    if layer.cell:
        found[f"{layer.id}_mask"] = "USING gist (_mask)"
    return {name: f"CREATE INDEX {quoted(name)} ON {table} {what}" for name, what in found.items()}


def drop_indexes(db: Connection, layer: Layer) -> None:
    """Before a big load into an empty table: they are made again when its rows are there."""
    for name in index_statements(layer) | word_indexes(layer):
        db.execute(f"DROP INDEX IF EXISTS {quoted(name)}".encode())
