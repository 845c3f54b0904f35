"""Criteria of risk as data: lines and limits, each with its source and whether anybody checked it."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from core.texts import Text
from core.units import PerYear


@dataclass(frozen=True, slots=True)
class Anchor:
    """The place a criterion line goes through."""

    fatalities: float
    frequency: PerYear


@dataclass(frozen=True, slots=True, kw_only=True)
class SocietalCriterion:
    """One or two straight lines in a doubly logarithmic F-N diagram."""

    id: str
    title: Text
    upper: Anchor
    lower: Anchor | None
    slope: float
    source: str
    status: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """The most individual risk a kind of place may have, for new and for existing installations."""

    target: Text
    new: PerYear
    existing: PerYear


@dataclass(frozen=True, slots=True, kw_only=True)
class IndividualCriterion:
    """A table of limits of individual risk; a superseded one is for comparison only."""

    id: str
    title: Text
    limits: tuple[Limit, ...]
    source: str
    status: str
    verified: bool
    superseded: bool


@cache
def societal_criteria() -> tuple[SocietalCriterion, ...]:
    """Every societal criterion that is shipped."""
    return tuple(
        SocietalCriterion(
            id=one["id"], title=Text(**one["title"]), upper=Anchor(**one["upper"]),
            lower=None if one["lower"] is None else Anchor(**one["lower"]), slope=one["slope"],
            source=one["source"], status=one["status"], verified=one["verified"],
        )
        for one in _data()["societal"]
    )  # fmt: skip


@cache
def individual_criteria() -> tuple[IndividualCriterion, ...]:
    """Every table of individual-risk limits that is shipped."""
    return tuple(
        IndividualCriterion(
            id=one["id"], title=Text(**one["title"]), source=one["source"], status=one["status"],
            verified=one["verified"], superseded=one["superseded"],
            limits=tuple(
                Limit(target=Text(**row["target"]), new=row["new"], existing=row["existing"]) for row in one["rows"]
            ),
        )
        for one in _data()["individual"]
    )  # fmt: skip


def _data() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(files("emergency").joinpath("data", "risk_criteria.json").read_text("utf-8"))
    return read
