"""`/api/field`: the phone of a team: its own orders alone; what it tells is kept once by its key."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.bounds import LARGEST_PHOTO
from app.doors.admin.fields import Given, matching, moment, one_of, only, refused, words
from app.doors.bodies import asked, body_of, json_answer, posted
from app.doors.incidents import COMMAND, place_of
from app.doors.marks import mark_told
from app.doors.orders import LONGEST_ORDER
from app.live import streamed
from app.orders.field import Field, Moment
from app.orders.marks import BLOCKED, Drawing, Marks
from app.orders.stream import told as told_live
from app.orders.ways import Ways
from core.caller import Caller, current_caller
from core.clock import CHINA, iso
from core.errors import ForbiddenError, OneMapError
from core.scope import SYSTEM_SCOPE
from core.texts import Text
from dashboards.queries.orders import order_told
from dashboards.queries.phone import forces_told, incidents_told, team_told, zones_told
from dashboards.queries.wording import code_label
from emergency.duty.practice import span
from emergency.incidents.life import OPEN as LED
from emergency.orders.life import ACTS, BY_TEAM, OPEN
from gis.shapes import LonLat
from layers.catalogue import INCIDENT_ORDERS
from layers.catalogue.orders import PLAIN, IncidentOrder
from layers.filters import Compare, Op
from store.query import Order, Query
from store.rows import record_of

MOST, MOST_POSITIONS = 60, 500
LONGEST_NOTE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldDoors:
    """What a team's account may ask and tell; which team it is says its post."""

    field: Field
    ways: Ways
    marks: Marks

    def listed(self, caller: Caller, given: Given) -> Given:
        """GET /api/field: the team, and its orders; of exercises alone with `exercise=1`."""
        only(given, "exercise")
        return self._told(caller, exercise=given.get("exercise") == "1")

    def step(self, caller: Caller, given: Given) -> Given:
        """POST /step: received, left, arrived, done; at the time the phone says."""
        only(given, "command", "order", "step", "why", "at", "sent_at", "lon", "lat")
        team = team_of(caller)
        row = self.field.own(words(given, "order", longest=LONGEST_ORDER), team)
        act = one_of(given, "step", BY_TEAM)
        told, place = _moment(given), place_of(given)
        self.field.step(
            row, act, told, command=_command(given), by=self.field.by(row, team, caller.actor, caller.account),
            why=words(given, "why", longest=400, empty=True), place=place,
            takes=self._takes(row, team, place, caller) if act == "leave" else None,
        )  # fmt: skip
        return self._told(caller, exercise=row.exercise)

    def note(self, caller: Caller, given: Given) -> Given:
        """POST /note: a line of the log of the incident of an order."""
        only(given, "command", "order", "text", "at", "sent_at", "lon", "lat")
        team = team_of(caller)
        row = self.field.own(words(given, "order", longest=LONGEST_ORDER), team)
        self.field.note(
            row, words(given, "text", longest=LONGEST_NOTE), _moment(given), command=_command(given),
            by=self.field.by(row, team, caller.actor, caller.account), place=place_of(given),
        )  # fmt: skip
        return self._told(caller, exercise=row.exercise)

    def position(self, caller: Caller, given: Given) -> Given:
        """POST /position: where the team was, one or many; a track, no line of the log."""
        only(given, "points", "sent_at")
        team, sent, found = team_of(caller), _time(given, "sent_at"), given.get("points")
        if not isinstance(found, list) or not 1 <= len(found) <= MOST_POSITIONS:
            raise refused("points", "", Text(f" 1 至 {MOST_POSITIONS} 个位置", f"1 to {MOST_POSITIONS} positions"))
        seen = []
        for one in found:
            if not isinstance(one, dict):
                raise refused("points", one, Text("对象的列表", "a list of objects"))
            only(one, "at", "lon", "lat", "accuracy")
            place, off = place_of(one), one.get("accuracy")
            fits = off is None or (isinstance(off, int | float) and not isinstance(off, bool) and 0 <= off <= 100_000)
            if place is None or not fits:
                raise refused("points", one, Text("经纬度和误差(米)", "lon, lat and accuracy in metres"))
            seen.append((Moment(at=_time(one, "at"), sent=sent), place, None if off is None else float(off)))
        return {"kept": self.field.positions(team, seen)}

    def mark(self, caller: Caller, given: Given) -> Given:
        """POST /mark: a road found blocked, at a place, in the incident of an order."""
        only(given, "command", "order", "title", "at", "sent_at", "lon", "lat")
        team, place = team_of(caller), place_of(given)
        row = self.field.own(words(given, "order", longest=LONGEST_ORDER), team)
        if place is None:
            raise refused("lon", given.get("lon"), Text("经纬度", "lon and lat"))
        told = _moment(given)
        drawing = Drawing(
            kind=BLOCKED, place=place, title=words(given, "title", longest=100, empty=True), team=team
        )  # fmt: skip
        self.marks.draw(
            row.incident, drawing, by=self.field.by(row, team, caller.actor, caller.account), command=_command(given),
            happened_at=told.happened(self.field.desk.incidents.clock(), row.at), told=told.said(),
        )  # fmt: skip
        return self._told(caller, exercise=row.exercise)

    def photo(self, caller: Caller, given: Given, body: bytes) -> Given:
        """POST /photo: the body is the picture; kept with the incident and told in its log."""
        only(given, "command", "order", "name", "text", "at", "sent_at", "lon", "lat")
        team = team_of(caller)
        row = self.field.own(words(given, "order", longest=LONGEST_ORDER), team)
        name = words(given, "name", longest=120).replace("\\", "/").rpartition("/")[2] or "photo"
        placed: Given = {key: float(given[key]) for key in ("lon", "lat") if _number(given.get(key))}
        self.field.photo(
            row, iter((body,)), name, _moment(given), command=_command(given),
            text=words(given, "text", longest=400, empty=True),
            by=self.field.by(row, team, caller.actor, caller.account), place=place_of(placed),
        )  # fmt: skip
        return self._told(caller, exercise=row.exercise)

    def _takes(self, row: IncidentOrder, team: str, place: LonLat | None, caller: Caller) -> timedelta | None:
        """How long the way is from where the team is, or by the order; none where nobody knows."""
        to = None if row.geometry is None else row.geometry.representative_point()
        if to is not None and place is not None:
            wide = self.field.by(row, team, caller.actor, caller.account).scope
            try:
                way = self.ways.to(team, LonLat(to.x, to.y), row.incident, replace(caller, scope=wide), start=place)
            except OneMapError:
                return None if row.way_time is None else timedelta(seconds=row.way_time)
            return timedelta(seconds=way.time)
        return None if row.way_time is None else timedelta(seconds=row.way_time)

    def incidents_of(self, team: str) -> frozenset[str]:
        """Incidents of the orders a phone shows: also of one that was withdrawn just now."""
        query = Query(
            where=Compare("team", Op.EQ, team), fields=("code", "incident"), geometry=False, limit=MOST,
            order=(Order("at", descending=True),),
        )  # fmt: skip
        rows = self.field.store.read(INCIDENT_ORDERS, query, scope=SYSTEM_SCOPE)
        return frozenset(rows["incident"].to_pylist())

    def _told(self, caller: Caller, *, exercise: bool) -> Given:
        store, incidents = self.field.store, self.field.desk.incidents
        team, now = team_told(store, team_of(caller), caller.lang), incidents.clock()
        receipt = span("order_receipt", now.astimezone(CHINA).date())
        where = Compare("team", Op.EQ, team["code"])
        query = Query(where=where, fields=PLAIN, order=(Order("at", descending=True),), limit=MOST)
        rows: list[Any] = [
            record_of(INCIDENT_ORDERS, one, SYSTEM_SCOPE)
            for one in store.read(INCIDENT_ORDERS, query, scope=SYSTEM_SCOPE).to_pylist()
        ]
        mine = [one for one in rows if one.exercise == exercise]
        others = sum(one.exercise != exercise and one.state in OPEN for one in rows)
        of = incidents_told(store, list(dict.fromkeys(one.incident for one in mine)), exercise=exercise)
        going = [code for code in dict.fromkeys(one.incident for one in mine if one.state in OPEN)
                 if of[code]["state"] in LED]  # fmt: skip
        told = []
        for one in mine:
            incident = of[one.incident]
            told.append(order_told(one, receipt, caller.lang, acts=False) | {
                "incident_title": incident["title"], "over": incident["state"] not in LED,
                "incident_state": code_label("incident_state", incident["state"], caller.lang),
                "next": [
                    {"act": act, "title": ACTS[act].title.of(caller.lang), "why": ACTS[act].why}
                    for act in BY_TEAM if one.state in ACTS[act].sources
                ],
            })  # fmt: skip
        marks = [
            mark_told(one, caller)
            for code in dict.fromkeys(one.incident for one in mine if one.state in OPEN)
            for one in self.marks.standing(scope=SYSTEM_SCOPE, code=code, exercise=exercise)
        ]
        seen = self.field.newest([team["code"]]).get(team["code"])
        return {
            "team": team,
            "orders": told, "marks": marks,
            "zones": {code: zones_told(store, of[code], caller.lang) for code in going},
            "forces": {code: forces_told(store, code, team["code"], caller.lang) for code in going},
            "exercise": exercise, "elsewhere": others, "now": iso(now),
            "seen_at": None if seen is None else iso(seen.at),
        }  # fmt: skip


def team_of(caller: Caller) -> str:
    """The team the post names. ForbiddenError where it names none, or several."""
    named = caller.scope.enterprises or frozenset()
    if len(named) != 1:
        raise ForbiddenError(Text("您的任职没有指明队伍", "your post names no team"))
    return next(iter(named))


def field_routes(doors: FieldDoors) -> list[BaseRoute]:
    """The doors of a team's phone."""

    async def photo(request: Request) -> Response:
        """POST /api/field/photo?command=&order=&name=&at=&sent_at=: the body is the picture."""
        caller, body = current_caller.get(), await body_of(request, LARGEST_PHOTO)
        given = dict(request.query_params)
        return json_answer(await run_in_threadpool(partial(doors.photo, caller, given, body)))

    async def stream(request: Request) -> Response:
        """GET /api/field/live: that something of the team's orders changed, and that the link is alive."""
        caller, live = current_caller.get(), request.app.state.live
        mine = partial(doors.incidents_of, team_of(caller))
        return streamed(live, told_live(live, caller, request.scope["onemap.again"], mine))

    return [
        Route("/api/field", asked(doors.listed), methods=["GET"]),
        Route("/api/field/live", stream, methods=["GET"]),
        Route("/api/field/step", posted(doors.step), methods=["POST"]),
        Route("/api/field/note", posted(doors.note), methods=["POST"]),
        Route("/api/field/mark", posted(doors.mark), methods=["POST"]),
        Route("/api/field/position", posted(doors.position), methods=["POST"]),
        Route("/api/field/photo", photo, methods=["POST"]),
    ]


def _moment(given: Given) -> Moment:
    return Moment(at=_time(given, "at"), sent=_time(given, "sent_at"))


def _time(given: Given, name: str) -> datetime:
    found = moment(given, name)
    if found is None:
        raise refused(name, given.get(name), Text("带时区的时刻", "a time with offset"))
    return found


def _command(given: Given) -> str:
    return matching(given, "command", COMMAND, Text("客户端生成的标识", "a key the client made"))


def _number(value: object) -> bool:
    try:
        float(str(value))
    except ValueError:
        return False
    return value is not None
