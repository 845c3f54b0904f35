"""One scenario's answer in one weather, remembered: distances and areas of each level, or the reason for none."""

import json
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from shapely.geometry.base import BaseGeometry

from core.errors import OneMapError
from core.units import KilogramPerSecond, Metre, SquareMetre
from emergency.chain import part_of
from emergency.chain.drawn import CloudZones
from emergency.chain.part import Part
from emergency.models.dispersion.many import Numbers, reach_numbers
from emergency.scenario import Weather
from emergency.scenario import scenario as scenario_of
from emergency.zones import Cut, Zone

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
    return _remembered(said, shapes).answers(asked)


class _Answers:
    def __init__(self, said: str, shapes: bool) -> None:
        self._scenario = scenario_of(json.loads(said))
        self._shapes = shapes
        self._known: OrderedDict[Weather, Row] = OrderedDict()

    def answers(self, asked: Sequence[Weather]) -> list[Row]:
        keys = [one.model_copy(update={"wind_from": 0.0}) for one in asked]
        fresh = list(dict.fromkeys(one for one in keys if one not in self._known))
        found = {one: self._known[one] for one in keys if one in self._known}
        found |= zip(fresh, self._computed(fresh), strict=True)
        self._known |= found
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return [found[one] for one in keys]

    def _computed(self, weathers: Sequence[Weather]) -> list[Row]:
        """Each weather's part by itself, then all clouds cut together."""
        rows: list[Row] = []
        clouds: dict[int, CloudZones] = {}
        for place, one in enumerate(weathers):
            try:
                part = part_of(self._scenario.model_copy(update={"weather": one}))
                rows.append(_row(part, self._shapes))
                if isinstance(part.zones, CloudZones):
                    clouds[place] = part.zones
            except OneMapError as refused:
                rows.append(Row(error_zh=refused.text.zh, error_en=refused.text.en))
        if clouds:
            cut = reach_numbers([one.cloud for one in clouds.values()], np.array([one.aims for one in clouds.values()]))
            for line, place in enumerate(clouds):
                rows[place] = replace(rows[place], reached=_of_cloud(cut, line))
        return rows


@lru_cache(maxsize=1)
def _remembered(said: str, shapes: bool) -> _Answers:
    return _Answers(said, shapes)


def _row(part: Part, shapes: bool) -> Row:
    """All but how far a cloud reaches."""
    zones, checks = part.zones, part.checks
    reached: tuple[Reached, ...] = ()
    if isinstance(zones, CloudZones):
        model = zones.model
    else:
        model, reached = zones[0].model if zones else "", _of_drawn(zones)
        checks = (*checks, *(check for zone in zones for check in zone.checks))
    return Row(
        model=model, reached=reached, shapes=tuple(zone.shape for zone in zones) if shapes else (),
        mass_rate=next((one.value for one in part.figures if one.name == "mass_rate"), NO_NUMBER),
        outside=",".join(dict.fromkeys(one.parameter for one in checks if not one.holds)),
    )  # fmt: skip


def _of_drawn(zones: Sequence[Zone]) -> tuple[Reached, ...]:
    return tuple(Reached(distance=zone.distance, area=zone.area, half_width=NO_NUMBER, cut=zone.cut) for zone in zones)


def _of_cloud(cut: Numbers, line: int) -> tuple[Reached, ...]:
    """One cloud's levels, worst first: a milder one never less than a worse one."""
    far, area, wide = (np.maximum.accumulate(one[line]).tolist() for one in (cut.farthest, cut.area, cut.half_width))
    return tuple(
        Reached(
            distance=far[place], area=area[place], half_width=wide[place],
            cut=Cut.MODEL_RANGE if beyond else Cut.NONE,
        )
        for place, beyond in enumerate(cut.beyond[line].tolist())
    )  # fmt: skip
