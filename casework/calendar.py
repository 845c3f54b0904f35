"""China's working days, and when a term of the law ends: by the published arrangements, or said to be assumed.

Holidays and the weekends worked instead (调休) of a year are announced by the State Council the autumn before. They
come from the package `chinesecalendar`; a year it does not know can be added as rows until its next release. A day of a
year without an arrangement is judged by its weekday alone, and every answer that leans on one says so.
"""

import csv
from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.clock import CHINA
from core.errors import BadInputError
from core.texts import Text

Days = NDArray[np.datetime64]

EXTRA = Path(__file__).parent / "data" / "holidays.csv"
LAST = date(2060, 12, 31)
"""Terms are counted up to this day; the flags of all days are one small array."""


class Unit(StrEnum):
    """What a term of the law is counted in."""

    HOUR = "hour"
    CALENDAR_DAY = "calendar_day"
    WORKING_DAY = "working_day"
    MONTH = "month"
    YEAR = "year"


UNITS = {
    Unit.HOUR: Text("小时", "hours"),
    Unit.CALENDAR_DAY: Text("日", "calendar days"),
    Unit.WORKING_DAY: Text("个工作日", "working days"),
    Unit.MONTH: Text("个月", "months"),
    Unit.YEAR: Text("年", "years"),
}


@dataclass(frozen=True, slots=True)
class Term:
    """So many of a unit; `rolls` when a last day that is a holiday gives way to the next working day (民法典 203).

    Whether a term rolls is a matter of the rule it comes from: one that binds the authority itself stays.
    """

    count: int
    unit: Unit
    rolls: bool = False

    def __post_init__(self) -> None:
        if self.count < 0:
            raise wrong(field="count", value=self.count, allowed=">= 0")

    @property
    def title(self) -> Text:
        """As an officer reads it: 20 个工作日."""
        words = UNITS[self.unit]
        if not self.count:
            return Text("当日", "the same day")
        return Text(f"{self.count} {words.zh}", f"{self.count} {words.en if self.count != 1 else words.en[:-1]}")


@dataclass(frozen=True, slots=True)
class Due:
    """The last moment of a term; not `certain` when days of a year without a published arrangement were counted."""

    at: datetime
    certain: bool

    @property
    def day(self) -> date:
        """The last day, as the calendar in China shows it."""
        return (self.at - timedelta(microseconds=1)).astimezone(CHINA).date()

    @property
    def note(self) -> Text | None:
        """What must stand beside a day that is assumed."""
        if self.certain:
            return None
        return Text(
            "所涉年度放假安排尚未收录，按周末推算",
            "the holiday arrangement of a year involved is not known here; weekends alone were taken into account",
        )


@dataclass(frozen=True, slots=True)
class Pause:
    """A clock stopped and set going again, or still standing: while papers are corrected, examined, heard."""

    start: datetime
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Arrangement:
    """One day that is not what its weekday says: a holiday, or a weekend worked instead."""

    day: date
    works: bool
    name: str = ""
    source: str = ""


class Calendar:
    """The working days of China.

    >>> year = Calendar()
    >>> year.works(date(2026, 10, 10)), year.works(date(2026, 10, 1))    # a Saturday worked for the National Day
    (True, False)
    >>> year.due(datetime(2026, 9, 28, 2, tzinfo=UTC), Term(5, Unit.WORKING_DAY)).day
    datetime.date(2026, 10, 10)
    """

    def __init__(self, extra: Iterable[Arrangement] = ()) -> None:
        from chinese_calendar.constants import holidays, workdays

        table = dict.fromkeys(holidays, False) | dict.fromkeys(workdays, True)
        added = tuple(extra)
        table |= {one.day: one.works for one in added}
        self.first = date(min(table).year, 1, 1)
        self.years = frozenset(day.year for day in table)
        """Years whose arrangement is known."""
        every = np.arange(np.datetime64(self.first), np.datetime64(LAST) + np.timedelta64(1, "D"))
        flags = np.is_busday(every)
        places = np.array([(day - self.first).days for day in table])
        flags[places] = np.fromiter(table.values(), dtype=bool)
        self._flags = flags
        self._worked = np.concatenate(([0], np.cumsum(flags)))
        """How many days were worked before each day."""

    def works(self, day: date) -> bool:
        """Whether offices work on it; of a year without an arrangement, whether it is a weekday."""
        return bool(self._flags[self._place(day)])

    def known(self, start: date, end: date) -> bool:
        """Whether each year from one day to the other has a published arrangement."""
        return all(year in self.years for year in range(start.year, end.year + 1))

    def worked(self, start: date, end: date) -> int:
        """Working days after `start` up to and with `end`; negative when `end` lies before."""
        return int(self._worked[self._place(end) + 1] - self._worked[self._place(start) + 1])

    def due(self, start: datetime, term: Term, pauses: Sequence[Pause] = ()) -> Due | None:
        """When the term ends that begins at `start`, or None while its clock stands.

        The first day is not counted and the last ends at midnight in China; hours run from the moment. Of a pause
        the day it begins still counts and the day it ends does not, as the first day of a term does not. A pause that
        begins after the term has ended changes nothing.
        """
        held = [(one.start, one.end) for one in pauses if one.end is not None]
        _check(start, held)
        found = self._due(start, term, held)
        standing = any(one.end is None and one.start < found.at for one in pauses)
        return None if standing else found

    def _due(self, start: datetime, term: Term, held: Sequence[tuple[datetime, datetime]]) -> Due:
        if term.unit is Unit.HOUR:
            at = start + timedelta(hours=term.count)
            for begin, end in held:
                at += end - begin if begin < at else timedelta()
            return Due(at, certain=True)
        first = start.astimezone(CHINA).date()
        if term.unit is Unit.WORKING_DAY:
            last = self._after(first, term.count, _excluded(held), working=True)
        elif term.unit is Unit.CALENDAR_DAY:
            last = self._after(first, term.count, _excluded(held), working=False)
        else:
            last = _months(first, term.count * (12 if term.unit is Unit.YEAR else 1))
            for begin, end in held:
                lost = end.astimezone(CHINA).date() - begin.astimezone(CHINA).date()
                last += lost if begin < end_of(last) else timedelta()
        leans = term.unit is Unit.WORKING_DAY or term.rolls
        while term.rolls and not self.works(last):
            last += timedelta(days=1)
        return Due(end_of(last), certain=not leans or self.known(first, last))

    def due_days(self, starts: Days, count: int) -> Days:
        """The last day of a term of working days for many first days (datetime64[D]) at once, no pauses."""
        begins = starts.astype("datetime64[D]")
        places = (begins - np.datetime64(self.first)).astype(np.int64)
        if places.size and (places.min() < 0 or places.max() >= len(self._flags)):
            raise wrong(field="starts", value=str(begins.min()), allowed=f"{self.first} to {LAST}")
        aim = self._worked[places + 1] + count
        found = np.searchsorted(self._worked, aim, side="left") - 1
        return begins if count == 0 else np.datetime64(self.first) + found.astype("timedelta64[D]")

    def _after(self, first: date, count: int, off: frozenset[date], *, working: bool) -> date:
        day, left = first, count
        if not off and working and count:
            aim = int(self._worked[self._place(first) + 1]) + count
            place = int(np.searchsorted(self._worked, aim, side="left")) - 1
            return self._day(place)
        while left:
            day += timedelta(days=1)
            left -= day not in off and (not working or self.works(day))
        return day

    def _place(self, day: date) -> int:
        place = (day - self.first).days
        if not 0 <= place < len(self._flags):
            raise wrong(field="day", value=day.isoformat(), allowed=f"{self.first} to {LAST}")
        return place

    def _day(self, place: int) -> date:
        if place >= len(self._flags):
            raise wrong(field="day", value=str(place), allowed=f"{self.first} to {LAST}")
        return self.first + timedelta(days=place)


def wrong(*, field: str, value: object, allowed: str) -> BadInputError:
    """A date, a count or a row that cannot be meant."""
    return BadInputError(
        Text(f"{field}“{value}”有误，应为 {allowed}", f"{field} {value!r} is not allowed: {allowed}"),
        field=field,
        value=str(value),
        allowed=allowed,
    )


def end_of(day: date) -> datetime:
    """Midnight at the end of a day in China, in UTC."""
    return datetime.combine(day + timedelta(days=1), time(), CHINA).astimezone(UTC)


def arrangements(path: Path = EXTRA) -> tuple[Arrangement, ...]:
    """Days added as rows, for years the package does not know yet: `day,works,name,source`.

    Raises: BadInputError naming the line and what is allowed.
    """
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    found = []
    for number, row in enumerate(rows, start=2):
        try:
            day = date.fromisoformat(row["day"])
            works = {"yes": True, "no": False}[row["works"]]
        except (ValueError, KeyError) as fault:
            raise wrong(
                field=f"{path.name}:{number}", value=str(row), allowed="day YYYY-MM-DD, works yes|no"
            ) from fault
        if not row["source"]:
            raise wrong(field=f"{path.name}:{number}:source", value="", allowed="the notice it stands in")
        found.append(Arrangement(day, works, row["name"], row["source"]))
    return tuple(found)


@cache
def china() -> Calendar:
    """The calendar of the package with the rows added here."""
    return Calendar(arrangements())


def _check(start: datetime, held: Iterable[tuple[datetime, datetime]]) -> None:
    last = start
    for begin, end in held:
        if end < begin or begin < last:
            raise wrong(
                field="pauses", value=f"{begin.isoformat()}..{end.isoformat()}", allowed="in order, after the start"
            )
        last = end


def _excluded(held: Iterable[tuple[datetime, datetime]]) -> frozenset[date]:
    """Days that do not count: after the one a pause begins on, up to the one it ends on."""
    days: set[date] = set()
    for begin, end in held:
        first, last = begin.astimezone(CHINA).date(), end.astimezone(CHINA).date()
        days.update(first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    return frozenset(days)


def _months(day: date, months: int) -> date:
    """The same day so many months on, or the last of a month that has none such (民法典 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
