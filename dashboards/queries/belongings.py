"""What belongs to one enterprise: the rows of every layer that names it, by site, one question a layer."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import orjson
import shapely

from casework.permits import RUNNING
from core.clock import CHINA, iso
from core.texts import Text, whole
from dashboards.queries.firmcases import Firm, Told, in_year
from dashboards.queries.readings import Readings
from dashboards.queries.wording import shown
from layers.catalogue import ACCIDENTS, ALARMS, ENTERPRISES, ISSUED_DOCUMENTS, LICENCES, SITES
from layers.catalogue.casework import CASE_FILINGS, CASE_STEPS, CaseRow
from layers.fields import FieldSpec
from layers.filters import And, Compare, Filter, In, Op, Or
from layers.layer import Geometry, Layer, Publish
from monitoring.alarms.life import STANDING
from store.attachments import attached_to
from store.query import Order, Query

MOST, LISTED = 500, 60
"""Rows of a layer that are read, and that are told; what is more is said."""
ALARMS_OF = timedelta(days=30)
NEAR = timedelta(days=90)
FILES = 60

TOLD: Mapping[str, tuple[str, ...]] = {
    "sites": ("address", "park", "contact", "people_day", "people_night"),
    "hazard_sources": ("grade", "r_value", "s_value", "main_chemical", "filing_no"),
    "tanks": ("chemical", "kind", "volume"),
    "licences": ("number", "state", "valid_until"),
    "sensors": ("kind", "state"),
    "alarms": ("level", "state", "raised_at"),
    "cameras": ("watches", "state"),
    "violations": ("kind", "state", "raised_at"),
    "accidents": ("occurred_at", "level", "deaths"),
    "issued_documents": ("number", "issued_at", "state"),
    "devices": ("state",),
}
"""What is said of a row beside its name; of other layers its time and its kind."""

NAMED = {"licences": "kind"}
"""By what a row is called where its label says little."""

APART = frozenset({CASE_STEPS.id, CASE_FILINGS.id, "risk_scores", "scenario_zones", "scenario_bands", "alarm_rules",
                   "alarm_inhibitions", "camera_rules", ENTERPRISES.id})  # fmt: skip
"""Told elsewhere on the page, part of another row, or settings of the system."""

ORDER = ("sites", "hazard_sources", "tanks", "licences", "sensors", "alarms", "compounds", "cameras", "violations",
         "devices", "accidents", "danger_listings", "credit_listings", "issued_documents")  # fmt: skip
"""In which order the page has them; others follow."""

BY_YEAR = frozenset({ACCIDENTS.id, ISSUED_DOCUMENTS.id, "danger_listings", "credit_listings", "compounds"})
"""Layers of what happened: a year narrows them as it does cases."""


def belongings(firm: Firm, readings: Readings | None, year: int | None) -> dict[str, Told]:
    """A section for each layer open to the reader, in the order of the page, empty or not."""
    sections = {one.id: _section(firm, one, named, year) for one, named in _layers(firm)}
    if readings is not None and "sensors" in sections:
        _measured(firm, readings, sections["sensors"])
    _by_site(sections)
    return sections


def _layers(firm: Firm) -> list[tuple[Layer, str]]:
    """Layers whose rows name an enterprise, cases apart, with the field that does; in the order of the page."""
    found = []
    for layer in firm.store.catalogue.seen_by(firm.scope):
        named = layer.enterprise_field
        if named is None or layer.whose is not None or layer.id in APART or issubclass(layer.record, CaseRow):
            continue
        if named in layer.fields_in(firm.scope):
            found.append((layer, named))
    place = {name: number for number, name in enumerate(ORDER)}
    return sorted(found, key=lambda one: place.get(one[0].id, len(ORDER)))


def _section(firm: Firm, layer: Layer, named: str, year: int | None) -> Told:
    """The rows of one layer; a total that was counted apart where there are more than are read."""
    seen, lang = layer.fields_in(firm.scope), firm.lang
    where: Filter = Compare(named, Op.EQ, firm.key)
    if layer.id == ALARMS.id:
        lately = Compare("raised_at", Op.GE, firm.now - ALARMS_OF)
        where = And((where, Or((In("state", STANDING), lately))))
    if year is not None and layer.id in BY_YEAR and layer.time is not None:
        where = And((where, in_year(layer.time, year)))
    timed = layer.time is not None and layer.time in seen
    order = (Order(str(layer.time), descending=True),) if timed else ()
    if layer.id == LICENCES.id:
        order = (Order("valid_until"),)
    wanted = (layer.key, layer.label, "name", "site", "state", layer.style.grade, layer.style.by, layer.time,
              NAMED.get(layer.id), *TOLD.get(layer.id, ()))  # fmt: skip
    fields = tuple(dict.fromkeys(name for name in wanted if name is not None and name in seen))
    query = Query(where=where, fields=fields, order=order, limit=MOST + 1)
    rows = firm.store.read(layer, query, scope=firm.scope).to_pylist()
    total = len(rows) if len(rows) <= MOST else firm.store.count(layer, Query(where=where), scope=firm.scope)
    return {
        "id": layer.id, "title": layer.title.of(lang), "total": total, "rows": [_row(firm, layer, row) for row in rows],
        "note": _none(layer, year).of(lang),
        "on_map": layer.geometry is not Geometry.NONE and layer.publish is not Publish.NONE,
    }  # fmt: skip


def _none(layer: Layer, year: int | None) -> Text:
    """What is said where there is nothing, so that nobody takes it for a fault of reading."""
    if layer.id == ALARMS.id:
        return Text("没有未关闭的报警,近 30 天也没有", "No alarm stands, nor did any in 30 days")
    if layer.id == ACCIDENTS.id:
        return Text("没有已登记的事故", "No accident is registered")
    if year is not None and layer.id in BY_YEAR:
        return Text(f"{year} 年没有", f"None in {year}")
    return Text("没有登记", "None registered")


def _row(firm: Firm, layer: Layer, row: Mapping[str, Any]) -> Told:
    seen, lang, style = layer.fields_in(firm.scope), firm.lang, layer.style
    label = NAMED.get(layer.id, layer.label or layer.key)
    name = shown(seen[label], row.get(label), lang) if label in seen else ""
    told = TOLD.get(layer.id) or tuple(one for one in (layer.time, style.by) if one is not None)
    said = [_said(seen[one], row[one], firm) for one in told if one in row and one != label]
    left = _left(row, firm) if layer.id == LICENCES.id else None
    if left is not None and left <= NEAR.days:
        over = Text(f"已过有效期 {-left} 天", f"ran out {-left} d ago")
        said.append((over if left < 0 else Text(f"剩 {left} 天", f"{left} d left")).of(lang))
    grade = whole(str(row.get(style.grade or ""))) or 0
    moment = row.get(layer.time or "")
    return {
        "key": row[layer.key], "label": name or str(row.get(layer.label or "") or row[layer.key]),
        "told": [one for one in said if one], "grade": grade if 1 <= grade <= 4 else 0,
        "symbol": style.symbols.get(str(row.get(style.by or "")), style.symbol), "site": row.get("site") or "",
        "state": row.get("state"), "at": iso(moment) if isinstance(moment, datetime) else None,
        "left": left, **_where(layer, row.get("geometry")),
    }  # fmt: skip


def _where(layer: Layer, geometry: bytes | None) -> Told:
    """The fence line of a site, the place of a point."""
    if geometry is None or layer.geometry not in (Geometry.POINT, Geometry.POLYGON):
        return {}
    shape = shapely.from_wkb(geometry)
    if layer.geometry is Geometry.POLYGON:
        return {"shape": orjson.loads(shapely.to_geojson(shape))} if layer.id == SITES.id else {}
    place = shapely.point_on_surface(shape)
    return {"lon": round(place.x, 6), "lat": round(place.y, 6)}


def _said(spec: FieldSpec, value: Any, firm: Firm) -> str:
    words = shown(spec, value, firm.lang)
    short = {"r_value": "R ", "s_value": "S ", "valid_until": Text("至 ", "until ").of(firm.lang)}
    counted = {"people_day": Text("白天 {} 人", "{} by day"), "people_night": Text("夜间 {} 人", "{} by night"),
               "deaths": Text("死亡 {} 人", "{} dead")}  # fmt: skip
    if spec.name in counted and words:
        return counted[spec.name].of(firm.lang).format(words)
    return short.get(spec.name, "") + words if words else ""


def _left(row: Mapping[str, Any], firm: Firm) -> int | None:
    """Days that a licence which runs has left, below nought where its time is over."""
    until: date | None = row.get("valid_until")
    if until is None or row.get("state") not in RUNNING:
        return None
    return (until - firm.now.astimezone(CHINA).date()).days


def _measured(firm: Firm, readings: Readings, section: Told) -> None:
    """The newest value of each point that is told, while it is one."""
    rows = section["rows"][:LISTED]
    found = readings.latest([row["key"] for row in rows], firm.now, scope=firm.scope, lang=firm.lang)
    for row in rows:
        row["reading"] = found.get(row["key"])


def _by_site(sections: Mapping[str, Told]) -> None:
    """What lies at each site, by layer; then no more rows than are told."""
    sites = {row["key"]: row for row in sections[SITES.id]["rows"]} if SITES.id in sections else {}
    for row in sites.values():
        row["holds"] = []
    for section in sections.values():
        counts: dict[str, int] = {}
        for row in section["rows"]:
            counts[row["site"]] = counts.get(row["site"], 0) + 1
        for key, count in counts.items():
            if key in sites:
                sites[key]["holds"].append({"layer": section["id"], "title": section["title"], "count": count})
        if section["id"] == ALARMS.id:
            section["standing"] = sum(row["state"] in STANDING for row in section["rows"])
        if section["id"] == LICENCES.id:
            running = [row["left"] for row in section["rows"] if row["left"] is not None]
            section["near"] = sum(0 <= left <= NEAR.days for left in running)
            section["over"] = sum(left < 0 for left in running)
        section["rows"] = section["rows"][:LISTED]


def files(firm: Firm, records: Collection[tuple[str, str]]) -> list[Told]:
    """The newest files at the enterprise and at what belongs to it."""
    found = attached_to(firm.store, records, scope=firm.scope, limit=FILES)
    return [
        {"id": one["id"], "name": one["name"], "at": iso(one["added_at"]), "by": one["added_by"], "size": one["size"],
         "layer": firm.store.catalogue[one["of_layer"]].title.of(firm.lang), "key": one["of_key"]}
        for one in found
    ]  # fmt: skip
