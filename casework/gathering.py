"""What a step needs to know of the store beyond its own case: found by the desk, decided upon by pure functions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from store.protocol import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A file that the step leaves with its case: what it was decided upon."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What was found, under names that guards and effects know, and what of it is kept as files."""

    facts: Mapping[str, Any] = field(default_factory=dict)
    sheets: tuple[Sheet, ...] = ()


Gather = Callable[[Store, Mapping[str, Any], datetime], Gathered]
"""Of the store, the case's fields as they would be (of one that begins: what was filled in), and the moment."""

Gathers = Mapping[tuple[str, str], Gather]
"""By system and step."""

NOTHING = Gathered()
