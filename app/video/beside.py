"""Analysis beside a served site: a process of lower priority, started anew when it ends, gone with the server."""

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from app.settings import Settings
from core.units import Second

COMMAND = [sys.executable, "-c", "from app.cli import main; main()", "video", "run", "--beside"]
AGAIN: Second = 10.0
"""Between the end of a process and the next one."""

STOP: Second = 20.0
"""Films that wait are written and kept within this time."""

SPARING = {"MALLOC_ARENA_MAX": "2", "MALLOC_MMAP_THRESHOLD_": "262144"}
"""Pictures go back to the system when they are done with: the C library would keep a hundred megabytes of them."""

_log = logging.getLogger(__name__)


@contextmanager
def analysing(settings: Settings, ready: threading.Event | None = None) -> Iterator[None]:
    """While this is open every camera with a stream and rules is analysed, from when it is `ready` on."""
    over = threading.Event()
    thread = threading.Thread(target=_kept, args=(settings, ready, over), name="video", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        if ready is not None:
            ready.set()
        thread.join(STOP + 2)


def _kept(settings: Settings, ready: threading.Event | None, over: threading.Event) -> None:
    if ready is not None:
        ready.wait()
    while not over.is_set():
        try:
            process = subprocess.Popen(
                COMMAND, env=_environment(settings), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
            )
        except OSError:
            _log.exception("the analysis of cameras did not start")
        else:
            while process.poll() is None and not over.wait(0.5):
                pass
            _ended(process)
        over.wait(AGAIN)


def _ended(process: subprocess.Popen[bytes]) -> None:
    """It ends with its standard input, which is also closed where this process is killed."""
    assert process.stdin is not None
    process.stdin.close()
    try:
        process.wait(STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _environment(settings: Settings) -> dict[str, str]:
    """The settings of the server; in the environment, because others may read a command line."""
    given = SPARING | {
        "ONEMAP_DATA": str(settings.data.resolve()),
        "ONEMAP_IDENTITY_KEY": str(settings.identity_key_file.resolve()),
    }
    if settings.database_url is not None:
        given["ONEMAP_DATABASE_URL"] = settings.database_url
    return {**os.environ, **given}
