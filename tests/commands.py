"""Commands of `onemap` in processes of their own that need not import the product again: imports are most of a start.

`run` waits for a command, `Program` holds one that goes on. Each goes through `app.cli.main` with its own arguments,
environment and files, like one from a shell; it is forked from a process of this worker that has the imports behind it.
"""

import atexit
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from typing import IO

from tests.conftest import ROOT, run_folder
from tests.forked import ZYGOTE


class Program:
    """A command that runs: its number, its end, and ways to bring that about, as `subprocess.Popen` names them."""

    def __init__(
        self, arguments: tuple[str, ...], environment: Mapping[str, str], *files: int, zygote: str | None = None
    ) -> None:
        """`files` are its output, where its errors go and, if it has one, its input."""
        self._talk = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._talk.connect(zygote or _zygote())
        with tempfile.TemporaryFile() as asked:  # an environment may be longer than a packet
            asked.write(json.dumps([arguments, {**environment, "PYTHONPATH": str(ROOT)}]).encode())
            asked.flush()
            socket.send_fds(self._talk, [b"run"], [asked.fileno(), *files])
        self.pid = int(self._talk.recv(64))
        self.returncode: int | None = None

    def wait(self, timeout: float | None = None) -> int:
        """Its status once it has ended; negative is the signal that ended it."""
        if self.returncode is None:
            self._talk.settimeout(timeout)
            try:
                self.returncode = int(self._talk.recv(64))
            except TimeoutError:
                raise subprocess.TimeoutExpired(f"onemap, process {self.pid}", timeout or 0.0) from None
            self._talk.close()
        return self.returncode

    def terminate(self) -> None:
        self._tell(signal.SIGTERM)

    def kill(self) -> None:
        self._tell(signal.SIGKILL)

    def _tell(self, number: signal.Signals) -> None:
        if self.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)


def run(
    *arguments: str, environment: Mapping[str, str] | None = None, timeout: float = 120
) -> subprocess.CompletedProcess[str]:
    """What a command of `onemap` said and how it ended; `environment` is added to the test's own."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        program = Program(arguments, {**os.environ, **(environment or {})}, out.fileno(), err.fileno())
        try:
            status = program.wait(timeout)
        finally:
            if program.returncode is None:
                program.kill()
                program.wait()
        return subprocess.CompletedProcess(arguments, status, _text(out), _text(err))


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")


@cache
def _zygote() -> str:
    """Where the run's zygote listens, or this process's own."""
    return os.environ.get(ZYGOTE) or begin_zygote()


def begin_zygote(name: str = "zygote", *modules: str, environment: Mapping[str, str] | None = None) -> str:
    """Where a new zygote listens that has imported these modules, or the product if none are named.

    It ends when its input does, and that is when this process ends.
    """
    address = str(run_folder() / f"{name}-{os.getpid()}")
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.zygote", address, *modules],
        cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    if process.stdout.readline() != b"ready\n":
        raise AssertionError(f"the zygote did not start: status {process.wait()}")
    process.stdout.close()
    atexit.register(process.wait)
    atexit.register(process.stdin.close)  # the last registered is the first called
    return address
