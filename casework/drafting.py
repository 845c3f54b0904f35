"""How long drafts are kept, how many and how large they may be: declared as data with source and status."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

import orjson

DATA = Path(__file__).parent / "data" / "drafts.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRules:
    """The bounds of what the server keeps of somebody's typing."""

    kept: timedelta
    most: int
    largest: int


@cache
def draft_rules() -> DraftRules:
    """Those in force."""
    rows = {row["id"]: int(row["value"]) for row in orjson.loads(DATA.read_bytes())}
    return DraftRules(kept=timedelta(days=rows["days"]), most=rows["most"], largest=rows["largest"])
