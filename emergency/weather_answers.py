"""One scenario's answer in one weather, remembered: distances and areas of each level, or the reason for none."""

import json
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from shapely.geometry.base import BaseGeometry

from core.errors import OneMapError
from core.units import KilogramPerSecond, Metre, SquareMetre
from emergency.chain import part_of
from emergency.chain.drawn import CloudZones
from emergency.chain.part import Part
from emergency.models.dispersion.zone import Reach
from emergency.scenario import Scenario, Weather
from emergency.scenario import scenario as scenario_of
from emergency.zones import Cut

REMEMBERED = 5000
"""Weathers, but for the wind's direction, whose answer is kept for when they come again."""

NO_NUMBER = float("nan")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """One level in one weather; `half_width` is not known of zones that were drawn otherwise than along an axis."""

    distance: Metre
    area: SquareMetre
    half_width: Metre
    cut: Cut


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One weather's answer; `shapes` are the zones with the wind from north, where people are to be counted."""

    model: str = ""
    mass_rate: KilogramPerSecond = NO_NUMBER
    outside: str = ""
    error_zh: str = ""
    error_en: str = ""
    reached: tuple[Reached, ...] = ()
    shapes: tuple[BaseGeometry, ...] = ()


def computed_rows(said: str, asked: Sequence[Weather], shapes: bool) -> list[Row]:
    """The answers of weathers for a scenario spelt as JSON; what was computed once is remembered by this process."""
    known = _remembered(said, shapes)
    return [known.answer(one) for one in asked]


class _Answers:
    def __init__(self, said: str, shapes: bool) -> None:
        self._scenario = scenario_of(json.loads(said))
        self._shapes = shapes
        self._known: OrderedDict[Weather, Row] = OrderedDict()

    def answer(self, weather: Weather) -> Row:
        key = weather.model_copy(update={"wind_from": 0.0})
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = _row(self._scenario.model_copy(update={"weather": key}), self._shapes)
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return found


@lru_cache(maxsize=1)
def _remembered(said: str, shapes: bool) -> _Answers:
    return _Answers(said, shapes)


def _row(scenario: Scenario, shapes: bool) -> Row:
    try:
        part = part_of(scenario)
        reached = _reached(part)
        drawn = tuple(zone.shape for zone in part.zones) if shapes else ()
    except OneMapError as refused:
        return Row(error_zh=refused.text.zh, error_en=refused.text.en)
    checks = part.checks
    if not isinstance(part.zones, CloudZones):
        checks = (*checks, *(check for zone in part.zones for check in zone.checks))
    return Row(
        model=_model(part), reached=reached, shapes=drawn,
        mass_rate=next((one.value for one in part.figures if one.name == "mass_rate"), NO_NUMBER),
        outside=",".join(dict.fromkeys(one.parameter for one in checks if not one.holds)),
    )  # fmt: skip


def _model(part: Part) -> str:
    if isinstance(part.zones, CloudZones):
        return part.zones.model
    return part.zones[0].model if part.zones else ""


def _reached(part: Part) -> tuple[Reached, ...]:
    """How far each level reaches; of a cloud without drawing it, a milder level never less than a worse one."""
    if not isinstance(part.zones, CloudZones):
        return tuple(
            Reached(distance=zone.distance, area=zone.area, half_width=NO_NUMBER, cut=zone.cut) for zone in part.zones
        )
    found = part.zones.reaches()

    def growing(pick: Callable[[Reach], float]) -> list[float]:
        return list(accumulate((pick(one) for one in found), max))

    far, area = growing(lambda one: one.farthest), growing(lambda one: one.area)
    wide = growing(lambda one: one.widest[0])
    return tuple(
        Reached(
            distance=far[place], area=area[place], half_width=wide[place],
            cut=Cut.MODEL_RANGE if one.beyond else Cut.NONE,
        )
        for place, one in enumerate(found)
    )  # fmt: skip
