"""The warning desk in the browser: drafted, approved by another, published after a question, lifted."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.server import Served

pytestmark = pytest.mark.browser

SLOW = 20_000
"""Milliseconds: the answers are computed, and the machine may be shared."""

TITLE = "盐港镇危险化学品预警(试)"


def step(page: Page, button: str, again: str) -> None:
    page.locator(".warn-acts").get_by_role("button", name=button, exact=True).click()
    page.locator("dialog footer").get_by_role("button", name=again).click()


def test_a_warning_is_drafted_approved_by_another_published_and_lifted(
    written: Served, visit: Callable[..., Visit]
) -> None:
    first, second = visit(written.address, "district"), visit(written.address, "city")
    page = first.open("/warnings?draft=area:990106101")
    form = page.locator("dialog.adm-dialog")
    form.locator("[name=title]").fill(TITLE)
    form.get_by_role("button", name="保存草稿").click()
    paper = page.locator("#warn-one")
    expect(paper).to_contain_text("还缺法定内容", timeout=SLOW)
    expect(paper).to_contain_text("拟稿人不能审批本人的稿件", timeout=SLOW)
    expect(paper.get_by_role("button", name="审批通过")).to_be_disabled()
    paper.get_by_role("button", name="修改").click()
    for name in ("extent", "cautions", "measures"):
        form.locator(f"[name={name}]").fill(f"{name} 内容")
    form.get_by_role("button", name="保存", exact=True).click()
    expect(paper).not_to_contain_text("还缺法定内容", timeout=SLOW)
    paper.get_by_role("button", name="预览").click()
    expect(paper.locator(".warn-cap")).to_contain_text("<status>Draft</status>", timeout=SLOW)
    other = second.open("/warnings")
    other.locator("#warn-list button", has_text=TITLE).click()
    step(other, "审批通过", "审批通过")
    expect(other.locator(".warn-steps .now")).to_have_text("审批", timeout=SLOW)
    other.locator(".warn-acts").get_by_role("button", name="发布", exact=True).click()
    sure = other.locator("dialog.adm-dialog")
    expect(sure).to_contain_text("公众页", timeout=SLOW)
    expect(sure).to_contain_text("范围内企业", timeout=SLOW)
    sure.get_by_role("button", name="发布预警").click()
    expect(other.locator(".warn-steps .now")).to_have_text("发布", timeout=SLOW)
    public = second.page.context.request.get(written.address + "/public").text()
    assert TITLE in public
    other.locator(".warn-acts").get_by_role("button", name="解除", exact=True).click()
    sure.get_by_role("button", name="解除预警").click()
    expect(sure).to_contain_text("请填写解除事由", timeout=SLOW)
    sure.locator("[name=why]").fill("险情排除")
    sure.get_by_role("button", name="解除预警").click()
    expect(other.locator("#warn-one")).to_contain_text("险情排除", timeout=SLOW)
    assert TITLE not in second.page.context.request.get(written.address + "/public").text()
    assert first.faults == second.faults == []
