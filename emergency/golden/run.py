"""Golden cases run against the models: passed, failed, or unknown, which is a failure too."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from core.errors import OneMapError
from emergency.golden.adapters import ADAPTERS
from emergency.golden.cases import Case, Tolerance


class Outcome(StrEnum):
    """What became of a case."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One expected value and what was predicted; `key` is the path to it."""

    key: str
    expected: object
    predicted: object
    holds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A case with its outcome and every value compared."""

    case: Case
    outcome: Outcome
    values: tuple[Difference, ...] = ()
    error: str = ""


def run_all(cases: Iterable[Case]) -> Iterator[Result]:
    """Each case's result, in order."""
    return map(run, cases)


def run(case: Case) -> Result:
    """Ask the model and compare every expected value."""
    adapter = ADAPTERS.get(case.model)
    if adapter is None:
        return Result(case=case, outcome=Outcome.UNKNOWN, error=f"no model answers to {case.model}")
    try:
        answer = adapter(case.inputs, case)
    except (OneMapError, KeyError, ValueError, TypeError, ArithmeticError) as fault:
        return Result(case=case, outcome=Outcome.FAILED, error=f"{type(fault).__name__}: {fault}")
    values = tuple(_compared("", case.expected, answer, case.tolerance))
    outcome = Outcome.PASSED if values and all(one.holds for one in values) else Outcome.FAILED
    return Result(case=case, outcome=outcome, values=values)


def _compared(key: str, expected: object, predicted: object, tolerance: Tolerance) -> Iterator[Difference]:
    """Every leaf of what was expected; numbers by the tolerance, the rest by equality."""
    if isinstance(expected, dict):
        for name, value in expected.items():
            inside = _member(predicted, name)
            yield from _compared(f"{key}.{name}" if key else str(name), value, inside, tolerance)
        return
    if isinstance(expected, list):
        given: list[Any] = list(predicted) if isinstance(predicted, list | tuple) else []
        for place, value in enumerate(expected):
            inside = given[place] if place < len(given) else None
            yield from _compared(f"{key}[{place}]", value, inside, tolerance)
        return
    yield Difference(key=key, expected=expected, predicted=predicted, holds=_holds(expected, predicted, tolerance))


def _member(predicted: object, name: str) -> object:
    return predicted.get(name) if isinstance(predicted, dict) else None


def _holds(expected: object, predicted: object, tolerance: Tolerance) -> bool:
    if isinstance(expected, bool) or expected is None or not isinstance(expected, int | float):
        if expected == "inf":
            return predicted == math.inf
        return expected == predicted
    if isinstance(predicted, bool) or not isinstance(predicted, int | float) or not math.isfinite(predicted):
        return False
    return tolerance.allows(float(predicted), float(expected))
