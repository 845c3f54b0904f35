"""What is projected of a wind that turned is drawn apart from the round until a person adopts it, or does not."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from core.clock import iso, utc_now
from core.ids import new_id
from tests.browser.conftest import DESK, HALL, Visit
from tests.server import PASSWORDS, set_server

pytestmark = pytest.mark.browser

SLOW = 30_000
VESSEL = {"hazard_source": "H9901060014", "kind": "fire"}
TANK = {"hazard_source": "H9901020027", "kind": "leak"}
PLACE = "罐区东侧"
WEST, NORTH = "270", "0"


@pytest.fixture(scope="module")
def soon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server whose operator has chosen to wait two seconds, not a minute, before a change is projected."""
    with set_server(tmp_path_factory.mktemp("soon"), ONEMAP_PROJECTION_SECONDS="2") as address:
        yield address


CLEAR = """() => {
  const read = (one) => [one.textContent, one.getBoundingClientRect()];
  const all = (which) => [...document.querySelectorAll(which)].map(read);
  const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  const place = all(".hi-source > div, .hi-source .burst");
  if (!place.length) return ["no place"];
  const cards = all(".hi-card > div");
  const over = cards.filter((one, n) => cards.some((other, k) => k > n && meet(one[1], other[1])));
  if (over.length) return over;
  return all(".hi-cards .furniture").filter(([, box]) => place.some(([, other]) => meet(box, other)));
}"""


def asked(page: Page, server: str, path: str, body: dict[str, Any] | None = None) -> Any:
    """What a door says, as the person of this page."""
    if body is None:
        answer = page.request.get(f"{server}/api/{path}")
    else:
        answer = page.request.post(f"{server}/api/{path}", data=body, headers={"origin": server})
    assert answer.ok, answer.text()
    return answer.json()


def wind_seen(visit: Callable[..., Visit], server: str, at: tuple[float, float], wind_from: str) -> None:
    """The wind as somebody on duty saw it by the tank, entered on the map by keyboard."""
    page = visit(server, "duty", DESK).open("/map")
    page.get_by_role("button", name="录入风").press("Enter")
    form = page.get_by_role("dialog")
    form.get_by_label("观测地点").fill(PLACE)
    form.get_by_label("经度").fill(str(at[0]))
    form.get_by_label("纬度").fill(str(at[1]))
    form.get_by_label("风从何方来").select_option(wind_from)
    form.get_by_label("风速").fill("3.5")
    form.get_by_label("风速").press("Enter")
    expect(form).to_have_count(0)
    page.close()


def begun(visit: Callable[..., Visit], server: str, title: str) -> tuple[Page, str]:
    """A desk with the first round of a chlorine leak in a west wind, filled and computed by keyboard; its incident."""
    page = visit(server, "city", HALL).page
    given = {"command": new_id(), "origin": "map", "title": f"1号液氯罐 {title}", "occurred_at": iso(utc_now()), **TANK}
    code = str(asked(page, server, "incidents/open", given)["code"])
    fields = asked(page, server, f"incidents/prefill?code={code}")["fields"]
    at = {one["name"]: one["value"] for one in fields}
    wind_seen(visit, server, (at["place.lon"], at["place.lat"]), WEST)
    page.goto(f"{server}/duty?incident={code}&step=2")
    page.wait_for_selector("[data-ready]", timeout=SLOW)
    expect(page.locator("#duty-chain [data-step='1']")).to_contain_text("未做")
    page.keyboard.press("f")
    form = page.locator("dialog.chain-form")
    form.locator("[name='release.hole_diameter']").fill("12")
    form.locator("[name='release.duration']").fill("30")
    form.locator("[name='weather.ambient_temperature']").fill("12")  # who looks at a wind by eye reads no thermometer
    form.locator("[name='weather.stability']").select_option("D")
    form.locator("button[type=submit]").press("Enter")
    expect(page.locator("dialog[open]")).to_have_count(0, timeout=SLOW)
    return page, code


def turned(visit: Callable[..., Visit], server: str, page: Page, code: str) -> dict[str, Any]:
    """The wind turns to north; what the desk projects of it once that has lasted, as the door tells it."""
    place = asked(page, server, f"incidents/chain?code={code}")["scenario_inputs"]["place"]
    wind_seen(visit, server, (place["lon"], place["lat"]), NORTH)
    expect(page.locator(".chain-projected")).to_be_visible(timeout=SLOW)
    found = asked(page, server, f"incidents/chain?code={code}")
    assert isinstance(found, dict)
    return found


def outlines(zones: list[dict[str, Any]]) -> dict[str, Any]:
    """Zones as they were computed, by name: how far, and the very line."""
    return {zone["id"]: (zone["distance"], zone["geometry"]) for zone in zones}


def test_a_turned_wind_is_drawn_apart_warned_of_and_c_adopts_the_very_zones_that_were_shown(
    soon: str, visit: Callable[..., Visit]
) -> None:
    page, code = begun(visit, soon, "采用")
    first = asked(page, soon, f"incidents/chain?code={code}")
    place = first["scenario_inputs"]["place"]
    south = {"lon": place["lon"], "lat": place["lat"] - 0.006}
    order = {"command": new_id(), "code": code, "to_kind": "unit", "to_name": "港区派出所", "action": "设卡", **south}
    asked(page, soon, "incidents/orders", order)
    side, strip, log = (
        page.locator("#duty-side"),
        page.locator("#duty-chain [data-step='1']"),
        page.locator("#duty-log"),
    )
    furniture, drawn = page.locator("#chain-furniture"), page.locator(".duty-map path.chain-next-zone")
    expect(log).to_contain_text("设卡", timeout=SLOW)
    expect(furniture).to_contain_text("西风")
    expect(page.locator(".chain-projected, .chain-stale")).to_have_count(0)
    expect(drawn).to_have_count(0)
    expect(strip).not_to_contain_text("待更新")

    told = turned(visit, soon, page, code)
    shown = page.locator(".chain-projected")
    expect(shown.locator("h3")).to_have_text("▲ 按当前风推算，未采用")
    expect(shown).to_contain_text("风向由西风(270°)变为北风(0°)")
    expect(shown.locator("h4").first).to_have_text("采用后将在区内")
    fall = shown.locator(".chain-falls li", has_text="港区派出所")
    expect(fall).to_contain_text("第 1 号")
    expect(fall.locator(".o")).to_contain_text("分后")
    expect(strip).to_contain_text("推算待采用")
    expect(furniture).to_contain_text("第 1 轮")
    expect(furniture).to_contain_text("长虚线为推算")
    expect(furniture).to_contain_text(re.compile(r"\d\d:\d\d 读数，未采用"))  # it may be another by now
    expect(furniture).not_to_contain_text("现在")
    expect(furniture).to_contain_text("未采用")
    reached = [zone for zone in told["projection"]["zones"] if zone["reached"]]
    expect(drawn).to_have_count(len(reached))
    assert set(
        drawn.evaluate_all("all => all.map((n) => `${n.getAttribute('stroke-dasharray')} ${n.getAttribute('fill')}`)")
    ) == {"14 9 none"}, "outlines in long dashes alone: what is filled is adopted"
    assert outlines(told["zones"]) == outlines(first["zones"]), "the round stands as it was"
    expect(log).to_contain_text("未采用")

    wall = visit(soon, "city").open(f"/hall?incident={code}")
    expect(wall.locator(".hi-projected")).to_be_visible(timeout=SLOW)
    assert wall.evaluate(CLEAR) == [], "what is told of a projection lies on the place"

    page.keyboard.press("c")
    expect(furniture).to_contain_text("第 2 轮", timeout=SLOW)
    expect(shown).to_have_count(0)
    expect(drawn).to_have_count(0)
    expect(furniture).to_contain_text("北风")
    expect(furniture).not_to_contain_text("未采用")
    expect(strip).not_to_contain_text("待更新")
    expect(page.locator("#duty-chain [data-step='5']")).to_contain_text("待更新")
    expect(log).to_contain_text("第 2 轮推演")
    expect(side.locator(".chain-warn")).to_contain_text("港区派出所")
    adopted = asked(page, soon, f"incidents/chain?code={code}")
    assert (adopted["number"], adopted["stale"], adopted["projection"]) == (2, False, None)
    assert outlines(adopted["zones"]) == outlines(told["projection"]["zones"])


def test_v_dismisses_it_with_a_reason_and_the_round_stays(soon: str, visit: Callable[..., Visit]) -> None:
    page, code = begun(visit, soon, "不采用")
    first = asked(page, soon, f"incidents/chain?code={code}")
    turned(visit, soon, page, code)
    page.keyboard.press("v")
    why = page.locator("dialog [name=why]")
    why.press("Enter")
    expect(why).to_be_visible()  # without a reason nothing is dismissed
    why.fill("风标受厂房遮挡")
    why.press("Enter")
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.locator(".chain-projected")).to_have_count(0)
    expect(page.locator(".duty-map path.chain-next-zone")).to_have_count(0)
    expect(page.locator("#chain-furniture")).to_contain_text("第 1 轮")
    expect(page.locator("#duty-chain [data-step='1']")).to_contain_text("待更新")
    expect(page.locator("#duty-side [data-projection-none]")).to_contain_text(re.compile("不采用[::]风标受厂房遮挡"))
    expect(page.locator("#duty-log")).to_contain_text("不采用自动推算")
    now = asked(page, soon, f"incidents/chain?code={code}")
    assert (now["number"], now["projection"]) == (1, None)
    assert outlines(now["zones"]) == outlines(first["zones"])


def stock(server: str, source: str, times: float) -> None:
    """What the only tank of a source holds now, written at the services as a firm's system would."""
    items = f"{server}/ogc/api/collections/tanks/items"
    headers = {"content-type": "application/merge-patch+json", "if-match": "*"}
    with httpx.Client(auth=("city", PASSWORDS["city"])) as firm:
        found = firm.get(items, params={"filter": f"hazard_source='{source}'", "f": "json"}).json()["features"]
        one = next(each for each in found if each["properties"]["name"].startswith("1号"))
        body = {"properties": {"mass": one["properties"]["mass"] * times}}
        answer = firm.patch(f"{items}/{one['id']}", json=body, headers=headers)
        assert answer.status_code == 204, answer.text


def test_another_stock_is_projected_with_who_would_be_inside_and_what_changed_after_is_said_to_be_missing(
    soon: str, visit: Callable[..., Visit]
) -> None:
    page = visit(soon, "city", HALL).page
    given = {"command": new_id(), "origin": "map", "title": "1号氯乙烯罐受火", "occurred_at": iso(utc_now()), **VESSEL}
    code = str(asked(page, soon, "incidents/open", given)["code"])
    page.goto(f"{soon}/duty?incident={code}&step=2")
    page.wait_for_selector("[data-ready]", timeout=SLOW)
    page.keyboard.press("f")
    page.locator("dialog.chain-form button[type=submit]").press("Enter")
    expect(page.locator("dialog[open]")).to_have_count(0, timeout=SLOW)
    first = asked(page, soon, f"incidents/chain?code={code}")
    widest, place = max(zone["distance"] for zone in first["zones"]), first["scenario_inputs"]["place"]
    post = {"lon": place["lon"], "lat": place["lat"] + 1.3 * widest / 111_000}
    order = {"command": new_id(), "code": code, "to_kind": "unit", "to_name": "盐港派出所", "action": "设卡", **post}
    asked(page, soon, "incidents/orders", order)
    side = page.locator("#duty-side")
    page.keyboard.press("5")
    expect(side).to_contain_text("盐港派出所", timeout=SLOW)
    limits = side.locator(".chain-limits")
    expect(limits).to_contain_text("不得单独作为疏散依据")  # under each step that decides on the zones
    page.keyboard.press("2")
    expect(side.locator(".chain-projected")).to_have_count(0)
    expect(side.locator(".chain-falls li", has_text="盐港派出所")).to_have_count(0)

    stock(soon, VESSEL["hazard_source"], 4)
    shown = side.locator(".chain-projected")
    expect(shown.locator("h3")).to_have_text("▲ 按当前条件推算，未采用", timeout=SLOW)
    expect(shown.locator("h4").first).to_have_text("采用后将在区内")
    expect(shown.locator(".chain-falls li", has_text="盐港派出所")).to_contain_text("第 1 号")
    expect(shown.locator("[data-since]")).to_have_count(0)
    told = asked(page, soon, f"incidents/chain?code={code}")
    assert outlines(told["zones"]) == outlines(first["zones"]), "the round stands as it was"
    assert max(zone["distance"] for zone in told["projection"]["zones"]) > 1.3 * widest

    stock(soon, VESSEL["hazard_source"], 2)
    expect(shown.locator("[data-since]")).to_contain_text("质量", timeout=SLOW)
    expect(shown.locator("[data-since]")).to_contain_text("未计入")
    page.keyboard.press("c")
    expect(page.locator("#chain-furniture")).to_contain_text("第 2 轮", timeout=SLOW)
    expect(shown).to_have_count(0)
    expect(side.locator(".chain-warn")).to_contain_text("盐港派出所")
    expect(page.locator("#duty-chain [data-step='1']")).to_contain_text("待更新")  # of the stock that changed after
    assert "计算后已变:质量" in asked(page, soon, f"incidents/warnings?code={code}")["proposal"]["doubts"]
    page.keyboard.press("6")
    expect(limits).to_contain_text("计算后已变：质量")  # who drafts a warning of these zones reads it there
