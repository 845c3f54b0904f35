"""Zones of a kept scenario on the map: in the colour of their level, hatched and named where unverified."""

from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import expect

from tests.app.test_doors import signed_in
from tests.browser.conftest import Visit
from tests.server import Served

pytestmark = pytest.mark.browser

LEAK = {
    "title": "阀门泄漏", "place": {"lon": 121.653, "lat": 33.3}, "chemical": "7782-50-5",
    "release": {"kind": "direct", "mass_rate": "0.5 kg/s", "duration": "10 min"},
    "weather": {"wind_speed": "3 m/s", "wind_from": 45, "stability": "D", "ambient_temperature": "20 ℃"},
    "model": "passive",
}  # fmt: skip


def test_zones_nobody_verified_are_hatched_dashed_and_say_so(written: Served, visit: Callable[..., Visit]) -> None:
    with signed_in(written.address, "city") as city:
        kept: httpx.Response = city.post("/api/scenarios", json={"scenario": LEAK})
        assert kept.status_code in (200, 201), kept.text
    one = visit(written.address, "city")
    page = one.open("/map?layers=scenario_zones&c=121.643,33.29&z=14")
    zones = page.locator("path.leaflet-interactive[stroke-dasharray]")
    expect(zones).to_have_count(3)
    assert [zone.get_attribute("fill") for zone in zones.all()] == [f"url(#area-hatch-{n})" for n in (3, 2, 1)]
    zones.last.hover()
    expect(page.locator(".leaflet-tooltip")).to_contain_text("未核实")
    assert one.faults == []
