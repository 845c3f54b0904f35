"""What has to be written down of an assessment: the rows that changed, and nothing of those that did not."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import orjson
import pandas as pd
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from core.clock import from_iso
from core.scope import Sensitivity
from layers.catalogue.risk import AreaRisk, RiskScore
from monitoring.risk.index import Assessment, Line
from store.feed import Version

DECIMALS = 1
SOURCES_KEPT = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a row takes from the ledger: name, area and the point on the map, in the order of the assessment."""

    name: NDArray[np.object_]
    area: NDArray[np.object_]
    geometry: NDArray[np.object_]

    @classmethod
    def of(cls, enterprises: pa.Table) -> "Place":
        """From the table of enterprises; geometry as WKB."""
        columns = (_column(enterprises, name) for name in ("name", "area", "geometry"))
        name, area, geometry = columns
        return cls(name=name, area=area, geometry=np.asarray(shapely.from_wkb(geometry), dtype=object))


def changed(assessment: Assessment, places: Place, before: pa.Table | None) -> list[RiskScore]:
    """A row for each enterprise whose result is another than kept: `before` has `enterprise` and `digest`."""
    digests = _digests(assessment)
    kept = pd.Series(dtype=object)
    if before is not None and before.num_rows:
        kept = before.select(["enterprise", "digest"]).to_pandas().set_index("enterprise")["digest"]
    same = kept.reindex(pd.Index(assessment.keys)).to_numpy(dtype=object) == digests
    return [_score(assessment, places, int(place), str(digests[place])) for place in np.flatnonzero(~same)]


def changed_areas(
    table: pa.Table, assessment: Assessment, before: pa.Table | None, *, level: str = ""
) -> list[AreaRisk]:
    """The same of a table of `area_risk`, all of one level: areas are few, so they are compared one by one."""
    kept = {} if before is None else {row["code"]: row for row in before.to_pylist()}
    rows = []
    for row in table.to_pylist():
        numbers = {name: None if row[name] is None else round(row[name], DECIMALS) for name in ("score", "highest")}
        code = row.pop("area")
        made = AreaRisk(
            **{**row, **numbers, "worst": row["worst"] or ""}, code=code, level=level, model=assessment.model.version,
            label=str(assessment.model.label), computed_at=assessment.at, area=code if code.isdigit() else "",
            sensitivity=Sensitivity.INTERNAL,
        )  # fmt: skip
        names = (
            "level", "score", "grade", "highest", "grade_highest", "partly", "enterprises", "unknown", "red", "worst",
            "model",
        )  # fmt: skip
        if code not in kept or any(kept[code][name] != getattr(made, name) for name in names):
            rows.append(made)
    return rows


def evolution(versions: Sequence[Version]) -> pa.Table:
    """How an index went, of an enterprise or an area, from the kept versions of its row: it held until the next one."""
    bodies = [orjson.loads(one.body) for one in versions if one.body]
    at = [from_iso(body["computed_at"]) for body in bodies]
    return pa.table(
        {
            "at": pa.array(at, pa.timestamp("us", "UTC")),
            "score": pa.array([body.get("score") for body in bodies], pa.float64()),
            "grade": pa.array([body.get("grade") for body in bodies], pa.int8()),
            "highest": pa.array([body.get("highest") for body in bodies], pa.float64()),
            "grade_highest": pa.array([body.get("grade_highest") for body in bodies], pa.int8()),
            "terms": pa.array([body.get("terms") or [] for body in bodies], pa.list_(pa.string())),
            "unknown": pa.array([body.get("unknown") or [] for body in bodies], pa.list_(pa.string())),
            "model": pa.array([body.get("model") for body in bodies], pa.string()),
        }
    ).sort_by("at")


def line_text(line: Line) -> str:
    """A term as it is kept in a row."""
    said = {
        "term": line.term, "points": None if line.points is None else round(line.points, DECIMALS),
        "count": line.count, "sources": list(line.sources[:SOURCES_KEPT]),
    }  # fmt: skip
    return orjson.dumps(said).decode()


def _score(assessment: Assessment, places: Place, place: int, digest: str) -> RiskScore:
    lines = assessment.lines(place)
    return RiskScore(
        enterprise=str(assessment.keys[place]), name=str(places.name[place] or ""),
        score=_number(assessment.score[place]), grade=int(assessment.grade[place]) or None,
        highest=_number(assessment.highest[place]), grade_highest=int(assessment.grade_highest[place]) or None,
        inherent=_number(assessment.inherent[place]), dynamic=round(float(assessment.dynamic[place]), DECIMALS),
        discount=float(assessment.discount[place]), override=str(assessment.override[place]),
        unknown=tuple(line.term for line in lines if line.points is None),
        terms=tuple(line_text(line) for line in lines if line.points or line.count),
        model=assessment.model.version, label=str(assessment.model.label), computed_at=assessment.at, digest=digest,
        area=str(places.area[place] or ""), sensitivity=Sensitivity.INTERNAL, geometry=places.geometry[place],
    )  # fmt: skip


def _number(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), DECIMALS)


def _digests(assessment: Assessment) -> NDArray[np.object_]:
    """Sixteen digits for each enterprise over its points and the rows they were counted from."""
    numbers = np.column_stack([assessment.points, assessment.inherent, assessment.discount, assessment.score])
    count = len(assessment.keys)
    total = np.full(count, np.uint64(len(assessment.model.version)), dtype=np.uint64)
    columns = [pd.util.hash_array(np.ascontiguousarray(np.round(one, DECIMALS))) for one in numbers.T]
    columns.append(pd.util.hash_array(assessment.override, categorize=True))
    for counted in (*assessment.counted, assessment.hazards):
        rows = np.zeros(count, dtype=np.uint64)
        if counted is not None:
            np.add.at(rows, counted.place, pd.util.hash_array(counted.code.astype(str).astype(object)))
        columns.append(rows)
    with np.errstate(over="ignore"):
        for column in columns:
            total = (total ^ column) * np.uint64(0x9E3779B97F4A7C15) + (total >> np.uint64(29))
    return np.char.mod("%016x", total).astype(object)


def _column(table: pa.Table, name: str) -> NDArray[np.object_]:
    if name not in table.column_names:
        return np.full(table.num_rows, None, dtype=object)
    return np.asarray(table[name].to_numpy(zero_copy_only=False), dtype=object)
