"""The card of one object: what is known, what it is linked to, what the reader may not see."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import shapely

from casework.casetype import CaseType
from core.clock import CHINA, iso
from core.scope import Scope
from core.texts import Lang, Text, whole
from dashboards.queries.firmcases import Firm, States, cases_of, declared_states
from dashboards.queries.footage import video_of
from dashboards.queries.readings import Readings
from dashboards.queries.selection import ENTERPRISES
from dashboards.queries.tree import grade_words
from dashboards.queries.wording import area_names, shown
from layers.catalogue.casework import CASE_STEPS
from layers.catalogue.licences import LICENCES
from layers.filters import Compare, In, Op
from layers.layer import Layer
from layers.record import Record
from store.protocol import Store
from store.query import Order, Query

LISTED, CASES = 12, 4
_QUIET = {"sensitivity", "source", "source_datum", "observed_at"}
_WITHHELD = Text("无权查看，可请值班室转接", "not open to you; the duty desk can connect you")
_EMPTY = Text("没有登记", "None registered")
_MERGED = Text("已并入", "Merged into")
_MERGED_HERE = Text("并入本记录", "Merged into this one")

Section = dict[str, Any]


def grade_of(layer: Layer, record: Record, lang: Lang) -> dict[str, Any] | None:
    """The grade of a row in words, where it has one."""
    value = getattr(record, layer.style.grade, None) if layer.style.grade else None
    grade = whole(str(value))
    if grade is None or not 1 <= grade <= 4:
        return None
    return {"grade": grade, "word": grade_words(layer)[grade - 1].of(lang)}


def pairs(store: Store, layer: Layer, record: Record, scope: Scope, lang: Lang) -> Section:
    """What the fields of one row say; one that is kept from the reader says so."""
    seen, areas = layer.fields_in(scope), area_names(store, scope)
    told: list[dict[str, Any]] = []
    for name, spec in layer.fields.items():
        if name in _QUIET or name == layer.label:
            continue
        title = spec.title.of(lang)
        if name not in seen:
            told.append({"title": title, "kept": _WITHHELD.of(lang)})
            continue
        value = getattr(record, name)
        words = areas.get(value, str(value)) if name == "area" and value else shown(spec, value, lang)
        if not words:
            continue
        other = store.catalogue.find(spec.refers, scope) if spec.refers else None
        to = None if other is None else linked_to(store, other, str(value), scope)
        grade = int(value) if name == layer.style.grade and str(value) in ("1", "2", "3", "4") else 0
        told.append({"title": title, "words": to["label"] if to else words, "link": to, "grade": grade})
    return {"id": "basics", "title": Text("基本", "Basics").of(lang), "kind": "pairs", "pairs": told}


def linked_to(store: Store, other: Layer, key: str, scope: Scope) -> dict[str, str] | None:
    """Where a reference leads, under the name of what is there; None when the caller may not see it."""
    seen = other.fields_in(scope)
    label = other.label if other.label in seen else other.key
    fields = tuple(dict.fromkeys((other.key, str(label))))
    query = Query(where=In(other.key, (key,)), fields=fields, geometry=False, merged=True)
    found = store.read(other, query, scope=scope).to_pylist()
    return {"layer": other.id, "key": key, "label": str(found[0][label] or key)} if found else None


def _linked(
    store: Store, other: Layer, field: str, key: str, scope: Scope, lang: Lang, *, merged: bool = False
) -> Section:
    """The first rows of another layer that name this one; they are counted apart where there are more."""
    where = Compare(field, Op.EQ, key)
    seen = other.fields_in(scope)
    named = (other.key, other.label, other.style.grade, other.style.by, other.time)
    fields = tuple(dict.fromkeys(f for f in named if f and f in seen))
    query = Query(where=where, fields=fields, geometry=False, limit=LISTED + 1, merged=merged)
    found = store.read(other, query, scope=scope).to_pylist()
    whole_ = len(found) <= LISTED
    total = len(found) if whole_ else store.count(other, Query(where=where, merged=merged), scope=scope)
    entries = []
    for row in found[:LISTED]:
        label = row.get(other.label or "") or row[other.key]
        grade = row.get(other.style.grade or "")
        by, time = row.get(other.style.by or ""), row.get(other.time or "")
        entries.append(
            {
                "key": row[other.key],
                "label": str(label),
                "grade": whole(str(grade)) or 0,
                "symbol": other.style.symbols.get(str(by), other.style.symbol),
                "more": shown(seen[str(other.time)], time, lang) if time else _kind(other, by, lang),
            }
        )
    title = other.title.of(lang)
    return {"id": other.id, "title": title, "kind": "rows", "layer": other.id, "total": total, "rows": entries}


def _kind(layer: Layer, by: object, lang: Lang) -> str:
    return shown(layer.fields[layer.style.by], by, lang) if layer.style.by and by else ""


def _sections(
    store: Store, layer: Layer, key: str, scope: Scope, lang: Lang, apart: frozenset[str] = frozenset()
) -> list[Section]:
    sections = []
    for other in store.catalogue.seen_by(scope):
        if other.id in apart:
            continue
        field = next((n for n, s in other.fields.items() if s.refers == layer.id), None)
        if field is None or other.id in (layer.id, CASE_STEPS.id) or field not in other.fields_in(scope):
            continue  # the log of a case is read in the case
        if (layer.id, other.id) == (ENTERPRISES, LICENCES.id):
            continue  # told with their ends, further up
        section = _linked(store, other, field, key, scope, lang)
        if section["total"] == 0:
            section["note"] = _EMPTY.of(lang)
        sections.append(section)
    return sections


def _permits(store: Store, key: str, now: datetime, scope: Scope, lang: Lang) -> list[Section]:
    """The licences of an enterprise by their ends, each with its kind, state and days left."""
    layer = store.catalogue.find(LICENCES.id, scope)
    if layer is None or "enterprise" not in layer.fields_in(scope):
        return []
    where, seen = Compare("enterprise", Op.EQ, key), layer.fields_in(scope)
    fields = ("code", "number", "kind", "state", "valid_until")
    query = Query(where=where, fields=fields, order=(Order("valid_until"),), geometry=False, limit=LISTED)
    entries = [
        {
            "key": row["code"], "label": shown(seen["kind"], row["kind"], lang) or row["number"], "grade": 0,
            "symbol": layer.style.symbols.get(str(row["state"]), layer.style.symbol),
            "more": _until(shown(seen["state"], row["state"], lang), row, now.astimezone(CHINA).date(), lang),
        }
        for row in store.read(layer, query, scope=scope).to_pylist()
    ]  # fmt: skip
    total = len(entries) if len(entries) < LISTED else store.count(layer, Query(where=where), scope=scope)
    section: Section = {"id": "permits", "title": layer.title.of(lang), "kind": "rows", "layer": layer.id,
                        "total": total, "rows": entries}  # fmt: skip
    return [section if total else section | {"note": _EMPTY.of(lang)}]


def _until(state: str, row: Mapping[str, Any], today: date, lang: Lang) -> str:
    """How long a licence still runs, or how it ended."""
    until = row["valid_until"]
    if until is None:
        return state
    left = (until - today).days
    if row["state"] == "soon" and left >= 0:
        return Text(f"至 {until}·剩 {left} 天", f"until {until}, {left} d left").of(lang)
    return Text(f"至 {until}·{state}", f"until {until}, {state}").of(lang)


def merged_here(store: Store, layer: Layer, key: str, scope: Scope, lang: Lang) -> Section | None:
    """The rows merged into this one; None where there are none or rows of the layer cannot be merged."""
    field = layer.merged_into
    if field is None or field not in layer.fields_in(scope):
        return None
    here = _linked(store, layer, field, key, scope, lang, merged=True)
    return here | {"id": "merged-here", "title": _MERGED_HERE.of(lang)} if here["total"] else None


def _merged(store: Store, layer: Layer, record: Record, scope: Scope, lang: Lang) -> list[Section]:
    """What this row was merged into, first on the card; and the rows merged into this one."""
    field = layer.merged_into
    into = getattr(record, field) if field is not None and field in layer.fields_in(scope) else None
    if field is None or not into:
        here = merged_here(store, layer, getattr(record, layer.key), scope, lang)
        return [] if here is None else [here]
    link = linked_to(store, layer, into, scope)
    pair = {
        "title": layer.fields[field].title.of(lang), "words": link["label"] if link else into, "link": link, "grade": 0,
    }  # fmt: skip
    return [{"id": "merged", "title": _MERGED.of(lang), "kind": "pairs", "pairs": [pair]}]


def card(
    store: Store,
    readings: Readings | None,
    layer: Layer,
    key: str,
    now: datetime,
    *,
    scope: Scope,
    lang: Lang,
    systems: Sequence[CaseType] = (),
    states: States = declared_states,
) -> dict[str, Any]:
    """Everything the panel shows of one object; NotFoundError when the caller may not know of it.

    Of an enterprise also its open cases in these business systems, whose registers are then not listed besides.
    """
    stored = store.get(layer, key, scope=scope)
    record = stored.record
    told = systems if layer.id == ENTERPRISES else ()
    apart = frozenset(of.register.id for of in told)
    firm = Firm(store=store, key=key, now=now, scope=scope, lang=lang, states=states)
    sections = [
        *_merged(store, layer, record, scope, lang),
        pairs(store, layer, record, scope, lang),
        *_sections(store, layer, key, scope, lang, apart),
    ]
    if layer.id == ENTERPRISES:
        at = 1 + next(i for i, one in enumerate(sections) if one["id"] == "basics")
        sections[at:at] = _permits(store, key, now, scope, lang)
    if readings is not None:
        readings.enrich(layer, key, sections, now, scope=scope, lang=lang)
    place = None if record.geometry is None else shapely.point_on_surface(record.geometry)
    said = layer.told_precision(scope)
    label = getattr(record, layer.label) if layer.label else key
    return {
        "layer": layer.id,
        "layer_title": layer.title.of(lang),
        "key": key,
        "title": str(label) or key,
        "grade": grade_of(layer, record, lang),
        "lon": None if place is None else round(place.x, 6),
        "lat": None if place is None else round(place.y, 6),
        "version": stored.version,
        "source": record.source,
        "datum": str(record.source_datum),
        "precision": None if place is None or said is None else said.of(lang),
        "at": None if record.observed_at is None else iso(record.observed_at),
        "sections": sections,
        "video": video_of(layer, scope),
        "cases": cases_of(firm, told, listed=CASES) if told else None,
    }
