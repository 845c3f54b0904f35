"""`/api/roster` on and off duty: who is on, the month, shifts and who stands in, hand-overs signed by both."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from app.auth.callers import Doorman
from app.directory import Directory
from app.doors.admin.fields import Given, flag, number, one_of, only, refused, words
from app.doors.bodies import asked, posted
from app.doors.roster_calls import CODE, LINE, MOST, NAME, may_write, phone, prose
from core.caller import Caller, current_address, current_caller
from core.clock import CHINA, Clock, iso
from core.errors import ForbiddenError, NotFoundError
from core.scope import SYSTEM_SCOPE
from core.texts import Text
from dashboards.duty.papers import double_words, gap_words, handover_paper, roster_paper
from dashboards.queries.dutycalls import duty_layer
from dashboards.queries.wording import area_names, code_label
from emergency.duty.handover import Handovers, is_of, summary
from emergency.duty.places import area_for
from emergency.duty.roster import Person, Roster, Watch, between, doubles, gaps, on_duty, turns
from layers.catalogue import DUTY_HANDOVERS, DUTY_SHIFTS
from layers.catalogue.duty import DutyHandover
from layers.codes import code_list
from store.heads import Head, Heads
from store.protocol import Store, Stored
from store.query import Order, Query
from store.schema import stream_of

LISTED = 60
FAULTS = 100
PEOPLE = 40
NEXT = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchDesk:
    """The roster and the hand-overs; `sign` writes a signed head now, `doorman` proves a password."""

    store: Store
    clock: Clock
    roster: Roster
    handovers: Handovers
    directory: Directory
    doorman: Doorman
    heads: Heads
    sign: Callable[[], Head]

    def now(self, caller: Caller, given: Given) -> Given:
        """GET /now: who is on duty, and one's own shifts of the next days with what one is asked."""
        only(given)
        at = self.clock()
        duty_layer(self.store, DUTY_SHIFTS, caller.scope)
        ahead = between(self.store, at, at + NEXT, scope=caller.scope)
        mine = [one for one in ahead if caller.account and is_of(one, caller.account, caller.actor.name)]
        asked_ = [one for one in ahead if caller.account and one.asked_account == caller.account]
        return {
            "at": iso(at), "on": [self._watch(one, caller) for one in on_duty(self.store, at, scope=caller.scope)],
            "mine": [self._watch(one, caller) for one in mine[:20]],
            "asked": [self._watch(one, caller) for one in asked_[:20]],
        }  # fmt: skip

    def month(self, caller: Caller, given: Given) -> Given:
        """GET /month?month=&post=: the shifts of a month, what is missing and what is double."""
        first, watches, posts = self._month(caller, given)
        end = _next(first)
        lang = caller.lang
        return {
            "month": f"{first:%Y-%m}", "posts": posts, "rows": [self._watch(one, caller) for one in watches],
            "gaps": [gap_words(one, lang) for one in gaps(watches, _start(first), _start(end))[:FAULTS]],
            "doubles": [double_words(one, lang) for one in doubles(watches)[:FAULTS]],
            "may_write": may_write(caller), "roles": _choices("duty_role", caller),
        }  # fmt: skip

    def people(self, caller: Caller, given: Given) -> Given:
        """GET /people: the accounts of the authority that may be put on the roster."""
        only(given)
        _asked(caller)
        named = sorted(self.directory.named()["person"].items(), key=lambda one: one[1])
        return {"people": [{"account": account, "name": name} for account, name in named]}

    def enter(self, caller: Caller, given: Given) -> Given:
        """POST /shifts: people in turn from the first day to the last, so many hours each."""
        only(given, "post", "role", "area", "people", "first", "last", "begins", "hours", "duty_phone")
        _asked(caller)
        first, last = _day(given, "first"), _day(given, "last")
        shifts = turns(self._people(given), first, last, begins=_hour(given), hours=number(given, "hours", 1, 192))
        made = self.roster.enter(
            shifts, post=words(given, "post", longest=NAME), phone=phone(given, "duty_phone") or "",
            role=one_of(given, "role", [one.code for one in code_list("duty_role")]),
            area=area_for(self.store, caller.scope, given=words(given, "area", longest=12, empty=True), point=None),
            actor=caller.actor, scope=caller.scope,
        )  # fmt: skip
        return {"made": made, "month": f"{first:%Y-%m}"}

    def remove(self, caller: Caller, given: Given) -> Given:
        """POST /shifts/remove: off the roster; its versions stay."""
        code, version = _of(caller, given, "reason")
        reason = words(given, "reason", longest=LINE)
        self.roster.take_out(code, version, reason, actor=caller.actor, scope=caller.scope)
        return {"code": code}

    def ask(self, caller: Caller, given: Given) -> Given:
        """POST /shifts/ask: somebody is asked to stand in; nothing changes before they agree."""
        code, version = _of(caller, given, "of", "why")
        account = words(given, "of", longest=64)
        name = self.directory.named()["person"].get(account)
        if name is None:
            raise NotFoundError(Text("没有这个人员", "there is no such person"), account=account)
        who = Person(name=name, account=account)
        self.roster.ask(code, version, who, words(given, "why", longest=LINE), actor=caller.actor, scope=caller.scope)
        return {"code": code}

    def answer(self, caller: Caller, given: Given) -> Given:
        """POST /shifts/answer: who was asked agrees or does not, on their own session."""
        code, version = _of(caller, given, "agrees")
        self.roster.answer(
            code, version, flag(given, "agrees"), account=_session(caller), actor=caller.actor, scope=SYSTEM_SCOPE
        )
        return {"code": code}

    def listed(self, caller: Caller, given: Given) -> Given:
        """GET /handovers: the latest first, with what would be handed over at one's own post."""
        only(given)
        layer = duty_layer(self.store, DUTY_HANDOVERS, caller.scope)
        names = ("code", "post", "state", "due_at", "out_name", "in_name", "out_at", "in_at", "late", "drafted_at")
        query = Query(fields=names, geometry=False, order=(Order("drafted_at", descending=True),), limit=LISTED)
        on = self._own(caller)
        return {
            "rows": [
                {name: iso(value) if isinstance(value, datetime) else value for name, value in row.items()
                 if not name.startswith("_")}
                | {"state_word": code_label("handover_state", row["state"], caller.lang)}
                for row in self.store.read(layer, query, scope=caller.scope).to_pylist()
            ],
            "posts": _widest_first(on or self._around(caller)),
            "mine": [self._watch(one, caller) for one in on], "may_write": may_write(caller),
        }  # fmt: skip

    def row(self, caller: Caller, given: Given) -> Given:
        """GET /handovers/row?code=: one whole, with where it stands in the chain."""
        only(given, "code")
        return self._handover(words(given, "code", longest=CODE), caller)

    def preview(self, caller: Caller, given: Given) -> Given:
        """GET /handovers/preview: what is open now in one's own areas, as a hand-over would list it."""
        only(given)
        _asked(caller)
        area = area_for(self.store, caller.scope, given="", point=None)
        return {"area": area, **summary(self.store, area, scope=caller.scope)}

    def draw_up(self, caller: Caller, given: Given) -> Given:
        """POST /handovers: what is open now, drawn up to be signed; again by code until the first has signed."""
        only(given, "post", "area", "devices", "notes", "code", "version")
        _asked(caller)
        code, post = words(given, "code", longest=CODE, empty=True), words(given, "post", longest=NAME)
        posts = {one.post for one in (*self._own(caller), *self._around(caller))}
        if posts and post not in posts and not code:
            raise refused("post", post, Text(f"排班表上的岗位:{'、'.join(sorted(posts))}", "a post of the roster"))
        kept = self.handovers.draw_up(
            post,
            area_for(self.store, caller.scope, given=words(given, "area", longest=12, empty=True), point=None),
            prose(given, "devices") if given.get("devices") else "",
            prose(given, "notes") if given.get("notes") else "", code=code,
            version=number(given, "version", 1, MOST) if code else 0, account=_session(caller), actor=caller.actor,
            scope=caller.scope,
        )  # fmt: skip
        return self._handover(_code(kept), caller)

    def signed(self, caller: Caller, given: Given) -> Given:
        """POST /handovers/sign: with one's own password, on one's own session; the second signature closes it."""
        code, version = _of(caller, given, "password")
        account, password = _session(caller), given.get("password")
        held = self.doorman.identity.people.get(account)
        how = "session"  # whoever is vouched for elsewhere has no password here
        if held.password_hash:
            if not isinstance(password, str) or not password or len(password) > 256:
                raise refused("password", "", Text("本人口令", "one's own password"))
            self.doorman.proven(held.login, password, "交接班签字", current_address.get())
            how = "password"
        kept = self.handovers.sign(code, version, how, account=account, actor=caller.actor, scope=caller.scope)
        if getattr(kept.record, "state", "") == "taken":
            self.sign()
        return self._handover(code, caller)

    def month_paper(self, caller: Caller, given: Given) -> str:
        """GET /month/paper: the month on A4."""
        first, watches, _ = self._month(caller, given)
        missing = gaps(watches, _start(first), _start(_next(first)))[:FAULTS]
        return roster_paper(first, watches, missing, doubles(watches)[:FAULTS], caller.lang)

    def paper(self, caller: Caller, given: Given) -> str:
        """GET /handovers/paper: a hand-over on A4, with both signatures and the signed head of the chain."""
        only(given, "code")
        stored = self._stored(words(given, "code", longest=CODE), caller)
        assert isinstance(stored.record, DutyHandover)
        entry, head = self._chain(stored)
        return handover_paper(stored.record, stored.version, entry, head, caller.lang)

    def _month(self, caller: Caller, given: Given) -> tuple[date, tuple[Watch, ...], list[str]]:
        only(given, "month", "post")
        duty_layer(self.store, DUTY_SHIFTS, caller.scope)
        text = given.get("month") or f"{self.clock().astimezone(CHINA):%Y-%m}"
        if not re.fullmatch(r"20[0-9]{2}-(0[1-9]|1[0-2])", str(text)):
            raise refused("month", text, Text("月份(2026-12)", "a month (2026-12)"))
        first = date.fromisoformat(f"{text}-01")
        found = between(self.store, _start(first), _start(_next(first)), scope=caller.scope)
        post = words(given, "post", longest=NAME, empty=True)
        return first, tuple(one for one in found if not post or one.post == post), sorted({one.post for one in found})

    def _own(self, caller: Caller) -> list[Watch]:
        """The shifts of the caller that are on, or were until two hours ago."""
        on = on_duty(self.store, self.clock() - timedelta(hours=2), scope=caller.scope)
        return [one for one in on if is_of(one, caller.account, caller.actor.name)]

    def _around(self, caller: Caller) -> tuple[Watch, ...]:
        at = self.clock()
        found = between(self.store, at - NEXT, at + NEXT, scope=caller.scope)
        return tuple(one for one in found if caller.scope.covers(one.area))

    def _people(self, given: Given) -> list[Person]:
        value = given.get("people")
        if (
            not isinstance(value, list)
            or not 1 <= len(value) <= PEOPLE
            or not all(isinstance(one, str) for one in value)
        ):
            raise refused("people", value, Text(f" 1 至 {PEOPLE} 个人", f"1 to {PEOPLE} people"))
        known = self.directory.named()["person"]
        return [
            Person(name=known[one], account=one) if one in known
            else Person(name=words({"people": one}, "people", longest=NAME))
            for one in value
        ]  # fmt: skip

    def _watch(self, one: Watch, caller: Caller) -> Given:
        own = caller.scope.covers(one.area) and may_write(caller)
        return {
            "code": one.code, "version": one.version, "post": one.post, "role": one.role,
            "role_word": code_label("duty_role", one.role, caller.lang), "person": one.person,
            "duty_phone": one.duty_phone, "starts_at": iso(one.starts_at), "ends_at": iso(one.ends_at),
            "stands_in_for": one.stands_in_for, "asked_of": one.asked_of, "asked_why": one.asked_why,
            "asked_by": one.asked_by, "area": one.area, "own": own,
            "mine": bool(caller.account) and is_of(one, caller.account, caller.actor.name),
            "asks_me": bool(caller.account) and one.asked_account == caller.account,
        }  # fmt: skip

    def _stored(self, code: str, caller: Caller) -> Stored:
        layer = duty_layer(self.store, DUTY_HANDOVERS, caller.scope)
        return self.store.get(layer, code, scope=caller.scope)

    def _handover(self, code: str, caller: Caller) -> Given:
        stored = self._stored(code, caller)
        record = stored.record
        assert isinstance(record, DutyHandover)
        entry, head = self._chain(stored)
        told = {
            name: iso(value) if isinstance(value, datetime) else list(value) if isinstance(value, tuple) else value
            for name in DUTY_HANDOVERS.fields if name not in ("sensitivity", "source_datum", "observed_at", "source")
            for value in (getattr(record, name),)
        }  # fmt: skip
        turn = caller.account and may_write(caller)
        mine = record.out_account == caller.account
        held = self.doorman.identity.people.by_id(caller.account) if caller.account else None
        return told | {
            "version": stored.version, "state_word": code_label("handover_state", record.state, caller.lang),
            "area_word": area_names(self.store, caller.scope).get(record.area, record.area), "entry": entry,
            "head": head, "may_sign": bool(turn) and (
                (record.state == "draft" and mine) or (record.state == "given" and not mine)
            ), "may_redo": bool(turn) and record.state == "draft" and mine,
            "password": bool(held and held.password_hash),
        }  # fmt: skip

    def _chain(self, stored: Stored) -> tuple[dict[str, str], dict[str, str] | None]:
        """The entry that wrote the version, and the first signed head over it."""
        (entry,) = self.store.feed(after=stored.seq - 1, scope=SYSTEM_SCOPE, limit=1)
        told = {"seq": str(entry.seq), "row_hash": entry.row_hash, "chain": entry.chain, "at": iso(entry.at)}
        stream = stream_of(DUTY_HANDOVERS)
        found = self.heads.covering(stream, entry.seq, entry.at)
        if found is None:
            return told, None
        head, hashed = found
        seq, chain = head.streams[stream]
        return told, {"at": iso(head.at), "seq": str(seq), "chain": chain, "hash": hashed}


def roster_shift_routes(desk: WatchDesk) -> list[BaseRoute]:
    """The doors of the roster and of hand-overs."""
    root = "/api/roster"
    gets = {
        "now": desk.now, "month": desk.month, "people": desk.people, "handovers": desk.listed,
        "handovers/row": desk.row, "handovers/preview": desk.preview,
    }  # fmt: skip
    posts = {
        "shifts": desk.enter, "shifts/remove": desk.remove, "shifts/ask": desk.ask, "shifts/answer": desk.answer,
        "handovers": desk.draw_up, "handovers/sign": desk.signed,
    }  # fmt: skip
    return [
        *(Route(f"{root}/{path}", asked(ask), methods=["GET"]) for path, ask in gets.items()),
        *(Route(f"{root}/{path}", posted(ask), methods=["POST"]) for path, ask in posts.items()),
        Route(f"{root}/month/paper", _paper(desk.month_paper), methods=["GET"]),
        Route(f"{root}/handovers/paper", _paper(desk.paper), methods=["GET"]),
    ]


def _paper(made: Callable[[Caller, Given], str]) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> Response:
        text = await run_in_threadpool(made, current_caller.get(), dict(request.query_params))
        return HTMLResponse(text, headers={"cache-control": "no-store"})

    endpoint.__doc__ = made.__doc__
    return endpoint


def _asked(caller: Caller) -> None:
    if not may_write(caller):
        raise ForbiddenError(Text("您的岗位不能排班和交接班", "your role may not keep the roster"))


def _session(caller: Caller) -> str:
    """The account of somebody who signed in themselves."""
    if not caller.account or not caller.session:
        raise ForbiddenError(Text("须由本人登录办理", "only somebody signed in may do this"))
    return caller.account


def _of(caller: Caller, given: Given, *more: str) -> tuple[str, int]:
    only(given, "code", "version", *more)
    _asked(caller)
    return words(given, "code", longest=CODE), number(given, "version", 1, MOST)


def _widest_first(watches: Iterable[Watch]) -> list[str]:
    """Their posts, those of the widest area first; in GB/T 2260 the code of a city is filled up with zeros."""
    return list(dict.fromkeys(one.post for one in sorted(watches, key=lambda one: (_width(one.area), one.post))))


def _width(area: str) -> int:
    return len(area[:-2] if area.endswith("00") else area)


def _code(stored: Stored) -> str:
    return str(getattr(stored.record, "code", ""))


def _choices(name: str, caller: Caller) -> list[Given]:
    return [{"code": one.code, "name": one.title.of(caller.lang)} for one in code_list(name)]


def _day(given: Given, name: str) -> date:
    try:
        return date.fromisoformat(str(given.get(name)))
    except ValueError as error:
        raise refused(name, given.get(name), Text("日期(2026-12-01)", "a day (2026-12-01)")) from error


def _hour(given: Given) -> time:
    value = given.get("begins", "08:30")
    if not isinstance(value, str) or not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", value):
        raise refused("begins", value, Text("时刻(08:30)", "a time of day (08:30)"))
    return time.fromisoformat(value)


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), CHINA)


def _next(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1)
