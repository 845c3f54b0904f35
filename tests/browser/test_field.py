"""A team's phone without a network: what was told is kept on the device and merges in order, once, when it is back."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from core.ids import new_id
from tests.app.test_doors import signed_in
from tests.app.test_field_doors import ordered
from tests.browser.conftest import PHONE, Visit
from tests.browser.test_away import GONE
from tests.server import Served

LETTERS = """async () => (await (await caches.open("onemap-field")).keys())
    .filter((one) => one.url.endsWith(".woff2")).length"""
pytestmark = pytest.mark.browser


def test_what_a_phone_tells_without_a_network_is_merged_in_order_and_once(
    written: Served, visit: Callable[..., Visit]
) -> None:
    with signed_in(written.address, "city") as desk:
        code, order = ordered(desk, "TM0028")
        seen = visit(written.address, "team", PHONE)
        page = seen.open(f"/field?order={order}")
        page.wait_for_function("() => document.querySelector('.field')?.dataset.ready")
        card = page.locator(f"article[data-order='{order}']")
        expect(card).to_contain_text("到集结点待命")
        page.wait_for_selector(".field[data-kept='1']")
        assert page.evaluate(LETTERS) == 2, "both weights of the letters are kept, whichever were drawn so far"
        page.context.set_offline(True)
        page.goto(f"{written.address}/field?order={order}")
        expect(page.locator(".field")).to_have_attribute("data-network", "away")
        expect(page.locator("#field-old")).to_contain_text("离线")
        for act, state in (("receive", "received"), ("leave", "on_way"), ("arrive", "arrived")):
            page.locator(f"#field-acts [data-act={act}]").click()
            expect(card).to_have_attribute("data-state", state)
        page.locator("#field-acts [data-act=note]").click()
        page.locator("dialog textarea").fill("现场有黄绿色气体")
        page.locator("dialog .field-main").click()
        expect(page.locator("#field-unsent li")).to_have_count(4)
        page.context.set_offline(False)
        expect(page.locator("#field-unsent li")).to_have_count(0)
        log = desk.get("/api/incidents/one", params={"code": code}).json()["log"]
        told = [line["text"] for line in reversed(log) if "盐港专职消防队" in line["by"]]
        assert [text.partition("(")[0].rpartition(" ")[2][-2:] for text in told[:3]] == ["签收", "出发", "到达"]
        assert len(told) == 4
        assert "现场有黄绿色气体" in told[3]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        more = {"command": new_id(), "code": code, "to_kind": "team", "to_key": "TM0028", "action": "撤到上风向"}
        assert desk.post("/api/incidents/orders", json=more).status_code == 200
        expect(page.locator("#field-others")).to_contain_text("撤到上风向")
        page.wait_for_function("() => document.title.startsWith('▲ 新指令')")
        expect(page.locator("#field-old")).to_be_hidden()
        page.locator("#field-account [type=submit]").click()
        page.wait_for_url("**/signin")
        page.wait_for_function(GONE)
        version = desk.get("/api/incidents/one", params={"code": code}).json()["version"]
        over = {"command": new_id(), "code": code, "version": version, "step": "false", "why": "测试结束"}
        assert desk.post("/api/incidents/step", json=over).status_code == 200
