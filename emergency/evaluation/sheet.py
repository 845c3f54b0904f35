"""The score sheet: criteria as dated data, each counted of what was recorded or judged by a person, with its ground.

What a criterion asks for may come of a law; how many points it has is our own, and is told as that. What nobody marked
is not a zero: the sheet says what is still to be marked, and no total stands until all is.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from math import fsum

from core.clock import day_of
from core.errors import Fault, FaultsError
from core.texts import Text
from layers.codes import Status

DATA = files("emergency.evaluation") / "data"
POINTS_OF = Text("分值由本系统自定", "the points are this system's own")
LONGEST = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One line to be marked; `counts` names the measure that answers it by itself, blank where a person judges."""

    id: str
    title: Text
    group: Text
    most: float
    counts: str
    asked_of: str
    source: str
    article: str
    status: Status
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What was counted: so many of so many, and of what. Of nothing there is no share: it does not apply."""

    done: int
    of: int
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What a criterion was given and why; no points where it does not apply."""

    criterion: str
    points: float | None
    basis: str

    def written(self) -> str:
        """As one line of a row: `criterion|points|ground`."""
        return f"{self.criterion}|{'' if self.points is None else f'{self.points:g}'}|{self.basis}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A criterion with its mark, or none yet; `counted` where it was not a person who gave it."""

    criterion: Criterion
    mark: Mark | None
    counted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """All criteria of a kind. `points` of `most` are of what was marked and applies; whole once nothing is missing."""

    lines: tuple[Marked, ...]
    points: float
    most: float
    missing: tuple[str, ...]

    @property
    def share(self) -> float | None:
        """Of all points that could be had, once everything is marked."""
        return None if self.missing or self.most == 0 else self.points / self.most


@cache
def _all() -> tuple[Criterion, ...]:
    rows = csv.DictReader((DATA / "criteria.csv").read_text("utf-8").splitlines())
    return tuple(
        Criterion(
            id=row["id"], title=Text(row["zh"], row["en"]), group=Text(row["group_zh"], row["group_en"]),
            most=float(row["most"]), counts=row["counts"], asked_of=row["asked_of"], source=row["source"],
            article=row["article"], status=Status(row["status"]), valid_from=day_of(row["valid_from"]),
            valid_to=day_of(row["valid_to"]),
        )
        for row in rows
    )  # fmt: skip


def criteria(on: date, *, exercise: bool) -> tuple[Criterion, ...]:
    """What is asked of an incident, or of an exercise, on a day."""
    wanted = {"both", "exercise" if exercise else "incident"}
    return tuple(
        one
        for one in _all()
        if one.asked_of in wanted and (one.valid_from or date.min) <= on <= (one.valid_to or date.max)
    )


def sheet(asked: Iterable[Criterion], measures: Mapping[str, Measure], judged: Mapping[str, Mark]) -> Sheet:
    """The sheet of what was counted and judged; a person's mark stands before a count, with its ground."""
    lines = tuple(_marked(one, measures.get(one.counts) if one.counts else None, judged.get(one.id)) for one in asked)
    given = [(line.criterion.most, line.mark.points) for line in lines if line.mark is not None]
    applies = [(most, points) for most, points in given if points is not None]
    return Sheet(
        lines=lines, points=round(fsum(points for _, points in applies), 6), most=sum(most for most, _ in applies),
        missing=tuple(line.criterion.id for line in lines if line.mark is None),
    )  # fmt: skip


def judged(marks: Iterable[Mark], asked: Iterable[Criterion]) -> dict[str, Mark]:
    """Marks that a person gave, checked: within their points, each with its ground."""
    known = {one.id: one for one in asked}
    faults = []
    given: dict[str, Mark] = {}
    for mark in marks:
        criterion = known.get(mark.criterion)
        if criterion is None:
            rule = Text("不是本表的评分项", "is no criterion of this sheet")
        elif mark.points is not None and not 0 <= mark.points <= criterion.most:
            rule = Text(f"应为 0 至 {criterion.most:g} 分", f"is 0 to {criterion.most:g} points")
        elif not mark.basis.strip() or len(mark.basis) > LONGEST or "|" in mark.basis:
            rule = Text(f"须写明依据,不超过 {LONGEST} 字", f"has its ground, of {LONGEST} characters at most")
        else:
            given[mark.criterion] = mark
            continue
        faults.append(Fault(field=mark.criterion, value=f"{mark.points}", rule=rule))
    if faults:
        raise FaultsError(faults)
    return given


def read(lines: Iterable[str]) -> dict[str, Mark]:
    """Marks as a row keeps them."""
    found = {}
    for line in lines:
        criterion, points, basis = line.split("|", 2)
        found[criterion] = Mark(criterion=criterion, points=float(points) if points else None, basis=basis)
    return found


def _marked(criterion: Criterion, measure: Measure | None, mark: Mark | None) -> Marked:
    if mark is not None or measure is None:
        return Marked(criterion=criterion, mark=mark, counted=False)
    points = None if measure.of == 0 else round(criterion.most * measure.done / measure.of, 1)
    return Marked(
        criterion=criterion, counted=True, mark=Mark(criterion=criterion.id, points=points, basis=measure.basis)
    )
