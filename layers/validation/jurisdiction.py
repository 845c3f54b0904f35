"""Which administrative area a row belongs to when it does not say: by where it lies, or by the row it refers to."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from core.texts import Text
from layers.layer import Layer
from layers.validation.faults import Faults, Rule, Severity
from layers.validation.rows import significant

LEVELS = ("town", "district")
"""Whose polygons place a row, the finer first."""
DISTRICT = 6
"""Digits of a district's code."""
POSITION = Text("坐标", "position")


@dataclass(frozen=True, kw_only=True)
class Jurisdictions:
    """What areas can be told from.

    `areas` has `code`, `name`, `level` and `geometry` of the areas there are; `referred` for each layer its `key` and
    `area`; `own` the same of this layer, where rows that are there keep their area.
    """

    areas: pa.Table | None = None
    referred: Mapping[str, pa.Table] = field(default_factory=dict)
    own: pa.Table | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """How many rows have their area from what."""

    by: Text
    rows: np.ndarray


def told_areas(
    layer: Layer, columns: dict[str, pa.Array], shapes: np.ndarray | None, faults: Faults, known: Jurisdictions
) -> list[Told]:
    """Completes the column `area` and adds what is wrong with it; an area that is stated is kept as it is."""
    if layer.id == "areas":
        return []
    rows = len(faults.keys)
    good = faults.good(rows)
    before = _looked_up(columns.get(layer.key), known.own)
    given = columns.get("area", before)
    area = pa.nulls(rows, pa.string()) if given is None else _filled(given)
    told: list[Told] = []
    cover = None if shapes is None else _cover(shapes, good, known.areas)
    if cover is not None and known.areas is not None:
        _check_contradictions(area, cover, faults, known.areas)
        area = _completed(area, cover.first(rows), POSITION, told)
    for name, spec in layer.fields.items():
        others = None if spec.refers is None or spec.merged else known.referred.get(spec.refers)
        if others is not None and name in columns:
            found = _looked_up(columns[name], others)
            area = _completed(area, found, spec.title, told)
    area = area if before is None else pc.coalesce(area, before)
    columns["area"] = area
    _check_unknown(layer, _mask(pc.is_null(area)) & good, faults, known.areas)
    return told


def _mask(column: pa.Array) -> np.ndarray:
    return np.asarray(pc.fill_null(column, False).to_numpy(zero_copy_only=False), bool)


def _filled(areas: pa.Array) -> pa.Array:
    return pc.if_else(pc.equal(areas, ""), pa.scalar(None, pa.string()), areas)


def _looked_up(keys: pa.Array | None, rows: pa.Table | None) -> pa.Array | None:
    """The areas of the rows with these keys."""
    if keys is None or rows is None:
        return None
    areas = _filled(rows["area"].combine_chunks())
    return areas.take(pc.index_in(keys, value_set=rows["key"].combine_chunks()))


def _completed(area: pa.Array, found: pa.Array | None, by: Text, told: list[Told]) -> pa.Array:
    if found is None:
        return area
    taken = _mask(pc.and_(pc.is_null(area), pc.is_valid(found)))
    if taken.any():
        told.append(Told(by, taken))
    return pc.coalesce(area, found)


@dataclass(frozen=True, slots=True)
class _Cover:
    """Pairs of a row and an area it lies in, by row, finer areas first and then by code."""

    rows: np.ndarray
    codes: np.ndarray

    def first(self, rows: int) -> pa.Array:
        """One area for each row: on a border the lowest code, whatever the order of the polygons."""
        at, places = np.unique(self.rows, return_index=True)
        found = np.full(rows, None, dtype=object)
        found[at] = self.codes[places]
        return pa.array(found, pa.string())


def _cover(shapes: np.ndarray, good: np.ndarray, areas: pa.Table | None) -> _Cover | None:
    """Every town and district that meets each row's point, or a point on its line or surface."""
    if areas is None or "geometry" not in areas.column_names:
        return None
    rank = pc.index_in(areas["level"], value_set=pa.array(LEVELS))
    areas = areas.append_column("rank", rank).filter(pc.and_(pc.is_valid(rank), pc.is_valid(areas["geometry"])))
    areas = areas.sort_by([("rank", "ascending"), ("code", "ascending")])
    if not areas.num_rows:
        return None
    polygons = shapely.from_wkb(areas["geometry"].to_numpy())
    at = np.flatnonzero(good & ~shapely.is_missing(shapes))
    pairs = shapely.STRtree(polygons).query(shapely.point_on_surface(shapes[at]), predicate="intersects")
    pairs = pairs[:, np.lexsort((pairs[1], pairs[0]))]
    return _Cover(at[pairs[0]], areas["code"].to_numpy()[pairs[1]])


def _check_contradictions(area: pa.Array, cover: _Cover, faults: Faults, areas: pa.Table) -> None:
    """A stated area in whose district the row does not lie is kept and listed, with the names of both."""
    stated = pc.fill_null(significant(area), "").to_numpy(zero_copy_only=False).astype("U12")[cover.rows]
    there = significant(pa.array(cover.codes, pa.string())).to_numpy(zero_copy_only=False).astype("U12")
    one, other = stated.astype(f"U{DISTRICT}"), there.astype(f"U{DISTRICT}")
    agree = np.char.startswith(one, other) | np.char.startswith(other, one)
    right = np.zeros(len(area), bool)
    right[cover.rows[agree]] = True
    wrong = ~right[cover.rows]
    names = dict(zip(areas["code"].to_pylist(), areas["name"].to_pylist(), strict=True))
    for said, lies in sorted(set(zip(one[wrong].tolist(), other[wrong].tolist(), strict=True))):
        mask = np.zeros(len(area), bool)
        mask[cover.rows[wrong & (one == said) & (other == lies)]] = True
        first, second = f"{names.get(said, '')}{said}", f"{names.get(lies, '')}{lies}"
        text = Text(f"所填区划属{first},坐标却在{second}", f"the area stated is in {said}, the position in {lies}")
        faults.add(mask, "area", area, Rule.AREA, text, Severity.WARNING)


def _check_unknown(layer: Layer, unknown: np.ndarray, faults: Faults, areas: pa.Table | None) -> None:
    if layer.shared:
        text = Text("未填行政区划,也无法判定,不计入任何区县", "no area is given or can be told: counted in no district")
        faults.add(unknown, "area", None, Rule.AREA, text, Severity.WARNING)
        return
    how = Text("请填写行政区划代码", "give the area code")
    if areas is None or "geometry" not in areas.column_names or areas["geometry"].null_count == areas.num_rows:
        how = Text(f"{how.zh},或先导入行政区划界线", f"{how.en}, or import the areas' boundaries first")
    text = Text(
        f"无法判定行政区划,任何账号都将看不到此行;{how.zh}",
        f"the area cannot be told and no account would see this row; {how.en}",
    )
    faults.add(unknown, "area", None, Rule.AREA, text)
