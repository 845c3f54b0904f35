"""A folder whose files of readings are taken in: looked at each second, read once they stand still, then moved away.

A file is kept before it is moved, so one that was read when the server died is read again, and what it says a second
time is told apart. What cannot be kept now stays where it is. A file in a folder named like a device speaks for that
device's points alone.
"""

import csv
import logging
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa

from app.repeating import Chore, Chores
from core.clock import CHINA, Clock
from core.errors import BadInputError, BusyError, Fault
from core.texts import Text
from core.units import Second
from monitoring.formats.file import read_file
from monitoring.inbox import TOGETHER
from monitoring.readings import Faults, entered
from monitoring.taking import Taker

LOOKED: Second = 1.0
STILL = 2
"""Looks between which neither size nor time of a file changed, before it is read."""

DONE, REFUSED = "done", "refused"
UNFINISHED = (".part", ".tmp", ".filepart", ".crdownload", ".partial")
"""Endings under which senders write before they rename."""

NOBODY = Text("文件夹不是登记的在用设备", "the folder is not named like a device that is in use")
TOO_LARGE = Text("文件超过上传上限,请拆分后再交", "the file is beyond what an upload may have; split it")
LOOKED_AT = Chore(
    Text("读取投放文件夹", "The folder of dropped files is looked at"),
    "the folder of dropped files could not be looked at",
)
_log = logging.getLogger(__name__)

Look = tuple[int, int]


class Dropped:
    """The folder and what was seen of its files so far; `serving` begins and ends the looking."""

    def __init__(self, inbox: Taker, clock: Clock, folder: Path, *, largest: int, chores: Chores) -> None:
        self._inbox = inbox
        self._clock = clock
        self._folder = folder
        self._largest = largest
        self._chores = chores
        self._seen: dict[Path, tuple[Look, int]] = {}
        self._over = threading.Event()

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Take files in while this is open; the one under way is finished."""
        for name in (DONE, REFUSED):
            (self._folder / name).mkdir(parents=True, exist_ok=True)
        looking = threading.Thread(target=self._look_on, name="dropped-files", daemon=True)
        looking.start()
        try:
            yield
        finally:
            self._over.set()
            looking.join()

    def _look_on(self) -> None:
        while not self._over.wait(LOOKED):
            with self._chores.tried(_log, LOOKED_AT):
                self.look()

    def look(self) -> int:
        """Take in what has stood still since earlier looks, oldest first; how many files were moved away."""
        found = {path: look for path in self._files() if (look := _look_of(path)) is not None}
        self._seen = {
            path: (look, self._seen[path][1] + 1 if self._seen.get(path, (None, 0))[0] == look else 0)
            for path, look in found.items()
        }
        still = [path for path, (_, times) in self._seen.items() if times >= STILL]
        moved = 0
        for path in sorted(still, key=lambda one: (found[one][1], str(one))):
            if self._over.is_set() or not self._take(path):
                break
            moved += 1
        return moved

    def _files(self) -> Iterator[Path]:
        for entry in sorted(self._folder.iterdir()):
            if entry.name in (DONE, REFUSED) or entry.name.startswith("."):
                continue
            if entry.is_dir() and not entry.is_symlink():
                yield from (one for one in sorted(entry.iterdir()) if _finished(one))
            elif _finished(entry):
                yield entry

    def _take(self, path: Path) -> bool:
        """Keep what a file says and move it; False where it cannot be kept now and is to be read again."""
        faults, kept = Faults(), 0
        try:
            if os.lstat(path).st_size > self._largest:
                raise BadInputError(TOO_LARGE, field="file", value=path.name)
            allowed, source = self._whose(path)
            sent = read_file(path)
            batch = entered(
                sent, self._inbox.register.known(), source=source, arrived=self._clock(), allowed=allowed
            )  # fmt: skip
            faults = sent.faults
            if not self._kept(batch):
                return False
            kept = batch.num_rows
        except BadInputError as error:
            faults.note("file", error.text, [0], [path.name])
        except FileNotFoundError:
            return True
        self._inbox.refused(faults.count)
        self._move(path, DONE if kept or not faults.count else REFUSED, faults)
        return True

    def _whose(self, path: Path) -> tuple[frozenset[str] | None, str]:
        if path.parent == self._folder:
            return None, "file"
        device = self._inbox.register.devices().by_code.get(path.parent.name)
        if device is None or device.retired:
            raise BadInputError(NOBODY, field="folder", value=path.parent.name)
        return device.points, f"file:{device.code}"

    def _kept(self, batch: pa.Table) -> bool:
        """Offer a file in pieces, so that what is measured now takes its turn between them."""
        for start in range(0, batch.num_rows, TOGETHER):
            piece = batch.slice(start, TOGETHER)
            while True:
                if self._over.is_set():
                    return False
                try:
                    self._inbox.offer(piece).result()
                    break
                except BusyError:
                    self._over.wait(LOOKED)
                except Exception:
                    _log.exception("readings of a dropped file could not be kept yet")
                    return False
        return True

    def _move(self, path: Path, where: str, faults: Faults) -> None:
        stamp = f"{self._clock().astimezone(CHINA):%Y%m%d-%H%M%S}"
        whose = "" if path.parent == self._folder else path.parent.name + "-"
        target = self._folder / where / (whose + path.name)
        if target.exists():
            target = target.with_name(f"{stamp}-{os.lstat(path).st_ino}-{target.name}")
        if faults.count:
            _write_faults(target.with_name(target.name + ".faults.csv"), faults.ordered(), faults.count)
        path.replace(target)
        self._seen.pop(path, None)


def _finished(path: Path) -> bool:
    return not path.name.startswith(".") and path.suffix.lower() not in UNFINISHED and not path.is_dir()


def _look_of(path: Path) -> Look | None:
    try:
        found = os.lstat(path)
    except FileNotFoundError:
        return None
    return found.st_size, found.st_mtime_ns


def _write_faults(file: Path, shown: Sequence[Fault], count: int) -> None:
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(("行 row", "字段 field", "值 value", "要求", "rule"))
        for one in shown:
            value = "'" + one.value if one.value[:1] in ("=", "+", "-", "@") else one.value
            rows.writerow((one.row or "", one.field, value, one.rule.zh, one.rule.en))
        if count > len(shown):
            rows.writerow(("", "", "", f"共 {count} 处,列出前 {len(shown)} 处", f"{count} in all, {len(shown)} shown"))
