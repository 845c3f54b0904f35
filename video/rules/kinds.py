"""What each kind of rule is called, what it needs to be asked at all, and its times, read from `data/kinds.csv`."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from core.texts import Text
from layers.codes import Status
from video.episodes import Timing
from video.rules.rule import Kind

FILE = Path(__file__).parents[1] / "data" / "kinds.csv"


class Needs(StrEnum):
    """Without it a rule is not available, and that is never the same as nothing found."""

    PICTURE = "picture"
    PEOPLE = "people"
    EQUIPMENT = "equipment"


MISSING: Mapping[Needs, Text] = {
    Needs.PEOPLE: Text("未安装人员检测模型", "no detector of people is installed"),
    Needs.EQUIPMENT: Text("未安装防护用品识别模型", "no classifier of protective equipment is installed"),
}

OUTSIDE = Text("区域不在画面范围内", "no part of its zone is in the picture")
"""Why a rule cannot be asked that was drawn for a picture of another size."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """One kind; a site changes its times rule by rule."""

    title: Text
    needs: Needs
    timing: Timing
    source: str
    status: Status


@cache
def kinds() -> Mapping[Kind, Described]:
    """Every kind, each once. Raises: ValueError where the file lacks one or has one too many."""
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    if sorted(row["code"] for row in rows) != sorted(Kind):
        raise ValueError(f"kinds.csv must name each of {sorted(Kind)} once")
    return {
        Kind(row["code"]): Described(
            title=Text(row["zh"], row["en"]), needs=Needs(row["needs"]), source=row["source"],
            status=Status(row["status"]),
            timing=Timing(after=float(row["after"]), bridge=float(row["bridge"]), clear=float(row["clear"])),
        )
        for row in rows
    }  # fmt: skip
