"""The office in the browser: a document is received, cases come out of a file, the list is used without a mouse."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from tests.app.test_doors import signed_in
from tests.browser.conftest import Visit
from tests.server import Served

pytestmark = pytest.mark.browser
SLOW = 20_000
DOCUMENT = "关于报送冬季检查情况的通知(试)"


def send_document(address: str) -> str:
    """Drafted and sent by two officers of the city; its number."""
    with signed_in(address, "city") as clerk, signed_in(address, "duty") as head:
        values = {"area": "990100", "title": DOCUMENT, "recipients": "各县区应急管理局", "confirmed": True,
                  "body": "请于本月底前报送。\n联系人:办公室。"}  # fmt: skip
        one = clerk.post("/api/cases/open", json={"system": "official-document", "values": values}).json()
        for step, by, filled in (("submit", clerk, {}), ("check", head, {}), ("sign", head, {}), ("number", clerk, {}),
                                 ("seal", clerk, {}), ("distribute", clerk, {"to_areas": ["990106"]})):  # fmt: skip
            sent = {"system": one["system"], "code": one["code"], "version": one["version"], "step": step}
            answer = by.post("/api/cases/step", json={**sent, "values": filled, "reason": ""})
            assert answer.status_code == 200, answer.text
            one = answer.json()
        return str(one["code"])


def test_a_document_that_was_sent_is_signed_for_registered_and_traced(
    written: Served, visit: Callable[..., Visit]
) -> None:
    code = send_document(written.address)
    there = visit(written.address, "district")
    page = there.open("/home")
    page.locator("#home-documents").get_by_role("button", name=DOCUMENT).click()
    page.get_by_role("button", name="签收并登记收文").click()
    link = page.get_by_role("link", name="收文 SW")
    expect(link).to_be_visible(timeout=SLOW)
    assert there.faults == []
    here = visit(written.address, "city")
    case = here.open(f"/cases?system=official-document&view=all&code={code}")
    expect(case.locator(".case-sent")).to_contain_text("分发 1,已签收 1", timeout=SLOW)
    expect(case.locator(".case-sent")).to_contain_text("周敏")
    expect(case.locator(".case-papers")).to_contain_text("云澜应急发〔")
    steps = case.locator(".case-log b").all_inner_texts()
    assert steps == ["分发", "用印", "编号", "签发", "核稿通过", "送核稿", "拟稿"]
    assert here.faults == []


def test_cases_come_out_of_a_file_and_the_list_is_used_without_a_mouse(
    written: Served, visit: Callable[..., Visit], tmp_path: Path
) -> None:
    file = tmp_path / "专家.csv"
    rows = ("名称,行政区划,专业领域,联系电话", "键盘甲,990106,危化,1990001", "键盘乙,990106,没有的行业,1990002",
            "键盘丙,990106,机械,1990003")  # fmt: skip
    file.write_text("\n".join(rows), encoding="utf-8")
    found = visit(written.address, "district")
    page = found.open("/cases?system=expert&view=all")
    page.get_by_role("button", name="批量导入").click()
    box = page.locator("dialog.adm-dialog")
    box.locator("input[type=file]").set_input_files(file)
    box.get_by_role("button", name="核对(不保存)").click()
    expect(box.locator(".case-import-counts")).to_have_text("共 3合格 2有误 1已导入过 0", timeout=SLOW)
    expect(box.locator(".case-faults tbody tr")).to_have_count(1)
    expect(box.locator(".case-faults")).to_contain_text("可填:危险化学品")
    with page.expect_download() as fetched:
        box.get_by_role("button", name="下载错误清单").click()
    assert "没有的行业" in Path(fetched.value.path()).read_text(encoding="utf-8")
    box.get_by_role("button", name="只导入合格的 2 行").click()
    expect(box.locator(".case-import-done")).to_contain_text("已导入 2 件", timeout=SLOW)
    page.keyboard.press("Escape")
    expect(box).to_have_count(0)

    page.keyboard.press("/")
    search = page.locator("#case-list input[type=search]")
    expect(search).to_be_focused()
    search.fill("键盘")
    expect(page.locator(".case-rows button")).to_have_count(2, timeout=SLOW)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    row = page.locator(".case-rows button").nth(1)
    expect(row).to_be_focused()
    assert row.evaluate("row => getComputedStyle(row).outlineStyle") != "none"
    page.keyboard.press("Enter")
    expect(page.locator("#case-one h2")).to_have_text(row.locator("b").first.inner_text(), timeout=SLOW)
    page.keyboard.press("Home")
    expect(page.locator(".case-rows button").first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(search).to_be_focused()
    assert found.faults == []

    def broken(route: Route) -> None:
        route.fulfill(status=503, json={"title": "服务暂时不可用", "status": 503, "code": "busy"})

    page.route("**/api/cases/list?*", broken)
    search.fill("键盘 ")
    search.press("Backspace")
    search.fill("键盘甲")
    expect(page.locator(".case-stale")).to_contain_text("可能已过时", timeout=SLOW)
    page.unroute("**/api/cases/list?*")
    page.locator(".case-stale").get_by_role("button", name="重读").click()
    expect(page.locator(".case-stale")).to_have_count(0)
