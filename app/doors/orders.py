"""`/api/incidents/orders`: given, urged, moved on, withdrawn; each command carries a key and is done once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.doors.admin.fields import Given, flag, one_of, only, words
from app.doors.bodies import asked, json_answer, object_of, posted
from app.doors.incidents import LONGEST_CODE, command_of, commander, may_command, place_of
from app.doors.roster_bookings import may_book
from app.orders.desk import Giving, OrderDesk, Way
from app.orders.field import Seen
from app.orders.proposing import Proposals
from app.orders.ways import Ways
from app.planning import Planning
from core.caller import Caller, current_caller
from core.clock import CHINA, iso
from core.errors import BadInputError, ForbiddenError
from core.scope import Scope
from core.texts import Lang, Text
from dashboards.queries.orders import order_told, recipients
from emergency.duty.practice import span
from emergency.orders.life import ACTS
from gis.shapes import LonLat
from layers.catalogue import DUTY_CONTACTS, TEAMS
from layers.catalogue.incidents import Incident
from layers.catalogue.resources import Team
from layers.codes import code_list

LONGEST_ORDER = 24
KINDS = tuple(one.code for one in code_list("order_to"))


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDoors:
    """Orders of incidents of the caller's areas; who leads incidents gives them, whoever sees the map may read."""

    desk: OrderDesk
    ways: Ways
    proposals: Proposals
    seen: Callable[[Sequence[str]], dict[str, Seen]]

    def listed(self, caller: Caller, given: Given) -> Given:
        """GET /orders?code=: every order of an incident, the newest first, and by when each is to be received."""
        only(given, "code")
        return self._told(caller, words(given, "code", longest=LONGEST_CODE))

    def recipients(self, caller: Caller, given: Given) -> Given:
        """GET /orders/to?code=: whom an order may be addressed to, the nearest team first."""
        only(given, "code")
        row = self.desk.incidents.find(words(given, "code", longest=LONGEST_CODE), scope=caller.scope).row
        return recipients(self.desk.store, _spot(row), scope=caller.scope, lang=caller.lang) | {
            "may_book": may_book(caller, TEAMS.id) and not row.exercise,
        }

    def proposed(self, caller: Caller, given: Given) -> Given:
        """GET /orders/proposal?code=: the nearest teams that fit, by road; it sends nobody."""
        only(given, "code")
        return self.proposals.of(words(given, "code", longest=LONGEST_CODE), caller)

    def give(self, caller: Caller, given: Given) -> Given:
        """POST /orders: an order to a team, a body or a person; it may book the team and carry the way there."""
        only(given, "command", "code", "action", "details", "to_kind", "to_key", "to_name", "lon", "lat",
             "place_name", "route", "book")  # fmt: skip
        by, code = commander(caller), words(given, "code", longest=LONGEST_CODE)
        kind = one_of(given, "to_kind", KINDS)
        place = place_of(given)
        book = flag(given, "book") if "book" in given else False
        routed = flag(given, "route") if "route" in given else False
        team, name, phone = self._addressed(kind, given, caller)
        if (book or routed) and not team:
            raise BadInputError(
                Text("只有对队伍的指令可以调用和带路线", "only an order to a team books and carries a way"),
                field="to_kind",
            )
        if routed and place is None:
            raise BadInputError(Text("带路线须在图上标明去处", "a way needs a place to go to"), field="lon")
        if book and not may_book(caller, TEAMS.id):
            raise ForbiddenError(Text("您的岗位不能调用资源", "your role may book no resources"))
        self.desk.incidents.find(code, scope=caller.scope)
        way: Way | None = None
        if routed and place is not None:
            way = self.ways.to(team, place, code, caller)
        giving = Giving(
            action=words(given, "action", longest=200), details=words(given, "details", longest=1000, empty=True),
            to_kind=kind, to_name=name, to_phone=phone, team=team, place=place,
            place_name=words(given, "place_name", longest=100, empty=True), way=way, book=book,
        )  # fmt: skip
        done = self.desk.give(code, giving, by=by, command=command_of(given))
        return self._told(caller, code) | {"entry": done.entry, "again": done.again}

    def step(self, caller: Caller, given: Given) -> Given:
        """POST /orders/step: received, left, arrived, done as it was told by telephone; urged; withdrawn."""
        only(given, "command", "order", "step", "why")
        by, order = commander(caller), words(given, "order", longest=LONGEST_ORDER)
        act = one_of(given, "step", tuple(ACTS))
        done = self.desk.step(
            order, act, by=by, command=command_of(given), why=words(given, "why", longest=400, empty=True),
            told="" if act in ("urge", "withdraw") else "(值班台代记)",
            eta=self._expected(order, caller.scope) if act == "leave" else None,
        )  # fmt: skip
        return self._told(caller, done.code) | {"entry": done.entry, "again": done.again}

    def _expected(self, order: str, scope: Scope) -> datetime | None:
        """When a team that leaves now is there, by the way its order carries; none where it carries none."""
        row, _ = self.desk.find(order, scope=scope)
        return None if row.way_time is None else self.desk.incidents.clock() + timedelta(seconds=row.way_time)

    def _addressed(self, kind: str, given: Given, caller: Caller) -> tuple[str, str, str]:
        """The team's key where it is one, the name and the duty phone: of a row the caller sees, or as was typed."""
        key = words(given, "to_key", longest=60, empty=True)
        store, scope = self.desk.store, caller.scope
        if kind == "team":
            layer = store.catalogue.find(TEAMS.id, scope)
            if layer is None or not key:
                raise BadInputError(Text("须选择队伍", "choose a team"), field="to_key")
            row = store.get(layer, key, scope=scope).record
            assert isinstance(row, Team)
            return row.code, row.name, _phone(row, "duty_phone", layer.fields_in(scope))
        if not key:
            return "", words(given, "to_name", longest=80), ""
        layer = store.catalogue.find(DUTY_CONTACTS.id, scope)
        if layer is None:
            raise BadInputError(Text("没有可用的通讯录", "there is no phone book"), field="to_key")
        found = store.get(layer, key, scope=scope).record
        return "", str(getattr(found, "name", "")), _phone(found, "duty_phone", layer.fields_in(scope))

    def _told(self, caller: Caller, code: str) -> Given:
        self.desk.incidents.find(code, scope=caller.scope)
        may = may_command(caller)
        told = orders_told(self.desk, code, caller.scope, caller.lang, may=may)
        teams = sorted({row["team"]: None for row in told["rows"] if row["team"]})
        return told | {"may_command": may, "seen": [seen_told(one) for one in self.seen(teams).values()]}


def orders_told(desk: OrderDesk, code: str, scope: Scope, lang: Lang, *, may: bool) -> Given:
    """Every order of an incident, and how long a receipt may take."""
    now = desk.incidents.clock()
    receipt = span("order_receipt", now.astimezone(CHINA).date())
    rows = [order_told(one, receipt, lang, acts=may) for one in desk.of(code, scope=scope)]
    stale = span("position_stale", now.astimezone(CHINA).date())
    return {"code": code, "rows": rows, "receipt_s": round(receipt.total_seconds()), "now": iso(now),
            "stale_s": round(stale.total_seconds())}  # fmt: skip


def seen_told(one: Seen) -> Given:
    """Where a team was, and when; whoever shows it says how old that is."""
    return {"team": one.team, "at": iso(one.at), "lon": one.place.lon, "lat": one.place.lat, "accuracy": one.accuracy}


def order_routes(doors: OrderDoors, planning: Planning) -> list[BaseRoute]:
    """The doors of orders; what finds a way waits with the workbench's own computations."""

    async def give(request: Request) -> Response:
        """POST /api/incidents/orders: given, numbered, told once."""
        given = await object_of(request)
        return json_answer(await planning.run(partial(doors.give, current_caller.get(), given)))

    async def proposed(request: Request) -> Response:
        """GET /api/incidents/orders/proposal?code=: who might be sent."""
        given = dict(request.query_params)
        return json_answer(await planning.run(partial(doors.proposed, current_caller.get(), given)))

    root = "/api/incidents/orders"
    return [
        Route(root, asked(doors.listed), methods=["GET"]),
        Route(f"{root}/to", asked(doors.recipients), methods=["GET"]),
        Route(f"{root}/proposal", proposed, methods=["GET"]),
        Route(root, give, methods=["POST"]),
        Route(f"{root}/step", posted(doors.step), methods=["POST"]),
    ]


def _spot(row: Incident) -> LonLat | None:
    if row.geometry is None:
        return None
    point = row.geometry.representative_point()
    return LonLat(point.x, point.y)


def _phone(row: object, name: str, seen: object) -> str:
    return str(getattr(row, name, "") or "") if isinstance(seen, dict) and name in seen else ""
