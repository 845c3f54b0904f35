"""Random walks over every business system: never an undeclared state, no step lost, no clock over a closed case."""

from datetime import datetime, timedelta
from itertools import pairwise
from random import Random
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
ACTING = (Role.OFFICER, Role.ENTERPRISE, Role.MEMBER)


def value(spec: FieldSpec, at: datetime, chance: Random) -> Any:
    """Something that might be filled in there, mostly fit."""
    if spec.codes is not None:
        codes = [entry.code for entry in code_list(spec.codes)]
        return tuple(chance.choices(codes, k=chance.randint(0, 2))) if spec.kind is Kind.LIST else chance.choice(codes)
    match spec.kind:
        case Kind.DATE:
            return (at + timedelta(days=chance.randint(-2, 400))).date()
        case Kind.DATETIME:
            return at + timedelta(days=chance.randint(-9, 1))
        case Kind.INTEGER | Kind.REAL:
            return chance.randint(0, 12)
        case Kind.BOOLEAN:
            return chance.random() < 0.5
    return chance.choice(["", "已整改", "x" * 60])


def filled(of: CaseType, asks: tuple[str, ...], at: datetime, chance: Random) -> dict[str, Any]:
    """A form filled in, some of it left out."""
    fields = of.register.fields
    names = [name for name in asks if name != "geometry" and chance.randint(0, 9) > 0]
    return {name: value(fields[name], at, chance) for name in names}


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
@given(seed=st.integers(0, 2**64))
@settings(max_examples=60)
def test_a_walk_never_leaves_what_is_declared(of: CaseType, seed: int) -> None:
    """Hypothesis draws the seed alone: to draw each value of each form takes it six times as long as the walk."""
    chance = Random(seed)
    people = [Who(account=f"{role}{n}", name=role, role=role) for role in ACTING if role in of.roles for n in (1, 2)]
    kept = from_body(body(of), of.version, of, functions_of([of]))
    at, row = NOW, None
    log: list[Event] = []
    for _ in range(chance.randint(1, 14)):
        at += timedelta(hours=chance.randint(0, 400))
        who = chance.choice(people)
        files = ("f" * 64,) * chance.randint(0, 1)
        here = [of.opening] if row is None else of.out_of(row.state) or of.steps
        step = chance.choice(sorted(here, key=lambda one: one.name))
        values = filled(of, step.asks, at, chance)
        reason = chance.choice(["", "属实"])
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
        told = reminded(of, row, at=at + timedelta(days=chance.randint(0, 30)))
        if told is not None and chance.random() < 0.5:
            log.append(told.event)
            row = told.row
        assert row.state in of.state_codes
        assert (row.closed_at is not None) == (row.state in of.final)
        assert row.closed_at is None or (row.due_at is None and row.stopped_at is None)
        assert row.steps == len(log)
        assert [event.number for event in log] == list(range(1, len(log) + 1))
        assert all(one.target == two.source for one, two in pairwise(log))
        assert log[-1].target == row.state
