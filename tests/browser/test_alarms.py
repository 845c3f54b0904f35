"""The alarm desk in the browser: keys, a queue that stands still, many alarms without a halt, and the phone."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from app.demo_accounts import FIRMS
from tests.alarmed import Told, sensors_of, tell
from tests.browser.conftest import HALL, PHONE, Visit
from tests.server import Served, configured_server, demo_city

pytestmark = pytest.mark.browser

TOP = ".alarm-row[aria-posinset='1']"
LONG = 20_000
"""Milliseconds for what the server has to answer first, beside other tests."""

LONGEST = """() => { const rows = [...document.querySelectorAll('.wall-alarm')], high = rows[0].offsetHeight;
  const words = { '.nm': '博德石化四号储罐区氯乙烯球罐可燃气体浓度测', '[data-at]': '59 min ago',
    '.dt': '3 of one cause · 59.48 ppm · High-high', '.st': '◷ unknown New' };
  for (const row of rows) for (const part in words) row.querySelector(part).textContent = words[part];
  const leaves = (row) => { const own = row.getBoundingClientRect();
    return [...row.querySelectorAll('span,div')].map(part => part.getBoundingClientRect()).some(box =>
      box.right > own.right + 1 || box.left < own.left - 1 || box.bottom > own.bottom + 1 || box.top < own.top - 1); };
  return rows.filter(row => row.offsetHeight !== high || leaves(row)).length; }"""
"""How many rows of the wall the longest words do not fit."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server of these tests alone, whose points report nothing: what stands first in the queue is theirs to say."""
    data = demo_city(tmp_path_factory.mktemp("alarm-desk"))
    with configured_server(data) as address:
        yield Served(address, data)


@pytest.fixture(scope="module")
def points(served: Served) -> list[str]:
    return sensors_of(served.data, count=3000, kind="")


def test_an_alarm_is_answered_by_one_key_and_shelved_with_a_reason(
    served: Served, points: list[str], visit: Callable[..., Visit]
) -> None:
    (code,) = tell(served.data, [Told(points[0], level=1, ago=100.0)])
    found = visit(served.address, "duty", HALL)
    page = found.open("/alarms")
    expect(page.locator("#alarms-urgent")).to_contain_text("内未接", timeout=LONG)
    page.keyboard.press("j")
    expect(page.locator("#alarms-card h2")).to_contain_text("红", timeout=LONG)
    assert f"sel={code}" in page.url
    page.keyboard.press("a")
    expect(page.locator(TOP)).to_contain_text("已接警 何川", timeout=LONG)
    expect(page.locator("#alarms-urgent")).to_be_hidden(timeout=LONG)
    page.keyboard.press("s")
    page.locator("dialog [name=reason]").fill("仪表校准")
    page.locator("dialog [type=submit]").click()
    expect(page.locator(TOP)).to_contain_text("搁置至", timeout=LONG)
    page.get_by_role("button", name="撤回").click()
    expect(page.locator(TOP)).to_contain_text("已接警", timeout=LONG)
    expect(page.locator("#alarms-card [data-section=steps]")).to_contain_text("取消搁置", timeout=LONG)
    page.keyboard.press("x")
    page.locator("dialog [name=reason]").fill("标定气体")
    page.locator("dialog [type=submit]").click()
    expect(page.locator("#alarms-filters [data-state=false]")).to_contain_text("1", timeout=LONG)
    expect(page.locator("#alarms-card [data-section=reply]")).to_contain_text("判为误报：标定气体", timeout=LONG)
    expect(page.locator("dialog[open]")).to_have_count(0, timeout=LONG)  # keys are the dialog's until it has gone
    page.keyboard.press("x")
    expect(page.locator(TOP)).to_contain_text("已接警", timeout=LONG)
    (next_one,) = tell(served.data, [Told(points[1], level=1, ago=30.0)])
    expect(page.locator("#alarms-urgent")).to_be_visible(timeout=LONG)  # hidden, it still holds its former words
    page.route(f"**/api/alarms/{next_one}", lambda route: None)  # its card is never read
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("a")  # while the card is still read: the one chosen, not the one before
    expect(page.locator("#alarms-urgent")).to_be_hidden(timeout=LONG)
    assert found.faults == []


def test_the_queue_stands_still_while_a_row_is_chosen_and_one_cause_is_one_row(
    served: Served, points: list[str], visit: Callable[..., Visit]
) -> None:
    tell(served.data, [Told(points[1], level=2, ago=400.0)])
    page = visit(served.address, "duty", HALL).open("/alarms")
    page.keyboard.press("j")
    before = page.locator(TOP).get_attribute("data-code")
    tell(served.data, [Told(points[-1], level=1, ago=3.0)])
    held = page.locator(".alarms-held")
    expect(held).to_have_text("有 1 条新", timeout=LONG)
    assert page.locator(TOP).get_attribute("data-code") == before
    page.keyboard.press("Escape")
    page.mouse.move(1000, 600)
    expect(held).to_be_hidden(timeout=LONG)
    expect(page.locator(TOP)).not_to_have_attribute("data-code", before or "", timeout=LONG)


def test_red_takes_the_head_of_the_wall_until_somebody_answers(
    served: Served, points: list[str], visit: Callable[..., Visit]
) -> None:
    (code,) = tell(served.data, [Told(points[3], level=1, ago=20.0)])
    wall, desk = visit(served.address, "city", HALL), visit(served.address, "duty", HALL)
    page = wall.open("/hall?incident=none")
    expect(page.locator(".hall-head.incident")).to_be_visible(timeout=LONG)
    expect(page.locator(f"[data-alarm={code}]")).to_have_count(1, timeout=LONG)
    page.wait_for_function("code => OneMap.hall.rings.rings.has(code)", arg=code)
    assert page.evaluate(LONGEST) == 0
    reds = """[...OneMap.alarms.world.rows.values()].filter(r => r.level === 1 && r.state === 'raised')
      .map(r => [r.code, r.version])"""
    for waiting, version in desk.open("/alarms").evaluate(reds):
        answer = desk.page.context.request.post(
            f"{served.address}/api/alarms/{waiting}/ack", data={"version": version}, headers={"origin": served.address}
        )
        assert answer.ok, answer.text()
    page.wait_for_function("() => !OneMap.hall.rings.rings.size", timeout=LONG)
    expect(page.locator(".hall-head.incident")).to_have_count(0, timeout=LONG)


def test_whom_alarms_are_not_open_to_is_told_so(served: Served, visit: Callable[..., Visit]) -> None:
    page = visit(served.address, "public", HALL).open("/alarms")
    expect(page.locator("#alarms-filters")).to_contain_text("报警对您的岗位不开放", timeout=LONG)


def test_the_phone_answers_the_worst_with_one_touch(
    served: Served, points: list[str], visit: Callable[..., Visit]
) -> None:
    tell(served.data, [Told(points[2], level=1, ago=30.0)])
    found = visit(served.address, "duty", PHONE)
    page = found.open("/alarms")
    go = page.locator("#alarms-urgent .go")
    expect(go).to_be_visible(timeout=LONG)
    box = go.bounding_box()
    assert box is not None
    assert box["height"] >= 60
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    code = page.evaluate("[...OneMap.alarms.world.rows.values()].find(r => r.level === 1 && r.state === 'raised').code")
    go.click()
    page.wait_for_function("code => OneMap.alarms.world.rows.get(code).state === 'acknowledged'", arg=code)
    assert found.faults == []


def test_an_enterprise_receives_and_answers_on_the_phone(served: Served, visit: Callable[..., Visit]) -> None:
    (firm,) = FIRMS
    mine = sensors_of(served.data, enterprise=firm, kind="")[-1]
    (code,) = tell(served.data, [Told(mine, level=1, condition="rise", ago=60.0)])
    found = visit(served.address, "enterprise", PHONE)
    page = found.open("/alarms")
    go = page.locator("#alarms-urgent .go")
    expect(go).to_contain_text("接警", timeout=LONG)
    go.click()
    expect(go).to_have_text("答复", timeout=LONG)
    go.click()
    page.locator("dialog [name=cause]").fill("密封垫老化")
    page.locator("dialog [name=measure]").fill("已切断并堵漏")
    page.locator("dialog [type=submit]").click()
    expect(page.locator("#alarms-card [data-section=reply]")).to_contain_text("密封垫老化", timeout=LONG)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate("code => Boolean(OneMap.alarms.world.rows.get(code).held)", code)
    assert found.faults == []


def test_of_five_thousand_alarms_only_those_in_sight_are_drawn(
    served: Served, points: list[str], visit: Callable[..., Visit]
) -> None:
    lines = [(point, name) for name in ("H", "HH", "L", "LL", "rise", "fall") for point in points[3:]][:5000]
    told = [Told(point, level=4, condition=name, ago=86_000.0 + 61 * n) for n, (point, name) in enumerate(lines)]
    tell(served.data, told)
    page = visit(served.address, "duty", HALL).open("/alarms?level=4")
    assert page.evaluate("OneMap.alarms.desk.list.total()") == len(told)
    assert page.locator(".alarm-row").count() < 60
    page.evaluate("document.querySelector('#alarms-list').scrollTop = 1e7")
    last = page.evaluate("OneMap.alarms.desk.list.count()")
    expect(page.locator(f".alarm-row[aria-posinset='{last}']")).to_be_visible(timeout=LONG)
