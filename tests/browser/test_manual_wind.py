"""Wind entered by hand on the map, as whoever is on duty does it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from core.actors import SYSTEM_ACTOR
from core.clock import utc_now
from core.scope import SYSTEM_SCOPE
from layers.catalogue import CATALOGUE, WEATHER_STATIONS
from layers.filters import Compare, Op
from store.embedded import open_embedded
from store.feed import Delete
from store.query import Query
from tests.browser.conftest import Visit
from tests.server import Served

pytestmark = pytest.mark.browser


def test_wind_entered_on_the_map_is_shown_as_by_hand(written: Served, visit: Callable[..., Visit]) -> None:
    duty = visit(written.address, "duty")
    page = duty.open("/map")
    page.get_by_role("button", name="录入风").click()
    form = page.get_by_role("dialog")
    form.get_by_label("观测地点").fill("2 号码头东侧")
    form.get_by_label("风速").fill("3.5")
    form.get_by_role("button", name="录入", exact=True).click()
    expect(form.get_by_role("alert")).to_contain_text("请填写风从何方来")
    form.get_by_label("风从何方来").select_option("45")
    form.get_by_role("button", name="录入", exact=True).click()
    expect(form).to_have_count(0)
    expect(page.locator("#map-weather")).to_contain_text("东北风 3.5")
    expect(page.locator("#map-weather")).to_contain_text("2 号码头东侧（人工）")
    assert duty.faults == []
    store = open_embedded(written.data / "city.gpkg", CATALOGUE, utc_now)
    by_hand = Query(where=Compare("kind", Op.EQ, "manual"), fields=("code",), geometry=False)
    codes = store.read(WEATHER_STATIONS, by_hand, scope=SYSTEM_SCOPE)["code"].to_pylist()
    gone = [Delete(layer=WEATHER_STATIONS.id, key=code) for code in codes]
    store.commit(gone, actor=SYSTEM_ACTOR, reason="test", scope=SYSTEM_SCOPE)
    store.close()
    assert len(codes) == 1
    city = visit(written.address, "committee").open("/map")
    expect(city.locator("#map-weather")).not_to_be_empty()
    assert city.get_by_role("button", name="录入风").count() == 0
