"""`/api/limits`: limits as they are shipped, and the readings that two persons must make of each before it counts."""

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from starlette.routing import BaseRoute, Route

from app.doors.admin.fields import Given, number, one_of, only, words
from app.doors.bodies import asked, posted
from core.caller import Caller, Right
from core.clock import Clock, iso
from core.errors import BadInputError, ForbiddenError, NotFoundError
from core.texts import Lang, Text
from dashboards.queries.wording import area_names
from emergency.limits import TABLES, Check, LimitRow, Reading, State, limit_row, limit_rows, read, state_of
from emergency.limits.checking import numbers_of
from emergency.limits.kept import check_of, record_of, standing_of
from layers.catalogue.limits import LIMIT_CHECKS, LimitCheck
from store.feed import Delete, Put
from store.protocol import Store

PAGE = 100
LONGEST = 80
REASON = "限值核对"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The register of limits, as one caller meets it."""

    store: Store
    clock: Clock

    def listed(self, caller: Caller, given: Given) -> Given:
        """GET /: rows by table, state and words, a hundred at a time."""
        only(given, "table", "state", "q", "from")
        table = given.get("table") or ""
        if table:
            one_of(given, "table", tuple(TABLES))
        state = given.get("state") or ""
        if state:
            one_of(given, "state", tuple(State))
        q = words(given, "q", longest=LONGEST, empty=True).lower()
        start = _start(given)
        standing = standing_of(self.store, caller.scope)
        every = [(row, standing.state(row.id)) for row in limit_rows().values()]
        inside = [
            (row, stands)
            for row, stands in every
            if (not table or row.table == table) and all(word in _words(row) for word in q.split())
        ]
        found = [(row, stands) for row, stands in inside if not state or stands == state]
        return {
            "rows": [
                _told(row, stands, standing.checks.get(row.id), caller) for row, stands in found[start : start + PAGE]
            ],
            "total": len(found),
            "from": start,
            "tables": [{"code": code, "name": title.of(caller.lang)} for code, title in TABLES.items()],
            "states": [
                {"code": one, "name": one.label.of(caller.lang), "count": count}
                for one, count in _counted(stands for _, stands in inside)
            ],
            "may_verify": caller.may(Right.VERIFY),
        }

    def row(self, caller: Caller, given: Given) -> Given:
        """GET /row?id=: one limit, its readings, and what the caller may do with it."""
        only(given, "id")
        row = limit_row(words(given, "id", longest=LONGEST))
        check, version = self._kept(caller, row)
        return _told(row, state_of(row, check), check, caller) | {
            "version": version,
            "why_not": self._why_not(caller, row, check),
            "history": self._history(caller, row),
        }

    def read(self, caller: Caller, given: Given) -> Given:
        """POST /read: what one person found in the source, typed; the second of two that agree verifies it."""
        only(given, "row", "version", "document", "page", "numbers")
        row = limit_row(words(given, "row", longest=LONGEST))
        version = number(given, "version", 0, 1_000_000_000)
        document, page = words(given, "document", longest=200), words(given, "page", longest=LONGEST)
        area = self._area(caller)
        before, _ = self._kept(caller, row)
        reading = Reading(
            account=caller.account, name=caller.actor.name, at=self.clock(), document=document, page=page,
            numbers=numbers_of(_typed(given)),
        )  # fmt: skip
        check = read(row, before, reading)
        self._commit(caller, Put(layer=LIMIT_CHECKS.id, record=record_of(row, check, area), expected=version), REASON)
        return self.row(caller, {"id": row.id})

    def withdraw(self, caller: Caller, given: Given) -> Given:
        """POST /withdraw: the readings do not count any more; they stay in the history with the reason."""
        only(given, "row", "version", "reason")
        row = limit_row(words(given, "row", longest=LONGEST))
        version, reason = number(given, "version", 1, 1_000_000_000), words(given, "reason", longest=200)
        self._area(caller)
        self._commit(caller, Delete(layer=LIMIT_CHECKS.id, key=row.id, expected=version), reason)
        return self.row(caller, {"id": row.id})

    def _kept(self, caller: Caller, row: LimitRow) -> tuple[Check | None, int]:
        try:
            found = self.store.get(self.store.catalogue[LIMIT_CHECKS.id], row.id, scope=caller.scope)
        except NotFoundError:
            return None, 0
        assert isinstance(found.record, LimitCheck)
        return check_of(found.record), found.version

    def _area(self, caller: Caller) -> str:
        """The whole city's area: a limit counts everywhere, so who verifies it answers for all of it."""
        if not caller.account:
            raise ForbiddenError(Text("须由登录的具名人员核对", "a named person who signed in verifies limits"))
        whole = min(area_names(self.store, caller.scope), key=lambda code: (len(code), code), default="")
        if not whole or not caller.scope.covers(whole):
            raise ForbiddenError(
                Text(
                    "限值对全市有效,须由市级岗位核对",
                    "limits count for the whole city: a city-wide post verifies",
                )
            )
        return whole

    def _why_not(self, caller: Caller, row: LimitRow, check: Check | None) -> str:
        """Why the caller cannot read this row now, or nothing."""
        if not caller.may(Right.VERIFY):
            return Text("您的岗位无权核对限值", "your role may not verify limits").of(caller.lang)
        try:
            self._area(caller)
        except ForbiddenError as refused:
            return refused.text.of(caller.lang)
        state = state_of(row, check)
        if state is State.READ and check is not None and check.first.account == caller.account:
            return Text("您已核对,须由另一人复核", "you have read it; another person has to confirm").of(caller.lang)
        if state in (State.CONFIRMED, State.DIFFERS):
            return state.label.of(caller.lang)
        return ""

    def _commit(self, caller: Caller, edit: Put | Delete, reason: str) -> None:
        scope = caller.scope
        if scope.writable is not None:
            scope = replace(scope, writable=scope.writable | {LIMIT_CHECKS.id})
        self.store.commit([edit], actor=caller.actor, reason=reason, scope=scope)

    def _history(self, caller: Caller, row: LimitRow) -> list[Given]:
        """Every version, who wrote it, when and why; the latest first."""
        kept = self.store.versions(self.store.catalogue[LIMIT_CHECKS.id], row.id, scope=caller.scope)
        steps = [seq for one in kept for seq in (one.from_seq, one.to_seq) if seq is not None]
        entries = (
            entry
            for seq in sorted(set(steps), reverse=True)
            for entry in self.store.feed(
                after=seq - 1, scope=caller.scope, layers=frozenset({LIMIT_CHECKS.id}), limit=1
            )
            if entry.seq == seq
        )
        return [
            {"at": iso(one.at), "actor": one.actor, "reason": one.reason, "change": str(one.change)} for one in entries
        ]


def _start(given: Given) -> int:
    try:
        start = int(given.get("from") or 0)
    except ValueError:
        start = -1
    if not 0 <= start <= 1_000_000:
        raise BadInputError(Text("from 应为不小于 0 的整数", "from must be a whole number, 0 or more"), field="from")
    return start


def _typed(given: Given) -> dict[str, str]:
    numbers = given.get("numbers")
    if not isinstance(numbers, dict) or not all(
        isinstance(said, str) and len(said) <= 40 and said.isprintable() for said in numbers.values()
    ):
        raise BadInputError(
            Text("numbers 应为各数值的文本", "numbers must hold each number as text, as printed"), field="numbers"
        )
    return {str(name)[:40]: said for name, said in numbers.items()}


def _words(row: LimitRow) -> str:
    return f"{row.id} {row.title.zh} {row.title.en} {row.source}".lower()


def _counted(states: Any) -> list[tuple[State, int]]:
    found = Counter(states)
    return [(one, found[one]) for one in State]


def _told(row: LimitRow, state: State, check: Check | None, caller: Caller) -> Given:
    """A row; its numbers only once the caller has read them in the source, or two others have."""
    lang, mine = caller.lang, check is not None and check.first.account == caller.account
    open_ = state in (State.CONFIRMED, State.DIFFERS) or (mine and state is State.READ) or not caller.may(Right.VERIFY)
    return {
        "id": row.id, "table": row.table, "table_title": TABLES[row.table].of(lang), "title": row.title.of(lang),
        "source": row.source, "note": row.note, "shipped": row.status.label.of(lang),
        "state": state, "state_title": state.label.of(lang),
        "numbers": [
            {"name": one.name, "title": one.title.of(lang), "unit": one.unit, "value": one.value if open_ else None}
            for one in row.numbers
        ],
        "readings": [] if check is None else [_reading(one, open_, lang) for one in (check.first, check.second) if one],
    }  # fmt: skip


def _reading(one: Reading, open_: bool, lang: Lang) -> Given:
    return {
        "name": one.name, "at": iso(one.at), "document": one.document, "page": one.page,
        "numbers": dict(one.numbers) if open_ else None,
    }  # fmt: skip


def limit_routes(store: Store, clock: Clock) -> list[BaseRoute]:
    """The doors of the register."""
    desk = Desk(store=store, clock=clock)
    return [
        Route("/api/limits", asked(desk.listed), methods=["GET"]),
        Route("/api/limits/row", asked(desk.row), methods=["GET"]),
        Route("/api/limits/read", posted(desk.read), methods=["POST"]),
        Route("/api/limits/withdraw", posted(desk.withdraw), methods=["POST"]),
    ]
