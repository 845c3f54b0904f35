"""The parameters of the risk index: versions with validity, read from data, each saying that it is our own."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import NotFoundError
from core.texts import Text

FILE = Path(__file__).with_name("data") / "models.json"

TERMS = (
    "alarm_outer", "alarm_gas", "alarm_inner", "alarm_unanswered", "offline", "promise_missing", "special_work",
    "start_stop", "danger_major", "danger_overdue", "permit_expired", "penalty_decided", "video_violation", "weather",
    "special_period",
)  # fmt: skip
"""Every term the code can count; a version that lacks one or names another is refused."""
SINCE: Mapping[str, date] = {"penalty_decided": date(2026, 11, 29)}
"""From when on versions have a term that the first ones did not."""
OVERRIDES = ("toxic_at_grave_source", "blacklist")


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """What one circumstance adds: so much each time, up to a most; `options` are the numbers it is counted by."""

    id: str
    title: Text
    each: float
    most: float
    options: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """What decides the colour whatever the sum."""

    id: str
    title: Text
    grade: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskModel:
    """One version: S = inherent x H + dynamic x min(100, sum of terms) + discounts, within 0 to 100.

    `bands` go from the gravest; `label` has to be shown wherever a score is.
    """

    version: str
    valid_from: date
    valid_to: date | None
    label: Text
    source: Text
    inherent: float
    dynamic: float
    r_of_hundred: float
    terms: tuple[Term, ...]
    standardization: Mapping[str, float]
    credit: Mapping[str, float]
    bands: tuple[tuple[float, int], ...]
    overrides: Mapping[str, Override]
    worst: float
    mean: float

    @property
    def formula(self) -> str:
        """As it is shown."""
        return (
            f"S = {self.inherent:g}·H + {self.dynamic:g}·min(100, Σ) + D, 0…100; "
            f"H = min(100, 100·lg(1+R)/lg(1+{self.r_of_hundred:g}))"
        )

    def term(self, term_id: str) -> Term:
        """A term by its id."""
        return next(term for term in self.terms if term.id == term_id)

    def hazard(self, r: NDArray[np.float64]) -> NDArray[np.float64]:
        """H of the greatest R of an enterprise; R is alpha x sum(beta x q/Q) of GB 18218."""
        return np.asarray(np.minimum(100.0, 100 * np.log10(1 + r) / np.log10(1 + self.r_of_hundred)))

    def graded(self, score: NDArray[np.float64]) -> NDArray[np.int8]:
        """1 red to 4 blue; 0 where there is no score."""
        grades = np.full(score.shape, self.bands[-1][1], dtype=np.int8)
        for least, grade in reversed(self.bands):
            grades[score >= least] = grade
        grades[np.isnan(score)] = 0
        return grades


@cache
def models() -> tuple[RiskModel, ...]:
    """Every version, the oldest first."""
    return tuple(read_model(given) for given in json.loads(FILE.read_text(encoding="utf-8")))


def model_on(day: date) -> RiskModel:
    """The version that holds on a day."""
    for one in reversed(models()):
        if one.valid_from <= day and (one.valid_to is None or day <= one.valid_to):
            return one
    raise NotFoundError(
        Text(f"{day} 没有有效的风险模型版本", f"no version of the risk model holds on {day}"), day=str(day)
    )


def read_model(given: Mapping[str, Any]) -> RiskModel:
    """A version as it is written; ValueError names what is missing or unknown in it."""
    ids = [one["id"] for one in given["terms"]]
    begins = date.fromisoformat(given["valid_from"])
    wanted = sorted(term for term in TERMS if SINCE.get(term, begins) <= begins)
    if sorted(ids) != wanted:
        raise ValueError(f"terms must be exactly {wanted}, not {sorted(ids)}")
    overrides = {one["id"]: one for one in given["overrides"]}
    if sorted(overrides) != sorted(OVERRIDES):
        raise ValueError(f"overrides must be exactly {sorted(OVERRIDES)}, not {sorted(overrides)}")
    known = {"id", "title", "each", "most"}
    return RiskModel(
        version=given["version"],
        valid_from=begins,
        valid_to=date.fromisoformat(given["valid_to"]) if given["valid_to"] else None,
        label=Text(*given["label"]),
        source=Text(*given["source"]),
        inherent=given["weights"]["inherent"],
        dynamic=given["weights"]["dynamic"],
        r_of_hundred=given["inherent"]["r_of_hundred"],
        terms=tuple(
            Term(
                id=one["id"], title=Text(*one["title"]), each=one["each"], most=one["most"],
                options={name: value for name, value in one.items() if name not in known},
            )
            for one in given["terms"]
        ),
        standardization=given["discounts"]["standardization"],
        credit=given["discounts"]["credit"],
        bands=tuple(sorted(((one["least"], one["grade"]) for one in given["bands"]), reverse=True)),
        overrides={
            name: Override(id=name, title=Text(*one["title"]), grade=one["grade"]) for name, one in overrides.items()
        },
        worst=given["area"]["worst"],
        mean=given["area"]["mean"],
    )  # fmt: skip
