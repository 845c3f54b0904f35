"""The alarm engine on one core: `python -m benchmarks.alarms`.

2,000 points that each have a rule on their four limits with dead band and delays, or on rate, silence or a combination
besides; ten readings a second of each point come in steps of 2,000 in the order of a lottery, and one in a hundred is
beyond a limit. Said is what a step takes at the median and at its worst, and the readings a second that makes.
"""

import argparse
import os
import time
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa

from layers.catalogue.alarms import AlarmRule
from monitoring.alarms.compiled import Compiled, compiled
from monitoring.alarms.engine import Engine
from monitoring.alarms.rules import Condition, Point

START = datetime(2026, 11, 2, tzinfo=UTC)
LIMITS = {Condition.LL: 5.0, Condition.L: 10.0, Condition.H: 90.0, Condition.HH: 95.0}
MOMENT = pa.timestamp("us", "UTC")


def rules_of(points: int, rated: int, combined: int) -> Compiled:
    """A rule of four limits at each point; some of them make way for a rate and a silence, and for votes of three."""
    names = [f"P{n:05d}" for n in range(points)]
    known = {
        name: Point(
            code=name, kind="level", enterprise="", unit="%", limits=LIMITS, span=100.0, interval=1.0, in_use=True
        )
        for name in names
    }
    made = []
    for n, name in enumerate(names):
        same = {"code": f"R{n}", "title": name, "state": "in_force"}
        if n < rated:
            same |= {"kind": "rate", "rate_up": 600.0, "rate_down": 600.0, "rate_window": 10.0, "points": (name,)}
        elif n < rated + combined:
            same |= {
                "kind": "combination",
                "terms": tuple(f"{names[(n + k) % points]} H" for k in range(3)),
                "needed": 2,
            }
        elif n % 10 == 0:
            same |= {"kind": "silence", "silence": 30.0, "points": (name,)}
        else:
            same |= {
                "kind": "limits", "points": (name,), "dead_band_percent": 1.0, "delay_on": 2.0 * (n % 2),
                "delay_off": 5.0,
                "schedule": ("1-7 00:00-24:00",) if n % 20 == 0 else (),
            }  # fmt: skip
        made.append(AlarmRule.model_validate(same))
    return compiled(made, known)


def readings(rules: Compiled, rows: int, begin: float, rng: np.random.Generator, alarms: float) -> pa.Table:
    """One step's worth, of points drawn by lot."""
    seconds = np.sort(begin + rng.random(rows) * rows / (10 * len(rules.points)))
    at = np.datetime64(START.replace(tzinfo=None), "us") + (seconds * 1e6).astype("timedelta64[us]")
    value = np.clip(rng.normal(50, 5, rows), 11, 89)
    value[rng.random(rows) < alarms] = 97.0
    return pa.table(
        {
            "key": rules.points.take(pa.array(rng.integers(0, len(rules.points), rows))),
            "at": pa.array(at).cast(MOMENT),
            "value": value,
            "quality": pa.array(np.where(rng.random(rows) < 0.001, 2, 0), pa.int8()),
            "arrived": pa.array(at + np.timedelta64(200, "ms")).cast(MOMENT),
        }
    )


def measured(rules: Compiled, rows: int, steps: int, alarms: float) -> tuple[np.ndarray, int]:
    """Seconds of each step, and the changes told in all of them."""
    rng, engine = np.random.default_rng(7), Engine(rules, START)
    spent, told, each = [], 0, rows / (10 * len(rules.points))
    for n in range(steps):
        batch = readings(rules, rows, n * each, rng, alarms)
        now = START + timedelta(seconds=(n + 1) * each + 0.2)
        started = time.perf_counter()
        told += engine.step(batch, now).transitions.num_rows
        spent.append(time.perf_counter() - started)
    return np.array(spent), told


def main() -> None:
    """A table of steps."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=2000)
    parser.add_argument("--steps", type=int, default=200)
    given = parser.parse_args()
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    mixes = {"four limits each": (0, 0), "10 % rates, 10 % votes of three": (given.points // 10, given.points // 10)}
    print(
        f"{'rules':34} {'lines':>6} {'rows':>6} {'alarms':>7} {'median':>9} {'p99':>9} {'readings/s':>11} {'told':>7}"
    )
    for name, (rated, combined) in mixes.items():
        rules = rules_of(given.points, rated, combined)
        for rows, alarms in ((2000, 0.01), (2000, 0.2), (20_000, 0.01)):
            spent, told = measured(rules, rows, given.steps, alarms)
            print(
                f"{name:34} {len(rules.lines):6} {rows:6} {alarms:7.0%} {np.median(spent) * 1e3:6.1f} ms"
                f" {np.percentile(spent, 99) * 1e3:6.1f} ms {rows * len(spent) / spent.sum():11,.0f} {told:7}"
            )


if __name__ == "__main__":
    main()
