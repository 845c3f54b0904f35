"""One enterprise: from its mark on the map to its enforcement case and back, and one page of two records merged."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import shapely
from playwright.sync_api import expect

from core.actors import Actor
from core.clock import utc_now
from core.scope import SYSTEM_SCOPE, Sensitivity
from layers.catalogue import CATALOGUE, ENTERPRISES
from layers.catalogue.dangers import Danger
from layers.catalogue.enterprises import Enterprise
from store.embedded import open_embedded
from store.feed import Delete, Put
from store.merging import Desk, merge
from store.unmerging import unmerge
from tests.browser.conftest import HALL, PHONE, Visit
from tests.server import Served

pytestmark = pytest.mark.browser

SLOW = 20_000
KEEP, DROP = "91990106MATESTKEEP", "91990106MATESTDROP"
WRITER = Actor(id="test", name="试", door="cli")
CENTRE = "() => { const { lat, lng } = OneMap.map.map.getCenter(); return [lng, lat]; }"


def test_a_regulator_clicks_an_enterprise_on_the_map_opens_its_enforcement_case_and_is_led_back(
    server: str, visit: Callable[..., Visit]
) -> None:
    desk = visit(server, "city", HALL)
    desk.page.goto(server + "/home")
    ask = "path => fetch(path).then((answer) => answer.json())"
    case = desk.page.evaluate(ask, "/api/cases/list?system=penalty&view=open")["rows"][-1]
    code, firm_, name = case["code"], case["enterprise"], case["enterprise_name"]
    place = desk.page.evaluate(ask, f"/api/enterprise?id={firm_}")
    page = desk.open(f"/map?theme=none&layers=enterprises&c={place['lon']},{place['lat']}&z=18")
    page.get_by_role("group", name="主题").get_by_role("button", name="证照").click()
    expect(page.locator(".furniture.legend")).to_contain_text("90 天内到期", timeout=SLOW)
    page.wait_for_function("() => new Set(OneMap.map.canvas.layers.get('enterprises').columns.grade).size >= 3")
    expect(page).to_have_url(re.compile("theme=permits"))
    box = page.locator("#map-leaflet").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    card = page.locator("#map-card")
    expect(card).to_contain_text(firm_, timeout=SLOW)
    card.locator(f"[data-section=cases] a[href*={code}]").click()
    opened = page.locator("#case-one")
    expect(opened.locator("h2")).to_have_text(case["title"], timeout=SLOW)
    expect(opened).to_contain_text(code)
    page.wait_for_selector("[data-screen=cases][data-ready]")
    at = page.evaluate("() => { const { lat, lng } = window.__maps.at(-1).getCenter(); return [lng, lat]; }")
    assert at == pytest.approx([place["lon"], place["lat"]], abs=2e-3), "the map went to the case"
    opened.get_by_role("link", name="在一张图上看").click()
    page.wait_for_selector("[data-screen=map][data-ready]")
    assert f"sel=penalties:{code}" in page.url.replace("%3A", ":"), "the link carries the selection"
    expect(card.locator("h2")).to_contain_text(case["title"], timeout=SLOW)
    assert page.evaluate(CENTRE) == pytest.approx([place["lon"], place["lat"]], abs=5e-3)
    page.go_back()
    opened.get_by_role("link", name="一企一档").click(timeout=SLOW)
    expect(page.locator("#firm-head h2")).to_have_text(name, timeout=SLOW)
    expect(page.locator(f'#firm-cases a[data-code="{code}"]')).to_be_visible()
    expect(page.locator("#firm-accidents")).to_contain_text("没有")
    page.get_by_label("全部系统").select_option("penalty")
    expect(page.locator("#firm-cases h3")).to_have_count(1, timeout=SLOW)
    expect(page.locator("#firm-timeline .firm-event").first).to_contain_text("行政处罚")
    assert "system=penalty" in page.url
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert desk.faults == []


def firm(uscc: str, name: str) -> Enterprise:
    return Enterprise(
        uscc=uscc, name=name, short_name=name, sector="hazchem", area="990106201", geometry=shapely.Point(121.9, 33.2)
    )


def danger(code: str, of: str) -> Danger:
    told: dict[str, Any] = {"opened_at": utc_now(), "state_since": utc_now(), "found_at": utc_now(), "steps": 1}
    return Danger(
        code=code, title=f"隐患{code}", state="reported", enterprise=of, turn="enterprise", place="库区",
        opened_month="2026-11", area="990106201", sensitivity=Sensitivity.INTERNAL, **told,
    )  # fmt: skip


def test_an_open_page_shows_two_records_as_one_when_they_are_merged_and_as_two_when_that_is_undone(
    written: Served, visit: Callable[..., Visit]
) -> None:
    store = open_embedded(written.data / "city.gpkg", CATALOGUE, utc_now)
    try:
        rows = [("enterprises", firm(KEEP, "合档化工")), ("enterprises", firm(DROP, "合档化工旧档")),
                ("dangers", danger("YH2001-000001", KEEP)), ("dangers", danger("YH2001-000002", DROP))]  # fmt: skip
        edits = [Put(layer=layer, record=record) for layer, record in rows]
        store.commit(edits, actor=WRITER, reason="试", scope=SYSTEM_SCOPE)
        clerk = Desk(store=store, layer=ENTERPRISES, actor=WRITER, scope=SYSTEM_SCOPE)
        page = visit(written.address, "district", HALL).open(f"/enterprise?id={KEEP}")
        cases, told = page.locator("#firm-cases [data-code]"), page.locator("#firm-head .firm-into")
        expect(cases).to_have_count(1)
        page.wait_for_function("() => OneMap.live.state() === 'open'")
        merge(clerk, KEEP, DROP, reason="重复建档")
        expect(cases).to_have_count(2, timeout=SLOW)
        expect(told).to_contain_text(DROP)
        told.get_by_role("link").click()
        expect(told).to_contain_text("本记录已并入", timeout=SLOW)
        expect(page.locator("#firm-cases")).to_have_count(0)
        unmerge(clerk, DROP, reason="并错了")
        expect(cases).to_have_count(1, timeout=SLOW)
        expect(told).to_have_count(0)
    finally:
        made = (
            ("dangers", "YH2001-000001"),
            ("dangers", "YH2001-000002"),
            ("enterprises", KEEP),
            ("enterprises", DROP),
        )
        gone = [Delete(layer=layer, key=key) for layer, key in made]
        store.commit(gone, actor=WRITER, reason="试毕", scope=SYSTEM_SCOPE)
        store.close()
