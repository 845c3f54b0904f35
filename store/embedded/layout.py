"""The GeoPackage's tables: its own metadata, one table a layer, versions, feed and search index."""

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime

from core.errors import ConflictError
from core.texts import Text
from layers.fields import Kind
from layers.layer import Catalogue, Geometry, Layer
from store.columns import plain_default
from store.compile import quoted
from store.embedded.dialect import stored
from store.history import History
from store.schema import nullable

FILE_SCHEMA = 3

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

RESERVED = frozenset({"fid", "geom", "geometry", "_version", "_seq", "_hash", "_x", "_y"})


@dataclass(frozen=True, slots=True)
class Layout:
    """What the file itself knows of its layers: their numbers, and under which names their rows were written."""

    numbers: dict[str, int]
    histories: dict[str, History]


def lay_out(db: sqlite3.Connection, catalogue: Catalogue) -> Layout:
    """Create what is missing for these declarations; refuse a file that newer code wrote."""
    db.execute("BEGIN IMMEDIATE")
    try:
        if db.execute("SELECT 1 FROM sqlite_master WHERE name = 'om_file'").fetchone() is None:
            _create_file(db)
        _settle_schema(db)
        for layer in catalogue:
            _lay_out_layer(db, layer)
        db.execute("COMMIT")
    except BaseException:
        db.execute("ROLLBACK")
        raise
    numbers = dict(db.execute("SELECT layer, number FROM om_layers").fetchall())
    return Layout(numbers, {layer: _history(db, layer) for layer in numbers})


def _history(db: sqlite3.Connection, layer_id: str) -> History:
    added = db.execute("SELECT field, since_seq FROM om_columns WHERE layer = ? AND since_seq > 0", (layer_id,))
    schemas = db.execute(
        "SELECT schema_version, since_seq FROM om_schemas WHERE layer = ? ORDER BY schema_version", (layer_id,)
    )
    return History(added=dict(added.fetchall()), schemas=tuple(schemas.fetchall()))


def _settle_schema(db: sqlite3.Connection) -> None:
    """Bring an older file's own tables up to date; refuse what newer code wrote and what is too old."""
    written = int(db.execute("SELECT value FROM om_file WHERE name = 'schema'").fetchone()[0])
    if written == 2:
        db.execute(SCHEMAS)
        db.execute("INSERT INTO om_schemas SELECT layer, schema_version, 0 FROM om_layers")
        db.execute("UPDATE om_file SET value = '3' WHERE name = 'schema'")
        written = 3
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


def _create_file(db: sqlite3.Connection) -> None:
    db.execute("PRAGMA application_id = 0x47504B47")
    db.execute("PRAGMA user_version = 10400")
    for statement in (METADATA + OWN + SCHEMAS).split(";\n"):
        if statement.strip():
            db.execute(statement)
    fill_metadata(db)
    db.execute("INSERT INTO om_file VALUES ('schema', ?)", (str(FILE_SCHEMA),))


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


def _lay_out_layer(db: sqlite3.Connection, layer: Layer) -> None:
    known = db.execute("SELECT schema_version FROM om_layers WHERE layer = ?", (layer.id,)).fetchone()
    if known is None:
        db.execute("INSERT INTO om_layers (layer, schema_version) VALUES (?, ?)", (layer.id, layer.schema_version))
        db.execute("INSERT INTO om_schemas VALUES (?, ?, 0)", (layer.id, layer.schema_version))
        register_columns(db, layer, 0)
        create_table(db, layer)
        return
    if known[0] > layer.schema_version:
        raise ConflictError(
            Text(
                f"图层 {layer.id} 的数据由更新的版本写成({known[0]} > {layer.schema_version}),请升级程序",
                f"layer {layer.id} was written by newer code ({known[0]} > {layer.schema_version}); upgrade",
            )
        )
    kept = dict(db.execute("SELECT field, kind FROM om_columns WHERE layer = ?", (layer.id,)).fetchall())
    changed = [name for name, kind in kept.items() if name not in layer.fields or layer.fields[name].kind != kind]
    if changed:
        raise ConflictError(
            Text(
                f"图层 {layer.id} 的字段 {changed} 已改名、改型或删除,但没有声明迁移步骤",
                f"fields {changed} of layer {layer.id} were renamed, retyped or removed without a declared step",
            )
        )
    for name in layer.fields:
        if name not in kept:
            _add_column(db, layer, name)
    if layer.schema_version > known[0]:
        db.execute("UPDATE om_layers SET schema_version = ? WHERE layer = ?", (layer.schema_version, layer.id))
        db.execute("INSERT INTO om_schemas VALUES (?, ?, ?)", (layer.id, layer.schema_version, _head(db)))


def register_columns(db: sqlite3.Connection, layer: Layer, seq: int) -> None:
    """Write down which columns the layer's table has, and after which entry."""
    columns = [(layer.id, name, str(spec.kind), seq) for name, spec in layer.fields.items()]
    db.executemany("INSERT INTO om_columns VALUES (?, ?, ?, ?)", columns)


def _add_column(db: sqlite3.Connection, layer: Layer, name: str) -> None:
    """A column added reads as its default in old rows, and says nothing in their hashes."""
    spec = layer.fields[name]
    default = stored(plain_default(spec), spec.kind) if not nullable(layer, name) else None
    if spec.required and spec.kind is Kind.TEXT:
        default = ""
    clause = "" if default is None else f" DEFAULT {_literal(default)}"
    db.execute(f"ALTER TABLE {quoted(layer.id)} ADD COLUMN {quoted(name)} {SQL_TYPES[spec.kind]}{clause}")
    db.execute("INSERT INTO om_columns VALUES (?, ?, ?, ?)", (layer.id, name, str(spec.kind), _head(db)))


def _head(db: sqlite3.Connection) -> int:
    found: int = db.execute("SELECT coalesce(max(seq), 0) FROM om_feed").fetchone()[0]
    return found


def _literal(value: str | int | float) -> str:
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else repr(value)


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
    db.execute(f"CREATE TABLE {quoted(layer.id)} ({', '.join(columns)})")
    db.execute(f"CREATE UNIQUE INDEX {quoted(layer.id + '_key')} ON {quoted(layer.id)} ({quoted(layer.key)})")
    db.execute(f"CREATE INDEX {quoted(layer.id + '_area')} ON {quoted(layer.id)} (area)")
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
