"""Yearly plans of inspection of the demo city in each district, officers, whom they avoid, and a draw."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from app.demo.alive import DEMO_ACTOR
from app.demo.cases import DISTRICTS, Told, keep_told, photograph
from app.wiring import System
from casework.casetype import CaseType, Role
from casework.desk import Desk
from casework.engine import Who
from casework.following import Signed
from casework.inspecting import PlanItem, PlanKind
from casework.systems.enforcers import AVOIDANCE, ENFORCER
from casework.systems.inspection_plan import INSPECTION_PLAN
from casework.systems.random_draw import RANDOM_DRAW
from casework.terms import local_day
from core.clock import CHINA
from core.scope import SYSTEM_SCOPE, Scope, Sensitivity
from layers.catalogue import ENFORCERS, ENTERPRISES, INSPECTION_PLANS
from layers.filters import And, Compare, Op, Under
from store.query import EVERYTHING, Order, Query

DAY = timedelta(days=1)
PAIRS = (("周敏", "何立新"), ("郑海涛", "吴珊"), ("孙启明", "林佳"), ("方远", "许静文"))
OTHERS = ("高远", "秦岚", "罗一鸣", "彭程", "蒋文", "魏东", "叶青", "丁宁")
AT_CHECKS = "990106"
"""The district whose officers are those of the demo's checks; the others have officers of their own."""
DRAWN = (6, 8)
"""The item of each district's plan that was drawn for, and how many units."""

ITEMS = (
    (PlanKind.KEY, "hazchem", 48, 0),
    (PlanKind.KEY, "metal", 18, 0),
    (PlanKind.KEY, "station", 24, 3),
    (PlanKind.GENERAL, "machine", 10, 4),
    (PlanKind.GENERAL, "trade", 10, 4),
    (PlanKind.GENERAL, "", 40, 0),
)
"""Kind, industry (blank: all), units and quarter of each item of a district's plan."""


def plan_texts(district: str) -> tuple[str, ...]:
    """The items of a district's plan."""
    return tuple(
        str(PlanItem(no=n, kind=kind, area=district, sector=sector, units=units, quarter=quarter))
        for n, (kind, sector, units, quarter) in enumerate(ITEMS, 1)
    )


def plan_code(district: str, year: int) -> str:
    """The number of a district's plan of a year, which was drawn up the year before."""
    return f"{INSPECTION_PLAN.numbering}{year - 1}-{list(DISTRICTS).index(district) + 1:06d}"


def planned_item(firm: Mapping[str, Any], at: datetime) -> str:
    """The item of the plan under which a firm was checked on a day; blank where none names its industry."""
    district = str(firm["area"])[:6]
    number = next((n for n, (_, sector, *_) in enumerate(ITEMS, 1) if sector == firm["sector"]), None)
    if number is None or district not in DISTRICTS:
        return ""
    return f"{plan_code(district, local_day(at).year)}/{number:02d}"


def tell_plans(system: System, desk: Desk) -> None:
    """Keep the demo's plans; nothing where there are some already."""
    if system.store.count(INSPECTION_PLANS, EVERYTHING, scope=SYSTEM_SCOPE):
        return
    of = desk.current(INSPECTION_PLAN)
    with system.cabinet.made(photograph(), "批准文件.png", "image/png") as draft:
        cases = told_plans(of, system.clock(), draft.sha256)
        keep_told(system, of, cases, draft, "批准文件.png", "执法人员")


def tell_draws(system: System, desk: Desk) -> None:
    """Officers of each district with whom they avoid, and a draw of this day; nothing where there are some already."""
    if system.store.count(ENFORCERS, EVERYTHING, scope=SYSTEM_SCOPE):
        return
    for n, (district, name) in enumerate(DISTRICTS.items()):
        who = Who(account=f"demo-draw-{district}", name=f"执法科,{name}应急管理局", role=Role.OFFICER)
        scope = Scope(areas=(district,), clearance=Sensitivity.SENSITIVE)
        by, today = Signed(who=who, scope=scope, actor=DEMO_ACTOR), local_day(system.clock())
        persons = [one for pair in PAIRS for one in pair] if district == AT_CHECKS else OTHERS
        for k, person in enumerate(persons):
            number = f"YL{7000 + k:05d}" if district == AT_CHECKS else f"YL{n + 1}{k + 1:04d}"
            given = {"title": person, "number": number, "area": district, "unit": f"{name}应急管理综合行政执法大队",
                     "valid_until": date(today.year + 2 + k % 3, 6, 30)}  # fmt: skip
            desk.open(ENFORCER, given, by=by)
            if k < 2:
                why = ("relative", "employed")[k]
                away = {"officer_no": number, "enterprise": _firm(system, district, k), "relation": why}
                desk.open(AVOIDANCE, away, by=by)
        item, units = DRAWN
        asked = {"plan_item": f"{plan_code(district, today.year)}/{item:02d}", "units": units,
                 "check_by": today + 15 * DAY, "scope": "安全生产责任制、教育培训、特种作业和现场管理"}  # fmt: skip
        drawn = desk.open(RANDOM_DRAW, asked, by=by)
        version = desk.find(RANDOM_DRAW, drawn.row.code, scope=scope).version
        desk.take(RANDOM_DRAW, drawn.row.code, version, "draw", {}, by=by)


def _firm(system: System, district: str, n: int) -> str:
    """One of a district's machine works."""
    where = And((Under("area", district), Compare("sector", Op.EQ, "machine")))
    query = Query(where=where, fields=("uscc",), order=(Order("uscc"),), offset=n, limit=1, geometry=False)
    return str(system.store.read(ENTERPRISES, query, scope=SYSTEM_SCOPE)["uscc"][0].as_py())


def told_plans(of: CaseType, now: datetime, paper: str) -> list[Told]:
    """This year's, in force; next year's, being drawn up, reviewed or waiting for approval."""
    this = local_day(now).year
    cases = []
    for year in (this, this + 1):
        for n, (district, name) in enumerate(DISTRICTS.items()):
            place = {"enterprise_name": "", "sector": "", "area": district, "geometry": None}
            at = datetime(year - 1, 11, 18 + n, 9, 20, tzinfo=CHINA)
            at = min(at, datetime.combine(local_day(now) - 20 * DAY, time(9, 20 + n), CHINA))
            case = Told(of, plan_code(district, year) if at.year == year - 1 else "", place, now)
            if not case.code:
                continue
            _tell(case, district, name, year, at, 9 if year == this else 1 + n % 3, paper)
            case.remind()
            cases.append(case)
    return cases


def _tell(case: Told, district: str, name: str, year: int, at: datetime, steps: int, paper: str) -> None:
    bureau = f"{name}应急管理局"
    one, head = (
        Who(account=f"demo-plan-{part}-{district}", name=f"{word},{bureau}", role=Role.OFFICER)
        for part, word in (("law", "执法科"), ("chief", "分管负责人"))
    )
    case.open(at, one, {
        "title": f"{name} {year} 年度安全生产监督检查计划", "year": year, "area": district, "organ": bureau,
        "officers": 12, "work_days": 3000, "check_days": 1320, "other_days": 780, "idle_days": 900,
        "items": plan_texts(district),
        "basis": "按分类分级监管要求,重点检查危险化学品、冶金和加油加气企业,其余双随机抽查",
    })  # fmt: skip
    if steps > 1:
        case.take("submit", at + 3 * DAY, one, items=plan_texts(district))
    if steps > 2:
        case.take("review", at + 8 * DAY, head, opinion="计划与执法力量相适应,重点突出,同意报批")
    if steps > 3:
        case.take(
            "approve", at + 15 * DAY, one, photo=paper, government=f"{name}人民政府",
            approval_no=f"云政办复〔{at.year}〕{int(district) % 100} 号", approved_on=local_day(at + 14 * DAY),
        )  # fmt: skip
