"""A check and the penalty that followed from it, with every document issued: what a city that works has in its files.

Printing takes seconds, so these are made while pages are served; through the desk, by the same steps people take.
"""

import logging
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import shapely

from app.demo.alive import DEMO_ACTOR
from app.demo.cases import OWN, photograph
from app.demo_accounts import DEMO_ACCOUNTS, DISTRICT
from app.systems import FOLLOWS, FUNCTIONS
from app.wiring import System
from casework.calendar import china
from casework.casetype import CaseType, Role
from casework.checklists import Answer, Mark, items_of
from casework.desk import Desk
from casework.engine import Who
from casework.following import Signed
from casework.systems.penalty import PENALTY
from casework.systems.site_check import SITE_CHECK
from casework.terms import local_day
from core.clock import CHINA
from core.errors import OneMapError
from core.scope import SYSTEM_SCOPE
from layers.catalogue import ENTERPRISES, ISSUED_DOCUMENTS
from layers.filters import Compare, Op
from store.query import Query

_log = logging.getLogger(__name__)

AGO = 48
"""Days since the check; all that follows had its time."""
PAIR: dict[str, Any] = {"lead": "周敏", "lead_no": "YL07000", "second": "何立新", "second_no": "YL07001"}
HANDED = {"how": "direct", "to": "安全负责人", "place": "企业办公楼"}
FINE = 30_000.0


@dataclass
class Pen:
    """Takes steps at moments that have been, in the name of people of one district and of one enterprise."""

    system: System
    begun: datetime
    at: datetime = field(init=False)
    desk: Desk = field(init=False)

    def __post_init__(self) -> None:
        self.at = self.begun
        registry = self.system.cases.registry
        press = None if registry is None else registry.press
        self.desk = Desk(
            self.system.store, self.system.cabinet, china(), lambda: self.at, FUNCTIONS, FOLLOWS, press
        )  # fmt: skip

    def on(self, days: int, hour: int = 10) -> date:
        """Let it be that many days after the check."""
        self.at = self.begun.replace(hour=hour) + timedelta(days=days)
        return local_day(self.at)

    def take(
        self, of: CaseType, code: str, step: str, by: Signed, *, file: bytes = b"", **values: Any
    ) -> tuple[str, ...]:  # fmt: skip
        """One step, with a paper or photograph of its own; which cases followed."""
        if file:
            with self.system.cabinet.draft([file], "现场照片.png" if of is SITE_CHECK else "文书扫描件.png") as draft:
                self.desk.attach(of, code, draft, by=by, note="演示图片")
        version, reason = self.desk.find(of, code, scope=by.scope).version, str(values.pop("reason", ""))
        done = self.desk.take(of, code, version, step, values, by=by, reason=reason)
        return getattr(done.row, "followed", ())


def tell_enforcement(system: System) -> None:
    """Make them; nothing where checks have documents already, or where the enterprise or the press is missing."""
    ours = Query(where=Compare("of_layer", Op.EQ, SITE_CHECK.register.id))
    if system.store.count(ISSUED_DOCUMENTS, ours, scope=SYSTEM_SCOPE) or system.cases.registry is None:
        return
    query = Query(where=Compare("uscc", Op.EQ, OWN), fields=("uscc", "sector"), limit=1)
    firms = system.store.read(ENTERPRISES, query, scope=SYSTEM_SCOPE).to_pylist()
    if not firms or firms[0]["geometry"] is None:
        return
    day = local_day(system.clock()) - timedelta(days=AGO)
    pen = Pen(system, datetime(day.year, day.month, day.day, 9, tzinfo=CHINA))
    district = next(one for one in DEMO_ACCOUNTS if one.areas == (DISTRICT,))
    firm = next(one for one in DEMO_ACCOUNTS if one.enterprises and OWN in one.enterprises)
    one, other, head = (
        Signed(
            who=Who(account=f"demo-{part}", name=f"{name},盐港新区应急管理局", role=Role.OFFICER), scope=district.scope,
            actor=DEMO_ACTOR,
        )
        for part, name in (("case", "周敏"), ("second", "何立新"), ("chief", "分管负责人"))
    )  # fmt: skip
    theirs = Signed(
        who=Who(account=firm.login, name=firm.name, role=Role.ENTERPRISE), scope=firm.scope, actor=DEMO_ACTOR
    )
    place, sector = shapely.from_wkb(firms[0]["geometry"]), str(firms[0]["sector"] or "")
    try:
        case = _check(pen, one, other, theirs, sector, shapely.Point(place.x + 3e-4, place.y - 2e-4))
        _penalty(pen, case, one, head)
    except OneMapError as lacking:  # a machine that cannot set type, most likely
        _log.warning("the demo city has no issued documents: %s", lacking)


def _handed(what: str) -> dict[str, Any]:
    return {f"{what}_{name}": value for name, value in HANDED.items()}


def _check(pen: Pen, one: Signed, other: Signed, theirs: Signed, sector: str, here: shapely.Point) -> str:
    """Carried out, ordered to be mended, mended and rechecked; the penalty case that followed."""
    of, photo = SITE_CHECK, photograph()
    plan = {"title": "危险化学品企业专项检查", "enterprise": OWN, "kind": "special", "check_by": local_day(pen.at),
            "scope": "安全生产责任制、安全设备维护保养和危险化学品储存"}  # fmt: skip
    code = pen.desk.open(of, plan, by=one).row.code
    pen.on(0, 10)
    pen.take(of, code, "arrive", one, geometry=here, **PAIR)
    items = items_of(sector, local_day(pen.at))
    fails = {items[1].id, items[4].id}
    notes = {items[1].id: "安全设备维护保养台账缺 9 月份内容", items[4].id: "2 号储罐区气体检测报警器未按期检定"}
    answers = tuple(
        str(Answer(item.id, Mark.FAILS if item.id in fails else Mark.CONFORMS, notes.get(item.id, "")))
        for item in items
    )
    found = "按清单逐项检查,发现 2 项不符合"
    pen.take(of, code, "record", one, file=photo, items=answers, findings=found, party="安全负责人")
    pen.on(0, 11)
    pen.take(of, code, "sign", other, file=photo + b"1", signature="signed")
    (penalty,) = pen.take(of, code, "open_penalty_case", one, reason="未对安全设备进行经常性维护、保养和定期检测")
    pen.on(0, 15)
    until = local_day(pen.at) + timedelta(days=14)
    pen.take(of, code, "order", one, order="补齐维护保养台账,完成报警器检定", mend_by=until)
    pen.take(of, code, "serve_order", one, file=photo + b"2", served_on=local_day(pen.at),
             **_handed("served"))  # fmt: skip
    pen.on(9)
    pen.take(of, code, "report_mended", theirs, file=photo + b"3", mended="已按指令书逐项整改并附照片")
    pen.on(12)
    pen.take(of, code, "accept_mended", other, file=photo + b"4", recheck="逐项复查,均已整改到位")
    return penalty


def _penalty(pen: Pen, code: str, one: Signed, head: Signed) -> None:
    """Filed, told and served, decided, served, published, paid and closed."""
    of, paper = PENALTY, photograph()
    pen.on(13)
    pen.take(of, code, "file_case", one, **PAIR)
    pen.on(15)
    pen.take(
        of, code, "tell_party", one, file=paper + b"1", kinds=("fine",), basis="WSL99-1", amount=FINE,
        facts="未对 2 号储罐区气体检测报警器进行经常性维护、保养和定期检测",
        evidence="现场检查记录、照片、设备台账复印件",
        violated="《安全生产法》第三十六条第二款", discretion="首次发现,已按期整改,综合考虑情节",
    )  # fmt: skip
    day = pen.on(16)
    pen.take(of, code, "serve_notice", one, file=paper + b"2", notice_on=day,
             **_handed("notice"))  # fmt: skip
    pen.on(30)
    pen.take(of, code, "end_telling", one)
    pen.on(32)
    pen.take(of, code, "decide_penalty", head)
    day = pen.on(33)
    pen.take(of, code, "serve", one, file=paper + b"3", served_on=day,
             **_handed("served"))  # fmt: skip
    pen.on(34)
    pen.take(of, code, "publish_penalty", one, public_summary="未对气体检测报警器进行经常性维护、保养和定期检测")
    day = pen.on(40)
    pen.take(of, code, "pay_fine", one, file=paper + b"4", paid_on=day, paid=FINE)
    pen.on(44)
    pen.take(of, code, "close_penalty", head, archive_no=f"盐应急罚{day.year}-001")
