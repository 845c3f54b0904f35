"""Who and what is inside zones: people, places to protect, other hazards, roads; as much as the caller may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from core.scope import Scope
from core.texts import Text
from core.units import Fraction
from emergency.population import residents
from emergency.result import DataUsed
from emergency.zones import Zone
from gis.measure import directions, lengths
from gis.shapes import LonLat
from layers.catalogue.base import ROADS
from layers.catalogue.enterprises import ENTERPRISES, SITES
from layers.catalogue.hazards import HAZARD_SOURCES, TANKS
from layers.catalogue.resources import HOSPITALS, SHELTERS
from layers.catalogue.targets import PROTECTION_TARGETS
from layers.coverage import POPULATION
from layers.filters import Spatial, SpatialOp
from layers.layer import Layer
from store.protocol import Store
from store.query import Query
from store.rasters import RasterShelf
from store.snapshots import Snapshot

TARGETS = (PROTECTION_TARGETS, HOSPITALS, SHELTERS)
HAZARDS = (HAZARD_SOURCES, TANKS)
WORKPLACES = (SITES, ENTERPRISES)
FIELDS = {
    PROTECTION_TARGETS.id: ("kind", "people_day", "people_night", "vulnerable"),
    HOSPITALS.id: ("grade", "beds"),
    SHELTERS.id: ("places",),
    HAZARD_SOURCES.id: ("enterprise", "grade", "main_chemical"),
    TANKS.id: ("enterprise", "hazard_source", "kind", "chemical"),
    ROADS.id: ("kind", "ref"),
    SITES.id: ("enterprise", "people_day", "people_night"),
    ENTERPRISES.id: ("employees",),
}
"""What a duty officer asks of each, beside name, distance and bearing."""

CORNERS = 2e-4
"""Degrees, about twenty metres: how finely lines are cut to find their nearest point."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Residents inside one zone, the worse ones within it included; `known` is the share of the zone with data."""

    severity: int
    residents: float
    known: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """What is inside zones, as of one moment of the store.

    Tables are in EPSG:4490, nearest first, with `layer`, `key`, `name`, `severity` of the worst zone that it touches,
    `distance` in metres and `bearing` in degrees from the source, and fields of their own. None: the caller may not see
    that kind at all, which is another answer than an empty table.
    """

    people: tuple[People, ...] | None
    targets: gpd.GeoDataFrame | None
    hazards: gpd.GeoDataFrame | None
    roads: gpd.GeoDataFrame | None
    data: tuple[DataUsed, ...]
    workplaces: gpd.GeoDataFrame | None = None
    """Sites and enterprises: read for the people they declare, not listed."""

    def counts(self) -> pd.DataFrame:
        """How many of each kind lie in each zone and no worse one: columns severity, layer, kind, count."""
        every = [table for table in (self.targets, self.hazards, self.roads) if table is not None]
        columns = ["severity", "layer", "kind"]
        if not every:
            return pd.DataFrame(columns=[*columns, "count"])
        rows = pd.concat([pd.DataFrame(table[columns]) for table in every])
        return rows.groupby(columns, dropna=False).size().reset_index(name="count")

    @property
    def left_out(self) -> tuple[Text, ...]:
        """The kinds of question that this caller gets no answer to; said wherever the counts are."""
        kinds = (
            (self.people, Text("人口", "people")), (self.targets, Text("保护目标", "protection targets")),
            (self.hazards, Text("重大危险源", "hazard sources")), (self.roads, Text("道路", "roads")),
        )  # fmt: skip
        return tuple(title for found, title in kinds if found is None)


def exposure(
    zones: Sequence[Zone], source: LonLat, *, store: Store, shelf: RasterShelf | None, scope: Scope, releasing: str = ""
) -> Exposure:
    """Everything inside zones, nested or not, under the caller's scope.

    `releasing` is the hazard source that the zones come from: neither it nor its tanks are in the list of others.
    """
    ranked = sorted(zones, key=lambda one: one.level.severity)
    with store.snapshot() as moment:
        read = _Reading(moment, ranked, source, scope)
        targets, hazards, roads = read.all(TARGETS), read.all(HAZARDS, without=releasing), read.all((ROADS,))
        workplaces = read.all(WORKPLACES)
    if roads is not None:
        whole = shapely.union_all([one.shape for one in ranked])
        roads["length_inside"] = lengths(shapely.intersection(roads.geometry.to_numpy(), whole))
    people, population = people_inside(ranked, shelf, scope)
    return Exposure(
        people=people, targets=targets, hazards=hazards, roads=roads, workplaces=workplaces,
        data=(*population, *read.data),
    )  # fmt: skip


def people_inside(
    ranked: Sequence[Zone], shelf: RasterShelf | None, scope: Scope
) -> tuple[tuple[People, ...] | None, tuple[DataUsed, ...]]:
    """Residents inside each zone, in the order given, and of which raster; None where the caller may see none."""
    one = None if shelf is None else shelf.find(POPULATION.id, scope)
    if one is None:
        return None, ()
    found = residents(one, [zone.shape for zone in ranked])
    people = tuple(
        People(severity=zone.level.severity, residents=inside.total, known=inside.known)
        for zone, inside in zip(ranked, found, strict=True)
    )
    record = one.record
    return people, (
        DataUsed(
            name=POPULATION.id, title=POPULATION.title, observed_at=record.observed_at, verified=record.verified,
            source=record.source, version=record.sha256,
        ),
    )  # fmt: skip


class _Reading:
    """Rows of layers inside the zones, all as of one moment, and the ages of what was read."""

    def __init__(self, moment: Snapshot, ranked: Sequence[Zone], source: LonLat, scope: Scope) -> None:
        self._moment = moment
        self._ranked = ranked
        self._source = source
        self._scope = scope
        self._whole = shapely.union_all([one.shape for one in ranked])
        self.data: list[DataUsed] = []

    def all(self, layers: Sequence[Layer], without: str = "") -> gpd.GeoDataFrame | None:
        """One table of several layers, or None where the caller may see none of them."""
        tables = [self._one(layer, without) for layer in layers if layer.visible(self._scope)]
        if not tables:
            return None
        filled = [one for one in tables if len(one)] or tables[:1]
        joined = pd.concat(filled, ignore_index=True).sort_values("distance", kind="stable", ignore_index=True)
        return gpd.GeoDataFrame(joined, geometry="geometry", crs=4490)

    def _one(self, layer: Layer, without: str) -> gpd.GeoDataFrame:
        seen = layer.fields_in(self._scope)
        wanted = (layer.key, layer.label or layer.key, *FIELDS[layer.id], "observed_at")
        fields = tuple(dict.fromkeys(name for name in wanted if name in seen))
        query = Query(where=Spatial(SpatialOp.INTERSECTS, self._whole), fields=fields)
        if self._whole.is_empty:
            query = Query(fields=fields, limit=0)
        table = pa.Table.from_batches(list(self._moment.batches(layer, query, scope=self._scope)))
        frame = self._framed(layer, table)
        if without:
            frame = frame[(frame["key"] != without) & (frame.get("hazard_source", "") != without)]
        self.data.append(self._age(layer, table))
        return frame

    def _framed(self, layer: Layer, table: pa.Table) -> gpd.GeoDataFrame:
        shapes = shapely.from_wkb(table["geometry"].to_numpy(zero_copy_only=False))
        severity = self._severity(shapes)
        hit = np.isfinite(severity)
        pieces = shapely.intersection(shapes[hit], self._whole)
        distance, bearing = self._ways(np.where(shapely.is_empty(pieces), shapes[hit], pieces))
        own = {
            name: table[name].to_pandas()[hit].reset_index(drop=True)
            for name in FIELDS[layer.id]
            if name in table.column_names
        }
        key = table[layer.key].to_pandas()[hit].reset_index(drop=True)
        label = layer.label if layer.label in table.column_names else layer.key
        columns = {
            "layer": np.full(int(hit.sum()), layer.id, dtype=object), "key": key,
            "name": table[label].to_pandas()[hit].reset_index(drop=True), "severity": severity[hit].astype(np.int64),
            "distance": distance, "bearing": bearing, "kind": pd.Series(pd.NA, index=key.index, dtype=object),
        }  # fmt: skip
        return gpd.GeoDataFrame({**columns, **own}, geometry=gpd.GeoSeries(shapes[hit], crs=4490))

    def _severity(self, shapes: npt.NDArray[np.object_]) -> Floats:
        """The worst zone each shape touches; NaN for one that only the store's own index took for inside."""
        worst = np.full(len(shapes), np.nan)
        for zone in reversed(self._ranked):
            if zone.reached:
                worst[shapely.intersects(zone.shape, shapes)] = zone.level.severity
        return worst

    def _ways(self, pieces: npt.NDArray[np.object_]) -> tuple[Floats, Floats]:
        """Metres and degrees from the source to the nearest point of each piece inside."""
        fine = shapely.segmentize(pieces, CORNERS)
        corners, owner = shapely.get_coordinates(fine, return_index=True)
        if not len(corners):
            return np.empty(0), np.empty(0)
        metres, degrees = directions(self._source, corners[:, 0], corners[:, 1])
        order = np.lexsort((metres, owner))
        first = order[np.unique(owner[order], return_index=True)[1]]
        return metres[first], degrees[first]

    def _age(self, layer: Layer, table: pa.Table) -> DataUsed:
        oldest: datetime | None = None
        if "observed_at" in table.column_names and table.num_rows:
            oldest = pc.min(table["observed_at"]).as_py()
        return DataUsed(
            name=layer.id, title=layer.title, observed_at=oldest, verified=False, version=str(self._moment.head)
        )  # fmt: skip
