"""What a table shows of a layer's rows: its headings, and every field as text a person and an import both read."""

from collections.abc import Sequence
from enum import StrEnum

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from layers.cells import guarded
from layers.fields import FieldSpec, Kind
from layers.layer import Geometry, Layer


class Headings(StrEnum):
    """What a column is called: by its Chinese title, or by the id of its field."""

    ZH = "zh"
    ID = "id"


_PLACES = {
    Headings.ZH: {"lon": "经度", "lat": "纬度", "wkt": "几何图形"},
    Headings.ID: {"lon": "lon", "lat": "lat", "wkt": "wkt"},
}
_UNTITLED = frozenset({"source_datum"})
"""Its title over a column would seem to speak of the coordinates in the file, which are EPSG:4490 whatever came."""

_WORDS = {Headings.ZH: ("是", "否"), Headings.ID: ("true", "false")}


def headings(layer: Layer, specs: Sequence[FieldSpec], how: Headings) -> list[str]:
    """The heading row: fields, then longitude and latitude of points or the well-known text of other shapes."""
    own = [spec.title.zh if how is Headings.ZH and spec.name not in _UNTITLED else spec.name for spec in specs]
    match layer.geometry:
        case Geometry.NONE:
            places: tuple[str, ...] = ()
        case Geometry.POINT:
            places = ("lon", "lat")
        case _:
            places = ("wkt",)
    return [*own, *(_PLACES[how][place] for place in places)]


def columns(layer: Layer, specs: Sequence[FieldSpec], batch: pa.RecordBatch, how: Headings) -> list[pa.Array]:
    """The columns under `headings`, places only where they were read: numbers, or text no spreadsheet runs."""
    found = [_field(batch.column(spec.name), spec, how) for spec in specs]
    return found if "geometry" not in batch.schema.names else [*found, *_places(layer, batch.column("geometry"))]


def _field(column: pa.Array, spec: FieldSpec, how: Headings) -> pa.Array:
    match spec.kind:
        case Kind.TEXT:
            return guarded(column)
        case Kind.LIST:
            return guarded(pc.binary_join(column, "、"))
        case Kind.BOOLEAN:
            return pc.if_else(column, *_WORDS[how])
        case Kind.DATE:
            return column.cast(pa.string())
        case Kind.DATETIME:
            return _moments(column, how)
        case _:
            return column


def _moments(column: pa.Array, how: Headings) -> pa.Array:
    """Under Chinese titles the time of China with its offset, else UTC as RFC 3339 has it; a fraction only if any."""
    if how is Headings.ZH:
        local = column.cast(pa.timestamp("us", "Asia/Shanghai"))
        text = pc.strftime(local, "%Y-%m-%d %H:%M:%S%z")
        return pc.replace_substring_regex(text, r"(?:\.0+|(\.[0-9]*?)0*)?([+-][0-9]{2}):?([0-9]{2})$", r"\1\2:\3")
    return pc.replace_substring_regex(pc.strftime(column, "%Y-%m-%dT%H:%M:%SZ"), r"(?:\.0+|(\.[0-9]*?)0*)Z$", r"\1Z")


def _places(layer: Layer, wkb: pa.Array) -> list[pa.Array]:
    shapes = shapely.from_wkb(wkb.to_numpy(zero_copy_only=False))
    if layer.geometry is Geometry.POINT:
        return [_degrees(shapely.get_x(shapes)), _degrees(shapely.get_y(shapes))]
    return [pa.array(shapely.to_wkt(shapes, rounding_precision=-1).tolist(), pa.string())]


def _degrees(values: np.ndarray) -> pa.Array:
    return pa.array(values, pa.float64(), from_pandas=True)
