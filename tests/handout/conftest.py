"""Chlorine over the demo city, handed on by somebody of the city."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from core.actors import Actor
from core.caller import Caller
from core.clock import utc_now
from core.scope import SYSTEM_SCOPE, Scope
from core.texts import Lang
from dashboards.handout.contents import MARKS, Handout, Side, gathered
from dashboards.screens import Screens
from emergency.chain import answered
from emergency.exposure import exposure
from emergency.scenario import scenario
from emergency.wind_band import Turning
from layers.catalogue import CATALOGUE
from layers.coverage import COVERAGES
from store.embedded import open_embedded
from store.rasters import RasterShelf
from tests.server import demo_city

CHLORINE: dict[str, Any] = {
    "title": "2 号储罐泄漏 <氯>", "place": {"lon": 121.88, "lat": 33.19}, "chemical": "7782-50-5",
    "release": {"kind": "direct", "mass_rate": "2 kg/s", "duration": "30 min"},
    "weather": {"wind_speed": 3.0, "wind_from": 45.0, "stability": "D", "ambient_temperature": "15 °C"},
}  # fmt: skip
"""MISSION C06: chlorine, 2 kg/s, wind north-east 3 m/s, class D."""

LESS = CHLORINE | {"title": "阀门泄漏", "release": {"kind": "direct", "mass_rate": "0.6 kg/s", "duration": "30 min"}}
BLAST = CHLORINE | {"title": "爆炸", "chemical": "7664-41-7", "release": {"kind": "tnt", "tnt_mass": "2 t"}}


class Bench:
    """Computes scenarios and makes handouts of them."""

    def __init__(self, screens: Screens) -> None:
        self.screens = screens

    def side(self, given: dict[str, Any], mark: str = "A", scope: Scope = SYSTEM_SCOPE) -> Side:
        """One computed scenario."""
        wish, now = scenario(given), self.screens.clock()
        turning = Turning(spread=20.0, share=0.9, ahead=3600.0, pairs=2000, station="W1", since=now, until=now)
        result = answered(wish, at=now, code_version="1.2.3", turning=turning)
        inside = exposure(
            result.zones, result.source, store=self.screens.store, shelf=self.screens.shelf, scope=scope
        )  # fmt: skip
        return Side(mark=mark, scenario=wish, result=result, inside=inside)

    def handout(self, *given: dict[str, Any], lang: Lang = Lang.ZH, scope: Scope = SYSTEM_SCOPE) -> Handout:
        """What somebody hands on of scenarios."""
        caller = Caller(actor=Actor(id="t", name="王立", door="page"), scope=scope, lang=lang)
        sides = [self.side(one, mark, scope) for one, mark in zip(given, MARKS, strict=False)]
        return gathered(replace(self.screens, demo=True), sides, caller)


@pytest.fixture(scope="session")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    data = demo_city(tmp_path_factory.mktemp("handout"))
    store = open_embedded(data / "city.gpkg", CATALOGUE, utc_now)
    shelf = RasterShelf(store, data / "rasters", COVERAGES, utc_now)
    yield Bench(Screens(catalogue=CATALOGUE, store=store, clock=utc_now, shelf=shelf))
    store.close()


@pytest.fixture(scope="session")
def chlorine(bench: Bench) -> Handout:
    """The one scenario."""
    return bench.handout(CHLORINE)


@pytest.fixture(scope="session")
def both(bench: Bench) -> Handout:
    """Two side by side."""
    return bench.handout(CHLORINE, LESS)
