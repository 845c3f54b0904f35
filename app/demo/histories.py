"""The histories of the demo city come from a process of their own, begun before this one has imported the server."""

import subprocess
import sys
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Self

from core.clock import iso

HISTORY = "app.demo.history"

LOADED = "demo.json"
"""The file in the data folder that says of a whole load."""


def samples() -> Path:
    """The demo city's files: beside the checkout, or inside the installed package."""
    beside = Path(__file__).resolve().parents[2] / "data" / "samples"
    return beside if (beside / "city.json").exists() else Path(str(files("app"))) / "samples"


class Histories:
    """The process that keeps what was measured up to a moment; it is waited for, and stopped if that fails."""

    def __init__(self, series: Path, until: datetime) -> None:
        self._arguments = [str(series), iso(until)]
        self._process: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        """Begin, unless that was done."""
        if self._process is None:
            self._process = subprocess.Popen([sys.executable, "-m", HISTORY, *self._arguments])

    def kept(self) -> None:
        """Everything stands in the series when this returns."""
        self.begin()
        if self._process is not None and self._process.wait() != 0:
            raise subprocess.CalledProcessError(self._process.returncode, HISTORY)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()
