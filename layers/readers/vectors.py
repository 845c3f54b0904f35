"""Map data by one GDAL driver, chosen from the file's first bytes; every other one is struck from the process first."""

import ctypes
import ctypes.util
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError
from pyogrio.raw import open_arrow

from core.texts import Text
from layers.readers.delimited import Progress
from layers.readers.delivery import MOST_ROWS, Stated, marked
from layers.readers.formats import Format, refused
from layers.readers.references import Reference, parsed, reference_of, stated_reference
from layers.record import Datum
from layers.validation.faults import Rule, Severity

DRIVERS: dict[Format, str] = {
    Format.SHAPEFILE: "ESRI Shapefile",
    Format.GEOPACKAGE: "GPKG",
    Format.GEOJSON: "GeoJSON",
    Format.GEOJSON_LINES: "GeoJSONSeq",
    Format.OSM_XML: "OSM",
    Format.OSM_PBF: "OSM",
}
SETTINGS = {
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "none",
    "GDAL_HTTP_MAX_RETRY": "0",
    "GDAL_DISABLE_READDIR_ON_OPEN": "TRUE",
    "OGR_SQLITE_LOAD_EXTENSIONS": "NO",
    "OGR_GEOJSON_MAX_OBJ_SIZE": "200",
    "SHAPE_RESTORE_SHX": "NO",
    "OGR_ORGANIZE_POLYGONS": "DEFAULT",
}
BATCH = 20_000


def only(driver: str) -> None:
    """Leave GDAL one driver, whatever a file looks like to the others."""
    library = next(iter(sorted((Path(pyogrio.__file__).parents[1] / "pyogrio.libs").glob("libgdal*"))), None)
    gdal = ctypes.CDLL(str(library or ctypes.util.find_library("gdal")))
    gdal.GDALGetDriver.restype = ctypes.c_void_p
    gdal.GDALGetDescription.restype = ctypes.c_char_p
    gdal.GDALGetDescription.argtypes = gdal.GDALDeregisterDriver.argtypes = [ctypes.c_void_p]
    for one in [gdal.GDALGetDriver(place) for place in range(gdal.GDALGetDriverCount())]:
        if gdal.GDALGetDescription(one).decode() != driver:
            gdal.GDALDeregisterDriver(one)
    left = set(pyogrio.list_drivers())
    if left != {driver}:
        raise RuntimeError(f"GDAL still has {sorted(left)} where only {driver} may be")
    pyogrio.set_gdal_config_options(SETTINGS)


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """GDAL's words about a broken file as our sentence."""
    try:
        yield
    except (DataSourceError, DataLayerError, pa.ArrowException) as error:
        said = str(error).replace(str(path), path.name)[:200]
        raise refused(path, f"无法读取:{said}", f"cannot be read: {said}") from error
    except UnicodeDecodeError as error:
        raise refused(
            path,
            "的文字编码与声明不符,请用 --encoding 说明(如 GB18030)",
            "is in another encoding; state it with --encoding",
        ) from error


def layer_named(path: Path, wanted: str | None) -> str:
    """The layer asked for, or the only one."""
    with explained(path):
        names = [str(name) for name, _ in pyogrio.list_layers(path)]
    known = "、".join(names)
    if wanted is not None and wanted in names:
        return wanted
    if wanted is not None:
        raise refused(path, f"没有图层“{wanted}”,现有:{known}", f"has no layer {wanted!r}; there are: {known}")
    if not names:
        raise refused(path, "没有任何图层", "has no layer")
    if len(names) > 1:
        raise refused(
            path,
            f"含多个图层({known}),请用 --table 说明读哪一个",
            f"has several layers ({known}); choose one with --table",
        )
    return names[0]


def columns(path: Path, layer: str, progress: Progress, **options: str) -> tuple[pa.Table, str | None]:
    """A layer's columns, its geometry as `geometry` in its own reference system, and that system as it says it."""
    batches, count = [], 0
    with (
        explained(path),
        open_arrow(path, layer=layer, use_pyarrow=True, batch_size=BATCH, **options) as (meta, reader),
    ):
        for batch in reader:
            batches.append(batch)
            count += batch.num_rows
            progress(count)
            if count > MOST_ROWS:
                raise refused(
                    path, f"超过 {MOST_ROWS:,} 个要素,请分批", f"has more than {MOST_ROWS:,} features; split it"
                )
        table = pa.Table.from_batches(batches, schema=reader.schema)
    geometry = meta["geometry_name"] or "wkb_geometry"
    names = ["geometry" if name == geometry else name for name in table.column_names]
    return plainly(path, table.rename_columns(names)), meta["crs"]


def plainly(path: Path, table: pa.Table) -> pa.Table:
    """Columns a row's fields can be: lists joined, bytes left out, text proved to be UTF-8."""
    for place, name in enumerate(table.column_names):
        column = table.column(place)
        if isinstance(column.type, pa.BaseExtensionType):
            table = table.set_column(place, name, _without_nothing(column.cast(column.type.storage_type)))
        elif name == "geometry":
            table = table.set_column(place, name, column.cast(pa.binary()))
        elif pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
            table = table.set_column(place, name, pc.binary_join(column.cast(pa.list_(pa.string())), "、"))
        elif pa.types.is_large_string(column.type):
            table = table.set_column(place, name, column.cast(pa.string()))
    others = [n for n in table.column_names if n == "geometry" or not _is_bytes(table.schema.field(n).type)]
    try:
        table.validate(full=True)
    except pa.ArrowInvalid as error:
        raise refused(
            path,
            "的文字编码与声明不符,请用 --encoding 说明(如 GB18030)",
            "is in another encoding; state it with --encoding",
        ) from error
    return table.select(others)


def _without_nothing(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """JSON as text; lists that are all empty come so, and say nothing."""
    text = column.cast(pa.string())
    return pc.if_else(pc.match_substring_regex(text, r"^\[\s*\]$"), pa.scalar(None, pa.string()), text)


def _is_bytes(kind: pa.DataType) -> bool:
    return bool(pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind))


def reference(path: Path, declared: str | None, stated: Stated, missing: Reference | None) -> Reference:
    """What is stated, else what the file declares, else what its format means; if nothing says it, it is asked for."""
    said = stated_reference(stated.datum, stated.crs)
    found = reference_of(parsed(declared)) if declared and (said is None or stated.crs is None) else None
    if said is None:
        chosen = found or missing
        if chosen is None:
            raise refused(
                path, "没有说明坐标系(缺 .prj),不能猜测;请用 --datum 或 --crs 说明",
                "does not say its reference system (no .prj) and it is not guessed; state it with --datum or --crs",
            )  # fmt: skip
        return chosen
    if found is not None and said.datum in (Datum.GCJ02, Datum.BD09):
        return Reference(said.datum, found.crs)
    if found is not None and found.crs is not None and said.crs is None:
        return found
    return said


def moved(
    table: pa.Table, rows: pa.Array, how: Reference, stated: Stated, lost: np.ndarray | None = None
) -> tuple[pa.Table, tuple[pa.Table, ...], tuple[Text, ...]]:
    """Geometries in degrees of EPSG:4490; broken ones, and those `lost` on the way, are named, or mended if asked."""
    if "geometry" not in table.column_names:
        return table, (), ()
    place = table.schema.get_field_index("geometry")
    column = table.column(place).combine_chunks()
    whole = column if isinstance(column, pa.Array) else pa.concat_arrays(column.chunks)
    shapes = shapely.from_wkb(whole.to_numpy(zero_copy_only=False), on_invalid="ignore")
    broken = whole.is_valid().to_numpy(zero_copy_only=False) & shapely.is_missing(shapes)
    broken = broken if lost is None else broken | lost
    faults = []
    if broken.any():
        text = Text("几何数据损坏,无法读取", "broken geometry, cannot be read")
        faults.append(marked(rows, broken, "geometry", None, Rule.GEOMETRY, text))
    shapes = how.shapes(shapes)
    notes: tuple[Text, ...] = ()
    if stated.repair:
        shapes, mended = repaired(shapes)
        if mended.any():
            text = Text("几何不合法,已按要求修复", "invalid geometry, mended as asked")
            faults.append(marked(rows, mended, "geometry", None, Rule.GEOMETRY, text, Severity.WARNING))
            count = int(mended.sum())
            notes = (Text(f"修复了 {count} 个不合法的几何", f"{count} invalid geometries were mended"),)
    table = table.set_column(place, "geometry", pa.array(shapely.to_wkb(shapes).tolist(), pa.binary()))
    if "source_datum" not in table.column_names:
        datum = pa.repeat(pa.scalar(how.datum.value, pa.string()), table.num_rows)
        table = table.append_column("source_datum", datum)
    return table, tuple(faults), notes


def repaired(shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Invalid shapes made valid, only the parts of their own dimension kept; and which they were."""
    there = ~shapely.is_missing(shapes)
    wrong = there & ~shapely.is_valid(shapes)
    if not wrong.any():
        return shapes, wrong
    shapes = shapes.copy()
    for place in np.flatnonzero(wrong):
        dimension = shapely.get_dimensions(shapes[place])
        parts = shapely.get_parts(shapely.make_valid(shapes[place]))
        parts = np.concatenate([shapely.get_parts(part) for part in parts]) if len(parts) else parts
        kept = parts[shapely.get_dimensions(parts) == dimension]
        merged = shapely.union_all(kept) if dimension == 2 else shapely.multilinestrings(kept) if len(kept) else None
        shapes[place] = merged
    return shapes, wrong
