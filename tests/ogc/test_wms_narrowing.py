"""TIME and CQL_FILTER: a picture and its questions speak of the rows asked for, under the caller's scope."""

from datetime import UTC, datetime
from pathlib import Path

import orjson
import pyarrow as pa
import pytest
import shapely
from lxml import etree

from layers.catalogue import ACCIDENTS
from ogc.services import Services
from tests.ogc.drawn_city import EAST, EVERYONE, NORTH, ONE_DISTRICT, SOUTH, WEST, load, wkb
from tests.ogc.schemas import schema_folder
from tests.ogc.test_wms import ask, code_of, drawn, info, map_of, pixels
from tests.ogc.test_wms import services as plain_services

services = plain_services


@pytest.fixture(scope="module")
def dated(services: Services) -> Services:
    """One accident in each of three months, from west to east."""
    at = [
        datetime(2025, 12, 31, 20, tzinfo=UTC),
        datetime(2026, 1, 15, 4, tzinfo=UTC),
        datetime(2026, 2, 1, tzinfo=UTC),
    ]
    load(services.store, ACCIDENTS, code=["A1", "A2", "A3"], name=["一", "二", "三"],
         kind=["fire"] * 3, level=["4"] * 3, occurred_at=pa.array(at, pa.timestamp("us", "UTC")),
         area=["990102001"] * 3,
         geometry=wkb(*(shapely.Point(WEST + 0.01 + 0.01 * i, SOUTH + 0.03) for i in range(3))))  # fmt: skip
    return services


def names(services: Services, layer: str = "accidents", **more: str) -> set[str]:
    """Whom the whole window, asked as one pixel, tells of."""
    found = map_of(
        services, request="GetFeatureInfo", layers=layer, query_layers=layer, info_format="application/json",
        i="0", j="0", width="1", height="1", feature_count="50", **more,
    )  # fmt: skip
    return {one["properties"]["name"] for one in orjson.loads(found.content())["features"]}


@pytest.mark.parametrize(
    ("time", "told"),
    [
        ("2026-01", {"二"}),
        ("2025", {"一"}),
        ("2026-01-15", {"二"}),
        ("2026-01-15T04:00:00Z", {"二"}),
        ("2026-01-15T12:00:00+08:00", {"二"}),
        ("2025-12/2026-01", {"一", "二"}),
        ("2026-01-15/..", {"二", "三"}),
        ("2025-12-31,2026-02-01/2026-03/P1D", {"一", "三"}),
        ("1999", set()),
    ],
)
def test_time_chooses_years_months_days_instants_and_spans(dated: Services, time: str, told: set[str]) -> None:
    assert names(dated, time=time) == told


def test_time_narrows_the_picture_and_leaves_layers_without_time_whole(dated: Services) -> None:
    whole, some, none = (drawn(pixels(map_of(dated, layers="accidents", **one)))
                         for one in ({}, {"time": "2026-01"}, {"time": "1999"}))  # fmt: skip
    assert whole > some > none == 0
    plain = pixels(map_of(dated)), pixels(map_of(dated, time="1999"))
    assert (plain[0] == plain[1]).all()


def test_the_capabilities_tell_from_when_to_when_a_layer_goes(dated: Services, test_data: Path) -> None:
    with (schema_folder(test_data) / "wms/1.1.1/WMS_MS_Capabilities.dtd").open() as source:
        dtd = etree.DTD(source)
    for version in ("1.3.0", "1.1.1"):
        document = etree.fromstring(ask(dated, version=version, request="GetCapabilities").content())
        assert version == "1.3.0" or dtd.validate(document), dtd.error_log
        layer = document.xpath("//*[local-name()='Layer'][*[local-name()='Name']='accidents']")[0]
        told = layer.find("{*}Extent" if version == "1.1.1" else "{*}Dimension").text
        assert told == "2025-12-31T20:00:00.000000Z/2026-02-01T00:00:00.000000Z/P1D"


def test_without_a_time_everything_is_shown_as_the_default_says(dated: Services) -> None:
    for version, name in (("1.3.0", "Dimension"), ("1.1.1", "Extent")):
        document = etree.fromstring(ask(dated, version=version, request="GetCapabilities").content())
        layer = document.xpath("//*[local-name()='Layer'][*[local-name()='Name']='accidents']")[0]
        default = layer.find(f"{{*}}{name}").get("default")
        assert names(dated) == names(dated, time=default) == {"一", "二", "三"}
    warned = map_of(dated, layers="accidents").headers
    assert warned["Warning"] == "99 Default value used: time=../.. ISO8601"
    assert "Warning" not in map_of(dated, layers="accidents", time="2026-01").headers
    assert "Warning" not in map_of(dated).headers


@pytest.mark.parametrize("time", ["gestern", "current", "2026-02/2026-01", "2026-01-01T00:00:00", "a/b/c/d", "2026-13"])
def test_a_time_that_is_none_is_an_invalid_dimension_value(dated: Services, time: str) -> None:
    for layers in ("accidents", "enterprises"):
        refused = map_of(dated, layers=layers, time=time)
        assert code_of(refused) == "InvalidDimensionValue"
        assert "过滤" not in refused.content().decode()


def test_conditions_go_to_their_layers_in_order(dated: Services) -> None:
    red = drawn(pixels(map_of(dated, cql_filter="risk = 1")))
    both = drawn(pixels(map_of(dated, cql_filter="risk <= 2")))
    every = drawn(pixels(map_of(dated)))
    assert 0 < red < both < every
    pair = {"layers": "enterprises,accidents", "styles": ","}
    one = drawn(pixels(map_of(dated, **pair, cql_filter="name = 'no;where';INCLUDE")))
    assert one == drawn(pixels(map_of(dated, layers="accidents")))


def test_spatial_conditions_draw_what_they_choose(dated: Services) -> None:
    here = f"S_INTERSECTS(geometry, BBOX({WEST}, {SOUTH}, {WEST + 0.015}, {NORTH}))"
    assert names(dated, "enterprises", cql_filter=here) == {"甲"}
    first = pixels(map_of(dated, cql_filter=here))
    assert (first == pixels(map_of(dated, cql_filter="name = '甲'"))).all()
    assert drawn(first)


def test_a_condition_shows_nobody_more_than_the_scope(dated: Services) -> None:
    everything = "risk > 0 OR risk IS NULL"
    whole = pixels(map_of(dated, ONE_DISTRICT))
    assert (whole == pixels(map_of(dated, ONE_DISTRICT, cql_filter=everything))).all()
    assert "东区" not in info(dated, ONE_DISTRICT, "text/plain", i="360").content().decode()


@pytest.mark.parametrize(
    "given",
    [
        {"cql_filter": "risk ="},
        {"cql_filter": "no_such = 1"},
        {"cql_filter": "1=1; drop table enterprises"},
        {"cql_filter": "risk = 1;risk = 2"},
        {"layers": "basemap", "cql_filter": "risk = 1"},
        {"layers": "onemap", "cql_filter": "risk = 1"},
        {"cql_filter": "NOT " * 500 + "risk = 1"},
    ],
)
def test_a_wrong_condition_is_refused_by_name(dated: Services, given: dict[str, str]) -> None:
    answer = map_of(dated, EVERYONE, **given)
    assert code_of(answer) == "InvalidParameterValue"
    assert b"CQL" in answer.content() or "过滤" in answer.content().decode()


def test_what_lies_east_of_the_window_is_not_counted_for_a_spatial_condition(dated: Services) -> None:
    there = f"S_INTERSECTS(geometry, BBOX({WEST}, {SOUTH}, {EAST}, {NORTH}))"
    window = f"{WEST},{SOUTH},{WEST + 0.015},{NORTH}"
    assert drawn(pixels(map_of(dated, cql_filter=there, bbox=window)))
