"""Many weathers: each row is what the scenario alone comes to, whoever computes it and whichever way the wind blows."""

import json
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from shapely.geometry.base import BaseGeometry

from core.errors import BadInputError, FaultsError
from emergency.chain import computed
from emergency.scenario import scenario
from emergency.sweep import sweep, swept
from emergency.weathers import every_combination, read_weathers, weathers
from gis.shapes import Bounds
from gis.zonal import Grid, Inside, insides
from tests.emergency.test_chain import AT
from tests.emergency.test_commands import said
from tests.emergency.test_field import DIRECT, asked
from tests.emergency.test_scenario import CHLORINE, with_change

WINDS = {"wind_speed": [1.5, 4.0, 9.0], "stability": ["A", "D", "F"], "wind_from": [45.0, 200.0]}


@pytest.mark.parametrize("kind", ["passive", "dense", "pool", "tnt", "fireball"])
def test_each_row_is_what_the_scenario_comes_to_in_that_weather(kind: str) -> None:
    wish, table = asked(kind), every_combination(WINDS)
    rows = swept(wish, table, code_version="test").to_pylist()
    assert len(rows) == 18
    for row, (weather, _) in zip(rows, weathers(wish, table), strict=True):
        alone = computed(wish.model_copy(update={"weather": weather}), at=AT, code_version="test")
        assert row["stability"] == weather.stability
        assert row["wind_from_deg"] == weather.wind_from
        assert row["valid"] == (not alone.outside)
        for zone in alone.zones:
            level = f"level_{zone.level.severity}"
            assert row["model"] == zone.model
            assert row[f"{level}_distance_m"] == pytest.approx(zone.distance, rel=1e-3, abs=0.1)
            assert row[f"{level}_area_m2"] == pytest.approx(zone.area, rel=0.02, abs=1.0)
            assert row[f"{level}_cut"] == zone.cut


def test_the_automatic_choice_is_made_in_each_weather_and_named() -> None:
    wish = scenario(with_change(release=DIRECT | {"mass_rate": "0.004 kg/s"}))
    found = swept(wish, every_combination({"wind_speed": [1.0, 2.0, 5.0, 12.0]}), code_version="test")
    assert set(found["model"].to_pylist()) == {"britter-mcquaid-plume", "aloha-passive"}


def test_processes_give_the_same_table_as_one() -> None:
    table = every_combination({"wind_speed": np.linspace(1.0, 9.0, 9).tolist(), "stability": list("ADF")})
    one = swept(asked("passive"), table, code_version="test")
    batches = list(sweep(asked("passive"), table, code_version="test", workers=2, batch=5))
    assert pa.concat_tables([batch.table for batch in batches]) == one
    assert [batch.done for batch in batches] == [5, 10, 15, 20, 25, 27]
    assert {batch.total for batch in batches} == {27}


def test_a_sweep_may_be_stopped_early() -> None:
    with closing(sweep(asked("passive"), every_combination(WINDS), code_version="test", workers=2, batch=2)) as found:
        assert next(found).done == 2


def test_the_table_says_what_it_is_of() -> None:
    found = swept(asked("passive"), every_combination(WINDS), code_version="test")
    about = json.loads(found.schema.metadata[b"onemap"])
    assert about["code_version"] == "test"
    assert about["scenario"] == computed(asked("passive"), at=AT, code_version="test").receipt.fingerprint
    assert [level["value"] for level in about["levels"]] == [20.0, 2.0, 0.5]
    assert not any(level["verified"] for level in about["levels"])
    again = swept(asked("passive"), every_combination(WINDS), code_version="test")
    assert json.loads(again.schema.metadata[b"onemap"])["fingerprint"] == about["fingerprint"]
    other = swept(asked("passive"), every_combination({"wind_speed": [2.0]}), code_version="test")
    assert json.loads(other.schema.metadata[b"onemap"])["fingerprint"] != about["fingerprint"]


def test_a_weather_the_model_refuses_keeps_its_row_with_the_reason() -> None:
    hole = {
        "kind": "gas-hole", "hole_diameter": "10 mm", "upstream_pressure": "1.2 bar", "upstream_temperature": "20 °C",
        "mass": "100 kg", "duration": "10 min",
    }  # fmt: skip
    table = pa.table({"ambient_pressure": [100_000.0, 150_000.0, 101_000.0]})
    rows = swept(scenario(with_change(release=hole)), table, code_version="test").to_pylist()
    assert [bool(row["error_zh"]) for row in rows] == [False, True, False]
    assert rows[1]["valid"] is False
    assert rows[1]["level_1_distance_m"] is None
    assert rows[1]["mass_rate_kg_s"] is None
    assert "没有泄漏" in rows[1]["error_zh"]


def test_weak_wind_is_outside_what_the_method_is_for() -> None:
    (row,) = swept(asked("passive"), pa.table({"wind_speed": [0.5]}), code_version="test").to_pylist()
    assert row["outside"] == "wind_speed"
    assert row["valid"] is False


def test_frequencies_and_units_are_read_and_what_is_left_out_is_the_scenarios() -> None:
    table = pa.table({"wind_speed": ["2 m/s", "18 km/h"], "frequency": [0.25, 0.75]})
    found = swept(asked("passive"), table, code_version="test").to_pylist()
    assert [row["wind_speed_m_s"] for row in found] == [2.0, 5.0]
    assert [row["frequency"] for row in found] == [0.25, 0.75]
    assert {row["ambient_temperature_K"] for row in found} == {281.65}


@pytest.mark.parametrize(
    ("table", "named"),
    [
        ({"wind_sped": [1.0]}, "wind_sped"),
        ({"wind_speed": [2.0, -3.0]}, "wind_speed"),
        ({"stability": ["D", "G"]}, "stability"),
        ({"frequency": [1.5]}, "frequency"),
        ({"wind_speed": pa.array([], pa.float64())}, "0 "),
    ],
)
def test_a_wrong_table_is_named_before_anything_is_computed(table: dict[str, Any], named: str) -> None:
    with pytest.raises(BadInputError, match=named):
        next(sweep(asked("passive"), pa.table(table), code_version="test"))


def test_every_wrong_row_is_told_at_once() -> None:
    with pytest.raises(FaultsError) as caught:
        swept(asked("passive"), pa.table({"wind_speed": [2.0, -3.0, 4.0, -1.0]}), code_version="test")
    assert [fault.row for fault in caught.value.faults] == [2, 4]


def test_people_are_counted_in_zones_turned_with_the_wind() -> None:
    wish = asked("passive")
    place = wish.place
    box = Bounds(place.lon - 0.2, place.lat - 0.2, place.lon + 0.2, place.lat + 0.2)
    cells = np.tile(np.linspace(0.0, 10.0, 800), (800, 1))  # more of them to the east

    def people(shapes: Sequence[BaseGeometry]) -> Sequence[Inside]:
        return insides([Grid(cells, box)], shapes)

    table = every_combination({"wind_from": [270.0, 90.0, 33.0], "stability": ["D"]})
    rows = swept(wish, table, code_version="test", people=people).to_pylist()
    for row, (weather, _) in zip(rows, weathers(wish, table), strict=True):
        alone = computed(wish.model_copy(update={"weather": weather}), at=AT, code_version="test")
        counted = people([zone.shape for zone in alone.zones])
        assert [row[f"level_{n}_residents"] for n in (1, 2, 3)] == pytest.approx(
            [one.total for one in counted], rel=1e-6
        )
        assert row["level_3_known"] == pytest.approx(1.0)
    assert rows[0]["level_3_residents"] > rows[1]["level_3_residents"]


def test_the_command_writes_a_table_by_its_ending(tmp_path: Path) -> None:
    file = tmp_path / "one.yaml"
    file.write_text(CHLORINE)
    out, csv = tmp_path / "out.parquet", tmp_path / "out.csv"
    words = ("scenario", "sweep", str(file), "--workers", "1")
    said(*words, "--vary", "wind_speed=2,5", "--vary", "stability=D,F", "-o", str(out))
    found = pq.read_table(out)
    assert found["wind_speed_m_s"].to_pylist() == [2.0, 2.0, 5.0, 5.0]
    assert b"onemap" in found.schema.metadata
    given = tmp_path / "given.csv"
    given.write_text("wind_speed,stability,frequency\n2 m/s,D,0.5\n5 m/s,F,0.5\n")
    said(*words, "--weathers", str(given), "-o", str(csv))
    assert csv.read_text().startswith('"row","wind_speed_m_s"')
    assert read_weathers(given).num_rows == 2
    for wrong in (("-o", "x.xlsx"), ("-o", str(out)), ("-o", str(out), "--rose"), ("-o", str(out), "--vary", "x")):
        with pytest.raises(BadInputError):
            said(*words, *wrong)
