"""`/api/notices`, `/api/schedules`: published, corrected and withdrawn inside one's own areas; and what was read."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import orjson
from starlette.routing import BaseRoute, Route

from app.doors.admin.fields import Given, number, only, words
from app.doors.bodies import asked, posted
from app.doors.notice_forms import FORMS, classes, filled, levels, new_code, reason_of
from core.caller import Caller
from core.clock import CHINA, Clock, iso
from core.errors import ForbiddenError, NotFoundError
from core.scope import Scope
from core.texts import Lang, Text
from dashboards.queries.wording import area_names, code_label
from layers.codes import code_list
from layers.filters import And, Compare, Filter, Like, Op, Or, Under
from layers.layer import Layer
from store.feed import Change, Delete, Entry, Put
from store.identity import Reading
from store.protocol import Store
from store.query import Order, Query

MOST = 300
"""Rows a board lists; older ones are found by a word of their title."""

AT_ONCE = 1000
LONGEST_CODE = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The notices, or the calendar, as far as somebody may publish: the rows of their own areas."""

    layer: Layer
    store: Store
    clock: Clock

    def choices(self, caller: Caller, _: Given) -> Given:
        """GET /choices: areas, classes of readers, kinds and levels one may choose from, and one's own unit."""
        own = {code: name for code, name in self._areas(caller.scope).items() if caller.scope.covers(code)}
        lists = {name: spec.codes for name, spec in self.layer.fields.items() if name in FORMS[self.layer.id]}
        return {
            "areas": [{"code": code, "name": name} for code, name in sorted(own.items())],
            "classes": [_choice("user_class", code, caller.lang) for code in classes(self.layer)],
            "levels": [
                {"code": level, "name": code_label("sensitivity", level, caller.lang)}
                for level in levels(self.layer, caller.scope)
            ],
            "kinds": [
                _choice("notice_kind", one.code, caller.lang) for one in code_list("notice_kind") if lists.get("kind")
            ],
            "unit": caller.actor.name.replace("，", ",").partition(",")[2].strip(),
        }

    def listed(self, caller: Caller, given: Given) -> Given:
        """GET /: what is published in one's own areas; `q` seeks a word of the title."""
        only(given, "q")
        q = words(given, "q", longest=100, empty=True)
        found: list[Filter] = [] if caller.scope.everywhere else [_under(caller.scope)]
        if q:
            found.append(Like("title", f"%{_plain(q)}%", ignore_case=True))
        layer = self._layer(caller)
        rows: list[Given] = []
        for when, downwards in self._course():
            query = Query(
                where=_all(*found, *when), order=(Order(str(layer.time), descending=downwards),),
                limit=MOST - len(rows),
            )  # fmt: skip
            rows += self.store.read(layer, query, scope=caller.scope).to_pylist() if len(rows) < MOST else []
        total = self.store.count(layer, Query(where=_all(*found)), scope=caller.scope)
        areas = self._areas(caller.scope)
        return {"rows": [self._told(row, areas, caller.lang) for row in rows], "total": total}

    def publish(self, caller: Caller, given: Given) -> Given:
        """POST /: something new, numbered by hand or by its moment."""
        now, number_given = self.clock(), given.get("code") not in (None, "")
        sent = dict(given)
        if self.layer.id == "notices" and sent.get("published_at") in (None, ""):
            sent["published_at"] = iso(now)
        code = None if number_given else self._free(caller, now)
        record = filled(
            self.layer, sent if code is None else sent | {"code": code}, scope=caller.scope,
            areas=self._areas(caller.scope), now=now,
        )  # fmt: skip
        word = "发布" if self.layer.id == "notices" else "登记"
        edit = Put(layer=self.layer.id, record=record, expected=0)
        return self._commit(caller, edit, word + self.layer.title.zh)

    def correct(self, caller: Caller, given: Given) -> Given:
        """POST /correct: fields that are not sent stay; refused when somebody changed it since `version`."""
        code, version = self._asked(given)
        before = self.store.get(self._layer(caller), code, scope=caller.scope)
        self._own(caller, before.record.area, code)
        reason = reason_of(given)
        record = filled(
            self.layer, given, scope=caller.scope, areas=self._areas(caller.scope), now=self.clock(),
            before=before.record,
        )  # fmt: skip
        return self._commit(caller, Put(layer=self.layer.id, record=record, expected=version), reason)

    def withdraw(self, caller: Caller, given: Given) -> Given:
        """POST /withdraw: off every screen at once; its versions stay."""
        only(given, "code", "version", "reason")
        code, version = self._asked(given)
        before = self.store.get(self._layer(caller), code, scope=caller.scope)
        self._own(caller, before.record.area, code)
        return self._commit(caller, Delete(layer=self.layer.id, key=code, expected=version), reason_of(given))

    def withdrawn(self, caller: Caller, _: Given) -> Given:
        """GET /withdrawn: what was taken back in one's own areas, the latest first, with who and why."""
        gone: dict[str, Entry] = {}
        for entry in self._entries(caller.scope):
            gone.pop(entry.key, None)
            if entry.change is Change.DELETE and caller.scope.covers(entry.area):
                gone[entry.key] = entry
        areas, rows = self._areas(caller.scope), []
        for entry in sorted(gone.values(), key=lambda one: one.seq, reverse=True)[:MOST]:
            kept = self.store.versions(self.layer, entry.key, scope=caller.scope)
            if kept and kept[-1].to_seq == entry.seq:
                row = _body(kept[-1].body) | {"_version": kept[-1].version}
                told = self._told(row, areas, caller.lang) | {"state": "withdrawn"}
                rows.append(told | {"at": iso(entry.at), "actor": entry.actor, "reason": entry.reason})
        return {"rows": rows, "total": len(gone)}

    def history(self, caller: Caller, given: Given) -> Given:
        """GET /history?code=: every version of one, who wrote it when and why, and what it changed."""
        only(given, "code")
        code = words(given, "code", longest=LONGEST_CODE)
        kept = self.store.versions(self._layer(caller), code, scope=caller.scope)
        if not kept:
            raise NotFoundError(Text(f"没有“{code}”", f"there is no {code!r}"), key=code)
        self._own(caller, str(_body(kept[-1].body).get("area") or ""), code)
        steps: list[Given] = []
        earlier: Given = {}
        for one in kept:
            body = _body(one.body)
            changed = [
                spec.title.of(caller.lang)
                for name, spec in self.layer.fields.items()
                if earlier and body.get(name) != earlier.get(name)
            ]
            steps.append(self._step(caller.scope, one.from_seq) | {"version": one.version, "changed": changed})
            earlier = body
            last = None if one.to_seq is None else self._step(caller.scope, one.to_seq)
            if last is not None and last["change"] == Change.DELETE:
                steps.append(last | {"version": one.version, "changed": []})
        return {"code": code, "title": earlier.get("title") or "", "body": earlier.get("body") or "", "steps": steps}

    def _course(self) -> tuple[tuple[tuple[Filter, ...], bool], ...]:
        """In which order rows are listed: notices newest first, the calendar from today on and then what is past."""
        if self.layer.id == "notices":
            return (((), True),)
        today = self.clock().astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
        return (
            ((Compare("starts_at", Op.GE, today),), False),
            ((Compare("starts_at", Op.LT, today),), True),
        )

    def _layer(self, caller: Caller) -> Layer:
        if not self.layer.visible(caller.scope):
            title = self.layer.title
            raise ForbiddenError(Text(f"“{title.zh}”对您的岗位不开放", f"{title.en} are not open to your role"))
        return self.layer

    def _areas(self, scope: Scope) -> dict[str, str]:
        return area_names(self.store, scope)

    def _asked(self, given: Given) -> tuple[str, int]:
        return words(given, "code", longest=LONGEST_CODE), number(given, "version", 1, 1_000_000_000)

    def _own(self, caller: Caller, area: str, code: str) -> None:
        if not caller.scope.covers(area):
            raise ForbiddenError(
                Text(
                    f"“{code}”由区划 {area or '未填'} 发布,不在您的辖区内,不能更正、撤回或查阅其历史",
                    f"{code!r} is of area {area or 'unknown'}, outside your own: not yours to correct or withdraw",
                ),
                key=code,
            )

    def _free(self, caller: Caller, now: datetime) -> str:
        """A number nothing has or had, or the second after."""
        while self.store.versions(self._layer(caller), code := new_code(self.layer, now), scope=caller.scope):
            now += timedelta(seconds=1)
        return code

    def _commit(self, caller: Caller, edit: Put | Delete, reason: str) -> Given:
        """Through the store under the caller's own scope; the right to publish lets them write this layer alone."""
        scope = caller.scope
        if scope.writable is not None:
            scope = replace(scope, writable=scope.writable | {self.layer.id})
        (entry,) = self.store.commit([edit], actor=caller.actor, reason=reason, scope=scope)
        return {"code": entry.key, "version": entry.new_version, "seq": entry.seq}

    def _entries(self, scope: Scope) -> Iterator[Entry]:
        after = 0
        while found := self.store.feed(after=after, scope=scope, layers=frozenset({self.layer.id}), limit=AT_ONCE):
            yield from found
            after = found[-1].seq

    def _step(self, scope: Scope, seq: int) -> Given:
        found = self.store.feed(after=seq - 1, scope=scope, layers=frozenset({self.layer.id}), limit=1)
        if not found or found[0].seq != seq:
            return {"at": None, "actor": "", "reason": "", "change": ""}
        entry = found[0]
        return {"at": iso(entry.at), "actor": entry.actor, "reason": entry.reason, "change": str(entry.change)}

    def _told(self, row: Given, areas: dict[str, str], lang: Lang) -> Given:
        """A row with its words, its version and whether it is to come, in force or over."""
        told = {name: _json(row.get(name)) for name in FORMS[self.layer.id]}
        told |= {"version": row["_version"], "area_name": areas.get(row["area"], row["area"])}
        told["level_word"] = code_label("sensitivity", row["sensitivity"], lang)
        told["audience_words"] = [code_label("user_class", one, lang) for one in row.get("audience") or ()]
        if "kind" in row:
            told["kind_word"] = code_label("notice_kind", row["kind"], lang)
        return told | {"state": self._state(told)}

    def _state(self, told: Given) -> str:
        now = self.clock()
        if (told.get("published_at") or told.get("starts_at") or "") > iso(now):
            return "coming"
        if "starts_at" in told:
            return "over" if (told["ends_at"] or told["starts_at"]) < iso(now) else "current"
        today = now.astimezone(CHINA).date().isoformat()
        return "over" if told["expires_on"] and told["expires_on"] < today else "current"


def _choice(list_id: str, code: str, lang: Lang) -> Given:
    return {"code": code, "name": code_label(list_id, code, lang)}


def _plain(sought: str) -> str:
    for special in ("\\", "%", "_"):
        sought = sought.replace(special, "\\" + special)
    return sought


def _under(scope: Scope) -> Filter:
    own = tuple(Under("area", prefix) for prefix in scope.areas)
    return own[0] if len(own) == 1 else Or(own)


def _all(*filters: Filter) -> Filter | None:
    return And(filters) if len(filters) > 1 else filters[0] if filters else None


def _body(body: bytes) -> Given:
    found: Given = orjson.loads(body)
    return found


def _json(value: Any) -> Any:
    if isinstance(value, datetime):
        return iso(value)
    return value.isoformat() if isinstance(value, date) else value


def notice_routes(store: Store, reading: Reading, clock: Clock) -> list[BaseRoute]:
    """The boards, and the door that keeps what a reader has opened."""

    def read(caller: Caller, given: Given) -> Given:
        """POST /api/portal/notices/read: this one was opened, in the version that stands."""
        if not caller.account:
            raise ForbiddenError(Text("只有登录的人员可以标记已读", "only a person who signed in reads notices"))
        layer = store.catalogue.find("notices", caller.scope)
        code = words(given, "code", longest=LONGEST_CODE)
        if layer is None:
            raise NotFoundError(Text(f"没有“{code}”", f"there is no {code!r}"), key=code)
        found = store.get(layer, code, scope=caller.scope)
        reading.mark(caller.account, code, found.version, at=clock())
        return {"code": code, "version": found.version}

    routes: list[BaseRoute] = [Route("/api/portal/notices/read", posted(read), methods=["POST"])]
    for name in FORMS:
        board = Board(layer=store.catalogue[name], store=store, clock=clock)
        asks = {"": board.listed, "/choices": board.choices, "/withdrawn": board.withdrawn, "/history": board.history}
        changes = {"": board.publish, "/correct": board.correct, "/withdraw": board.withdraw}
        routes += [Route(f"/api/{name}{tail}", asked(ask), methods=["GET"]) for tail, ask in asks.items()]
        routes += [Route(f"/api/{name}{tail}", posted(ask), methods=["POST"]) for tail, ask in changes.items()]
    return routes
