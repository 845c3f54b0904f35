"""One server a data folder."""

import fcntl
from pathlib import Path
from typing import IO

from core.errors import ConflictError
from core.texts import Text


def hold(data: Path) -> IO[str]:
    """Keep a second server off the same data folder; the answer must stay open while this one runs."""
    data.mkdir(parents=True, exist_ok=True)
    lock = (data / "server.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise ConflictError(
            Text(f"已有服务在使用数据目录 {data}", f"another server is using the data folder {data}")
        ) from error
    return lock
