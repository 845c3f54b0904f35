"""From an order to rectify to a published decision: documents, recheck, the time to be heard, the check of a PDF."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from casework.checklists import Answer, Mark, items_of
from casework.terms import local_day
from core.clock import iso, utc_now
from tests.app.test_case_doors import attach, done, one
from tests.app.test_case_doors import step as take
from tests.app.test_case_papers import words
from tests.app.test_doors import signed_in
from tests.browser.conftest import DESK, PHONE, Visit
from tests.server import Served

pytestmark = pytest.mark.browser

SLOW, PRINTED = 30_000, 60_000
"""Milliseconds; the second where a document is printed with the step."""
FIRM = "91990106MATYEK5E8U"
CHECK, PENALTY = "site-check", "penalty"
PAIR = {"lead": "周敏", "lead_no": "YL1", "second": "王立", "second_no": "YL2"}
PNG = b"\x89PNG\r\n\x1a\n" + b"picture" * 40


def step(browser: httpx.Client, code: str, of: str, name: str, *, file: bool = False, **values: Any) -> dict[str, Any]:
    """A step at the door, on the version as it is."""
    case = done(one(browser, code, of))
    if file:
        attach(browser, case, PNG + name.encode())
    return done(take(browser, case, name, **values))


def found(district: httpx.Client, city: httpx.Client) -> str:
    """A check, signed, with one thing found; its number."""
    today = local_day(utc_now())
    plan = {"title": "处罚全程(试)", "enterprise": FIRM, "check_by": (today + timedelta(days=5)).isoformat()}
    code = str(done(district.post("/api/cases/open", json={"system": CHECK, "values": plan}))["code"])
    step(district, code, CHECK, "arrive", **PAIR, geometry={"lon": 121.81, "lat": 33.21})
    sector = "hazchem"
    answers = [str(Answer(item.id, Mark.CONFORMS)) for item in items_of(sector, today)]
    answers[0] = f"{items_of(sector, today)[0].id}|no|责任制未覆盖外包岗位"
    step(district, code, CHECK, "record", file=True, items=answers, findings="责任制未更新", party="赵强")
    step(city, code, CHECK, "sign", file=True, signature="signed")
    return code


def act(page: Page, title: str, **values: str) -> None:
    """A step on the page: the button, what is filled in, and the button of the form."""
    page.locator(".case-steps").get_by_role("button", name=title, exact=True).click(timeout=SLOW)
    form = page.locator("dialog.case-dialog")
    expect(form).to_be_visible(timeout=SLOW)
    for name, value in values.items():
        form.locator("#case-f-reason" if name == "reason" else f"[name={name}]").fill(value)
    form.get_by_role("button", name=title, exact=True).click()
    expect(form).to_be_hidden(timeout=PRINTED)


def _questioned(page: Page, address: str, district: httpx.Client, city: httpx.Client, code: str) -> None:
    """A person is questioned and signs on the phone of the officer; the record is confirmed by the other officer."""
    now = utc_now()
    begun, ended = (iso(now - timedelta(minutes=minutes)) for minutes in (50, 5))
    said = {"asked": "钱进", "answers": "问：责任制是否覆盖外包岗位？\n答：没有。", "rights_told": True}
    made = {"record_from": begun, "record_to": ended, "record_place": "企业会议室", "record_by": "周敏"}
    step(district, code, PENALTY, "question", **said, **made)
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page.goto(f"{address}/cases?system={PENALTY}&view=open&code={code}")
    case, form = page.locator("#case-one"), page.locator("dialog.case-dialog")
    case.get_by_role("button", name="笔录签字").click(timeout=SLOW)
    form.locator("[name=sign_role]").select_option("party")
    form.locator("[name=sign_how]").select_option("signed")
    expect(form.locator(".case-against")).to_contain_text("签名", timeout=SLOW)
    pad = form.locator(".case-pad svg")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 0.1 * box["width"], box["y"] + 0.5 * box["height"])
    page.mouse.down()
    for n in range(2, 18):
        page.mouse.move(box["x"] + n / 20 * box["width"], box["y"] + (0.3 + n % 3 / 5) * box["height"])
    page.mouse.up()
    expect(pad.locator("path")).to_have_count(1)
    form.get_by_role("button", name="笔录签字").click()
    expect(case.locator(".case-facts .case-ink path")).to_have_count(1, timeout=SLOW)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    drawn = " ".join(f"{40 * n},{100 + n % 3 * 60}" for n in range(14))
    step(district, code, PENALTY, "sign_record", sign_role="lead", sign_how="signed", sign_drawn=drawn)
    step(district, code, PENALTY, "sign_record", file=True, sign_role="second", sign_how="signed")
    papers = step(city, code, PENALTY, "finish_record")["papers"]
    pdf = city.get("/api/cases/paper", params={"system": PENALTY, "code": code, "document": papers[-1]["code"]})
    assert all(word in words(pdf.content) for word in ("询问笔录", "钱进", "答：没有。", "王立（签字页见附件）"))
    page.set_viewport_size({"width": DESK[0], "height": DESK[1]})


def test_an_order_is_printed_rechecked_penalised_published_in_time_and_its_pdf_fails_after_one_byte(
    written: Served, visit: Callable[..., Visit]
) -> None:
    today = local_day(utc_now())
    handed = {"how": "direct", "to": "赵强", "place": "办公楼"}
    with (
        signed_in(written.address, "district") as district,
        signed_in(written.address, "city") as city,
        signed_in(written.address, "enterprise") as firm,
    ):
        code = found(district, city)
        desk = visit(written.address, "district", DESK)
        page = desk.open(f"/cases?system={CHECK}&view=open&code={code}")
        act(page, "责令限期整改", order="限期更新责任制", mend_by=(today + timedelta(days=15)).isoformat())
        papers = page.locator(".case-papers")
        expect(papers).to_contain_text("应急责改〔", timeout=SLOW)
        order = done(one(district, code, CHECK))["papers"][-1]
        asked = {"system": CHECK, "code": code, "document": order["code"]}
        pdf = district.get("/api/cases/paper", params=asked).content
        assert all(said in words(pdf) for said in (order["number"], "责任制未覆盖外包岗位", "限期更新责任制"))

        step(firm, code, CHECK, "report_mended", file=True, mended="已更新")
        page.reload()
        act(page, "立案处罚", reason="责任制未覆盖外包岗位,涉嫌违法")
        expect(page.locator("#case-one").get_by_role("button", name="行政处罚 CF")).to_be_visible(timeout=SLOW)
        rechecked = step(city, code, CHECK, "accept_mended", file=True, recheck="已整改")
        assert rechecked["papers"][-1]["kind"] == "recheck-opinion"

        number = done(one(district, code, CHECK))["related"][0]["code"]
        step(district, number, PENALTY, "file_case", **PAIR)
        _questioned(page, written.address, district, city, number)
        seen = done(one(firm, number, PENALTY))
        assert not {"answers", "asked", "signers"} & {fact["name"] for fact in seen["facts"]}
        assert "questioning-record" not in [paper["kind"] for paper in seen["papers"]]
        fine = {"evidence": "检查记录", "violated": "《安全生产法》第四条", "kinds": ["fine"], "basis": "WSL97-1"}
        step(district, number, PENALTY, "tell_party", file=True, **fine, amount=20000, discretion="首次")
        notice = {f"notice_{name}": value for name, value in handed.items()}
        told = step(district, number, PENALTY, "serve_notice", file=True, notice_on=today.isoformat(), **notice)
        assert "hearing-right" in [paper["kind"] for paper in told["papers"]]
        until = next(fact["value"] for fact in told["facts"] if fact["name"] == "hear_by")
        page.goto(f"{written.address}/cases?system={PENALTY}&view=open&code={number}")
        case = page.locator("#case-one")
        expect(case).to_contain_text("陈述申辩、要求听证期限至", timeout=SLOW)
        expect(case).to_contain_text(until)

        step(district, number, PENALTY, "end_telling", waived=True)
        step(city, number, PENALTY, "decide_penalty")
        decision = done(one(city, number, PENALTY))["papers"][-1]
        served = {f"served_{name}": value for name, value in handed.items()}
        step(district, number, PENALTY, "serve", file=True, served_on=today.isoformat(), **served)
        page.reload()
        expect(case).to_contain_text("处罚信息公开", timeout=SLOW)
        act(page, "公开处罚决定", public_summary="全员安全生产责任制未覆盖外包岗位")
        assert done(one(district, number, PENALTY))["clock"]["rule"] == ""
        page.goto(f"{written.address}/public?of=penalty_listings&q={decision['number'][-6:-1]}")
        shown = page.locator("ol.hits li").filter(has_text=decision["number"])
        expect(shown).to_contain_text("全员安全生产责任制未覆盖外包岗位")
        expect(shown).not_to_contain_text("赵强")

        page.goto(f"{written.address}/verify?code={order['check_code']}")
        main = page.locator("main.verify")
        expect(main).to_contain_text(order["number"])
        broken = pdf[:-200] + bytes([pdf[-200] ^ 1]) + pdf[-199:]
        for content, said in ((pdf, "文件与印发时一致"), (broken, "文件与印发的不一致")):
            page.locator("input[type=file]").set_input_files(
                {"name": "指令书.pdf", "mimeType": "application/pdf", "buffer": content}
            )
            expect(main.locator(".compare [role=status]")).to_contain_text(said, timeout=SLOW)
