"""`make drill`: a process that writes is killed without warning, again and again; nothing it acknowledged may be lost.

Each round starts a writer that commits one row at a time and prints its key only after the commit returned, kills it
with SIGKILL at a random moment, then opens the file and looks for every printed key and for damage.
"""

import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

WRITER = """
import sys
from pathlib import Path
import shapely
from core.clock import utc_now
from core.actors import SYSTEM_ACTOR
from core.scope import SYSTEM_SCOPE
from layers.catalogue import CATALOGUE
from layers.catalogue.resources import Shelter
from store.embedded import open_embedded
from store.feed import Put
store = open_embedded(Path(sys.argv[1]), CATALOGUE, utc_now)
number = int(sys.argv[2])
while True:
    number += 1
    point = shapely.Point(121.8, 33.1)
    record = Shelter(code=f"K{number:08d}", name="drill", places=1, area="990102001", geometry=point)
    store.commit([Put(layer="shelters", record=record)], actor=SYSTEM_ACTOR, reason="drill", scope=SYSTEM_SCOPE)
    print(record.code, flush=True)
"""


def main(rounds: int = 100) -> int:
    """Run the rounds and print what was found; the number of rows lost."""
    chance = random.Random(7)
    said: set[str] = set()
    lost: set[str] = set()
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "city.gpkg"
        for _ in range(rounds):
            highest = max((int(code[1:]) for code in said), default=0)
            command = [sys.executable, "-c", WRITER, str(path), str(highest + 5)]
            writer = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
            assert writer.stdout is not None
            first = writer.stdout.readline()
            time.sleep(chance.uniform(0.0, 0.25))
            writer.send_signal(signal.SIGKILL)
            lines = (first + writer.stdout.read()).splitlines(keepends=True)
            said.update(line.strip() for line in lines if line.endswith("\n"))
            writer.wait()
            db = sqlite3.connect(path)
            kept = {row[0] for row in db.execute("SELECT code FROM shelters")}
            (sound,) = db.execute("PRAGMA integrity_check").fetchone()
            db.close()
            lost |= said - kept
            if sound != "ok":
                print(f"damaged: {sound}")
                return len(said)
    spent = f"{time.monotonic() - started:.0f} s"
    print(f"rounds {rounds}, acknowledged {len(said)}, lost {len(lost)}, integrity ok, {spent}")
    return len(lost)


if __name__ == "__main__":
    sys.exit(min(1, main()))
