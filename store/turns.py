"""A task that one process at a time does, of all that share a store: whoever holds its turn."""

import fcntl
from pathlib import Path
from typing import IO, Protocol


class Turn(Protocol):
    """Ask again and again: a turn is lost with the connection it is held by."""

    def held(self) -> bool:
        """Whether this process has it, taken now where nobody else does."""

    def release(self) -> None:
        """Let others have it."""


class FileTurn:
    """Held by a lock on a file of the data folder, which ends with the process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[str] | None = None

    def held(self) -> bool:
        """See `Turn`."""
        if self._file is None:
            file = self._path.open("w")
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                file.close()
                return False
            self._file = file
        return True

    def release(self) -> None:
        """See `Turn`."""
        if self._file is not None:
            self._file.close()
            self._file = None


def open_turn(data: Path, database_url: str | None, name: str) -> Turn:
    """The turn of a task, among those that share a data folder or a database."""
    if database_url is None:
        return FileTurn(data / f"{name}.lock")
    from store.postgis.turns import DatabaseTurn

    return DatabaseTurn(database_url, name)
