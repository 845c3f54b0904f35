"""What is kept of a scenario says what the result says, and marks on each zone what must not be overlooked."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
import shapely

from core.canonical import sha256
from core.scope import Sensitivity
from emergency.chain import CHAINS, computed
from emergency.exposure import People
from emergency.keeping import Kept, Made, kept, withdrawn
from emergency.result import Result, result_of
from emergency.scenario import Scenario, read_scenario, spelt
from emergency.wind_band import Turning
from emergency.zones import Cut
from layers.catalogue import SCENARIO_BANDS, SCENARIO_ZONES, SCENARIOS
from layers.codes import code_list
from store.rows import row_of
from tests.emergency.test_scenario import CHLORINE

AT = datetime(2026, 11, 28, 2, 0, tzinfo=UTC)
TURNING = Turning(station="S1", spread=20.0, share=0.9, ahead=3600.0, pairs=900, since=AT, until=AT)
MADE = Made(code="QJ20261128-0123456789ab", by="张明", at=AT, area="990106001", enterprise="91", chemical_name="氯")


@pytest.fixture(scope="module")
def wish() -> Scenario:
    return read_scenario(CHLORINE)


@pytest.fixture(scope="module")
def result(wish: Scenario) -> Result:
    return computed(wish, at=AT, code_version="1.2", turning=TURNING)


@pytest.fixture(scope="module")
def rows(wish: Scenario, result: Result) -> Kept:
    people = tuple(
        People(severity=one.level.severity, residents=10.0 * one.level.severity, known=1.0) for one in result.zones
    )
    return kept(wish, result, people, MADE)


def test_the_rows_say_what_the_result_says(rows: Kept, result: Result) -> None:
    row = rows.scenario
    assert (row.fingerprint, row.code_version) == (result.receipt.fingerprint, "1.2")
    assert (row.verified, row.valid) == (result.verified, not result.outside)
    assert row.evidence == result.receipt.evidence
    assert [zone.distance for zone in rows.zones] == [zone.distance for zone in result.zones]
    assert [zone.value for zone in rows.zones] == [zone.level.value for zone in result.zones]
    for zone, computed_zone in zip(rows.zones, result.zones, strict=True):
        assert zone.geometry is not None
        assert shapely.equals(zone.geometry, computed_zone.shape)


def test_the_files_are_the_scenario_and_the_result_under_the_hashes_of_the_row(
    rows: Kept, wish: Scenario, result: Result
) -> None:
    assert read_scenario(rows.scenario_file.decode()) == wish
    assert rows.scenario_file.decode() == spelt(wish)
    assert result_of(rows.result_file).receipt == result.receipt
    assert rows.scenario.scenario_sha256 == sha256(rows.scenario_file)
    assert rows.scenario.result_sha256 == sha256(rows.result_file)


def test_every_row_has_the_area_enterprise_and_level_of_its_scenario(rows: Kept) -> None:
    for row in rows.rows:
        assert (row.area, row.sensitivity) == ("990106001", Sensitivity.INTERNAL)
        assert row.model_dump()["enterprise"] == "91"
    assert {zone.scenario for zone in (*rows.zones, *rows.bands)} == {MADE.code}
    assert len({zone.code for zone in rows.zones}) == len(rows.zones)


def test_a_zone_of_a_level_nobody_verified_says_so_in_both_languages(rows: Kept, result: Result) -> None:
    doubtful = [zone for zone in rows.zones if not zone.verified]
    assert len(doubtful) == sum(not zone.verified for zone in result.zones) > 0
    assert all("未核实" in zone.title and "unverified" in zone.title_en for zone in doubtful)


def test_a_cut_zone_says_so(wish: Scenario, result: Result) -> None:
    cut = replace(result, zones=tuple(replace(one, cut=Cut.MODEL_RANGE) for one in result.zones))
    assert all("截断" in zone.title and zone.cut == "model-range" for zone in kept(wish, cut, None, MADE).zones)


def test_bands_are_kept_where_a_station_saw_the_wind(wish: Scenario, rows: Kept) -> None:
    assert len(rows.bands) == len(rows.zones)
    for zone, band in zip(rows.zones, rows.bands, strict=True):
        assert zone.geometry is not None
        assert band.geometry is not None
        assert band.geometry.area > zone.geometry.area
    assert kept(wish, computed(wish, at=AT, code_version="1.2"), None, MADE).bands == ()


def test_people_that_were_not_counted_are_none_and_not_nought(wish: Scenario, result: Result) -> None:
    assert {zone.residents for zone in kept(wish, result, None, MADE).zones} == {None}


def test_a_level_that_is_reached_nowhere_is_kept_without_a_place(wish: Scenario, result: Result) -> None:
    nowhere = tuple(
        replace(one, shape=shapely.Polygon(), band=shapely.Polygon(), distance=0.0, area=0.0) for one in result.zones
    )
    found = kept(wish, replace(result, zones=nowhere), None, MADE)
    assert [(zone.reached, zone.geometry) for zone in found.zones] == [(False, None)] * len(nowhere)
    assert found.bands == ()
    assert found.scenario.farthest == 0.0


def test_a_withdrawn_scenario_keeps_what_it_was(rows: Kept) -> None:
    after = withdrawn(rows.scenario, at=AT, why="气象录入有误")
    assert (after.state, after.withdrawn_why) == ("withdrawn", "气象录入有误")
    assert after.fingerprint == rows.scenario.fingerprint


def test_every_row_is_one_the_store_takes(rows: Kept) -> None:
    layers = [SCENARIOS, *[SCENARIO_ZONES] * len(rows.zones), *[SCENARIO_BANDS] * len(rows.bands)]
    for layer, row in zip(layers, rows.rows, strict=True):
        assert row_of(layer, row)[layer.key].startswith(MADE.code)


def test_every_kind_that_can_be_computed_and_every_cut_has_its_word() -> None:
    assert set(CHAINS) <= {code.code for code in code_list("release_kind")}
    assert {str(one.value) for one in Cut} == {code.code for code in code_list("zone_cut")}
