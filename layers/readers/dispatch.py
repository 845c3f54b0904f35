"""Each format to its reader; runs in the reading process (`child.py`), or in a test that trusts its file."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from core.errors import BadInputError
from core.texts import Text
from layers.readers import archives, documents, geopackages, shapefiles
from layers.readers.delimited import Progress, lines
from layers.readers.delivery import ROW, Delivery, Stated, faults_table
from layers.readers.formats import TITLES, Format, refused, sniffed
from layers.readers.placing import placed
from layers.readers.references import Reference
from layers.record import Datum
from layers.validation.faults import Rule

LARGEST: dict[Format, int] = {
    Format.CSV: 500_000_000,
    Format.ZIP: 500_000_000,
    Format.GEOJSON: 500_000_000,
    Format.GEOJSON_LINES: 500_000_000,
    Format.SHAPEFILE: 2_000_000_000,
    Format.GEOPACKAGE: 4_000_000_000,
    Format.OSM_XML: 2_000_000_000,
    Format.OSM_PBF: 2_000_000_000,
    Format.GEOTIFF: 4_000_000_000,
}
"""Bytes of a delivered file."""


def delivery(
    path: Path, stated: Stated, folder: Path, progress: Progress, parts: Sequence[Path] | None = None
) -> Delivery:
    """The rows of a file of any format but rasters; `folder` is where an archive may be unpacked.

    `parts` are the files of a shapefile, found before the file system was closed.
    """
    form = sniffed(path)
    most, size = LARGEST[form], path.stat().st_size
    if size > most:
        raise refused(path, f"超过 {most // 1_000_000:,} MB", f"is larger than {most // 1_000_000:,} MB")
    if form is Format.CSV:
        return _table(form, lines(path, stated, progress), stated)
    if form is Format.GEOTIFF:
        raise refused(path, "是栅格;请用 --coverage 说明是哪一种", "is a raster; say with --coverage which")
    if form is Format.ZIP:
        packed = archives.looked_over(path)
        if packed.format is Format.XLSX:
            from layers.readers.sheets import sheet

            return _table(packed.format, sheet(path, stated, progress), stated)
        path, form = archives.unpacked(path, _stem(path, packed.shapefiles, stated.table), folder), Format.SHAPEFILE
        parts = list(folder.glob("delivered.*"))
    return _map(path, form, stated, progress, parts)


def _table(form: Format, read: tuple[pa.Table, pa.Array, pa.Table, list[Text]], stated: Stated) -> Delivery:
    table, rows, faults, notes = read
    found = placed(table, rows, stated)
    table = found.table.append_column(ROW, rows)
    return Delivery(
        format=form, table=table, faults=pa.concat_tables([faults, *found.faults]), notes=(*notes, *found.notes)
    )


def _stem(path: Path, stems: tuple[str, ...], wanted: str | None) -> str:
    """Which of an archive's shapefiles; asked for by its name without folders and ending."""
    short = {Path(stem).name: stem for stem in stems}
    known = "、".join(short)
    if wanted is not None and wanted in short:
        return short[wanted]
    if wanted is not None:
        raise refused(path, f"没有“{wanted}.shp”,现有:{known}", f"holds no {wanted}.shp; there are: {known}")
    if len(stems) > 1:
        raise refused(
            path, f"内含多个 Shapefile({known}),请用 --table 说明读哪一个",
            f"holds several shapefiles ({known}); choose one with --table",
        )  # fmt: skip
    return stems[0]


def _map(path: Path, form: Format, stated: Stated, progress: Progress, parts: Sequence[Path] | None) -> Delivery:
    from layers.readers import vectors

    vectors.only(vectors.DRIVERS[form])
    notes: list[Text] = []
    missing: Reference | None = None
    broken: np.ndarray | None = None
    match form:
        case Format.OSM_XML | Format.OSM_PBF:
            from layers.readers.osm import preset
            from layers.readers.osm.reading import objects

            table, notes = objects(path, preset(stated.preset), progress)
            declared, missing = None, Reference(Datum.WGS84)
        case Format.SHAPEFILE:
            found = shapefiles.parts(path, parts)
            code = shapefiles.encoding(found, stated.encoding)
            notes = [] if code == "UTF-8" else [Text(f"编码:{code}", f"encoding: {code}")]
            name = vectors.layer_named(path, None)
            table, declared = vectors.columns(path, name, progress, ENCODING=code)
            if "geometry" in table.column_names:
                broken = shapefiles.lost(found, table["geometry"])
        case Format.GEOPACKAGE:
            geopackages.looked_over(path)
            options = {"IMMUTABLE": "YES", "LIST_ALL_TABLES": "YES"}
            name = vectors.layer_named(path, stated.table)
            table, declared = vectors.columns(path, name, progress, **options)
        case _:
            documents.looked_over(path, form is Format.GEOJSON_LINES)
            name = vectors.layer_named(path, None)
            table, declared = vectors.columns(path, name, progress)
            missing = Reference(Datum.WGS84)
    rows = pa.array(np.arange(1, table.num_rows + 1))
    faults: tuple[pa.Table, ...] = ()
    if "geometry" in table.column_names:
        how = vectors.reference(path, declared, stated, missing)
        notes.append(Text(f"来源坐标系:{_named(how)}", f"source reference system: {_named(how)}"))
        table, faults, said = vectors.moved(table, rows, how, stated, broken)
        notes += said
    notes.insert(0, Text(f"格式:{TITLES[form].zh}", f"format: {TITLES[form].en}"))
    table = table.append_column(ROW, rows)
    return Delivery(
        format=form, table=table, faults=pa.concat_tables([faults_table([], Rule.TYPE), *faults]), notes=tuple(notes)
    )


def _named(how: Reference) -> str:
    return how.datum.value if how.crs is None else f"{how.datum.value}({how.crs.name})"


__all__ = ["LARGEST", "BadInputError", "delivery"]
