"""A whole exercise on its page, from script to score sheet; and what stands beside the desk, by the keyboard."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from core.ids import new_id
from tests.app.test_doors import signed_in
from tests.app.test_exercises_apart import done, step
from tests.browser.conftest import HALL, Visit
from tests.browser.test_duty import PRINTED, sent
from tests.server import PASSWORDS, Served

pytestmark = pytest.mark.browser
WHOLE = """(leaf) => {
  const own = leaf.getBoundingClientRect(), round = leaf.parentElement.getBoundingClientRect();
  return own.right <= round.right + 1 && leaf.scrollWidth <= leaf.clientWidth;
}"""


def agreed(page: Page, words: str) -> None:
    page.locator("dialog footer").get_by_role("button", name=words, exact=True).click()
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_an_exercise_is_opened_of_its_script_injects_are_answered_and_the_sheet_is_printed(
    written: Served, visit: Callable[..., Visit]
) -> None:
    seen = visit(written.address, "city")
    page = seen.open("/exercises")
    expect(page.locator(".office-head nav a.here")).to_have_text("演练")
    page.locator("[data-script='YJ-CHLORINE-01']").get_by_role("button", name="开设演练").click()
    agreed(page, "开设")
    room, first = page.locator("#exercises-one"), page.locator("[data-inject='1']")
    expect(room.locator("h1")).to_contain_text("【演练】")
    expect(first).to_contain_text("T+0:00")
    expect(room.locator("[data-act=start]")).to_be_visible()  # not the demo's, which was played
    code = page.url.rpartition("code=")[2]
    assert code.startswith("YL")
    room.locator("[data-act=start]").click()
    expect(first).to_contain_text("注入")
    expect(first).to_contain_text("尚无回应")
    with signed_in(written.address, "district") as district:
        done(district, "exercises/reply", command=new_id(), code=f"{code}/01", text="已核实泄漏部位", done=False)
    expect(first.locator("li")).to_contain_text("已核实泄漏部位")
    expect(first).to_contain_text("周敏")
    first.get_by_role("button", name="处置完成").click()
    page.locator("dialog [name=text]").fill("已派消防救援站")
    sent(page)
    expect(first).to_contain_text("按时完成")
    expect(room.locator("[data-result=done] b")).to_have_text("1")
    first.get_by_role("button", name="评估意见").click()
    page.locator("dialog [name=text]").fill("核实及时")
    sent(page)
    expect(first.locator(".ex-remark")).to_contain_text("核实及时")
    room.locator("[data-act=stop]").click()
    agreed(page, "结束")
    expect(room.locator(".ex-head")).to_contain_text("已结束")
    expect(room.locator("[data-result=unfired] b")).to_have_text("5")
    sheet = room.get_by_role("link", name="评估表 PDF").get_attribute("href")
    printed = page.context.request.get(f"{written.address}{sheet}", timeout=PRINTED)
    assert printed.body().startswith(b"%PDF-")
    page = seen.open(f"/duty?exercise=1&incident={code}")
    expect(page.locator("#duty-bar")).to_contain_text("【演练】")
    assert page.locator(".duty").get_attribute("data-played") == "1"
    page = seen.open("/hall?exercise=1")
    expect(page.locator(".hi-drilled")).to_contain_text("演练画面，不是真实事件")
    assert seen.faults == []


def test_tasks_evaluation_knowledge_and_a_handover_are_reached_by_the_keyboard(
    written: Served, visit: Callable[..., Visit]
) -> None:
    with signed_in(written.address, "district") as district:
        said = {"origin": "call", "title": f"键盘任务 {new_id()[-6:]}", "kind": "leak", "text": "报", "area": "990106",
                "chemical": "7782-50-5", "deaths": 0, "serious_injuries": 0, "missing": 0}  # fmt: skip
        code = done(district, "incidents/open", command=new_id(), **said)["code"]
        step(district, code, "confirm")
        step(district, code, "respond", response=3)
        seen = visit(written.address, "district", HALL)
        page = seen.open(f"/duty?incident={code}")
        plans = page.locator("#duty-plans")
        expect(plans.get_by_role("button", name="启用").first).to_be_visible()
        page.keyboard.press("b")
        expect(plans.get_by_role("button", name="启用").first).to_be_focused()
        page.keyboard.press("Enter")
        sent(page)
        expect(plans.locator(".fig")).to_contain_text("0 /")
        task = plans.locator("[data-task='1']")
        task.locator("button").press("Enter")
        page.locator("dialog [name=owner]").fill("李工")
        sent(page)
        expect(task).to_contain_text("承办 李工")
        expect(task).to_have_class("doing ")
        step(district, code, "control")
        step(district, code, "close", why="测试结束")
    sheet = page.locator("#duty-evaluation")
    expect(sheet).to_contain_text("项未评，不出总分")
    expect(sheet.locator("[data-criterion=plan]")).to_contain_text("10 / 10")
    sheet.locator("[data-criterion=rescue] button").press("Enter")
    page.locator("dialog [name=points]").fill("8")
    page.locator("dialog [name=basis]").fill("医疗队 9 分钟到场")
    sent(page)
    expect(sheet.locator("[data-criterion=rescue]")).to_contain_text("8 / 10")
    page = seen.open("/knowledge")
    expect(page.locator("#knowledge-bar input")).to_be_focused()
    expect(page.locator("#knowledge-bar [data-kind=exercise]")).to_have_text("演练案例")
    page.keyboard.type("液氨")
    row = page.locator("#knowledge-list [data-open]").first
    expect(row.locator("mark").first).to_have_text("液氨")
    row.press("Enter")
    expect(page.locator("#knowledge-card h2")).to_be_focused()
    page = seen.open("/roster?tab=handover")
    expect(page.locator(".roster-paper h2")).to_be_visible()
    page.keyboard.press("h")
    page.locator("dialog [name=notes]").fill("键盘交代")
    sent(page)
    expect(page.locator(".roster-paper")).to_contain_text("键盘交代")
    page.keyboard.press("s")
    page.locator("dialog [name=password]").fill(PASSWORDS["district"])
    sent(page)
    expect(page.locator(".roster-paper .signed").first).to_contain_text("口令确认")
    assert seen.faults == []


def test_an_exercise_opened_by_hand_has_no_script_and_nothing_is_asked_of_one(
    written: Served, visit: Callable[..., Visit]
) -> None:
    seen = visit(written.address, "city")
    with signed_in(written.address, "city") as city:
        opened = done(city, "incidents/open", command=new_id(), origin="call", title="手工开设的演练", kind="leak",
                      text="演练", exercise=True, area="990106")  # fmt: skip
        asked: list[str] = []
        seen.page.on("response", lambda answer: asked.append(f"{answer.status} {answer.url}"))
        with seen.page.expect_response("**/api/exercises"):
            page = seen.open(f"/duty?exercise=1&incident={opened['code']}")
        expect(page.locator("#duty-bar")).to_contain_text("手工开设的演练")
        expect(page.locator(".duty-exercise")).to_have_count(0)
        assert not [one for one in asked if "/api/exercises/one" in one or one.startswith("404")]
        other = done(city, "incidents/open", command=new_id(), origin="call", title="另一场手工开设的演练", kind="fire",
                     text="演练", exercise=True, area="990106")  # fmt: skip
        for each in (opened, other):
            step(city, each["code"], "confirm")
        leaf = seen.open("/hall?exercise=1").locator("[data-leaf]")
        expect(leaf).to_contain_text("秒后换")
        assert leaf.evaluate(WHOLE), "which of how many is told in full"
        for each in (opened, other):
            step(city, each["code"], "false", why="测试结束")
    assert seen.faults == []
