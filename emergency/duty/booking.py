"""Teams and stocks: what is near and free, booked by one and not by two, under way, given back.

Whoever books reads the resource, then what is out of it, and commits both the booking and the resource under the
version that was read: every booking is a version of its resource, so of two who book at once the second is told and
nothing of theirs is kept. What is free is counted from the bookings, never from a number that an import may have
replaced.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from shapely import from_wkb

from core.actors import Actor
from core.clock import CHINA, Clock
from core.errors import BadInputError, ConflictError
from core.ids import new_id
from core.scope import SYSTEM_SCOPE, Scope
from core.texts import Text
from core.units import Metre
from emergency.duty.practice import span
from gis.measure import distances
from gis.shapes import LonLat
from layers.catalogue import DEPOTS, FIRE_STATIONS, MATERIALS, RESOURCE_BOOKINGS, TEAMS
from layers.catalogue.bookings import ResourceBooking
from layers.catalogue.resources import FireStation, Material, Team
from layers.filters import And, Compare, In, Op
from layers.layer import Layer
from store.feed import Put
from store.protocol import Store, Stored
from store.query import Query

OUT = ("booked", "on_way", "arrived", "returning")
"""States in which a resource is not free."""
STEPS: dict[str, tuple[tuple[str, ...], str, str]] = {
    "book": (("asked",), "booked", "批准调用"), "refuse": (("asked",), "refused", "不批准"),
    "withdraw": (("asked", "booked"), "withdrawn", "撤销"), "leave": (("booked",), "on_way", "出发"),
    "arrive": (("booked", "on_way"), "arrived", "到场"), "return": (("on_way", "arrived"), "returning", "返回"),
    "give_back": (OUT, "returned", "归还"),
}  # fmt: skip
"""From which states a step leads where, and what it is called."""
BOOKABLE: dict[str, Layer] = {TEAMS.id: TEAMS, MATERIALS.id: MATERIALS, FIRE_STATIONS.id: FIRE_STATIONS}
FOAM, TONNE = "foam", "t"
"""What fire stations hold besides their engines; they count it in tonnes, as depots do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is asked for and where to; a team has no quantity."""

    of_layer: str
    of_key: str
    purpose: str
    quantity: float | None = None
    incident: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """A resource near a place: how much of it is free, whose, how fresh, how far as the crow flies.

    None is what the caller's role does not meet: then nobody says whether it is free, or ready.
    """

    of_layer: str
    of_key: str
    name: str
    unit: str
    free: float | None
    whose: str
    phone: str
    counted_on: date | None
    old: bool
    expired: bool
    ready: bool | None
    metres: Metre
    point: LonLat
    area: str


class Bookings:
    """Asked, booked, moved on, given back; each a line of its course under the name of who did it."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def ask(self, wanted: Wanted, *, at_once: bool, account: str, actor: Actor, scope: Scope) -> Stored:
        """Asked of whose it is; `at_once` books it, by whom it is theirs to give.

        Raises: BadInputError for more than there is; ConflictError where it is out, or somebody was first;
        ForbiddenError outside the caller's areas.
        """
        edits = self.asking(wanted, at_once=at_once, account=account, actor=actor, scope=scope)
        reason = f"{STEPS['book'][2] if at_once else '申请调用'} {_of(edits).name}"[:200]
        return self._kept(edits, reason, actor, scope if at_once else SYSTEM_SCOPE)

    def asking(self, wanted: Wanted, *, at_once: bool, account: str, actor: Actor, scope: Scope) -> list[Put]:
        """What asks for it, or books it, for a transaction of the caller's: the booking first.

        Raises: as `ask`. Of two transactions made of one version of the resource the second is refused.
        """
        made, resource = self._made(wanted, account, actor, scope)
        if at_once:
            return self._edits(made, 0, "book", resource, "", None, actor)
        self._enough(made, resource, ())
        return [Put(layer=RESOURCE_BOOKINGS.id, record=made, expected=0)]

    def moving(self, code: str, step: str, *, actor: Actor, scope: Scope) -> list[Put]:
        """What moves a booking on by one step in a transaction of the caller's; nothing where it does not fit."""
        stored = self._store.get(RESOURCE_BOOKINGS, code, scope=scope)
        booking = stored.record
        assert isinstance(booking, ResourceBooking)
        if booking.state not in STEPS[step][0]:
            return []
        resource = self._resource(booking.of_layer, booking.of_key, scope)
        return self._edits(booking, stored.version, step, resource, "", None, actor)

    def _made(self, wanted: Wanted, account: str, actor: Actor, scope: Scope) -> tuple[ResourceBooking, Stored]:
        now = self._clock()
        resource = self._resource(wanted.of_layer, wanted.of_key, scope)
        row: Any = resource.record
        if (wanted.quantity is None) is not (wanted.of_layer == TEAMS.id):
            raise BadInputError(Text("物资须写数量,队伍不写", "a stock has a quantity, a team none"), field="quantity")
        made = ResourceBooking(
            code=f"DY{now.astimezone(CHINA):%Y%m%d%H%M%S}-{new_id()[-6:]}", of_layer=wanted.of_layer,
            of_key=wanted.of_key, name=_name(row), quantity=wanted.quantity, purpose=wanted.purpose, area=row.area,
            unit=_unit(row), incident=wanted.incident, asked_at=now,
            asked_by=actor.name, asked_account=account, steps=(_line(now, actor, "申请"),),
        )  # fmt: skip
        return made, resource

    def step(
        self, code: str, version: int, step: str, said: str, returned: float | None, *, actor: Actor, scope: Scope
    ) -> Stored:
        """One step of a booking; giving back says how much of a stock came back, the rest is used up."""
        edits = self.stepping(code, version, step, said, returned, actor=actor, scope=scope)
        return self._kept(edits, f"{STEPS[step][2]} {_of(edits).name}"[:200], actor, scope)

    def stepping(
        self, code: str, version: int, step: str, said: str, returned: float | None, *, actor: Actor, scope: Scope
    ) -> list[Put]:  # fmt: skip
        """What takes a step of a booking, for a transaction of the caller's: the booking first."""
        resource_of = self._store.get(RESOURCE_BOOKINGS, code, scope=scope)
        booking = resource_of.record
        assert isinstance(booking, ResourceBooking)
        if resource_of.version != version:
            raise ConflictError(Text("他人刚刚办理了该调用,请重新查看", "somebody acted on it meanwhile; look again"))
        sources, _, word = STEPS[step]
        if booking.state not in sources:
            raise ConflictError(Text(f"当前状态不能{word}", f"it cannot be moved by {step!r} now"), state=booking.state)
        most = booking.quantity if step == "give_back" else None
        if most is not None and (returned is None or not 0 <= returned <= most):
            raise BadInputError(Text(f"归还数量应为 0 至 {most:g}", f"0 to {most:g} may come back"), field="returned")
        resource = self._resource(booking.of_layer, booking.of_key, scope)
        return self._edits(booking, version, step, resource, said, returned, actor)

    def _kept(self, edits: list[Put], reason: str, actor: Actor, scope: Scope) -> Stored:
        self._store.commit(edits, actor=actor, reason=reason, scope=scope)
        return self._store.get(RESOURCE_BOOKINGS, _of(edits).code, scope=SYSTEM_SCOPE)

    def _edits(
        self, booking: ResourceBooking, version: int, step: str, resource: Stored, said: str, returned: float | None,
        actor: Actor,
    ) -> list[Put]:  # fmt: skip
        now = self._clock()
        _, state, word = STEPS[step]
        out = self._out(booking)
        values: dict[str, Any] = {"state": state, "steps": (*booking.steps, _line(now, actor, word, said))}
        if step in ("book", "refuse", "withdraw"):
            values |= {"decided_at": now, "decided_by": actor.name, "said": said}
        if step == "book":
            self._enough(booking, resource, out)
        if step == "give_back":
            values |= {"ended_at": now, "ended_by": actor.name, "returned": returned}
        edits = [Put(layer=RESOURCE_BOOKINGS.id, record=booking.model_copy(update=values), expected=version)]
        changed = _after(resource.record, booking, state, out, returned)
        if changed is not None:
            edits.append(Put(layer=booking.of_layer, record=changed, expected=resource.version))
        return edits

    def _resource(self, layer: str, key: str, scope: Scope) -> Stored:
        if layer not in BOOKABLE:
            raise BadInputError(Text("只能调用队伍和物资", "teams and stocks are booked"), field="of_layer")
        return self._store.get(BOOKABLE[layer], key, scope=scope)

    def _out(self, booking: ResourceBooking) -> tuple[float, ...]:
        """What others hold of the resource, whoever may see them; 0 for a team that is out."""
        where = And((
            Compare("of_key", Op.EQ, booking.of_key), Compare("of_layer", Op.EQ, booking.of_layer),
            In("state", OUT), Compare("code", Op.NE, booking.code),
        ))  # fmt: skip
        query = Query(where=where, fields=("code", "quantity"), geometry=False)
        rows = self._store.read(RESOURCE_BOOKINGS, query, scope=SYSTEM_SCOPE).to_pylist()
        return tuple(row["quantity"] or 0.0 for row in rows)

    def _enough(self, booking: ResourceBooking, resource: Stored, out: tuple[float, ...]) -> None:
        row = resource.record
        if isinstance(row, Team):
            if out or row.state != "ready":
                raise ConflictError(Text(f"{row.name} 不在待命状态", f"{row.name} is not ready"), key=row.code)
        elif isinstance(row, Material | FireStation) and booking.quantity is not None:
            free = (row.quantity if isinstance(row, Material) else row.foam or 0.0) - sum(out)
            if booking.quantity > free:
                unit = _unit(row)
                raise ConflictError(
                    Text(f"{row.name} 可用 {free:g} {unit},不足 {booking.quantity:g}",
                         f"{free:g} {unit} of {row.name} are free, not {booking.quantity:g}"), free=free,
                )  # fmt: skip


def _of(edits: Sequence[Put]) -> ResourceBooking:
    booking = edits[0].record
    assert isinstance(booking, ResourceBooking)
    return booking


def near(
    store: Store, at: LonLat, within: Metre, today: date, *, layer: str, kind: str, scope: Scope
) -> tuple[Near, ...]:
    """Teams or stocks of a kind around a place, the nearest first, by geodesic distance."""
    found = _stocks(store, kind, scope) if layer == MATERIALS.id else _teams(store, kind, scope)
    told = []
    far = distances(at, [row["point"].lon for row in found], [row["point"].lat for row in found]).tolist()
    for row, metres in zip(found, far, strict=True):
        if metres > within:
            continue
        counted = row["counted_on"]
        old = counted is None or today - counted > span("stock_stale", today)
        expiry = row.pop("expiry")
        told.append(
            Near(**row, metres=metres, old=old, expired=expiry is not None and expiry < today)
        )  # fmt: skip
    return tuple(sorted(told, key=lambda one: (one.metres, one.of_key)))


def _stocks(store: Store, kind: str, scope: Scope) -> list[dict[str, Any]]:
    told = _foam_of_stations(store, scope) if kind == FOAM else []
    shown = MATERIALS.fields_in(scope)
    if "kind" not in shown or "depot" not in shown:
        return told  # nobody who does not meet these can be told of a kind, or where it is
    query = Query(where=Compare("kind", Op.EQ, kind), geometry=False)
    rows = store.read(MATERIALS, query, scope=scope).to_pylist()
    depots = {one["code"]: one for one in store.read(DEPOTS, Query(), scope=scope).to_pylist()}
    out = _held(store, MATERIALS.id)
    return told + [
        {
            "of_layer": MATERIALS.id, "of_key": row["code"], "name": row.get("name") or row["code"],
            "unit": row.get("unit") or "", "free": _free(row.get("quantity"), out.get(row["code"], 0.0)),
            "whose": depot.get("name") or row["depot"], "ready": True, "phone": depot.get("duty_phone") or "",
            "counted_on": row.get("checked_on"), "expiry": row.get("expiry"), "point": _point(depot["geometry"]),
            "area": row.get("area") or "",
        }
        for row in rows
        if (depot := depots.get(row["depot"])) is not None and depot["geometry"] is not None
    ]  # fmt: skip


def _foam_of_stations(store: Store, scope: Scope) -> list[dict[str, Any]]:
    """Foam on the engines and in the stores of fire stations, where the caller meets stations and what they hold."""
    layer = store.catalogue.find(FIRE_STATIONS.id, scope)
    if layer is None or "foam" not in layer.fields_in(scope):
        return []
    rows = store.read(layer, Query(where=Compare("foam", Op.GT, 0.0)), scope=scope).to_pylist()
    out = _held(store, FIRE_STATIONS.id)
    return [
        {
            "of_layer": FIRE_STATIONS.id, "of_key": row["code"], "name": "消防站泡沫液", "unit": TONNE,
            "free": _free(row["foam"], out.get(row["code"], 0.0)), "whose": row.get("name") or row["code"],
            "ready": True, "phone": row.get("duty_phone") or "", "counted_on": _day(row.get("observed_at")),
            "expiry": None, "point": _point(row["geometry"]), "area": row.get("area") or "",
        }
        for row in rows
        if row["geometry"] is not None
    ]  # fmt: skip


def _teams(store: Store, kind: str, scope: Scope) -> list[dict[str, Any]]:
    layer = TEAMS
    names = ("code", "name", "unit", "kind", "people", "state", "duty_phone", "observed_at", "area")
    fields = tuple(name for name in names if name in layer.fields_in(scope))
    if kind and "kind" not in fields:
        return []
    where = Compare("kind", Op.EQ, kind) if kind else None
    rows = store.read(layer, Query(where=where, fields=fields), scope=scope).to_pylist()
    out = _held(store, TEAMS.id)
    return [
        {
            "of_layer": TEAMS.id, "of_key": row["code"], "name": row.get("name") or row["code"], "unit": "人",
            "whose": row.get("unit") or "", "free": _free(row.get("people"), 0.0),
            "phone": row.get("duty_phone") or "", "expiry": None, "point": _point(row["geometry"]),
            "ready": False if row["code"] in out else row["state"] == "ready" if "state" in row else None,
            "counted_on": _day(row.get("observed_at")), "area": row.get("area") or "",
        }
        for row in rows
        if row["geometry"] is not None
    ]  # fmt: skip


def _free(held: float | None, out: float) -> float | None:
    """What is left of a stock; of one whose amount is not told, nobody says."""
    return None if held is None else float(held) - out


def _name(row: Any) -> str:
    """What is booked, said so that nobody takes the foam of a station for the station."""
    return f"{row.name}泡沫液"[:80] if isinstance(row, FireStation) else str(row.name)


def _unit(row: object) -> str:
    return row.unit if isinstance(row, Material) else TONNE if isinstance(row, FireStation) else ""


def _held(store: Store, layer: str) -> Mapping[str, float]:
    """How much of each resource is out."""
    where = And((Compare("of_layer", Op.EQ, layer), In("state", OUT)))
    query = Query(where=where, fields=("code", "of_key", "quantity"), geometry=False)
    found: dict[str, float] = {}
    for row in store.read(RESOURCE_BOOKINGS, query, scope=SYSTEM_SCOPE).to_pylist():
        found[row["of_key"]] = found.get(row["of_key"], 0.0) + (row["quantity"] or 0.0)
    return found


def _after(
    row: object, booking: ResourceBooking, state: str, out: tuple[float, ...], returned: float | None
) -> Team | Material | FireStation | None:
    """The resource beside a booking in its next state; None where it does not change."""
    held = state in OUT
    if isinstance(row, Team):
        if state in ("refused",) or (state == "withdrawn" and booking.state == "asked"):
            return None
        return row.model_copy(update={"state": "out" if held or out else "ready"})
    if isinstance(row, Material):
        if state == "refused" or (state == "withdrawn" and booking.state == "asked"):
            return None
        used = (booking.quantity or 0.0) - (returned or 0.0) if state == "returned" else 0.0
        reserved = sum(out) + ((booking.quantity or 0.0) if held else 0.0)
        return row.model_copy(update={"reserved": reserved, "quantity": row.quantity - used})
    if isinstance(row, FireStation):
        if state == "refused" or (state == "withdrawn" and booking.state == "asked"):
            return None
        used = (booking.quantity or 0.0) - (returned or 0.0) if state == "returned" else 0.0
        return row.model_copy(update={"foam": max(0.0, (row.foam or 0.0) - used)})
    return None


def _line(now: datetime, actor: Actor, word: str, said: str = "") -> str:
    return f"{now.astimezone(CHINA):%m-%d %H:%M} {actor.name} {word}{f':{said}' if said else ''}"


def _point(wkb: bytes) -> LonLat:
    middle = from_wkb(wkb).centroid
    return LonLat(middle.x, middle.y)


def _day(at: datetime | None) -> date | None:
    return None if at is None else at.astimezone(CHINA).date()
