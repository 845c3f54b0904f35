"""`make drill`: faults on purpose, `python -m benchmarks.drill [NAME …] [--postgis] [--rounds N]`.

kill: a process that commits row by row is killed without warning, again and again. load: the same in the middle of a
load. full: no file may grow any further. backup: backups while another process writes, each brought back and verified.
What was acknowledged must be there, no load by halves, and the store sound and usable afterwards.
"""

import argparse
import contextlib
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.writer import ROWS, commit, load, opened
from core.clock import utc_now
from core.scope import SYSTEM_SCOPE
from layers.catalogue import CATALOGUE
from store.backup import backup, restore
from store.protocol import Store
from store.query import Query

CHANCE = random.Random(7)
SOUND = ("nothing lost", "each whole", "not done")
FULL_AT = 6_000_000
"""Bytes a file may have before the disk counts as full."""


@contextlib.contextmanager
def target(*, postgis: bool) -> Iterator[str]:
    """A folder, or a database of a cluster with durable settings."""
    if postgis:
        from tests.postgres import DURABLE, cluster

        with cluster(DURABLE) as url:
            yield url
    else:
        with tempfile.TemporaryDirectory() as folder:
            yield folder


@contextlib.contextmanager
def writing(where: str, number: int, what: str, *options: str) -> Iterator[subprocess.Popen[str]]:
    """A writer in a process of its own, which has acknowledged nothing yet; killed at the end."""
    command = [sys.executable, "-m", "benchmarks.writer", where, str(number), what, *options]
    writer = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        yield writer
    finally:
        writer.kill()
        writer.wait()
        if writer.stdout is not None:
            writer.stdout.close()


def heard(writer: subprocess.Popen[str], first: str = "") -> list[str]:
    """Everything the writer said in whole lines, now that it is dead or done."""
    assert writer.stdout is not None
    lines = (first + writer.stdout.read()).splitlines(keepends=True)
    return [line.strip() for line in lines if line.endswith("\n")]


def codes(store: Store) -> list[str]:
    """Every key there is."""
    found: list[str] = store.read(
        CATALOGUE["shelters"], Query(fields=("code",), geometry=False), scope=SYSTEM_SCOPE
    )["code"].to_pylist()  # fmt: skip
    return found


def faults(where: str, acknowledged: set[str]) -> list[str]:
    """What is wrong with a store that was treated badly: lost keys, halves of loads, a broken chain, a broken file."""
    store = opened(where)
    try:
        kept = set(codes(store))
        wrong = [f"lost {code}" for code in sorted(acknowledged - kept)]
        loads: dict[str, int] = {}
        for code in kept:
            if code.startswith("L"):
                loads[code[:6]] = loads.get(code[:6], 0) + 1
        wrong += [f"load {name} has {count} of {ROWS} rows" for name, count in loads.items() if count != ROWS]
        wrong += [finding.text.en for finding in store.verify().findings]
    finally:
        store.close()
    if not where.startswith("postgresql:"):
        with contextlib.closing(sqlite3.connect(Path(where) / "city.gpkg")) as db:
            (sound,) = db.execute("PRAGMA integrity_check").fetchone()
        wrong += [] if sound == "ok" else [f"damaged: {sound}"]
    return wrong


def killed(where: str, what: str, rounds: int, longest: float) -> str:
    """Rounds of writing and killing; each store that is opened again is the one of the round before."""
    said: set[str] = set()
    for number in range(rounds):
        with writing(where, number * 1_000_000 if what == "commits" else number * 1000, what) as writer:
            assert writer.stdout is not None
            first = writer.stdout.readline()
            time.sleep(CHANCE.uniform(0.0, longest))
            writer.kill()
            said.update(heard(writer, first))
    wrong = faults(where, said)
    return f"{rounds} rounds, {len(said):,} acknowledged, " + ("; ".join(wrong[:5]) or "nothing lost, verified intact")


def kill(where: str, rounds: int) -> str:
    """Killed while it commits row by row."""
    return killed(where, "commits", rounds, 0.25)


def kill_load(where: str, rounds: int) -> str:
    """Killed while it loads."""
    return killed(where, "loads", max(1, rounds // 5), 2.5)


def full(where: str, rounds: int) -> str:
    """A file that cannot grow: what was acknowledged stays, readers go on, and with room again writing goes on."""
    if where.startswith("postgresql:"):
        return "not done: the limit of one process does not bind the server"
    said: set[str] = set()
    words: set[str] = set()
    for what in ("commits", "loads"):
        opened(where).close()
        with writing(where, 0, what, "--limit", str(FULL_AT)) as writer:
            lines = heard(writer)
        said.update(line for line in lines if not line.startswith("stopped:"))
        words.update(line for line in lines if line.startswith("stopped:"))
    store = opened(where)
    said.add(commit(store, 999_999_999))
    said.add(load(store, 99_999))
    store.close()
    wrong = faults(where, said)
    told = "; ".join(sorted(words)) or "the limit was never met"
    state = "; ".join(wrong[:5]) or "nothing lost, verified intact, writable again"
    return f"{len(said):,} acknowledged, {state} ({told})"


def backups(where: str, rounds: int) -> str:
    """Backups taken while another process writes, brought back into fresh places."""
    if where.startswith("postgresql:"):
        return "not done: a dump is a snapshot by PostgreSQL's own means, tested in tests/system"
    wrong: list[str] = []
    sizes: list[int] = []
    with tempfile.TemporaryDirectory() as name, writing(where, 0, "commits") as writer:
        assert writer.stdout is not None
        before: set[str] = set()
        for number in range(max(1, rounds // 20)):
            before.update(writer.stdout.readline().strip() for _ in range(50))
            backup(Path(where), Path(name) / f"b{number}", at=utc_now())
            restore(Path(name) / f"b{number}", Path(name) / f"r{number}")
            wrong += faults(str(Path(name) / f"r{number}"), before)
            store = opened(str(Path(name) / f"r{number}"))
            sizes.append(len(codes(store)))
            store.close()
    return f"{len(sizes)} backups of {sizes} rows, " + ("; ".join(wrong[:5]) or "each whole and verified intact")


DRILLS: dict[str, Callable[[str, int], str]] = {"kill": kill, "load": kill_load, "full": full, "backup": backups}


def main() -> int:
    """Run the drills asked for, each on a store of its own; the number that found something wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*DRILLS, []])
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--postgis", action="store_true", help="a PostgreSQL of its own, durable settings")
    given = parser.parse_args()
    failed = 0
    for name in given.names or DRILLS:
        started = time.monotonic()
        with target(postgis=given.postgis) as where:
            found = DRILLS[name](where, given.rounds)
        failed += not any(word in found for word in SOUND)
        print(f"{name}: {found}, {time.monotonic() - started:.0f} s", flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main())
