"""A computed scenario as the workbench shows it: every number with how it came, what it rests on and who is inside."""

from collections import Counter
from typing import Any

import geopandas as gpd
import orjson
import shapely
from shapely.geometry import mapping

from core.clock import iso
from core.texts import Lang
from dashboards.planner.choices import word
from dashboards.queries.wording import compass
from emergency.declared import Declared, declared
from emergency.exposure import Exposure
from emergency.model import MODELS, Check
from emergency.result import CardUsed, DataUsed, Result
from emergency.scenario import Scenario
from emergency.zones import Zone
from layers.layer import Catalogue

LISTED = 200
"""Rows of one list; how many there are is told beside it."""

Json = dict[str, Any]


def answer(
    scenario: Scenario, result: Result, inside: Exposure, catalogue: Catalogue, lang: Lang, *, again: bool = False
) -> Json:
    """Result, zones as GeoJSON, and the words and cards the page needs; `again` where a better answer takes longer."""
    receipt = result.receipt
    return {
        "scenario": scenario.inputs(),
        "again": again,
        "result": orjson.loads(result.to_json()),
        "geojson": result.geojson(),
        "zones": [told_zone(one, lang) for one in result.zones],
        "figures": [
            {"name": one.name, "title": one.title.of(lang), "value": one.value, "unit": one.unit, "model": one.model}
            for one in result.figures
        ],
        "curves": [
            {
                "name": one.name, "title": one.title.of(lang), "x_title": one.x_title.of(lang), "x_unit": one.x_unit,
                "y_unit": one.y_unit, "x": one.x, "y": one.y, "model": one.model,
            }
            for one in result.curves
        ],
        "checks": [told_check(one, lang) for one in result.checks],
        "notes": [one.of(lang) for one in result.notes],
        "models": {one.id: told_model(one, lang) for one in receipt.models},
        "data": [_data(one, lang) for one in (*receipt.data, *inside.data)],
        "evidence": {"tier": int(receipt.evidence), "title": receipt.evidence.title.of(lang)},
        "verified": result.verified,
        "valid": not result.outside,
        "fingerprint": receipt.fingerprint,
        "code_version": receipt.code_version,
        "computed_at": iso(receipt.computed_at),
        "kind": {"id": scenario.release.kind, "title": word(scenario.release.kind, lang)},
        "wind": {
            "from": scenario.weather.wind_from, "speed": scenario.weather.wind_speed,
            "direction": compass(scenario.weather.wind_from).of(lang),
        },
        "exposure": told_exposure(inside, catalogue, lang)
        | {"declared": [_declared(one, lang) for one in declared(inside, result.zones, scenario.period)]},
    }  # fmt: skip


def told_zone(zone: Zone, lang: Lang, *, shape: bool = True) -> Json:
    """A zone with its level, reach and conditions; without its shape where only distances are compared."""
    return {
        "id": zone.level.id, "severity": zone.level.severity, "name": zone.level.name.of(lang),
        "value": zone.level.value,
        "unit": zone.level.unit, "averaging": zone.level.averaging_time, "source": zone.level.source,
        "distance": zone.distance, "area": zone.area, "reached": zone.reached, "verified": zone.verified,
        "valid": zone.valid, "cut": str(zone.cut), "cut_text": zone.cut.text.of(lang), "model": zone.model,
        "checks": [told_check(one, lang) for one in zone.checks],
        "geometry": mapping(zone.shape) if shape and zone.reached else None,
        "band": mapping(zone.band) if shape and zone.band is not None and not zone.band.is_empty else None,
        "ends": None
        if zone.ends is None
        else {"least": zone.ends.least, "most": zone.ends.most, "basis": zone.ends.basis.of(lang)},
    }  # fmt: skip


def told_check(check: Check, lang: Lang) -> Json:
    """A condition of validity with the actual number."""
    return {
        "parameter": check.parameter, "title": check.title.of(lang), "value": check.value, "low": check.low,
        "high": check.high if check.high < float("inf") else None, "unit": check.unit, "holds": check.holds,
    }  # fmt: skip


def told_model(used: CardUsed, lang: Lang) -> Json:
    """The card of a model: its source, how it computes, what it leaves out."""
    card = MODELS[used.id].card if used.id in MODELS else None
    return {
        "title": used.title.of(lang), "source": used.source, "version": used.version, "tier": int(used.tier),
        "tier_title": used.tier.title.of(lang), "how": card.how.of(lang) if card else "",
        "formula": card.formula.text if card else "",
        "symbols": [{"letter": one.letter, "words": one.said(lang)} for one in card.formula.symbols] if card else [],
        "neglects": [one.of(lang) for one in card.neglects] if card else [],
    }  # fmt: skip


def _data(used: DataUsed, lang: Lang) -> Json:
    return {
        "name": used.name, "title": used.title.of(lang), "verified": used.verified, "source": used.source,
        "observed_at": None if used.observed_at is None else iso(used.observed_at), "version": used.version,
    }  # fmt: skip


def told_exposure(inside: Exposure, catalogue: Catalogue, lang: Lang) -> Json:
    """Who and what is inside, as much as the caller may see."""
    people = inside.people
    return {
        "people": None
        if people is None
        else [{"severity": one.severity, "residents": one.residents, "known": one.known} for one in people],
        **{
            name: None if table is None else _table(table, catalogue, lang)
            for name, table in (("targets", inside.targets), ("hazards", inside.hazards), ("roads", inside.roads))
        },
        "left_out": [one.of(lang) for one in inside.left_out],
    }


def _declared(one: Declared, lang: Lang) -> Json:
    return {
        "layer": one.layer, "severity": one.severity, "title": one.title.of(lang), "people": one.people,
        "rows": one.rows, "silent": one.silent, "how": [line.of(lang) for line in one.how],
    }  # fmt: skip


def _table(table: gpd.GeoDataFrame, catalogue: Catalogue, lang: Lang) -> Json:
    """The nearest rows, and how many of each kind there are in each worst zone."""
    pairs = zip(table["severity"].tolist(), table["layer"].tolist(), strict=True)
    counts = sorted(Counter(pairs).items())
    head = table.head(LISTED)
    points = shapely.get_coordinates(shapely.point_on_surface(head.geometry.to_numpy()))
    plain = zip(
        head["layer"].tolist(), head["key"].tolist(), head["name"].tolist(), head["severity"].tolist(),
        head["distance"].tolist(), head["bearing"].tolist(), points.tolist(), strict=True,
    )  # fmt: skip
    return {
        "total": len(table),
        "counts": [
            {"severity": severity, "layer": layer, "title": catalogue[layer].title.of(lang), "count": count}
            for (severity, layer), count in counts
        ],
        "length": float(table["length_inside"].sum()) if "length_inside" in table else None,
        "rows": [
            {
                "layer": layer, "title": catalogue[layer].title.of(lang), "key": key, "name": name,
                "severity": severity, "distance": distance, "bearing": bearing, "at": at,
            }
            for layer, key, name, severity, distance, bearing, at in plain
        ],
    }  # fmt: skip
