"""Cases of the demo city: made by the engine itself, step after step, from a seed, on the day the city is loaded."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from PIL import Image, ImageDraw

from app.demo.alive import DEMO_ACTOR
from app.wiring import System
from casework.calendar import china
from casework.casetype import CaseType, Role
from casework.desk import Desk
from casework.engine import Event, Taken, Who, opened, reminded, taken
from casework.rows import log_line
from casework.systems.hidden_danger import HIDDEN_DANGER
from casework.terms import local_day
from core.clock import CHINA
from core.ids import new_id
from core.scope import SYSTEM_SCOPE, Sensitivity
from layers.catalogue import ATTACHMENTS, CASE_STEPS, DANGER_LISTINGS, DANGERS, ENTERPRISES
from layers.catalogue.attachments import Attachment
from layers.catalogue.casework import CaseRow
from layers.layer import Layer
from layers.record import Record
from store.attachments import Draft
from store.query import EVERYTHING, Query

SEED = 20261129
OWN = "91990106MATYEK5E8U"
"""The enterprise of the demo's own account meets a case in each state that waits for it."""

DAY = timedelta(days=1)
DISTRICTS = {"990102": "云澜市区", "990104": "听涛新区", "990106": "盐港新区", "990121": "青屿县"}
SEEN = (
    ("electrical", "防爆接线盒密封失效", "配电间外侧", "接线盒进线口密封圈缺失,防爆性能降低"),
    ("fire", "消防通道堆放物料", "原料库北侧", "消防通道被临时物料占用,宽度不足"),
    ("equipment", "安全阀校验超期", "储罐区", "安全阀铅封日期已超过校验周期"),
    ("behaviour", "动火作业未落实监护", "检修现场", "动火点监护人中途离开"),
    ("management", "岗位操作规程未更新", "中控室", "工艺变更后操作规程仍为旧版"),
    ("environment", "地沟盖板缺失", "装卸站台", "站台地沟盖板缺失三块,有坠落风险"),
    ("storage", "禁忌物混存", "危险化学品仓库", "氧化剂与还原剂同库存放,间距不足"),
    ("process", "联锁临时摘除未办手续", "聚合装置", "液位联锁摘除后未履行审批"),
)
GRAVE = (
    ("equipment", "可燃气体检测报警器停用", "罐区泵房", "HC-12", "两台可燃气体检测报警器失电停用"),
    ("storage", "罐区紧急切断阀不能动作", "液氨罐区", "HC-05", "紧急切断阀气源中断,远程不能关闭"),
    ("management", "特种作业人员证书过期上岗", "焊接班组", "HC-02", "两名焊工证书过期仍在岗作业"),
    ("electrical", "控制系统未设不间断电源", "中控室", "HC-14", "控制系统仅有单路市电"),
)
PLOTS = {
    "closed": 60, "mending": 24, "late": 12, "reported": 8, "inspected": 10, "listing": 4, "listed": 6, "stopped": 3,
    "delisted": 5, "extension": 3, "returned": 3, "dismissed": 3,
}  # fmt: skip
"""How many cases of each course."""


@dataclass
class Told:
    """One case as it is told: its row and its log."""

    of: CaseType
    code: str
    firm: dict[str, Any]
    now: datetime
    row: CaseRow | None = None
    log: list[Event] = field(default_factory=list)
    public: Record | None = None
    photographed: list[datetime] = field(default_factory=list)

    def open(self, at: datetime, who: Who, values: dict[str, Any], **copied: Any) -> None:
        """The first step; `copied` is what stands in the row that the case names."""
        about = {name: self.firm[name] for name in ("enterprise_name", "sector", "area", "geometry")} | copied
        self._done(opened(self.of, self.code, values, who=who, at=at, calendar=china(), about=about))

    def take(self, step: str, at: datetime, who: Who, *, reason: str = "", photo: str = "", **values: Any) -> None:
        """The next one."""
        assert self.row is not None
        if photo:
            self.photographed.append(at)
        files = (photo,) if photo else ()
        self._done(taken(self.of, self.row, step, values, who=who, at=at, calendar=china(), reason=reason, files=files))

    def remind(self) -> None:
        """What the ladder says by now."""
        assert self.row is not None
        done = reminded(self.of, self.row, at=self.now)
        if done is not None:
            self._done(done)

    def _done(self, done: Taken) -> None:
        self.row, self.public = done.row, done.public or self.public
        self.log.append(done.event)


def tell_cases(system: System, desk: Desk) -> None:
    """Keep the demo's cases; nothing where there are some already."""
    store = system.store
    if store.count(DANGERS, EVERYTHING, scope=SYSTEM_SCOPE):
        return
    procedure = desk.current(HIDDEN_DANGER)
    photo = photograph()
    with system.cabinet.made(photo, "现场照片.png", "image/png") as draft:
        cases = told_cases(procedure, firms_of(system), system.clock(), draft.sha256)
        keep_told(system, procedure, cases, draft)
    keep_rows(system, DANGER_LISTINGS, [case.public for case in cases if case.public is not None])


def told_cases(of: CaseType, firms: Sequence[dict[str, Any]], now: datetime, photo: str) -> list[Told]:
    """Every case, in the order they began; the same for the same firms and the same day."""
    rng = np.random.default_rng(SEED)
    plots = [name for name, count in PLOTS.items() for _ in range(count)]
    plots += ["mending", "late", "reported", "returned", "listed"]
    begun = sorted((_begins(plot, n, now, rng), n) for n, plot in enumerate(plots))
    numbers: dict[int, int] = {}
    cases = []
    for at, n in begun:
        year = local_day(at).year
        numbers[year] = numbers.get(year, 0) + 1
        own = n >= len(plots) - 5
        firm = next(one for one in firms if one["uscc"] == OWN) if own else firms[int(rng.integers(len(firms)))]
        case = Told(of, f"{of.numbering}{year}-{numbers[year]:06d}", firm, now)
        _tell(case, plots[n], at, n, photo)
        case.remind()
        cases.append(case)
    return cases


DAYS_AGO = {
    "closed": (30, 170), "mending": (6, 16), "late": (22, 32), "reported": (0, 2), "inspected": (6, 9),
    "listing": (1, 4), "listed": (12, 40), "stopped": (12, 30), "delisted": (70, 160), "extension": (9, 11),
    "returned": (4, 6), "dismissed": (20, 60),
}  # fmt: skip


def _begins(plot: str, n: int, now: datetime, rng: np.random.Generator) -> datetime:
    least, most = DAYS_AGO[plot]
    day = local_day(now) - timedelta(days=int(rng.integers(least, most + 1)))
    at = datetime.combine(day, time(8 + n % 9, n * 7 % 60), CHINA)
    return min(at, now - timedelta(hours=1))


def _tell(case: Told, plot: str, at: datetime, n: int, photo: str) -> None:
    worker, head = (Who(account=f"demo-{part}-{n}", name=name, role=Role.ENTERPRISE)
                    for part, name in (("worker", "班组安全员"), ("head", "安全负责人")))  # fmt: skip
    bureau = DISTRICTS.get(str(case.firm["area"])[:6], "云澜市") + "应急管理局"
    officer = Who(account="demo-officer", name=f"监管人员,{bureau}", role=Role.OFFICER)
    grave = plot in ("listing", "listed", "stopped", "delisted", "returned")
    kind, title, place, seen, *_ = GRAVE[n % len(GRAVE)] if grave else SEEN[n % len(SEEN)]
    criteria = (GRAVE[n % len(GRAVE)][3],) if grave else ()
    seen = GRAVE[n % len(GRAVE)][4] if grave else seen
    by = officer if plot in ("inspected", "stopped") else worker
    case.open(at, by, {
        "title": title, "kind": kind, "place": place, "description": seen, "enterprise": case.firm["uscc"],
        "origin": "self_check" if by is worker else "inspection", "found_at": at - timedelta(hours=1),
        "found_by": by.name, "geometry": _beside(case.firm["geometry"], n),
    })  # fmt: skip
    hour = timedelta(hours=1)
    if plot == "reported":
        return
    if plot == "dismissed":
        case.take("dismiss", at + 5 * hour, officer, reason="经现场核查,该情形符合规程要求,不构成隐患")
        return
    if grave:
        harm = "可能导致泄漏后不能及时发现和切断,整改须停用相关设施"
        case.take("grade_major", at + 2 * hour, by, criteria=criteria, harm=harm, description=seen)
        if plot == "listing":
            return
        if plot == "returned":
            case.take("return_report", at + DAY, officer, reason="请补充危害范围分析和临时管控措施")
            return
        if plot == "stopped":
            case.take("stop_work", at + 3 * hour, officer, reason="整改过程中不能保证安全,责令撤出作业人员")
        case.take("list", at + 2 * DAY, officer, listed_by=bureau)
        _plan(case, at + 4 * DAY, head, local_day(at) + timedelta(days=28 if n % 3 else 10))
        if plot == "delisted":
            case.take("finish", at + 20 * DAY, worker, photo=photo, outcome="已更换并通过联动测试")
            case.take("accept", at + 24 * DAY, officer, recheck="现场测试动作正常,准予销号")
        return
    case.take("grade_general", at + 3 * hour, head if by is worker else officer)
    days = {"late": 14, "extension": 20}.get(plot, 18)
    _plan(case, at + DAY, head, local_day(at) + timedelta(days=days))
    if plot in ("closed", "inspected"):
        case.take("finish", at + 4 * DAY, worker, photo=photo, outcome="已整改,现场恢复正常")
    if plot == "closed":
        case.take("accept", at + 6 * DAY, head, recheck="整改到位")
    if plot == "extension":
        case.take(
            "ask_extension", at + 6 * DAY, head, extend_to=local_day(at) + timedelta(days=40), extend_why="备件订货未到"
        )


def _plan(case: Told, at: datetime, who: Who, mend_by: date) -> None:
    case.take(
        "plan", at, who, measures="更换或修复,并对同类部位举一反三排查", funds=8000.0, person=who.name, mend_by=mend_by,
        contingency="整改期间停用该部位,专人巡查,备齐应急器材",
    )  # fmt: skip


def _beside(place: Any, n: int) -> Any:
    """Somewhere in the works, so that two dangers of a firm do not lie on each other."""
    return None if place is None else shapely.Point(place.x + (n % 5 - 2) * 2e-4, place.y + (n % 7 - 3) * 2e-4)


def firms_of(system: System) -> list[dict[str, Any]]:
    """The firms that dangers are told of: every fifth, and those where something is always found."""
    fields = ("uscc", "name", "sector", "area")
    rows = system.store.read(ENTERPRISES, Query(fields=fields), scope=SYSTEM_SCOPE).to_pylist()
    found = []
    for n, row in enumerate(sorted(rows, key=lambda row: str(row["uscc"]))):
        if row["geometry"] is not None and (n % 5 == 0 or row["uscc"] == OWN):
            place = shapely.from_wkb(row["geometry"])
            found.append({**row, "enterprise_name": row["name"], "sector": row["sector"] or "", "geometry": place})
    return found


def photograph() -> bytes:
    """A picture that says of itself that it is none: a grey field with a cross."""
    picture = Image.new("RGB", (320, 240), "#8a949c")
    draw = ImageDraw.Draw(picture)
    draw.line((0, 0, 320, 240), fill="#ffffff", width=3)
    draw.line((0, 240, 320, 0), fill="#ffffff", width=3)
    sink = io.BytesIO()
    picture.save(sink, "PNG")
    return sink.getvalue()


def attached(
    case: Told, at: datetime, sha256: str, size: int, name: str = "现场照片.png", by: str = "班组安全员"
) -> Attachment:
    """The row by which a case holds a file that is there already."""
    assert case.row is not None
    return Attachment(
        id=new_id(), of_layer=case.of.register.id, of_key=case.row.code, name=name, note="演示图片", size=size,
        media_type="image/png", sha256=sha256, added_by=by, added_at=at, area=case.row.area,
        sensitivity=Sensitivity.INTERNAL,
    )  # fmt: skip


def keep_told(
    system: System, of: CaseType, cases: Sequence[Told], draft: Draft, name: str = "现场照片.png",
    by: str = "班组安全员",
) -> None:  # fmt: skip
    """Cases with their logs, and the one file that all of them hold which have a photograph."""
    keep_rows(system, of.register, [case.row for case in cases if case.row is not None])
    lines = [log_line(of, case.row, event) for case in cases if case.row for event in case.log]
    keep_rows(system, CASE_STEPS, lines)
    shown = [case for case in cases if case.photographed and case.row is not None]
    if not shown:
        return
    first, sha256, size = shown[0].code, draft.sha256, draft.size
    system.cabinet.keep(
        of.register, first, draft, actor=DEMO_ACTOR, sensitivity=Sensitivity.INTERNAL, scope=SYSTEM_SCOPE
    )
    rows = [attached(case, case.photographed[0], sha256, size, name, by) for case in shown[1:]]
    keep_rows(system, ATTACHMENTS, rows)


def keep_rows(system: System, layer: Layer, records: Sequence[Record]) -> None:
    """Rows of a layer as one load."""
    if records:
        system.store.load(layer, table_of(layer, records), actor=DEMO_ACTOR, reason="演示城市装载", scope=SYSTEM_SCOPE)


def table_of(layer: Layer, records: Sequence[Record]) -> pa.Table:
    """Records as one table for a load; what none of them says is left out."""
    plain = [record.model_dump(exclude={"geometry"}) for record in records]
    columns: dict[str, Any] = {}
    for name in layer.fields:
        values = [list(row[name]) if isinstance(row[name], tuple) else row[name] for row in plain]
        if any(value is not None for value in values):
            columns[name] = [int(value) if isinstance(value, Sensitivity) else value for value in values]
    shapes = [None if record.geometry is None else shapely.to_wkb(record.geometry) for record in records]
    if any(shape is not None for shape in shapes):
        columns["geometry"] = pa.array(shapes, pa.binary())
    return pa.table(columns)
