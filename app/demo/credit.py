"""The credit file of the demo city: what brought its enterprises the grades they have, from cases it tells."""

from typing import Any

from app.demo.cases import keep_rows
from app.wiring import System
from casework.crediting import grade_of, rule, start_of
from casework.terms import local_day
from core.scope import SYSTEM_SCOPE
from layers.catalogue import CREDIT_EVENTS, ENTERPRISES, PENALTIES, STANDARDS
from layers.catalogue.creditevents import CreditEvent
from layers.codes import code_list
from store.query import EVERYTHING, Query


def tell_credit(system: System) -> None:
    """One entry for each enterprise that was punished or certified, ending at the grade it has; none where any are."""
    store = system.store
    if store.count(CREDIT_EVENTS, EVERYTHING, scope=SYSTEM_SCOPE):
        return
    fields = Query(fields=("uscc", "name", "credit_grade", "area"), geometry=False)
    firms = {row["uscc"]: row for row in store.read(ENTERPRISES, fields, scope=SYSTEM_SCOPE).to_pylist()}
    told: dict[str, CreditEvent] = {}
    for layer, when in ((PENALTIES, "decided_at"), (STANDARDS, "state_since")):
        for case in store.read(layer, EVERYTHING, scope=SYSTEM_SCOPE).to_pylist():
            firm = firms.get(case["enterprise"])
            by = _rule(layer.id, case)
            if firm is not None and firm["credit_grade"] and by and case[when] is not None:
                told.setdefault(firm["uscc"], _entry(firm, case, by, case[when]))
    keep_rows(system, CREDIT_EVENTS, list(told.values()))


def _rule(layer: str, case: dict[str, Any]) -> str:
    if layer == STANDARDS.id:
        return f"standard_{case['grade']}" if case["state"] == "standing" else ""
    return "" if case["party"] != "unit" else "penalty_spot" if case["simple"] else "penalty_general"


def _entry(firm: dict[str, Any], case: dict[str, Any], by: str, at: Any) -> CreditEvent:
    today = local_day(at)
    score, points = start_of(firm["credit_grade"], today), rule(by, today).points
    assert score is not None
    before = min(100.0, max(0.0, score - points))
    word = next(one.title.zh for one in code_list("credit_rule") if one.code == by)
    return CreditEvent(
        code=f"{case['code']}/{case['steps']:04d}", title=f"{firm['name']}:{word}"[:200], enterprise=firm["uscc"],
        enterprise_name=firm["name"], rule=by, points=points, at=at, from_case=case["code"], score_before=before,
        score=score, grade_before=grade_of(before, today), grade=firm["credit_grade"], area=firm["area"],
        sensitivity=CREDIT_EVENTS.sensitivity,
    )  # fmt: skip
