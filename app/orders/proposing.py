"""The dispatch proposed for an incident: the nearest teams that fit, by road and round its zones; it sends nobody."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.incidents.chain import ChainDesk
from app.orders.desk import OrderDesk
from app.routing.desk import RouteDesk
from core.caller import Caller
from core.clock import CHINA, iso
from core.errors import BadInputError, ConflictError
from core.texts import Text
from dashboards.queries.wording import code_label
from emergency.duty.practice import span
from emergency.orders.fitting import fitting
from emergency.orders.life import OPEN
from layers.catalogue import TEAMS
from layers.filters import In
from store.query import Query

Told = dict[str, Any]
MOST = 40
FIELDS = ("code", "name", "kind", "unit", "people", "state", "duty_phone", "observed_at", "turnout_minutes", "area")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposals:
    """Teams by road time, those that fit and are ready chosen; where to gather upwind if a scenario says the wind.

    Times are those to the first staging point: the place of the incident lies in its zone, where nobody is let in
    before the cloud has gone.
    """

    desk: OrderDesk
    routes: RouteDesk
    chain: ChainDesk

    def of(self, code: str, caller: Caller) -> Told:
        """The proposal of an incident as things stand. Raises BadInputError where nobody knows where it is."""
        now = self.desk.incidents.clock()
        row = self.desk.incidents.find(code, scope=caller.scope).row
        if row.geometry is None:
            raise BadInputError(Text("事件没有位置,先在图上标明", "the incident has no place yet"), field="code")
        point = row.geometry.representative_point()
        given: Told = {"nearest": [TEAMS.id], "to": [point.x, point.y], "most": MOST, "incident": code}
        if self.chain.rounds(code, caller.scope, most=1):
            given |= {"approach": "upwind", "gather": True}
        found = self.routes.routes(given, caller)
        fits = fitting(row.kind, now.astimezone(CHINA).date())
        teams = self._teams(found["nearest"], caller, now)
        told = {one.team for one in self.desk.of(code, scope=caller.scope) if one.state in OPEN}
        for one in teams:
            one["ordered"] = one["key"] in told
        for fit in fits:
            free = sorted((one for one in teams if one["kind"] == fit.team_kind and one["duration_s"] is not None),
                          key=_there)  # fmt: skip
            for one in free:
                one["action"] = fit.action.of(caller.lang)
            for one in [one for one in free if one["state"] == "ready" and not one["ordered"]][: fit.teams]:
                one["proposed"] = True
        wanted = [
            {"kind": fit.team_kind, "kind_word": code_label("team_kind", fit.team_kind, caller.lang),
             "teams": fit.teams, "found": sum(one["proposed"] and one["kind"] == fit.team_kind for one in teams)}
            for fit in fits
        ]  # fmt: skip
        return {
            "code": code, "now": iso(now), "teams": teams, "wanted": wanted, "status": fits[0].status.value,
            "status_word": code_label("basis_status", fits[0].status.value, caller.lang),
            "scenario": "gather" in given, "staging": found.get("staging", []), "avoided": found["avoided"],
            "to": found.get("to") or given["to"], "gathered": bool(found.get("staging")),
            "notices": found["notices"], "roads": found["roads"], "exercise": row.exercise,
        }  # fmt: skip

    def _teams(self, reached: list[Told], caller: Caller, now: datetime) -> list[Told]:
        store, scope = self.desk.store, caller.scope
        layer = store.catalogue.find(TEAMS.id, scope)
        if layer is None:
            raise ConflictError(Text("您看不到救援队伍", "teams are not open to you"))
        fields = tuple(name for name in FIELDS if name in layer.fields_in(scope))
        where = In("code", tuple(one["key"] for one in reached))
        table = store.read(layer, Query(where=where, fields=fields, geometry=False), scope=scope)
        rows = {row["code"]: row for row in table.to_pylist()}
        stale = span("stock_stale", now.astimezone(CHINA).date())
        return [
            {
                **{name: one[name] for name in ("key", "title", "lon", "lat", "duration_s", "waits_s", "length_m",
                                                "straight_m", "avoids", "exposure_s", "why",
                                                "observed_at")},
                "kind": row["kind"], "kind_word": code_label("team_kind", row["kind"], caller.lang),
                "unit": row.get("unit") or "", "people": row["people"], "state": row["state"],
                "state_word": code_label("resource_state", row["state"], caller.lang),
                "phone": row.get("duty_phone") or "", "turnout_min": row.get("turnout_minutes"),
                "old": row.get("observed_at") is None or now - row["observed_at"] > stale,
                "own": scope.covers(row["area"]), "proposed": False, "action": "",
            }
            for one in reached if (row := rows.get(one["key"])) is not None
        ]  # fmt: skip


def _there(one: Told) -> tuple[bool, float]:
    """Who is there first without a zone on the way: turning out, where that is filed, and driving."""
    return not one["avoids"], one["duration_s"] + 60 * (one["turnout_min"] or 0)
