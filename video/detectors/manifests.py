"""What a site has installed, read without loading any of it."""

import json
from dataclasses import dataclass
from pathlib import Path

from video.rules.kinds import Needs

FAMILY = "equipment"
"""The family of classifiers of protective equipment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What is known of an installed detector."""

    name: str
    family: str
    licence: str
    source: str
    sha256: str
    bytes: int
    classes: tuple[str, ...]
    added_at: str


def manifest_in(path: Path) -> Manifest:
    """The manifest a file holds."""
    told = json.loads(path.read_text("utf-8"))
    return Manifest(**{**told, "classes": tuple(told["classes"])})


def installed(folder: Path) -> tuple[Manifest, ...]:
    """Every detector of a shelf, by name."""
    return tuple(manifest_in(one) for one in sorted(folder.glob("*/manifest.json")))


def lacking(folder: Path) -> frozenset[Needs]:
    """What rules need and no installed model gives; a classifier works on what a detector finds."""
    there = installed(folder)
    if not any("person" in one.classes for one in there):
        return frozenset({Needs.PEOPLE, Needs.EQUIPMENT})
    return frozenset() if any(one.family == FAMILY for one in there) else frozenset({Needs.EQUIPMENT})
