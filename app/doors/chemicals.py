"""`/api/chemicals`: dangerous substances by number or name, and the card of one."""

from itertools import groupby
from typing import Any

from starlette.routing import BaseRoute, Route

from app.doors.admin.fields import Given, only, words
from app.doors.bodies import asked
from core.caller import Caller
from core.texts import Lang, Text
from emergency.chemicals import Substance, search, substance, substances
from emergency.chemicals.card import ChemicalCard, Property, card
from emergency.chemicals.levels import Level
from emergency.gb18218.tables import Entry
from emergency.limits import Standing
from emergency.limits.kept import standing_of
from store.protocol import Store

MOST = 120
SCHEMES = ("AEGL", "ERPG", "PAC", "IDLH")


def chemical_routes(store: Store) -> list[BaseRoute]:
    """What is shipped of substances, with what was verified here of their limits."""

    def listed(caller: Caller, given: Given) -> Given:
        """GET ?q=: substances whose CAS or UN number, name or other name holds the words; all of them without."""
        only(given, "q")
        q = words(given, "q", longest=60, empty=True)
        found = search(q) if q else tuple(substances().values())
        return {"rows": [_line(one, caller.lang) for one in found[:MOST]], "total": len(found)}

    def shown(caller: Caller, given: Given) -> Given:
        """GET /card?id=: everything a duty officer reads of one substance, and what is not known."""
        only(given, "id")
        found = card(substance(words(given, "id", longest=60)))
        return _card(found, standing_of(store, caller.scope), caller.lang)

    return [
        Route("/api/chemicals", asked(listed), methods=["GET"]),
        Route("/api/chemicals/card", asked(shown), methods=["GET"]),
    ]


def _line(one: Substance, lang: Lang) -> Given:
    return {
        "id": one.id, "name": one.name.of(lang), "cas": one.cas, "un": list(one.un),
        "classes": list(one.hazard_class), "synonyms": list(one.synonyms), "listed": bool(one.serials),
    }  # fmt: skip


def _card(found: ChemicalCard, standing: Standing, lang: Lang) -> Given:
    one = found.substance
    return _line(one, lang) | {
        "other_name": one.name.en if lang is Lang.ZH else one.name.zh,
        "note": one.note,
        "remarks": [remark.of(lang) for remark in found.remarks],
        "properties": [_property(line, lang) for line in found.properties],
        "missing": [title.of(lang) for title in found.missing],
        "levels": _schemes(found.levels, standing, lang),
        "thresholds": [_threshold(row, standing, lang) for row in found.thresholds],
    }


def _property(line: Property, lang: Lang) -> Given:
    at = None if line.at is None else line.at - 273.15
    doubt = None
    if line.continued:
        doubt = Text("超出数据表的温度范围,按公式外推", "beyond the temperatures of its table, only continued")
    elif line.estimated:
        doubt = Text("没有数据表,按对应状态法估算", "no table: estimated from corresponding states")
    return {
        "name": line.name, "title": line.title.of(lang), "value": line.value, "unit": line.unit, "at_celsius": at,
        "source": line.source, "doubt": None if doubt is None else doubt.of(lang),
    }  # fmt: skip


def _schemes(levels: tuple[Level, ...], standing: Standing, lang: Lang) -> list[dict[str, Any]]:
    """Limits by scheme, in the order planners look for them."""

    def scheme(one: Level) -> str:
        return one.quantity.partition("-")[0]

    ordered = sorted(levels, key=lambda one: (_rank(scheme(one)), scheme(one), one.quantity, one.averaging))
    return [
        {"scheme": name, "rows": [_level(one, standing, lang) for one in rows]}
        for name, rows in groupby(ordered, key=scheme)
    ]


def _rank(scheme: str) -> int:
    return SCHEMES.index(scheme) if scheme in SCHEMES else len(SCHEMES)


def _level(one: Level, standing: Standing, lang: Lang) -> Given:
    state = standing.state(one.row)
    return {
        "quantity": one.quantity, "minutes": one.averaging / 60, "value": one.value, "unit": one.unit,
        "source": one.source, "row": one.row, "note": one.note, "verified": standing.confirmed(one.row),
        "state": state.label.of(lang) if state != "open" else one.status.label.of(lang),
    }  # fmt: skip


def _threshold(row: Entry, standing: Standing, lang: Lang) -> Given:
    limit = f"gb18218-1/{row.serial}"
    return {
        "serial": row.serial, "name": row.name, "tonnes": row.threshold / 1000, "source": row.source, "row": limit,
        "verified": standing.confirmed(limit), "state": standing.state(limit).label.of(lang),
    }  # fmt: skip
