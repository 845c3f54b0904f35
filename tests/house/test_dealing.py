"""How the tests of a whole run are dealt out to the workers."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from tests.conftest import BESIDE, ByCity

TESTS = (
    "tests/browser/test_hall.py::test_a", "tests/emergency/test_long.py::test_a",
    "tests/ogc/test_wms_styles.py::test_a",
    "tests/emergency/test_short.py::test_a", "tests/emergency/test_short.py::test_b", "tests/app/test_new.py::test_a",
    "tests/emergency/test_new.py::test_a", "tests/gis/test_short.py::test_a",
)  # fmt: skip
COSTS = {
    "tests/browser/test_hall.py": 60.0, "tests/emergency/test_long.py": 40.0, "tests/ogc/test_wms_styles.py": 5.0,
    "tests/emergency/test_short.py": 10.0, "tests/gis/test_short.py": 1.0,
}  # fmt: skip


class Node:
    """A worker as the scheduler sees it."""

    def __init__(self, name: str) -> None:
        self.gateway = SimpleNamespace(id=name)
        self.shutting_down = False
        self.sent: list[str] = []

    def send_runtest_some(self, indexes: Sequence[int]) -> None:
        self.sent += [TESTS[index] for index in indexes]

    def shutdown(self) -> None:
        self.shutting_down = True


def test_the_worker_beside_takes_what_computes_and_is_short_and_the_others_all_the_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tests.conftest.recorded_costs", lambda: COSTS)
    monkeypatch.setenv(BESIDE, "gw1")
    options = SimpleNamespace(loadscopereorder=True, debug=False, verbose=0)
    config: Any = SimpleNamespace(option=options, getvalue=lambda name: ["2*popen"] if name == "tx" else None)
    dealing = ByCity(config)
    other, beside = Node("gw0"), Node("gw1")
    for node in (other, beside):
        dealing.add_node(node)
        dealing.add_node_collection(node, TESTS)
    dealing.schedule()
    while not dealing.tests_finished:
        for node in (beside, other):
            done = sum(map(sum, (unit.values() for unit in dealing.assigned_work[node].values())))
            if done < len(node.sent):
                dealing.mark_test_complete(node, TESTS.index(node.sent[done]))
    assert set(beside.sent) == {*TESTS[3:5], TESTS[7]}
    assert set(other.sent) == set(TESTS) - set(beside.sent)
    assert beside.shutting_down
    assert other.shutting_down
