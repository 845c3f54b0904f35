"""What a reporter is given by the rules on rewards: a share of the fine within bounds, or so much for each death."""

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated

from core.clock import day_of
from core.errors import NotFoundError
from core.texts import Text
from core.units import Unit
from layers.codes import Status

Yuan = Annotated[float, Unit("CNY")]
DATA = Path(__file__).parent / "data" / "complaint_rewards.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reward:
    """One rule: `share` of the fine or `per_death`, never less than `floor` nor more than `cap`."""

    id: str
    share: float | None
    per_death: Yuan | None
    floor: Yuan
    cap: Yuan
    source: str
    status: Status
    valid_from: date | None
    valid_to: date | None

    def amount(self, fine: Yuan | None, deaths: int | None) -> Yuan:
        """What it comes to, in whole yuan.

        >>> reward("danger_major", date(2026, 3, 2)).amount(50_000.0, None)
        7500.0
        >>> reward("danger_major", date(2026, 3, 2)).amount(None, None)
        3000.0
        >>> reward("concealed_grave", date(2026, 3, 2)).amount(None, 7)
        300000.0
        """
        found = (self.share or 0.0) * (fine or 0.0) if self.per_death is None else self.per_death * (deaths or 0)
        return float(round(min(self.cap, max(self.floor, found))))


@cache
def rewards() -> tuple[Reward, ...]:
    """Every rule, in the order of the file."""
    with DATA.open(encoding="utf-8", newline="") as file:
        return tuple(_reward(row) for row in csv.DictReader(file))


def reward(id: str, on: date) -> Reward:
    """The rule in force on a day."""
    held = (one for one in rewards() if one.id == id)
    found = next((one for one in held if (one.valid_from or on) <= on <= (one.valid_to or on)), None)
    if found is None:
        raise NotFoundError(Text(f"{on} 没有奖励标准“{id}”", f"no reward {id!r} in force on {on}"))
    return found


def _reward(row: dict[str, str]) -> Reward:
    return Reward(
        id=row["id"], share=_number(row["share"]), per_death=_number(row["per_death"]), cap=float(row["cap"]),
        floor=_number(row["floor"]) or 0.0, source=row["source"], status=Status(row["status"]),
        valid_from=day_of(row["valid_from"]), valid_to=day_of(row["valid_to"]),
    )  # fmt: skip


def _number(text: str) -> float | None:
    return float(text) if text else None
