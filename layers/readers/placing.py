"""Coordinates in the columns of a table: which columns they are, how they are written, and the geometry they make."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from core.errors import BadInputError
from core.texts import Text
from gis.crs import zones
from layers.importing import plain
from layers.readers.delivery import Stated, marked
from layers.readers.references import Floats, Reference, stated_reference
from layers.record import Datum
from layers.validation.faults import Rule

EAST = ("lon", "lng", "longitude", "经度", "x", "x坐标", "东坐标", "横坐标", "东经")
NORTH = ("lat", "latitude", "纬度", "y", "y坐标", "北坐标", "纵坐标", "北纬")
BOTH = ("经纬度", "经纬度坐标", "坐标", "位置坐标", "lonlat", "lnglat")
WKT = ("wkt", "geom", "thegeom", "geometry", "几何", "几何图形", "空间数据")

_ANGLE = (
    r"^(?P<a>[NSEWnsew]|东经|西经|北纬|南纬)?\s*(?P<d>[0-9]{1,3}(?:\.[0-9]+)?)\s*[°度º˚]\s*"
    r"(?:(?P<m>[0-9]{1,2}(?:\.[0-9]+)?)\s*[′'’‘分]\s*)?"
    r"(?:(?P<s>[0-9]{1,2}(?:\.[0-9]+)?)\s*(?:″|\"|”|“|''|’’|′′|秒)\s*)?(?P<b>[NSEWnsew])?$"
)
_NUMBER = r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?$"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """The table with `geometry` and `source_datum` in place of its coordinate columns, and what was seen."""

    table: pa.Table
    faults: tuple[pa.Table, ...] = ()
    notes: tuple[Text, ...] = ()


def placed(table: pa.Table, rows: pa.Array, stated: Stated) -> Placed:
    """Text columns of coordinates made into degrees of EPSG:4490; a table without any is left as it is.

    Looked for in this order: the columns stated, longitude with latitude, both in one column, well-known text.
    """
    free = [name for name in table.column_names if name not in stated.spoken_for]
    if "geometry" in stated.coordinates:
        return _from_wkt(table, _there(table, stated.coordinates["geometry"]), rows, stated)
    east = _stated_or_named(table, free, stated, "lon", EAST)
    north = _stated_or_named(table, free, stated, "lat", NORTH)
    if east is not None and north is not None:
        return _from_numbers(table, (east, north), (table[east], table[north]), rows, stated)
    both = _named(free, BOTH)
    if both is not None:
        parts = pc.split_pattern_regex(_text(table[both]), r"[,,;;、\s]+", max_splits=1)
        halves = [_half(parts, place) for place in (0, 1)]
        return _from_numbers(table, (both, both), (halves[0], halves[1]), rows, stated)
    words = _named(free, WKT)
    return Placed(table=table) if words is None else _from_wkt(table, words, rows, stated)


def _there(table: pa.Table, heading: str) -> str:
    if heading in table.column_names:
        return heading
    known = "、".join(table.column_names)
    raise BadInputError(
        Text(f"文件中没有坐标列“{heading}”,现有:{known}", f"no coordinate column {heading!r}; there are: {known}"),
        field="map", value=heading,
    )  # fmt: skip


def _named(names: Iterable[str], wanted: tuple[str, ...]) -> str | None:
    return next((name for name in names if plain(name) in wanted), None)


def _stated_or_named(
    table: pa.Table, free: list[str], stated: Stated, what: str, wanted: tuple[str, ...]
) -> str | None:
    return _there(table, stated.coordinates[what]) if what in stated.coordinates else _named(free, wanted)


def _text(column: pa.ChunkedArray) -> pa.Array:
    joined = column.combine_chunks()
    whole = joined if isinstance(joined, pa.Array) else pa.concat_arrays(joined.chunks)
    return pc.utf8_trim_whitespace(whole)


def _half(parts: pa.Array, place: int) -> pa.Array:
    long = pc.greater(pc.list_value_length(parts), place)
    padded = pc.if_else(long, parts, pa.scalar(["", ""], pa.list_(pa.string())))
    return pc.if_else(pc.is_valid(parts), pc.list_element(padded, place), pa.scalar(None, pa.string()))


def _from_numbers(
    table: pa.Table,
    names: tuple[str, str],
    columns: tuple[pa.ChunkedArray | pa.Array, pa.ChunkedArray | pa.Array],
    rows: pa.Array,
    stated: Stated,
) -> Placed:
    xy = np.full((table.num_rows, 2), np.nan)
    faults, notes, sexagesimal = [], [], 0
    for place, (name, column) in enumerate(zip(names, columns, strict=True)):
        text = _text(column if isinstance(column, pa.ChunkedArray) else pa.chunked_array([column]))
        xy[:, place], wrong, angles = numbers(text)
        sexagesimal = max(sexagesimal, angles)
        if wrong.any():
            rule = Text("应为数字或度分秒", "must be a number or degrees, minutes and seconds")
            faults.append(marked(rows, wrong, name, text, Rule.TYPE, rule))
    if sexagesimal:
        notes.append(
            Text(
                f"{sexagesimal} 行坐标为度分秒,已换算为度",
                f"{sexagesimal} rows gave degrees, minutes and seconds; converted",
            )
        )
    reference, said = _reference(xy, stated)
    notes += said
    if said and said[0] is SWAPPED:
        xy = xy[:, ::-1].copy()
    known = np.isfinite(xy).all(axis=1)
    xy[known] = reference.degrees(xy[known])
    shapes = np.full(len(xy), None, dtype=object)
    shapes[known] = shapely.points(xy[known])
    notes += _datum_told(reference, stated, xy[known])
    return _with(table, set(names), shapes, reference, tuple(faults), tuple(notes))


SWAPPED = Text(
    "X 列为纵坐标(北)、Y 列为横坐标(东),已按测绘习惯对调",
    "X holds northings and Y eastings, as surveyors write; taken so",
)


def _reference(xy: Floats, stated: Stated) -> tuple[Reference, list[Text]]:
    """What is stated; else zone-prefixed eastings tell Gauss-Krüger, and the rest are degrees of CGCS2000."""
    said = stated_reference(stated.datum, stated.crs)
    known = xy[np.isfinite(xy).all(axis=1)]
    straight, crossed = (int((zones(known[:, i], known[:, 1 - i]) > 0).sum()) for i in (0, 1))
    projected = said.datum is Datum.GAUSS_KRUGER or (said.crs is not None) if said else True
    swapped = projected and crossed > max(straight, len(known) // 2)
    notes = [SWAPPED] if swapped else []
    if said is not None:
        return said, notes
    if swapped or (len(known) and straight > len(known) // 2):
        notes.append(
            Text("按横坐标带号识别为 CGCS2000 高斯-克吕格投影", "eastings tell their CGCS2000 Gauss-Krüger zone")
        )
        return Reference(Datum.GAUSS_KRUGER), notes
    return Reference(Datum.CGCS2000), notes


def _datum_told(reference: Reference, stated: Stated, xy: Floats) -> list[Text]:
    """Which datum was used; where it was neither stated nor seen, and degrees could be of another, what to state."""
    name = reference.datum.value
    if stated.datum is not None or stated.crs is not None or reference.datum is not Datum.CGCS2000:
        return [Text(f"来源坐标系:{name}", f"source reference system: {name}")]
    if not len(xy) or (np.abs(xy) > (180, 90)).any(axis=1).all():
        return []
    return [Text("未说明坐标系,按 CGCS2000;高德、百度坐标须加 --datum", "no datum stated: CGCS2000 assumed")]


def numbers(text: pa.Array) -> tuple[Floats, np.ndarray, int]:
    """Numbers or angles as floats, which texts were neither, and how many were angles.

    >>> numbers(pa.array(["121°30′15″", "-3.5", "W 10°", "far", ""]))[0].tolist()
    [121.50416666666666, -3.5, -10.0, nan, nan]
    """
    text = pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)
    decimal = pc.match_substring_regex(text, _NUMBER)
    bare = pc.replace_substring_regex(pc.if_else(decimal, text, pa.scalar(None, pa.string())), r"^\+", "")
    found = np.array(pc.cast(bare, pa.float64()).to_numpy(zero_copy_only=False), dtype=float)
    left = _mask(pc.and_(pc.is_valid(text), pc.invert(decimal)))
    if not left.any():
        return found, left, 0
    parts = pc.extract_regex(text.filter(pa.array(left)), _ANGLE)
    degrees, minutes, seconds = (_part(parts, name) for name in "dms")
    marks = [pc.utf8_lower(pc.struct_field(parts, name)) for name in "ab"]
    west = [pc.is_in(mark, value_set=pa.array(["s", "w", "西经", "南纬"])) for mark in marks]
    right = _mask(pc.is_valid(parts)) & (minutes < 60) & (seconds < 60)
    angle = (degrees + minutes / 60 + seconds / 3600) * np.where(_mask(west[0]) | _mask(west[1]), -1.0, 1.0)
    found[left] = np.where(right, angle, np.nan)
    wrong = left.copy()
    wrong[left] = ~right
    return found, wrong, int(right.sum())


def _part(parts: pa.Array, name: str) -> Floats:
    word = pc.struct_field(parts, name)
    empty = pc.or_kleene(pc.is_null(word), pc.equal(word, ""))
    return np.asarray(pc.if_else(empty, "0", word).cast(pa.float64()).to_numpy(zero_copy_only=False))


def _mask(column: pa.Array) -> np.ndarray:
    return np.asarray(pc.fill_null(column, False).to_numpy(zero_copy_only=False), bool)


def _from_wkt(table: pa.Table, name: str, rows: pa.Array, stated: Stated) -> Placed:
    text = _text(table[name])
    text = pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)
    shapes = shapely.from_wkt(text.to_numpy(zero_copy_only=False), on_invalid="ignore")
    wrong = _mask(pc.is_valid(text)) & shapely.is_missing(shapes)
    faults: tuple[pa.Table, ...] = ()
    if wrong.any():
        rule = Text("不是 WKT 几何,应如 POINT (121.5 31.2)", "is not well-known text such as POINT (121.5 31.2)")
        faults = (marked(rows, wrong, name, text, Rule.GEOMETRY, rule),)
    reference = stated_reference(stated.datum, stated.crs)
    notes: tuple[Text, ...] = ()
    if reference is None:
        first = shapely.get_coordinates(shapes)[:1000]
        reference = Reference(Datum.CGCS2000)
        if len(first) and (zones(first[:, 0], first[:, 1]) > 0).all():
            reference = Reference(Datum.GAUSS_KRUGER)
            notes = (
                Text("按横坐标带号识别为 CGCS2000 高斯-克吕格投影", "eastings tell their CGCS2000 Gauss-Krüger zone"),
            )
    notes = (*notes, *_datum_told(reference, stated, shapely.get_coordinates(shapes)))
    return _with(table, {name}, reference.shapes(shapes), reference, faults, notes)


def _with(
    table: pa.Table,
    used: set[str],
    shapes: np.ndarray,
    reference: Reference,
    faults: tuple[pa.Table, ...],
    notes: tuple[Text, ...],
) -> Placed:
    table = table.drop_columns(sorted(used))
    table = table.append_column("geometry", pa.array(shapely.to_wkb(shapes).tolist(), pa.binary()))
    if "source_datum" not in table.column_names:
        datum = pa.repeat(pa.scalar(reference.datum.value, pa.string()), table.num_rows)
        table = table.append_column("source_datum", datum)
    return Placed(table=table, faults=faults, notes=notes)
