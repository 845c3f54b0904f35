"""The grading that runs beside the server: when it is due, in one process, and seen when it fails."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from app.demo.histories import samples
from app.monitoring.grading import Grading, standing
from app.settings import Settings
from app.wiring import System, assemble
from core.actors import SYSTEM_ACTOR
from core.scope import SYSTEM_SCOPE
from layers.catalogue import CATALOGUE

NOON = datetime(2026, 11, 28, 4, tzinfo=UTC)


@pytest.fixture
def system(tmp_path: Path) -> Iterator[System]:
    made = assemble(Settings(data=tmp_path, render_workers=1), lambda: moment[0])
    moment[0] = NOON
    firms = pq.read_table(samples() / "enterprises.parquet").slice(0, 20)
    made.store.load(CATALOGUE["enterprises"], firms, actor=SYSTEM_ACTOR, reason="城市", scope=SYSTEM_SCOPE)
    yield made
    made.close()


moment = [NOON]


def test_one_process_grades_not_too_often_and_its_failure_is_kept_for_the_screens(system: System) -> None:
    mine, other = Grading(system), Grading(system)
    done = mine.run()
    assert done is not None
    assert done.scores == 20
    assert mine.run() is None, "nothing is due so soon"
    assert other.run() is None, "another process holds the lock"
    assert standing(system.settings.data).at == NOON
    mine.close()
    moment[0] = datetime(2020, 1, 1, tzinfo=UTC)  # a day on which no version of the model holds
    assert other.run() is None
    told = standing(system.settings.data)
    assert "2020-01-01" in told.fault
    assert told.at == NOON, "the last good result is still said"
    moment[0] = NOON
    third = Grading(system)
    other.close()
    assert third.run() is not None
    assert standing(system.settings.data).fault == ""
    third.close()
