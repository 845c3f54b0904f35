"""The roster: who is on duty, shifts drawn up in turn, who stands in with consent, and what is wrong with a month."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from core.actors import Actor
from core.clock import CHINA, Clock
from core.errors import BadInputError, ConflictError, ForbiddenError
from core.ids import new_id
from core.scope import Scope
from core.texts import Text
from layers.catalogue import DUTY_SHIFTS
from layers.catalogue.duty import DutyShift
from layers.filters import Compare, Op, Under, every
from store.feed import Delete, Put
from store.protocol import Store
from store.query import Order, Query

LONGEST = timedelta(days=8)
"""A shift that is longer was mistyped."""
MOST_TURNS = 400
FIELDS = (
    "code", "post", "role", "person", "account", "duty_phone", "starts_at", "ends_at", "stands_in_for", "asked_of",
    "asked_account", "asked_why", "asked_by", "area",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """One shift of the roster; `duty_phone` is empty where the caller's role does not open it."""

    code: str
    version: int
    post: str
    role: str
    person: str
    account: str
    duty_phone: str
    starts_at: datetime
    ends_at: datetime
    stands_in_for: str
    asked_of: str
    asked_account: str
    asked_why: str
    asked_by: str
    area: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Nobody is on duty at a post; `role` is what is missing."""

    post: str
    role: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Double:
    """One person at two posts at once, or two in one role of one post."""

    one: Watch
    other: Watch

    @property
    def person(self) -> bool:
        """It is one person who is wanted twice."""
        return same_person(self.one, self.other)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who may be put on the roster; `account` is empty for who has none here."""

    name: str
    account: str = ""


def on_duty(store: Store, at: datetime, *, scope: Scope, area: str = "") -> tuple[Watch, ...]:
    """Who is on duty at a moment, leaders first; `area` narrows to a code of GB/T 2260 and all below it.

    The roster is told to every role that may see it, whatever its areas. None are told where the roster is not theirs.
    """
    layer = store.catalogue.find(DUTY_SHIFTS.id, scope)
    if layer is None:
        return ()
    where = every(
        Compare("starts_at", Op.LE, at), Compare("ends_at", Op.GT, at), Under("area", area) if area else None
    )  # fmt: skip
    rank = {"leader": 0, "officer": 1, "deputy": 2}
    found = _watches(store, Query(where=where, geometry=False), scope)
    return tuple(sorted(found, key=lambda one: (one.area, one.post, rank.get(one.role, 3), one.starts_at)))


def between(store: Store, start: datetime, end: datetime, *, scope: Scope) -> tuple[Watch, ...]:
    """The shifts that touch a span, in order."""
    where = every(Compare("starts_at", Op.LT, end), Compare("ends_at", Op.GT, start))
    return _watches(store, Query(where=where, geometry=False, order=(Order("starts_at"), Order("code"))), scope)


def gaps(watches: Iterable[Watch], start: datetime, end: datetime, role: str = "officer") -> tuple[Gap, ...]:
    """When nobody holds a role at a post between two moments; a post is one that has any shift then."""
    posts: dict[str, list[Watch]] = defaultdict(list)
    for one in watches:
        held = posts[one.post]
        if one.role == role:
            held.append(one)
    found = []
    for post, held in posts.items():
        covered = start
        for one in sorted(held, key=lambda each: each.starts_at):
            if one.starts_at > covered:
                found.append(Gap(post=post, role=role, starts_at=covered, ends_at=min(one.starts_at, end)))
            covered = max(covered, one.ends_at)
        if covered < end:
            found.append(Gap(post=post, role=role, starts_at=covered, ends_at=end))
    return tuple(sorted(found, key=lambda gap: (gap.starts_at, gap.post)))


def doubles(watches: Sequence[Watch]) -> tuple[Double, ...]:
    """Pairs of shifts that overlap and should not."""
    ordered = sorted(watches, key=lambda one: one.starts_at)
    found = []
    for n, one in enumerate(ordered):
        for other in ordered[n + 1 :]:
            if other.starts_at >= one.ends_at:
                break
            if same_person(one, other) or (one.post, one.role) == (other.post, other.role):
                found.append(Double(one=one, other=other))
    return tuple(found)


def same_person(one: Watch, other: Watch) -> bool:
    """By account where both have one, else by the name and unit as written."""
    return one.account == other.account if one.account and other.account else one.person == other.person


def turns(
    people: Sequence[Person], first: date, last: date, *, begins: time, hours: float
) -> list[tuple[Person, datetime, datetime]]:
    """Shifts of so many hours from the first day's hour on, the people in turn, until the last day is over.

    >>> two = [Person(name="甲"), Person(name="乙")]
    >>> made = turns(two, date(2026, 12, 1), date(2026, 12, 2), begins=time(8), hours=24)
    >>> [(who.name, at.astimezone(CHINA).day) for who, at, _ in made]
    [('甲', 1), ('乙', 2)]

    Raises: BadInputError for days in the wrong order, hours that make no shift, or more shifts than a page takes.
    """
    step = timedelta(hours=hours)
    if last < first or not people:
        raise BadInputError(Text("结束日期不能早于开始日期", "the last day is before the first"), field="last")
    if not timedelta(hours=1) <= step <= LONGEST:
        raise BadInputError(Text("每班 1 至 192 小时", "a shift has 1 to 192 hours"), field="hours")
    at, end = datetime.combine(first, begins, CHINA), datetime.combine(last + timedelta(days=1), begins, CHINA)
    if (end - at) / step > MOST_TURNS:
        raise BadInputError(Text(f"一次至多排 {MOST_TURNS} 班", f"at most {MOST_TURNS} shifts at once"), field="last")
    made: list[tuple[Person, datetime, datetime]] = []
    while at < end:
        made.append((people[len(made) % len(people)], at, at + step))
        at += step
    return made


class Roster:
    """Shifts entered, taken out, and passed to another with their consent."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def enter(
        self, shifts: Sequence[tuple[Person, datetime, datetime]], *, post: str, role: str, area: str, phone: str,
        actor: Actor, scope: Scope,
    ) -> list[str]:  # fmt: skip
        """All of them in one transaction; their codes."""
        rows = [
            DutyShift(
                code=f"ZB{start.astimezone(CHINA):%Y%m%d%H%M}-{new_id()[-6:]}", post=post, role=role, person=who.name,
                account=who.account, duty_phone=phone, starts_at=start, ends_at=end, area=area,
            )
            for who, start, end in shifts
        ]  # fmt: skip
        edits = [Put(layer=DUTY_SHIFTS.id, record=row, expected=0) for row in rows]
        self._store.commit(edits, actor=actor, reason=f"排班 {post}"[:200], scope=scope)
        return [row.code for row in rows]

    def take_out(self, code: str, version: int, reason: str, *, actor: Actor, scope: Scope) -> None:
        """Off the roster; its versions stay."""
        self._current(code, version, scope)
        edit = Delete(layer=DUTY_SHIFTS.id, key=code, expected=version)
        self._store.commit([edit], actor=actor, reason=reason, scope=scope)

    def ask(self, code: str, version: int, of: Person, why: str, *, actor: Actor, scope: Scope) -> None:
        """Somebody is asked to stand in; the shift stays with whose it is until they agree."""
        shift = self._current(code, version, scope)
        if shift.ends_at <= self._clock():
            raise ConflictError(Text("该班次已结束", "the shift is over"))
        if of.account == shift.account:
            raise BadInputError(Text("代班人就是原值班人", "they are on duty already"), field="of")
        values = {"asked_of": of.name, "asked_account": of.account, "asked_why": why, "asked_by": actor.name}
        self._keep(shift, values, version, f"请 {of.name} 代班:{why}", actor, scope)

    def answer(self, code: str, version: int, agrees: bool, *, account: str, actor: Actor, scope: Scope) -> None:
        """Whoever was asked takes the shift or does not; nobody answers for them.

        `scope` is the desk's: who stands in may come from elsewhere.
        """
        shift = self._current(code, version, scope)
        if not shift.asked_account:
            raise ConflictError(Text("该班次没有待同意的代班", "nobody is asked to stand in"))
        if not account or shift.asked_account != account:
            raise ForbiddenError(Text("只有被请的人可以答复代班", "only who was asked may answer"))
        nobody = {"asked_of": "", "asked_account": "", "asked_why": "", "asked_by": ""}
        if not agrees:
            self._keep(shift, nobody, version, "不同意代班", actor, scope)
            return
        values = {
            **nobody, "person": shift.asked_of, "account": shift.asked_account, "duty_phone": "",
            "stands_in_for": shift.stands_in_for or shift.person,
        }  # fmt: skip
        self._keep(shift, values, version, f"同意代班:{shift.asked_why}", actor, scope)

    def _current(self, code: str, version: int, scope: Scope) -> DutyShift:
        stored = self._store.get(DUTY_SHIFTS, code, scope=scope)
        assert isinstance(stored.record, DutyShift)
        if stored.version != version:
            raise ConflictError(
                Text("他人刚刚改了该班次,请重新查看", "somebody changed it meanwhile; look again"),
                version=stored.version,
            )
        return stored.record

    def _keep(
        self, shift: DutyShift, values: dict[str, str], version: int, reason: str, actor: Actor, scope: Scope
    ) -> None:
        edit = Put(layer=DUTY_SHIFTS.id, record=shift.model_copy(update=values), expected=version)
        self._store.commit([edit], actor=actor, reason=reason[:200], scope=scope)


def _watches(store: Store, query: Query, scope: Scope) -> tuple[Watch, ...]:
    layer = store.catalogue.find(DUTY_SHIFTS.id, scope)
    if layer is None:
        return ()
    seen = layer.fields_in(scope)
    query = replace(query, fields=tuple(name for name in FIELDS if name in seen))
    rows = store.read(layer, query, scope=scope).to_pylist()
    blank: dict[str, Any] = dict.fromkeys(FIELDS, "")
    told: list[dict[str, Any]] = [{name: (blank | row)[name] or "" for name in FIELDS} for row in rows]
    return tuple(Watch(version=row["_version"], **one) for row, one in zip(rows, told, strict=True))
