"""Scenarios as files: units as people write them, every fault named, the same after a round trip."""

import math
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInputError, FaultsError
from emergency.scenario import read_scenario, scenario, spelt
from emergency.written import SPELLINGS, read, written

CHLORINE = """
title: 阀门泄漏,12 mm
place: {lon: 121.62, lat: 33.21}
chemical: 7782-50-5
release: {kind: direct, mass_rate: 36 kg/min, duration: 30 min}
weather:
  wind_speed: 3.2 m/s
  wind_from: 45 deg
  stability: D
  ambient_temperature: 8.5 °C
  relative_humidity: 60 %
"""


def with_change(**changed: Any) -> dict[str, Any]:
    said: dict[str, Any] = yaml.safe_load(CHLORINE)
    for path, value in changed.items():
        into, *names = said, *path.split("__")
        for name in names[:-1]:
            into = into[name]
        into[names[-1]] = value
    return said


def test_a_file_is_read_into_si() -> None:
    found = read_scenario(CHLORINE)
    assert found.release.kind == "direct"
    assert found.release.mass_rate == pytest.approx(0.6)
    assert found.release.duration == 1800.0
    assert found.weather.ambient_temperature == 281.65
    assert found.weather.relative_humidity == pytest.approx(0.6)


def test_a_scenario_is_the_same_after_being_written_and_read() -> None:
    found = read_scenario(CHLORINE)
    assert read_scenario(spelt(found)) == found
    assert scenario(found.inputs()) == found


@pytest.mark.parametrize(
    ("path", "value", "field", "word"),
    [
        ("release__mass_rate", "36 kg/fortnight", "release.direct.mass_rate", "kg/min"),
        ("release__mass_rate", "-1 kg/s", "release.direct.mass_rate", "泄漏速率"),
        ("release__mass_rate", True, "release.direct.mass_rate", "kg/s"),
        ("weather__wind_from", "400 deg", "weather.wind_from", "360"),
        ("weather__wind_speed", "nan", "weather.wind_speed", "m/s"),
        ("weather__stability", "G", "weather.stability", "A"),
        ("chemical", "chlorine", "chemical", r"\d{2}"),
        ("release__kind", "meteor", "release", "direct"),
        ("place__lat", 121, "place.lat", "90"),
        ("colour", "red", "colour", "没有这一项"),
    ],
)
def test_each_wrong_field_is_named_with_what_is_allowed(path: str, value: object, field: str, word: str) -> None:
    with pytest.raises(FaultsError) as refused:
        scenario(with_change(**{path: value}))
    (fault,) = refused.value.faults
    assert fault.field == field
    assert word in fault.rule.zh
    assert word in fault.rule.en or word in ("泄漏速率", "没有这一项")
    assert "Input should" not in fault.rule.zh


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(FaultsError) as refused:
        scenario(with_change(chemical="x", weather__stability="G", place__lon=999))
    assert {one.field for one in refused.value.faults} == {"chemical", "weather.stability", "place.lon"}


@pytest.mark.parametrize("text", ["[1, 2]", "a: [", "!!python/object:os.system {}", "x" * 300_000])
def test_what_is_no_scenario_is_refused_in_words(text: str) -> None:
    with pytest.raises(BadInputError):
        read_scenario(text)


WAYS = [(unit, way) for unit, ways in SPELLINGS.items() for way in ways]


@given(st.sampled_from(WAYS), st.floats(-1e9, 1e9))
def test_what_is_written_is_read_back(way: tuple[str, str], value: float) -> None:
    unit, spelling = way
    back = read(written(value, unit, spelling), unit)
    assert math.isclose(back, value, rel_tol=1e-9, abs_tol=1e-9 * SPELLINGS[unit][spelling].factor * 1e3)


@pytest.mark.parametrize("said", ["", "mm", "1 2 m", "1e999 m", "0x10 m", "½ m", None, [1]])
def test_what_is_no_quantity_is_refused(said: object) -> None:
    with pytest.raises(BadInputError, match="mm"):
        read(said, "m")
