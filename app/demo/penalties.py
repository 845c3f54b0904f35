"""Penalty cases of the demo city: made by the engine itself, step after step."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from app.demo.cases import DISTRICTS, Told, keep_rows, keep_told, photograph
from app.demo.checks import firms_checked
from app.demo.inspections import PAIRS
from app.wiring import System
from casework.casetype import CaseType, Role
from casework.desk import Desk
from casework.engine import Who
from casework.publication import penalty_listing
from casework.systems.penalty import PENALTY
from casework.terms import local_day
from core.clock import CHINA
from core.scope import SYSTEM_SCOPE
from layers.catalogue import PENALTIES, PENALTY_LISTINGS
from layers.catalogue.enforcement import Penalty
from store.query import EVERYTHING

DAY = timedelta(days=1)
PLOTS = ("opened", "investigating", "told", "deciding", "decided", "paying", "archived", "dismissed")


def tell_penalties(system: System, desk: Desk) -> None:
    """Keep the demo's penalty cases; nothing where there are some already."""
    if system.store.count(PENALTIES, EVERYTHING, scope=SYSTEM_SCOPE):
        return
    of = desk.current(PENALTY)
    with system.cabinet.made(photograph(), "文书扫描件.png", "image/png") as draft:
        cases = told_penalties(of, firms_checked(system), system.clock(), draft.sha256)
        keep_told(system, of, cases, draft, "文书扫描件.png", "执法人员")
    keep_rows(system, PENALTY_LISTINGS, [case.public for case in cases if case.public is not None])


def told_penalties(of: CaseType, firms: Sequence[dict[str, Any]], now: datetime, paper: str) -> list[Told]:
    """Some of each course, in the order they began."""
    ago = {"opened": 2, "investigating": 15, "told": 12, "deciding": 20, "decided": 24, "paying": 30, "archived": 70,
           "dismissed": 60}  # fmt: skip
    begun = sorted((n % 4 - ago[PLOTS[n % 8]], n) for n in range(32))
    numbers: dict[int, int] = {}
    cases = []
    for days, n in begun:
        at = min(datetime.combine(local_day(now) + (days - 4) * DAY, time(9, n), CHINA), now)
        numbers[at.year] = numbers.get(at.year, 0) + 1
        case = Told(of, f"{of.numbering}{at.year}-{numbers[at.year]:06d}", firms[n * len(firms) // 32], now)
        _tell(case, PLOTS[n % 8], at, n, paper)
        _decided_by(case)
        case.remind()
        cases.append(case)
    return cases


def _decided_by(case: Told) -> None:
    """The organ stands in what is published; the number would have come with a document, and none is issued here."""
    if isinstance(case.row, Penalty) and case.row.decided_at is not None:
        bureau = DISTRICTS.get(str(case.firm["area"])[:6], "云澜市") + "应急管理局"
        case.row = case.row.model_copy(update={"decided_by": bureau})
        case.public = penalty_listing(case.row)


def _tell(case: Told, plot: str, at: datetime, n: int, paper: str) -> None:
    bureau = DISTRICTS.get(str(case.firm["area"])[:6], "云澜市") + "应急管理局"
    lead, second = PAIRS[n % len(PAIRS)]
    one, head = (
        Who(account=f"demo-{part}", name=f"{name},{bureau}", role=Role.OFFICER)
        for part, name in (("case", lead), ("chief", "分管负责人"))
    )
    case.open(at, one, {
        "title": f"{case.firm['name']}涉嫌安全生产违法"[:120], "enterprise": case.firm["uscc"],
        "facts": "检查发现未对安全设备进行经常性维护、保养和定期检测",
    })  # fmt: skip
    if plot == "opened":
        return
    pair = {"lead": lead, "lead_no": f"YL1{n:03d}", "second": second, "second_no": f"YL2{n:03d}"}
    case.take("file_case", at + DAY, one, **pair)
    if plot == "investigating":
        return
    if plot == "dismissed":
        case.take("impose_none", at + 9 * DAY, head, reason="违法行为轻微并及时改正,未造成危害后果,不予处罚")
        return
    case.take(
        "tell_party", at + 5 * DAY, one, photo=paper, evidence="现场检查记录、询问笔录、照片", kinds=("fine",),
        violated="《安全生产法》第三十六条第二款",
        basis="WSL99-1", amount=20000.0 + n * 500, discretion="首次发现,已着手整改,综合考虑情节",
    )  # fmt: skip
    handed = {"how": "direct", "to": "安全负责人", "place": "企业办公楼"}
    notice = {f"notice_{name}": value for name, value in handed.items()}
    case.take("serve_notice", at + 5 * DAY, one, photo=paper, notice_on=local_day(at + 5 * DAY), **notice)
    if plot == "told":
        return
    case.take("end_telling", at + 6 * DAY, one, waived=True)
    if plot == "deciding":
        return
    case.take("decide_penalty", at + 8 * DAY, head)
    if plot == "decided":
        return
    case.take("serve", at + 9 * DAY, one, photo=paper, served_on=local_day(at + 9 * DAY),
              **{f"served_{name}": value for name, value in handed.items()})  # fmt: skip
    said = "未对安全设备进行经常性维护、保养和定期检测"
    case.take("publish_penalty", at + 10 * DAY, one, public_summary=said)
    if plot == "paying":
        return
    case.take("pay_fine", at + 15 * DAY, one, photo=paper, paid_on=local_day(at + 15 * DAY), paid=20000.0 + n * 500)
    case.take("close_penalty", at + 20 * DAY, head, archive_no=f"安监罚{at.year}-{n:03d}")
