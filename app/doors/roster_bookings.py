"""`/api/roster/resources` and `/bookings`: what is near and free, and who has it."""

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.routing import BaseRoute, Route

from app.doors.admin.fields import Given, flag, number, one_of, only, refused, words
from app.doors.bodies import asked, posted
from app.doors.incidents import command_of
from app.doors.roster_calls import CODE, MOST
from app.incidents.bookings import IncidentBookings
from app.incidents.desk import By, IncidentDesk
from core.caller import Caller, Right
from core.clock import CHINA, Clock, iso
from core.errors import ConflictError, ForbiddenError
from core.ids import new_id
from core.scope import SYSTEM_SCOPE
from core.texts import Text, real, whole
from core.units import Metre
from dashboards.queries.dutycalls import duty_layer
from dashboards.queries.wording import area_names, code_label
from emergency.duty.booking import OUT, STEPS, Bookings, Wanted, near
from emergency.duty.practice import span
from emergency.duty.tallies import tallies
from gis.shapes import LonLat
from layers.catalogue import DEPOTS, FIRE_STATIONS, MATERIALS, RESOURCE_BOOKINGS, TEAMS
from layers.codes import code_list
from layers.filters import Compare, Op, every
from store.protocol import Store
from store.query import Order, Query

FARTHEST, LISTED, FOUND = 500, 100, 200
KILOMETRE: Metre = 1000.0
MOST_OF = 1e9


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingDesk:
    """What may be asked of resources, and done with bookings by who may write both."""

    store: Store
    clock: Clock
    bookings: IncidentBookings

    def resources(self, caller: Caller, given: Given) -> Given:
        """GET /resources: stocks or teams of a kind around a place, the nearest first."""
        only(given, "what", "kind", "lon", "lat", "within")
        what = one_of(given, "what", (MATERIALS.id, TEAMS.id))
        kinds = [one.code for one in code_list("material_kind" if what == MATERIALS.id else "team_kind")]
        kind = one_of(given, "kind", kinds) if given.get("kind") or what == MATERIALS.id else ""
        within = whole(str(given.get("within") or 40))
        if within is None or not 1 <= within <= FARTHEST:
            raise refused("within", given.get("within"), Text(f" 1 至 {FARTHEST} 千米", f"1 to {FARTHEST} km"))
        duty_layer(self.store, RESOURCE_BOOKINGS, caller.scope)
        for needed in (MATERIALS, DEPOTS) if what == MATERIALS.id else (TEAMS,):
            duty_layer(self.store, needed, caller.scope)
        at = LonLat(_degrees(given, "lon", 180.0), _degrees(given, "lat", 90.0))
        today = self.clock().astimezone(CHINA).date()
        found = near(self.store, at, within * KILOMETRE, today, layer=what, kind=kind, scope=caller.scope)
        return {
            "what": what, "within": within, "total": len(found), "old_days": span("stock_stale", today).days,
            "rows": [
                {
                    "key": one.of_key, "layer": one.of_layer, "name": one.name,
                    "unit": one.unit, "free": one.free, "whose": one.whose,
                    "phone": one.phone, "counted_on": one.counted_on and one.counted_on.isoformat(), "old": one.old,
                    "expired": one.expired, "ready": one.ready, "metres": one.metres,
                    "at": [one.point.lon, one.point.lat],
                    "own": may_book(caller, one.of_layer) and caller.scope.covers(one.area),
                }
                for one in found[:FOUND]
            ],
        }  # fmt: skip

    def statistics(self, caller: Caller, given: Given) -> Given:
        """GET /resources/statistics: how much of each kind there is in each district, and as of when it was told."""
        only(given)
        duty_layer(self.store, RESOURCE_BOOKINGS, caller.scope)
        today, lang = self.clock().astimezone(CHINA).date(), caller.lang
        names, stale = area_names(self.store, caller.scope), span("stock_stale", today)
        return {
            "day": today.isoformat(), "old_days": stale.days,
            "rows": [
                {
                    "area": one.area, "area_name": names.get(one.area, one.area), "layer": one.layer,
                    "layer_title": self.store.catalogue[one.layer].title.of(lang), "kind": one.kind,
                    "kind_word": code_label(one.codes, one.kind, lang) if one.codes and one.kind else one.kind,
                    "unit": one.unit, "rows": one.rows, "told": one.told,
                    "amount": one.amount if one.told else None, "old": one.old, "undated": one.undated,
                    "newest": one.newest and one.newest.isoformat(), "oldest": one.oldest and one.oldest.isoformat(),
                }
                for one in tallies(self.store, today, stale, scope=caller.scope)
            ],
        }  # fmt: skip

    def listed(self, caller: Caller, given: Given) -> Given:
        """GET /bookings: those of one's own areas and those one asked for, the latest first, or of one incident."""
        only(given, "incident")
        layer = duty_layer(self.store, RESOURCE_BOOKINGS, caller.scope)
        code = words(given, "incident", longest=CODE, empty=True) if "incident" in given else ""
        of = Compare("incident", Op.EQ, code) if code else None
        query = Query(where=of, geometry=False, order=(Order("asked_at", descending=True),), limit=LISTED)
        rows = {row["code"]: row for row in self.store.read(layer, query, scope=caller.scope).to_pylist()}
        if caller.account:
            mine = Query(
                where=every(Compare("asked_account", Op.EQ, caller.account), of), geometry=False, limit=LISTED,
                order=(Order("asked_at", descending=True),),
            )  # fmt: skip
            rows |= {row["code"]: row for row in self.store.read(layer, mine, scope=SYSTEM_SCOPE).to_pylist()}
        newest = sorted(rows.values(), key=lambda row: row["asked_at"], reverse=True)
        kinds = {name: _codes(name, caller) for name in ("material_kind", "team_kind")}
        return {"rows": [self._told(row, caller) for row in newest[:LISTED]], "kinds": kinds,
                "may_write": may_book(caller, MATERIALS.id)}  # fmt: skip

    def ask(self, caller: Caller, given: Given) -> Given:
        """POST /bookings: asked of whose it is, or booked at once where it is one's own; once by its `command`."""
        only(given, "of_layer", "of_key", "quantity", "purpose", "incident", "at_once", "command")
        layer = one_of(given, "of_layer", (TEAMS.id, MATERIALS.id, FIRE_STATIONS.id))
        _asked(caller, layer)
        wanted = Wanted(
            of_layer=layer, of_key=words(given, "of_key", longest=60), quantity=_amount(given, "quantity"),
            purpose=words(given, "purpose", longest=400), incident=words(given, "incident", longest=CODE, empty=True),
        )  # fmt: skip
        if wanted.incident.startswith("YL"):
            raise ConflictError(Text("演练不占用真实资源", "an exercise books nothing real"), code=wanted.incident)
        made = self.bookings.ask(
            wanted, at_once=flag(given, "at_once") if "at_once" in given else False, by=_by(caller),
            command=_command(given),
        )  # fmt: skip
        return self._told(made.record.model_dump() | {"_version": made.version}, caller)

    def step(self, caller: Caller, given: Given) -> Given:
        """POST /bookings/step: granted or not, on the way, on the scene, back."""
        only(given, "code", "version", "step", "said", "returned", "command")
        _asked(caller, MATERIALS.id)
        made = self.bookings.step(
            words(given, "code", longest=CODE), number(given, "version", 1, MOST), one_of(given, "step", tuple(STEPS)),
            words(given, "said", longest=400, empty=True), _amount(given, "returned", least=0.0), by=_by(caller),
            command=_command(given),
        )  # fmt: skip
        return self._told(made.record.model_dump() | {"_version": made.version}, caller)

    def _told(self, row: dict[str, Any], caller: Caller) -> Given:
        own = may_book(caller, row["of_layer"]) and caller.scope.covers(row["area"])
        kept = ("code", "of_layer", "of_key", "name", "quantity", "unit", "purpose", "incident", "state", "asked_at",
                "asked_by", "decided_by", "said", "ended_at", "returned", "steps")  # fmt: skip
        team = row["of_layer"] == TEAMS.id
        steps = [
            step for step, (sources, _, _) in STEPS.items()
            if row["state"] in sources and (team or step not in ("leave", "arrive", "return"))
        ]  # fmt: skip
        return {
            name: iso(value) if isinstance(value, datetime) else list(value) if isinstance(value, tuple) else value
            for name in kept for value in (row[name],)
        } | {
            "version": row["_version"], "state_word": code_label("booking_state", row["state"], caller.lang),
            "out": row["state"] in OUT, "may": steps if own else [],
        }  # fmt: skip


def may_book(caller: Caller, layer: str) -> bool:
    """The caller may write bookings and the resources of a layer."""
    scope = caller.scope
    open_to = scope.may_write(RESOURCE_BOOKINGS.id) and scope.may_write(layer)
    return caller.may(Right.EDIT) and open_to and scope.enterprises is None


def booking_desk(store: Store, clock: Clock) -> BookingDesk:
    """The desk over a store."""
    held = IncidentBookings(desk=IncidentDesk(store=store, clock=clock), bookings=Bookings(store, clock))
    return BookingDesk(store=store, clock=clock, bookings=held)


def roster_booking_routes(desk: BookingDesk) -> list[BaseRoute]:
    """The doors of resources."""
    root = "/api/roster"
    return [
        Route(f"{root}/resources", asked(desk.resources), methods=["GET"]),
        Route(f"{root}/resources/statistics", asked(desk.statistics), methods=["GET"]),
        Route(f"{root}/bookings", asked(desk.listed), methods=["GET"]),
        Route(f"{root}/bookings", posted(desk.ask), methods=["POST"]),
        Route(f"{root}/bookings/step", posted(desk.step), methods=["POST"]),
    ]


def _asked(caller: Caller, layer: str) -> None:
    if not may_book(caller, layer):
        raise ForbiddenError(Text("您的岗位不能调用资源", "your role may book no resources"))


def _by(caller: Caller) -> By:
    return By(actor=caller.actor, scope=caller.scope, account=caller.account)


def _command(given: Given) -> str:
    """The key the client made; who made none is never known again."""
    return command_of(given) if given.get("command") else new_id()


def _codes(name: str, caller: Caller) -> list[Given]:
    return [{"code": one.code, "name": one.title.of(caller.lang)} for one in code_list(name)]


def _degrees(given: Given, name: str, most: float) -> float:
    try:
        value = real(str(given.get(name)))
    except ValueError:
        value = math.nan
    if not -most <= value <= most:
        raise refused(name, given.get(name), Text(f" -{most:g} 至 {most:g} 的度数", f"degrees to {most:g}"))
    return value


def _amount(given: Given, name: str, least: float = 1e-6) -> float | None:
    value = given.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= MOST_OF:
        raise refused(name, value, Text("大于零的数量", "an amount above nothing"))
    return float(value)
