"""The sources of to-dos that exist today: dates that run out, points that stopped reporting, the reader's own jobs."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from casework.expiries import Expiry, expiries
from core.caller import UserClass
from core.clock import CHINA
from core.texts import Lang, Text
from dashboards.queries.dutytodos import duty
from dashboards.queries.todos import Desk, Source, Todo
from dashboards.queries.wording import code_label
from layers.catalogue.alarms import ALARMS
from layers.catalogue.casework import CaseRow
from layers.codes import Status
from layers.filters import And, Between, Compare, Filter, In, Missing, Not, Op
from layers.layer import Layer
from monitoring.alarms.life import STANDING
from store.jobs import State
from store.query import COUNT, EVERYTHING, Measure, Order, Query, Total

FEW_OVERDUE, FEW_SOON = 2, 3
"""More lines of one rule than this are folded into one with a number, so that no rule hides the others."""

MOST = 300
JOBS_FOR = timedelta(days=1)


def running_out(desk: Desk) -> Iterator[Todo]:
    """Rows whose date, or date and years, ends soon or has ended."""
    for rule in expiries():
        layer = desk.store.catalogue.find(rule.layer, desk.scope)
        if layer is None or desk.user_class not in rule.classes or rule.field not in layer.fields_in(desk.scope):
            continue
        yield from _of_rule(desk, rule, layer)


def _of_rule(desk: Desk, rule: Expiry, layer: Layer) -> Iterator[Todo]:
    today, last = rule.begins(desk.today), rule.begins(rule.horizon(desk.today))
    about: tuple[Filter, ...] = () if rule.only is None else (In(*rule.only),)
    overdue = And((Compare(rule.field, Op.LT, today), *about))
    soon = And((Between(rule.field, today, last), *about))
    over, near = (FEW_OVERDUE, FEW_SOON) if desk.folded else (MOST, MOST)
    yield from _lines(desk, rule, layer, overdue, 0 if _count(desk, layer, overdue) > over else over, _OVERDUE)
    yield from _lines(desk, rule, layer, soon, near, _SOON)


_OVERDUE = Text("逾期 {count} 项，最早 {day}", "{count} overdue since {day}")
_SOON = Text("另有 {count} 项 {lead} 天内到期", "{count} more in {lead} days")


def _count(desk: Desk, layer: Layer, where: Filter) -> int:
    return desk.store.count(layer, Query(where=where), scope=desk.scope)


def _lines(desk: Desk, rule: Expiry, layer: Layer, where: Filter, most: int, rest: Text) -> Iterator[Todo]:
    """The first so many rows a line each, and one line for those behind them."""
    rows = _rows(desk, rule, layer, Query(where=where, order=(Order(rule.field),), limit=most + 1))
    for row in rows[:most]:
        yield Todo(
            id=f"{rule.id}:{row[layer.key]}",
            subject=_subject(desk, rule, layer, row),
            link=_on_map(layer, row[layer.key]),
            due=rule.ends(row[rule.field]),
            **_said(desk, rule),
        )
    if len(rows) > most:
        due, count = rule.ends(rows[most][rule.field]), _count(desk, layer, where) - most
        words = rest.of(desk.lang).format(count=f"{count:,}", lead=rule.lead_days, day=due.isoformat())
        yield Todo(id=f"{rule.id}:{rest.en[-4:]}", subject=words, link="", due=due, count=count, **_said(desk, rule))


def _rows(desk: Desk, rule: Expiry, layer: Layer, query: Query) -> list[dict[str, Any]]:
    seen = layer.fields_in(desk.scope)
    fields = tuple(
        name for name in dict.fromkeys((layer.key, layer.label, "name", rule.field, rule.kind)) if name in seen
    )
    asked = Query(where=query.where, order=query.order, limit=query.limit, fields=fields, geometry=False)
    found: list[dict[str, Any]] = desk.store.read(layer, asked, scope=desk.scope).to_pylist()
    return found


def _said(desk: Desk, rule: Expiry) -> dict[str, Any]:
    basis = Text(f"{rule.basis.zh}（{rule.source}）", f"{rule.basis.en} ({rule.source})")
    return {
        "title": rule.title.of(desk.lang),
        "system": rule.system.of(desk.lang),
        "basis": basis.of(desk.lang),
        "doubt": rule.status is Status.UNVERIFIED,
    }


def _subject(desk: Desk, rule: Expiry, layer: Layer, row: dict[str, Any]) -> str:
    """What it is called, after what kind of thing it is where the rule says so."""
    spec = layer.fields[rule.kind] if rule.kind else None
    kind = "" if spec is None or not row.get(rule.kind) else code_label(str(spec.codes), row[rule.kind], desk.lang)
    return f"{kind} {_name(layer, row)}".strip()


def _name(layer: Layer, row: dict[str, Any]) -> str:
    return str(row.get(layer.label or "") or row.get("name") or row[layer.key])


def _on_map(layer: Layer, key: str) -> str:
    shown = "enterprises" if layer.id == "enterprises" else f"enterprises,{layer.id}"
    return f"map?layers={shown}&sel={layer.id}:{quote(key, safe='')}"


def stopped_points(desk: Desk) -> Iterator[Todo]:
    """How many measuring points have no fresh value, as one line to be done at once."""
    if desk.readings is None or desk.user_class is UserClass.PUBLIC:
        return
    sensors = desk.store.catalogue.find("sensors", desk.scope)
    if sensors is None:
        return
    count = desk.store.count(sensors, EVERYTHING, scope=desk.scope)
    late = count - (desk.readings.fresh(desk.now, scope=desk.scope) or 0) if count else 0
    if late > 0:
        yield Todo(
            id="stopped-points",
            title=Text("核实停报监测点", "Points gone silent").of(desk.lang),
            subject=Text(f"{late:,} 个，共 {count:,} 个", f"{late:,} of {count:,}").of(desk.lang),
            system=Text("监测", "Sensors").of(desk.lang),
            link="map?layers=enterprises,sensors&table=sensors",
            basis=Text("75 分钟内没有读数", "no reading within 75 minutes").of(desk.lang),
        )


def unanswered_alarms(desk: Desk) -> Iterator[Todo]:
    """Alarms nobody has answered, as one line to be done at once, with how many of each level; of an enterprise what it
    has not received.
    """
    layer = desk.store.catalogue.find(ALARMS.id, desk.scope)
    if layer is None or desk.user_class is UserClass.PUBLIC:
        return
    raised: Filter = Compare("state", Op.EQ, "raised")
    if desk.user_class is UserClass.ENTERPRISE:
        raised = And((In("state", STANDING), Missing("received_at")))
    query = Query(where=raised)
    levels = desk.store.totals(layer, query, by=("level",), of=(COUNT,), scope=desk.scope).to_pylist()
    count = sum(row["count"] for row in levels)
    if not count:
        return
    split = [f"{code_label('risk', row['level'], desk.lang)} {row['count']:,}" for row in _worst_first(levels)]
    yield Todo(
        id="unanswered-alarms",
        title=Text("接警", "Answer alarms").of(desk.lang),
        subject="、".join(split) if desk.lang is Lang.ZH else ", ".join(split),
        system=Text("监测", "Sensors").of(desk.lang),
        link="alarms?state=new",
        basis=Text("未接警的报警按时限逐级转告", "an alarm nobody answers is told to the next tier").of(desk.lang),
        count=count,
    )


def _worst_first(levels: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(levels, key=lambda row: int(row["level"]))


def cases(desk: Desk) -> Iterator[Todo]:
    """Of each business system how many cases wait for the reader, by the earliest deadline among them."""
    turn = TURNS.get(desk.user_class)
    if turn is None:
        return
    for layer in desk.store.catalogue.seen_by(desk.scope):
        if not issubclass(layer.record, CaseRow):
            continue
        mine = And((Missing("closed_at"), Compare("turn", Op.EQ, turn)))
        running = And((Missing("stopped_at"), Not(Missing("due_at"))))
        overdue = And((*running.parts, Compare("due_at", Op.LE, desk.now)))
        of = (COUNT, replace(COUNT, name="late", where=overdue), Total("first", Measure.MIN, "due_at", running))
        (told,) = desk.store.totals(layer, Query(where=mine), of=of, scope=desk.scope).to_pylist()
        count, late, first = told["count"], told["late"], told["first"]
        if not count:
            continue
        words = Text(f"{count:,} 件，逾期 {late:,} 件", f"{count:,}, {late:,} of them overdue")
        yield Todo(
            id=f"cases:{layer.id}",
            title=Text(f"办理{layer.title.zh}", layer.title.en).of(desk.lang),
            subject=words.of(desk.lang),
            system=Text("办理", "Cases").of(desk.lang),
            link=f"cases?register={layer.id}&view=todo",
            due=(first - AN_INSTANT).astimezone(CHINA).date() if first else None,
            basis=Text("本环节期限最早的一件", "the earliest deadline among them").of(desk.lang),
            count=count,
        )


TURNS = {UserClass.REGULATOR: "officer", UserClass.ENTERPRISE: "enterprise", UserClass.COMMITTEE: "member"}
AN_INSTANT = timedelta(microseconds=1)


def own_jobs(desk: Desk) -> Iterator[Todo]:
    """The reader's jobs that failed, or whose file waits to be fetched, of the last day."""
    for job in desk.jobs:
        ended = job.ended_at
        if ended is None or desk.now - ended > JOBS_FOR or job.state not in (State.DONE, State.FAILED):
            continue
        done = job.state is State.DONE
        title = (
            Text("取走导出结果", "Fetch the result") if done else Text("任务失败，请重试", "A job failed, ask again")
        )
        yield Todo(
            id=f"job:{job.id}",
            title=title.of(desk.lang),
            subject=job.title.of(desk.lang),
            system=Text("导出", "Export").of(desk.lang),
            link=f"api/jobs/{job.id}/file" if done and job.outcome and job.outcome.file else "map",
            basis="" if done else job.doing.of(desk.lang),
        )


SOURCES: tuple[Source, ...] = (unanswered_alarms, duty, cases, running_out, stopped_points, own_jobs)
"""What the portal asks; a business system adds its own source here."""
