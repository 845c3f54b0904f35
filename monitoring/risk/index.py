"""The risk index of every enterprise at one moment: a sum of declared terms, each with what it was counted from."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from core.texts import Text
from monitoring.risk.counting import Found, found
from monitoring.risk.inputs import Inputs
from monitoring.risk.model import RiskModel

INHERENT = "inherent"
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One term as it is shown: `points` None is unknown, `most` what it could add; `sources` the rows it counted."""

    term: str
    title: Text
    points: float | None
    most: float
    count: int
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """Scores by enterprise, shape (enterprise,); `points` is (enterprise, term), NaN where unknown.

    `score` counts what is known and is a lower bound where something is not; `highest` counts what is unknown at its
    worst. Both are NaN, and the grade 0, where nothing at all is known. `override` is the id of what decided the
    grade whatever the sum, or empty.
    """

    at: datetime
    model: RiskModel
    keys: NDArray[np.object_]
    inherent: Floats
    points: Floats
    dynamic: Floats
    discount: Floats
    score: Floats
    highest: Floats
    grade: NDArray[np.int8]
    grade_highest: NDArray[np.int8]
    override: NDArray[np.object_]
    counted: tuple[Found | None, ...]
    hazards: Found | None

    def lines(self, place: int) -> tuple[Line, ...]:
        """Every term of one enterprise, the inherent hazard first."""
        model = self.model
        weighed = float(self.inherent[place] * model.inherent)
        title = Text("固有危险性(重大危险源 R 值)", "Inherent hazard (R of hazard sources)")
        rows = _rows(self.hazards, place)
        known = None if np.isnan(weighed) else weighed
        lines = [
            Line(term=INHERENT, title=title, points=known, most=100 * model.inherent, count=len(rows), sources=rows)
        ]
        for term, counted, points in zip(model.terms, self.counted, self.points[place], strict=True):
            rows = _rows(counted, place)
            known = None if np.isnan(points) else float(points)
            lines.append(
                Line(term=term.id, title=term.title, points=known, most=term.most, count=len(rows), sources=rows)
            )
        return tuple(lines)

    def unknown(self, place: int) -> tuple[str, ...]:
        """The terms nobody knows for one enterprise."""
        return tuple(line.term for line in self.lines(place) if line.points is None)

    def table(self) -> pa.Table:
        """Enterprise, score, highest, grade and the parts, for maps and lists; NaN is null."""
        numbers = ("score", "highest", "inherent", "dynamic", "discount")
        return pa.table(
            {
                "enterprise": pa.array(self.keys, pa.string()),
                **{name: pa.array(getattr(self, name), from_pandas=True) for name in numbers},
                "grade": pa.array(self.grade, mask=self.grade == 0),
                "grade_highest": pa.array(self.grade_highest, mask=self.grade_highest == 0),
                "override": pa.array(self.override, pa.string()),
                "model": pa.array([self.model.version] * len(self.keys)),
            }
        )


def _rows(counted: Found | None, place: int) -> tuple[str, ...]:
    return () if counted is None else tuple(str(code) for code in counted.code[counted.place == place])


def assess(given: Inputs, model: RiskModel) -> Assessment:
    """The index of every enterprise in the table of them."""
    count = given.enterprises.num_rows
    counted = tuple(found(term, model, given) for term in model.terms)
    points = np.full((count, len(model.terms)), np.nan)
    for column, (term, one) in enumerate(zip(model.terms, counted, strict=True)):
        if one is not None:
            points[:, column] = np.minimum(np.bincount(one.place, one.points, minlength=count), term.most)
            if one.known is not None:
                points[~one.known & (points[:, column] == 0), column] = np.nan
    hazards, inherent = _inherent(given, model, count)
    discount = _discount(given, model)
    most = np.array([term.most for term in model.terms])
    dynamic = np.minimum(100.0, np.nansum(points, axis=1))
    dynamic_most = np.minimum(100.0, np.where(np.isnan(points), most, points).sum(axis=1))
    score = np.clip(model.inherent * np.nan_to_num(inherent) + model.dynamic * dynamic + discount, 0, 100)
    highest = np.clip(
        model.inherent * np.nan_to_num(inherent, nan=100.0) + model.dynamic * dynamic_most + discount, 0, 100
    )
    nothing = np.isnan(inherent) & np.isnan(points).all(axis=1)
    score[nothing], highest[nothing] = np.nan, np.nan
    override = _overrides(given, model, count)
    grade, grade_highest = model.graded(score), model.graded(highest)
    for name, decided in model.overrides.items():
        grade[override == name] = decided.grade
        grade_highest[override == name] = decided.grade
    return Assessment(
        at=given.at, model=model, keys=given.enterprises["uscc"].to_numpy(zero_copy_only=False), inherent=inherent,
        points=points, dynamic=dynamic, discount=discount, score=score, highest=highest, grade=grade,
        grade_highest=grade_highest, override=override, counted=counted, hazards=hazards,
    )  # fmt: skip


def _inherent(given: Inputs, model: RiskModel, count: int) -> tuple[Found | None, Floats]:
    """H of each enterprise by its greatest R: nought without a hazard source, NaN where a source has no R."""
    sources = given.frame("sources")
    if sources is None:
        return None, np.full(count, np.nan)
    place = sources["place"].to_numpy(dtype=np.int64)
    r = sources["r_value"].to_numpy(dtype=float)
    worst = np.zeros(count)
    np.maximum.at(worst, place, np.nan_to_num(r))
    unknown = np.bincount(place, np.isnan(r), minlength=count) > 0
    hazard = model.hazard(worst)
    hazard[unknown & (hazard < 100)] = np.nan
    return Found(place=place, code=sources["code"].to_numpy(dtype=object), points=r), hazard


def _discount(given: Inputs, model: RiskModel) -> Floats:
    table = given.enterprises.select(["std_grade", "credit_grade"]).to_pandas()
    standard = table["std_grade"].map(model.standardization).fillna(0.0)
    credit = table["credit_grade"].map(model.credit).fillna(0.0)
    return np.asarray(standard.to_numpy(dtype=float) + credit.to_numpy(dtype=float))


def _overrides(given: Inputs, model: RiskModel, count: int) -> NDArray[np.object_]:
    override = np.full(count, "", dtype=object)
    listed = given.enterprises["blacklist"].to_pandas().fillna(False).to_numpy(dtype=bool)
    override[listed] = "blacklist"
    alarms, sources = given.standing, given.frame("sources")
    if alarms is not None and sources is not None:
        toxic = alarms[(alarms["condition"] == "HH") & (alarms["sensor"] == "toxic")]
        grave = sources[sources["grade"] <= 2]
        hit = toxic[toxic["hazard_source"].isin(grave["code"])]
        override[hit["place"].to_numpy(dtype=np.int64)] = "toxic_at_grave_source"
    return override


def area_risk(assessment: Assessment, areas: NDArray[np.object_], weights: Floats | None = None) -> pa.Table:
    """The risk of each area that `areas` names (one for each enterprise; empty: in none): area, score, grade, both at
    most, count, the worst enterprise, how many have no score and of how many something is unknown.

    The model's share of the worst and of the mean, weighed by `weights` or all alike; a grade of red that an override
    gave an enterprise does not lift the number of its area.
    """
    model = assessment.model
    frame = pd.DataFrame(
        {
            "area": areas, "score": assessment.score, "enterprise": assessment.keys,
            "highest": np.nan_to_num(assessment.highest, nan=100.0), "partly": _partly(assessment),
            "weight": np.ones(len(areas)) if weights is None else weights, "red": assessment.grade == 1,
        }
    )  # fmt: skip
    frame = frame[frame["area"].astype(bool)]
    known = frame[frame["score"].notna()]
    known = known.assign(weighed=known["score"] * known["weight"])
    by = known.groupby("area")
    mean = by["weighed"].sum() / by["weight"].sum()
    score = model.worst * by["score"].max() + model.mean * mean
    worst = known.loc[by["score"].idxmax()].set_index("area")["enterprise"] if len(known) else pd.Series(dtype=str)
    frame = frame.assign(weighed=frame["highest"] * frame["weight"])
    all_by = frame.groupby("area")
    index = all_by.size().index
    score = score.reindex(index)
    most = model.worst * all_by["highest"].max() + model.mean * all_by["weighed"].sum() / all_by["weight"].sum()
    grade, grade_most = (model.graded(one.to_numpy(dtype=float)) for one in (score, most))
    return pa.table(
        {
            "area": pa.array(index, pa.string()),
            "score": pa.array(score.to_numpy(dtype=float), from_pandas=True),
            "grade": pa.array(grade, mask=grade == 0),
            "highest": pa.array(most.to_numpy(dtype=float)),
            "grade_highest": pa.array(grade_most),
            "partly": pa.array(all_by["partly"].sum().to_numpy()),
            "enterprises": pa.array(all_by.size().to_numpy()),
            "unknown": pa.array(frame["score"].isna().groupby(frame["area"]).sum().to_numpy()),
            "red": pa.array(all_by["red"].sum().to_numpy()),
            "worst": pa.array(worst.reindex(index).to_numpy(dtype=object), pa.string(), from_pandas=True),
        }
    )


def _partly(assessment: Assessment) -> NDArray[np.bool_]:
    unknown = np.isnan(assessment.inherent) | np.isnan(assessment.points).any(axis=1)
    return np.asarray(unknown & (assessment.override == ""))


def above(areas: NDArray[np.object_], digits: int) -> NDArray[np.object_]:
    """The city (4), district (6) or town (9 digits) of area codes; empty where a code is shorter."""
    words = pd.Series(areas, dtype=object).fillna("")
    return np.asarray(words.str.slice(0, digits).where(words.str.len() >= digits, ""), dtype=object)
