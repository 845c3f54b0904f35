"""Time limits of procedures as data: how long, from when, by which rule, and how far that rule is to be trusted."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from casework.calendar import Term, Unit
from casework.tables import rows_of
from core.clock import day_of
from core.errors import NotFoundError
from core.texts import Text
from layers.codes import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One rule; several of one id may follow each other in time."""

    id: str
    title: Text
    term: Term
    starts: Text
    source: str
    article: str
    status: Status
    valid_from: date | None
    valid_to: date | None

    def valid(self, on: date) -> bool:
        """It held on that day."""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)

    @property
    def cited(self) -> str:
        """Source and article as one line."""
        return f"{self.source} {self.article}".strip()


@cache
def limits() -> tuple[Limit, ...]:
    """Every rule, system by system."""
    return tuple(_limit(row) for row in rows_of("limits"))


def limit_ids() -> frozenset[str]:
    """The names under which a step may cite one."""
    return frozenset(one.id for one in limits())


def limit(id: str, on: date) -> Limit:
    """The rule in force on a day; where none was yet, or none is any more, that is said."""
    found = next((one for one in limits() if one.id == id and one.valid(on)), None)
    if found is None:
        raise NotFoundError(Text(f"{on} 没有有效的期限规则“{id}”", f"no rule {id!r} in force on {on}"), limit=id)
    return found


def _limit(row: dict[str, str]) -> Limit:
    return Limit(
        id=row["id"],
        title=Text(row["zh"], row["en"]),
        term=Term(int(row["amount"]), Unit(row["unit"]), rolls=row.get("rolls") == "yes"),
        starts=Text(row["starts_zh"], row["starts_en"]),
        source=row["source"],
        article=row["article"],
        status=Status(row["status"]),
        valid_from=day_of(row["valid_from"]),
        valid_to=day_of(row["valid_to"]),
    )
