"""The map page as a duty officer uses it: counts agree, filters act, circles list, links keep their state."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from core.actors import Actor
from core.clock import utc_now
from core.scope import SYSTEM_SCOPE
from layers.catalogue import CATALOGUE
from store.embedded import open_embedded
from store.feed import Delete, Put
from tests.browser.conftest import PHONE, Visit
from tests.server import PASSWORDS, Served

pytestmark = pytest.mark.browser

SHOWN = "id => OneMap.map.canvas.total(id)"
STANDS = """() => { const map = OneMap.map.map, at = map.getCenter();
  const [lon, lat] = new URLSearchParams(location.search).get('c').split(',').map(Number);
  return !map._panAnim?._inProgress && Math.abs(at.lng - lon) < 1e-4 && Math.abs(at.lat - lat) < 1e-4; }"""
MANY = "/map?layers=enterprises,hazard_sources,sensors,hospitals,teams&table=enterprises"
TEAMS = "/map?table=teams&layers=enterprises,hospitals,teams,fire_stations"
"""Each test that works on this page leaves another card open on it."""
PUBLIC = "/map?risk=1"


def count_in_tree(page: Page, layer: str) -> int:
    return int(page.inner_text(f"#map-layers li[data-layer={layer}] .count").replace(",", ""))


@contextmanager
def api(server: str, login: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server, headers={"origin": server}, timeout=60) as client:
        client.post("/signin", data={"login": login, "password": PASSWORDS[login], "next": "/map"})
        yield client


def test_every_screen_is_silent_in_the_console_and_asks_nobody_else(server: str, seen: Callable[..., Visit]) -> None:
    found = seen(server, MANY)
    page = found.page
    page.wait_for_selector("#map-table tbody tr")
    assert found.faults == []


def test_tree_canvas_and_store_count_the_same(server: str, seen: Callable[..., Visit]) -> None:
    page = seen(server, MANY).page
    with api(server, "city") as client:
        for layer in ("enterprises", "teams"):
            rows = len(client.get(f"/api/map/{layer}").json()["keys"])
            assert count_in_tree(page, layer) == rows == page.evaluate(SHOWN, layer)


def test_the_public_account_sees_less(server: str, seen: Callable[..., Visit]) -> None:
    page = seen(server, PUBLIC, login="public").page
    assert page.query_selector("#map-layers li[data-layer=hazard_sources]") is None
    assert page.query_selector("#map-layers [aria-label='风险']") is None
    with api(server, "public") as client:
        assert client.get("/api/map/hazard_sources").status_code == 404


def test_a_filter_kept_from_the_public_is_said_on_the_map(server: str, seen: Callable[..., Visit]) -> None:
    found = seen(server, PUBLIC, login="public")
    expect(found.page.locator(".map-note")).to_contain_text("筛选条件“风险”不对您开放")
    assert found.faults == []


def test_the_district_sees_only_its_own_enterprises(
    server: str, visit: Callable[..., Visit], seen: Callable[..., Visit]
) -> None:
    city, district = seen(server, MANY).page, visit(server, login="district").open("/map")
    assert 0 < count_in_tree(district, "enterprises") < count_in_tree(city, "enterprises")


def test_two_characters_of_a_chemical_find_it_from_the_keyboard(server: str, seen: Callable[..., Visit]) -> None:
    page = seen(server, TEAMS).page
    page.keyboard.press("/")
    page.keyboard.type("液氨")
    expect(page.locator("#search-hits [role=option]").first).to_contain_text("液氨")  # not still of the first character
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#map-card h2")).to_contain_text("液氨")
    expect(page.locator("#map-card [data-section=basics]")).to_be_visible()


def test_a_filter_acts_on_map_counts_and_table_together(server: str, seen: Callable[..., Visit]) -> None:
    page = seen(server, MANY).page
    page.click("#map-layers [aria-label='风险'] button:nth-child(1)")
    with api(server, "city") as client:
        red = len(client.get("/api/map/enterprises?risk=1").json()["keys"])
    expect(page.locator("#table-total")).to_have_attribute("data-total", str(red))
    page.wait_for_function(f"n => ({SHOWN})('enterprises') === n", arg=red)
    expect(page.locator("#map-layers li[data-layer=enterprises] .count")).to_have_text(f"{red:,}")
    page.wait_for_url("**risk=1**")
    page.click("#map-layers [aria-label='风险'] button:nth-child(1)")
    expect(page.locator("#table-total")).not_to_have_attribute("data-total", str(red))


def test_every_filter_is_a_line_of_the_panel(server: str, seen: Callable[..., Visit]) -> None:
    """A rule for the page of a team's phone made each of them as high as the screen."""
    page = seen(server, MANY).page
    heights = page.evaluate("[...document.querySelectorAll('#map-layers label.field')].map(one => one.offsetHeight)")
    assert heights
    assert max(heights) < 60


def test_a_hazard_filter_reaches_enterprises_and_their_tanks(server: str) -> None:
    with api(server, "city") as client:
        held = client.get("/api/table/hazard_sources?hazard=2").json()["total"]
        firms = client.get("/api/table/enterprises?hazard=2").json()["total"]
        tanks, all_tanks = (client.get(f"/api/table/tanks{q}").json()["total"] for q in ("?hazard=2", ""))
    assert 0 < firms <= held
    assert 0 < tanks < all_tanks


def licensed(client: httpx.Client, firm: str) -> bool:
    """The card of an enterprise lists a licence."""
    sections = client.get(f"/api/feature/enterprises/{firm}").json()["sections"]
    return any(one["id"] == "permits" and one["rows"] for one in sections)


def test_a_card_links_both_ways_and_lists_licences(server: str, visit: Callable[..., Visit]) -> None:
    with api(server, "city") as client:
        firms = client.get("/api/map/enterprises?hazard=2").json()["keys"]
        key = next(firm for firm in firms if licensed(client, firm))
    page = visit(server).open(f"/map?sel=enterprises:{key}")
    expect(page.locator("#map-card [data-section=permits] li").first).to_contain_text("许可证")
    page.click("#map-card [data-section=hazard_sources] li button >> nth=0")
    expect(page.locator("#map-card header")).to_contain_text("重大危险源")
    page.click("#map-card [data-section=basics] dd .link >> nth=0")
    expect(page.locator("#map-card header")).to_contain_text(key)


def test_a_circle_lists_what_is_inside_with_distance_and_phone(server: str, seen: Callable[..., Visit]) -> None:
    page = seen(server, TEAMS).page
    page.click("#map-tools [aria-label='圈查']")
    page.keyboard.press("Escape")
    page.evaluate("OneMap.tools.circle(121.9, 33.2, 8000)")
    expect(page.locator("#map-card [data-section=teams] li").first).to_contain_text("m")
    shown = page.locator("#map-card [data-section=shelters] .num").all_inner_texts()
    metres = [float(t.split()[0]) * (1000 if "km" in t else 1) for t in (s.replace("\u2009", " ") for s in shown)]
    assert metres == sorted(metres)
    assert max(metres) <= 8000
    with page.expect_download() as download:
        page.click("#map-card .actions >> text=下载 CSV")
    text = Path(download.value.path()).read_text("utf-8-sig")
    assert text.splitlines()[0].startswith('"图层","编码","名称"')


def test_the_address_keeps_layers_view_filters_and_selection(server: str, visit: Callable[..., Visit]) -> None:
    with api(server, "city") as client:
        key = client.get("/api/map/enterprises?risk=2").json()["keys"][0]
    layers = "theme=hazard_sources&layers=enterprises,hazard_sources"
    state = f"/map?{layers}&risk=2&since=2025-01-01&z=13&c=121.9,33.2&sel=enterprises:{key}"
    first = visit(server)
    page = first.open(state)
    expect(page.locator("#map-card h2, #map-card h3").first).to_be_visible(timeout=20_000)
    page.wait_for_function("() => OneMap.map.canvas.selection?.at")
    page.wait_for_function(STANDS)  # a selected feature out of sight moves the view, which is animated
    kept = page.url.removeprefix(server)
    other = visit(server).open(kept)
    expect(other.locator("#map-card h2, #map-card h3").first).to_be_visible(timeout=20_000)
    other.wait_for_url(server + kept)
    for part in (
        "theme=hazard_sources",
        "layers=enterprises,hazard_sources",
        "risk=2",
        "since=2025-01-01",
        f"sel=enterprises:{key}",
    ):
        assert part in kept


def test_a_change_by_another_process_arrives_without_reload(written: Served, visit: Callable[..., Visit]) -> None:
    address, data = written
    page = visit(address).open("/map")
    before = count_in_tree(page, "enterprises")
    page.evaluate("window.same = true")
    page.wait_for_function("() => OneMap.live.state() === 'open'")
    store = open_embedded(data / "city.gpkg", CATALOGUE, utc_now)
    try:
        firms = CATALOGUE["enterprises"]
        key = page.evaluate("OneMap.map.canvas.layers.get('enterprises').columns.key(0)")
        record = store.get(firms, key, scope=SYSTEM_SCOPE).record
        new = record.model_copy(update={"uscc": "91990100MA0000000X", "name": "新来的企业", "short_name": "新来的企业"})
        actor = Actor(id="test", name="试", door="cli")
        store.commit([Put(layer="enterprises", record=new)], actor=actor, reason="test", scope=SYSTEM_SCOPE)
        page.wait_for_function(f"n => ({SHOWN})('enterprises') === n", arg=before + 1)
        expect(page.locator("#map-layers li[data-layer=enterprises] .count")).to_have_text(f"{before + 1:,}")
        gone = Delete(layer="enterprises", key=new.uscc)
        store.commit([gone], actor=actor, reason="test", scope=SYSTEM_SCOPE)
        page.wait_for_function(f"n => ({SHOWN})('enterprises') === n", arg=before)
    finally:
        store.close()
    assert page.evaluate("window.same")


def test_the_phone_has_its_own_layout(server: str, visit: Callable[..., Visit]) -> None:
    found = visit(server, size=PHONE)
    page = found.open("/map")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    assert page.locator("#map-layers").is_hidden()
    page.tap("#map-tools button.phone-only")
    expect(page.locator("#map-layers")).to_be_visible()
    small = page.evaluate(
        """() => [...document.querySelectorAll(
            '.tools button, #map-layers button, #map-layers select, #map-layers li label')]
        .filter(n => n.offsetParent && n.getBoundingClientRect().height < 40).map(n => n.outerHTML.slice(0, 80))"""
    )
    assert small == []
    assert found.faults == []


def test_rows_open_from_the_keyboard(server: str, seen: Callable[..., Visit]) -> None:
    page = seen(server, TEAMS).page
    row = page.locator("#map-table tbody tr").first
    row.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#map-card header")).to_contain_text("救援队伍")


def test_no_symbol_hides_under_a_ring_and_none_is_left_out(server: str, visit: Callable[..., Visit]) -> None:
    found = visit(server)
    page = found.open("/map?layers=enterprises,hospitals,teams,fire_stations")
    hidden = """() => { const drawn = OneMap.map.canvas.drawn, rings = drawn.filter(m => m.firm && m.count > 1);
      return drawn.filter(m => !m.firm && rings.some(r => Math.hypot(r.x - m.x, r.y - m.y) < r.room)).length; }"""
    moved = "() => OneMap.map.canvas.drawn.filter(m => m.from).length"
    assert page.evaluate(moved) > 0
    assert page.evaluate(hidden) <= page.evaluate("() => OneMap.map.canvas.drawn.filter(m => !m.firm).length") * 0.1
    page.click("#map-tools [aria-label='全市']")
    page.wait_for_function("n => OneMap.map.canvas.shown().hospitals === n", arg=count_in_tree(page, "hospitals"))
    assert found.faults == []
