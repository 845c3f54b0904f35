"""Of all processes that share a store one has the turn of a task, on both engines."""

from pathlib import Path

import pytest

from store.turns import Turn, open_turn


def one_at_a_time(first: Turn, second: Turn) -> None:
    try:
        assert first.held()
        assert first.held()
        assert not second.held()
        first.release()
        assert second.held()
        assert not first.held()
    finally:
        first.release()
        second.release()


def test_one_of_those_that_share_a_folder_has_the_turn(tmp_path: Path) -> None:
    one_at_a_time(open_turn(tmp_path, None, "alarms"), open_turn(tmp_path, None, "alarms"))


@pytest.mark.postgis
def test_one_of_those_that_share_a_database_has_the_turn(postgres_url: str, tmp_path: Path) -> None:
    apart = tmp_path / "another"
    one_at_a_time(open_turn(tmp_path, postgres_url, "test"), open_turn(apart, postgres_url, "test"))
