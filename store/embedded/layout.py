"""The GeoPackage's tables: its own metadata, one table a layer, versions, feed and search index."""

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime

from layers.fields import Kind
from layers.layer import Geometry, Layer
from store.compile import quoted
from store.history import History
from store.schema import indexes

SQL_TYPES: dict[Kind, str] = {
    Kind.TEXT: "TEXT",
    Kind.INTEGER: "INTEGER",
    Kind.REAL: "REAL",
    Kind.BOOLEAN: "BOOLEAN",
    Kind.DATE: "DATE",
    Kind.DATETIME: "DATETIME",
    Kind.LIST: "TEXT",
}

GEOMETRY_NAMES = {Geometry.POINT: "POINT", Geometry.LINE: "MULTILINESTRING", Geometry.POLYGON: "MULTIPOLYGON"}

CGCS2000_WKT = (
    'GEOGCS["China Geodetic Coordinate System 2000",DATUM["China_2000",SPHEROID["CGCS2000",6378137,298.257222101,'
    'AUTHORITY["EPSG","1024"]],AUTHORITY["EPSG","1043"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],'
    'UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4490"]]'
)
WGS84_WKT = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],'
    'AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],'
    'UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4326"]]'
)

METADATA = """
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL,
    organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
    description TEXT DEFAULT '', last_change DATETIME NOT NULL, min_x DOUBLE, min_y DOUBLE, max_x DOUBLE,
    max_y DOUBLE, srs_id INTEGER);
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL,
    geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
    PRIMARY KEY (table_name, column_name));
CREATE TABLE gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL,
    definition TEXT NOT NULL, scope TEXT NOT NULL, UNIQUE (table_name, column_name, extension_name));
"""

OWN = """
CREATE TABLE om_file (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE om_layers (number INTEGER PRIMARY KEY, layer TEXT NOT NULL UNIQUE, schema_version INTEGER NOT NULL);
CREATE TABLE om_columns (layer TEXT NOT NULL, field TEXT NOT NULL, kind TEXT NOT NULL, since_seq INTEGER NOT NULL,
    PRIMARY KEY (layer, field)) WITHOUT ROWID;
CREATE TABLE om_steps (id TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE om_versions (layer TEXT NOT NULL, key TEXT NOT NULL, version INTEGER NOT NULL,
    schema_version INTEGER NOT NULL, body BLOB NOT NULL, row_hash TEXT NOT NULL, from_seq INTEGER NOT NULL,
    to_seq INTEGER NOT NULL, area TEXT NOT NULL, sensitivity INTEGER NOT NULL,
    PRIMARY KEY (layer, key, version)) WITHOUT ROWID;
CREATE INDEX om_versions_from ON om_versions (layer, from_seq);
CREATE TABLE om_feed (seq INTEGER PRIMARY KEY, at TEXT NOT NULL, actor TEXT NOT NULL, door TEXT NOT NULL,
    stream TEXT NOT NULL, layer TEXT NOT NULL, key TEXT NOT NULL, change TEXT NOT NULL, area TEXT NOT NULL,
    sensitivity INTEGER NOT NULL, old_version INTEGER, new_version INTEGER, rows INTEGER NOT NULL,
    row_hash TEXT NOT NULL, reason TEXT NOT NULL, chain TEXT NOT NULL, area_before TEXT, sensitivity_before INTEGER);
CREATE INDEX om_feed_stream ON om_feed (stream, seq);
CREATE TABLE om_erased (layer TEXT NOT NULL, key TEXT NOT NULL, version INTEGER NOT NULL, seq INTEGER NOT NULL,
    row_hash TEXT NOT NULL, PRIMARY KEY (layer, key, version, seq)) WITHOUT ROWID;
CREATE VIRTUAL TABLE om_words USING
    fts5(t0, t1, t2, t3, content='', tokenize='unicode61 remove_diacritics 0', detail=column);
"""

SCHEMAS = """
CREATE TABLE om_schemas (layer TEXT NOT NULL, schema_version INTEGER NOT NULL, since_seq INTEGER NOT NULL,
    PRIMARY KEY (layer, schema_version)) WITHOUT ROWID;
"""

RESERVED = frozenset({"fid", "geom", "geometry", "_version", "_seq", "_hash", "_x", "_y", "_mx", "_my", "_mask"})


MASKED = ("_mx DOUBLE", "_my DOUBLE", "_mask BLOB")
"""The masked copy of a place: its numbers for conditions, and the point itself for the drawing."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What the file itself knows of its layers: their numbers, and under which names their rows were written."""

    numbers: dict[str, int]
    histories: dict[str, History]


def fill_metadata(db: sqlite3.Connection) -> None:
    """The reference systems a GeoPackage names."""
    db.executemany(
        "INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)",
        [
            ("Undefined cartesian", -1, "NONE", -1, "undefined", None),
            ("Undefined geographic", 0, "NONE", 0, "undefined", None),
            ("WGS 84", 4326, "EPSG", 4326, WGS84_WKT, None),
            ("CGCS2000", 4490, "EPSG", 4490, CGCS2000_WKT, None),
        ],
    )


def create_indexes(db: sqlite3.Connection, layer: Layer) -> None:
    """The layer's plain indexes, made where they are missing."""
    for name, fields in indexes(layer).items():
        columns = ", ".join(quoted(field) for field in fields)
        db.execute(f"CREATE INDEX IF NOT EXISTS {quoted(name)} ON {quoted(layer.id)} ({columns})")


def index_masks(db: sqlite3.Connection, layer: Layer) -> None:
    """The index by which the masked copy is asked; points of a few cells need no R-tree."""
    index = quoted(f"{layer.id}_mask")
    db.execute(f"CREATE INDEX IF NOT EXISTS {index} ON {quoted(layer.id)} (_mx, _my)")


def create_table(db: sqlite3.Connection, layer: Layer) -> None:
    """The layer's table, indexes and GeoPackage registration."""
    wrong = sorted(RESERVED & set(layer.fields))
    if wrong:
        raise ValueError(f"layer {layer.id}: reserved field names {wrong}")
    spatial = layer.geometry is not Geometry.NONE
    columns = ["fid INTEGER PRIMARY KEY"]
    columns += [f"{quoted(name)} {SQL_TYPES[spec.kind]}" for name, spec in layer.fields.items()]
    columns += ["_version INTEGER NOT NULL", "_seq INTEGER NOT NULL", "_hash TEXT NOT NULL"]
    if spatial:
        columns += ["_x DOUBLE", "_y DOUBLE", f"geom {GEOMETRY_NAMES[layer.geometry]}"]
    if layer.cell:
        columns += MASKED
    db.execute(f"CREATE TABLE {quoted(layer.id)} ({', '.join(columns)})")
    if layer.cell:
        index_masks(db, layer)
    db.execute(f"CREATE UNIQUE INDEX {quoted(key_index(layer))} ON {quoted(layer.id)} ({quoted(layer.key)})")
    create_indexes(db, layer)
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    db.execute(
        "INSERT INTO gpkg_contents VALUES (?, ?, ?, ?, ?, NULL, NULL, NULL, NULL, ?)",
        (layer.id, "features" if spatial else "attributes", layer.id, layer.title.zh, now, 4490 if spatial else None),
    )
    if spatial:
        db.execute(
            "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, 4490, 0, 0)",
            (layer.id, GEOMETRY_NAMES[layer.geometry]),
        )
        index = f"rtree_{layer.id}_geom"
        db.execute(f"CREATE VIRTUAL TABLE {quoted(index)} USING rtree(id, minx, maxx, miny, maxy)")
        db.execute(
            "INSERT INTO gpkg_extensions VALUES (?, 'geom', 'gpkg_rtree_index', ?, 'write-only')",
            (layer.id, "http://www.geopackage.org/spec120/#extension_rtree"),
        )


def key_index(layer: Layer) -> str:
    """The name of the index over a layer's keys."""
    return f"{layer.id}_key"
