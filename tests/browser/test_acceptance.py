"""Acceptance checks of casework in the page, on a server of their own over cases that were left lying for weeks."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import cv2
import numpy as np
import pypdf
import pytest
import shapely
from playwright.sync_api import Locator, Page, expect

from app.systems import FUNCTIONS
from casework.calendar import china
from casework.casetype import Role
from casework.desk import Desk
from casework.systems.hidden_danger import HIDDEN_DANGER
from casework.terms import local_day
from core.clock import utc_now
from core.scope import SYSTEM_SCOPE
from layers.catalogue import CATALOGUE
from store.attachments import Cabinet
from store.embedded import open_embedded
from tests.app.test_case_doors import done, one
from tests.app.test_case_doors import step as take
from tests.app.test_doors import signed_in
from tests.browser.conftest import DESK, HALL, PHONE, Visit
from tests.casework.test_desk import OFFICER, signed
from tests.server import Served, demo_city, demo_server
from tests.waiting import until

pytestmark = pytest.mark.browser

SLOW, PRINTED = 20_000, 60_000
"""Milliseconds; the second where a document is printed with the step."""
FIRM = "91990106MATYEK5E8U"
LONG, SHORT = "超期八天的隐患(验)", "昨日到期的隐患(验)"
PNG = b"\x89PNG\r\n\x1a\n" + b"picture" * 40
LICENCE, PLAN, DOCUMENT = "admin-licence", "inspection-plan", "official-document"


def left_lying(data: Path, title: str, days: int) -> None:
    """A danger reported twenty days ago that should have been mended so many days ago; nobody was told of it yet."""
    then = utc_now() - timedelta(days=20)
    store = open_embedded(data / "city.gpkg", CATALOGUE, utc_now)
    try:
        cabinet = Cabinet(store, data / "files", utc_now, largest=1000)
        desk = Desk(store, cabinet, china(), lambda: then, FUNCTIONS)
        found = {"title": title, "enterprise": FIRM, "found_at": then, "place": "库区", "origin": "inspection",
                 "geometry": shapely.Point(121.81, 33.21)}  # fmt: skip
        code = desk.open(HIDDEN_DANGER, found, by=OFFICER).row.code
        five = {"measures": "更换", "funds": 1.0, "person": "赵强", "contingency": "停用",
                "mend_by": local_day(utc_now()) - timedelta(days=days)}  # fmt: skip
        firm = signed("赵强", Role.ENTERPRISE, "990106201", frozenset({FIRM}))
        for name, values, by in (("grade_general", {}, OFFICER), ("plan", five, firm)):
            version = desk.find(HIDDEN_DANGER, code, scope=SYSTEM_SCOPE).version
            desk.take(HIDDEN_DANGER, code, version, name, values, by=by)
    finally:
        store.close()


@pytest.fixture(scope="module")
def late(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server of its own: who is late is told as it starts, and afterwards every ten minutes only."""
    data = demo_city(tmp_path_factory.mktemp("late"))
    left_lying(data, LONG, 8)
    left_lying(data, SHORT, 1)
    with demo_server(data) as address:
        yield Served(address, data)


def fill(form: Locator, **values: object) -> None:
    """Type, choose or tick each field of a form, whatever it is made of."""
    for name, value in values.items():
        field = form.locator("#case-f-reason" if name == "reason" else f"[name={name}]")
        if value is True:
            if not field.is_checked():
                field.press("Space")  # what is wrong with the form is told above it, and moves it, while one aims
            expect(field).to_be_checked()
        elif field.evaluate("node => node.tagName") == "SELECT":
            field.select_option(str(value))
        else:
            field.fill(str(value))


def act(page: Page, title: str, file: tuple[str, bytes] | None = None, **values: object) -> None:
    """A step as an officer takes it: its button, its form, its photograph, and the button of the form."""
    page.locator(".case-steps").get_by_role("button", name=title, exact=True).click(timeout=SLOW)
    send(page, title, file, **values)


def send(page: Page, title: str, file: tuple[str, bytes] | None = None, **values: object) -> None:
    form = page.locator("dialog.case-dialog")
    expect(form).to_be_visible(timeout=SLOW)
    fill(form, **values)
    if file is not None:
        form.locator("[type=file]").set_input_files({"name": file[0], "mimeType": "image/png", "buffer": file[1]})
    form.get_by_role("button", name=title, exact=True).click()
    expect(form).to_be_hidden(timeout=PRINTED)


def number_of(page: Page) -> str:
    return (page.locator("#case-one header p").text_content() or "").split(" ")[0]


def no_sideways(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_what_is_not_mended_is_told_upwards_and_a_danger_found_major_is_listed_for_everybody(
    late: Served, visit: Callable[..., Visit]
) -> None:
    """B20; reporting on a phone, mending and closing are in `test_cases`."""
    desk = visit(late.address, "city", HALL)
    page = desk.open("/cases?system=hidden-danger&view=overdue&q=(验)")
    rows = page.locator(".case-rows li")
    for title, told in ((LONG, "已提醒至市级"), (SHORT, "已提醒至镇街")):
        expect(rows.filter(has_text=title)).to_contain_text(told, timeout=SLOW)
        expect(rows.filter(has_text=title).locator(".case-late")).to_contain_text("逾期")
    page.locator("#case-bar").get_by_role("button", name="电子督办").click()
    held = page.locator("dialog .case-held li", has_text=LONG)
    expect(held).to_have_class("over", timeout=SLOW)
    expect(held).to_contain_text("待企业")
    held.get_by_role("button", name=LONG).click()
    case = page.locator("#case-one")
    expect(case.locator(".case-clock")).to_have_class("case-clock late", timeout=SLOW)
    expect(case.locator(".case-clock")).to_contain_text("已提醒至市级")
    expect(case.locator(".case-log")).to_contain_text("到期提醒")
    code = number_of(page)
    act(page, "定为重大隐患", description="防爆外壳开裂", harm="可能点燃", graded_why="两次超期未整改")
    page.locator(".case-steps").get_by_role("button", name="挂牌督办").click(timeout=SLOW)
    expect(page.locator("dialog.case-dialog .case-makes")).to_contain_text("重大事故隐患挂牌督办通知书", timeout=SLOW)
    send(page, "挂牌督办", listed_by="云澜市应急管理局")
    expect(case.locator(".case-papers")).to_contain_text("应急督办〔", timeout=SLOW)
    expect(case.locator(".case-papers")).to_contain_text("有效")
    assert paper(page, "挂牌督办通知书").startswith(b"%PDF")
    no_sideways(page)
    systems = page.locator("#case-systems")
    assert systems.evaluate("node => node.getBoundingClientRect().height") < 50, "twenty systems in one line of groups"
    systems.get_by_role("button", name="监督执法").click()
    expect(systems.locator("[aria-pressed=true]")).to_have_text("年度检查计划")
    expect(systems.get_by_role("button", name="行政处罚", exact=True)).to_be_visible()
    expect(systems.get_by_role("button", name="隐患排查治理", exact=True)).to_be_hidden()
    page.goto(f"{late.address}/public?of=danger_listings&q=信禾助剂")
    shown = page.locator("ol.hits li", has_text="云澜市应急管理局")
    expect(shown).to_be_visible(timeout=SLOW)
    expect(shown).not_to_contain_text("外壳")
    with signed_in(late.address, "public") as anybody:
        asked = anybody.get("/ogc/api/collections/danger_listings/items", params={"limit": 1000, "f": "json"})
        assert code in {found["id"] for found in asked.json()["features"]}
    assert desk.faults == []


def read_by_camera(pdf: bytes) -> str:
    """What the code printed on a document says."""
    for sheet in pypdf.PdfReader(BytesIO(pdf)).pages:
        for picture in sheet.images:
            seen = np.pad(np.array(picture.image.convert("L")), 20, constant_values=255)
            said, *_ = cv2.QRCodeDetector().detectAndDecode(seen)
            if said:
                return str(said)
    return ""


def paper(page: Page, title: str) -> bytes:
    """The PDF of a document of the case, as its link gives it."""
    link = page.locator(".case-papers li", has_text=title).get_by_role("link", name="PDF").get_attribute("href")
    assert link is not None
    found = page.context.request.get(f"{page.url.partition('/cases')[0]}/{link.removeprefix('/')}")
    return found.body()


def test_a_renewal_keeps_every_file_and_version_and_its_certificate_verifies_until_it_is_changed(
    late: Served, visit: Callable[..., Visit]
) -> None:
    """B01, H10, G17. Costs more than a page may: from the application to the certificate, with four documents."""
    with signed_in(late.address, "enterprise") as firm:
        fields = {each["name"]: each for each in firm.get("/api/cases/form", params={"system": LICENCE}).json()["form"]}
        own = next(each for each in fields["licence"]["choices"] if each["name"].startswith("危险化学品经营许可证"))

        def told_of_its_end() -> bool:
            kept = firm.get(f"/api/feature/licences/{own['code']}").json()
            said = {pair["title"]: pair["words"] for pair in kept["sections"][0]["pairs"] if "words" in pair}
            return (said["证照状态"], said["到期提醒至"]) == ("临近届满", "企业") and bool(said["到期提醒时间"])

        until(told_of_its_end, bool)
    phone = visit(late.address, "enterprise", PHONE)
    page = phone.open(f"/cases?system={LICENCE}&view=open&begin=renew&licence={own['code']}")
    form, case = page.locator("dialog.case-dialog"), page.locator("#case-one")
    expect(form.locator("[name=licence]")).to_have_value(own["code"], timeout=SLOW)
    form.locator("[name=matter]").select_option("change")
    expect(form.locator(".case-against")).to_contain_text("须写明事由", timeout=SLOW)
    form.locator("[name=matter]").select_option("renew")
    expect(form.locator(".case-against")).to_be_hidden(timeout=SLOW)
    send(page, "提出申请", ("申请书.png", PNG))
    expect(case.locator("h2")).to_have_text("信禾助剂有限公司危险化学品经营许可证延续", timeout=SLOW)
    expect(case.locator(".case-clock")).to_contain_text("受理或一次告知补正:5 个工作日,自收到申请之日起")
    code = number_of(page)
    desk = visit(late.address, "district", DESK)
    window = desk.open(f"/cases?system={LICENCE}&view=open&code={code}")
    act(window, "一次告知补正", corrections="申请书未盖章")
    page.reload()
    act(page, "提交补正", ("申请书.png", PNG + b"sealed"), answer="已盖章")
    window.reload()
    files = window.locator("#case-one .case-log .case-files li", has_text="申请书.png")
    for n, (words, content) in enumerate((("第 2 版,现行", PNG + b"sealed"), ("第 1 版,已有新版", PNG))):
        expect(files.nth(n)).to_contain_text(words, timeout=SLOW)
        opened = files.nth(n).locator("a.link").get_attribute("href") or ""
        assert window.context.request.get(f"{late.address}/{opened.lstrip('/')}").body() == content
    act(window, "受理")
    clock = window.locator("#case-one .case-clock")
    expect(clock).to_contain_text("危险化学品经营许可决定:30 日,自收到证明材料之日起", timeout=SLOW)
    expect(clock).to_contain_text("还有 30 天")
    act(window, "提出审查意见", findings="符合条件")
    with signed_in(late.address, "city") as chief, signed_in(late.address, "district") as officer:
        told = done(one(chief, code, LICENCE))
        ends = local_day(utc_now()) + timedelta(days=3 * 365)
        given = {"valid_from": local_day(utc_now()).isoformat(), "valid_until": ends.isoformat(), "issuer": "市局"}
        told = done(take(chief, told, "grant", **given))
        done(take(officer, told, "deliver"))
    page.reload()
    pdf = paper(page, "行政许可证件")
    printed = urlsplit(read_by_camera(pdf))  # the server of a test does not know its own port
    assert printed.path == "/verify"
    page.goto(f"{late.address}{printed.path}?{printed.query}")
    main = page.locator("main.verify")
    expect(main).to_contain_text("现行有效", timeout=SLOW)
    for content, words in ((pdf, "文件与印发时一致"), (pdf[:-200] + b"\0" + pdf[-199:], "文件与印发的不一致")):
        page.locator("input[type=file]").set_input_files(
            {"name": "许可证.pdf", "mimeType": "application/pdf", "buffer": content}
        )
        expect(main.locator(".compare [role=status]")).to_contain_text(words, timeout=SLOW)
    assert phone.faults + desk.faults == []


def test_a_yearly_plan_is_drawn_up_reviewed_by_another_and_in_force_once_the_government_approved(
    late: Served, visit: Callable[..., Visit]
) -> None:
    """B14, B15: the draw, the check and the penalty are in `test_checks` and `test_penalties`."""
    desk = visit(late.address, "city", DESK)
    page = desk.open(f"/cases?system={PLAN}&view=all")
    page.locator("#case-bar").get_by_role("button", name="编制计划").click()
    form, case = page.locator("dialog.case-dialog"), page.locator("#case-one")
    year = local_day(utc_now()).year + 1
    fill(form, title="次年计划(验)", year=year, area="990106101", organ="盐港镇应急管理站")
    for n, kind in enumerate(("key", "general")):
        form.get_by_role("button", name="增加一项").click()
        row = form.locator(".plan-edit li").nth(n)
        row.get_by_label("检查类别").select_option(kind)
        row.get_by_label("区域").select_option("990106101")
        row.get_by_label("检查家数").fill("30" if kind == "key" else "10")
    expect(form.locator(".plan-rows")).to_contain_text("共 40 家,重点检查占 75%")
    send(page, "编制计划")
    expect(case.locator("h2")).to_have_text("次年计划(验)", timeout=SLOW)
    act(page, "送审")
    page.locator(".case-steps").get_by_role("button", name="审核通过,报请批准").click(timeout=SLOW)
    expect(form.locator(".case-against")).to_contain_text("编制人不能审核本人编制的计划", timeout=SLOW)
    form.get_by_role("button", name="关闭").click()
    with signed_in(late.address, "duty") as colleague:
        done(take(colleague, done(one(colleague, number_of(page), PLAN)), "review", opinion="同意报批"))
    page.reload()
    approval = {"government": "盐港镇人民政府", "approval_no": "盐镇政〔2026〕9 号"}
    act(page, "登记政府批准", ("批复.png", PNG), **approval, approved_on=local_day(utc_now()).isoformat())
    expect(case.locator("header")).to_contain_text("执行中", timeout=SLOW)
    expect(case.locator(".plan-progress h3")).to_contain_text("计划进度 0 / 40 家", timeout=SLOW)
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    no_sideways(page)
    assert desk.faults == []


def test_a_document_goes_from_the_draft_to_the_archive_with_every_hand_in_its_trace(
    late: Served, visit: Callable[..., Visit]
) -> None:
    """F01: signing for it and registering it elsewhere are in `test_office`."""
    clerk, head = (visit(late.address, login, DESK) for login in ("city", "duty"))
    page = clerk.open(f"/cases?system={DOCUMENT}&view=open")
    page.locator("#case-bar").get_by_role("button", name="拟稿").click()
    form, case = page.locator("dialog.case-dialog"), page.locator("#case-one")
    fill(
        form, area="990100", title="关于开展年末检查的通知(验)", recipients="各县区应急管理局", body="请于月底前报送。"
    )
    form.get_by_role("button", name="拟稿", exact=True).click()
    expect(form.locator(".adm-fault:visible").first).to_contain_text("国家秘密", timeout=SLOW)
    clerk.faults.clear()  # the browser said that it was refused
    send(page, "拟稿", confirmed=True)
    act(page, "送核稿")
    expect(case.locator(".case-steps")).to_contain_text("拟稿人不能核稿、签发自己拟的公文", timeout=SLOW)
    room = head.open(f"/cases?system={DOCUMENT}&view=open&code={number_of(page)}")
    act(room, "核稿通过")
    act(room, "签发")
    page.reload()
    act(page, "编号")
    expect(case.locator(".case-papers")).to_contain_text("云澜应急发〔", timeout=SLOW)
    act(page, "用印")
    page.locator(".case-steps").get_by_role("button", name="分发", exact=True).click(timeout=SLOW)
    office = form.get_by_role("checkbox", name="盐港新区应急管理局", exact=True)
    office.press("Space")
    expect(office).to_be_checked()
    form.get_by_role("button", name="分发", exact=True).click()
    expect(case.locator(".case-sent")).to_contain_text("分发 1,已签收 0", timeout=SLOW)
    act(page, "归档", retention="years10")
    expect(case.locator("header")).to_contain_text("已归档", timeout=SLOW)
    trace = ["归档", "分发", "用印", "编号", "签发", "核稿通过", "送核稿", "拟稿"]
    assert case.locator(".case-log b").all_inner_texts() == trace
    hands = case.locator(".case-log li").all_inner_texts()
    assert ["何川" in hands[trace.index(name)] for name in ("签发", "核稿通过", "拟稿")] == [True, True, False]
    assert clerk.faults + head.faults == []
