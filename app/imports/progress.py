"""How far a long import has come, on the error stream: one line that renews itself on a terminal, a few in a log."""

import sys
import time
from dataclasses import dataclass, field
from typing import TextIO

from core.texts import Text
from core.units import Second

EVERY: Second = 0.2
EVERY_IN_LOG: Second = 10.0


@dataclass
class Progress:
    """Called with what is being done and how many rows are; quick imports say nothing."""

    out: TextIO = field(default_factory=lambda: sys.stderr)
    _started: Second = field(default_factory=time.monotonic)
    _said: Second = field(default_factory=time.monotonic)
    _open: bool = False

    def __call__(self, what: Text, rows: int) -> None:
        now = time.monotonic()
        live = self.out.isatty()
        if now - self._said < (EVERY if live else EVERY_IN_LOG):
            return
        self._said, self._open = now, live
        line = f"{what.zh} / {what.en}: {rows:,} 行 / rows, {now - self._started:.0f} s"
        self.out.write(f"\r{line:<60}" if live else f"{line}\n")
        self.out.flush()

    def close(self) -> None:
        """Leave the line for what comes next."""
        if self._open:
            self.out.write("\n")
            self._open = False
