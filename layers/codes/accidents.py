"""The level of an accident from its losses, by a dated rule table (Decree 493 of the State Council, article 3)."""

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.errors import BadInputError
from core.texts import Text
from layers.codes import DATA, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelRule:
    """Reaching any one of the three measures makes at least this level ("以上" includes the number); loss in yuan."""

    level: int
    deaths: int
    serious_injuries: int
    direct_loss: float
    valid_from: date
    valid_to: date | None
    source: str
    status: Status


@cache
def level_rules() -> tuple[LevelRule, ...]:
    """Every rule ever in force, gravest first."""
    with (DATA / "accident_level_rules.csv").open(encoding="utf-8", newline="") as file:
        rules = [
            LevelRule(
                level=int(row["level"]),
                deaths=int(row["deaths"]),
                serious_injuries=int(row["serious_injuries"]),
                direct_loss=float(row["direct_loss"]),
                valid_from=date.fromisoformat(row["valid_from"]),
                valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
                source=row["source"],
                status=Status(row["status"]),
            )
            for row in csv.DictReader(file)
        ]
    return tuple(sorted(rules, key=lambda rule: rule.level))


def accident_level(
    deaths: ArrayLike, serious_injuries: ArrayLike, direct_loss: ArrayLike, on: date
) -> NDArray[np.int8]:
    """Level 1 (gravest) to 4 by the rules in force on a day; arrays of one shape or numbers.

    >>> int(accident_level(2, 10, 0.0, date(2024, 5, 1)))
    3
    """
    rules = [rule for rule in level_rules() if rule.valid_from <= on and (rule.valid_to is None or on <= rule.valid_to)]
    if not rules:
        first = min(rule.valid_from for rule in level_rules())
        raise BadInputError(
            Text(
                f"{on} 没有生效的事故分级规则,最早 {first}",
                f"no rule for accident levels on {on}; the first is of {first}",
            ),
            on=on,
        )
    dead, hurt, loss = np.broadcast_arrays(np.asarray(deaths), np.asarray(serious_injuries), np.asarray(direct_loss))
    reached = [(dead >= r.deaths) | (hurt >= r.serious_injuries) | (loss >= r.direct_loss) for r in rules]
    return np.select(reached, [np.int8(r.level) for r in rules], np.int8(4)).astype(np.int8)
