"""`onemap incident …`: incidents seen on the machine itself, and one as it was known at a time."""

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from app.commands.options import Data, settings_with
from app.incidents.desk import IncidentDesk
from app.incidents.replay import picture
from core.clock import CHINA, from_iso, utc_now
from core.errors import BadInputError, ConflictError
from core.scope import SYSTEM_SCOPE
from core.texts import Lang, Text
from dashboards.queries.incidents import listed
from emergency.incidents.clocks import STANDS, Clock
from emergency.incidents.grading import graded
from layers.catalogue import CATALOGUE, INCIDENTS
from layers.catalogue.incidents import Incident, IncidentEntry, IncidentLink
from layers.codes import code_list
from layers.record import Record
from store.opening import open_store

Code = Annotated[str, typer.Argument(metavar="CODE", help="事件编号 / number of the incident")]

incident = typer.Typer(no_args_is_help=True, help="突发事件 / incidents")

UNSAID = frozenset({"geometry", "sensitivity", "source_datum", "source", "area", "code", "title", "exercise"})


@incident.command("list")
def list_incidents(
    data: Data = None,
    every: Annotated[bool, typer.Option("--all", help="含已结束、误报的 / those that are over too")] = False,
    exercise: Annotated[bool, typer.Option("--exercise", help="只列演练 / exercises alone")] = False,
) -> None:
    """列出事件,新的在前;不含演练 / List incidents, newest first, without exercises."""
    with _desk(data) as desk:
        found = listed(desk.store, exercise=exercise, every=every, scope=SYSTEM_SCOPE, lang=Lang.ZH)
    for row in found["rows"]:
        graded_ = row["level_word"] or "未定级"
        print(f"{row['code']}  {row['state_word']:<4} {graded_}  {_local(row['reported_at'])}  {row['title']}")
    print(f"共 / total {found['total']}")


@incident.command("show")
def show(code: Code, data: Data = None) -> None:
    """一个事件的信息、等级、时限和日志 / Facts, level, clocks and log of one."""
    with _desk(data) as desk:
        row = desk.find(code, scope=SYSTEM_SCOPE).row
        log, links = desk.log(code, scope=SYSTEM_SCOPE), desk.links(code, scope=SYSTEM_SCOPE)
        _print(row, desk.due(row, log), links, log)


@incident.command("replay")
def replay(
    code: Code,
    at: Annotated[str, typer.Option("--at", help="时刻,如 2026-11-23T14:30+08:00 / a time with offset")],
    data: Data = None,
) -> None:
    """按某时刻已知的情况重现 / The picture as it was known at a time."""
    try:
        moment = from_iso(at)
    except ValueError as error:
        raise BadInputError(
            Text(f"--at “{at}” 应为带时区的时刻", f"--at {at!r} is to be a time with offset"), field="at", value=at
        ) from error
    with _desk(data) as desk:
        found = picture(desk, code, moment, scope=SYSTEM_SCOPE)
    print(f"截至 / as known at {_local(found.at)}  (#{found.seq})")
    if found.afterwards is not None:
        entered = _local(found.afterwards)
        print(f"补录:{entered} 录入,按日志所载时间重现 / entered afterwards, at {entered}; by the log's own times")
    _print(found.row, found.clocks, found.links, found.log)
    for alarm in found.alarms:
        print(
            f"报警 / alarm  {getattr(alarm, 'code', '')}  {getattr(alarm, 'state', '')}  {getattr(alarm, 'title', '')}"
        )
    if found.scenario is not None:
        _say("情景 / scenario", found.scenario)
    for one in found.warnings:
        _say("预警 / warning", one)


@incident.command("kit")
def kit(
    code: Code,
    out: Annotated[Path, typer.Option("--out", help="写入的文件(.zip) / the file to write")],
    data: Data = None,
    force: Annotated[bool, typer.Option("--force", help="覆盖已有文件 / replace a file that exists")] = False,
) -> None:
    """制作事件离线包,无网络可用,不含个人信息字段 / Make the kit of an incident, without personal fields."""
    from app.incidents.kits import kit_on_this_machine  # drawing and folium are a second that no other command waits

    if out.exists() and not force:
        raise ConflictError(
            Text(f"文件 {out} 已存在,覆盖请加 --force", f"file {out} exists already; --force replaces it"),
            file=str(out),
        )
    made = kit_on_this_machine(settings_with(data=data), code, out)
    print(f"{out}  {out.stat().st_size:,} B")
    for name in made.members:
        print(f"  {name}")


def _print(row: Incident, due: Iterable[Clock], links: Iterable[IncidentLink], log: Iterable[IncidentEntry]) -> None:
    mark = "【演练 / EXERCISE】" if row.exercise else ""
    print(f"{row.code}  {mark}{row.title}")
    for name, spec in INCIDENTS.fields.items():
        value = getattr(row, name)
        if name not in UNSAID and value not in (None, "", False, ()):
            told = code_list(spec.codes).label(str(value)) or value if spec.codes else value
            print(f"  {spec.title.zh} / {spec.title.en}: {_local(told) if isinstance(told, datetime) else told}")
    found = graded(row)
    if found.none is not None:
        print(f"  {found.none.zh} / {found.none.en}")
    if found.at_least:
        print("  至少为此等级,仍有未知 / at least this level: not everything is known")
    for one in due:
        until = "" if one.until is None else f"{_local(one.until)}"
        print(f"  时限 / clock  {one.title.zh}  {STANDS[one.shown].zh}  {until}  {one.basis} ({one.status.value})")
    for link in links:
        print(f"  来源 / came of  {link.code}  {link.title}")
    for line in log:
        struck = "" if line.struck_at is None else f"  [已划去:{line.struck_by},{line.struck_why}]"
        print(f"  {line.number:04d} {_local(line.happened_at)} {line.by} {line.text}{struck}")


def _say(what: str, row: Record) -> None:
    said = (str(getattr(row, name, "")) for name in ("code", "state", "title"))
    print("  ".join((what, *said)))


@contextmanager
def _desk(data: Path | None) -> Iterator[IncidentDesk]:
    settings = settings_with(data=data)
    with closing(open_store(settings.data, settings.database_url, CATALOGUE, utc_now)) as store:
        yield IncidentDesk(store=store, clock=utc_now)


def _local(at: datetime | str) -> str:
    moment = from_iso(at) if isinstance(at, str) else at
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M:%S}"
