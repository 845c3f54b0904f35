"""`/api/scenarios`: kept, listed, compared, computed anew, withdrawn; what is kept the server has computed itself."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

import orjson
import shapely
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.doors.admin.fields import Given, one_of, only, words
from app.doors.bodies import json_answer, object_of
from app.keeping import Archive, points_of, read_kept, record
from app.planning import Planning
from core.caller import Caller, current_caller
from core.clock import iso
from core.errors import BadInputError, ForbiddenError
from core.texts import Lang, Text
from dashboards.planner.answer import answer
from dashboards.queries.wording import area_names, code_label
from emergency.keeping import difference
from emergency.result import result_of
from emergency.scenario import scenario
from layers.catalogue import SCENARIO_BANDS, SCENARIO_ZONES, SCENARIOS
from layers.codes import code_list
from layers.filters import And, Compare, Filter, Like, Op, Or
from store.audit import Kind, by
from store.protocol import Stored
from store.query import Order, Query

PAGE = 50
SOUGHT = ("title", "code", "chemical", "chemical_name", "hazard_source")
"""Fields a word of the list is sought in."""

DOOR = "scenarios"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The kept scenarios as a door meets them."""

    archive: Archive
    planning: Planning

    def keep(self, caller: Caller, given: Given) -> Given:
        """POST /: a scenario, computed here and kept; a result that is sent along is not looked at."""
        wish, points = scenario(given.get("scenario")), points_of(given.get("points"))
        enterprise = words(given, "enterprise", longest=40, empty=True)
        where = self.archive.where(wish, caller.scope, enterprise)
        one = self.planning.computed(wish.inputs(), caller)
        self.planning.record(one, caller, kind=Kind.READ, door=DOOR)
        found = self.archive.keep(one, where, caller, points)
        return self._told(found, caller)

    def listed(self, caller: Caller, given: Given) -> Given:
        """GET /: newest first, a page at a time; by hazard source, enterprise, state and words."""
        only(given, "q", "hazard_source", "enterprise", "state", "from")
        found: list[Filter] = [
            Compare(name, Op.EQ, words(given, name, longest=60))
            for name in ("hazard_source", "enterprise")
            if given.get(name)
        ]
        if given.get("state"):
            found.append(Compare("state", Op.EQ, one_of(given, "state", _states())))
        if q := words(given, "q", longest=100, empty=True):
            found.append(Or(tuple(Like(name, f"%{_plain(q)}%", ignore_case=True) for name in SOUGHT)))
        where = And(tuple(found)) if len(found) > 1 else found[0] if found else None
        start = _start(given)
        store, layer = self.archive.store, self.archive.store.catalogue.find(SCENARIOS.id, caller.scope)
        if layer is None:
            return {"rows": [], "total": 0, "from": start, "page": PAGE}
        order = (Order("made_at", descending=True),)
        table = store.read(layer, Query(where=where, order=order, limit=PAGE, offset=start), scope=caller.scope)
        areas = area_names(store, caller.scope)
        rows = [_row(row, areas, caller.lang) for row in table.to_pylist()]
        self._seen(caller, [row["code"] for row in rows])
        total = store.count(layer, Query(where=where), scope=caller.scope)
        return {"rows": rows, "total": total, "from": start, "page": PAGE}

    def one(self, caller: Caller, key: str) -> Given:
        """GET /{scenario}: the file, the result as it was kept, zones, files and versions."""
        found = self.archive.one(key, caller.scope)
        row, scope = record(found), caller.scope
        text = self.archive.scenario_file(row, scope)
        self._seen(caller, [key])
        return {
            **self._told(found, caller),
            "yaml": text,
            "scenario": read_kept(text).inputs(),
            "result": orjson.loads(self.archive.result_file(row, scope)),
            "zones": [_plainly(one) for one in self.archive.rows(SCENARIO_ZONES, key, scope).to_pylist()],
            "bands": [_plainly(one) for one in self.archive.rows(SCENARIO_BANDS, key, scope).to_pylist()],
            "files": [
                {
                    "id": one.record.id, "name": one.record.name, "media_type": one.record.media_type,
                    "size": one.record.size, "sha256": one.record.sha256, "added_at": iso(one.record.added_at),
                }
                for one in self.archive.files(key, scope)
            ],
            "versions": self._versions(caller, key),
        }  # fmt: skip

    def shown(self, caller: Caller, key: str) -> bytes:
        """GET /{scenario}/answer: the kept result as the workbench shows one, with who is inside today."""
        row = record(self.archive.one(key, caller.scope))
        wish = read_kept(self.archive.scenario_file(row, caller.scope))
        one = self.planning.told(wish, result_of(self.archive.result_file(row, caller.scope)), caller)
        self._seen(caller, [key])
        self.planning.record(one, caller, kind=Kind.READ, door=DOOR)
        told = answer(wish, one.result, one.inside, self.archive.store.catalogue, caller.lang)
        return orjson.dumps(told | {"kept": key}, option=orjson.OPT_SERIALIZE_NUMPY)

    def compared(self, caller: Caller, key: str, other: str) -> Given:
        """GET /{scenario}/diff/{other}: the two files line by line."""
        rows = [record(self.archive.one(one, caller.scope)) for one in (key, other)]
        first, second = (self.archive.scenario_file(row, caller.scope) for row in rows)
        self._seen(caller, [key, other])
        lines = difference(first, second)
        return {
            "first": key, "second": other, "same": all(line.mark == " " for line in lines),
            "lines": [{"mark": line.mark, "text": line.text} for line in lines],
        }  # fmt: skip

    def withdraw(self, caller: Caller, key: str, given: Given) -> Given:
        """POST /{scenario}/withdraw: off every map; the row, its versions and files stay."""
        only(given, "reason")
        reason = words(given, "reason", longest=200)
        if len(reason) < 2:
            raise BadInputError(Text("请写明撤回事由(2 至 200 字)", "say why, in 2 to 200 characters"), field="reason")
        return self._told(self.archive.withdraw(key, reason, caller), caller)

    def again(self, caller: Caller, key: str) -> Given:
        """POST /{scenario}/again: computed by the present code; both versions stay."""
        found = self.archive.one(key, caller.scope)
        wish = read_kept(self.archive.scenario_file(record(found), caller.scope))
        one = self.planning.computed(wish.inputs(), caller)
        self.planning.record(one, caller, kind=Kind.READ, door=DOOR)
        done = self.archive.again(found, one, caller)
        before, after = done.before, record(done.after)
        return {
            **self._told(done.after, caller),
            "fingerprint_changed": before.fingerprint != after.fingerprint,
            "before": {"fingerprint": before.fingerprint, "code_version": before.code_version},
            "reaches": [
                {"id": one.id, "level": one.level.of(caller.lang), "before": one.before, "after": one.after}
                for one in done.reaches
            ],
            "moved": any(one.before != one.after for one in done.reaches),
        }

    def _told(self, found: Stored, caller: Caller) -> Given:
        row, areas = record(found), area_names(self.archive.store, caller.scope)
        told = _row(row.model_dump() | {"_version": found.version}, areas, caller.lang)
        return told | {
            "may_change": row.state == "current" and self.archive.may_change(row, caller),
        }  # fmt: skip

    def _versions(self, caller: Caller, key: str) -> list[Given]:
        """Every version of the row, the newest first, with its reason; its login for who may write the layer."""
        store, found = self.archive.store, []
        for one in reversed(store.versions(SCENARIOS, key, scope=caller.scope)):
            body = orjson.loads(one.body)
            (entry,) = store.feed(after=one.from_seq - 1, scope=caller.scope, layers=frozenset({SCENARIOS.id}), limit=1)
            found.append(
                {
                    "version": one.version, "at": iso(entry.at), "reason": entry.reason,
                    "actor": entry.actor if caller.scope.may_write(SCENARIOS.id) else "",
                    **{name: body.get(name) for name in ("state", "code_version", "fingerprint", "result_sha256")},
                }
            )  # fmt: skip
        return found

    def _seen(self, caller: Caller, keys: list[str]) -> None:
        if keys:
            self.planning.keep(
                by(caller, Kind.READ, at=self.planning.clock(), what=SCENARIOS.id, keys=keys, where=DOOR)
            )


def _row(row: Given, areas: dict[str, str], lang: Lang) -> Given:
    """A row of the layer as the list and the page show it."""
    place = row["geometry"]
    point = None if place is None else shapely.from_wkb(place) if isinstance(place, bytes) else place
    return {
        **_plainly(row),
        "lon": None if point is None else float(shapely.get_x(point)),
        "lat": None if point is None else float(shapely.get_y(point)),
        "state_word": code_label("scenario_state", row["state"], lang),
        "release_word": code_label("release_kind", row["release"], lang),
        "evidence_word": code_label("evidence_tier", row["evidence"], lang),
        "area_name": areas.get(row["area"], row["area"]),
    }


def _states() -> list[str]:
    return [one.code for one in code_list("scenario_state")]


def _plain(sought: str) -> str:
    for special in ("\\", "%", "_"):
        sought = sought.replace(special, "\\" + special)
    return sought


def _plainly(row: Given) -> Given:
    """A row as JSON: times as text, what the store adds under names without a line before them."""
    names = {"_version": "version"}
    kept = {names.get(name, name): value for name, value in row.items() if name not in ("geometry", "_seq")}
    return {
        name: iso(value) if isinstance(value, datetime) else value.isoformat() if isinstance(value, date) else value
        for name, value in kept.items()
    }


def _start(given: Given) -> int:
    said = str(given.get("from") or "0")
    if not said.isdecimal() or len(said) > 6:
        raise BadInputError(Text("from 应为不小于 0 的整数", "from must be a whole number, 0 or more"), field="from")
    return int(said)


Work = Callable[[Caller, Request, Given], Given | bytes]
"""What a door does for a caller with the path and the fields that were sent."""


def scenario_routes(archive: Archive, planning: Planning) -> list[BaseRoute]:
    """The doors; what computes waits with the workbench's own computations."""
    desk = Desk(archive=archive, planning=planning)

    def route(path: str, method: str, work: Work, *, computes: bool = False, status: int = 200) -> Route:
        async def endpoint(request: Request) -> Response:
            caller = current_caller.get()
            if method == "POST" and not caller.session:
                raise ForbiddenError(
                    Text("须由登录的具名人员保存或变更情景", "a named person who signed in keeps and changes scenarios")
                )
            given = await object_of(request) if method == "POST" else dict(request.query_params)
            doing = partial(work, caller, request, given)
            told = await (planning.run(doing) if computes else run_in_threadpool(doing))
            if isinstance(told, bytes):
                return Response(told, media_type="application/json", headers={"cache-control": "no-store"})
            return json_answer(told, status)

        return Route("/api/scenarios" + path, endpoint, methods=[method])

    def key(request: Request) -> str:
        return str(request.path_params["scenario"])[:80]

    return [
        route("", "GET", lambda caller, _, given: desk.listed(caller, given)),
        route("", "POST", lambda caller, _, given: desk.keep(caller, given), computes=True, status=201),
        route("/{scenario}", "GET", lambda caller, request, _: desk.one(caller, key(request))),
        route("/{scenario}/answer", "GET", lambda caller, request, _: desk.shown(caller, key(request)), computes=True),
        route(
            "/{scenario}/diff/{other}", "GET",
            lambda caller, request, _: desk.compared(caller, key(request), str(request.path_params["other"])[:80]),
        ),
        route(
            "/{scenario}/withdraw", "POST",
            lambda caller, request, given: desk.withdraw(caller, key(request), given),
        ),
        route("/{scenario}/again", "POST", lambda caller, request, _: desk.again(caller, key(request)), computes=True),
    ]  # fmt: skip
