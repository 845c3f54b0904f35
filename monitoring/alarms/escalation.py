"""Who must hear of an alarm that nobody has acknowledged, and until when there is time to answer."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache

from layers.catalogue.alarms import AlarmRow
from monitoring.alarms.answering import held
from monitoring.alarms.life import State
from monitoring.alarms.practice import DATA


class Tier(StrEnum):
    """Whom an alarm is told to, from near to far (code list `alarm_tier`)."""

    ENTERPRISE = "enterprise"
    TOWN = "town"
    DISTRICT = "district"
    CITY = "city"


TIERS = tuple(Tier)
Ladder = Mapping[int, tuple[tuple[Tier, timedelta], ...]]
"""For each level the tiers, each with the time after which it hears of an unacknowledged alarm."""


@dataclass(frozen=True, slots=True)
class Told:
    """How far up an alarm has to go by now, since when, and when it goes further: the clock of the reply."""

    tier: Tier
    at: datetime
    due: datetime | None

    def left(self, now: datetime) -> timedelta | None:
        """Time to answer in; None where nobody is above."""
        return None if self.due is None else self.due - now


@cache
def usual() -> Ladder:
    """The ladder shipped, our own numbers."""
    rows = list(csv.DictReader((DATA / "escalation.csv").read_text("utf-8").splitlines()))
    levels = sorted({int(row["level"]) for row in rows})
    above = {level: [row for row in rows if int(row["level"]) == level] for level in levels}
    return {
        level: (
            (Tier.ENTERPRISE, timedelta(0)),
            *sorted(
                ((Tier(row["tier"]), timedelta(seconds=float(row["after"]))) for row in steps), key=lambda one: one[1]
            ),
        )
        for level, steps in above.items()
    }


def escalated(row: AlarmRow, now: datetime, ladder: Ladder) -> Told:
    """Where an alarm stands on the ladder; acknowledged, shelved or cleared it stays where it has come to.

    Its clock starts anew when it is raised again and when it comes off the shelf; what its enterprise answers stops it
    or lets it go on as `data/reply_clock.csv` says.
    """
    steps = ladder[row.level]
    reached = Tier(row.told)
    begun = max(row.last_raised_at or row.raised_at, row.shelved_until or row.raised_at)
    still, resumed = held(row, now)
    begun = begun if resumed is None else max(begun, resumed)
    if row.state != State.RAISED or still:
        return Told(reached, row.told_at or row.raised_at, None)
    passed = [(tier, begun + after) for tier, after in steps if begun + after <= now]
    tier, at = passed[-1] if passed else (reached, begun)
    coming = [begun + after for _, after in steps if begun + after > now]
    if TIERS.index(reached) > TIERS.index(tier):
        tier, at = reached, row.told_at or begun
        coming = [begun + after for step, after in steps if TIERS.index(step) > TIERS.index(reached)]
    return Told(tier, at, min(coming, default=None))
