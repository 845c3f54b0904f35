"""On-site checks of the demo city: made by the engine itself, step after step, from a seed."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

import numpy as np
import shapely

from app.demo.cases import DISTRICTS, OWN, Told, keep_told, photograph
from app.demo.inspections import PAIRS, planned_item
from app.wiring import System
from casework.casetype import CaseType, Role
from casework.checklists import Answer, Mark, items_of
from casework.desk import Desk
from casework.engine import Who
from casework.systems.site_check import SITE_CHECK
from casework.terms import local_day
from core.clock import CHINA
from core.scope import SYSTEM_SCOPE
from layers.catalogue import ENTERPRISES, SITE_CHECKS
from store.query import EVERYTHING, Query

SEED = 20261128
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
PLOTS = {
    "passed": 22, "mended": 18, "planned": 14, "today": 6, "found": 5, "mending": 9, "late": 5, "rechecking": 4,
    "again": 3, "spot": 5, "cancelled": 2,
}  # fmt: skip
"""How many checks of each course."""

DAYS_AGO = {
    "passed": (10, 160), "mended": (40, 160), "planned": (0, 5), "today": (3, 6), "found": (2, 3), "mending": (5, 12),
    "late": (20, 26), "rechecking": (12, 16), "again": (22, 28), "spot": (10, 120), "cancelled": (20, 90),
}  # fmt: skip
NOTES = (
    "现场未见记录,台账缺 9 月份内容",
    "抽查 2 处,其中 1 处已损坏",
    "现行文件与实际岗位不一致",
    "抽问 3 人,1 人回答不全",
)


def tell_checks(system: System, desk: Desk) -> None:
    """Keep the demo's checks; nothing where there are some already."""
    if system.store.count(SITE_CHECKS, EVERYTHING, scope=SYSTEM_SCOPE):
        return
    of = desk.current(SITE_CHECK)
    with system.cabinet.made(photograph(), "现场照片.png", "image/png") as draft:
        cases = told_checks(of, firms_checked(system), system.clock(), draft.sha256)
        keep_told(system, of, cases, draft, by="执法人员")


def told_checks(of: CaseType, firms: Sequence[dict[str, Any]], now: datetime, photo: str) -> list[Told]:
    """Every check, in the order they began; the same for the same firms and the same day."""
    rng = np.random.default_rng(SEED)
    plots = [name for name, count in PLOTS.items() for _ in range(count)]
    own = len(plots)
    plots += ["mending", "mended"]
    begun = sorted((_begins(plot, now, rng), n) for n, plot in enumerate(plots))
    numbers: dict[int, int] = {}
    cases = []
    for at, n in begun:
        year = local_day(at).year
        numbers[year] = numbers.get(year, 0) + 1
        firm = next(one for one in firms if one["uscc"] == OWN) if n >= own else firms[n * 5 % len(firms)]
        case = Told(of, f"{of.numbering}{year}-{numbers[year]:06d}", firm, now)
        _tell(case, plots[n], at, n, photo)
        case.remind()
        cases.append(case)
    return cases


def _begins(plot: str, now: datetime, rng: np.random.Generator) -> datetime:
    least, most = DAYS_AGO[plot]
    day = local_day(now) - timedelta(days=int(rng.integers(least, most + 1)))
    return min(datetime.combine(day, time(8, int(rng.integers(0, 59))), CHINA), now - HOUR)


def _tell(case: Told, plot: str, at: datetime, n: int, photo: str) -> None:
    firm = case.firm
    bureau = DISTRICTS.get(str(firm["area"])[:6], "云澜市") + "应急管理局"
    lead, second = PAIRS[n % len(PAIRS)]
    one, other = (
        Who(account=f"demo-check-{n % len(PAIRS)}{k}", name=f"{name},{bureau}", role=Role.OFFICER)
        for k, name in enumerate((lead, second))
    )
    safety = Who(account=f"demo-firm-{n}", name="安全负责人", role=Role.ENTERPRISE)
    pair = {
        "lead": lead, "lead_no": f"YL{7000 + n % len(PAIRS) * 2:05d}", "second": second,
        "second_no": f"YL{7001 + n % len(PAIRS) * 2:05d}",
    }  # fmt: skip
    days = {"planned": 6 + n % 9, "today": 3}.get(plot, 12)
    case.open(at, one, {
        "title": f"{firm['name']}安全生产检查"[:120], "kind": ("plan", "special", "plan", "joint")[n % 4],
        "plan_item": planned_item(firm, at) if n % 4 in (0, 2) and at.year == case.now.year else "",
        "enterprise": firm["uscc"], "check_by": max(local_day(at) + days * DAY, local_day(case.now) if
        plot in ("planned", "today") else local_day(at)), "scope": "安全生产责任制、教育培训、现场管理和行业专项内容",
    })  # fmt: skip
    if plot == "planned":
        return
    if plot == "cancelled":
        case.take("cancel", at + DAY, one, reason="企业已停产搬迁,现场无生产经营活动,列入下年度计划")
        return
    came = max(at + HOUR, case.now - 3 * HOUR) if plot == "today" else at + DAY + HOUR
    place = firm["geometry"]
    case.take("arrive", came, one, geometry=shapely.Point(place.x + 3e-4, place.y - 2e-4), **pair)
    if plot == "today":
        return
    items = items_of(firm["sector"], local_day(came))
    fails = set() if plot == "passed" else {n % len(items), (n * 3 + 2) % len(items)}
    answers = tuple(
        str(Answer(item.id, Mark.FAILS, NOTES[(n + k) % len(NOTES)]))
        if k in fails
        else str(Answer(item.id, Mark.NOT_APPLICABLE if (n + k) % 11 == 0 else Mark.CONFORMS))
        for k, item in enumerate(items)
    )
    findings = "按清单逐项检查,未发现违法行为和事故隐患" if not fails else f"按清单逐项检查,发现 {len(fails)} 项不符合"
    case.take("record", came + HOUR, one, photo=photo, items=answers, findings=findings, party="安全负责人")
    case.take("sign", came + 2 * HOUR, other, photo=photo, signature="signed")
    if plot == "found":
        return
    if plot == "passed":
        case.take("pass_check", came + 3 * HOUR, one)
        return
    if plot == "spot":
        case.take("correct_on_spot", came + 3 * HOUR, one, photo=photo, mended="现场整改完毕,经核对符合要求")
        return
    ordered = came + 3 * HOUR
    case.take(
        "order", ordered, one, order="对不符合项限期整改,并举一反三排查同类问题",
        mend_by=local_day(ordered) + (15 if plot not in ("late", "again") else 10) * DAY,
    )  # fmt: skip
    if plot in ("mending", "late"):
        return
    if plot == "again":
        case.take("recheck_of_office", ordered + 11 * DAY, one)
        case.take(
            "order_again", ordered + 12 * DAY, other, recheck="仍有 1 项未整改到位",
            mend_by=local_day(case.now) + 4 * DAY,
        )  # fmt: skip
        return
    case.take("report_mended", ordered + 7 * DAY, safety, photo=photo, mended="已按指令书逐项整改")
    if plot == "mended":
        case.take("accept_mended", ordered + 12 * DAY, other, photo=photo, recheck="逐项复查,均已整改到位")


def firms_checked(system: System) -> list[dict[str, Any]]:
    """The firms that are checked, in one order, with their place."""
    fields = ("uscc", "name", "sector", "area", "status")
    rows = system.store.read(ENTERPRISES, Query(fields=fields), scope=SYSTEM_SCOPE).to_pylist()
    return [
        {**row, "enterprise_name": row["name"], "sector": row["sector"] or "",
         "geometry": shapely.from_wkb(row["geometry"])}
        for n, row in enumerate(sorted(rows, key=lambda row: str(row["uscc"])))
        if row["geometry"] is not None and (n % 3 == 1 or row["uscc"] == OWN)
    ]  # fmt: skip
