"""Doubts about readings: what is injected is found, what is sound is left alone, and batches may be cut anywhere."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from monitoring.quality import Flag, Quality, State, parameters, standing
from monitoring.quality.parameters import Parameters, Point, practice
from store.series.days import ANSWER

SECOND = 1_000_000
START = int(datetime(2026, 11, 28, tzinfo=UTC).timestamp()) * SECOND


def judged(
    given: Parameters,
    values: NDArray[np.float64],
    step: float = 1.0,
    cut: int | None = None,
    arrived: int | None = None,
) -> tuple[NDArray[np.int8], NDArray[np.int32]]:
    """The quality and flags of one point's values at even steps, in batches of `cut`."""
    quality = Quality(given)
    at = START + (np.arange(len(values)) * step * SECOND).astype(np.int64)
    found = []
    for begin in range(0, len(values), cut or len(values)):
        part = slice(begin, begin + (cut or len(values)))
        now = at[part] if arrived is None else np.full(len(at[part]), arrived)
        count = len(at[part])
        found.append(quality.judge(np.zeros(count, np.int32), at[part], values[part], np.zeros(count, np.int8), now))
    return np.concatenate([one for one, _ in found]), np.concatenate([other for _, other in found])


def flagged(flags: NDArray[np.int32], flag: Flag) -> list[int]:
    return np.flatnonzero(flags & flag).tolist()


TANK = parameters([Point(kind="pressure", low=0.0, high=100.0)])
GAS = parameters([Point(kind="combustible", low=0.0, high=100.0)])


def wobbling(count: int, level: float = 50.0, seed: int = 1) -> NDArray[np.float64]:
    return level + np.random.default_rng(seed).normal(0, 0.2, count)


def test_what_lies_beyond_the_range_is_bad_and_no_value_is_missing() -> None:
    quality, flags = judged(TANK, np.array([99.0, 100.0, 100.1, -0.1, np.nan, 99.5]))
    assert quality.tolist() == [0, 0, 2, 2, 3, 0]
    assert flagged(flags, Flag.RANGE) == [2, 3]


def test_one_reading_far_out_is_a_spike_and_a_new_level_is_doubted_once() -> None:
    values = wobbling(200)
    values[50] = 95.0
    values[120:] += 40.0
    quality, flags = judged(TANK, values)
    assert flagged(flags, Flag.SPIKE) == [50, 120]
    assert (int(quality[50]), int(quality.sum())) == (1, 2)


def test_the_same_value_for_an_hour_is_stuck_and_clean_air_is_not() -> None:
    values = wobbling(200)
    values[60:160] = values[60]
    _, flags = judged(TANK, values, step=60.0)
    assert flagged(flags, Flag.STUCK) == list(range(120, 160))
    assert not judged(GAS, np.zeros(500), step=60.0)[1].any()


def test_a_detector_that_never_comes_back_to_clean_air_has_drifted() -> None:
    hours = np.arange(0, 96 * 60)
    value = np.abs(np.random.default_rng(2).normal(0, 0.3, len(hours)))
    leak = value.copy()
    leak[24 * 60 : 30 * 60] = 40.0
    assert not flagged(judged(GAS, leak, step=60.0)[1], Flag.DRIFT), "a leak of six hours is no drift"
    drifted = value + np.clip((hours / 60 - 24) * 0.5, 0, 12)
    first = flagged(judged(GAS, drifted, step=60.0)[1], Flag.DRIFT)[0]
    assert 34 * 60 < first <= 60 * 60, "past the tolerance after 34 h, and then a whole span of 12 h"


def test_a_clock_ahead_of_ours_and_a_source_that_doubts_itself_are_said() -> None:
    quality, flags = judged(TANK, wobbling(3), arrived=START - 60 * SECOND)
    assert (flags.tolist(), quality.tolist()) == ([Flag.SKEW] * 3, [1] * 3)
    one = Quality(TANK)
    point, at = np.zeros(2, np.int32), np.array([START, START + SECOND])
    found = one.judge(point, at, np.array([50.0, 50.1]), np.array([1, 2], np.int8), at)
    assert (found[0].tolist(), found[1].tolist()) == ([1, 2], [Flag.SOURCE] * 2)


def test_a_late_reading_changes_nothing_that_was_said_before_and_after() -> None:
    values = wobbling(100)
    one, other = Quality(TANK), Quality(TANK)
    at = START + np.arange(100, dtype=np.int64) * SECOND
    point, sound = np.zeros(100, np.int32), np.zeros(100, np.int8)
    for quality in (one, other):
        quality.judge(point[:50], at[:50], values[:50], sound[:50], at[:50])
    late = one.judge(point[:2], at[10:12] - 1, np.array([99.0, 101.0]), sound[:2], at[50:52])
    assert late[1].tolist() == [0, Flag.RANGE]
    rest = [quality.judge(point[50:], at[50:], values[50:], sound[50:], at[50:]) for quality in (one, other)]
    assert (rest[0][1] == rest[1][1]).all()


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 70), st.integers(0, 5))
def test_the_same_is_said_however_the_readings_are_cut_into_batches(cut: int, seed: int) -> None:
    """But for the usual step, which is learnt from whole batches: the range alone decides here."""
    rng = np.random.default_rng(seed)
    values = np.round(rng.normal(50, 3, 400), 0)
    values[100:260] = 47.0
    values[rng.integers(0, 400, 5)] = 95.0
    whole, parts = judged(TANK, values, step=60.0), judged(TANK, values, step=60.0, cut=cut)
    assert (whole[1] == parts[1]).all()
    assert (whole[0] == parts[0]).all()


def channels(data: Path) -> dict[str, tuple[NDArray[np.float64], float]]:
    """Sound series of real plants: a water loop by the second (SKAB) and a process by three minutes (TEP)."""
    found = {}
    loop = np.genfromtxt(data / "sensors/skab_anomaly-free_anomaly-free.csv", delimiter=";", skip_header=1)
    for column, name in ((3, "current"), (5, "temperature"), (6, "thermocouple"), (7, "voltage")):
        found[name] = (loop[:, column], 1.0)
    process = np.loadtxt(data / "sensors/tep_d00_te.dat")
    for column in (1, 6, 8, 10, 12):
        found[f"process {column}"] = (process[:, column], 180.0)
    return found


def test_sound_series_are_left_alone_and_injected_faults_are_found(test_data: Path) -> None:
    """Real readings: 1 in 1,000 doubted at most while nothing is wrong; 19 of 20 spikes found, a stuck one always."""
    doubted = total = spikes = stuck = 0
    sound = channels(test_data)
    for number, (values, step) in enumerate(sound.values()):
        low, high = np.percentile(values, 0.1), np.percentile(values, 99.9)
        given_range = Point(low=float(low - 2 * (high - low)), high=float(high + 2 * (high - low)))
        given = parameters([given_range])
        doubted += int((judged(given, values, step, cut=100)[1] != 0).sum())
        total += len(values)
        rng = np.random.default_rng(number)
        spiked, places = values.copy(), np.sort(rng.choice(np.arange(100, len(values) - 1, 7), 20, replace=False))
        spiked[places] += rng.choice([-1, 1], 20) * 1.9 * (high - low)
        spikes += len(set(flagged(judged(given, spiked, step, cut=100)[1], Flag.SPIKE)) & set(places.tolist()))
        held = values.copy()
        need = int(practice()["stuck_time", ""] / step) + 40
        begin = len(values) // 10
        held[begin : begin + need] = held[begin]
        stuck += bool(flagged(judged(given, held, step, cut=100)[1], Flag.STUCK))
    assert doubted <= total / 1000, f"{doubted} of {total}"
    assert spikes >= 0.95 * 20 * len(sound), spikes
    assert stuck == len(sound)


def test_the_last_good_value_is_not_the_present_one() -> None:
    now = datetime(2026, 11, 28, 12, tzinfo=UTC)
    ages = [
        timedelta(seconds=30),
        timedelta(seconds=30),
        timedelta(seconds=30),
        timedelta(seconds=30),
        timedelta(hours=1),
    ]
    latest = pa.table(
        {
            "key": list("abcde"), "element": ["value"] * 5, "at": [now - age for age in ages],
            "value": [1.0, 2.0, 3.0, None, 5.0], "quality": [0, 1, 2, 3, 0], "flags": [0, 4, 1, 0, 0],
            "arrived": [now] * 5,
        },
        schema=ANSWER,
    )  # fmt: skip
    table = standing(latest, np.full(5, 60.0), now)
    assert table["state"].to_pylist() == [State.KNOWN, State.DOUBTFUL, *[State.UNKNOWN] * 3]
    assert table["value"].to_pylist() == [1.0, 2.0, None, None, None]
    assert table["said"].to_pylist() == [1.0, 2.0, 3.0, None, 5.0]
    assert table["age"].to_pylist() == [30.0] * 4 + [3600.0]
    assert table["flags"].to_pylist() == [0, 4, 1, 0, Flag.SILENT]


def test_a_clock_that_is_ahead_makes_nothing_younger_than_its_arrival() -> None:
    now = datetime(2026, 11, 28, 12, tzinfo=UTC)
    ahead = {"at": [now + timedelta(minutes=10)], "arrived": [now - timedelta(minutes=5)], "flags": [int(Flag.SKEW)]}
    same = {"key": ["a"], "element": ["value"], "value": [1.0], "quality": [1]}
    (row,) = standing(pa.table(same | ahead, schema=ANSWER), np.full(1, 60.0), now).to_pylist()
    assert (row["state"], row["value"], row["age"]) == (State.UNKNOWN, None, 300.0)
    assert row["flags"] == Flag.SKEW | Flag.SILENT


@pytest.mark.parametrize("flag", list(Flag))
def test_every_doubt_has_its_words(flag: Flag) -> None:
    assert flag.label.zh


def test_every_parameter_has_a_source_and_says_it_is_ours() -> None:
    lines = (Path(__file__).parents[2] / "monitoring/quality/data/practice.csv").read_text("utf-8").splitlines()
    assert all(",OneMap,own," in line for line in lines[1:])
