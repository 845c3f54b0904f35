"""The map's colours by day and by night, read from the design tokens so that map, legend and screens never drift."""

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

import layers
from core.texts import Text

TOKENS = Path(layers.__file__).parent / "tokens.json"
SYMBOLS = Path(layers.__file__).parent / "symbols"


class MapTheme(StrEnum):
    """Which of the two maps: the office by day, the hall and the duty desk by night."""

    DAY = "day"
    NIGHT = "night"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """One of the four risk grades: said by shape, word and colour, never by colour alone."""

    level: int
    name: str
    word: Text
    shape: str
    fill: str
    edge: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """Colours by role; `case` gives the casing of a road role where it has one."""

    theme: MapTheme
    roles: dict[str, str]
    case: dict[str, str]
    label: str
    label_minor: str
    label_water: str
    halo: str
    boundary: str
    grades: tuple[Grade, ...]
    plain: str

    def fill(self, role: str | None) -> str:
        """The colour of a role, the land's for one the tokens do not know."""
        return self.roles.get(role or "land", self.roles["land"])


_WORDS = {
    "red": Text("红", "Red"),
    "orange": Text("橙", "Orange"),
    "yellow": Text("黄", "Yellow"),
    "blue": Text("蓝", "Blue"),
}

_BETWEEN = {
    MapTheme.NIGHT: {"green": "#1B2F2B", "building": "#2A3945", "site": "#45D0C1", "boundary": "#5B7080",
                     "water_label": "#7F98A8", "plain": "#8FA3B1"},
    MapTheme.DAY: {"green": "#DDE6D2", "building": "#D6D1C5", "site": "#0B6B75", "boundary": "#84939F",
                   "water_label": "#4F7386", "plain": "#5D6C79"},
}  # fmt: skip
"""Tones the tokens leave open, chosen between their neighbours."""


@cache
def palette(theme: MapTheme) -> Palette:
    """The palette of a theme."""
    tokens = json.loads(TOKENS.read_text("utf-8"))
    side = "dark" if theme is MapTheme.NIGHT else "light"
    place: dict[str, str] = tokens["color"]["map"][side]
    between = _BETWEEN[theme]
    roles = {name: place[name] for name in ("sea", "land", "urban", "street", "trunk", "motorway")}
    roles |= {"industrial": place["park"], "park": between["green"], "building": between["building"]}
    roles |= {"site": between["site"], "boundary": between["boundary"], "label": place["label"]}
    case = {"motorway": place["motorway"]} if theme is MapTheme.NIGHT else {
        "motorway": place["motorwayCase"],
        "trunk": place["trunkCase"],
        "street": "#D9D6CE",
    }  # fmt: skip
    grades = tuple(
        Grade(
            level=level,
            name=name,
            word=_WORDS[name],
            shape=tokens["risk"][name]["shape"],
            fill=tokens["risk"][name][side]["fill"],
            edge=tokens["risk"][name][side].get("edge") or ("#0E1720" if theme is MapTheme.NIGHT else "#FFFFFF"),
        )
        for level, name in enumerate(("red", "orange", "yellow", "blue"), start=1)
    )
    return Palette(
        theme=theme,
        roles=roles,
        case=case,
        label=place["label"],
        label_minor=place["labelMinor"],
        label_water=between["water_label"],
        halo=place["halo"],
        boundary=between["boundary"],
        grades=grades,
        plain=between["plain"],
    )
