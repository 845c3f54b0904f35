"""Hints of models: never above yellow, off unless asked for, right where it is easy, and scored as the page says."""

import re
from pathlib import Path

import numpy as np
import pytest

from benchmarks.hints import METHODS, counted, labelled
from core.errors import BadInputError
from monitoring.hints.changes import changes
from monitoring.hints.declared import UNVERIFIED, YELLOW, declared, hints, numbers
from monitoring.hints.evenly import evenly
from monitoring.hints.forecasting import forecast, replayed
from store.series.spans import Rows
from tests.conftest import ROOT

MINUTE = 60_000_000
LINE = {"id": "change", "shown": "1", "zh": "变点", "en": "Change", "library": "", "source": "", "status": "own",
        "scored_zh": "", "scored_en": ""}  # fmt: skip


@pytest.mark.parametrize("level", ["1", "2"])
def test_a_model_by_itself_is_never_graver_than_yellow(level: str) -> None:
    with pytest.raises(BadInputError, match="不得高于黄色"):
        declared(LINE | {"level": level})
    assert declared(LINE | {"level": "3"}).level == YELLOW
    assert all(one.level >= YELLOW for one in hints().values())


def test_hints_that_score_badly_are_off_and_say_that_nobody_verified_them() -> None:
    assert not any(one.shown for one in hints().values())
    assert UNVERIFIED.zh == "模型提示,未经核实"
    assert all(one.scored.zh and one.scored.en for one in hints().values())


def rows(minutes: np.ndarray, value: np.ndarray) -> Rows:
    none = np.full(len(value), np.nan)
    ones, zeros = np.ones(len(value), np.int64), np.zeros(len(value), np.int32)
    return Rows(minutes * MINUTE, value, value, value, ones, zeros.astype(np.int8), zeros, none)


def test_a_change_of_level_is_marked_where_it_is_and_noise_is_not() -> None:
    noise = np.random.default_rng(3).normal(size=400)
    assert changes([noise], numbers()["penalty"]).tolist() == []
    (found,) = changes([noise + np.where(np.arange(400) >= 250, 6, 0)], numbers()["penalty"])
    assert abs(int(found) - 250) <= 2


def test_what_lies_before_a_long_hole_is_not_used_and_too_little_says_nothing() -> None:
    minutes = np.concatenate([np.arange(100), np.arange(200, 300)])
    value = np.where(minutes < 150, 5.0, 7.0) + minutes % 2
    even = evenly(rows(minutes, value), 0, 300 * MINUTE, 300)
    assert even is not None
    assert (even.start, even.step, len(even)) == (200 * MINUTE, MINUTE, 100)
    assert even.value.min() == 7.0
    assert evenly(rows(minutes[:30], value[:30]), 0, 300 * MINUTE, 300) is None


def test_a_column_is_never_shorter_than_the_time_between_readings() -> None:
    minutes = np.arange(0, 6000, 60)
    even = evenly(rows(minutes, np.sin(minutes / 300.0)), 0, 6000 * MINUTE, 480)
    assert even is not None
    assert (even.step, len(even)) == (60 * MINUTE, 100)


def test_the_band_holds_about_what_it_is_meant_to_and_what_never_moves_has_none() -> None:
    rng = np.random.default_rng(7)
    held = [replayed(np.cumsum(rng.normal(size=240))) for _ in range(4)]
    assert 0.7 <= np.mean([one.coverage for one in held if one is not None]) <= 1.0
    flat = forecast(np.full(100, 3.0))
    assert (flat.low == 3.0).all()
    assert (flat.high == 3.0).all()
    assert replayed(np.arange(50.0)) is None


def test_the_page_says_the_scores_as_they_are(test_data: Path) -> None:
    page = (ROOT / "docs" / "hints.md").read_text()
    told = METHODS["ruptures, l2"][0]
    files = {one.name: one for one in labelled(test_data / "sensors")}
    assert len(files) == 9
    for name in ("skab_valve1_1", "nab_machine_temperature", "nab_ambient_temperature"):
        count = counted([files[name]], told, numbers()["penalty"], together=False)
        assert re.search(rf"\| {name} \| {len(files[name].channels)} \| {re.escape(str(count))} \|", page)
