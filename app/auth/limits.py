"""The numbers of signing in, read from `limits.json` with where they come from: none of them stands in code."""

from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

import orjson

FILE = Path(__file__).with_name("limits.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Passwords, tries, sessions and keys; minutes, days and counts as the names say."""

    password_length: int
    password_classes: int
    password_history: int
    password_days: int
    tries: int
    lock_minutes: int
    address_tries: int
    idle_minutes: int
    steps_minutes: int
    key_per_minute: int
    refusals_per_minute: int
    signature_seconds: int


@cache
def limits() -> Limits:
    """The limits in force; a missing or unknown one stops the start."""
    given = {entry["id"]: entry["value"] for entry in orjson.loads(FILE.read_bytes())}
    wanted = {field.name for field in fields(Limits)}
    if set(given) != wanted:
        raise ValueError(f"limits.json must name exactly {sorted(wanted)}")
    return Limits(**given)
