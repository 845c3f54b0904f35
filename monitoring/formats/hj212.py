"""HJ 212-2017 over TCP: frames out of a stream, what a frame says, and the answer to it.

    ##0101QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;CP=&&...&&1C80\\r\\n

Length and check are those of the data between them. A frame that is cut, too long or does not check is passed over to
the next `##`; what follows it is read as ever.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from pathlib import Path

import numpy as np

from core.texts import Text
from monitoring.formats.columns import sent
from monitoring.readings import Faults, Sent

HEAD, TAIL = b"##", b"\r\n"
LONGEST = 9999
"""Bytes of data that four digits can say."""

LOCAL = timezone(timedelta(hours=8))
REAL_TIME = "2011"
WANTS_ANSWER, SEGMENTED = 1, 2
FLAGS = Path(__file__).with_name("data") / "hj212_flags.csv"
NO_POINT = Text("没有以此设备编码(MN)和位号登记的监测点", "no point is registered with this device (MN) and tag")
NOT_A_NUMBER = Text("须为有限的数值", "must be a finite number")
_FRAME = re.compile(r"^(?P<head>.*?);?CP=&&(?P<body>.*)&&$", re.DOTALL)


def check(data: bytes) -> str:
    """The four digits after the data; shifted before the exclusive or, so not those of Modbus."""
    register = 0xFFFF
    for byte in data:
        register = (register >> 8) ^ byte
        for _ in range(8):
            register = (register >> 1) ^ 0xA001 if register & 1 else register >> 1
    return f"{register:04X}"


def framed(data: str) -> bytes:
    """Data as it is sent."""
    body = data.encode("ascii", "replace")
    return HEAD + f"{len(body):04d}".encode() + body + check(body).encode() + TAIL


class Frames:
    """The frames of one connection's bytes, as they come; `damaged` counts what was passed over."""

    def __init__(self) -> None:
        self.damaged = 0
        self._rest = b""

    def fed(self, more: bytes) -> Iterator[str]:
        """The data of every frame that is whole now."""
        self._rest += more
        while True:
            begin = self._rest.find(HEAD)
            if begin < 0:
                self._rest = self._rest[-1:] if self._rest.endswith(b"#") else b""
                return
            self._rest = self._rest[begin:]
            if len(self._rest) < 6:
                return
            digits = self._rest[2:6]
            end = 6 + int(digits) + 4 if digits.isdigit() else 0
            if not end:
                self._pass_over()
                continue
            if len(self._rest) < end + 2:
                if self._next_frame(end):
                    self._pass_over()
                    continue
                return
            data = self._rest[6 : end - 4]
            said = self._rest[end - 4 : end].decode("ascii", "replace").upper()
            if said != check(data) or self._rest[end : end + 2] != TAIL:
                self._pass_over()
                continue
            self._rest = self._rest[end + 2 :]
            yield data.decode("utf-8", "replace")

    def _next_frame(self, end: int) -> bool:
        """Another frame begins, and ends, where this one says that it is still going on: its length is wrong."""
        other = self._rest.find(TAIL + HEAD, 2)
        return 0 <= other < end

    def _pass_over(self) -> None:
        self.damaged += 1
        self._rest = self._rest[2:]


@dataclass(frozen=True, slots=True)
class Message:
    """What a frame says: its head by name, and the parts of its body in order."""

    head: Mapping[str, str]
    parts: tuple[Mapping[str, str], ...]

    @property
    def device(self) -> str:
        """The MN."""
        return self.head.get("MN", "")

    @property
    def password(self) -> str:
        """The PW."""
        return self.head.get("PW", "")

    @property
    def wants_answer(self) -> bool:
        """Flag bit A."""
        flag = self.head.get("Flag", "")
        return flag.isdigit() and len(flag) < 4 and bool(int(flag) & WANTS_ANSWER)

    @property
    def real_time(self) -> bool:
        """Readings of now, or sent again later."""
        return self.head.get("CN") == REAL_TIME

    def answer(self) -> bytes:
        """The data were received (9014): from the system (ST 91), of the version of 2017 (Flag 4)."""
        same = ";".join(f"{name}={self.head.get(name, '')}" for name in ("PW", "MN"))
        return framed(f"QN={self.head.get('QN', '')};ST=91;CN=9014;{same};Flag=4;CP=&&&&")


def message(data: str) -> Message | None:
    """A frame's data read, or None where they are none."""
    found = _FRAME.match(data)
    if found is None:
        return None
    head = _pairs(found["head"].split(";"))
    parts = tuple(_pairs(part.split(",")) for part in found["body"].split(";") if part)
    return Message(head, parts) if "MN" in head and "CN" in head else None


def _pairs(items: list[str]) -> dict[str, str]:
    return {name.strip(): value.strip() for name, mark, value in (item.partition("=") for item in items) if mark}


def moment(digits: str) -> datetime | None:
    """A time of the standard, in China's: seconds, or with milliseconds."""
    if not (digits.isdigit() and digits.isascii() and len(digits) in (14, 17)):
        return None
    try:
        read = datetime.strptime(digits[:14], "%Y%m%d%H%M%S").replace(tzinfo=LOCAL)
    except ValueError:
        return None
    return (read + timedelta(milliseconds=int(digits[14:] or "0"))).astimezone(UTC)


@cache
def qualities() -> Mapping[str, int]:
    """What a device's mark of a value makes of it."""
    with FLAGS.open(encoding="utf-8", newline="") as file:
        return {row["flag"]: int(row["quality"]) for row in csv.DictReader(file)}


def readings(given: Message, points: Mapping[tuple[str, str], str]) -> Sent:
    """The real-time values of a message; `points` has the code of each device and tag.

    The time is DataTime, or that of the request (QN) in a later segment that has none.
    """
    stated = next((part["DataTime"] for part in given.parts if "DataTime" in part), given.head.get("QN", ""))
    at = moment(stated)
    faults = Faults()
    columns: dict[str, list[object]] = {"point": [], "ts": [], "v": [], "q": []}
    rows: list[int] = []
    tags = [(tag, value, part) for part in given.parts for tag, value in _values(part)]
    for row, (tag, value, part) in enumerate(tags, 1):
        code = points.get((given.device, tag))
        if code is None:
            faults.note("MN-tag", NO_POINT, [row], [f"{given.device[:40]} {tag[:40]}"])
            continue
        number = _number(value)
        if number is None:
            faults.note(f"{tag[:40]}-Rtd", NOT_A_NUMBER, [row], [value])
            continue
        columns["point"].append(code)
        columns["ts"].append(None if at is None else at.isoformat())
        columns["v"].append(number)
        columns["q"].append(qualities().get(part.get(f"{tag}-Flag", "N"), 1))
        rows.append(row)
    found = sent(columns, len(rows), np.array(rows, dtype=np.int32))
    found.faults.count += faults.count
    found.faults.shown.extend(faults.shown)
    return Sent(found.table, len(tags), found.faults)


def _values(part: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, value in part.items():
        if name.endswith("-Rtd"):
            yield name.removesuffix("-Rtd"), value


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if np.isfinite(number) else None
