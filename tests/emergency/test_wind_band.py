"""The band of the wind's direction and its rose: learnt from a station's past, held against its later days."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as some

from app.demo.history import weather_history
from core.actors import SYSTEM_ACTOR
from core.clock import utc_now
from core.errors import BadInputError, NotFoundError
from core.scope import SYSTEM_SCOPE, Scope, Sensitivity
from core.texts import Text
from emergency.models.dispersion.srdt import Period, srdt_class
from emergency.models.dispersion.turner import Sky, turner_class
from emergency.sweep import swept
from emergency.weathers import weathers
from emergency.wind_band import Turnings, spread_of, station_turning, turns
from emergency.wind_rose import CALM, Rose, stability, wind_rose
from emergency.zones import Level, downwind_zone, with_band
from gis.shapes import LonLat
from layers.catalogue.sensing import WEATHER_STATIONS
from store.protocol import Store
from store.series.readings import Series, open_series
from tests.blank import blank_city
from tests.conftest import ROOT
from tests.emergency.test_field import asked

NOW = datetime(2026, 11, 23, tzinfo=UTC)
LEVEL = Level(name=Text("级", "level"), value=1.0, unit="1", severity=1, verified=True)
ALONG = np.linspace(0.0, 3000.0, 40)
LEAF = np.vstack([np.column_stack([ALONG, 200.0 * np.sin(np.pi * ALONG / 3000.0)]), [[1500.0, -200.0]]])
STATIONS = ROOT / "data" / "samples" / "weather_stations.parquet"


@pytest.fixture(scope="module")
def history() -> list[pa.Table]:
    return list(weather_history(pq.read_table(STATIONS), NOW))


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory, history: list[pa.Table]) -> Iterator[tuple[Store, Series]]:
    folder: Path = tmp_path_factory.mktemp("winds")
    store = blank_city(folder / "city.gpkg", utc_now)
    store.load(
        WEATHER_STATIONS, pq.read_table(STATIONS), actor=SYSTEM_ACTOR, reason="stations", scope=SYSTEM_SCOPE
    )  # fmt: skip
    found = open_series(folder / "series", store)
    found.write_days(pa.concat_tables(history))  # each day once
    yield store, found
    found.close()
    store.close()


@pytest.fixture(scope="module")
def series(city: tuple[Store, Series]) -> Series:
    return city[1]


@pytest.fixture(scope="module")
def station() -> str:
    return str(pq.read_table(STATIONS)["code"][0])


def later(series: Series, station: str, since: datetime) -> np.ndarray:
    table = series.read(
        WEATHER_STATIONS, [station], start=since, end=NOW, scope=SYSTEM_SCOPE, element="wind_from"
    )  # fmt: skip
    return turns(table["at"].cast(pa.int64()).to_numpy() / 1e6, table["value"].to_numpy(), 3600.0)


def test_the_band_of_the_past_holds_four_in_five_of_a_thousand_later_winds(series: Series, station: str) -> None:
    """Learnt from ninety days, asked of the thirty after them."""
    since = NOW - timedelta(days=30)
    known = station_turning(series, station, until=since, scope=SYSTEM_SCOPE)
    assert known is not None
    assert known.pairs > 2000
    assert 0.0 < known.spread < 90.0
    drawn = np.random.default_rng(7).choice(later(series, station, since), 1000)
    assert (np.abs(drawn) <= known.spread).mean() >= 0.8
    source = LonLat(121.6, 33.2)
    zone = with_band(downwind_zone(LEVEL, source, 200.0, LEAF, model="test"), 200.0, known.spread)
    assert zone.band is not None
    band = shapely.buffer(zone.band, 1e-6)
    plumes = [downwind_zone(LEVEL, source, (200.0 + turn) % 360.0, LEAF, model="test").shape for turn in drawn]
    assert shapely.covers(band, np.array(plumes)).mean() >= 0.8


def test_a_station_with_too_few_readings_says_nothing(series: Series, station: str) -> None:
    few = station_turning(series, station, until=NOW, scope=SYSTEM_SCOPE, window=timedelta(days=2))
    assert few is None
    assert station_turning(series, "nowhere", until=NOW, scope=SYSTEM_SCOPE) is None


def test_a_turn_through_north_is_a_small_one() -> None:
    hours = np.arange(4) * 3600.0
    assert turns(hours, np.array([350.0, 10.0, 355.0, 170.0]), 3600.0) == pytest.approx([20.0, -15.0, 175.0])


def test_a_gap_in_the_readings_makes_no_pair() -> None:
    assert turns(np.array([0.0, 3600.0, 90_000.0]), np.array([10.0, 20.0, 200.0]), 3600.0).tolist() == [10.0]


@given(some.lists(some.floats(-180.0, 180.0), min_size=1, max_size=200), some.floats(0.01, 0.99))
def test_the_spread_holds_its_share(turned: list[float], share: float) -> None:
    angles = np.abs(np.array(turned))
    assert (angles <= spread_of(np.array(turned), share)).mean() >= share - 1e-9


def test_a_share_is_between_none_and_all() -> None:
    with pytest.raises(BadInputError, match="share"):
        spread_of(np.array([1.0]), 1.0)


def test_the_nearest_station_is_asked_and_learnt_once_a_day(city: tuple[Store, Series], station: str) -> None:
    store, series = city
    place = shapely.from_wkb(pq.read_table(STATIONS)["geometry"][0].as_py())
    source = LonLat(place.x + 0.001, place.y)
    turnings = Turnings(store, series)
    known = turnings.near(source, at=NOW + timedelta(hours=7), scope=SYSTEM_SCOPE)
    assert known is not None
    assert known.station == station
    assert turnings.near(source, at=NOW, scope=SYSTEM_SCOPE) is known
    next_day = turnings.near(source, at=NOW + timedelta(days=1), scope=SYSTEM_SCOPE)
    assert next_day is not None
    assert next_day.until == NOW + timedelta(days=1)


def test_no_station_near_or_to_be_seen_is_no_band(city: tuple[Store, Series]) -> None:
    store, series = city
    turnings = Turnings(store, series)
    assert turnings.near(LonLat(100.0, 30.0), at=NOW, scope=SYSTEM_SCOPE) is None
    nothing = Scope(areas=("",), clearance=Sensitivity.SECRET, layers=frozenset({"roads"}))
    assert turnings.near(LonLat(121.6, 33.2), at=NOW, scope=nothing) is None


@pytest.fixture(scope="module")
def rose(city: tuple[Store, Series], station: str) -> Rose:
    return wind_rose(*city, station, until=NOW, scope=SYSTEM_SCOPE, window=timedelta(days=60))


def test_all_readings_are_in_the_rose_or_calm(rose: Rose) -> None:
    rows = rose.table.to_pandas()
    assert rows["frequency"].sum() + rose.calm == pytest.approx(1.0)
    assert (rows["wind_speed"] >= CALM).all()
    assert set(rows["wind_from"]) <= set(np.arange(16) * 22.5)
    assert (rows["wind_height"] > 0).all()
    assert rose.readings > 1000
    assert len(list(weathers(asked("passive"), rose.table))) == len(rows)


def test_the_rose_is_swept_with_its_frequencies(rose: Rose) -> None:
    found = swept(asked("passive"), rose.table, code_version="test").to_pandas()
    assert found["frequency"].sum() == pytest.approx(1.0 - rose.calm)
    same = found.groupby(["wind_speed_m_s", "stability"])["level_2_distance_m"].nunique()
    assert (same == 1).all()  # the way it blows changes no distance


def test_a_station_that_said_next_to_nothing_has_no_rose(city: tuple[Store, Series], station: str) -> None:
    with pytest.raises(NotFoundError, match=station):
        wind_rose(*city, station, until=datetime(2020, 1, 1, tzinfo=UTC), scope=SYSTEM_SCOPE, window=timedelta(days=9))


@given(some.floats(0.1, 15.0), some.floats(0.0, 1200.0), some.one_of(some.none(), some.floats(0.0, 10.0)))
def test_each_reading_is_in_the_class_of_the_scalar_rules(wind: float, sun: float, cloud: float | None) -> None:
    (found,) = stability([wind], [sun], None if cloud is None else [cloud])
    if sun > 0.0:
        expected = srdt_class(wind, Period.DAY, solar_radiation=sun).stability
    else:
        sky = Sky.NIGHT_CLEAR if cloud is None or cloud < 5.0 else Sky.NIGHT_CLOUDY
        expected = turner_class(wind, sky).stability
    assert found == expected


@pytest.mark.parametrize("bound", [2.0, 3.0, 5.0, 6.0])
def test_a_wind_on_a_bound_is_in_the_class_of_the_scalar_rules(bound: float) -> None:
    day, night = stability([bound, bound], [800.0, 0.0], None)
    assert day == srdt_class(bound, Period.DAY, solar_radiation=800.0).stability
    assert night == turner_class(bound, Sky.NIGHT_CLEAR).stability
