"""`onemap alarm …`: the alarms of the city seen and handled on the machine itself, and a rule tried on the past."""

import getpass
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
import yaml

from app.commands.options import Data, settings_with
from core.actors import Actor
from core.clock import CHINA, utc_now
from core.errors import BadInputError, NotFoundError
from core.scope import SYSTEM_SCOPE
from core.texts import Lang, Text
from layers.catalogue import CATALOGUE, SENSORS
from layers.catalogue.alarms import AlarmRow
from layers.codes import code_list
from layers.filters import Compare, Filter, Op
from monitoring.alarms.compiled import compiled
from monitoring.alarms.desk import OPEN, Alarm, Desk
from monitoring.alarms.life import State
from monitoring.alarms.replaying import replayed, window
from monitoring.alarms.rules import LINK_FIELDS, POINT_FIELDS, points_of, rule_of
from monitoring.alarms.starter import begin
from store.opening import open_store
from store.protocol import Store
from store.query import Query
from store.series import open_series

Code = Annotated[str, typer.Argument(metavar="CODE", help="报警编号 / number of the alarm")]

alarm = typer.Typer(no_args_is_help=True, help="报警 / alarms")


@alarm.command("list")
def list_alarms(
    data: Data = None,
    closed: Annotated[bool, typer.Option("--closed", help="含已关闭的和误报 / closed and false ones too")] = False,
    state: Annotated[State | None, typer.Option(help="只列此状态的 / of this state alone")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="至多几条 / how many")] = 50,
) -> None:
    """列出报警,新的在前 / List alarms, newest first."""
    with _desk(data) as desk:
        found = desk.rows(_wanted(closed, state))
    newest = sorted(found, key=lambda one: one.record.raised_at, reverse=True)
    for one in newest[:limit]:
        print(_line(one.record))


@alarm.command("show")
def show(code: Code, data: Data = None) -> None:
    """一条报警的全部内容 / Everything of one alarm."""
    with _desk(data) as desk:
        record = _one(desk, code).record
    for name, spec in desk_fields().items():
        value = getattr(record, name)
        if value not in (None, "", False):
            print(f"{spec}: {_local(value) if isinstance(value, datetime) else value}")


@alarm.command("ack")
def ack(code: Code, data: Data = None) -> None:
    """确认报警 / Acknowledge an alarm."""
    with _desk(data) as desk:
        found = _one(desk, code)
        done = desk.acknowledge(code, found.version, actor=_actor(), scope=SYSTEM_SCOPE)
    _print(done.record)


@alarm.command("shelve")
def shelve(
    code: Code,
    why: Annotated[str, typer.Option(help="事由 / why")],
    hours: Annotated[float, typer.Option(min=0.01, help="搁置几小时 / for how many hours")] = 1.0,
    data: Data = None,
) -> None:
    """搁置报警 / Put an alarm aside for a while."""
    with _desk(data) as desk:
        found = _one(desk, code)
        until = utc_now() + timedelta(hours=hours)
        done = desk.shelve(code, found.version, why=why, until=until, actor=_actor(), scope=SYSTEM_SCOPE)
    _print(done.record)


@alarm.command("close")
def close(
    code: Code,
    outcome: Annotated[str, typer.Option(help="原因与处置 / cause, and what was done")],
    data: Data = None,
) -> None:
    """关闭已恢复并已确认的报警 / Close an alarm that has cleared and was acknowledged."""
    with _desk(data) as desk:
        found = _one(desk, code)
        done = desk.close(code, found.version, outcome=outcome, actor=_actor(), scope=SYSTEM_SCOPE)
    _print(done.record)


@alarm.command("false")
def declare_false(
    code: Code, why: Annotated[str, typer.Option(help="误报原因 / why it was false")], data: Data = None
) -> None:
    """判为误报,须已确认 / Declare an acknowledged alarm false."""
    with _desk(data) as desk:
        found = _one(desk, code)
        done = desk.declare_false(code, found.version, why=why, actor=_actor(), scope=SYSTEM_SCOPE)
    _print(done.record)


@alarm.command("unfalse")
def withdraw_false(code: Code, data: Data = None) -> None:
    """撤销误报 / Take an alarm for true again."""
    with _desk(data) as desk:
        found = _one(desk, code)
        done = desk.withdraw_false(code, found.version, actor=_actor(), scope=SYSTEM_SCOPE)
    _print(done.record)


@alarm.command("replay")
def replay(
    file: Annotated[Path, typer.Argument(metavar="RULE", exists=True, dir_okay=False, help="规则 YAML / the rule")],
    days: Annotated[float, typer.Option(min=0.01, max=400, help="最近几天 / of how many days past")] = 30.0,
    data: Data = None,
) -> None:
    """用一条规则重判过去的数据,不登记报警 / Judge the past with a rule; nothing is written."""
    given = yaml.safe_load(file.read_text("utf-8"))
    if not isinstance(given, dict):
        raise BadInputError(
            Text("规则文件应为字段与值", "the file of a rule must be fields and values"), file=str(file)
        )
    settings, end = settings_with(data=data), utc_now()
    begin = end - timedelta(days=days)
    store = open_store(settings.data, settings.database_url, CATALOGUE, utc_now)
    with closing(store), closing(open_series(settings.data / "series", store)) as series:
        table = store.read(SENSORS, Query(fields=(*POINT_FIELDS, *LINK_FIELDS), geometry=False), scope=SYSTEM_SCOPE)
        points = points_of(table)
        rule = rule_of(given | {"state": "in_force"}, points)
        rules = compiled([rule], points)
        readings = window(rules, series, begin, end, SYSTEM_SCOPE)
    found = replayed(rules, readings, begin, end)
    for row in found.to_pylist():
        until = "持续 / standing" if row["cleared_at"] is None else _local(row["cleared_at"])
        condition = code_list("alarm_condition").label(row["condition"], Lang.ZH)
        value = "" if row["value"] is None else f"{row['value']:g} {row['unit']}"
        print(f"{_local(row['raised_at'])} – {until} {row['point']} {condition} {value}".rstrip())
    zh = f"{readings.num_rows} 条数据,{len(rules.lines)} 个判断,报警 {found.num_rows} 次"
    print(f"{zh} / {readings.num_rows} readings, {found.num_rows} alarms")


@alarm.command("starter")
def starter(
    area: Annotated[str, typer.Option(metavar="CODE", help="规则的区划,不给则为全部监测点所在区划 / area")] = "",
    data: Data = None,
) -> None:
    """装入起步报警规则,已有的不动 / Put in the starter rules; what is there stays as it is."""
    settings = settings_with(data=data)
    store = open_store(settings.data, settings.database_url, CATALOGUE, utc_now)
    with closing(store):
        new = begin(store, utc_now, actor=_actor(), area=area)
    for one in new:
        print(f"{one.code} {one.title} {one.basis}")
    print(f"新增规则 {len(new)} 条 / {len(new)} rules added")


@contextmanager
def _desk(data: Path | None) -> Iterator[Desk]:
    settings = settings_with(data=data)
    store: Store = open_store(settings.data, settings.database_url, CATALOGUE, utc_now)
    with closing(store):
        yield Desk(store, utc_now)


def _wanted(closed: bool, state: State | None) -> Filter | None:
    if state is not None:
        return Compare("state", Op.EQ, state.value)
    return None if closed else OPEN


def desk_fields() -> dict[str, str]:
    """The fields of an alarm by what they are called."""
    fields = CATALOGUE["alarms"].fields
    return {name: f"{spec.title.zh} / {spec.title.en}" for name, spec in fields.items()}


def _one(desk: Desk, code: str) -> Alarm:
    where: Filter = Compare("code", Op.EQ, code)
    found = desk.rows(where)
    if not found:
        raise NotFoundError(Text(f"没有报警“{code}”", f"there is no alarm {code!r}"), alarm=code)
    return found[0]


def _actor() -> Actor:
    return Actor(id=f"cli:{getpass.getuser()}", name="命令行", door="cli")


def _local(moment: datetime) -> str:
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M:%S}"


def _print(record: object) -> None:
    assert isinstance(record, AlarmRow)
    print(_line(record))


def _line(row: AlarmRow) -> str:
    level = code_list("risk").label(str(row.level), Lang.ZH)
    state = code_list("alarm_state").label(row.state, Lang.ZH)
    return f"{row.code} {_local(row.raised_at)} {level} {state} {row.title}"
