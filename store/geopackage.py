"""A GeoPackage for others: layers under their fields' ids, titles and code lists beside them, spatial indexes kept.

Written by the same SQLite that keeps the store, so that a process holding the store's file loads no other.
"""

import errno
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from string import Template
from types import TracebackType
from typing import Any, Self

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from layers.codes import code_list
from layers.codes.further import further_codes
from layers.fields import FieldSpec, Kind
from layers.layer import Geometry, Layer
from store.compile import quoted
from store.embedded.blob import SRS_ID, framed
from store.embedded.layout import GEOMETRY_NAMES, METADATA, SQL_TYPES, fill_metadata

EXTENSIONS = """
CREATE TABLE gpkg_metadata (id INTEGER PRIMARY KEY NOT NULL, md_scope TEXT NOT NULL DEFAULT 'dataset',
    md_standard_uri TEXT NOT NULL, mime_type TEXT NOT NULL DEFAULT 'text/xml', metadata TEXT NOT NULL DEFAULT '');
CREATE TABLE gpkg_metadata_reference (reference_scope TEXT NOT NULL, table_name TEXT, column_name TEXT,
    row_id_value INTEGER, timestamp DATETIME NOT NULL, md_file_id INTEGER NOT NULL REFERENCES gpkg_metadata (id),
    md_parent_id INTEGER REFERENCES gpkg_metadata (id));
CREATE TABLE gpkg_data_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT,
    description TEXT, mime_type TEXT, constraint_name TEXT, PRIMARY KEY (table_name, column_name),
    UNIQUE (table_name, name));
CREATE TABLE gpkg_data_column_constraints (constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT,
    min NUMERIC, min_is_inclusive BOOLEAN, max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
    UNIQUE (constraint_name, constraint_type, value));
"""
REGISTERED = (
    ("gpkg_metadata", "gpkg_metadata", "http://www.geopackage.org/spec120/#extension_metadata"),
    ("gpkg_metadata_reference", "gpkg_metadata", "http://www.geopackage.org/spec120/#extension_metadata"),
    ("gpkg_data_columns", "gpkg_schema", "http://www.geopackage.org/spec120/#extension_schema"),
    ("gpkg_data_column_constraints", "gpkg_schema", "http://www.geopackage.org/spec120/#extension_schema"),
)

# Not of the standard: the table in which QGIS keeps the styles of a file, as its OGR provider creates it.
STYLES = """
CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256),
    f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT,
    styleSLD TEXT, useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME);
"""

# OGC 12-128r19 (GeoPackage 1.4), Annex F.3: other software that edits the file keeps the index by these.
TRIGGERS = Template(
    """
CREATE TRIGGER "rtree_${t}_geom_insert" AFTER INSERT ON "$t" WHEN (new.geom NOT NULL AND NOT ST_IsEmpty(NEW.geom))
BEGIN INSERT OR REPLACE INTO "rtree_${t}_geom" VALUES (NEW.fid, $box); END;
CREATE TRIGGER "rtree_${t}_geom_update6" AFTER UPDATE OF geom ON "$t" WHEN OLD.fid = NEW.fid AND
    (NEW.geom NOTNULL AND NOT ST_IsEmpty(NEW.geom)) AND (OLD.geom NOTNULL AND NOT ST_IsEmpty(OLD.geom))
BEGIN UPDATE "rtree_${t}_geom" SET minx = ST_MinX(NEW.geom), maxx = ST_MaxX(NEW.geom), miny = ST_MinY(NEW.geom),
    maxy = ST_MaxY(NEW.geom) WHERE id = NEW.fid; END;
CREATE TRIGGER "rtree_${t}_geom_update7" AFTER UPDATE OF geom ON "$t" WHEN OLD.fid = NEW.fid AND
    (NEW.geom NOTNULL AND NOT ST_IsEmpty(NEW.geom)) AND (OLD.geom ISNULL OR ST_IsEmpty(OLD.geom))
BEGIN INSERT INTO "rtree_${t}_geom" VALUES (NEW.fid, $box); END;
CREATE TRIGGER "rtree_${t}_geom_update2" AFTER UPDATE OF geom ON "$t" WHEN OLD.fid = NEW.fid AND
    (NEW.geom ISNULL OR ST_IsEmpty(NEW.geom))
BEGIN DELETE FROM "rtree_${t}_geom" WHERE id = OLD.fid; END;
CREATE TRIGGER "rtree_${t}_geom_update5" AFTER UPDATE ON "$t" WHEN OLD.fid != NEW.fid AND
    (NEW.geom NOTNULL AND NOT ST_IsEmpty(NEW.geom))
BEGIN DELETE FROM "rtree_${t}_geom" WHERE id = OLD.fid;
    INSERT OR REPLACE INTO "rtree_${t}_geom" VALUES (NEW.fid, $box); END;
CREATE TRIGGER "rtree_${t}_geom_update4" AFTER UPDATE ON "$t" WHEN OLD.fid != NEW.fid AND
    (NEW.geom ISNULL OR ST_IsEmpty(NEW.geom))
BEGIN DELETE FROM "rtree_${t}_geom" WHERE id IN (OLD.fid, NEW.fid); END;
CREATE TRIGGER "rtree_${t}_geom_delete" AFTER DELETE ON "$t" WHEN old.geom NOT NULL
BEGIN DELETE FROM "rtree_${t}_geom" WHERE id = OLD.fid; END;
"""
)
BOX = "ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom)"


class GeoPackage:
    """A new file; whole when its context ends well, and of no use otherwise."""

    def __init__(self, path: Path, *, at: datetime) -> None:
        self._at = _moment(at)
        self._lists: set[str] = set()
        self._styled = False
        with _on_disk():
            self._db = sqlite3.connect(path, isolation_level=None)
            self._db.execute("PRAGMA application_id = 0x47504B47")
            self._db.execute("PRAGMA user_version = 10300")
            self._db.execute("PRAGMA journal_mode = OFF")
            self._db.execute("PRAGMA synchronous = OFF")
            self._db.executescript("BEGIN;" + METADATA + EXTENSIONS)
            fill_metadata(self._db)
            self._db.executemany("INSERT INTO gpkg_extensions VALUES (?, NULL, ?, ?, 'read-write')", REGISTERED)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            if kind is None:
                with _on_disk():
                    self._db.execute("COMMIT")
        finally:
            self._db.close()

    def write(self, layer: Layer, specs: Sequence[FieldSpec], batches: Iterable[pa.RecordBatch]) -> None:
        """A table named by the layer's id, its rows numbered in the order they come."""
        spatial = layer.geometry is not Geometry.NONE
        self._create(layer, specs)
        names = ", ".join(["fid", *(quoted(spec.name) for spec in specs), *(["geom"] if spatial else [])])
        marks = ", ".join("?" * (names.count(",") + 1))
        insert = f"INSERT INTO {quoted(layer.id)} ({names}) VALUES ({marks})"
        fid, extent = 1, np.full(4, np.nan)
        for batch in batches:
            columns: list[Any] = [range(fid, fid + batch.num_rows)]
            columns += [_plain(batch.column(spec.name), spec.kind) for spec in specs]
            if spatial:
                wkb = batch.column("geometry")
                bounds = shapely.bounds(shapely.from_wkb(wkb.to_numpy(zero_copy_only=False)))
                columns.append(framed(layer, wkb, bounds))
                extent = _widened(extent, bounds)
            with _on_disk():
                self._db.executemany(insert, zip(*columns, strict=True))
                if spatial:
                    self._index(layer, fid, bounds)
            fid += batch.num_rows
        if spatial:
            self._finish(layer, extent)

    def describe(self, said: Mapping[str, object]) -> None:
        """What the file is, as the metadata of the whole of it."""
        text = orjson.dumps(said, option=orjson.OPT_INDENT_2).decode()
        self._db.execute(
            "INSERT INTO gpkg_metadata VALUES (1, 'dataset', 'https://www.rfc-editor.org/rfc/rfc8259',"
            " 'application/json', ?)",
            (text,),
        )
        self._db.execute(
            "INSERT INTO gpkg_metadata_reference VALUES ('geopackage', NULL, NULL, NULL, ?, 1, NULL)", (self._at,)
        )

    def style(self, layer: Layer, *, qml: str, sld: str) -> None:
        """How a table that was written is drawn, where QGIS and GeoServer look for it."""
        if not self._styled:
            self._styled = True
            self._db.execute(STYLES)
            self._db.execute(
                "INSERT INTO gpkg_contents VALUES (?, 'attributes', ?, ?, ?, NULL, NULL, NULL, NULL, NULL)",
                ("layer_styles", "layer_styles", "QGIS, SLD", self._at),
            )
        self._db.execute(
            "INSERT INTO layer_styles VALUES (NULL, '', '', ?, 'geom', ?, ?, ?, 1, ?, '', NULL, ?)",
            (layer.id, layer.id, qml, sld, layer.title.zh, self._at),
        )

    def _create(self, layer: Layer, specs: Sequence[FieldSpec]) -> None:
        spatial = layer.geometry is not Geometry.NONE
        columns = ["fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL"]
        columns += [f"{quoted(spec.name)} {SQL_TYPES[spec.kind]}" for spec in specs]
        columns += [f"geom {GEOMETRY_NAMES[layer.geometry]}"] if spatial else []
        self._db.execute(f"CREATE TABLE {quoted(layer.id)} ({', '.join(columns)})")
        self._db.execute(
            "INSERT INTO gpkg_contents VALUES (?, ?, ?, ?, ?, NULL, NULL, NULL, NULL, ?)",
            (layer.id, "features" if spatial else "attributes", layer.title.zh, layer.about.zh, self._at,
             SRS_ID if spatial else None),
        )  # fmt: skip
        for spec in specs:
            coded = spec.codes if spec.kind in (Kind.TEXT, Kind.INTEGER) else None
            about = (spec.title.en, spec.unit or "", spec.standard or "", "" if spec.about is None else spec.about.zh)
            self._db.execute(
                "INSERT INTO gpkg_data_columns VALUES (?, ?, ?, ?, ?, NULL, ?)",
                (layer.id, spec.name, spec.name, spec.title.zh, ";".join(filter(None, about)), coded),
            )
            if coded is not None and coded not in self._lists:
                self._lists.add(coded)
                words = {code.code: code.title.zh for code in code_list(coded)}
                words |= {code: text.zh for code, text in further_codes(coded).items()}
                self._db.executemany(
                    "INSERT INTO gpkg_data_column_constraints VALUES (?, 'enum', ?, NULL, NULL, NULL, NULL, ?)",
                    ((coded, code, word) for code, word in words.items()),
                )
        if spatial:
            self._db.execute(
                "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, ?, 0, 0)",
                (layer.id, GEOMETRY_NAMES[layer.geometry], SRS_ID),
            )
            self._db.execute(f'CREATE VIRTUAL TABLE "rtree_{layer.id}_geom" USING rtree(id, minx, maxx, miny, maxy)')
            self._db.execute(
                "INSERT INTO gpkg_extensions VALUES (?, 'geom', 'gpkg_rtree_index', ?, 'write-only')",
                (layer.id, "http://www.geopackage.org/spec120/#extension_rtree"),
            )

    def _index(self, layer: Layer, fid: int, bounds: np.ndarray) -> None:
        there = np.flatnonzero(~np.isnan(bounds[:, 0]))
        west, south, east, north = (column[there].tolist() for column in bounds.T)
        self._db.executemany(
            f'INSERT INTO "rtree_{layer.id}_geom" VALUES (?, ?, ?, ?, ?)',
            zip((there + fid).tolist(), west, east, south, north, strict=True),
        )

    def _finish(self, layer: Layer, extent: np.ndarray) -> None:
        """The extent, and the triggers only now, for this process has no ST_ functions."""
        self._db.execute(
            "UPDATE gpkg_contents SET min_x = ?, min_y = ?, max_x = ?, max_y = ? WHERE table_name = ?",
            (*extent.tolist(), layer.id),  # sqlite keeps NaN, the extent of nothing, as NULL
        )
        for statement in TRIGGERS.substitute(t=layer.id, box=BOX).split("END;\n"):
            if statement.strip():
                self._db.execute(statement + "END")


@contextmanager
def _on_disk() -> Iterator[None]:
    """A full disk is the system's refusal, whichever library meets it."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise OSError(errno.EIO, str(error)) from error


def _widened(extent: np.ndarray, bounds: np.ndarray) -> np.ndarray:
    """The extent with more boxes in it; `fmin` and `fmax` pass over what is not there."""
    both = np.vstack([extent, bounds])
    return np.concatenate([np.fmin.reduce(both[:, :2]), np.fmax.reduce(both[:, 2:])])


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def _plain(column: pa.Array, kind: Kind) -> list[Any]:
    """Values as the standard keeps them: lists as text with 、 between, times to the millisecond, truths as 0 and 1."""
    match kind:
        case Kind.LIST:
            column = pc.binary_join(column, "、")
        case Kind.DATE:
            column = column.cast(pa.string())
        case Kind.DATETIME:
            column = pc.strftime(column.cast(pa.timestamp("ms", "UTC"), safe=False), "%Y-%m-%dT%H:%M:%SZ")
        case Kind.BOOLEAN:
            column = column.cast(pa.int8())
    if pa.types.is_string(column.type):
        texts: list[Any] = column.to_numpy(zero_copy_only=False).tolist()
        return texts
    values: list[Any] = column.to_pylist()
    return values
