"""What is handed on: scenarios with what each came to, for whom, by whom, and what every form of it has to say."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.caller import Caller
from core.clock import CHINA
from core.errors import NotFoundError
from core.texts import Lang, Text
from core.units import Fraction
from dashboards.brief.contents import areas_told, place_of
from dashboards.planner.choices import word
from dashboards.queries.wording import THIN, code_label, compass, length
from dashboards.screens import Screens
from emergency.chemicals import substance
from emergency.exposure import Exposure
from emergency.model import MODELS
from emergency.result import Result
from emergency.scenario import Scenario
from emergency.zones import Cut, Zone

MARKS = ("A", "B")
"""What the scenarios are called, in their order."""

LIMITS = Text(
    "本文件结果由公开发表的模型按所填条件算得,未经任何主管部门验证用于疏散决策;模型不计建筑、地形和时变风。"
    "现场处置以监测数据和指挥部决定为准。标“未核实”的限值尚未与原始文件核对。",
    "Results are computed by published models from what was typed in. No authority has validated them for evacuation "
    "decisions; buildings, terrain and changing wind are not modelled. On site, measurements and the command decide. "
    "Levels marked unverified have not been compared with their source.",
)
"""What nobody who opens a file may miss."""

UNVERIFIED = Text("未核实", "unverified")
UNTESTED = Text("模型未核实", "model unverified")
OUTSIDE = Text("超出适用范围", "outside the method's range")
NOT_REACHED = Text("未达到", "not reached")
WHOLE: Fraction = 0.999
"""From here a zone counts as covered by the population raster."""

_LONGEST = 40


class Format(StrEnum):
    """What is written."""

    GPKG = "gpkg"
    KML = "kml"
    HTML = "html"
    PDF = "pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One scenario, what it came to and who is inside; `mark` is A, or B beside another."""

    mark: str
    scenario: Scenario
    result: Result
    inside: Exposure

    @property
    def chemical(self) -> Text:
        """The name of what is released; its number where it is not in our table."""
        try:
            return substance(self.scenario.chemical).name
        except NotFoundError:
            return Text(self.scenario.chemical, self.scenario.chemical)

    @property
    def drawn(self) -> list[Zone]:
        """The zones that are reached, outermost first, so that the worst lies on top."""
        reached = [zone for zone in self.result.zones if zone.reached]
        return sorted(reached, key=lambda zone: -zone.level.severity)

    def people(self, zone: Zone) -> tuple[float, Fraction] | None:
        """Residents inside a zone and the share of it with data; None where the caller may not ask."""
        found = (one for one in self.inside.people or () if one.severity == zone.level.severity)
        return next(((one.residents, one.known) for one in found), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handout:
    """One file's contents; `areas` and `clearance` say under which rights it was made, in words."""

    lang: Lang
    city: str
    place: str
    sides: tuple[Side, ...]
    made_at: datetime
    maker: str
    areas: str
    clearance: str
    demo: bool
    approval: str

    @property
    def title(self) -> str:
        """The scenario's own title, or both."""
        return " / ".join(side.scenario.title for side in self.sides)

    def filename(self, suffix: str) -> str:
        """`推演_阀门泄漏_20261127-2350.kml`, by local time."""
        kind = Text("推演", "scenario") if len(self.sides) == 1 else Text("推演对比", "scenarios")
        moment = self.made_at.astimezone(CHINA).strftime("%Y%m%d-%H%M")
        title = "".join(c if c.isalnum() else "-" for c in self.sides[0].scenario.title).strip("-")
        return f"{kind.of(self.lang)}_{title[:_LONGEST] or self.place}_{moment}.{suffix}"


def gathered(screens: Screens, sides: Sequence[Side], caller: Caller) -> Handout:
    """A handout by somebody, now, under their own rights."""
    return Handout(
        lang=caller.lang,
        city=screens.title.of(caller.lang),
        place=place_of(screens.title, caller.lang),
        sides=tuple(sides),
        made_at=screens.clock(),
        maker=caller.actor.name,
        areas=areas_told(screens, caller),
        clearance=code_label("sensitivity", int(caller.scope.clearance), caller.lang),
        demo=screens.demo,
        approval=screens.map_approval_no,
    )


def speaker(lang: Lang) -> Callable[[str, str], str]:
    """Says the one of two wordings that the reader reads."""
    return lambda zh, en: Text(zh, en).of(lang)


def doubts(zone: Zone) -> tuple[Text, ...]:
    """Everything that goes with a zone's name wherever it is written: not verified, out of range, cut off."""
    declared = MODELS.get(zone.model)
    found = (
        (not zone.verified, UNVERIFIED),
        (declared is not None and not declared.card.verified, UNTESTED),
        (not zone.valid, OUTSIDE),
        (zone.cut is not Cut.NONE, zone.cut.text),
    )
    return tuple(said for holds, said in found if holds)


def far(zone: Zone, lang: Lang) -> str:
    """How far a zone reaches: "at least" where it is cut off."""
    if not zone.reached:
        return NOT_REACHED.of(lang)
    return ("" if zone.cut is Cut.NONE else f"≥{THIN}") + length(zone.distance)


def named(zone: Zone, lang: Lang) -> str:
    """`AEGL-2 60 分 2 ppm·2.22 km(未核实)`."""
    told = Text("、", ", ").of(lang).join(one.of(lang) for one in doubts(zone))
    marked = Text(f"({told})", f" ({told})").of(lang) if told else ""
    return f"{zone.level.name.of(lang)}·{far(zone, lang)}{marked}"


def short(side: Side, zone: Zone, lang: Lang) -> str:
    """`AEGL-2`: a level's first word where no other level of the scenario begins with it, else its whole name."""
    whole = zone.level.name.of(lang)
    first = whole.split(" ")[0]
    others = [one.level.name.of(lang).split(" ")[0] for one in side.result.zones]
    return first if others.count(first) == 1 else whole


def wind(side: Side, lang: Lang) -> str:
    """`东北风 3.2 m/s(来向 45°)`."""
    air = side.scenario.weather
    way, speed = compass(air.wind_from), f"{air.wind_speed:g}{THIN}m/s"
    said = Text(f"{way.zh}风 {speed}(来向 {air.wind_from:g}°)", f"{way.en} wind {speed} (from {air.wind_from:g}°)")
    return said.of(lang)


def kind_of(side: Side, lang: Lang) -> str:
    """What kind of release."""
    return word(side.scenario.release.kind, lang)
