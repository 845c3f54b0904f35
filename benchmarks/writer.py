"""What drills do to a store from another process: `python -m benchmarks.writer TARGET NUMBER commits|loads`.

`TARGET` is a data folder or the address of a database. Each key, or the last key of each load, is printed only after
the store has acknowledged it. With `--limit` no file may grow beyond so many bytes, which is how a full disk answers a
process without rights to make one; whatever the store says then is printed after `stopped:`.
"""

import argparse
import resource
import signal
import sys
from pathlib import Path

import pyarrow as pa
import shapely

from core.actors import SYSTEM_ACTOR
from core.clock import utc_now
from core.scope import SYSTEM_SCOPE
from layers.catalogue import CATALOGUE
from layers.catalogue.resources import Shelter
from store.feed import Put
from store.opening import open_store
from store.protocol import Store

ROWS = 20_000
"""Rows of one load, of which none or all must be there."""
POINT = shapely.Point(121.8, 33.1)


def opened(target: str) -> Store:
    """The store a drill works on, in its folder or in a database."""
    if target.startswith("postgresql:"):
        return open_store(Path("/nonexistent"), target, CATALOGUE, utc_now)
    return open_store(Path(target), None, CATALOGUE, utc_now)


def commit(store: Store, number: int) -> str:
    """One row in a transaction of its own."""
    record = Shelter(code=f"K{number:09d}", name="drill", places=1, area="990102001", geometry=POINT)
    store.commit([Put(layer="shelters", record=record)], actor=SYSTEM_ACTOR, reason="drill", scope=SYSTEM_SCOPE)
    return record.code


def load(store: Store, number: int) -> str:
    """Many rows in one transaction, under keys of their own."""
    codes = [f"L{number:05d}-{n:05d}" for n in range(ROWS)]
    columns = {"code": codes, "name": codes, "area": ["990102001"] * ROWS, "geometry": [shapely.to_wkb(POINT)] * ROWS}
    table = pa.table(columns).append_column("places", pa.array([1] * ROWS))
    store.load(CATALOGUE["shelters"], table, actor=SYSTEM_ACTOR, reason="drill", scope=SYSTEM_SCOPE)
    return codes[-1]


def main() -> int:
    """Write until killed, or until the store refuses."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target")
    parser.add_argument("number", type=int)
    parser.add_argument("what", choices=["commits", "loads"])
    parser.add_argument("--limit", type=int)
    given = parser.parse_args()
    store = opened(given.target)
    if given.limit is not None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (given.limit, given.limit))
    write = commit if given.what == "commits" else load
    number = given.number
    while True:
        number += 1
        try:
            code = write(store, number)
        except Exception as error:
            print(f"stopped: {type(error).__name__}: {error}", flush=True)
            return 1
        print(code, flush=True)


if __name__ == "__main__":
    sys.exit(main())
