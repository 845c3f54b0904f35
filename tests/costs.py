"""What each test file costs in processor time, its servers included: on a machine with other work the clock lies.

`make durations` loads it (`pytest -p tests.costs`); with `--keep-costs` it writes down, for the order in which a run
deals out files, what was measured.
"""

import csv
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import COSTS, recorded_costs, together
from tests.postgres import SERVERS

TICKS = os.sysconf("SC_CLK_TCK")
SHOWN = 40
"""So many of the dearest files and tests are named; the rest is in the sums."""

LOOKS = 5
"""The system's list of a process's children may leave one out while others begin or end: without a second look all that
it ever spent would be counted again with the next test."""


def _spent() -> float:
    now = os.times()
    own = now.user + now.system + now.children_user + now.children_system
    return own + sum(map(_running, (*_children(os.getpid()), *SERVERS)))


def _running(process: int) -> float:
    """What a process that still runs, its children and theirs have spent."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:  # it has just ended
        return 0.0
    return sum(int(field) for field in fields[11:15]) / TICKS + sum(map(_running, _children(process)))


def _children(process: int) -> list[int]:
    try:
        listed = [one.read_text() for one in Path(f"/proc/{process}/task").glob("*/children")]
    except OSError:
        return []
    return [int(child) for text in listed for child in text.split()]


class Costs:
    """Each phase of a test takes what was spent since the one before, a shared server's work too."""

    def __init__(self) -> None:
        self.before = _spent()
        self.tests: Counter[str] = Counter()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self) -> Iterator[Any]:
        report = yield
        now = _spent()
        for _ in range(LOOKS):
            if now >= self.before:
                break
            now = max(now, _spent())
        report.spent, self.before = max(0.0, now - self.before), now  # less: somebody ended whose parent did not wait
        return report

    def pytest_runtest_logreport(self, report: Any) -> None:
        self.tests[report.nodeid] += getattr(report, "spent", 0.0)

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        files: Counter[str] = Counter()
        folders: Counter[str] = Counter()
        for nodeid, seconds in self.tests.items():
            file = nodeid.partition("::")[0]
            files[file] += seconds
            folders[file.rpartition("/")[0]] += seconds
        for title, found in (("folders", folders), ("files", files), ("tests", self.tests)):
            terminalreporter.section(f"processor seconds by {title}, {sum(found.values()):.0f} in all")
            for name, seconds in found.most_common(SHOWN):
                terminalreporter.write_line(f"{seconds:8.1f}  {name}")
        if terminalreporter.config.getoption("--keep-costs"):
            self.keep()

    def keep(self) -> None:
        """Write down what was measured, and leave what stands there of everything else."""
        found: Counter[str] = Counter()
        for nodeid, seconds in self.tests.items():
            found[together(nodeid)] += seconds
        known = {**recorded_costs(), **found}
        rows = sorted(((name, round(spent)) for name, spent in known.items()), key=lambda row: (-row[1], row[0]))
        with COSTS.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([("together", "seconds"), *rows])


def pytest_addoption(parser: pytest.Parser) -> None:
    """Ask for the figures to be kept."""
    parser.addoption("--keep-costs", action="store_true", help="write the figures to tests/costs.csv")


def pytest_configure(config: pytest.Config) -> None:
    """Count, in every worker."""
    config.pluginmanager.register(Costs(), "costs")
