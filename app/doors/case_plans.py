"""`/api/cases/plan`: what a yearly plan asks, item by item, and how far its checks have come; items to choose from."""

from dataclasses import dataclass

from starlette.routing import BaseRoute, Route

from app.doors.admin.fields import Given, only, words
from app.doors.bodies import asked
from app.doors.case_lists import Lists
from casework.desk import Desk
from casework.inspecting import PlanItem, PlanKind, plan_items
from casework.progress import Progress, progress
from casework.systems.inspection_plan import INSPECTION_PLAN, State
from casework.terms import local_day
from core.caller import Caller
from core.clock import Clock
from core.texts import Lang, Text
from dashboards.queries.wording import area_names, code_label
from layers.catalogue.inspections import InspectionPlan
from layers.codes import code_list
from layers.filters import Compare, Op
from store.protocol import Store
from store.query import Order, Query

LONGEST_CODE = 20
QUARTERS = (
    Text("全年", "whole year"),
    Text("第一季度", "first quarter"),
    Text("第二季度", "second quarter"),
    Text("第三季度", "third quarter"),
    Text("第四季度", "fourth quarter"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plans:
    """Yearly plans as one caller meets them."""

    desk: Desk
    lists: Lists
    clock: Clock

    def one(self, caller: Caller, given: Given) -> Given:
        """GET /plan?code=: every item in words, with its checks that wait, have begun and were carried out."""
        only(given, "code")
        code = words(given, "code", longest=LONGEST_CODE)
        row = self.desk.find(INSPECTION_PLAN, code, scope=caller.scope).row
        assert isinstance(row, InspectionPlan)
        store, lang, now = self.desk.store, caller.lang, self.clock()
        areas = area_names(store, caller.scope)
        found = progress(store, code, row.items)
        items = [_told(one, code, row.year, areas, lang) | {"late": one.late(row.year, now)} for one in found]
        units, done = (sum(values) for values in zip(*((one["units"], min(one["units"], one["done"])) for one in items),
                                                     strict=True)) if items else (0, 0)  # fmt: skip
        return {
            "code": code, "year": row.year, "items": items, "units": units, "done": done,
            "key_share": row.key_share, "may_draw": row.state == State.IN_FORCE, "today": local_day(now).isoformat(),
        }  # fmt: skip


def _told(one: Progress, plan: str, year: int, areas: dict[str, str], lang: Lang) -> Given:
    item = one.item
    return {
        "no": item.no, "code": item.code(plan), "kind": item.kind.value, "units": item.units,
        "kind_word": code_label("plan_kind", item.kind.value, lang), "area": areas.get(item.area, item.area),
        "sector": code_label("sector", item.sector, lang) if item.sector else Text("各行业", "all industries").of(lang),
        "risk": int(item.risk) if item.risk else None,
        "risk_word": code_label("risk", item.risk, lang) if item.risk else Text("各等级", "all grades").of(lang),
        "quarter": QUARTERS[item.quarter].of(lang), "ends": item.ends(year).isoformat(),
        "arranged": one.arranged, "begun": one.begun, "done": one.done,
    }  # fmt: skip


def item_words(item: PlanItem, areas: dict[str, str], lang: Lang) -> str:
    """One item in a line."""
    parts = (
        code_label("plan_kind", item.kind.value, lang), areas.get(item.area, item.area),
        code_label("sector", item.sector, lang) if item.sector else "",
        code_label("risk", item.risk, lang) if item.risk else "",
        Text(f"{item.units} 家", f"{item.units} units").of(lang), QUARTERS[item.quarter].of(lang),
    )  # fmt: skip
    return " · ".join(part for part in parts if part)


def item_choices(store: Store, caller: Caller) -> list[Given]:
    """The items of plans in force that the caller may see, the newest year first."""
    layer = store.catalogue.find(INSPECTION_PLAN.register.id, caller.scope)
    if layer is None:
        return []
    query = Query(
        where=Compare("state", Op.EQ, State.IN_FORCE.value), fields=("code", "year", "items"),
        order=(Order("year", descending=True), Order("code")), geometry=False,
    )  # fmt: skip
    areas = area_names(store, caller.scope)
    return [
        {"code": item.code(row["code"]), "name": f"{row['year']} {item_words(item, areas, caller.lang)}"}
        for row in store.read(layer, query, scope=caller.scope).to_pylist()
        for item in plan_items(tuple(row["items"] or ()))[0]
    ]


def plan_field(register: str, field: str, lang: Lang) -> Given:
    """What the page needs to draw the items of a plan as rows; nothing for other fields."""
    if (register, field) != (INSPECTION_PLAN.register.id, "items"):
        return {}
    lists = {name: [{"code": one.code, "name": one.title.of(lang)} for one in code_list(name)] for name in
             ("sector", "risk")}  # fmt: skip
    return {
        "kind": "plan-items", "sectors": lists["sector"], "risks": lists["risk"],
        "kinds": [{"code": one.value, "name": code_label("plan_kind", one.value, lang)} for one in PlanKind],
        "quarters": [{"code": str(n or ""), "name": one.of(lang)} for n, one in enumerate(QUARTERS)],
    }  # fmt: skip


def plan_routes(plans: Plans) -> list[BaseRoute]:
    """The door of plans; who enters is the policy's, which rows the scope's."""
    return [Route("/api/cases/plan", asked(plans.one), methods=["GET"])]
