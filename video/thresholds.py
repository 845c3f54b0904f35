"""What analysis goes by, read from `data/thresholds.csv` with unit, source and status: none of it stands in code."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.texts import Text
from layers.codes import Status

FILE = Path(__file__).with_name("data") / "thresholds.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """One number and why it is that."""

    id: str
    value: float
    unit: str
    title: Text
    source: str
    status: Status


@cache
def thresholds() -> Mapping[str, Threshold]:
    """Every threshold by id. Raises: ValueError where the file has one twice or one without its source."""
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    read = {
        row["id"]: Threshold(
            id=row["id"], value=float(row["value"]), unit=row["unit"], title=Text(row["zh"], row["en"]),
            source=row["source"], status=Status(row["status"]),
        )
        for row in rows
    }  # fmt: skip
    bare = [one.id for one in read.values() if not (one.title.zh and one.title.en and one.source)]
    if len(read) < len(rows) or bare:
        raise ValueError(f"thresholds.csv names one twice, or has no title or source for {bare}")
    return read


def threshold(name: str) -> float:
    """The value of one, in the unit of its row."""
    return thresholds()[name].value
