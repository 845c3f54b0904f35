"""The rows of a scenario's GeoPackage, column by column."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import geopandas as gpd
import pyarrow as pa
import shapely

from core.clock import iso
from core.texts import Lang, Text
from dashboards.handout import layers as table
from dashboards.handout.contents import LIMITS, UNVERIFIED, Handout, Side, doubts, kind_of, named, speaker
from dashboards.queries.wording import code_label
from emergency.model import MODELS, Check
from emergency.zones import Zone
from layers.fields import FieldSpec, Kind
from layers.layer import Catalogue, Geometry, Layer
from layers.record import Record
from store.schema import ARROW

Columns = dict[str, Sequence[Any]]
Places = Sequence[Any] | None


def own_fields(layer: Layer) -> tuple[FieldSpec, ...]:
    """The fields of a table without what every record of the city has."""
    return tuple(spec for name, spec in layer.fields.items() if name not in Record.model_fields)


def every_table(handout: Handout, catalogue: Catalogue) -> Iterator[tuple[Layer, pa.RecordBatch]]:
    """Each table with its rows, drawn ones first; one that nobody may fill is not there."""
    lang = handout.lang
    for layer, rows in _SPATIAL:
        yield layer, _joined(layer, (rows(side, lang) for side in handout.sides))
    for layer, name in ((table.TARGETS, "targets"), (table.HAZARDS, "hazards"), (table.ROADS, "roads")):
        found = [(side, getattr(side.inside, name)) for side in handout.sides]
        if any(rows is not None for _, rows in found):
            parts = (_inside(layer, side, rows, catalogue, lang) for side, rows in found if rows is not None)
            yield layer, _joined(layer, parts)
    for layer, plain in _PLAIN:
        yield layer, _joined(layer, ((_columns(layer, plain(side, lang)), None) for side in handout.sides))
    yield table.RECEIPT, _joined(table.RECEIPT, [(_columns(table.RECEIPT, _receipt(handout)), None)])


def _joined(layer: Layer, parts: Iterable[tuple[Columns, Places]]) -> pa.RecordBatch:
    """One batch of the rows of all sides, numbered."""
    columns: dict[str, list[Any]] = {spec.name: [] for spec in own_fields(layer)}
    places: list[Any] = []
    for given, shapes in parts:
        for name, values in given.items():
            columns[name].extend(values)
        places.extend(shapes if shapes is not None else ())
    count = len(columns["scenario"])
    columns["row"] = [str(number) for number in range(1, count + 1)]
    arrays = [pa.array(columns[spec.name], ARROW[spec.kind], from_pandas=True) for spec in own_fields(layer)]
    names = [spec.name for spec in own_fields(layer)]
    if layer.geometry is not Geometry.NONE:
        arrays.append(pa.array(_wkb(layer, places), pa.binary()))
        names.append("geometry")
    return pa.RecordBatch.from_arrays(arrays, names)


def _wkb(layer: Layer, places: Sequence[Any]) -> list[bytes | None]:
    """Lines and polygons as multi-geometries, as the tables declare them; nothing for what is empty."""
    shapes = [None if shape is None or shape.is_empty else shape for shape in places]
    if layer.geometry is Geometry.POLYGON:
        shapes = [_many(shape, shapely.Polygon, shapely.MultiPolygon) for shape in shapes]
    elif layer.geometry is Geometry.LINE:
        shapes = [_many(shape, shapely.LineString, shapely.MultiLineString) for shape in shapes]
    found: list[bytes | None] = shapely.to_wkb(shapes).tolist() if shapes else []
    return found


def _many(shape: Any, kind: type[Any], many: type[Any]) -> Any:
    return None if shape is None else many([part for part in shapely.get_parts(shape) if isinstance(part, kind)])


def _columns(layer: Layer, rows: Iterable[Mapping[str, Any]]) -> Columns:
    found = list(rows)
    names = [spec.name for spec in own_fields(layer) if spec.name != "row"]
    return {name: [row[name] for row in found] for name in names}


def _zones(side: Side, lang: Lang) -> tuple[Columns, Places]:
    zones = [zone for zone in side.result.zones if not zone.reached] + side.drawn
    return _columns(table.ZONES, (_zone(side, zone, lang) for zone in zones)), [zone.shape for zone in zones]


def _zone(side: Side, zone: Zone, lang: Lang) -> dict[str, Any]:
    level, people = zone.level, side.people(zone)
    residents, known = (None, None) if people is None else people
    return {
        "scenario": side.mark, "label": named(zone, lang), "severity": level.severity, "level": level.name.of(lang),
        "value": level.value, "unit": level.unit, "averaging_time": level.averaging_time,
        "level_source": level.source, "reached": zone.reached, "distance": zone.distance, "extent": zone.area,
        "residents": residents, "residents_known": known, "verified": zone.verified, "valid": zone.valid,
        "cut": zone.cut.value, "doubts": Text("、", ", ").of(lang).join(one.of(lang) for one in doubts(zone)),
        "model": zone.model,
    }  # fmt: skip


def _bands(side: Side, lang: Lang) -> tuple[Columns, Places]:
    zones = [zone for zone in side.drawn if zone.band is not None]
    rows = (
        {"scenario": side.mark, "severity": zone.level.severity, "level": zone.level.name.of(lang)} for zone in zones
    )
    return _columns(table.BANDS, rows), [zone.band for zone in zones]


def _release(side: Side, lang: Lang) -> tuple[Columns, Places]:
    given, air = side.scenario, side.scenario.weather
    row = {
        "scenario": side.mark, "title": given.title, "chemical": side.chemical.of(lang), "cas": given.chemical,
        "kind": kind_of(side, lang), "wind_from": air.wind_from, "wind_speed": air.wind_speed,
        "stability": str(air.stability), "verified": side.result.verified,
        "fingerprint": side.result.receipt.fingerprint,
    }  # fmt: skip
    return _columns(table.RELEASES, [row]), [shapely.Point(given.place.lon, given.place.lat)]


def _inside(
    layer: Layer, side: Side, rows: gpd.GeoDataFrame, catalogue: Catalogue, lang: Lang
) -> tuple[Columns, Places]:
    """What is inside, with the fields its layer lets the caller see and nothing for the others."""
    names = {zone.level.severity: zone.level.name.of(lang) for zone in side.result.zones}
    known = {
        "scenario": [side.mark] * len(rows),
        "layer": [catalogue[one].title.of(lang) for one in rows["layer"].tolist()],
        "level": [names.get(one, "") for one in rows["severity"].tolist()],
    }
    columns: Columns = {}
    for spec in own_fields(layer):
        if spec.name in known:
            columns[spec.name] = known[spec.name]
        elif spec.name in rows:
            columns[spec.name] = _worded(rows, spec, catalogue, lang)
        elif spec.name != "row":
            columns[spec.name] = [None] * len(rows)
    return columns, rows.geometry.tolist()


def _worded(rows: gpd.GeoDataFrame, spec: FieldSpec, catalogue: Catalogue, lang: Lang) -> list[Any]:
    """A column with words where a layer has codes, and nothing where nothing is known."""
    values = rows[spec.name].astype(object)
    found: list[Any] = values.where(values.notna(), None).tolist()
    if spec.kind is not Kind.TEXT:
        return found
    lists = {one: catalogue[one].fields.get(spec.name) for one in rows["layer"].unique().tolist()}
    codes = [None if (one := lists[layer]) is None else one.codes for layer in rows["layer"].tolist()]
    pairs = zip(found, codes, strict=True)
    return [value if value is None or code is None else code_label(code, value, lang) for value, code in pairs]


def _figures(side: Side, lang: Lang) -> Iterator[dict[str, Any]]:
    for one in side.result.figures:
        yield {
            "scenario": side.mark, "name": one.name, "title": one.title.of(lang), "value": one.value,
            "unit": one.unit, "model": one.model,
        }  # fmt: skip


def _curves(side: Side, lang: Lang) -> Iterator[dict[str, Any]]:
    for one in side.result.curves:
        fixed = {
            "scenario": side.mark, "name": one.name, "title": one.title.of(lang), "x_unit": one.x_unit,
            "y_unit": one.y_unit, "model": one.model,
        }  # fmt: skip
        yield from (fixed | {"x": x, "y": y} for x, y in zip(one.x, one.y, strict=True))


def _checks(side: Side, lang: Lang) -> Iterator[dict[str, Any]]:
    yield from (_check(side, None, one, lang) for one in side.result.checks)
    for zone in side.result.zones:
        yield from (_check(side, zone, one, lang) for one in zone.checks)


def _check(side: Side, zone: Zone | None, one: Check, lang: Lang) -> dict[str, Any]:
    return {
        "scenario": side.mark, "level": None if zone is None else zone.level.name.of(lang),
        "parameter": one.parameter, "title": one.title.of(lang), "value": one.value, "low": one.low,
        "high": one.high if one.high < float("inf") else None, "unit": one.unit, "holds": one.holds,
    }  # fmt: skip


def _methods(side: Side, lang: Lang) -> Iterator[dict[str, Any]]:
    for one in side.result.receipt.models:
        card = MODELS[one.id].card if one.id in MODELS else None
        yield {
            "scenario": side.mark, "model": one.id, "title": one.title.of(lang), "version": one.version,
            "origin": one.source, "how": "" if card is None else card.how.of(lang),
            "neglects": "" if card is None else "\n".join(left.of(lang) for left in card.neglects),
            "tier": int(one.tier), "evidence": one.tier.title.of(lang),
        }  # fmt: skip


def _data(side: Side, lang: Lang) -> Iterator[dict[str, Any]]:
    for one in (*side.result.receipt.data, *side.inside.data):
        yield {
            "scenario": side.mark, "name": one.name, "title": one.title.of(lang), "origin": one.source,
            "version": one.version, "as_of": one.observed_at, "verified": one.verified,
        }  # fmt: skip


def _receipt(handout: Handout) -> Iterator[dict[str, Any]]:
    lang, say = handout.lang, speaker(handout.lang)
    for side in handout.sides:
        receipt, result = side.result.receipt, side.result
        left = Text("、", ", ").of(lang).join(one.of(lang) for one in side.inside.left_out)
        said = [
            ("fingerprint", receipt.fingerprint), ("inputs", receipt.inputs), ("code_version", receipt.code_version),
            ("computed_at", iso(receipt.computed_at)), ("evidence", receipt.evidence.title.of(lang)),
            ("verified", say("已核实", "verified") if result.verified else UNVERIFIED.of(lang)),
            *(("note", note.of(lang)) for note in result.notes), *([("not_open", left)] if left else []),
            ("made_by", handout.maker), ("made_at", iso(handout.made_at)),
            ("rights", f"{handout.areas}·{handout.clearance}"), ("limits", LIMITS.of(lang)),
        ]  # fmt: skip
        yield from ({"scenario": side.mark, "name": name, "words": words} for name, words in said)


_SPATIAL: tuple[tuple[Layer, Callable[[Side, Lang], tuple[Columns, Places]]], ...] = (
    (table.ZONES, _zones), (table.BANDS, _bands), (table.RELEASES, _release),
)  # fmt: skip
_PLAIN: tuple[tuple[Layer, Callable[[Side, Lang], Iterator[dict[str, Any]]]], ...] = (
    (table.FIGURES, _figures), (table.CURVES, _curves), (table.CHECKS, _checks), (table.METHODS, _methods),
    (table.DATA, _data),
)  # fmt: skip
