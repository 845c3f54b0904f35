"""What hints there are, how grave each is at most, and by which numbers they are made: rows of `data/`."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from core.errors import BadInputError
from core.texts import Text

DATA = Path(__file__).with_name("data")
YELLOW = 3
"""In the code list `risk`: 1 red, 2 orange, 3 yellow, 4 blue. A model by itself says nothing graver."""

UNVERIFIED = Text("模型提示,未经核实", "a model's hint, not verified")


class Kind(StrEnum):
    """The kinds of hints."""

    CHANGE = "change"
    FORECAST = "forecast"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """One kind of hint as it is declared; `shown` without being asked for, `scored` on labelled data so far."""

    kind: Kind
    level: int
    shown: bool
    title: Text
    library: str
    source: str
    status: str
    scored: Text


@cache
def hints() -> Mapping[Kind, Hint]:
    """Those that are declared; a level graver than yellow is refused."""
    rows = list(csv.DictReader((DATA / "hints.csv").read_text("utf-8").splitlines()))
    return {one.kind: one for one in map(declared, rows)}


def declared(row: Mapping[str, str]) -> Hint:
    """One line of `data/hints.csv`."""
    level = int(row["level"])
    if level < YELLOW:
        raise BadInputError(
            Text(f"模型提示“{row['id']}”的级别为 {level},不得高于黄色({YELLOW})",
                 f"the hint {row['id']!r} has the level {level}; a model by itself may say yellow ({YELLOW}) at most"),
            field="level", value=level,
        )  # fmt: skip
    return Hint(
        kind=Kind(row["id"]), level=level, shown=row["shown"] == "1", title=Text(row["zh"], row["en"]),
        library=row["library"], source=row["source"], status=row["status"],
        scored=Text(row["scored_zh"], row["scored_en"]),
    )  # fmt: skip


@cache
def numbers() -> Mapping[str, float]:
    """The numbers hints are made by."""
    rows = csv.DictReader((DATA / "numbers.csv").read_text("utf-8").splitlines())
    return {row["id"]: float(row["value"]) for row in rows}
