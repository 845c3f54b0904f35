"""What procedures ask of the calendar besides: the latest day to ask ahead of an end, and a clock that stood still."""

from datetime import date, datetime, timedelta

from casework.calendar import Calendar, Due, Term, Unit, end_of
from core.clock import CHINA

A_DAY = timedelta(days=1)
AN_INSTANT = timedelta(microseconds=1)


def local_day(at: datetime) -> date:
    """The day it is in China."""
    return at.astimezone(CHINA).date()


def last_day(end: datetime) -> date:
    """The last day before a moment that ends a day."""
    return local_day(end - AN_INSTANT)


def before(calendar: Calendar, end: datetime, term: Term) -> datetime:
    """The latest moment from which a term in days still lies wholly before an end."""
    last = last_day(end)
    if term.unit is Unit.HOUR:
        return end - timedelta(hours=term.count)
    day = last
    while _ends(calendar, day, term) > last:
        day -= A_DAY
    return end_of(day)


def _ends(calendar: Calendar, day: date, term: Term) -> date:
    found = calendar.due(end_of(day) - AN_INSTANT, term)
    assert found is not None
    return found.day


def resumed(calendar: Calendar, due: datetime, stopped: datetime, again: datetime, term: Term) -> Due:
    """A deadline whose clock stood still between two moments; one that had passed before stays.

    The day it stopped still counts and the day it goes on again does not, as `Calendar.due` counts pauses.
    """
    if stopped >= due:
        return Due(due, certain=True)
    if term.unit is Unit.HOUR:
        return Due(due + (again - stopped), certain=True)
    first, on = local_day(stopped), local_day(again)
    if term.unit is Unit.WORKING_DAY:
        later = calendar.due(due - AN_INSTANT, Term(calendar.worked(first, on), Unit.WORKING_DAY))
        assert later is not None
        return Due(later.at, certain=calendar.known(first, later.day))
    return Due(end_of(last_day(due) + (on - first)), certain=True)
