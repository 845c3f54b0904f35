"""Tells those on the roster: a shift begins, a hand-over is due or late, a call waits, a receipt is missing.

Each is told once to each of them, on the portal; who has no account is told nothing.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from app.wiring import System
from core.clock import CHINA
from core.scope import SYSTEM_SCOPE
from core.texts import Text
from emergency.duty.practice import span
from emergency.duty.roster import Watch, between, on_duty
from layers.catalogue import DUTY_CALLS, DUTY_FORWARDS, DUTY_HANDOVERS, DUTY_SHIFTS
from layers.filters import Compare, Filter, Missing, Op, every
from layers.layer import Layer
from store.identity.messages import Channel, Letter
from store.query import Order, Query

MOST = 100
BACK = timedelta(hours=12)
"""Hand-overs due longer ago than this are told no more."""


def remind_duty(system: System) -> int:
    """Everything that is due now; how many letters are new."""
    store, now = system.store, system.clock()
    if DUTY_SHIFTS.id not in store.catalogue:
        return 0
    today = now.astimezone(CHINA).date()
    known = frozenset(one.id for one in system.identity.people.all() if one.open(now))
    told = 0
    for one in between(store, now - BACK, now + span("shift_notice", today), scope=SYSTEM_SCOPE):
        if now < one.starts_at:
            told += _post(system, _begins(one), known & {one.account}, now)
        elif one.role == "officer" and one.ends_at <= now + span("handover_notice", today):
            late = now > one.ends_at + span("handover_late", today)
            if not late or not _handed_over(system, one):
                told += _post(system, _due(one, late), known & {one.account}, now)
    on = on_duty(store, now, scope=SYSTEM_SCOPE)
    calls = every(
        Compare("call_back", Op.EQ, True), Missing("called_back_at"), Compare("state", Op.EQ, "logged"),
        Compare("at", Op.LT, now - span("call_back_due", today)),
    )  # fmt: skip
    for code, area in _rows(system, DUTY_CALLS, calls, "code", "at"):
        told += _post(system, _call(code), known.intersection(_near(on, area)), now)
    late_receipts = every(Compare("state", Op.EQ, "waiting"), Compare("due_at", Op.LT, now))
    for code, area in _rows(system, DUTY_FORWARDS, late_receipts, "call", "due_at"):
        told += _post(system, _receipt(code), known.intersection(_near(on, area)), now)
    return told


def _rows(system: System, layer: Layer, where: Filter | None, key: str, order: str) -> list[tuple[str, str]]:
    fields = tuple(dict.fromkeys(("code", key, "area")))
    query = Query(where=where, fields=fields, geometry=False, order=(Order(order, descending=True),), limit=MOST)
    rows = system.store.read(layer, query, scope=SYSTEM_SCOPE).to_pylist()
    return [(row[key], row["area"]) for row in rows]


def _near(on: Iterable[Watch], area: str) -> list[str]:
    """The accounts on duty at the nearest post whose area holds this one."""
    holding = [(_prefix(one.area), one.account) for one in on if area.startswith(_prefix(one.area))]
    nearest = max((len(prefix) for prefix, _ in holding), default=0)
    return [account for prefix, account in holding if len(prefix) == nearest]


def _prefix(area: str) -> str:
    return area.rstrip("0") if len(area) == len("990100") else area


def _handed_over(system: System, one: Watch) -> bool:
    where = every(
        Compare("post", Op.EQ, one.post), Compare("state", Op.EQ, "taken"),
        Compare("drafted_at", Op.GT, one.ends_at - BACK),
    )  # fmt: skip
    return system.store.count(DUTY_HANDOVERS, Query(where=where), scope=SYSTEM_SCOPE) > 0


def _post(system: System, letter: Letter, to: Iterable[str], now: datetime) -> int:
    return system.identity.messages.post(letter, dict.fromkeys(to, (Channel.PORTAL,)), at=now)


def _begins(one: Watch) -> Letter:
    hour = f"{one.starts_at.astimezone(CHINA):%H:%M}"
    return Letter(
        about=f"shift/{one.code}/begins", title=Text("值班提醒", "Your shift begins"), link="roster?tab=month",
        body=Text(f"您 {hour} 起在 {one.post} 值班。", f"You are on duty at {one.post} from {hour}."),
    )  # fmt: skip


def _due(one: Watch, late: bool) -> Letter:
    hour = f"{one.ends_at.astimezone(CHINA):%H:%M}"
    if late:
        return Letter(
            about=f"shift/{one.code}/late", title=Text("交接班超时", "Hand-over late"), link="roster?tab=handover",
            body=Text(f"{one.post} 应于 {hour} 交接,尚未双方签字。", f"{one.post}: due {hour}, not signed by both."),
        )  # fmt: skip
    return Letter(
        about=f"shift/{one.code}/due", title=Text("交班提醒", "Hand-over due"), link="roster?tab=handover",
        body=Text(f"{one.post} 应于 {hour} 交接班。", f"{one.post}: hand over at {hour}."),
    )  # fmt: skip


def _call(code: str) -> Letter:
    return Letter(
        about=f"call/{code}/back", title=Text("未回电", "Not called back"), link=f"roster?tab=calls&code={code}",
        body=Text(f"来电 {code} 须回电,已超过时限。", f"Call {code} was to be called back by now."),
    )  # fmt: skip


def _receipt(code: str) -> Letter:
    return Letter(
        about=f"call/{code}/receipt", title=Text("未回执", "Receipt missing"), link=f"roster?tab=calls&code={code}",
        body=Text(f"来电 {code} 的转办已过回执时限。", f"The receipt for call {code} is overdue."),
    )  # fmt: skip
