"""The four levels of the law, and what stands for levels and kinds in CAP: data, each with its source."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.texts import Text

FILE = Path(__file__).with_name("data") / "levels.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One level: 1 is the gravest."""

    level: int
    title: Text
    colour: Text
    severity: str

    @property
    def text(self) -> Text:
        """As a notice says it: 二级(橙色)."""
        return Text(f"{self.title.zh}({self.colour.zh})", f"{self.title.en} ({self.colour.en})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """All of it."""

    levels: Mapping[int, Level]
    categories: Mapping[str, tuple[str, ...]]
    certainty: str


@cache
def levels() -> Levels:
    """As shipped."""
    given = json.loads(FILE.read_text(encoding="utf-8"))
    every = (
        Level(
            level=one["level"], title=Text(one["zh"], one["en"]), colour=Text(one["colour_zh"], one["colour_en"]),
            severity=one["severity"],
        )
        for one in given["levels"]
    )  # fmt: skip
    return Levels(
        levels={one.level: one for one in every},
        categories={kind: tuple(names) for kind, names in given["categories"].items()},
        certainty=given["certainty"],
    )
