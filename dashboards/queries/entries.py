"""The one-click entries of the portal: where each leads, whom it is open to, and the count that stands under it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.caller import Caller, Right, UserClass
from core.scope import Scope
from core.texts import Text
from layers.catalogue import DUTY_CALLS, EXERCISE_RUNS, INCIDENTS, RISK_SCORES, VIOLATIONS
from layers.catalogue.alarms import ALARMS
from layers.filters import Compare, Filter, In, Op
from layers.layer import Publish
from store.jobs import Job
from store.protocol import Store
from store.query import Query

Line = Callable[[Store, Scope], Text | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One way into the system. `line` answers None where the reader cannot see what it counts: no entry then.

    `classes` empty is everybody.
    """

    id: str
    title: Text
    href: str
    right: Right
    line: Line
    classes: frozenset[UserClass] = frozenset()


def counted(layer_id: str, zh: str, en: str, where: Filter | None = None) -> Line:
    """The number of rows of a layer in the reader's scope, in words."""

    def line(store: Store, scope: Scope) -> Text | None:
        layer = store.catalogue.find(layer_id, scope)
        if layer is None:
            return None
        count = store.count(layer, Query(where=where), scope=scope)
        return Text(zh.format(f"{count:,}"), en.format(f"{count:,}"))

    return line


def _published(store: Store, scope: Scope) -> Text | None:
    count = sum(layer.publish is not Publish.NONE for layer in store.catalogue.seen_by(scope))
    return Text(f"{count} 个图层", f"{count} layers")


def _said(zh: str, en: str) -> Line:
    return lambda store, scope: Text(zh, en)


STAFF = frozenset({UserClass.REGULATOR, UserClass.COMMITTEE})
BUSINESS = STAFF | {UserClass.ENTERPRISE, UserClass.INTERMEDIARY}


def _sector(code: str, title: Text) -> Entry:
    return Entry(
        id=code,
        title=title,
        href=f"map?layers=enterprises&table=enterprises&sector={code}",
        right=Right.MAP,
        line=counted("enterprises", "{} 家", "{} enterprises", Compare("sector", Op.EQ, code)),
        classes=STAFF,
    )


ENTRIES = (
    Entry(id="map", title=Text("一张图", "One map"), href="map", right=Right.MAP, line=_published),
    Entry(
        id="hall",
        title=Text("指挥大屏", "Command hall"),
        href="hall",
        right=Right.HALL,
        line=counted("accidents", "事故 {} 起", "{} accidents"),
        classes=STAFF,
    ),
    Entry(
        id="enterprises",
        title=Text("企业台账", "Enterprises"),
        href="map?layers=enterprises&table=enterprises",
        right=Right.MAP,
        line=counted("enterprises", "{} 家", "{} on the ledger"),
    ),
    Entry(
        id="hazards",
        title=Text("重大危险源", "Major hazards"),
        href="map?theme=hazard_sources&layers=hazard_sources&table=hazard_sources",
        right=Right.MAP,
        line=counted("hazard_sources", "{} 处", "{} sources"),
    ),
    _sector("hazchem", Text("危险化学品", "Chemicals")),
    _sector("mine", Text("非煤矿山", "Mines")),
    _sector("firework", Text("烟花爆竹", "Fireworks")),
    Entry(
        id="sensors",
        title=Text("在线监测", "Monitoring"),
        href="map?layers=enterprises,sensors&table=sensors",
        right=Right.MAP,
        line=counted("sensors", "{} 个测点", "{} points"),
    ),
    Entry(
        id="cameras",
        title=Text("视频", "Cameras"),
        href="map?layers=enterprises,cameras&table=cameras",
        right=Right.MAP,
        line=counted("cameras", "{} 路", "{} cameras"),
    ),
    Entry(
        id="teams",
        title=Text("救援队伍", "Rescue teams"),
        href="map?theme=none&layers=teams,fire_stations,depots&table=teams",
        right=Right.MAP,
        line=counted("teams", "{} 支", "{} teams"),
    ),
    Entry(
        id="accidents",
        title=Text("事故", "Accidents"),
        href="map?theme=accidents&layers=accidents&table=accidents",
        right=Right.MAP,
        line=counted("accidents", "{} 起", "{} on record"),
    ),
    Entry(
        id="shelters",
        title=Text("避难场所", "Shelters"),
        href="map?theme=none&layers=shelters,hospitals&table=shelters",
        right=Right.MAP,
        line=counted("shelters", "{} 处", "{} shelters"),
        classes=frozenset(UserClass) - STAFF,
    ),
    Entry(
        id="planner",
        title=Text("推演工作台", "Planner"),
        href="planner",
        right=Right.PLAN,
        line=_said("泄漏、火灾、爆炸后果", "releases, fires, explosions"),
        classes=BUSINESS,
    ),
    Entry(
        id="exercises",
        title=Text("演练", "Exercises"),
        href="exercises",
        right=Right.MAP,
        line=counted(EXERCISE_RUNS.id, "进行中 {} 场", "{} in hand", In("state", ("running", "paused"))),
        classes=STAFF,
    ),
    Entry(
        id="export",
        title=Text("数据导出", "Data export"),
        href="map?layers=enterprises&table=enterprises",
        right=Right.EXPORT,
        line=_said("在列表上导出", "from any table"),
        classes=BUSINESS,
    ),
    Entry(
        id="brief",
        title=Text("离线专报", "Offline brief"),
        href="map",
        right=Right.BRIEF,
        line=_said("圈查或在卡片上生成", "from a circle or a card"),
        classes=BUSINESS,
    ),
    Entry(
        id="accounts",
        title=Text("账号管理", "Accounts"),
        href="admin",
        right=Right.ACCOUNTS,
        line=_said("账号、任职、密钥、大屏", "people, posts, keys, walls"),
    ),
    Entry(
        id="design",
        title=Text("流程设计", "Procedures"),
        href="cases/design",
        right=Right.DESIGN,
        line=_said("步骤、身份、期限、文书", "steps, roles, limits, papers"),
    ),
    Entry(
        id="audit",
        title=Text("审计", "Audit"),
        href="audit",
        right=Right.AUDIT,
        line=_said("登录、查看、导出、管理", "sign-ins, reads, changes"),
    ),
    Entry(
        id="services",
        title=Text("服务接口", "Map services"),
        href="ogc/api?f=html",
        right=Right.SERVICES,
        line=_said("WMS WFS OGC API", "WMS WFS OGC API"),
        classes=BUSINESS,
    ),
)


APART = frozenset({Right.ACCOUNTS, Right.AUDIT, Right.DESIGN})
"""Rights that business roles are never given, so nobody is shown what they lack."""


def own_enterprise(store: Store, caller: Caller) -> dict[str, Any] | None:
    """The entry to the reader's own file, for one who belongs to exactly one enterprise."""
    firms = store.catalogue.find("enterprises", caller.scope)
    own = caller.scope.enterprises
    if firms is None or own is None or len(own) != 1:
        return None
    title = Text("本企业档案", "Own enterprise").of(caller.lang)
    key = next(iter(own))
    return {"id": "own", "title": title, "line": key, "href": f"map?layers=enterprises&sel=enterprises:{key}"}


def entries(store: Store, caller: Caller, jobs: tuple[Job, ...] = ()) -> list[dict[str, Any]]:
    """What this reader may open, and, locked, what their role could be given; the own enterprise comes first."""
    found = [own] if (own := own_enterprise(store, caller)) is not None else []
    for entry in ENTRIES:
        if entry.classes and caller.user_class not in entry.classes:
            continue
        line = entry.line(store, caller.scope)
        if line is None:
            continue
        if entry.id == "export" and jobs:
            line = Text(f"近期 {len(jobs)} 项", f"{len(jobs)} lately")
        locked = not caller.may(entry.right)
        if locked and (entry.right in APART or not caller.may(Right.MAP)):
            continue
        found.append(
            {
                "id": entry.id,
                "title": entry.title.of(caller.lang),
                "line": (Text("需授权", "Not granted") if locked else line).of(caller.lang),
                "href": None if locked else entry.href,
            }
        )
    return found


def doors(caller: Caller) -> list[tuple[str, Text]]:
    """The pages in the head of every office page, as far as the reader's role opens them."""
    offered = (
        ("map", Text("地图", "Map"), Right.MAP),
        ("hall", Text("大厅", "Hall"), Right.HALL),
        ("points", Text("测点", "Points"), Right.MAP),
        *((("alarms", Text("报警", "Alarms"), Right.MAP),) if ALARMS.visible(caller.scope) else ()),
        *((("duty", Text("值班", "Duty desk"), Right.MAP),) if INCIDENTS.visible(caller.scope) else ()),
        *(() if not RISK_SCORES.visible(caller.scope) else (("risk", Text("风险", "Risk"), Right.MAP),)),
        *((("roster", Text("排班", "Roster"), Right.MAP),) if DUTY_CALLS.visible(caller.scope) else ()),
        *((("exercises", Text("演练", "Exercises"), Right.MAP),) if EXERCISE_RUNS.visible(caller.scope) else ()),
        *((("violations", Text("视频", "Video"), Right.MAP),) if VIOLATIONS.visible(caller.scope) else ()),
        ("warnings", Text("预警", "Warnings"), Right.WARN),
        ("cases", Text("办理", "Cases"), Right.CASES),
        ("planner", Text("推演", "Planner"), Right.PLAN),
        ("chemicals", Text("化学品", "Substances"), Right.MAP),
        ("knowledge", Text("知识", "Knowledge"), Right.MAP),
        ("rules", Text("报警规则", "Alarm rules"), Right.EDIT),
        ("limits", Text("限值", "Limits"), Right.VERIFY),
        ("notices", Text("发布", "Publish"), Right.PUBLISH_NOTICES),
        ("admin", Text("账号", "Accounts"), Right.ACCOUNTS),
        ("cases/design", Text("流程", "Procedures"), Right.DESIGN),
        ("audit", Text("审计", "Audit"), Right.AUDIT),
    )
    return [("home", Text("门户", "Portal")), *((path, title) for path, title, right in offered if caller.may(right))]
