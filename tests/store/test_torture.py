"""Two writing processes, a tailing reader and a reading thread on one file: nothing acknowledged is lost or missed."""

import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from core.actors import SYSTEM_ACTOR
from core.scope import SYSTEM_SCOPE
from store.embedded import open_embedded
from store.feed import Put
from store.query import Query
from tests.conftest import ROOT
from tests.store.cityscape import TOWN, Clock, shop

WRITER = """
import sys, time
from pathlib import Path
from core.actors import SYSTEM_ACTOR
from core.scope import SYSTEM_SCOPE
from store.embedded import open_embedded
from store.feed import Put
from tests.store.cityscape import TOWN, Clock, shop
store = open_embedded(Path(sys.argv[1]), TOWN, Clock())
until = time.monotonic() + float(sys.argv[3])
number = 0
while time.monotonic() < until:
    number += 1
    code = f"{sys.argv[2]}{number:06d}"
    store.commit([Put(layer="shops", record=shop(code))], actor=SYSTEM_ACTOR, reason="torture", scope=SYSTEM_SCOPE)
    print(code, flush=True)
store.close()
"""
SECONDS = (6.0, pytest.param(20.0, marks=pytest.mark.drill))


@pytest.mark.parametrize("seconds", SECONDS)
def test_nothing_acknowledged_is_lost_and_no_reader_misses_an_entry(tmp_path: Path, seconds: float) -> None:
    path = tmp_path / "city.gpkg"
    store = open_embedded(path, TOWN, Clock())
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), name, str(seconds)],
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        for name in ("A", "B")
    ]
    outputs: list[str] = ["", ""]

    def drain(place: int) -> None:
        pipe = writers[place].stdout
        assert pipe is not None
        outputs[place] = pipe.read()
        pipe.close()

    drains = [threading.Thread(target=drain, args=(place,)) for place in (0, 1)]
    for thread in drains:
        thread.start()
    seen: list[int] = []
    while any(writer.poll() is None for writer in writers):
        after = seen[-1] if seen else 0
        seen.extend(entry.seq for entry in store.feed(after=after, scope=SYSTEM_SCOPE))
        store.read(TOWN["shops"], Query(limit=50), scope=SYSTEM_SCOPE)
    for thread in drains:
        thread.join()
    assert [writer.returncode for writer in writers] == [0, 0]
    while entries := store.feed(after=seen[-1], scope=SYSTEM_SCOPE):
        seen.extend(entry.seq for entry in entries)
    acknowledged = {line for output in outputs for line in output.split()}
    kept = set(store.read(TOWN["shops"], Query(geometry=False), scope=SYSTEM_SCOPE)["code"].to_pylist())
    assert len(acknowledged) > 20
    assert acknowledged == kept
    assert seen == list(range(1, len(acknowledged) + 1)), "the tailing reader met every entry once, in order"
    assert store.verify().findings == ()
    store.close()
    db = sqlite3.connect(path)
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    db.close()


def test_an_open_transaction_elsewhere_hides_nothing_from_the_reader(tmp_path: Path) -> None:
    path = tmp_path / "city.gpkg"
    store = open_embedded(path, TOWN, Clock())
    other = sqlite3.connect(path, isolation_level=None, timeout=0.2)
    other.execute("BEGIN IMMEDIATE")
    assert store.feed(after=0, scope=SYSTEM_SCOPE) == ()
    waited = threading.Thread(
        target=lambda: store.commit(
            [Put(layer="shops", record=shop("waits"))], actor=SYSTEM_ACTOR, reason="test", scope=SYSTEM_SCOPE
        )
    )
    waited.start()
    other.execute("COMMIT")
    waited.join(timeout=20)
    assert [entry.seq for entry in store.feed(after=0, scope=SYSTEM_SCOPE)] == [1]
    other.close()
    store.close()


def test_another_process_wakes_a_watcher(tmp_path: Path) -> None:
    path = tmp_path / "city.gpkg"
    store = open_embedded(path, TOWN, Clock())
    woken = threading.Event()
    stop = store.watch(lambda _: woken.set())
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), "C", "0.01"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert writer.stdout is not None
    assert writer.stdout.readline().startswith("C")
    assert woken.wait(timeout=10)
    writer.stdout.close()
    writer.wait(timeout=20)
    stop()
    store.close()
