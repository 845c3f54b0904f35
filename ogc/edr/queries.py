"""Points and their readings for a query, out of the store and the series, within what one answer may hold."""

from collections.abc import Mapping
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc
import shapely

from core.caller import Caller
from core.errors import BadInputError
from core.texts import Text
from core.units import Metre
from gis.measure import distances
from gis.shapes import LonLat
from layers.catalogue import WEATHER_STATIONS
from layers.filters import And, Filter, In, Spatial, SpatialOp
from layers.layer import Layer
from ogc.edr.answers import Place
from ogc.edr.asking import FARTHEST, MOST_POINTS, MOST_READINGS, Asked
from ogc.edr.parameters import Parameter
from ogc.services import Services
from store.query import Query
from store.series import Series

VALUE = "value"
NEAREST: Metre = 100.0
"""The first circle a position is sought in; each further one is twice as wide."""
MOST_NEAR = 10_000


def places(
    layer: Layer, asked: Asked, known: Mapping[str, Parameter], services: Services, caller: Caller, most: int
) -> list[Place]:
    """The points a query chooses, with the parameters each has."""
    station = layer.id == WEATHER_STATIONS.id
    fields = (layer.key, layer.label or layer.key, *(() if station else ("kind", "unit")))
    query = Query(where=asked.where, bbox=asked.box, fields=fields, limit=most)
    rows = services.store.read(layer, query, scope=caller.scope)
    shapes = shapely.from_wkb(rows["geometry"].to_numpy(zero_copy_only=False))
    of_unit = {(one.kind, one.unit): one for one in known.values()}
    found: list[Place] = []
    for row, shape in zip(rows.select(list(dict.fromkeys(fields))).to_pylist(), shapes, strict=True):
        if shape is None or shape.is_empty:
            continue
        has = dict(known) if station else {VALUE: of_unit[row["kind"], row["unit"]]}
        if asked.names:
            has = {element: one for element, one in has.items() if one.id in asked.names}
        if has:
            found.append((row[layer.key], row[fields[1]] or row[layer.key], shape.x, shape.y, has))
    return found


def nearest(
    layer: Layer, asked: Asked, at: LonLat, known: Mapping[str, Parameter], services: Services, caller: Caller
) -> tuple[list[Place], dict[str, Metre]]:
    """For each parameter the point nearest to a position, and by point how far away it is; none beyond FARTHEST."""
    missing = {name: one for name, one in known.items() if not asked.names or name in asked.names}
    chosen: dict[str, Place] = {}
    away: dict[str, Metre] = {}
    reach = NEAREST
    while missing and reach <= FARTHEST:
        where: Filter = Spatial(SpatialOp.DWITHIN, shapely.Point(at.lon, at.lat), reach)
        if layer.id != WEATHER_STATIONS.id:
            where = And((where, In("kind", tuple({one.kind for one in missing.values()}))))
        within = replace(asked, where=where, names=tuple(missing))
        found = places(layer, within, known, services, caller, MOST_NEAR)
        if len(found) == MOST_NEAR:
            raise BadInputError(
                Text("此处监测点过密,请选择观测参数", "too many points here; choose parameters"), field="parameter-name"
            )
        metres = distances(at, [place[2] for place in found], [place[3] for place in found])
        for metre, place in sorted(zip(metres.tolist(), found, strict=True), key=lambda one: (one[0], one[1][0])):
            new = {element: one for element, one in place[4].items() if missing.pop(one.id, None) is not None}
            if new:
                chosen[place[0]] = (*place[:4], new)
                away[place[0]] = metre
        reach = min(2 * reach, FARTHEST) if reach < FARTHEST else 2 * reach
    return list(chosen.values()), away


def readings(layer: Layer, asked: Asked, found: list[Place], series: Series, caller: Caller) -> pa.Table:
    """Their readings in the time asked for, or the newest of each; more than an answer may hold is refused."""
    if len(found) > MOST_POINTS:
        raise BadInputError(
            Text(
                f"一次最多 {MOST_POINTS} 个监测点,请缩小范围或选择观测参数",
                f"at most {MOST_POINTS} points at once; narrow the place or the parameters",
            ),
            field="coords",
        )
    keys = [place[0] for place in found]
    if asked.start is None or asked.end is None:
        table = series.latest(layer, keys, scope=caller.scope)
        return table.sort_by([("key", "ascending"), ("element", "ascending")])
    table = series.read(layer, keys, start=asked.start, end=asked.end, scope=caller.scope)
    elements = sorted({element for place in found for element in place[4]})
    table = table.filter(pc.is_in(table["element"], value_set=pa.array(elements, pa.string())))
    if table.num_rows > MOST_READINGS:
        raise BadInputError(
            Text(
                f"一次最多 {MOST_READINGS} 个读数(所要为 {table.num_rows}),请缩短时段",
                f"at most {MOST_READINGS} readings at once ({table.num_rows} were asked for); shorten the time",
            ),
            field="datetime",
        )
    return table
