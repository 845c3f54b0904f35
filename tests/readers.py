"""Reading processes forked from one that has the imports behind it, nine tenths of what it takes to read a small file.

Everything else is as in `layers.readers.process`: the environment, the pipes, what the kernel enforces. What a reader
may do and may be told is asked of one that is started (`tests/imports/test_refusals.py`).
"""

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import IO

import pytest

from layers.readers.process import ENVIRONMENT
from tests.commands import Program, begin_zygote


class Reader(Program):
    """Stands for the `subprocess.Popen` of a reading process."""

    def __init__(self, child: str, folder: Path, environment: Mapping[str, str], said: IO[bytes]) -> None:
        asked, writing = os.pipe()
        reading, told = os.pipe()
        lines = f"import sys; from {child} import main; sys.argv = ['child', {str(folder)!r}]; sys.exit(main())"
        try:
            super().__init__(("-c", lines), environment, told, said.fileno(), asked, zygote=_zygote())
        finally:
            os.close(asked)
            os.close(told)
        self.stdin, self.stdout = open(writing, "wb"), open(reading, "rb")  # noqa: SIM115


@cache
def _zygote() -> str:
    return begin_zygote("readers", "tests.reading", environment={**ENVIRONMENT, "PATH": os.defpath})


@pytest.fixture
def forked_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading processes that this process begins are forked."""
    monkeypatch.setattr("layers.readers.process.begun", Reader)
