"""The demo city's histories come from a process of their own."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from app.demo.histories import Histories
from app.demo.history import keep_history
from store.series import READINGS
from store.series.bulk import keep_days

NOW = datetime(2026, 11, 28, 12, 34, tzinfo=UTC)


def test_a_history_that_could_not_be_kept_stops_the_load(tmp_path: Path) -> None:
    (tmp_path / "series").write_text("a file where the folder should be")
    with Histories(tmp_path / "series", NOW) as histories, pytest.raises(subprocess.CalledProcessError):
        histories.kept()


def test_a_history_that_is_there_is_not_computed_again(tmp_path: Path) -> None:
    one = pa.table([["sensors"], ["S1"], ["value"], [NOW], [1.0], [0]], schema=READINGS)
    keep_days(tmp_path, one)
    assert keep_history(tmp_path, NOW) == 0
    assert len(list((tmp_path / "days").iterdir())) == 1
