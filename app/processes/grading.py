"""GB 18218 as a process: what a unit holds and who lives near, to its level, each step with its clause."""

from dataclasses import replace
from typing import Any

from core.caller import Caller
from core.errors import BadInputError, Fault, FaultsError
from core.texts import Text
from emergency.chemicals import search as found_by
from emergency.gb18218 import FORMULA, SOURCE, Holding, grade
from emergency.written import read
from ogc.processes.process import Json, Part, Process, Value, Values

MOST = 500
"""Substances of one unit."""

MOST_PEOPLE = 10_000_000
WORDS = {"type": "string", "maxLength": 100}
HOLDING: Json = {
    "type": "object",
    "additionalProperties": False,
    "required": ["mass"],
    "properties": {
        "mass": {
            "oneOf": [{"type": "number", "exclusiveMinimum": 0, "x-ogc-unit": "kg"},
                      {"type": "string", "maxLength": 60, "examples": ["100 t"]}],
        },
        "cas": WORDS, "name": WORDS, "category": WORDS,
    },
}  # fmt: skip


def _run(asked: Json, caller: Caller) -> Values:
    lang = caller.lang
    found = grade(_holdings(asked["holdings"]), _people(asked["people"]))
    return {
        "s": Value(value=found.s, unit="1"),
        "r": Value(value=found.r, unit="1"),
        "alpha": Value(value=found.alpha, unit="1"),
        "level": Value(value=found.level),
        "major": Value(value=found.is_major),
        "steps": Value(
            value=[
                {"symbol": one.symbol, "value": one.value, "clause": one.clause.of(lang), "how": one.how.of(lang)}
                for one in found.steps
            ]
        ),
        "evidence": Value(value={"source": SOURCE.of(lang), "formula": FORMULA, "verified": False}),
    }


def _holdings(given: Any) -> list[Holding]:
    if not isinstance(given, list) or not 1 <= len(given) <= MOST:
        raise BadInputError(
            Text(f"holdings 应为 1 至 {MOST} 项的列表", f"holdings must be a list of 1 to {MOST}"), field="holdings"
        )
    found, faults = [], []
    for row, one in enumerate(given, 1):
        unknown = sorted(set(one) - set(HOLDING["properties"])) if isinstance(one, dict) else [""]
        if unknown:
            allowed = ", ".join(HOLDING["properties"])
            rule = Text(f"每项为对象,可用 {allowed}", f"each is an object of {allowed}")
            faults.append(Fault(field="holdings", value=unknown[0][:60], rule=rule, row=row))
            continue
        try:
            words = {name: str(one.get(name) or "")[:100] for name in ("cas", "name", "category")}
            found.append(_known(Holding(mass=read(one.get("mass"), "kg", "mass"), **words)))
        except BadInputError as wrong:
            faults.append(Fault(field="holdings.mass", value=str(one.get("mass"))[:60], rule=wrong.text, row=row))
    if faults:
        raise FaultsError(faults)
    return found


def _known(one: Holding) -> Holding:
    """The same with the number and name the tables know it by, where only a name of a known substance is given."""
    names = () if one.cas or not one.name else found_by(one.name)
    known = next((each for each in names if one.name in (each.name.zh, each.name.en, *each.synonyms)), None)
    if known is None:
        return one
    return replace(one, cas=known.cas, name=one.name if len(known.serials) > 1 else known.name.zh)


def _people(given: Any) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given <= MOST_PEOPLE:
        raise BadInputError(
            Text(f"people 应为 0 至 {MOST_PEOPLE} 的整数", f"people must be a whole number from 0 to {MOST_PEOPLE}"),
            field="people", value=str(given)[:60],
        )  # fmt: skip
    return given


def _number(name: str, zh: str, en: str) -> Part:
    return Part(name=name, title=Text(zh, en), schema={"type": "number", "x-ogc-unit": "1"})


GRADING = Process(
    id="gb18218-grading",
    title=Text("重大危险源辨识与分级(GB 18218-2018)", "Major hazard sources identified and graded (GB 18218-2018)"),
    about=Text(
        "由单元内各物质的设计最大量与厂外 500 米内常住人数得 S、R 与级别,每一步注明条款",
        "S, R and the level of a unit from what it holds at most and who lives within 500 m, each step with its clause",
    ),
    inputs=(
        Part(
            name="holdings", title=Text("各物质设计最大量", "what the unit holds at most"),
            schema={"type": "array", "minItems": 1, "maxItems": MOST, "items": HOLDING},
        ),
        Part(
            name="people", title=Text("厂外 500 米内常住人数", "people living within 500 m of the boundary"),
            schema={"type": "integer", "minimum": 0, "maximum": MOST_PEOPLE},
        ),
    ),
    outputs=(
        _number("s", "辨识指标 S", "S of the identification"), _number("r", "分级指标 R", "R of the grading"),
        _number("alpha", "暴露人员校正系数 α", "factor alpha of people exposed"),
        Part(name="level", title=Text("级别", "level"), schema={"enum": [1, 2, 3, 4, None]}),
        Part(name="major", title=Text("构成重大危险源", "is a major hazard source"), schema={"type": "boolean"}),
        Part(name="steps", title=Text("计算步骤", "steps"), schema={"type": "array", "items": {"type": "object"}}),
        Part(name="evidence", title=Text("依据", "what it rests on"), schema={"type": "object"}),
    ),
    run=_run, always=("evidence",), facts={"source": SOURCE, "verified": False},
)  # fmt: skip
