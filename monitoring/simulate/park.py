"""The points of a park as columns: the sensors of a city, or as many made up."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from core.errors import BadInputError
from core.texts import Text
from core.units import Second
from gis.shapes import LonLat
from monitoring.simulate.noise import Floats, Ids, ids

GAS = ("combustible", "toxic")
LIMITS = ("range_low", "low_low", "low", "high", "high_high", "range_high")
EVERY: Second = 5.0
"""Between two readings of a point that does not say its own interval."""


@dataclass(frozen=True, kw_only=True)
class Park:
    """Points, one place in every column each; what a point does not have is NaN, no tank is -1.

    `limits` are by the names of the layer of sensors; `span` is what the instrument can show, from its range or limits.
    """

    keys: NDArray[np.str_]
    kinds: NDArray[np.str_]
    enterprises: NDArray[np.str_]
    tanks: NDArray[np.int64]
    tank_ids: Ids
    lon: Floats
    lat: Floats
    limits: dict[str, Floats]
    every: NDArray[np.int64]
    ids: Ids

    def __len__(self) -> int:
        return len(self.keys)

    @cached_property
    def top(self) -> Floats:
        """The limit that the ordinary run of a point is drawn under: high, else the end of its range, else one."""
        return np.where(np.isnan(self.limits["high"]), self._or("range_high", 1.0), self.limits["high"])

    @cached_property
    def span(self) -> Floats:
        """The width of what the instrument shows."""
        wide = self._or("range_high", np.nan) - self._or("range_low", 0.0)
        return np.where(np.isnan(wide), self.top, wide)

    @cached_property
    def kind_codes(self) -> NDArray[np.int64]:
        """The kind of each point by its place among the kinds in order: numbers compare faster than words."""
        return np.unique(self.kinds, return_inverse=True)[1]

    @cached_property
    def gas(self) -> NDArray[np.bool_]:
        """Which points are detectors of gas."""
        return np.isin(self.kinds, GAS)

    @cached_property
    def _homes(self) -> NDArray[np.int64]:
        """A number for each enterprise; a point of none has one of its own."""
        found = np.unique(self.enterprises, return_inverse=True)[1]
        return np.where(self.enterprises == "", -1 - np.arange(len(self)), found)

    def _or(self, name: str, other: float) -> Floats:
        return np.nan_to_num(self.limits[name], nan=other)

    def place(self, key: str) -> int:
        """Where a point stands in the columns."""
        found = np.flatnonzero(self.keys == key)
        if not len(found):
            raise BadInputError(Text(f"没有监测点“{key}”", f"there is no point {key!r}"), field="point", value=key)
        return int(found[0])

    def at(self, place: int) -> LonLat:
        """Where a point stands on the ground."""
        return LonLat(float(self.lon[place]), float(self.lat[place]))

    def neighbours(self, place: int) -> NDArray[np.int64]:
        """The points of the same enterprise, this one among them; a point of none stands alone."""
        return np.flatnonzero(self._homes == self._homes[place])


def park_of(sensors: pa.Table, every: Second | None = None) -> Park:
    """The park of a table of the layer of sensors, its geometry as shapes or WKB; points out of use are left out.

    `every` stands in for the intervals that are registered.
    """
    if "in_use" in sensors.column_names:
        sensors = sensors.filter(sensors["in_use"].fill_null(True))
    if not sensors.num_rows:
        raise BadInputError(Text("没有可模拟的监测点", "there are no points to simulate"), field="sensors")
    shapes = shapely.from_wkb(sensors["geometry"].to_numpy(zero_copy_only=False))
    tanks, tank_at = np.unique(_words(sensors, "tank"), return_inverse=True)
    return Park(
        keys=_words(sensors, "code"),
        kinds=_words(sensors, "kind"),
        enterprises=_words(sensors, "enterprise"),
        tanks=np.where(tanks[tank_at] == "", -1, tank_at),
        tank_ids=ids(tanks.tolist()),
        lon=np.nan_to_num(shapely.get_x(shapes)),
        lat=np.nan_to_num(shapely.get_y(shapes)),
        limits={name: _numbers(sensors, name) for name in LIMITS},
        every=(_intervals(sensors, every) * 1e6).astype(np.int64),
        ids=ids(sensors["code"].to_pylist()),
    )


def made_up(points: int) -> Park:
    """A park of as many points, four to a tank and forty to an enterprise, on a grid of 50 m off any coast."""
    if points < 1:
        raise BadInputError(
            Text(f"点数为 {points},应不小于 1", f"points is {points}, at least 1"), field="points", value=points
        )
    number = np.arange(points)
    kinds = np.array(["level", "pressure", "temperature", "toxic"])[number % 4]
    words = {
        "code": np.char.mod("S%07d", number),
        "enterprise": np.char.mod("SIM%05d", number // 40),
        "tank": np.char.mod("SIM-T%06d", number // 4),
        "kind": kinds,
    }
    limits = {
        "level": (0.0, 10.0, 15.0, 80.0, 85.0, 100.0),
        "pressure": (0.0, np.nan, np.nan, 1.1, 1.4, 2.5),
        "temperature": (-20.0, np.nan, np.nan, 55.0, 75.0, 120.0),
        "toxic": (0.0, np.nan, np.nan, 25.0, 50.0, 100.0),
    }
    numbers = np.array([limits[str(kind)] for kind in kinds])
    side = int(np.ceil(np.sqrt(points)))
    shapes = shapely.points(121.7 + number % side * 5.3e-4, 33.1 + number // side * 4.5e-4)
    columns = {name: pa.array(column) for name, column in words.items()}
    columns |= {name: pa.array(numbers[:, place], from_pandas=True) for place, name in enumerate(LIMITS)}
    return park_of(pa.table({**columns, "geometry": pa.array(shapely.to_wkb(shapes))}))


def _intervals(sensors: pa.Table, every: Second | None) -> Floats:
    if every is not None:
        return np.full(sensors.num_rows, every)
    return np.nan_to_num(_numbers(sensors, "interval_seconds"), nan=EVERY)


def _words(table: pa.Table, name: str) -> NDArray[np.str_]:
    column = table[name].to_pylist() if name in table.column_names else [""] * table.num_rows
    return np.array([word or "" for word in column], dtype=np.str_)


def _numbers(table: pa.Table, name: str) -> Floats:
    if name not in table.column_names:
        return np.full(table.num_rows, np.nan)
    return np.asarray(table[name].cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)
