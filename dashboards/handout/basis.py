"""Of every number how it came: method, source, level, conditions with the value here, what is left out, evidence."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import geopandas as gpd

from core.clock import CHINA
from core.texts import Lang, Text
from dashboards.handout.colours import grade
from dashboards.handout.contents import UNTESTED, UNVERIFIED, WHOLE, Side, doubts, far, speaker
from dashboards.handout.wording import between, rounded, said
from dashboards.queries.wording import THIN
from emergency.model import MODELS, Check
from emergency.result import DataUsed, Figure
from emergency.zones import Cut, Zone
from layers.coverage import POPULATION


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One condition of validity, with the value it has here."""

    title: str
    asked: str
    value: str
    holds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """How one number came and how far to trust it; `severity` 0 where it belongs to no level."""

    title: str
    value: str
    severity: int
    marks: tuple[str, ...]
    how: str
    source: str
    level: str
    conditions: tuple[Condition, ...]
    neglects: tuple[str, ...]
    evidence: str
    formula: str = ""


def bases(side: Side, lang: Lang) -> Iterator[Basis]:
    """Distances first, then people and counts, then the figures of the chain."""
    say = speaker(lang)
    for zone in side.result.zones:
        yield _basis_of(side, zone, lang)
    for zone in side.result.zones:
        if side.people(zone) is not None:
            yield _people_basis(side, zone, lang)
    for table, title in (
        (side.inside.targets, say("区内保护目标", "protection targets inside")),
        (side.inside.hazards, say("区内其他重大危险源", "other hazard sources inside")),
    ):
        if table is not None:
            yield _count_basis(side, title, table, lang)
    for figure in side.result.figures:
        yield _figure(side, figure, lang)


def _count_basis(side: Side, title: str, table: gpd.GeoDataFrame, lang: Lang) -> Basis:
    used = [one for one in side.inside.data if one.name in set(table["layer"].tolist())]
    how = Text(
        "按制作人权限读取的登记对象中,与最外影响区相交的",
        "of the records its maker may see, those the outermost zone touches",
    )
    return Basis(
        title=title, value=f"{len(table):,}", severity=0, marks=(), how=how.of(lang),
        source="; ".join(f"{one.title.of(lang)} {age(one, lang)}" for one in used), level="", conditions=(),
        neglects=(), evidence="",
    )  # fmt: skip


def _basis_of(side: Side, zone: Zone, lang: Lang) -> Basis:
    say, level = speaker(lang), zone.level
    how, source, evidence, neglects = _method(side, zone.model, lang)
    minutes = "" if not level.averaging_time else say(
        f",平均时间 {level.averaging_time / 60:g} 分", f", averaged over {level.averaging_time / 60:g} min"
    )  # fmt: skip
    mark = "" if level.verified else f" [{UNVERIFIED.of(lang)}]"
    return Basis(
        title=say(f"{level.name.zh} 距离", f"{level.name.en} distance"), value=far(zone, lang),
        severity=grade(level.severity), marks=tuple(one.of(lang) for one in doubts(zone)), how=how, source=source,
        level=f"{rounded(level.value)}{THIN}{level.unit}{minutes};{level.source}{mark}",
        conditions=tuple(_condition(one, lang) for one in zone.checks), neglects=neglects, evidence=evidence,
        formula=_formula(zone.model),
    )  # fmt: skip


def _people_basis(side: Side, zone: Zone, lang: Lang) -> Basis:
    say = speaker(lang)
    found = side.people(zone)
    known = 1.0 if found is None else found[1]
    used = [one for one in side.inside.data if one.name == POPULATION.id]
    marks = [] if known >= WHOLE else [say(f"区内 {known:.0%} 有人口数据", f"data for {known:.0%} of the zone")]
    marks += [UNVERIFIED.of(lang) for one in used if not one.verified]
    return Basis(
        title=say(f"{zone.level.name.zh} 内人口", f"people within {zone.level.name.en}"),
        value=people_told(side, zone, lang), severity=grade(zone.level.severity), marks=tuple(marks),
        how=say("与人口栅格按面积精确相交后求和,含更重的级别", "cut exactly with the raster, worse zones included"),
        source="; ".join(f"{one.title.of(lang)} {one.source} {age(one, lang)}" for one in used), level="",
        conditions=(), neglects=(), evidence="",
    )  # fmt: skip


def _figure(side: Side, figure: Figure, lang: Lang) -> Basis:
    how, source, evidence, neglects = _method(side, figure.model, lang)
    marks = (UNTESTED.of(lang),) if figure.model in MODELS and not MODELS[figure.model].card.verified else ()
    return Basis(
        title=figure.title.of(lang), value=said(figure.value, figure.unit), severity=0, marks=marks,
        how=how or Text("由使用者给定", "as given").of(lang), source=source, level="", conditions=(),
        neglects=neglects, evidence=evidence, formula=_formula(figure.model),
    )  # fmt: skip


def _formula(model: str) -> str:
    """What a model computes with, as its card prints it."""
    return MODELS[model].card.formula.text if model in MODELS else ""


def _method(side: Side, model: str, lang: Lang) -> tuple[str, str, str, tuple[str, ...]]:
    """How, by whom, on what evidence, and without what."""
    used = next((one for one in side.result.receipt.models if one.id == model), None)
    card = MODELS[model].card if model in MODELS else None
    if card is None:
        return "", "", "", ()
    tier = card.tier if used is None else used.tier
    left = tuple(one.of(lang) for one in card.neglects)
    return (
        f"{card.title.of(lang)}({card.id} {card.version}):{card.how.of(lang)}",
        card.source,
        tier.title.of(lang),
        left,
    )


def _condition(check: Check, lang: Lang) -> Condition:
    high = None if math.isinf(check.high) else check.high
    return Condition(
        title=check.title.of(lang), asked=between(check.low, high, check.unit, lang),
        value=said(check.value, check.unit), holds=check.holds,
    )  # fmt: skip


def people_told(side: Side, zone: Zone, lang: Lang) -> str:
    """Residents inside: at least so many where the zone is cut or a part of it has no data."""
    found = side.people(zone)
    if found is None:
        return Text("未统计", "not counted").of(lang) if side.inside.people is None else "–"
    residents, known = found
    least = "≥" + THIN if zone.cut is not Cut.NONE or known < WHOLE else ""
    return f"{least}{round(residents):,}"


def age(one: DataUsed, lang: Lang) -> str:
    """As of when data speak, by local time."""
    if one.observed_at is None:
        return Text("数据时间未注明", "age not stated").of(lang)
    return one.observed_at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
