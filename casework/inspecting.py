"""What a yearly plan of inspections says, item by item, and the numbers that plans and draws go by, as data."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

from core.errors import NotFoundError
from core.texts import Text
from layers.codes import Status, code_list

DATA = Path(__file__).parent / "data" / "inspection_rules.csv"
MOST_ITEMS, MOST_UNITS = 60, 100_000


class PlanKind(StrEnum):
    """Of which kind an item of the plan is (code list `plan_kind`)."""

    KEY = "key"
    GENERAL = "general"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanItem:
    """So many units of an area, industry and risk (blank: all), by the end of a quarter (0: of the year)."""

    no: int
    kind: PlanKind
    area: str
    sector: str = ""
    risk: str = ""
    units: int
    quarter: int = 0

    def __str__(self) -> str:
        parts = (self.no, self.kind, self.area, self.sector, self.risk, self.units, self.quarter or "")
        return "|".join(map(str, parts))

    def code(self, plan: str) -> str:
        """How checks and draws name it."""
        return f"{plan}/{self.no:02d}"

    def ends(self, year: int) -> date:
        """The last day on which it is in time."""
        return {1: date(year, 3, 31), 2: date(year, 6, 30), 3: date(year, 9, 30)}.get(self.quarter, date(year, 12, 31))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One number plans and draws go by, with its source and how far that is to be trusted."""

    id: str
    title: Text
    value: float
    cited: str
    status: Status
    valid_from: date | None
    valid_to: date | None


def plan_items(texts: Sequence[str]) -> tuple[tuple[PlanItem, ...], tuple[str, ...]]:
    """The items of a plan, and the texts that are none.

    >>> plan_items(("1|general|990106|hazchem|2|20|2", "?"))[0][0].units
    20
    """
    found: list[PlanItem] = []
    wrong: list[str] = []
    for text in texts:
        item = _item(text)
        if item is None or any(one.no == item.no for one in found):
            wrong.append(text)
        else:
            found.append(item)
    return tuple(found), tuple(wrong)


def named_item(code: str) -> tuple[str, int] | None:
    """The plan and the number of an item, as checks and draws name them."""
    plan, _, no = code.partition("/")
    return (plan, int(no)) if plan and no.isdecimal() else None


def rules() -> tuple[Rule, ...]:
    """Every number, in the order of the file."""
    return _rules()


def rule(id: str, on: date) -> Rule:
    """The number in force on a day."""
    found = next(
        (one for one in _rules() if one.id == id and (one.valid_from is None or one.valid_from <= on)
         and (one.valid_to is None or on <= one.valid_to)), None,
    )  # fmt: skip
    if found is None:
        raise NotFoundError(Text(f"{on} 没有有效的检查规则“{id}”", f"no rule {id!r} of inspections on {on}"), rule=id)
    return found


def _item(text: str) -> PlanItem | None:
    parts = text.split("|")
    if len(parts) != 7:
        return None
    no, kind, area, sector, risk, units, quarter = parts
    if not (no.isdecimal() and units.isdecimal() and 1 <= int(no) <= 99 and 1 <= int(units) <= MOST_UNITS):
        return None
    if kind not in ("key", "general") or not (area.isdecimal() and 2 <= len(area) <= 12):
        return None
    if (sector and sector not in _codes("sector")) or (risk and risk not in _codes("risk")):
        return None
    if quarter not in ("", "1", "2", "3", "4"):
        return None
    return PlanItem(
        no=int(no), kind=PlanKind(kind), area=area, sector=sector, risk=risk, units=int(units),
        quarter=int(quarter or 0),
    )  # fmt: skip


def _codes(name: str) -> frozenset[str]:
    return frozenset(one.code for one in code_list(name))


@cache
def _rules() -> tuple[Rule, ...]:
    with DATA.open(encoding="utf-8", newline="") as file:
        return tuple(
            Rule(
                id=row["id"], title=Text(row["zh"], row["en"]), value=float(row["value"]),
                cited=f"{row['source']} {row['article']}".strip(), status=Status(row["status"]),
                valid_from=date.fromisoformat(row["valid_from"]) if row["valid_from"] else None,
                valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
            )
            for row in csv.DictReader(file)
        )  # fmt: skip
