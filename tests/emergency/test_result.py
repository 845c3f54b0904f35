"""A result: whole in JSON and back, one fingerprint for one input, and never surer than its weakest part."""

import json
import math
from datetime import UTC, datetime

import pytest
import shapely

from core.texts import Text
from emergency import models
from emergency.evidence import Tier
from emergency.model import MODELS, Check
from emergency.result import Curve, DataUsed, Figure, Result, receipt, result_of
from emergency.zones import Cut, Level, circle_zone, downwind_zone, with_band
from gis.shapes import LonLat

assert models.__all__  # the models are declared by being imported

SOURCE = LonLat(121.6, 33.2)
NOON = datetime(2026, 11, 28, 4, 0, tzinfo=UTC)
INPUTS = {"substance": "7664-41-7", "release": {"mass_rate": 2.5, "duration": 600.0}, "wind_from": 45.0}
POPULATION = DataUsed(name="population", title=Text("人口栅格", "Population"), observed_at=NOON, verified=True)
HEAT = Level(name=Text("12.5 kW/m²", "12.5 kW/m2"), value=12.5, unit="kW/m2", severity=1, verified=True)
POISON = Level(
    name=Text("AEGL-2", "AEGL-2"), value=160.0, unit="ppm", severity=2, verified=False, averaging_time=3600.0
)
MISSED = Check(
    parameter="distance", title=Text("距离", "distance"), value=9.0, low=0.0, high=math.inf, unit="m", holds=False
)


def result(level: Level = HEAT, card: str = "thermal-probit", data: tuple[DataUsed, ...] = (POPULATION,)) -> Result:
    outline = [(0.0, -50.0), (900.0, -80.0), (900.0, 80.0), (0.0, 50.0)]
    plume = downwind_zone(POISON, SOURCE, 45.0, outline, model="gaussian-plume", checks=(MISSED,), cut=Cut.DURATION)
    circle = circle_zone(level, SOURCE, 120.0, model=card)
    return Result(
        title=Text("氨储罐泄漏", "Ammonia leak"), source=SOURCE,
        zones=(circle,) if level is HEAT else (circle, with_band(plume, 45.0, 20.0)),
        receipt=receipt(INPUTS, code_version="0.1", computed_at=NOON, models=[MODELS[card].card], data=data),
        figures=(
            Figure(name="mass_rate", title=Text("泄漏速率", "mass rate"), value=2.5, unit="kg/s", model="orifice"),
        ),
        curves=(
            Curve(
                name="concentration", title=Text("浓度", "concentration"), x_title=Text("距离", "distance"),
                x_unit="m", y_unit="kg/m3", x=(10.0, 100.0), y=(1e-3, 1e-4), model="gaussian-plume",
            ),
        ),
        checks=(MISSED,), notes=(Text("未计地形", "terrain is not counted"),),
    )  # fmt: skip


def test_a_result_comes_back_whole_from_its_json() -> None:
    for one in (result(), result(level=POISON)):
        back = result_of(one.to_json())
        assert back == one
        assert back.to_json() == one.to_json()
        assert back.checks[0].high == math.inf


def test_equal_inputs_have_one_fingerprint_and_changed_ones_another() -> None:
    turned = {name: INPUTS[name] for name in reversed(INPUTS)}
    first, second = (receipt(one, code_version="0.1", computed_at=NOON, models=[]) for one in (INPUTS, turned))
    assert first.fingerprint == second.fingerprint
    assert first.whole
    assert first.given == INPUTS
    other = receipt(INPUTS | {"wind_from": 46.0}, code_version="0.1", computed_at=NOON, models=[])
    assert other.fingerprint != first.fingerprint


def test_a_result_is_verified_only_if_all_of_it_is() -> None:
    assert result().verified
    assert not result(level=POISON).verified
    assert not result(card="cost-benefit").verified
    unchecked = DataUsed(name="population", title=Text("人口栅格", "Population"), observed_at=None, verified=False)
    assert not result(data=(unchecked,)).verified
    assert result().receipt.evidence is Tier.DOCUMENT


def test_what_does_not_hold_is_said_once() -> None:
    assert result(level=POISON).outside == (MISSED,)


def test_the_zones_are_geojson_in_longitude_and_latitude_with_the_fingerprint() -> None:
    one = result(level=POISON)
    said = json.loads(json.dumps(one.geojson()))
    assert said["fingerprint"] == one.receipt.fingerprint
    assert [feature["properties"]["cut"] for feature in said["features"]] == ["none", "duration"]
    west, south, east, north = shapely.from_geojson(json.dumps(said["features"][0]["geometry"])).bounds
    assert west < SOURCE.lon < east
    assert south < SOURCE.lat < north


def test_a_curve_has_a_y_for_each_x() -> None:
    with pytest.raises(ValueError, match="2 x and 1 y"):
        Curve(
            name="c", title=HEAT.name, x_title=HEAT.name, x_unit="m", y_unit="1", x=(1.0, 2.0), y=(1.0,), model="m"
        )  # fmt: skip
