"""A warning before it is out: how it would read if it were published now, and in which areas a drawn shape lies."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from core.errors import Fault, FaultsError
from core.scope import SYSTEM_SCOPE
from core.texts import Text
from layers.catalogue import AREAS
from layers.catalogue.warnings import EarlyWarning, WarningPaper
from layers.filters import In
from monitoring.warnings.cap import Alert
from monitoring.warnings.life import Case, State, missing
from monitoring.warnings.messages import message
from store.protocol import Store, Stored
from store.query import Query

EDGE = 0.0005
"""Degrees by which outlines of areas are smoothed: a message is read on phones, and names the areas by code too."""
MOST_TOWNS = 6


def case_of(paper: Stored, standing: Stored | None) -> Case:
    """The case the rows of a warning say."""
    assert isinstance(paper.record, WarningPaper)
    published = None if standing is None else standing.record
    assert published is None or isinstance(published, EarlyWarning)
    return Case(paper=paper.record, standing=published)


def preview(case: Case, sender: str, at: datetime) -> Alert:
    """The message that publishing now would send, marked a draft; FaultsError where items are missing."""
    faults = missing(case.paper)
    if faults:
        raise FaultsError(faults)
    at = at.replace(microsecond=0)
    paper = case.paper
    sent = (*paper.messages, f"{paper.code}-{paper.revision + 1} {at.isoformat()}")
    changes = {"state": State.PUBLISHED.value, "issued_at": at, "messages": sent}
    return replace(message(paper.model_copy(update=changes), sender), status="Draft")


def outline(store: Store, codes: Sequence[str]) -> BaseGeometry | None:
    """The areas as one shape; None where there are none. FaultsError names a code that is none."""
    if not codes:
        return None
    table = store.read(AREAS, Query(where=In("code", tuple(codes)), fields=("code",)), scope=SYSTEM_SCOPE)
    strange = sorted(set(codes) - set(table["code"].to_pylist()))
    if strange:
        rule = Text("没有这个区划", "is no area here")
        raise FaultsError([Fault(field="areas", value=strange[0], rule=rule)])
    shapes = shapely.from_wkb(np.asarray(table["geometry"].to_numpy(zero_copy_only=False), dtype=object))
    return shapely.simplify(shapely.union_all(shapes), EDGE)


def touched(store: Store, shape: BaseGeometry) -> tuple[str, ...]:
    """The towns a drawn shape lies in where they are few, else the districts."""
    table = store.read(AREAS, Query(fields=("code", "level")), scope=SYSTEM_SCOPE)
    shapes = shapely.from_wkb(np.asarray(table["geometry"].to_numpy(zero_copy_only=False), dtype=object))
    inside = np.flatnonzero(shapely.intersects(shapes, shape))
    rows = [table.slice(int(place), 1).select(["code", "level"]).to_pylist()[0] for place in inside]
    by = {level: tuple(sorted(row["code"] for row in rows if row["level"] == level)) for level in ("town", "district")}
    return by["town"] if 0 < len(by["town"]) <= MOST_TOWNS else by["district"] or by["town"]
