"""The page of alarm rules: faults at their field, a change with its reason, the past judged again, inhibitions."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.app.test_rule_doors import work
from tests.browser.conftest import DESK, PHONE, Visit
from tests.server import Served

pytestmark = pytest.mark.browser


def test_a_rule_is_changed_with_a_reason_and_what_is_wrong_stands_at_its_field(
    written: Served, visit: Callable[..., Visit]
) -> None:
    entered = visit(written.address, "city", DESK)
    page = entered.open("/rules#rules/START-LIMITS-pressure")
    side = page.locator("#rules-one")
    expect(side).to_contain_text("所涉监测点 468 个")
    expect(page.locator("#rules-map-said")).to_have_text("监测点 468 个")
    side.get_by_role("button", name="修改", exact=True).click()
    form = page.locator("dialog.rules-form")
    for name, value in (("high", "9"), ("high_high", "8"), ("reason", "按工艺卡片调整")):
        form.locator(f"[name={name}]").fill(value)
    form.locator("[type=submit]").click()
    expect(form.locator(".adm-field", has=page.locator("[name=high]")).locator(".adm-wrong")).to_contain_text(
        "限值次序"
    )
    form.locator("[name=high_high]").fill("10")
    form.locator("[type=submit]").click()
    step = side.locator(".rules-steps li").first
    expect(step).to_contain_text("第 2 版")
    expect(step).to_contain_text("按工艺卡片调整")
    expect(step).to_contain_text("高报:空 → 9")
    assert [fault for fault in entered.faults if "422" not in fault] == []


def test_a_rule_is_compared_with_its_edit_over_the_past(written: Served, visit: Callable[..., Visit]) -> None:
    entered = visit(written.address, "duty", DESK)
    page = entered.open("/rules#rules/START-LIMITS-oxygen")
    page.locator("#rules-one").get_by_role("button", name="改参数重放对比").click()
    form = page.locator("dialog.rules-form")
    form.locator("[name=sensor_kind]").select_option("")
    form.locator("[name=points]").fill("P00045")
    form.locator("[name=high]").fill("1")
    form.locator("[type=submit]").click()
    expect(page.locator(".rules-jobs li")).to_have_count(1, timeout=30_000)
    work(written)
    compared = page.locator(".rules-compare tbody tr", has_text="报警次数").locator("td")
    expect(compared).to_have_text(["0", "1"], timeout=120_000)
    expect(page.locator(".rules-replayed")).to_contain_text("起持续")
    expect(page.get_by_role("button", name="保存这些修改")).to_be_visible()
    assert entered.faults == []


def test_work_takes_points_out_of_service_until_it_is_ended_on_a_phone(
    written: Served, visit: Callable[..., Visit]
) -> None:
    entered = visit(written.address, "city", PHONE)
    page = entered.open("/rules#inhibitions")
    page.get_by_role("button", name="登记抑制").click()
    form = page.locator("dialog.adm-dialog")
    for name, value in (("points", "P00001"), ("why", "王师傅清洗 1 号罐"), ("permit", "DH-2026-31")):
        form.locator(f"[name={name}]").fill(value)
    form.locator("[type=submit]").click()
    row = page.locator("#rules-inhibitions tr", has_text="DH-2026-31")
    expect(row).to_contain_text("抑制中")
    row.get_by_role("button", name="提前结束").click()
    form.locator("[name=reason]").fill("提前完工")
    form.locator("[type=submit]").click()
    expect(row).to_contain_text("已结束")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert entered.faults == []
