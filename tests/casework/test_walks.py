"""Random walks over every business system: never an undeclared state, no step lost, no clock over a closed case."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.systems import SYSTEMS
from casework.calendar import china
from casework.casetype import CaseType, Role, Step
from casework.engine import Event, StepRefusedError, Taken, Who, opened, options, reminded, taken
from casework.versions import body, from_body, functions_of
from core.clock import CHINA
from core.errors import Fault
from layers.catalogue.casework import CaseRow
from layers.codes import code_list
from layers.fields import FieldSpec, Kind
from tests.casework.stalls import STALL_PERMIT

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=CHINA)
Faults = tuple[Fault, ...]
WHO = [Who(account=f"{role}{n}", name=role, role=role) for role in (Role.OFFICER, Role.ENTERPRISE) for n in (1, 2)]


def value(spec: FieldSpec, at: datetime) -> st.SearchStrategy[Any]:
    """Something that might be filled in there, mostly fit."""
    if spec.codes is not None:
        one = st.sampled_from([entry.code for entry in code_list(spec.codes)])
        return st.lists(one, max_size=2).map(tuple) if spec.kind is Kind.LIST else one
    match spec.kind:
        case Kind.DATE:
            return st.integers(-2, 400).map(lambda days: (at + timedelta(days=days)).date())
        case Kind.DATETIME:
            return st.integers(-9, 1).map(lambda days: at + timedelta(days=days))
        case Kind.INTEGER | Kind.REAL:
            return st.integers(0, 12)
        case Kind.BOOLEAN:
            return st.booleans()
    return st.sampled_from(["", "已整改", "x" * 60])


@st.composite
def filled(draw: st.DrawFn, of: CaseType, asks: tuple[str, ...], at: datetime) -> dict[str, Any]:
    """A form filled in, some of it left out."""
    fields = of.register.fields
    names = [name for name in asks if name != "geometry" and draw(st.integers(0, 9)) > 0]
    return {name: draw(value(fields[name], at)) for name in names}


def tried(
    of: CaseType, row: CaseRow | None, step: Step, values: dict[str, Any], more: dict[str, Any]
) -> Taken | Faults:
    """What a step makes of the case, or the reasons it is refused for."""
    try:
        if row is None:
            return opened(of, f"{of.numbering}2026-000001", values, **more)
        return taken(of, row, step.name, values, **more)
    except StepRefusedError as refused:
        return refused.faults


@pytest.mark.parametrize("of", [*SYSTEMS, STALL_PERMIT], ids=lambda of: of.id)
@given(data=st.data())
@settings(max_examples=60)
def test_a_walk_never_leaves_what_is_declared(of: CaseType, data: st.DataObject) -> None:
    kept = from_body(body(of), of.version, of, functions_of([of]))
    at, row = NOW, None
    log: list[Event] = []
    for _ in range(data.draw(st.integers(1, 14))):
        at += timedelta(hours=data.draw(st.integers(0, 400)))
        who = data.draw(st.sampled_from(WHO))
        files = ("f" * 64,) * data.draw(st.integers(0, 1))
        here = [of.opening] if row is None else of.out_of(row.state) or of.steps
        step = data.draw(st.sampled_from(sorted(here, key=lambda one: one.name)))
        values = data.draw(filled(of, step.asks, at))
        reason = data.draw(st.sampled_from(["", "属实"]))
        more = {"who": who, "at": at, "calendar": china(), "files": files, "reason": reason}
        one, same = (tried(version, row, step, values, more) for version in (of, kept))
        assert one == same  # a procedure read back from data decides alike
        if isinstance(one, tuple):
            assert one
            continue
        if row is not None:
            assert step in {found.step for found in options(of, row, who=who, at=at, calendar=china())}
        log.append(one.event)
        row = one.row
        told = reminded(of, row, at=at + timedelta(days=data.draw(st.integers(0, 30))))
        if told is not None and data.draw(st.booleans()):
            log.append(told.event)
            row = told.row
        assert row.state in of.state_codes
        assert (row.closed_at is not None) == (row.state in of.final)
        assert row.closed_at is None or (row.due_at is None and row.stopped_at is None)
        assert row.steps == len(log)
        assert [event.number for event in log] == list(range(1, len(log) + 1))
        assert all(one.target == two.source for one, two in pairwise(log))
        assert log[-1].target == row.state
