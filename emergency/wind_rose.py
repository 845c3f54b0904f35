"""How often the wind blows from where, how fast, in what stability: a table of weathers out of a station's readings."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from core.clock import iso
from core.errors import NotFoundError
from core.scope import Scope
from core.texts import Text
from core.units import Fraction, Metre, Speed
from emergency.models.dispersion.srdt import DAY, SUN
from emergency.models.dispersion.srdt import WINDS as DAY_WINDS
from emergency.models.dispersion.turner import TABLE, WINDS, Sky
from emergency.weathers import FREQUENCY
from emergency.wind_band import FEWEST, Turnings
from gis.shapes import LonLat
from layers.catalogue.sensing import WEATHER_STATIONS
from store.protocol import Store
from store.series.readings import GOOD, Series

SECTORS = 16
CALM: Speed = 1.0
"""Below it the models are not for: their published range begins here."""

CLOUDY = 5.0
"""Tenths of the sky at night from which Turner's table counts it as covered (4/8)."""

ELEMENTS = ("wind_speed", "wind_from", "solar", "cloud")
YEAR = timedelta(days=365)

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rose:
    """Weathers with their frequencies, which with `calm` add up to one; no stability where nobody measured the sun.

    A row's wind is the mean of its readings' speeds and the middle of its sector.
    """

    table: pa.Table
    calm: Fraction
    readings: int
    hours: int
    """Hours of the window in which there was any such reading."""
    newest: datetime
    station: str
    since: datetime
    until: datetime
    how: Text


def wind_rose(
    store: Store, series: Series, station: str, *, until: datetime, scope: Scope, window: timedelta = YEAR
) -> Rose:
    """The rose of a station's readings of a window before a moment.

    Raises NotFoundError where there are too few.
    """
    since = until - window
    seen = _readings(series, station, since, until, scope)
    if len(seen) < FEWEST:
        raise NotFoundError(
            Text(
                f"气象站 {station} 的可用风读数只有 {len(seen)} 条,不足 {FEWEST} 条",
                f"station {station} has {len(seen)} readings of the wind, fewer than {FEWEST}",
            ),
            station=station,
        )  # fmt: skip
    blows = seen["wind_speed"] >= CALM
    moving = seen[blows]
    width = 360.0 / SECTORS
    sector = (np.round(moving["wind_from"].to_numpy() / width) % SECTORS) * width
    keys = {
        "wind_from": pd.Series(sector, index=moving.index),
        "speed_class": pd.Series(np.searchsorted(WINDS, moving["wind_speed"], side="right"), index=moving.index),
    }
    measured = "solar" in seen and bool(seen["solar"].notna().any())
    if measured:
        classes = stability(moving["wind_speed"], moving["solar"], moving.get("cloud"))
        keys["stability"] = pd.Series(classes, index=moving.index)
    grouped = moving.assign(**keys).groupby(list(keys), as_index=False)
    rows = grouped.agg(wind_speed=("wind_speed", "mean"), count=("wind_speed", "size"))
    rows[FREQUENCY] = rows["count"] / len(seen)
    rows["wind_height"] = _height(store, station, scope)
    names = ["wind_from", "wind_speed", "wind_height", *(["stability"] if measured else []), FREQUENCY]
    return Rose(
        table=pa.Table.from_pandas(rows[names], preserve_index=False).replace_schema_metadata(None),
        calm=1.0 - float(blows.mean()), readings=len(seen),
        hours=int(pd.DatetimeIndex(seen.index).floor("h").nunique()),
        newest=seen.index.max().to_pydatetime(), station=station, since=since, until=until,
        how=BY_SUN if measured else NO_SUN,
    )  # fmt: skip


class Roses:
    """The roses of stations over the year up to the last midnight (UTC), each read once a day."""

    def __init__(self, store: Store, series: Series) -> None:
        self._store = store
        self._series = series
        self._stations = Turnings(store, series)
        self._read: dict[tuple[str, datetime], Rose] = {}

    def near(self, place: LonLat, *, at: datetime, scope: Scope) -> Rose:
        """Of the nearest station within 50 km that has enough readings.

        Raises NotFoundError with the reason of the nearest where none has.
        """
        day = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        lacking: NotFoundError | None = None
        for station in self._stations.nearest(place, scope):
            try:
                return self._of(station, day, scope)
            except NotFoundError as few:
                lacking = lacking or few
        raise lacking or NotFoundError(
            Text("50 km 内没有您可见的气象站", "no weather station within 50 km is open to you")
        )

    def _of(self, station: str, day: datetime, scope: Scope) -> Rose:
        if (station, day) not in self._read:
            self._read = {key: one for key, one in self._read.items() if key[1] == day}
            self._read[station, day] = wind_rose(self._store, self._series, station, until=day, scope=scope)
        return self._read[station, day]


def told(rose: Rose) -> dict[str, Any]:
    """A rose as it is drawn: of each sector the share of every class of speed, with its mean wind and usual stability.

    Shares and `calm` add up to one.
    """
    frame = rose.table.to_pandas()
    frame["band"] = np.searchsorted(WINDS, frame["wind_speed"], side="right")
    return {
        "station": rose.station, "since": iso(rose.since), "until": iso(rose.until), "newest": iso(rose.newest),
        "how": [rose.how.zh, rose.how.en], "readings": rose.readings, "hours": rose.hours,
        "calm": rose.calm, "calm_below": CALM,
        "height": float(frame["wind_height"].iloc[0]) if len(frame) else 10.0,
        "classes": [[low, high] for low, high in pairwise((CALM, *WINDS, None))],
        "sectors": [
            {"from": turn, "cells": [_cell(frame[(frame["wind_from"] == turn) & (frame["band"] == band)])
                                     for band in range(len(WINDS) + 1)]}
            for turn in (step * 360.0 / SECTORS for step in range(SECTORS))
        ],
    }  # fmt: skip


def _cell(rows: pd.DataFrame) -> dict[str, Any]:
    """One class of speed of one sector; the stability is that of most of its time."""
    share = float(rows[FREQUENCY].sum())
    if not share:
        return {"share": 0.0, "speed": None, "stability": None}
    usual = None if "stability" not in rows else str(rows.groupby("stability")[FREQUENCY].sum().idxmax())
    return {"share": share, "speed": float(np.average(rows["wind_speed"], weights=rows[FREQUENCY])), "stability": usual}


BY_SUN = Text(
    "稳定度:白天按 SRDT(风速、太阳辐射),夜间按 Turner(风速、云量;无云量记录按少云,偏稳定)",
    "stability: SRDT of wind and sun by day, Turner of wind and cloud by night, a clear night where nobody saw the sky",
)
NO_SUN = Text(
    "该站没有太阳辐射记录,稳定度取情景自己的", "the station measures no sun: the stability is the scenario's own"
)


def stability(wind_speed: npt.ArrayLike, solar: npt.ArrayLike, cloud: npt.ArrayLike | None) -> npt.NDArray[np.str_]:
    """The class of each reading: `srdt_class` while the sun shines at all, `turner_class` else; NaN sun is night."""
    wind, sun = np.asarray(wind_speed, dtype=float), np.nan_to_num(np.asarray(solar, dtype=float))
    day_table = np.array([list(row) for row in DAY])
    day = day_table[np.searchsorted(DAY_WINDS, wind, side="right"), (sun[:, None] < np.asarray(SUN)).sum(axis=1)]
    night_table = np.array([list(TABLE[sky]) for sky in (Sky.NIGHT_CLEAR, Sky.NIGHT_CLOUDY)])
    covered = np.zeros(wind.shape, dtype=int)
    if cloud is not None:
        covered = (np.nan_to_num(np.asarray(cloud, dtype=float)) >= CLOUDY).astype(int)
    night = night_table[covered, np.searchsorted(WINDS, wind, side="left")]
    return np.where(sun > 0.0, day, night)


def _readings(series: Series, station: str, since: datetime, until: datetime, scope: Scope) -> pd.DataFrame:
    """One row a moment with a good wind, and what else was measured then."""
    table = series.read(WEATHER_STATIONS, [station], start=since, end=until, scope=scope)
    good = pc.and_(pc.equal(table["quality"], GOOD), pc.is_valid(table["value"]))
    wanted = pc.is_in(table["element"], value_set=pa.array(ELEMENTS))
    read = table.filter(pc.and_(good, wanted)).select(["at", "element", "value"]).to_pandas()
    wide = read.pivot_table(index="at", columns="element", values="value", aggfunc="last")
    blown = pd.DataFrame(wide)
    if not {"wind_speed", "wind_from"} <= set(blown.columns):
        return blown.iloc[:0]
    return blown.dropna(subset=["wind_speed", "wind_from"])


def _height(store: Store, station: str, scope: Scope) -> Metre:
    record = store.get(WEATHER_STATIONS, station, scope=scope).record
    height = getattr(record, "anemometer_height", None)
    return 10.0 if height is None else float(height)
