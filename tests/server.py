"""A real server over the demo city in a process of its own, for tests that come from outside."""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import ROOT

COMMAND = [sys.executable, "-c", "from app.cli import main; main()"]
PASSWORDS = {"city": "yunlan-city", "district": "yunlan-district", "public": "yunlan-public"}


@contextmanager
def demo_server(data: Path, *arguments: str) -> Iterator[str]:
    """The base address of a demo server; its last words are shown when it does not come up."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [*COMMAND, "demo", "--port", "0", "--data", str(data), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment,
        cwd=ROOT,
    )
    said: list[str] = []
    address = ""
    assert process.stdout is not None
    for line in process.stdout:
        said.append(line)
        found = re.search(r"^OneMap: (\S+)/$", line)
        if found:
            address = found[1]
            break
    if not address:
        process.wait(timeout=10)
        raise AssertionError("the demo server did not start:\n" + "".join(said[-30:]))
    drain = threading.Thread(target=lambda: said.extend(process.stdout or ()), daemon=True)
    drain.start()
    try:
        yield address
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(timeout=5)
        drain.join(timeout=5)
        process.stdout.close()
