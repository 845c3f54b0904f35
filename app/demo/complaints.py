"""Complaints of the demo city: made by the engine itself, step after step, in every district."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

import shapely

from app.demo.cases import DISTRICTS, Told, firms_of, keep_rows
from app.reports import REPORTER
from app.wiring import System
from casework.casetype import CaseType, Role
from casework.desk import Desk
from casework.engine import Who
from casework.rows import log_line
from casework.systems.complaint import COMPLAINT
from casework.terms import local_day
from core.clock import CHINA
from core.scope import SYSTEM_SCOPE
from layers.catalogue import CASE_STEPS, COMPLAINT_RESULTS, COMPLAINTS
from store.query import EVERYTHING

Firm = dict[str, Any]
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SEEN = (
    ("danger", "安全出口被锁", "夜班期间车间东侧安全出口上锁,出口外堆有纸箱"),
    ("violation", "无证动火", "在成品库旁动火,没有监护人,也没有作业票"),
    ("danger", "气瓶暴晒", "氧气瓶和乙炔瓶在空地上混放,没有遮阳"),
    ("violation", "无证上岗", "叉车由无证人员驾驶,已有数日"),
    ("accident", "瞒报事故", "听说上月有人受伤后没有上报"),
    ("other", "夜间异味", "凌晨有刺鼻气味,持续约半小时"),
)
COURSES = ("received", "accepted", "handling", "late", "concluded", "replied", "rewarding", "archived", "transferred",
           "refused")  # fmt: skip
AGO = {"received": 1, "accepted": 4, "handling": 20, "late": 66, "concluded": 33, "replied": 40, "rewarding": 44,
       "archived": 90, "transferred": 25, "refused": 30}  # fmt: skip


def tell_complaints(system: System, desk: Desk) -> None:
    """Keep the demo's complaints; nothing where there are some already."""
    if system.store.count(COMPLAINTS, EVERYTHING, scope=SYSTEM_SCOPE):
        return
    cases = told_complaints(desk.current(COMPLAINT), firms_of(system), system.clock())
    keep_rows(system, COMPLAINTS, [case.row for case in cases if case.row is not None])
    keep_rows(system, COMPLAINT_RESULTS, [case.public for case in cases if case.public is not None])
    lines = [log_line(COMPLAINT, case.row, event) for case in cases if case.row for event in case.log]
    keep_rows(system, CASE_STEPS, lines)


def told_complaints(of: CaseType, firms: Sequence[Firm], now: datetime) -> list[Told]:
    """Every complaint, the same for the same firms and the same day."""
    numbers: Counter[int] = Counter()
    cases = []
    for n, (district, name) in enumerate(DISTRICTS.items()):
        near = [one for one in firms if str(one["area"]).startswith(district)]
        for k, course in enumerate(COURSES):
            at = datetime.combine(local_day(now) - AGO[course] * DAY, time(8 + k, 7 * n), CHINA)
            numbers[at.year] += 1
            code = f"{of.numbering}{at.year}-{numbers[at.year]:06d}"
            case = Told(of, code, _nobody(near[(3 * k + n) % len(near)], district), now)
            _tell(case, course, at, f"{name}应急管理局", near[(3 * k + n) % len(near)], n + k)
            case.remind()
            cases.append(case)
    return cases


def _nobody(firm: Firm, area: str) -> Firm:
    """A complaint belongs to no enterprise."""
    beside = shapely.Point(firm["geometry"].x + 3e-4, firm["geometry"].y - 2e-4)
    return {"enterprise_name": "", "sector": "", "area": area, "geometry": beside}


def _tell(case: Told, course: str, at: datetime, bureau: str, firm: Firm, n: int) -> None:
    officer = Who(account="demo-hotline", name=f"举报受理人员,{bureau}", role=Role.OFFICER)
    kind, title, seen = SEEN[n % len(SEEN)]
    online = n % 3 > 0
    case.open(at, REPORTER.who if online else officer, {
        "kind": kind, "channel": "web" if online else "phone", "area": case.firm["area"], "description": seen,
        "accused_name": firm["enterprise_name"], "place": f"{firm['enterprise_name']}附近",
        "title": f"举报{title}:{firm['enterprise_name']}"[:120], "happened_on": local_day(at - DAY),
        "geometry": case.firm["geometry"],
    })  # fmt: skip
    if course == "received":
        return
    if course == "refused":
        case.take("refuse", at + DAY, officer, reason="不属于安全生产", answer="所反映的问题不属于安全生产举报范围")
        return
    if course == "transferred":
        told = "所反映的问题由生态环境部门负责,已转交该部门办理"
        case.take("transfer", at + DAY, officer, transferred_to="生态环境局", answer=told)
        return
    case.take("accept", at + DAY, officer)
    if course == "accepted":
        return
    known: dict[str, Any] = {"accused": firm["uscc"], "accused_name": firm["enterprise_name"]}
    case.take("dispatch", at + DAY + 3 * HOUR, officer, handler=bureau, area=case.firm["area"], **known)
    if course in ("handling", "late"):
        return
    found = {"outcome": "true", "finding": "现场核实,情况属实,已责令整改", "approved_by": "分管负责人"}
    if course == "replied" and n % 2:
        found = {"outcome": "false", "finding": "现场核查未发现所反映的情况"}
    case.take("conclude", at + 30 * DAY, officer, **found)
    if course == "concluded":
        return
    answer = "您反映的情况属实,已责令整改" if found["outcome"] == "true" else "经现场核查,未发现您所反映的情况"
    case.take("reply", at + 32 * DAY, officer, answer=answer)
    if course == "replied":
        return
    case.take("publish", at + 33 * DAY, officer, notice="经核查属实,已责令限期整改")
    case.take("grant_reward", at + 34 * DAY, officer, reward_basis="violation", reward_fine=20_000.0 + 5_000 * n)
    if course == "archived":
        case.take("claim_reward", at + 40 * DAY, REPORTER.who)
        case.take("pay_reward", at + 44 * DAY, officer, voucher=f"(演示)JL{at.year}{n:03d}")
        case.take("archive", at + 46 * DAY, officer, archive_no=f"(演示)DA{at.year}{n:03d}")
