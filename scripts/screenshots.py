"""Pictures of a demo server's screens for the documents: `python scripts/screenshots.py [ADDRESS] [KIND]`."""

import argparse
import base64
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from app.demo_accounts import DEMO_ACCOUNTS

PASSWORDS = {one.login: one.password for one in DEMO_ACCOUNTS}
IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
LOGIN = "city"
CHROMIUM = shutil.which("chromium-headless-shell") or "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--force-color-profile=srgb", "--font-render-hinting=none"]


@contextmanager
def signed_in(browser: Browser, base: str, login: str, size: tuple[int, int], first: str = "/map") -> Iterator[Page]:
    """A page of one size, past the sign-in form."""
    phone = size[0] < 500
    context = browser.new_context(
        viewport=ViewportSize(width=size[0], height=size[1]),
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        is_mobile=phone,
        has_touch=phone,
        device_scale_factor=2 if phone else 1,
    )
    page = context.new_page()
    page.goto(f"{base}/signin?next={first}")
    page.fill("#login", login)
    page.fill("#password", PASSWORDS[login])
    page.click("button.primary")
    page.wait_for_url("**" + first)
    yield page
    context.close()


def ready(page: Page, address: str) -> None:
    """The screen's script has started and every tile is there."""
    page.goto(address)
    page.wait_for_selector("[data-ready]", timeout=30_000)
    page.wait_for_function("() => [...document.querySelectorAll('img.leaflet-tile')].every(t => t.complete)")
    page.wait_for_timeout(1500)


def screens(browser: Browser, base: str) -> None:
    """The wall, the map and the brief."""
    for name, size in (("hall", (1920, 1080)), ("hall-wide", (3840, 1080))):
        with signed_in(browser, base, LOGIN, size) as page:
            ready(page, base + "/hall?incident=none")
            page.screenshot(path=IMAGES / f"{name}.png")
    with signed_in(browser, base, LOGIN, (1440, 900)) as page:
        ready(page, base + "/map?layers=enterprises,hospitals,teams")
        page.screenshot(path=IMAGES / "map.png")
        asked = "fetch(OneMap.base + 'api/map/enterprises?hazard=2').then(r => r.json()).then(j => j.keys[0])"
        key = page.evaluate(asked)
        ready(page, f"{base}/map?layers=enterprises,hazard_sources,tanks&sel=enterprises:{key}&table=enterprises")
        page.click(".card-room .actions .primary")
        page.wait_for_timeout(2000)
        page.screenshot(path=IMAGES / "card.png")
        ready(page, f"{base}/map?layers=enterprises,teams,hospitals,shelters&sel=enterprises:{key}&look=day")
        page.click(".card-room .actions .button:nth-child(2)")
        page.wait_for_selector("#map-card [data-section]")
        page.wait_for_timeout(1500)
        page.screenshot(path=IMAGES / "circle.png")
        with page.expect_download() as made:
            page.click("#map-card .actions >> text=离线简报")
        folder = Path(made.value.path()).parent
        made.value.save_as(folder / "brief.html")
    reader = browser.new_page(viewport=ViewportSize(width=1240, height=1400))
    reader.goto((folder / "brief.html").as_uri())
    reader.wait_for_function("() => brief.map() && document.fonts.status === 'loaded'")
    reader.screenshot(path=IMAGES / "brief.png")
    with signed_in(browser, base, LOGIN, (1440, 900)) as page:
        ready(page, base + "/map?layers=enterprises,hospitals,teams&table=enterprises&lang=en")
        page.screenshot(path=IMAGES / "map-en.png")
    with signed_in(browser, base, LOGIN, (390, 844)) as page:
        ready(page, base + "/map")
        page.screenshot(path=IMAGES / "map-phone.png")


AIR = {"wind_speed": 3.2, "wind_from": 45.0, "stability": "D", "ambient_temperature": "8.4 °C"}
VALVE = {
    "title": "阀门泄漏", "place": {"lon": 121.85, "lat": 33.2}, "chemical": "7782-50-5", "weather": AIR,
    "release": {"kind": "direct", "mass_rate": 0.6, "duration": 1800},
}  # fmt: skip
PIPE = VALVE | {"title": "管道断裂", "release": {"kind": "direct", "mass_rate": 2.0, "duration": 1800}}


def planners(browser: Browser, base: str) -> None:
    """The planner's workbench by day, at a clicked place; by night in English; on the phone."""
    sides = {
        name: base64.urlsafe_b64encode(json.dumps(one).encode()).decode().rstrip("=")
        for name, one in (("a", VALVE), ("b", PIPE))
    }
    link = f"{base}/planner?a={sides['a']}&b={sides['b']}"
    pictures = (
        ("planner", (1920, 1080), "zh", "day"), ("planner-night-en", (1920, 1080), "en", "night"),
        ("planner-phone", (390, 844), "zh", "day"),
    )  # fmt: skip
    for name, size, lang, theme in pictures:
        with signed_in(browser, base, LOGIN, size, "/planner") as page:
            page.evaluate(f"localStorage.setItem('onemap_theme', '{theme}')")
            ready(page, f"{link}&lang={lang}")
            page.wait_for_selector(".plan-moved", timeout=60_000)
            if size[0] > 1000:
                page.locator("#plan-map-a .leaflet-container").click(position={"x": 410, "y": 108})
                page.wait_for_selector(".plan-facts", timeout=60_000)
                if lang == "zh":
                    page.keyboard.press("Escape")
                else:
                    page.get_by_role("tab", name="Second opinion").click()
                    page.wait_for_selector(".plan-opinion table", timeout=60_000)
            page.wait_for_timeout(4000)
            page.screenshot(path=IMAGES / f"{name}.png")


def alarm_desk(browser: Browser, base: str) -> None:
    """The alarm desk, and its layout on a phone."""
    with signed_in(browser, base, "duty", (1920, 1080)) as page:
        ready(page, base + "/alarms")
        page.keyboard.press("j")
        page.wait_for_selector("#alarms-card [data-section=steps]")
        page.wait_for_function(
            "() => [...document.querySelectorAll('img.leaflet-tile')].every(t => t.complete && t.src)"
        )
        page.wait_for_timeout(1500)
        page.screenshot(path=IMAGES / "alarms.png")
    with signed_in(browser, base, "duty", (390, 844)) as page:
        ready(page, base + "/alarms")
        page.screenshot(path=IMAGES / "alarms-phone.png")


RECIPIENTS = (
    ("值班手机", "sms", "13812345678", [""]), ("化工园区管委会", "mail", "duty@park.example.cn", ["990106201"]),
    ("市应急广播平台", "webhook", "https://eb.city.example/cap", [""]),
)  # fmt: skip


def recipients(page: Page, base: str) -> None:
    """Who is sent warnings, each tried; the server has a sink for mail and short messages, and allows the system's host."""
    for name, channel, address, areas in RECIPIENTS:
        form = {"name": name, "channel": channel, "address": address, "areas": areas}
        page.request.post(f"{base}/api/admin/recipients", data=form, headers={"origin": base})
    for one in page.request.get(f"{base}/api/admin/recipients").json()["recipients"]:
        if one["state"] == "active":
            page.request.post(f"{base}/api/admin/recipients/{one['id']}/test", data={}, headers={"origin": base})
    page.wait_for_timeout(20_000)  # a name that nobody answers to is asked for some seconds
    ready(page, f"{base}/admin#recipients")
    page.locator(".adm-recipients .adm-table").wait_for()
    page.screenshot(path=IMAGES / "recipients.png")


def offices(browser: Browser, base: str) -> None:
    """The portal, administration, the audit and the wall of points, each by who works there."""
    pages = (
        ("portal", LOGIN, "/home"), ("admin", "admin", "/admin"), ("audit", "auditor", "/audit"),
        ("points", LOGIN, "/points"),
    )  # fmt: skip
    with signed_in(browser, base, "admin", (1440, 900), "/admin") as page:
        recipients(page, base)
    for name, login, path in pages:
        with signed_in(browser, base, login, (1440, 900), path) as page:
            ready(page, base + path)
            page.wait_for_function("() => !document.querySelector('.skeleton, [aria-busy=true]')")
            page.screenshot(path=IMAGES / f"{name}.png")


WARNED = {
    "title": "盐港化工园区液氯泄漏预警", "kind": "hazchem", "level": 2, "starts_at": "2026-11-28T12:00:00+08:00",
    "extent": "盐港化工园区及其西南 2 公里", "cautions": "可能吸入有毒气体,刺激眼和呼吸道",
    "measures": "关闭门窗,停止户外活动;听从现场人员引导,向上风向撤离", "issuer": "盐港新区应急管理局", "areas": ["990106201"],
    "responses": ["Evacuate", "Shelter"], "contact": "0999-12350", "basis": "园区两处有毒气体监测点高高报",
}  # fmt: skip


def risks(browser: Browser, base: str) -> None:
    """The risk map with the drivers of one enterprise, on the phone too."""
    for name, size in (("risk", (1920, 1080)), ("risk-phone", (390, 844))):
        with signed_in(browser, base, LOGIN, size, "/risk") as page:
            ready(page, f"{base}/risk" + ("?sel=e:91990106MATYEK5E8U" if size[0] > 500 else "?by=highest"))
            page.wait_for_timeout(2500)
            page.screenshot(path=IMAGES / f"{name}.png")


def casework(browser: Browser, base: str) -> None:
    """Cases at the desk and on a phone, a draw, and all of one enterprise."""
    desk, phone = (1440, 900), (390, 844)
    pages = (
        ("cases", "city", desk, "/cases?system=site-check&view=all"), ("draw", "city", desk, "/cases?system=random-draw&view=all"),
        ("cases-phone", "district", phone, "/cases?system=site-check"),
        ("enterprise", "city", desk, "/enterprise?id=91990106MATYEK5E8U"),
    )  # fmt: skip
    for name, login, size, path in pages:
        with signed_in(browser, base, login, size, "/home") as page:
            ready(page, base + path)
            page.wait_for_timeout(2500)
            page.screenshot(path=IMAGES / f"{name}.png")


def video(browser: Browser, base: str) -> None:
    """An event on video with its picture, on the phone too, the ground a camera sees and its live card, its zones and
    calibration, and how accurate the rules are."""
    for name, size in (("violations", (1920, 1080)), ("violations-phone", (390, 844))):
        with signed_in(browser, base, LOGIN, size, "/home") as page:
            ready(page, f"{base}/violations")
            page.locator("#violations-list [data-code]").first.click()
            page.wait_for_function("() => document.querySelector('.violations-stage img')?.naturalWidth > 0")
            page.screenshot(path=IMAGES / f"{name}.png")
    with signed_in(browser, base, LOGIN, (1440, 900)) as page:
        ready(page, f"{base}/map?layers=enterprises,cameras&sel=cameras:C0001")
        page.get_by_role("button", name="看视域").click()
        page.wait_for_timeout(4000)
        page.screenshot(path=IMAGES / "camera-view.png")
    with signed_in(browser, base, LOGIN, (1440, 900)) as page:
        ready(page, f"{base}/map?layers=enterprises,cameras&sel=cameras:C0008")
        page.wait_for_function(
            "() => [...document.querySelectorAll('#map-card img')].some(one => one.naturalWidth > 300)"
        )
        page.screenshot(path=IMAGES / "camera-card.png")
    with signed_in(browser, base, LOGIN, (1920, 1080), "/home") as page:
        ready(page, f"{base}/cameras/rules?camera=C0008")
        page.wait_for_timeout(3000)
        page.screenshot(path=IMAGES / "camera-rules.png")
        ready(page, f"{base}/violations/accuracy")
        page.screenshot(path=IMAGES / "violations-accuracy.png")


def warned(browser: Browser, base: str) -> None:
    """A warning drafted by a district, approved, published and in change; and what the public reads of it."""

    def sent(page: Page, path: str, body: dict[str, object]) -> dict[str, object]:
        answer = page.request.post(base + path, data=body, headers={"origin": base})
        told: dict[str, object] = answer.json()
        return told

    with (
        signed_in(browser, base, "district", (1920, 1080), "/warnings") as one,
        signed_in(browser, base, "city", (1920, 1080), "/warnings") as two,
    ):
        told = sent(one, "/api/warnings/draft", WARNED)
        for page, step in ((two, "approve"), (one, "publish"), (one, "change")):
            items = {"items": {"level": 1, "extent": "盐港化工园区及其西南 3 公里"}} if step == "change" else {}
            told = sent(
                page, "/api/warnings/step", {"code": told["code"], "version": told["version"], "step": step, **items}
            )
        ready(two, f"{base}/warnings?id={told['code']}")
        two.wait_for_timeout(2500)
        two.screenshot(path=IMAGES / "warnings.png")
        one.context.clear_cookies()
        one.set_viewport_size({"width": 1440, "height": 900})
        one.goto(base + "/public")
        one.wait_for_timeout(1500)
        one.screenshot(path=IMAGES / "warnings-public.png")


def rules(browser: Browser, base: str) -> None:
    """Alarm rules, the form of one, and the level rule with a lower limit beside it over the last month."""
    with signed_in(browser, base, LOGIN, (1440, 900), "/rules") as page:
        ready(page, base + "/rules#rules/START-LIMITS-level")
        page.wait_for_selector("#rules-one .rules-steps li")
        page.screenshot(path=IMAGES / "rules.png")
        page.click("#rules-one >> text=改参数重放对比")
        page.fill("dialog [name=high]", "90")
        page.fill("dialog [name=high_high]", "80")
        page.click("dialog [type=submit]")
        page.wait_for_selector("dialog .adm-wrong")
        page.wait_for_timeout(1500)
        page.screenshot(path=IMAGES / "rules-form.png")
        page.fill("dialog [name=high]", "70")
        page.fill("dialog [name=high_high]", "")
        page.click("dialog [type=submit]")
        page.wait_for_selector(".rules-compare", timeout=600_000)
        page.wait_for_timeout(1000)
        page.screenshot(path=IMAGES / "rules-replay.png")


def hinted(browser: Browser, base: str) -> None:
    """The trend of a point with what models say of it."""
    with signed_in(browser, base, LOGIN, (1440, 900), "/trend") as page:
        ready(page, base + "/trend?point=sensors:P00003&range=8h&hints=1")
        page.wait_for_selector("[data-hints='1']", timeout=60_000)
        page.wait_for_timeout(1000)
        page.screenshot(path=IMAGES / "hints.png")


def duty(browser: Browser, base: str) -> None:
    """The incident of the demo with its scenario: the desk, the wall, phones; what is known, and exercises."""
    with signed_in(browser, base, LOGIN, (1920, 1080), "/home") as page:
        ready(page, f"{base}/duty")
        expect(page.locator("#duty-chain [data-step='1']")).not_to_contain_text("未做", timeout=120_000)
        for name, path in (("duty", "duty?step=2"), ("hall-incident", "hall"), ("exercises", "exercises"),
                           ("knowledge", "knowledge?q=液氨")):  # fmt: skip
            page.goto(f"{base}/{path}")
            page.wait_for_timeout(9000)
            page.screenshot(path=IMAGES / f"{name}.png")
    for name, login, path in (("duty-phone", LOGIN, "duty?step=2"), ("field-phone", "team", "field")):
        with signed_in(browser, base, login, (390, 844), "/field" if login == "team" else "/home") as page:
            page.goto(f"{base}/{path}")
            page.wait_for_timeout(6000)
            page.screenshot(path=IMAGES / f"{name}.png")


def main() -> None:
    """Write every picture, or those of one kind."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address", nargs="?", default="http://127.0.0.1:8000")
    kinds = ("screens", "planners", "alarm_desk", "offices", "risks", "casework", "video", "duty", "warned", "rules",
             "hinted")  # fmt: skip
    parser.add_argument("kind", nargs="?", choices=kinds)
    given = parser.parse_args()
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for kind in (screens, planners, alarm_desk, offices, risks, casework, video, duty, warned, rules, hinted):
            if given.kind in (None, kind.__name__):
                kind(browser, given.address)
        browser.close()


if __name__ == "__main__":
    main()
