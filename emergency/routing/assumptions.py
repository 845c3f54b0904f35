"""Speeds by class of road, turns and distances: data with their source, none of them measured in any city."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from core.texts import Text
from core.units import Speed

FOLDER = Path(__file__).parent / "data"
KMH: Speed = 1 / 3.6


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassSpeed:
    """How fast a class of road is taken to be where it has no limit of its own, and whether vehicles pass there.

    `speed` is that of built-up areas, where roads are dense, `open` that of all others.
    """

    kind: str
    speed: Speed
    open: Speed
    passable: bool
    source: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """One number that routes rest on."""

    id: str
    value: float
    unit: str
    title: Text
    source: str
    status: str


@cache
def class_speeds() -> Mapping[str, ClassSpeed]:
    """By class of road."""
    return MappingProxyType(
        {
            row["kind"]: ClassSpeed(
                kind=row["kind"], speed=float(row["speed_kmh"]) * KMH,
                open=float(row["open_kmh"]) * KMH, passable=row["passable"] == "yes",
                source=row["source"], status=row["status"],
            )
            for row in _rows("speeds.csv")
        }
    )  # fmt: skip


@cache
def assumptions() -> Mapping[str, Assumption]:
    """By what they are called."""
    return MappingProxyType(
        {
            row["id"]: Assumption(
                id=row["id"], value=float(row["value"]), unit=row["unit"], title=Text(row["zh"], row["en"]),
                source=row["source"], status=row["status"],
            )
            for row in _rows("limits.csv")
        }
    )  # fmt: skip


def assumed(name: str) -> float:
    """The number of that name, in its unit."""
    return assumptions()[name].value


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
