"""The demo city moved to the day it is loaded: names, numbers and dates go on agreeing with each other."""

import re
from datetime import timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.demo.dates import moved
from core.clock import CHINA
from layers.catalogue import CATALOGUE
from tests.conftest import ROOT

SAMPLES = ROOT / "data" / "samples"


def loaded(layer: str, days: int) -> pa.Table:
    return moved(CATALOGUE[layer], pq.read_table(SAMPLES / f"{layer}.parquet"), timedelta(days=days))


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 3000))
def test_every_accident_is_named_and_numbered_by_its_local_date(days: int) -> None:
    rows = loaded("accidents", days).to_pylist()
    for row in rows:
        at = row["occurred_at"].astimezone(CHINA)
        assert re.findall(r"“(\d+·\d+)”", row["name"]) == [f"{at.month}·{at.day}"], row["code"]
        assert row["code"].startswith(f"SG{at.year}")
    assert len({row["code"] for row in rows}) == len(rows)


@pytest.mark.parametrize(
    ("layer", "field"),
    [("enterprises", "std_expiry"), ("hazard_sources", "assessed_on"), ("materials", "expiry"),
     ("materials", "checked_on"), ("notices", "expires_on"), ("schedules", "starts_at")],
)  # fmt: skip
def test_dates_that_count_from_today_move_with_it(layer: str, field: str) -> None:
    before, after = loaded(layer, 0)[field].to_pylist(), loaded(layer, 400)[field].to_pylist()
    gone = {(a - b).days if a is not None else None for a, b in zip(after, before, strict=True)}
    assert gone - {None} == {400}


def test_a_firm_was_founded_when_it_was() -> None:
    assert loaded("enterprises", 400)["founded"] == loaded("enterprises", 0)["founded"]


@pytest.mark.parametrize("layer", ["enterprises", "weather_stations", "accidents"])
def test_moving_by_no_days_changes_no_type_and_no_other_column(layer: str) -> None:
    given, answered = pq.read_table(SAMPLES / f"{layer}.parquet"), loaded(layer, 0)
    assert answered.schema.equals(given.schema)
    same = [name for name in given.column_names if name not in ("name", "code") or layer != "accidents"]
    assert answered.select(same).equals(given.select(same))
