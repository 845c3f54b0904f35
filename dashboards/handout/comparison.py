"""Two scenarios figure by figure, as the workbench's page compares them; what is cut off is not compared."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from core.texts import Lang, Text
from dashboards.handout.basis import people_told
from dashboards.handout.colours import grade
from dashboards.handout.contents import Side, far, speaker
from dashboards.queries.wording import length
from emergency.zones import Cut, Zone

NO = Text("不可比", "not comparable")
NOT_COUNTED = Text("未统计", "not counted")
NOTHING = "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One figure of both and how much more B has."""

    title: str
    severity: int
    verified: bool
    a: str
    b: str
    difference: str


@dataclass(frozen=True, slots=True)
class _Cell:
    """A figure as it is said, and as a number where it may be compared."""

    words: str = NOTHING
    number: float | None = None
    cut: bool = False


def comparison(a: Side, b: Side, *, lang: Lang) -> list[Row]:
    """Distances, people, what is inside and length of road."""
    return [*_levels(a, b, lang), *_counts(a, b, lang)]


def _levels(a: Side, b: Side, lang: Lang) -> Iterator[Row]:
    """Two rows for each level that one of both has."""
    say = speaker(lang)
    pairs: dict[str, list[Zone | None]] = {}
    for place, side in enumerate((a, b)):
        for zone in side.result.zones:
            pairs.setdefault(zone.level.name.zh, [None, None])[place] = zone
    zones = [zone for side in (a, b) for zone in side.result.zones]
    levels = {zone.level.name.zh: zone.level for zone in zones}
    for name, (first, second) in sorted(pairs.items(), key=lambda pair: levels[pair[0]].severity):
        level = levels[name]
        yield _row(
            say(f"{level.name.zh} 距离", f"{level.name.en} distance"), grade(level.severity), level.verified,
            _far(first, lang), _far(second, lang), length, lang,
        )  # fmt: skip
        yield _row(
            say(f"{level.name.zh} 内人口", f"people within {level.name.en}"), grade(level.severity), level.verified,
            _people(a, first, lang), _people(b, second, lang), _whole, lang,
        )  # fmt: skip


def _counts(a: Side, b: Side, lang: Lang) -> Iterator[Row]:
    say = speaker(lang)
    titles = (
        ("targets", say("保护目标", "protection targets")),
        ("hazards", say("其他重大危险源", "other hazard sources")),
    )
    for name, title in titles:
        yield _row(title, 0, True, _count(a, name, lang), _count(b, name, lang), _whole, lang)
    roads = say("区内道路长度", "length of road inside")
    yield _row(roads, 0, True, _roads(a, lang), _roads(b, lang), length, lang)


def _row(
    title: str, severity: int, verified: bool, a: _Cell, b: _Cell, words: Callable[[float], str], lang: Lang
) -> Row:
    if a.number is None or b.number is None:
        difference = NOTHING
    elif a.cut or b.cut:
        difference = NO.of(lang)
    else:
        more = b.number - a.number
        difference = "0" if more == 0 else ("+" if more > 0 else "−") + words(abs(more))
    return Row(title=title, severity=severity, verified=verified, a=a.words, b=b.words, difference=difference)


def _whole(count: float) -> str:
    return f"{round(count):,}"


def _far(zone: Zone | None, lang: Lang) -> _Cell:
    return _Cell() if zone is None else _Cell(far(zone, lang), zone.distance, zone.cut is not Cut.NONE)


def _people(side: Side, zone: Zone | None, lang: Lang) -> _Cell:
    if zone is None:
        return _Cell()
    found = side.people(zone)
    return _Cell(people_told(side, zone, lang), None if found is None else found[0], zone.cut is not Cut.NONE)


def _cut(side: Side) -> bool:
    return any(zone.cut is not Cut.NONE for zone in side.result.zones)


def _count(side: Side, name: str, lang: Lang) -> _Cell:
    table = getattr(side.inside, name)
    return _Cell(NOT_COUNTED.of(lang)) if table is None else _Cell(f"{len(table):,}", len(table), _cut(side))


def _roads(side: Side, lang: Lang) -> _Cell:
    if side.inside.roads is None:
        return _Cell(NOT_COUNTED.of(lang))
    metres = float(side.inside.roads["length_inside"].sum())
    return _Cell(length(metres), metres, _cut(side))
