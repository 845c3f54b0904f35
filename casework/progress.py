"""How far a yearly plan has come, counted from the checks themselves: arranged, begun, carried out, late."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casework.gathering import Gathered
from casework.inspecting import PlanItem, named_item, plan_items
from casework.terms import local_day
from core.scope import SYSTEM_SCOPE, Scope
from layers.catalogue.enforcement import SITE_CHECKS
from layers.catalogue.inspections import INSPECTION_PLANS
from layers.filters import And, Between, Compare, In, Not, Op
from store.protocol import Store
from store.query import COUNT, Query

ARRANGED = ("planned",)
BEGUN = ("on_site", "signing")
DONE = ("found", "mending", "rechecking", "closed")
"""States of a check: once its record is signed it was carried out, whatever follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """One item of a plan: checks that wait, that have begun, and whose record is signed."""

    item: PlanItem
    arranged: int = 0
    begun: int = 0
    done: int = 0

    @property
    def left(self) -> int:
        """Units the plan asks for that no check is there for yet."""
        return max(0, self.item.units - self.arranged - self.begun - self.done)

    def late(self, year: int, at: datetime) -> bool:
        """Its time is over and units are missing."""
        return self.done < self.item.units and local_day(at) > self.item.ends(year)


def progress(store: Store, plan: str, texts: tuple[str, ...], *, scope: Scope = SYSTEM_SCOPE) -> tuple[Progress, ...]:
    """Every item of a plan with the checks that name it; of a unit checked twice both count once."""
    where = Between("plan_item", f"{plan}/", f"{plan}/99")
    by = ("plan_item", "enterprise", "state")
    rows = store.totals(SITE_CHECKS, Query(where=where), by=by, of=(COUNT,), scope=scope)
    best: dict[tuple[str, str], str] = {}
    for one in rows.to_pylist():
        key, state = (one["plan_item"], one["enterprise"]), str(one["state"])
        if _rank(state) > _rank(best.get(key, "")):
            best[key] = state
    found = []
    for item in plan_items(texts)[0]:
        states = [state for (code, _), state in best.items() if code == item.code(plan)]
        counts = (sum(state in group for state in states) for group in (ARRANGED, BEGUN, DONE))
        arranged, begun, done = counts
        found.append(Progress(item=item, arranged=arranged, begun=begun, done=done))
    return tuple(found)


def plan_done(store: Store, plan: Mapping[str, Any], _: datetime) -> Gathered:
    """How many units of a plan were checked, each item up to what it asks."""
    told = progress(store, str(plan["code"]), tuple(plan["items"]))
    return Gathered(facts={"done": sum(min(one.done, one.item.units) for one in told)})


def other_plans(store: Store, plan: Mapping[str, Any], _: datetime) -> Gathered:
    """Plans of the same area and year, other than this one, that run or ran."""
    running = Not(In("state", ("drafting", "withdrawn")))
    same = (Compare("area", Op.EQ, plan["area"]), Compare("year", Op.EQ, plan["year"]), running)
    where = And((*same, Not(Compare("code", Op.EQ, plan["code"]))))
    query = Query(where=where, fields=("code",), geometry=False)
    return Gathered(facts={"others": store.read(INSPECTION_PLANS, query, scope=SYSTEM_SCOPE)["code"].to_pylist()})


def item_named(store: Store, values: Mapping[str, Any], _: datetime) -> Gathered:
    """The item of a plan that a check or draw names, with the year and state of its plan and how far it has come."""
    named = named_item(str(values.get("plan_item") or ""))
    if named is None:
        return Gathered()
    plan, no = named
    fields = ("code", "year", "state", "items")
    query = Query(where=Compare("code", Op.EQ, plan), fields=fields, geometry=False, limit=1)
    rows = store.read(INSPECTION_PLANS, query, scope=SYSTEM_SCOPE).to_pylist()
    texts = tuple(rows[0]["items"] or ()) if rows else ()
    found = next((one for one in progress(store, plan, texts) if one.item.no == no), None)
    if found is None:
        return Gathered(facts={"item": None})
    row = rows[0]
    return Gathered(facts={"item": found, "in_force": row["state"] == "in_force", "year": row["year"]})


def _rank(state: str) -> int:
    groups = (DONE, BEGUN, ARRANGED)
    return next((len(groups) - n for n, group in enumerate(groups) if state in group), 0)
