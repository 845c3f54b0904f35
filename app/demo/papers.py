"""Official documents of the demo city: drafted to archived in each district and the city, sent, read and received."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from app.demo.alive import DEMO_ACTOR
from app.demo.cases import DISTRICTS, Told, keep_rows
from app.wiring import System
from casework.casetype import CaseType, Role
from casework.desk import Desk
from casework.engine import Who
from casework.following import Signed
from casework.rows import log_line
from casework.systems.official import INCOMING_DOCUMENT, OFFICIAL_DOCUMENT
from casework.terms import local_day
from core.clock import CHINA
from core.scope import SYSTEM_SCOPE, Scope, Sensitivity
from layers.catalogue import CASE_STEPS, DOCUMENT_DELIVERIES, INCOMING_DOCUMENTS
from store.query import EVERYTHING

CITY = "990100"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ABOUT = (
    ("notice", "关于开展冬季危险化学品安全专项检查的通知", "各镇街应急办,各危险化学品企业",
     "为防范冬季低温、雨雪冰冻对危险化学品生产储存的不利影响,决定在辖区内开展专项检查。\n"
     "一、检查范围。辖区内全部危险化学品生产企业和带储存的经营企业。\n"
     "二、检查重点。重大危险源包保责任落实、防冻防凝措施、特殊作业审批和应急物资储备。\n"
     "三、工作要求。各企业先行自查,各镇街逐户核查,检查情况按月报送。"),
    ("circular", "关于近期隐患排查治理情况的通报", "各镇街,各有关企业",
     "现将近期隐患排查治理情况通报如下。\n多数企业能按期整改,少数企业整改方案不落实。请各单位对照检查,限期补齐。"),
    ("letter", "关于商请协助开展应急演练的函", "区卫生健康局,区消防救援大队",
     "我局拟组织危险化学品泄漏事故应急演练,商请贵单位派员参加并协助做好医疗救护和现场处置。"),
)  # fmt: skip
COURSES = ("drafting", "checking", "signing", "annulled")


def tell_papers(system: System, desk: Desk) -> None:
    """Keep the demo's documents; nothing where there are some already."""
    if system.store.count(INCOMING_DOCUMENTS, EVERYTHING, scope=SYSTEM_SCOPE):
        return
    for of, made in ((OFFICIAL_DOCUMENT, _sent), (INCOMING_DOCUMENT, _received)):
        cases = made(desk.current(of), system.clock())
        keep_rows(system, of.register, [case.row for case in cases if case.row is not None])
        keep_rows(system, CASE_STEPS, [log_line(of, case.row, one) for case in cases if case.row for one in case.log])


def send_paper(system: System, desk: Desk) -> None:
    """One document of the city, printed and sent to every district's organ; nothing where one was sent already."""
    if system.store.count(DOCUMENT_DELIVERIES, EVERYTHING, scope=SYSTEM_SCOPE):
        return
    scope = Scope(areas=(CITY[:4],), clearance=Sensitivity.SENSITIVE, writable=None)
    clerk, head, leader = (
        Signed(who=who, scope=scope, actor=DEMO_ACTOR) for who in _officers("云澜市")
    )  # fmt: skip
    kind, title, _, body = ABOUT[0]
    values = {
        "area": CITY, "title": f"云澜市应急管理局{title}", "kind": kind, "recipients": "各县区应急管理局", "body": body,
        "confirmed": True, "secrecy": "internal", "urgency": "urgent",
    }  # fmt: skip
    code = desk.open(OFFICIAL_DOCUMENT, values, by=clerk).row.code
    sent = {"to_areas": tuple(DISTRICTS)}
    for step, by in (("submit", clerk), ("check", head), ("sign", leader), ("number", clerk), ("seal", clerk),
                     ("distribute", clerk)):  # fmt: skip
        version = desk.find(OFFICIAL_DOCUMENT, code, scope=scope).version
        desk.take(OFFICIAL_DOCUMENT, code, version, step, sent if step == "distribute" else {}, by=by)


def _officers(bureau: str) -> Sequence[Who]:
    return [Who(account=f"demo-office-{n}", name=f"{name},{bureau}应急管理局", role=Role.OFFICER)
            for n, name in enumerate(("文书", "办公室主任", "局领导"))]  # fmt: skip


def _case(of: CaseType, n: int, at: datetime, now: datetime, area: str) -> Told:
    about: dict[str, Any] = {"enterprise_name": "", "sector": "", "area": area, "geometry": None}
    return Told(of, f"{of.numbering}{at.year}-{n:06d}", about, now)


def _at(now: datetime, days: int) -> datetime:
    return datetime.combine(local_day(now) - timedelta(days=days), time(9, 20), CHINA)


def _sent(of: CaseType, now: datetime) -> list[Told]:
    cases: list[Told] = []
    for district, bureau in DISTRICTS.items():
        clerk, head, _ = _officers(bureau)
        for n, course in enumerate(COURSES):
            kind, title, to, body = ABOUT[n % len(ABOUT)]
            at = _at(now, 40 if course == "annulled" else 3 + n)
            case = _case(of, len(cases) + 1, at, now, district)
            case.open(at, clerk, {
                "area": district, "title": f"{bureau}应急管理局{title}", "kind": kind, "recipients": to, "body": body,
                "layout": "letter" if kind == "letter" else "document", "confirmed": True, "secrecy": "internal",
                "copies": "云澜市应急管理局",
            })  # fmt: skip
            if course != "drafting":
                case.take("submit", at + HOUR, clerk)
            if course == "signing":
                case.take("check", at + 3 * HOUR, head)
            if course == "annulled":
                case.take("annul", at + 5 * HOUR, head, reason="内容并入市局统一通知,不再单独印发")
            cases.append(case)
    return cases


def _received(of: CaseType, now: datetime) -> list[Told]:
    cases: list[Told] = []
    for district, bureau in DISTRICTS.items():
        clerk, head, leader = _officers(bureau)
        for n, days in enumerate((25, 6, 1)):
            at = _at(now, days)
            case = _case(of, len(cases) + 1, at, now, district)
            case.open(at, clerk, {
                "area": district, "title": ("关于做好冬季安全防范工作的通知", "关于报送年度执法计划的通知",
                "关于协助核查企业情况的函")[n], "kind": "letter" if n == 2 else "notice",
                "from_organ": "云澜市应急管理局" if n < 2 else "云澜市市场监督管理局", "confirmed": True,
                "from_number": f"(演示)云应急〔{at.year}〕{30 + n}号", "received_on": local_day(at),
                "summary": "请结合实际抓好落实", "urgency": "urgent" if n == 0 else "ordinary",
            })  # fmt: skip
            if n < 2:
                case.take("propose", at + HOUR, clerk, proposal="请监管科阅办", handler="危化监管科")
            if n == 0:
                case.take("instruct", at + DAY, leader, instruction="请监管科抓紧部署", handler="危化监管科",
                          handle_by=local_day(at + 12 * DAY))  # fmt: skip
                case.take("handle", at + 9 * DAY, head, outcome="已部署并报送方案")
                case.take("archive", at + 12 * DAY, clerk, retention="years10")
            case.remind()
            cases.append(case)
    return cases
