"""EDR over measuring points and stations: readings with place, unit and quality, as many as one may see."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import numpy as np
import pyarrow as pa
import pytest
import shapely
from pyproj import Geod, Transformer
from starlette.applications import Starlette

from core.clock import utc_now
from core.errors import BadInputError
from layers.catalogue import CATALOGUE, SENSORS, WEATHER_STATIONS
from ogc.edr.asking import Shape
from ogc.edr.asking import asked as read_query
from ogc.edr.routes import edr_routes
from ogc.oapi import oapi_routes
from ogc.services import Services
from store.series import open_series
from store.series.days import READINGS
from tests.ogc.drawn_city import EAST, EVERYONE, ONE_DISTRICT, PUBLIC, SOUTH, WEST, built, load, wkb
from tests.ogc.loopback import served
from tests.ogc.test_oapi import Door

START = datetime(2026, 11, 20, tzinfo=UTC)
HOURS = 48


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """Two chlorine points in the west, one in another unit, a level in the east; one station with wind and rain."""
    folder = tmp_path_factory.mktemp("edr")
    store = built(folder / "city.gpkg")
    load(store, SENSORS, code=["S1", "S2", "S3", "S4"], name=["氯气一", "=氯气二", "氯气三", "液位"],
         kind=["toxic", "toxic", "toxic", "level"], unit=["ppm", "ppm", "mg/m3", "m"],
         area=["990102001"] * 3 + ["990106001"],
         geometry=wkb(*(shapely.Point(WEST + x, SOUTH + 0.03) for x in (0.01, 0.02, 0.03)),
                      shapely.Point(EAST - 0.01, SOUTH + 0.03)))  # fmt: skip
    load(store, WEATHER_STATIONS, code=["W1"], name=["云澜"], area=["990102001"],
         geometry=wkb(shapely.Point(WEST + 0.02, SOUTH + 0.05)))  # fmt: skip
    series = open_series(folder / "series", store)
    at = pa.array([START + timedelta(hours=n) for n in range(HOURS)], pa.timestamp("us", "UTC"))
    for layer, key, element, base in (
        ("sensors", "S1", "value", 1.0), ("sensors", "S2", "value", 2.0), ("sensors", "S3", "value", 3.0),
        ("sensors", "S4", "value", 4.0), ("weather_stations", "W1", "wind_speed", 5.0),
        ("weather_stations", "W1", "temperature", 6.0),
    ):  # fmt: skip
        value = np.round(base + np.arange(HOURS) / 100, 2)
        value[1] = np.nan
        quality = np.zeros(HOURS, np.int8)
        quality[1], quality[2] = 3, 1
        columns = [pa.array([text] * HOURS) for text in (layer, key, element)]
        series.append(pa.table([*columns, at, value, quality], names=READINGS.names).cast(READINGS))
    services = Services(catalogue=CATALOGUE, store=store, clock=utc_now)

    def here(request: object, path: str) -> str:
        return "http://testserver/ogc/api"

    yield Door(Starlette(routes=[*oapi_routes(services, here), *edr_routes(services, series, here)]))
    series.close()
    store.close()


@pytest.fixture(scope="module")
def address(door: Door) -> Iterator[str]:
    with served(door) as found:
        yield f"{found}/ogc/api/collections"


@pytest.fixture
def client(door: Door, address: str) -> Iterator[httpx.Client]:
    door.caller = EVERYONE
    with httpx.Client(base_url=address) as opened:
        yield opened


def asked(client: httpx.Client, path: str, status: int = 200, **given: str) -> Any:
    names = {name.replace("_", "-") if name != "bbox" else name: value for name, value in given.items()}
    answer = client.get(path, params=names)
    assert answer.status_code == status, answer.text
    return answer.json()


def ids(document: Any) -> set[str]:
    return {one["id"] for one in document["coverages"]}


def test_the_collection_tells_its_queries_and_each_kind_in_each_unit(client: httpx.Client) -> None:
    told = asked(client, "/sensors")
    assert set(told["data_queries"]) >= {"locations", "position", "area", "radius", "cube"}
    types = {name: one["link"]["type"] for name, one in told["data_queries"].items()}
    assert (types["locations"], types["position"]) == ("application/geo+json", "application/prs.coverage+json")
    places = client.get("/sensors/locations")
    assert places.headers["content-type"] == types["locations"]
    assert set(told["parameter_names"]) == {"level", "toxic-ppm", "toxic-mg_2fm3"}
    assert told["parameter_names"]["toxic-mg_2fm3"]["unit"]["symbol"] == "mg/m3"
    assert "wind_speed" in asked(client, "/weather_stations")["parameter_names"]
    assert "data_queries" not in asked(client, "/hospitals")


def test_a_location_answers_a_series_with_unit_and_quality(client: httpx.Client) -> None:
    found = asked(client, "/sensors/locations/S1", datetime="2026-11-20T00:00:00Z/2026-11-20T04:00:00Z")
    (one,) = found["coverages"]
    axes, ranges = one["domain"]["axes"], one["ranges"]
    assert axes["t"]["values"][0] == "2026-11-20T00:00:00Z"
    assert (axes["x"]["values"], axes["y"]["values"]) == ([WEST + 0.01], [SOUTH + 0.03])
    assert ranges["toxic-ppm"]["values"] == [1.0, None, 1.02, 1.03, 1.04]
    assert ranges["quality"]["values"] == [0, 3, 1, 0, 0]
    assert found["parameters"]["toxic-ppm"]["unit"]["symbol"] == "ppm"
    assert found["parameters"]["quality"]["observedProperty"]["categories"][3]["label"]["en"] == "missing"


def test_without_a_time_the_newest_reading_of_each_is_told(client: httpx.Client) -> None:
    newest = (START + timedelta(hours=HOURS - 1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    found = asked(client, "/sensors/cube", bbox=f"{WEST},{SOUTH},{EAST},{SOUTH + 0.1}")
    assert ids(found) == {"S1/toxic-ppm", "S2/toxic-ppm", "S3/toxic-mg_2fm3", "S4/level"}
    assert {one["domain"]["axes"]["t"]["values"][0] for one in found["coverages"]} == {newest}


def test_points_are_chosen_by_polygon_circle_box_and_parameter(client: httpx.Client) -> None:
    square = shapely.box(WEST, SOUTH, WEST + 0.025, SOUTH + 0.1).wkt
    assert ids(asked(client, "/sensors/area", coords=square)) == {"S1/toxic-ppm", "S2/toxic-ppm"}
    circle = {"coords": f"POINT({WEST + 0.03} {SOUTH + 0.03})", "within": "1", "within-units": "km"}
    assert ids(asked(client, "/sensors/radius", **circle)) == {"S2/toxic-ppm", "S3/toxic-mg_2fm3"}
    box = f"{WEST},{SOUTH},{EAST},{SOUTH + 0.1}"
    assert ids(asked(client, "/sensors/cube", bbox=box, parameter_name="level")) == {"S4/level"}
    day = asked(client, "/weather_stations/locations/W1", datetime="2026-11-21", parameter_name="wind_speed")
    (one,) = day["coverages"]
    assert len(one["domain"]["axes"]["t"]["values"]) == 24
    assert set(one["ranges"]) == {"wind_speed", "quality"}


def test_a_position_is_answered_by_the_nearest_point_of_each_parameter_and_says_how_far(client: httpx.Client) -> None:
    at = f"POINT({WEST + 0.021} {SOUTH + 0.03})"
    found = asked(client, "/sensors/position", coords=at)
    away = {one["id"]: one["onemap:distance"] for one in found["coverages"]}
    assert set(away) == {"S2/toxic-ppm", "S3/toxic-mg_2fm3", "S4/level"}
    geod = Geod(ellps="GRS80")
    _, _, metres = geod.inv(WEST + 0.021, SOUTH + 0.03, WEST + 0.02, SOUTH + 0.03)
    assert away["S2/toxic-ppm"] == pytest.approx(metres, abs=0.1)
    one = asked(client, "/sensors/position", coords=at, parameter_name="level", datetime="2026-11-20T00:00:00Z")
    assert ids(one) == {"S4/level"}
    assert ids(asked(client, "/weather_stations/position", coords=at)) == {"W1/wind_speed", "W1/temperature"}
    assert asked(client, "/sensors/position", coords="POINT(0 0)")["coverages"] == []


@pytest.mark.parametrize("query", ["position", "radius"])
def test_coordinates_are_read_in_the_system_they_are_said_to_be_in(client: httpx.Client, query: str) -> None:
    lon, lat = WEST + 0.03, SOUTH + 0.03
    east, north = Transformer.from_crs(4326, 3857, always_xy=True).transform(lon, lat)
    within = {} if query == "position" else {"within": "50", "within_units": "m"}
    chosen = [
        ids(asked(client, f"/sensors/{query}", coords=coords, crs=crs, parameter_name="toxic-mg_2fm3", **within))
        for coords, crs in (
            (f"POINT({lat} {lon})", "EPSG:4326"), (f"POINT({east} {north})", "EPSG:3857"),
            (f"POINT({lon} {lat})", "CRS84"),
        )
    ]  # fmt: skip
    assert chosen == [{"S3/toxic-mg_2fm3"}] * 3


def test_an_interval_with_an_open_end_ends_now_and_is_still_at_most_a_year() -> None:
    now = START + timedelta(days=2)
    given = {"bbox": "121,33,122,34", "datetime": "2026-11-20T00:00:00Z/.."}
    wanted = read_query(Shape.CUBE, SENSORS, given, {}, now)
    assert (wanted.start, wanted.end) == (START, now + timedelta(microseconds=1))
    with pytest.raises(BadInputError, match="a year"):
        read_query(Shape.CUBE, SENSORS, given, {}, now + timedelta(days=400))


def test_csv_is_one_reading_a_line_and_no_formula(client: httpx.Client) -> None:
    answer = client.get(
        "/sensors/locations/S2", params={"f": "csv", "datetime": "2026-11-20T00:00:00Z/2026-11-20T02:00:00Z"}
    )
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["value"] for row in rows] == ["2.0", "", "2.02"]
    assert {(row["name"], row["unit"], row["parameter"]) for row in rows} == {("'=氯气二", "ppm", "toxic-ppm")}


def test_rights_hold_for_points_readings_and_parameters(door: Door, client: httpx.Client) -> None:
    assert asked(client, "/sensors/locations")["numberMatched"] == 4
    door.caller = ONE_DISTRICT
    listed = asked(client, "/sensors/locations")
    assert ({one["id"] for one in listed["features"]}, listed["numberMatched"]) == ({"S1", "S2", "S3"}, 3)
    assert "level" not in asked(client, "/sensors")["parameter_names"]
    asked(client, "/sensors/locations/S4", 404)
    beside = asked(client, "/sensors/position", coords=f"POINT({EAST - 0.01} {SOUTH + 0.03})")
    assert ids(beside) == {"S3/toxic-mg_2fm3", "S2/toxic-ppm"}
    door.caller = PUBLIC
    asked(client, "/sensors/locations", 404)
    asked(client, "/sensors/locations/S1", 404)
    assert asked(client, "/weather_stations/locations")["numberMatched"] == 1


@pytest.mark.parametrize(
    ("path", "given", "field"),
    [
        ("/sensors/area", {}, "coords"),
        ("/sensors/area", {"coords": "POINT(1 1)"}, "coords"),
        ("/sensors/area", {"coords": "rubbish"}, "coords"),
        ("/sensors/radius", {"coords": "POINT(121.7 33.1)", "within": "1"}, "within"),
        ("/sensors/radius", {"coords": "POINT(121.7 33.1)", "within": "-1", "within-units": "km"}, "within"),
        ("/sensors/radius", {"coords": "POINT(121.7 33.1)", "within": "nan", "within-units": "km"}, "within"),
        ("/sensors/position", {}, "coords"),
        ("/sensors/position", {"coords": "MULTIPOINT(121.7 33.1, 121.8 33.1)"}, "coords"),
        ("/sensors/position", {"coords": "POINT(nan 33.1)"}, "coords"),
        ("/sensors/position", {"coords": "POINT(500 500)"}, "coords"),
        ("/sensors/position", {"coords": "POINT(121.7 33.1)", "within": "1"}, "within"),
        ("/sensors/cube", {}, "bbox"),
        ("/sensors/cube", {"bbox": "1,2,3"}, "bbox"),
        ("/sensors/locations/S1", {"datetime": "2020-01-01/2026-01-01"}, "datetime"),
        ("/sensors/locations/S1", {"datetime": "../2026-01-01"}, "datetime"),
        ("/sensors/locations/S1", {"datetime": "soon"}, "datetime"),
        ("/sensors/locations/S1", {"parameter-name": "no"}, "parameter-name"),
        ("/sensors/locations/S1", {"no": "1"}, "no"),
        ("/sensors/locations/S1", {"f": "xml"}, "f"),
        ("/sensors/locations", {"limit": "0"}, "limit"),
    ],
)
def test_a_wrong_query_is_refused_by_name(client: httpx.Client, path: str, given: dict[str, str], field: str) -> None:
    told = asked(client, path, 400, **given)
    assert told["code"] == "InvalidParameterValue"
    assert field in told["detail"] or field == "f"


def test_what_is_no_edr_collection_has_no_such_address(client: httpx.Client) -> None:
    asked(client, "/hospitals/locations", 404)
    asked(client, "/no_such/area", 404)
