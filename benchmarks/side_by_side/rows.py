"""The rows every server serves: a million points in sixty tight clusters and twenty thousand polygons."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely

from core.actors import SYSTEM_ACTOR
from core.scope import SYSTEM_SCOPE, Sensitivity
from core.texts import Text
from core.units import Metre
from layers.fields import Codes, Title
from layers.layer import Geometry, Layer, Style, Theme
from layers.record import Moment, Record
from store.protocol import Store

ROWS_OF_A_LOAD = 50_000
CLUSTERS, SPREAD = 60, 0.01
"""Of the places: how many clusters, and their standard deviation in degrees."""

COLUMNS = ("code", "name", "kind", "risk", "staff", "height", "open_now", "seen_at")


class Point(Record):
    """A place with attributes of every common kind."""

    code: Annotated[str, Title("编号", "Code")]
    name: Annotated[str, Title("名称", "Name")]
    kind: Annotated[str, Title("类别", "Kind")]
    risk: Annotated[int, Title("风险", "Risk"), Codes("risk")]
    staff: Annotated[int, Title("人数", "Staff")]
    height: Annotated[Metre, Title("高度", "Height")]
    open_now: Annotated[bool, Title("开放", "Open")]
    seen_at: Annotated[Moment, Title("巡查时间", "Seen at")]


class Parcel(Record):
    """A piece of land."""

    code: Annotated[str, Title("编号", "Code")]
    name: Annotated[str, Title("名称", "Name")]


POINTS = Layer(
    id="bench_points", title=Text("场所", "Places"), about=Text("测量用", "For measuring"), record=Point, key="code",
    geometry=Geometry.POINT, owner=Text("测量", "Measuring"), theme=Theme.SUPERVISION,
    sensitivity=Sensitivity.INTERNAL, style=Style(symbol="ent-trade", grade="risk"),
)  # fmt: skip
PARCELS = Layer(
    id="bench_parcels", title=Text("地块", "Parcels"), about=Text("测量用", "For measuring"), record=Parcel, key="code",
    geometry=Geometry.POLYGON, owner=Text("测量", "Measuring"), theme=Theme.SUPERVISION,
    sensitivity=Sensitivity.INTERNAL, style=Style(role="site"),
)  # fmt: skip


def places(rows: int) -> npt.NDArray[np.float64]:
    """Longitudes and latitudes, shape (rows, 2)."""
    chance = np.random.default_rng(1)
    centres = chance.uniform([121.0, 33.0], [121.6, 33.5], (CLUSTERS, 2))
    return centres[chance.integers(CLUSTERS, size=rows)] + chance.normal(0, SPREAD, (rows, 2))


def points(at: npt.NDArray[np.float64]) -> Iterator[pa.RecordBatch]:
    """The points, never all at once."""
    chance = np.random.default_rng(2)
    for start in range(0, len(at), ROWS_OF_A_LOAD):
        numbers = np.arange(start, min(len(at), start + ROWS_OF_A_LOAD))
        yield pa.RecordBatch.from_pydict(
            {
                "code": [f"S{number:08d}" for number in numbers],
                "name": [f"云澜第{number}号场所" for number in numbers],
                "kind": pa.array(["chemical", "school", "depot", "port"]).take(pa.array(numbers % 4)),
                "risk": pa.array(chance.choice([1, 2, 3, 4], len(numbers), p=[0.02, 0.1, 0.28, 0.6])),
                "staff": pa.array(numbers % 997),
                "height": pa.array(numbers % 300 / 10),
                "open_now": pa.array(numbers % 3 == 0),
                "seen_at": pa.array([datetime(2026, 1, 1, tzinfo=UTC)] * len(numbers), pa.timestamp("us", "UTC")),
                "area": ["990102"] * len(numbers),
                "geometry": pa.array(shapely.to_wkb(shapely.points(at[numbers])), pa.binary()),
            }
        )


def parcels(rows: int) -> pa.Table:
    """Round pieces of land of 33 corners, about 120 m across."""
    chance = np.random.default_rng(3)
    middles = shapely.points(places(rows) + chance.normal(0, 0.02, (rows, 2)))
    shapes = shapely.multipolygons(shapely.buffer(middles, chance.uniform(0.0003, 0.0009, rows))[:, None])
    return pa.table(
        {
            "code": [f"P{number:06d}" for number in range(rows)],
            "name": [f"云澜第{number}号地块" for number in range(rows)],
            "area": ["990102"] * rows,
            "geometry": pa.array(shapely.to_wkb(shapes), pa.binary()),
        }
    )


def fill(store: Store, many: int, few: int) -> None:
    """Both layers."""
    for layer, batches in ((POINTS, points(places(many))), (PARCELS, parcels(few))):
        store.load(layer, batches, actor=SYSTEM_ACTOR, reason="benchmark", scope=SYSTEM_SCOPE)
