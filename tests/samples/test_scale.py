"""Benchmark sets: as many firms as asked for, each of them as valid as the city's own, the same at every run."""

import re
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
import shapely

from layers.catalogue import CATALOGUE
from layers.identifiers import organisation_code_is_valid, uscc_is_valid
from layers.validation import Terms, check
from scripts.city import crowd
from scripts.city.geography import geography
from scripts.make_city import SEED, make
from tests.conftest import ROOT

ROWS = 5000
SAMPLES = ROOT / "data" / "samples"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo city with five thousand enterprises."""
    folder = tmp_path_factory.mktemp("scaled")
    make(folder, ROWS)
    return folder


def test_there_are_exactly_as_many_as_asked_for_with_the_citys_own_first(city: Path) -> None:
    firms, own = pq.read_table(city / "enterprises.parquet"), pq.read_table(SAMPLES / "enterprises.parquet")
    assert firms.num_rows == ROWS
    assert firms.slice(0, own.num_rows).equals(own)
    assert pq.read_metadata(city / "sensors.parquet").num_rows == ROWS // 2


def test_codes_are_unique_and_their_check_characters_right(city: Path) -> None:
    codes = pq.read_table(city / "enterprises.parquet")["uscc"]
    assert pc.count_distinct(codes).as_py() == ROWS
    assert uscc_is_valid(codes.to_pylist()).all()
    assert organisation_code_is_valid([code[8:17] for code in codes.to_pylist()]).all()


def test_a_million_numbers_give_a_million_codes() -> None:
    numbers = np.arange(1_000_000, dtype=np.int64)
    codes = crowd.codes(np.full(len(numbers), "990106"), numbers)
    assert pc.count_distinct(pa.array(codes)).as_py() == len(numbers)


@pytest.mark.parametrize("name", ["enterprises", "sensors"])
def test_everything_passes_validation(city: Path, name: str) -> None:
    firms = pq.read_table(city / "enterprises.parquet")["uscc"].combine_chunks()
    known = {"enterprises": firms}
    found = check(CATALOGUE[name], pq.read_table(city / f"{name}.parquet"), Terms(on=date(2026, 11, 23), known=known))
    assert (found.errors, found.warnings) == (0, 0), list(found.listed(5))


def test_every_firm_stands_in_the_town_it_names(city: Path) -> None:
    towns = pq.read_table(city / "areas.parquet")
    shapes = dict(zip(towns["code"].to_pylist(), shapely.from_wkb(towns["geometry"].to_pylist()), strict=True))
    firms = pq.read_table(city / "enterprises.parquet").slice(857)
    points, area = shapely.from_wkb(firms["geometry"].to_pylist()), np.array(firms["area"].to_pylist())
    for town in np.unique(area):
        assert shapely.dwithin(points[area == town], shapes[town], 1e-5).all(), town


def test_phones_are_in_a_range_that_does_not_exist(city: Path) -> None:
    phones = pq.read_table(city / "enterprises.parquet")["principal_phone"].to_pylist()
    assert all(re.fullmatch(r"0999-55\d\d-\d{4}", phone) for phone in phones)


def test_the_crowd_is_the_same_at_every_run(city: Path) -> None:
    firms, points = pq.read_table(city / "enterprises.parquet"), pq.read_table(city / "sensors.parquet")
    ground = geography(np.random.default_rng(SEED))
    again = next(crowd.enterprises(SEED, ground, ROWS - 857, firms.schema))
    assert again.equals(firms.slice(857).combine_chunks())
    assert crowd.sensors(SEED, again, 2001, ROWS // 2 - 2000, points.schema).equals(points.slice(2000).combine_chunks())


def test_fewer_than_the_city_itself_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="857"):
        make(tmp_path, 100)
