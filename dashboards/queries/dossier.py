"""一企一档: all that is known of one enterprise and its sites, as far as the reader may see; one question a layer."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
import shapely

from casework.casetype import REMIND, CaseType, Step
from core.clock import CHINA, iso
from core.errors import NotFoundError
from core.texts import Lang, Text
from dashboards.queries.belongings import BY_YEAR, LISTED, belongings, files
from dashboards.queries.card import grade_of, linked_to, merged_here, pairs
from dashboards.queries.firmcases import Firm, Told, cases_of, in_year
from dashboards.queries.readings import Readings
from dashboards.queries.wording import shown
from layers.catalogue import ALARMS, ENTERPRISES
from layers.catalogue.casework import CASE_STEPS
from layers.filters import Compare, In, Op, every
from layers.layer import Layer
from layers.record import Record
from monitoring.alarms.life import STANDING
from store.feed import Change
from store.query import Order, Query

STEPS, VERSIONS = 200, 20
CHANGES: Mapping[Change, Text] = {
    Change.MERGE: Text("并档", "Merged"), Change.UNMERGE: Text("撤销并档", "Merge undone"),
    Change.LOAD: Text("台账导入", "Imported"), Change.STEP: Text("字段升级", "Fields converted"),
    Change.ERASE: Text("依法擦除", "Erased by law"),
}  # fmt: skip
_REMINDED = Text("到期提醒", "Reminded of the deadline")
_CHANGED = Text("台账修改", "Ledger changed")


def dossier(
    firm: Firm, systems: Sequence[CaseType], readings: Readings | None, *, system: str = "", year: int | None = None
) -> Told:
    """Everything of one enterprise; NotFoundError where the reader may not know of it.

    `system` leaves one business system, `year` what was opened or happened in it.
    """
    store, scope, lang = firm.store, firm.scope, firm.lang
    layer = store.catalogue.find(ENTERPRISES.id, scope)
    if layer is None:
        raise NotFoundError(Text("没有企业台账", "there is no ledger of enterprises"))
    stored = store.get(layer, firm.key, scope=scope)
    record = stored.record
    place = None if record.geometry is None else shapely.point_on_surface(record.geometry)
    history = _history(firm, layer)
    told: Told = {
        "id": firm.key, "name": getattr(record, "name", firm.key), "now": iso(firm.now),
        "grade": grade_of(layer, record, lang), "version": stored.version,
        "lon": None if place is None else round(place.x, 6), "lat": None if place is None else round(place.y, 6),
        "source": record.source, "datum": str(record.source_datum), "chips": _chips(layer, record, firm),
        "basics": pairs(store, layer, record, scope, lang), "history": history,
        "into": None, "merged": merged_here(store, layer, firm.key, scope, lang),
    }  # fmt: skip
    into = layer.merged_into and getattr(record, layer.merged_into)
    if into:
        link = linked_to(store, layer, into, scope)
        return told | {"into": link or {"layer": layer.id, "key": into, "label": into}}
    wanted = [of for of in systems if not system or of.id == system]
    cases = cases_of(firm, wanted, listed=LISTED, year=year)
    sections = belongings(firm, readings, year)
    steps, more = _steps(firm, wanted, cases, year)
    met = {(layer.id, firm.key)} | {(one["id"], row["key"]) for one in sections.values() for row in one["rows"]}
    met |= {(one["layer"], row["code"]) for one in cases for row in one["rows"]}
    return told | {
        "cases": cases, "sections": list(sections.values()), "files": files(firm, met),
        "years": sorted({year for one in cases for year in one["years"]}, reverse=True), "timeline_more": more,
        "timeline": _in_time(steps, [] if system else _happened(firm, sections, history, year)),
    }  # fmt: skip


def _chips(layer: Layer, record: Record, firm: Firm) -> list[str]:
    seen = layer.fields_in(firm.scope)
    """What an enterprise is in a few words: sector, whether it works, grades, whether it is listed."""
    said = [shown(seen[name], getattr(record, name), firm.lang) for name in ("sector", "status") if name in seen]
    graded = {"std_grade": Text("标准化", "Standardization "), "credit_grade": Text("诚信", "Credit ")}
    said += [title.of(firm.lang) + shown(seen[name], getattr(record, name), firm.lang)
             for name, title in graded.items() if name in seen and getattr(record, name)]  # fmt: skip
    if "blacklist" in seen and getattr(record, "blacklist", False):
        said.append(seen["blacklist"].title.of(firm.lang))
    return [one for one in said if one]


def _history(firm: Firm, layer: Layer) -> list[Told]:
    """The newest versions of the ledger's row: when, who, why, and what each changed."""
    kept = firm.store.versions(layer, firm.key, scope=firm.scope)
    bodies: list[dict[str, Any]] = [orjson.loads(one.body) if one.body else {} for one in kept]
    told = []
    for place in range(len(kept) - 1, max(-1, len(kept) - 1 - VERSIONS), -1):
        changes = _changes(firm, layer, bodies[place - 1], bodies[place]) if place else []
        told.append({"version": kept[place].version, "changed": changes} | _entry(firm, layer, kept[place].from_seq))
    return told


def _changes(firm: Firm, layer: Layer, earlier: dict[str, Any], later: dict[str, Any]) -> list[Told]:
    lang = firm.lang
    return [
        {"title": spec.title.of(lang), "from": shown(spec, earlier.get(name), lang),
         "to": shown(spec, later.get(name), lang)}
        for name, spec in layer.fields_in(firm.scope).items()
        if earlier.get(name) != later.get(name)
    ]  # fmt: skip


def _entry(firm: Firm, layer: Layer, seq: int) -> Told:
    """Who wrote a version, as far as the reader may see the entry."""
    found = firm.store.feed(after=seq - 1, scope=firm.scope, layers=frozenset({layer.id}), limit=1)
    if not found or found[0].seq != seq:
        return {"at": None, "by": "", "reason": "", "change": _CHANGED.of(firm.lang)}
    said = CHANGES.get(found[0].change, _CHANGED).of(firm.lang)
    return {"at": iso(found[0].at), "by": found[0].actor, "reason": found[0].reason, "change": said}


def _steps(firm: Firm, systems: Sequence[CaseType], cases: Sequence[Told], year: int | None) -> tuple[list[Told], bool]:
    """The newest steps in cases of the registers open to the reader, reminders among them."""
    log = firm.store.catalogue.find(CASE_STEPS.id, firm.scope)
    open_ = {one["layer"]: one for one in cases}
    of_layer = {of.register.id: of for of in systems if of.register.id in open_}
    if log is None or not of_layer:
        return [], False
    mine = every(
        Compare("enterprise", Op.EQ, firm.key), In("of_layer", tuple(of_layer)),
        None if year is None else in_year("at", year),
    )  # fmt: skip
    fields = ("code", "of_layer", "of_key", "step", "step_title", "at", "by", "reason")
    query = Query(where=mine, fields=fields, order=(Order("at", descending=True),), limit=STEPS + 1, geometry=False)
    rows = firm.store.read(log, query, scope=firm.scope).to_pylist()
    names = {(one["layer"], row["code"]): row["title"] for one in cases for row in one["rows"]}
    told = []
    for row in rows[:STEPS]:
        of = of_layer[row["of_layer"]]
        step = of.step(row["step"])
        told.append(
            {
                "at": iso(row["at"]), "what": _step_words(row, step, firm.lang),
                "about": names.get((row["of_layer"], row["of_key"]), row["of_key"]), "by": row["by"] or "",
                "why": row["reason"] or "", "kind": "reminder" if row["step"] == REMIND else "case",
                "from": of.title.of(firm.lang), "system": of.id, "code": row["of_key"],
            }
        )  # fmt: skip
    return told, len(rows) > STEPS


def _step_words(row: Told, step: Step | None, lang: Lang) -> str:
    if step is not None:
        return step.title.of(lang)
    return _REMINDED.of(lang) if row["step"] == REMIND else str(row["step_title"])


def _happened(firm: Firm, sections: Mapping[str, Told], history: Sequence[Told], year: int | None) -> list[Told]:
    """What happened outside cases: changes of the ledger, accidents, papers, alarms that stand."""
    told = [
        {"at": row["at"], "what": row["label"], "about": " · ".join(row["told"]), "by": "", "why": "", "kind": "row",
         "from": section["title"], "layer": section["id"], "key": row["key"]}
        for section in sections.values() if section["id"] in BY_YEAR | {ALARMS.id}
        for row in section["rows"]
        if row["at"] and (section["id"] != ALARMS.id or row["state"] in STANDING)
    ]  # fmt: skip
    told += [
        {"at": one["at"], "what": one["change"], "about": "、".join(each["title"] for each in one["changed"]),
         "by": one["by"],
         "why": one["reason"], "kind": "ledger", "from": Text("台账", "Ledger").of(firm.lang)}
        for one in history if one["at"]
    ]  # fmt: skip
    return told if year is None else [
        one for one in told if datetime.fromisoformat(str(one["at"])).astimezone(CHINA).year == year
    ]  # fmt: skip


def _in_time(*parts: list[Told]) -> list[Told]:
    """The newest of everything, the newest first."""
    return sorted((one for part in parts for one in part), key=lambda one: str(one["at"]), reverse=True)[:STEPS]
