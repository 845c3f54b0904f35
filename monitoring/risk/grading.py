"""One grading of the whole city: scores, areas and compound warnings computed anew, what changed written, no more."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from core.actors import SYSTEM_ACTOR, Actor
from core.clock import CHINA
from core.scope import SYSTEM_SCOPE, Sensitivity
from layers.catalogue import AREA_RISKS, AREAS, COMPOUNDS, GRIDS, RISK_SCORES
from layers.catalogue.risk import CompoundWarning
from layers.layer import Geometry, Layer
from layers.record import Record
from monitoring.risk.compound import Compound, compounds, declared
from monitoring.risk.gathering import gathered, inside
from monitoring.risk.index import Assessment, above, area_risk, assess
from monitoring.risk.keeping import Place, changed, changed_areas
from monitoring.risk.model import model_on
from monitoring.risk.signals import signals
from store.feed import Delete, Put
from store.protocol import Store
from store.query import EVERYTHING, Query
from store.rows import record_of
from store.series import Series

REASON = "风险指数计算 / risk graded"
FEW = 40
"""Changed rows written one by one, each with an entry that names it; more are one load, quicker by far."""
LEVELS = {"city": 4, "district": 6, "town": 9}
"""Digits of the codes in each kind of area."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded:
    """What one grading came to: enterprises graded, and rows written of each kind."""

    at: datetime
    enterprises: int
    scores: int
    areas: int
    compounds: int


def grade(store: Store, at: datetime, series: Series | None = None, *, actor: Actor = SYSTEM_ACTOR) -> Graded:
    """Grade everything as of a moment and write what changed; nothing is computed without enterprises."""
    given = gathered(store, at)
    if not given.enterprises.num_rows:
        return Graded(at=at, enterprises=0, scores=0, areas=0, compounds=0)
    found = assess(given, model_on(at.astimezone(CHINA).date()))
    places = Place.of(given.enterprises)
    before = store.read(RISK_SCORES, Query(fields=("enterprise", "digest"), geometry=False), scope=SYSTEM_SCOPE)
    scores = changed(found, places, before)
    gone = set(before["enterprise"].to_pylist()) - set(found.keys)
    areas, areas_gone = _areas(store, found, places)
    together = _together(store, series, at, dict(zip(found.keys, places.area, strict=True)))
    for layer, rows, lost in (
        (RISK_SCORES, scores, gone), (AREA_RISKS, areas, areas_gone), (COMPOUNDS, together, set()),
    ):  # fmt: skip
        _write(store, layer, rows, lost, actor)
    return Graded(
        at=at, enterprises=len(found.keys), scores=len(scores), areas=len(areas), compounds=len(together)
    )  # fmt: skip


def _areas(store: Store, found: Assessment, places: Place) -> tuple[list[Record], set[str]]:
    """Rows of cities, districts, towns and grid cells that changed, and codes that have no enterprise any more."""
    before = store.read(AREA_RISKS, EVERYTHING, scope=SYSTEM_SCOPE)
    named = store.read(AREAS, Query(fields=("code", "level"), geometry=False), scope=SYSTEM_SCOPE).to_pylist()
    rows: list[Record] = []
    there: set[str] = set()
    for level, digits in LEVELS.items():
        written = {inside(one["code"]): one["code"] for one in named if one["level"] == level}
        codes = [written.get(code, "") for code in above(places.area, digits)]
        table = area_risk(found, np.asarray(codes, dtype=object))
        rows += changed_areas(table, found, before, level=level)
        there |= set(table["area"].to_pylist())
    table = area_risk(found, cells(store, places.geometry))
    rows += changed_areas(table, found, before)
    there |= set(table["area"].to_pylist())
    return rows, set(before["code"].to_pylist()) - there


def cells(store: Store, points: NDArray[np.object_]) -> NDArray[np.object_]:
    """The grid cell each point lies in, or nothing; of two that share an edge the first."""
    grids = store.read(GRIDS, Query(fields=("code",)), scope=SYSTEM_SCOPE)
    found = np.full(len(points), "", dtype=object)
    if not grids.num_rows:
        return found
    shapes = shapely.from_wkb(np.asarray(grids["geometry"].to_numpy(zero_copy_only=False), dtype=object))
    there = np.flatnonzero(~shapely.is_missing(points))
    point, cell = shapely.STRtree(shapes).query(points[there], predicate="intersects")
    first, place = np.unique(point, return_index=True)
    found[there[first]] = np.asarray(grids["code"].to_pylist(), dtype=object)[cell[place]]
    return found


def _together(store: Store, series: Series | None, at: datetime, area: dict[str, str | None]) -> list[Record]:
    """Compound warnings that began, changed or ended."""
    kept = {
        row["code"]: row for row in store.read(COMPOUNDS, Query(), scope=SYSTEM_SCOPE).to_pylist()
    }  # those that ended too: the next time is a further version
    held = {f"{one.condition.id}:{one.anchor}": one for one in compounds(signals(store, series, at), at)}
    rows: list[Record] = [
        _row(code, one, at, area)
        for code, one in held.items()
        if code not in kept or kept[code]["ended_at"] is not None or kept[code]["cause"] != one.cause.zh
    ]
    for code, row in kept.items():
        if code not in held and row["ended_at"] is None:
            before = record_of(COMPOUNDS, row, SYSTEM_SCOPE)
            rows.append(before.model_copy(update={"ended_at": at, "observed_at": at}))
    return rows


def _row(code: str, one: Compound, at: datetime, area: dict[str, str | None]) -> CompoundWarning:
    return CompoundWarning(
        code=code, title=one.condition.title.zh, condition=one.condition.id, level=one.condition.level,
        enterprise=one.enterprise, anchor=one.anchor, cause=one.cause.zh, cause_en=one.cause.en, sources=one.sources,
        since=one.since, label=declared().source.zh, area=area.get(one.enterprise) or "", observed_at=at,
        sensitivity=Sensitivity.INTERNAL, geometry=shapely.Point(one.place.lon, one.place.lat),
    )  # fmt: skip


def _write(store: Store, layer: Layer, rows: Sequence[Record], lost: Iterable[str], actor: Actor) -> None:
    edits: list[Put | Delete] = [Delete(layer=layer.id, key=key) for key in sorted(lost)]
    if len(rows) <= FEW:
        edits += [Put(layer=layer.id, record=row) for row in rows]
    else:
        store.load(layer, _table(layer, rows), actor=actor, reason=REASON, scope=SYSTEM_SCOPE)
    if edits:
        store.commit(edits, actor=actor, reason=REASON, scope=SYSTEM_SCOPE)


def _table(layer: Layer, rows: Sequence[Record]) -> pa.Table:
    given = {"geometry", "source", "source_datum", "observed_at"}
    table = pa.Table.from_pylist([row.model_dump(exclude=given) for row in rows])
    if layer.geometry is Geometry.NONE:
        return table
    return table.append_column("geometry", pa.array(shapely.to_wkb([row.geometry for row in rows])))
