"""A process that keeps readings is killed, folding or not: what it acknowledged is there, whole and once."""

import signal
import subprocess
import sys
from pathlib import Path

from core.clock import utc_now
from core.scope import SYSTEM_SCOPE
from layers.catalogue import CATALOGUE, SENSORS
from store.embedded import open_embedded
from store.series import open_series
from tests.conftest import ROOT
from tests.monitoring.plant import NOON, Plant

KEEPING = """
import sys
from datetime import timedelta
from pathlib import Path
import pyarrow as pa
import store.series.readings
from core.clock import utc_now
from layers.catalogue import CATALOGUE
from monitoring.inbox import Inbox
from monitoring.readings import batch
from monitoring.register import Register
from store.embedded import open_embedded
from store.series import open_series
from tests.monitoring.plant import NOON

folder, first = Path(sys.argv[1]), int(sys.argv[2])
store.series.readings.FOLDED_AT = 2000
kept = open_embedded(folder / "city.gpkg", CATALOGUE, utc_now)
inbox = Inbox(open_series(folder / "series", kept), Register(kept), utc_now)
for n in range(first, first + 100_000):
    at = [NOON - timedelta(days=3) + timedelta(seconds=100 * n + m) for m in range(100)]
    rows = {"layer": ["sensors"] * 100, "key": ["P1"] * 100, "element": ["value"] * 100, "at": at}
    rows |= {"value": [float(n)] * 100, "quality": pa.array([0] * 100, pa.int8())}
    inbox.offer(batch(pa.table(rows), source="child", arrived=NOON)).result()
    print(n, flush=True)
"""


def test_what_was_acknowledged_outlives_a_kill(plant: Plant, tmp_path: Path) -> None:
    """Killed twice over the same folder; a batch that was not acknowledged is there whole or not at all."""
    plant.series.close()
    acknowledged: list[int] = []
    for _ in range(2):
        first = len(acknowledged) and acknowledged[-1] + 2
        child = subprocess.Popen(
            [sys.executable, "-c", KEEPING, str(tmp_path), str(first)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None
        for line in child.stdout:
            acknowledged.append(int(line))
            if len(acknowledged) % 90 == 0:
                child.send_signal(signal.SIGKILL)
                break
        acknowledged += [int(line) for line in child.stdout if line.endswith("\n")]
        child.stdout.close()
        child.wait(timeout=20)
    store = open_embedded(tmp_path / "city.gpkg", CATALOGUE, utc_now)
    series = open_series(tmp_path / "series", store)
    table = series.read(SENSORS, ["P1"], start=NOON.replace(day=1), end=NOON, scope=SYSTEM_SCOPE)
    counted = {int(row["values"]): row["counts"] for row in table["value"].value_counts().to_pylist()}
    series.close()
    store.close()
    assert set(acknowledged) <= set(counted)
    assert set(counted.values()) == {100}
    assert len(set(counted) - set(acknowledged)) <= 2, "one under way at each kill"
