"""Documents in the browser: a step says which it makes, the case lists it with number, state and files."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.app.test_case_doors import SYSTEM, done, report, step
from tests.app.test_doors import signed_in
from tests.browser.conftest import DESK, Visit
from tests.server import Served

pytestmark = pytest.mark.browser

SLOW = 20_000
"""Milliseconds: the document is printed, and the machine may be shared."""


def test_an_officer_sees_what_a_step_makes_and_finds_it_on_the_case(
    written: Served, visit: Callable[..., Visit]
) -> None:
    with signed_in(written.address, "enterprise") as firm:
        grave = {"criteria": ["HC-12"], "description": "外壳开裂", "harm": "可能点燃"}
        case = done(step(firm, report(firm), "grade_major", **grave))
    page = visit(written.address, "district", DESK).open(f"/cases?system={SYSTEM}&view=open&code={case['code']}")
    page.locator(".case-steps").get_by_role("button", name="挂牌督办").click(timeout=SLOW)
    form = page.locator("dialog.case-dialog")
    expect(form).to_be_visible(timeout=SLOW)
    expect(form.locator(".case-makes")).to_contain_text("重大事故隐患挂牌督办通知书")
    form.locator("[name=listed_by]").fill("盐港新区应急管理局")
    form.get_by_role("button", name="挂牌督办").click()
    papers = page.locator(".case-papers")
    expect(papers.locator(".case-number")).to_contain_text("应急督办〔", timeout=SLOW)
    expect(papers).to_contain_text("有效")
    with signed_in(written.address, "district") as officer:
        link = papers.get_by_role("link", name="PDF").get_attribute("href") or ""
        assert officer.get(link).content.startswith(b"%PDF")
