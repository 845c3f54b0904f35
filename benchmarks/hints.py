"""The hints held against labelled series: `python -m benchmarks.hints --data DIR [--write docs/hints.md]`.

DIR holds SKAB, Tennessee Eastman and NAB files as their authors publish them. Change points are counted with the sets'
own labels: SKAB's change points 30 rows to either side, TEP's fault from row 160 (to 30 rows after), NAB's windows. The
penalty is chosen on one half of the files and counted on the other, and the other way round. Forecasts are made 24
columns ahead from eight moments of the later half of each file.
"""

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from monitoring.hints.changes import LEVEL, SLOPE, changes, scaled
from monitoring.hints.declared import numbers
from monitoring.hints.forecasting import replayed

Floats = NDArray[np.float64]
NEAR = 30
"""Rows to either side of a labelled change that count as found; SKAB's own window is 60 s, a row a second."""

FAULT = 160
"""The faults of the Tennessee Eastman test files begin 8 hours in, a row each three minutes (Russell et al.)."""

CONTINUOUS = 22
"""XMEAS 1 to 22 are measured continuously; the rest are analysers that hold their value, and valves."""

FACTORS = (1.0, 3.0, 10.0, 30.0, 100.0)
STEPS = (4.0, 6.0, 10.0, 15.0, 25.0)
HALF = ("skab_valve1_0", "tep_d04", "nab_machine_temperature")
"""The one half; the other is every file besides."""

PUBLISHED = (
    ("SKAB, 34 files, all channels, NAB score (100 is perfect, 0 says nothing)",
     "isolation forest 37.5, LSTM 25.8, T² 17.9, autoencoder 15.6, T²+Q 5.8 (README of waico/SKAB)"),
    ("NAB machine temperature, 4 windows, score of the set (4 is perfect, -4 says nothing)",
     "Numenta HTM 2.89, bayesChangePt -2.88, windowedGaussian -4.00 (results/ of numenta/NAB)"),
    ("NAB ambient temperature, 2 windows (2 is perfect, -2 says nothing)",
     "Numenta HTM 1.32, bayesChangePt -2.00, windowedGaussian -2.00 (the same)"),
)  # fmt: skip

Spans = tuple[tuple[float, float], ...]
Told = Callable[[Sequence[Floats], float], NDArray[np.int64]]


@dataclass(frozen=True, kw_only=True)
class Labelled:
    """One file in columns as a chart cuts it; `found` are the spans in which a mark is right, in columns."""

    name: str
    channels: tuple[Floats, ...]
    found: Spans


@dataclass
class Count:
    """Labels found and missed, marks that are at none."""

    found: int = 0
    missed: int = 0
    false: int = 0

    def add(self, marks: NDArray[np.int64], spans: Spans) -> None:
        """One series more."""
        inside = [[a <= mark <= b for a, b in spans] for mark in marks.tolist()]
        hit = np.any(np.array(inside, bool).reshape(len(inside), len(spans)), axis=0)
        self.found += int(hit.sum())
        self.missed += len(spans) - int(hit.sum())
        self.false += sum(not any(row) for row in inside)

    @property
    def f1(self) -> float:
        """One number for choosing."""
        return 2 * self.found / max(1, 2 * self.found + self.missed + self.false)

    def __str__(self) -> str:
        labels = self.found + self.missed
        scored = f", F1 {self.f1:.2f}" if labels else ""
        return f"{self.found} of {labels}, {self.false} false{scored}"


def cut(name: str, rows: Floats, spans: Sequence[tuple[int, int]]) -> Labelled:
    """A file in columns: the last row of each."""
    step = -(-len(rows) // int(numbers()["columns"]))
    last = np.append(np.arange(step - 1, len(rows) - 1, step), len(rows) - 1)
    moving = [column for column in rows[last].T if np.ptp(column) > 0]
    return Labelled(name=name, channels=tuple(moving), found=tuple((a / step, b / step) for a, b in spans))


def labelled(data: Path) -> Iterator[Labelled]:
    """Every file with its labels."""
    for name in ("skab_valve1_0", "skab_valve1_1", "skab_other_1", "skab_anomaly-free_anomaly-free"):
        table = pd.read_csv(data / f"{name}.csv", sep=";")
        marks = np.flatnonzero(table["changepoint"] == 1) if "changepoint" in table else []
        rows = table.drop(columns=["datetime", "anomaly", "changepoint"], errors="ignore").to_numpy(float)
        yield cut(name, rows, [(int(one) - NEAR, int(one) + NEAR) for one in marks])
    for name in ("d00", "d01", "d04"):
        rows = np.loadtxt(data / f"tep_{name}_te.dat")[:, :CONTINUOUS]
        yield cut(f"tep_{name}", rows, [] if name == "d00" else [(FAULT, FAULT + NEAR)])
    windows = json.loads((data / "nab_combined_windows.json").read_text())
    for name in ("machine_temperature", "ambient_temperature"):
        table = pd.read_csv(data / f"nab_{name}.csv", parse_dates=["timestamp"])
        known = [pd.to_datetime(one) for one in windows[f"realKnownCause/{name}_system_failure.csv"]]
        spans = [tuple(int(n) for n in table["timestamp"].searchsorted(one)) for one in known]
        yield cut(f"nab_{name}", table[["value"]].to_numpy(float), [(one[0], one[1]) for one in spans])


def stepped(values: Sequence[Floats], size: float) -> NDArray[np.int64]:
    """Naive, by the previous value: a step of some usual steps."""
    steps = [np.abs(np.diff(value)) / (float(np.median(np.abs(np.diff(value)))) or np.inf) for value in values]
    return _apart(np.flatnonzero(np.max(steps, axis=0) > size) + 1)


def away(values: Sequence[Floats], size: float) -> NDArray[np.int64]:
    """Naive, by the mean: where a series leaves its own middle by some spreads."""
    beyond = np.max([np.abs(scaled(value)) for value in values], axis=0) > size / 4
    return _apart(np.flatnonzero(beyond[1:] & ~beyond[:-1]) + 1)


def _apart(marks: NDArray[np.int64]) -> NDArray[np.int64]:
    kept: list[int] = []
    for mark in marks.tolist():
        if not kept or mark - kept[-1] >= numbers()["least"]:
            kept.append(mark)
    return np.array(kept, np.int64)


METHODS: dict[str, tuple[Told, tuple[float, ...]]] = {
    "ruptures, l2": (lambda values, size: changes(values, size, LEVEL), FACTORS),
    "ruptures, clinear": (lambda values, size: changes(values, size, SLOPE), FACTORS),
    "previous value (naive)": (stepped, STEPS),
    "own mean (naive)": (away, STEPS),
}


def counted(files: Sequence[Labelled], told: Told, size: float, *, together: bool) -> Count:
    """All channels of a file at once, or each as a chart of one point shows it."""
    count = Count()
    for one in files:
        for values in [one.channels] if together else [(channel,) for channel in one.channels]:
            count.add(told(values, size), one.found)
    return count


def chosen(files: Sequence[Labelled], told: Told, sizes: Sequence[float], *, together: bool) -> float:
    """The size that does best on these files, the larger of two equals."""
    return max(sizes, key=lambda size: (counted(files, told, size, together=together).f1, size))


def change_table(files: Sequence[Labelled]) -> Iterator[str]:
    """Both ways of halving, and both ways of looking."""
    one = [file for file in files if file.name in HALF]
    other = [file for file in files if file.name not in HALF]
    yield "| change points | chosen on A, counted on B | chosen on B, counted on A |"
    yield "|---|---|---|"
    for together in (False, True):
        for name, (told, sizes) in METHODS.items():
            cells = []
            for learned, held in ((one, other), (other, one)):
                size = chosen(learned, told, sizes, together=together)
                cells.append(f"{counted(held, told, size, together=together)} ({size:g})")
            looked = "all channels together" if together else "each channel by itself"
            yield f"| {looked}: {name} | {' | '.join(cells)} |"


def by_file(files: Sequence[Labelled]) -> Iterator[str]:
    """What the declared penalty does to each file, channel by channel."""
    yield "| file | channels | l2 by the declared penalty |"
    yield "|---|---|---|"
    for one in files:
        count = counted([one], METHODS["ruptures, l2"][0], numbers()["penalty"], together=False)
        yield f"| {one.name} | {len(one.channels)} | {count} |"


def forecast_table(files: Sequence[Labelled]) -> Iterator[str]:
    """Errors beside naive ones, and what the band held."""
    yield "| forecast | series | in the band of 90 % | error to that of the previous value | mean of the span so far |"
    yield "|---|---|---|---|---|"
    groups = {"SKAB": "skab", "Tennessee Eastman": "tep", "NAB, by the hour, season of a day": "nab"}
    for title, prefix in groups.items():
        held, better, by_mean = [], [], []
        for file in files:
            for channel in file.channels if file.name.startswith(prefix) else ():
                season = 24 if prefix == "nab" else 0
                value = channel if season else channel[: int(numbers()["forecast_columns"])]
                found = replayed(value, season)
                if found is not None and found.by_last > 0:
                    held.append(found.coverage)
                    better.append(found.error / found.by_last)
                    by_mean.append(_mean_error(value) / found.by_last)
        yield (
            f"| {title} | {len(held)} | {np.mean(held):.0%} (worst tenth {np.quantile(held, 0.1):.0%}) | "
            f"{np.median(better):.2f} | {np.median(by_mean):.2f} |"
        )


def _mean_error(value: Floats) -> float:
    """Naive: the mean of what came before, from the same moments."""
    ahead, first = int(numbers()["ahead"]), len(value) // 2
    origins = np.unique(np.linspace(first, len(value) - ahead, int(numbers()["origins"])).astype(int))
    return float(np.mean([np.abs(value[:one].mean() - value[one : one + ahead]) for one in origins]))


def hourly(data: Path) -> Iterator[Labelled]:
    """The two temperatures of NAB by the hour, the last ten days before the end."""
    for name in ("machine_temperature", "ambient_temperature"):
        table = pd.read_csv(data / f"nab_{name}.csv", parse_dates=["timestamp"]).set_index("timestamp")
        value = table["value"].resample("1h").last().interpolate().to_numpy(float)
        for end in range(240, len(value) + 1, 240):
            yield Labelled(name=f"nab_{name}", channels=(value[end - 240 : end],), found=())


def main() -> None:
    """Print the tables, and write them into the page."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--data", type=Path, required=True)
    asked.add_argument("--write", type=Path)
    given = asked.parse_args()
    files = list(labelled(given.data))
    rest = [file for file in files if not file.name.startswith("nab")]
    lines = [
        f"Measured on {datetime.now(UTC):%Y-%m-%d} by `python -m benchmarks.hints --data DIR --write docs/hints.md`; "
        f"A is {', '.join(HALF)}, B the other files.",
        "", *change_table(files), "", *by_file(files), "", *forecast_table([*rest, *hourly(given.data)]), "",
        "| published by the sets (told as it happens, ours in hindsight: not to be compared number by number) | |",
        "|---|---|", *(f"| {what} | {said} |" for what, said in PUBLISHED),
    ]  # fmt: skip
    text = "\n".join(lines)
    print(text)
    if given.write:
        before, _, rest_of_page = given.write.read_text("utf-8").partition("<!-- scores -->")
        after = rest_of_page.partition("<!-- /scores -->")[2]
        given.write.write_text(f"{before}<!-- scores -->\n\n{text}\n\n<!-- /scores -->{after}", "utf-8")


if __name__ == "__main__":
    main()
