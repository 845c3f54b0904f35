"""Points and their readings for a query, out of the store and the series, within what one answer may hold."""

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc
import shapely

from core.caller import Caller
from core.errors import BadInputError
from core.texts import Text
from layers.catalogue import WEATHER_STATIONS
from layers.layer import Layer
from ogc.edr.answers import Place
from ogc.edr.asking import MOST_POINTS, MOST_READINGS, Asked
from ogc.edr.parameters import Parameter
from ogc.services import Services
from store.query import Query
from store.series import Series

VALUE = "value"


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
