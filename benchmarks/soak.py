"""`make soak`: a demo server under steady reading for ten minutes; memory before and after, errors counted."""

import argparse
import itertools
import tempfile
import time
from pathlib import Path

import httpx

from benchmarks.doors import REQUESTS
from tests.server import PASSWORDS, demo_server


def resident() -> int:
    """Resident kilobytes of every server process of this machine's demo."""
    total = 0
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                if b"from app.cli import main" in (folder / "cmdline").read_bytes():
                    lines = (folder / "status").read_text().splitlines()
                    total += next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
            except (OSError, StopIteration):
                continue
    return total


def main() -> None:
    """Read round and round until the time is over."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    minutes = parser.parse_args().minutes
    with (
        tempfile.TemporaryDirectory() as folder,
        demo_server(Path(folder)) as server,
        httpx.Client(base_url=server, headers={"origin": server}, timeout=60) as client,
    ):
        client.post("/signin", data={"login": "city", "password": PASSWORDS["city"]})
        for address in REQUESTS.values():
            client.get(address)
        before, until = resident(), time.monotonic() + 60 * minutes
        asked = failed = 0
        for address in itertools.cycle(REQUESTS.values()):
            if time.monotonic() > until:
                break
            asked += 1
            failed += client.get(address).status_code != 200
        memory = f"resident {before / 1000:.0f} MB before, {resident() / 1000:.0f} MB after"
        print(f"requests {asked}, failed {failed}, {memory}")


if __name__ == "__main__":
    main()
