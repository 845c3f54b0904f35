"""Registers of the demo city: filings, standardization, credit, agencies, bodies and experts, made by the engine."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

import shapely

from app.demo.cases import DISTRICTS, Told, firms_of, keep_rows
from app.wiring import System
from casework.casetype import CaseType, Role
from casework.desk import Desk
from casework.engine import Who
from casework.rows import log_line
from casework.sums import month_before
from casework.systems.credit import CREDIT
from casework.systems.filing import FILING
from casework.systems.firework_flow import FIREWORK_FLOW
from casework.systems.industry_return import INDUSTRY_RETURN
from casework.systems.intermediary import INTERMEDIARY
from casework.systems.major_hazard import MAJOR_HAZARD
from casework.systems.rosters import BODY, EXPERT
from casework.systems.safety_promise import SAFETY_PROMISE
from casework.systems.standardization import STANDARDIZATION
from casework.terms import local_day
from core.clock import CHINA
from core.scope import SYSTEM_SCOPE
from layers.catalogue import CASE_STEPS, ENTERPRISES, HAZARD_SOURCES, INTERMEDIARIES
from store.query import EVERYTHING

DAY = timedelta(days=1)
SHOWN = (
    MAJOR_HAZARD, INTERMEDIARY, FILING, STANDARDIZATION, CREDIT, BODY, EXPERT, FIREWORK_FLOW, SAFETY_PROMISE,
    INDUSTRY_RETURN,
)  # fmt: skip
Firm = dict[str, Any]
HEAD = Who(account="demo-head", name="安全负责人", role=Role.ENTERPRISE)
MEMBERS = {
    "construction": ("市住房和城乡建设局", 2, 38.0), "road": ("市公安局交通警察支队", 6, 12.5),
    "water": ("市地方海事局", 0, 60.0), "fire": ("市消防救援支队", 3, 21.0),
    "explosives": ("市公安局治安管理支队", 0, 0.0), "farm_machinery": ("市农业农村局", 1, 4.5),
    "fishing": ("市海洋与渔业局", 1, 45.0),
}  # fmt: skip
"""Who returns which industry, with how many accidents in a bad month and the loss of one (10 000 CNY)."""
MONTHS_TOLD = 4
HAZARDS = ("粉尘、噪声", "苯、甲苯", "高温、噪声", "氨")
FIELDS = ("hazchem", "mine", "firework", "metal", "machine", "trade")
NAMES = (
    "郑予安",
    "蒋砚秋",
    "陶知行",
    "沈嘉树",
    "何望舒",
    "林清越",
    "宋临川",
    "许怀瑾",
    "唐若谷",
    "顾云帆",
    "程北辰",
    "叶归舟",
)


def tell_registers(system: System, desk: Desk) -> None:
    """Keep the demo's registers; nothing where there are some already."""
    if system.store.count(INTERMEDIARIES, EVERYTHING, scope=SYSTEM_SCOPE):
        return
    firms = firms_of(system)
    holders = _with_sources(system)
    for of in SHOWN:
        cases = told_register(desk.current(of), holders if of is MAJOR_HAZARD else firms, system.clock())
        keep_rows(system, of.register, [case.row for case in cases if case.row is not None])
        if of.public is not None:
            keep_rows(system, of.public, [case.public for case in cases if case.public is not None])
        keep_rows(system, CASE_STEPS, [log_line(of, case.row, one) for case in cases if case.row for one in case.log])


def told_register(of: CaseType, firms: Sequence[Firm], now: datetime) -> list[Told]:
    """Every row of one register, in each district, the same for the same firms and the same day."""
    numbers: Counter[int] = Counter()
    cases = []
    for n, (district, bureau) in enumerate(DISTRICTS.items()):
        near = [one for one in firms if str(one["area"]).startswith(district)]
        office = Who(account="demo-officer", name=f"监管人员,{bureau}应急管理局", role=Role.OFFICER)
        for case, course in TOLD[of.id](of, near, district, n, now):
            year = local_day(course).year
            numbers[year] += 1
            case.code = f"{of.numbering}{year}-{numbers[year]:06d}"
            COURSES[of.id](case, course, office, numbers[year])
            case.remind()
            cases.append(case)
    return cases


def _ago(now: datetime, days: int, hour: int = 9) -> datetime:
    return datetime.combine(local_day(now) - timedelta(days=days), time(hour, 10), CHINA)


def _of_firms(days: Sequence[int], sectors: tuple[str, ...] = ()) -> Any:
    """Cases of a district's firms, of some sectors where there are any, each begun so many days ago."""

    def told(of: CaseType, near: Sequence[Firm], _: str, n: int, now: datetime) -> Iterator[tuple[Told, datetime]]:
        fit = [one for one in near if one["sector"] in sectors] or near[n % 3 :: 2]
        for each, firm in zip(days, fit, strict=False):
            yield Told(of, "", firm, now), _ago(now, each)

    return told


def _of_places(days: Sequence[int]) -> Any:
    """Rows that belong to no firm, in a district, at the door of one of its firms."""

    def told(of: CaseType, near: Sequence[Firm], area: str, _: int, now: datetime) -> Iterator[tuple[Told, datetime]]:
        for each, firm in zip(days, near[1::3], strict=False):
            about = {"enterprise_name": "", "sector": "", "area": area, "geometry": firm["geometry"]}
            yield Told(of, "", about, now), _ago(now, each)

    return told


def _file(case: Told, at: datetime, office: Who, n: int) -> None:
    firm, kind = case.firm, ("emergency_plan", "project_safety", "occupational_hazard")[n % 3]
    title = {"emergency_plan": "生产安全事故应急预案", "project_safety": "改扩建项目安全设施设计",
             "occupational_hazard": "职业病危害项目"}[kind]  # fmt: skip
    about = HAZARDS[n % 4] if kind == "occupational_hazard" else "综合预案、专项预案和现场处置方案"
    if kind == "project_safety":
        about = "仓储改造项目安全设施设计审查资料"
    case.open(at, HEAD, {
        "title": f"{firm['enterprise_name']}{title}备案"[:120], "kind": kind, "enterprise": firm["uscc"],
        "about": about, "basis_on": local_day(at - timedelta(days=12 if n % 5 else 40)),
    })  # fmt: skip
    if case.now - at < 3 * DAY:
        return
    if case.now - at < 8 * DAY:
        case.take("send_back", at + DAY, office, reason="请补充评审专家签字页")
        return
    case.take("register", at + 2 * DAY, office, checked="材料齐全,形式核对无误", issuer=office.name.partition(",")[2])


def _hazard(case: Told, at: datetime, office: Who, n: int) -> None:
    source = case.firm["source"]
    assessed = local_day(at - timedelta(days=8 if n % 4 else 25))
    case.open(at, HEAD, {
        "title": f"{source['name']}备案"[:120], "hazard": source["code"], "assessed_on": assessed,
        "enterprise": source["enterprise"], "assessor": "云澜安评技术有限公司(演示)",
    }, **copied_of(MAJOR_HAZARD, source))  # fmt: skip
    if case.now - at > 12 * DAY:
        case.take("register", at + 10 * DAY, office, checked="评估报告与现场一致", issuer=office.name.partition(",")[2])


def copied_of(of: CaseType, row: Mapping[str, Any]) -> dict[str, Any]:
    """What the desk would copy of the row a case names."""
    assert of.copied is not None
    return {ours: row[theirs] for theirs, ours in of.copied.into if ours != "enterprise"}


def _with_sources(system: System) -> list[Firm]:
    """A graded hazard source of each firm that has one, in the order of their codes."""
    store = system.store
    named = {one["uscc"]: one for one in store.read(ENTERPRISES, EVERYTHING, scope=SYSTEM_SCOPE).to_pylist()}
    found: dict[str, Firm] = {}
    for row in sorted(
        store.read(HAZARD_SOURCES, EVERYTHING, scope=SYSTEM_SCOPE).to_pylist(), key=lambda one: one["code"]
    ):
        firm = named.get(row["enterprise"])
        if firm is not None and row["geometry"] is not None and (row["s_value"] or 0) >= 1 and row["r_value"]:
            source = row | {"geometry": shapely.from_wkb(row["geometry"])}
            found.setdefault(firm["uscc"], {
                "uscc": firm["uscc"], "enterprise_name": firm["name"], "sector": firm["sector"] or "",
                "area": firm["area"], "geometry": source["geometry"], "source": source,
            })  # fmt: skip
    return list(found.values())


def _grade(case: Told, at: datetime, office: Who, n: int) -> None:
    firm, score = case.firm, 82.0 + n % 9
    case.open(at, HEAD, {
        "title": f"{firm['enterprise_name']}三级标准化申请"[:120], "enterprise": firm["uscc"], "grade": 3,
        "self_score": score, "self_report": "按评定标准逐项自评,扣分项已列整改计划",
    })  # fmt: skip
    since = (case.now - at) / DAY
    if since > 10:
        case.take("announce", at + 9 * DAY, office, review_score=score - 4, finding="现场评审符合三级要求")
    if since > 20:
        case.take("register", at + 19 * DAY, office, announced="公示期内无异议", issuer="云澜市应急管理局")


def _list(case: Told, at: datetime, office: Who, n: int) -> None:
    conditions = (("risky", "重大隐患未按期整改,仍组织作业"), ("resuming", "责令停产期间擅自恢复生产"))
    condition, grounds = conditions[n % 2]
    case.open(at, office, {
        "title": f"{case.firm['enterprise_name']}拟列入严重失信主体名单"[:120], "enterprise": case.firm["uscc"],
        "condition": condition, "grounds": grounds, "decision": f"(演示)应急罚〔{at.year}〕{n:02d}号",
    })  # fmt: skip
    since = (case.now - at) / DAY
    if since > 2:
        case.take("tell", at + DAY, office)
    if since > 4:
        case.take("answer", at + 3 * DAY, HEAD, reply="已停止作业并整改,请予从轻")
    if since > 20:
        case.take("list_firm", at + 12 * DAY, office, reason="陈述申辩理由不成立")


def _agency(case: Told, at: datetime, office: Who, n: int) -> None:
    kind = ("evaluation", "testing")[n % 2]
    name = ("云澜安评技术有限公司", "海屿检测检验有限公司", "远衡安全科技有限公司", "泊舟安全检测有限公司")[n % 4]
    case.open(at, office, {
        "title": f"{name}(演示{n})", "kind": kind, "area": case.firm["area"], "staff": 18 + n,
        "scope": "石油加工、化学原料及化学品制造" if kind == "evaluation" else "防雷防静电、可燃气体报警装置检测",
        "equipment": "气体检测仪、静电测试仪、测厚仪", "contact": "业务部", "contact_phone": f"0990-55501{n:02d}",
    })  # fmt: skip
    case.take("register", at + 3 * DAY, office, issuer="应急管理厅(演示)")


def _body(case: Told, at: datetime, office: Who, n: int) -> None:
    bureau = DISTRICTS[case.firm["area"]]
    kind, name = (("authority", f"{bureau}应急管理局"), ("enforcement", f"{bureau}应急管理综合行政执法大队"))[n % 2]
    case.open(at, office, {
        "title": name, "kind": kind, "area": case.firm["area"], "posts": 30, "staff": 24 + n % 6,
        "duties": "本行政区域安全生产综合监督管理" if kind == "authority" else "安全生产行政执法检查",
        "head": "值班负责人", "duty_phone": f"0990-55502{n:02d}",
    })  # fmt: skip


def _expert(case: Told, at: datetime, office: Who, n: int) -> None:
    field = FIELDS[0 if n % 3 == 0 else n % len(FIELDS)]
    case.open(at, office, {
        "title": NAMES[(n + 5 * (at.year % 4)) % len(NAMES)], "kind": field, "area": case.firm["area"],
        "post": "高级工程师",
        "strengths": "工艺安全、事故分析" if field == "hazchem" else "现场检查、隐患评估", "unit": "云澜理工大学(演示)",
        "phone": f"199{at:%y}00{n:04d}",
    })  # fmt: skip


def _fireworks(case: Told, at: datetime, office: Who, n: int) -> None:
    boxes = 40 + 10 * n
    case.open(at, HEAD, {
        "enterprise": case.firm["uscc"], "kind": ("purchase", "sale")[n % 2], "grade": "C", "boxes": boxes,
        "product": ("小型组合烟花", "爆竹")[n % 2], "batch": f"(演示){at:%y%m}{n:03d}",
        "other": f"云澜烟花爆竹批发{n % 3 + 1}部(演示)",
        "permit": f"(演示)YHPF{n:04d}", "moved_on": local_day(at), "vehicle": f"(演示)运{n:03d}",
    })  # fmt: skip
    if case.now - at > 4 * DAY:
        case.take("confirm", at + DAY, HEAD, arrived=boxes)
    elif case.now - at > 2 * DAY:
        case.take("report_difference", at + DAY, HEAD, arrived=boxes - 2, difference="两箱受潮,拒收")


def _promising(of: CaseType, near: Sequence[Firm], _: str, n: int, now: datetime) -> Iterator[tuple[Told, datetime]]:
    """Most chemical works promised this morning, or yesterday where the day is young; one in seven has not."""
    at = now - timedelta(hours=1) if local_day(now - timedelta(hours=1)) == local_day(now) else now
    for k, firm in enumerate(one for one in near if one["sector"] == "hazchem"):
        if (k + n) % 7:
            yield Told(of, "", firm, now), at


def _promise(case: Told, at: datetime, office: Who, n: int) -> None:
    units = 1 + n % 3
    case.open(at, HEAD, {
        "enterprise": case.firm["uscc"], "units": units, "running": units - (n % 9 == 0), "stopped": int(n % 9 == 0),
        "special_fires": int(n % 23 == 0), "second_fires": n % 3, "confined": int(n % 11 == 0),
        "contractors": n % 4 == 0, "start_stop": n % 29 == 0, "promiser": "安全负责人(演示)",
        "promise": "今天已研判安全风险,各项防控措施落实到位,装置、储罐处于安全运行状态。",
    })  # fmt: skip


def _returning(of: CaseType, _: Sequence[Firm], area: str, n: int, now: datetime) -> Iterator[tuple[Told, datetime]]:
    """Four months of each industry, but for one that has not returned the last of them in each district."""
    month = local_day(now).strftime("%Y-%m")
    for back in range(MONTHS_TOLD):
        month = month_before(month)
        year, number = divmod(int(month[:4]) * 12 + int(month[5:]), 12)
        for k, industry in enumerate(MEMBERS):
            at = datetime(year, number + 1, 2 + k % 4, 9, 10, tzinfo=CHINA)
            if at <= now and not (back == 0 and k == 6 - n % 3):
                about = {"enterprise_name": "", "sector": "", "area": area, "geometry": None}
                yield Told(of, "", about | {"month": month, "industry": industry, "back": back, "k": k}, now), at


def _return(case: Told, at: datetime, office: Who, n: int) -> None:
    firm = case.firm
    unit, most, loss = MEMBERS[firm["industry"]]
    member = Who(account=f"demo-{firm['industry']}", name=f"统计人员,{unit}", role=Role.MEMBER)
    accidents = (n * 31 // 10 + firm["k"]) % (most + 1)
    case.open(at, member, {
        "month": firm["month"], "industry": firm["industry"], "area": firm["area"], "nil": not accidents,
        "accidents": accidents, "deaths": accidents // 3, "serious_injuries": accidents // 2,
        "minor_injuries": accidents, "direct_loss": round(accidents * loss, 1), "remark": "演示数据",
    })  # fmt: skip
    if case.now - at < timedelta(hours=6):
        return
    if firm["back"] == 0 and firm["k"] == 3:
        case.take("send_back", at + timedelta(hours=5), office, reason="轻伤人数与快报不一致,请核对(演示)")
    elif firm["back"] or firm["k"] not in (1, 4):
        case.take("accept", at + timedelta(hours=5), office)


TOLD = {
    MAJOR_HAZARD.id: _of_firms((1060, 500, 200, 30, 5, 1)),
    FILING.id: _of_firms((1090, 700, 330, 200, 90, 30, 7, 4, 2, 1)),
    STANDARDIZATION.id: _of_firms((1070, 600, 300, 90, 15, 6, 2)),
    CREDIT.id: _of_firms((400, 90, 6, 1)), INTERMEDIARY.id: _of_places((1900, 1200, 300)),
    BODY.id: _of_places((900, 880)), EXPERT.id: _of_places((700, 690, 500, 400, 200)),
    FIREWORK_FLOW.id: _of_firms((40, 20, 3, 1), ("firework", "trade")),
    SAFETY_PROMISE.id: _promising,
    INDUSTRY_RETURN.id: _returning,
}  # fmt: skip
COURSES = {
    MAJOR_HAZARD.id: _hazard,
    FILING.id: _file, STANDARDIZATION.id: _grade, CREDIT.id: _list, INTERMEDIARY.id: _agency, BODY.id: _body,
    EXPERT.id: _expert, FIREWORK_FLOW.id: _fireworks, SAFETY_PROMISE.id: _promise,
    INDUSTRY_RETURN.id: _return,
}  # fmt: skip
