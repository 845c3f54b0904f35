"""What a system adds up in its statistics, in words: the sums of a period, line by line, and what is missing."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import groupby
from typing import Any

from app.doors.admin.fields import Given, refused, words
from casework.casetype import CaseType
from casework.sums import AREA, DISTRICT, PERIOD, Absent, Added, Sums, period_title, summed
from core.caller import Caller
from core.texts import Lang, Text
from dashboards.queries.wording import area_word, code_label, unit
from layers.codes import code_list
from layers.layer import Layer
from store.protocol import Store

LONGEST = 7
DIGITS = 4
TITLES = {
    "years": Text("按年", "By year"),
    "quarters": Text("按季度", "By quarter"),
    "months": Text("按月", "By month"),
}


def sums_told(
    store: Store, of: CaseType, layer: Layer, caller: Caller, given: Given, areas: Mapping[str, str], now: datetime
) -> dict[str, Any]:
    """The sums of a period, by months and by what the declaration says; refused where a system adds up nothing."""
    period = words(given, "period", longest=LONGEST) if given.get("period") else ""
    if of.sums is None:
        raise refused("period", period, Text("本业务没有汇总", "this system adds up nothing"))
    if period and not re.fullmatch(PERIOD, period):
        raise refused("period", period, Text("2026、2026-Q1 或 2026-03", "2026, 2026-Q1 or 2026-03"))
    lang, sums = caller.lang, of.sums
    districts = [code for code in sorted(areas) if _own(code, caller)]
    found = summed(store, layer, sums, period, districts, scope=caller.scope, at=now)
    inside = [
        *((name, layer.fields[name].title.of(lang), lines) for name, lines in found.by),
        *((name, TITLES[name].of(lang), getattr(found, name)) for name in ("months", "quarters", "years")),
    ]
    return {
        "about": sums.about.of(lang), "whose": area_word(store, caller.scope, lang),
        "counted_word": _states(of, sums.counted, lang), "waiting_word": _states(of, sums.waiting, lang),
        "period": found.period, "period_title": period_title(found.period).of(lang),
        "periods": [{"code": one, "name": period_title(one).of(lang)} for one in found.periods],
        "columns": [
            {"name": name, "title": layer.fields[name].title.of(lang), "unit": unit(layer.fields[name].unit, lang)}
            for name in sums.fields
        ],
        "total": _line(found.total, "", sums),
        "tables": [
            {"name": name, "title": title, "rows": [_line(one, _word(layer, name, one.code, areas, lang), sums)
                                                    for one in _ordered(layer, name, lines)]}
            for name, title, lines in inside
        ],
        "missing": _missing(layer, sums, found.absent, areas, len(districts), lang),
        "expected": bool(districts),
    }  # fmt: skip


def _states(of: CaseType, states: Iterable[str], lang: Lang) -> str:
    return ("、" if lang is Lang.ZH else ", ").join(of.state_title(str(one)).of(lang) for one in states)


def _own(code: str, caller: Caller) -> bool:
    """A district that the caller's scope covers as a whole."""
    return len(code) == DISTRICT and not code.endswith("00") and caller.scope.covers(code)


def _ordered(layer: Layer, name: str, lines: Iterable[Added]) -> list[Added]:
    """Lines of a code list in its order; others by their codes."""
    codes = layer.fields[name].codes if name in layer.fields else None
    order = {one.code: n for n, one in enumerate(code_list(codes))} if codes else {}
    return sorted(lines, key=lambda one: (order.get(one.code, len(order)), one.code))


def _line(one: Added, name: str, sums: Sums) -> dict[str, Any]:
    return {
        "code": one.code, "name": name, "cases": one.cases, "waiting": one.waiting,
        **{key: {field: round(value, DIGITS) for field, value in zip(sums.fields, values, strict=True)}
           for key, values in (("values", one.values), ("held", one.held))},
    }  # fmt: skip


def _word(layer: Layer, name: str, code: str, areas: Mapping[str, str], lang: Lang) -> str:
    if name in TITLES:
        return period_title(code).of(lang)
    return areas.get(code, code) if name == AREA else code_label(layer.fields[name].codes, code, lang)


def _missing(
    layer: Layer, sums: Sums, absent: Iterable[Absent], areas: Mapping[str, str], all_: int, lang: Lang
) -> list[dict[str, Any]]:
    """Month by month who has told nothing; the districts are named where some have. `whole` where nobody has."""
    codes = layer.fields[sums.expected].codes
    every = len(code_list(str(codes)))
    found = [(month, list(those)) for month, those in groupby(absent, key=lambda one: one.month)]
    return [
        {
            "month": month, "name": period_title(month).of(lang),
            "whole": sum(len(one.areas) for one in those) == every * all_,
            "of": [
                {
                    "code": one.code, "name": code_label(codes, one.code, lang),
                    "areas": [] if len(one.areas) == all_ else [areas.get(code, code) for code in one.areas],
                }
                for one in those
            ],
        }
        for month, those in found
    ]  # fmt: skip
