"""Moments and intervals as filters write them, and the temporal relations as comparisons."""

from datetime import UTC, date, datetime, time, timedelta

from core.errors import BadInputError
from core.texts import Text
from layers.fields import FieldSpec, Kind
from layers.filters import And, Compare, Filter, Not, Op, Or, every
from ogc.filter.limits import bad_filter

Moment = date | datetime


def moment(text: str) -> Moment:
    """A date or a time with an offset; a time without one is refused."""
    try:
        if "T" not in text and " " not in text:
            return date.fromisoformat(text)
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise _bad_time(f"时间“{text}”不是 RFC 3339", f"time {text!r} is not RFC 3339") from error
    if found.tzinfo is None:
        raise _bad_time(f"时间“{text}”缺少时区", f"time {text!r} has no offset, write Z for UTC")
    return found.astimezone(UTC)


def _bad_time(zh: str, en: str) -> BadInputError:
    """In words that suit a filter, a TIME and a `datetime` alike."""
    return BadInputError(Text(zh, en), field="filter")


def start_of(value: Moment) -> datetime:
    """The first instant of a date, or the moment itself."""
    return value if isinstance(value, datetime) else datetime.combine(value, time(), UTC)


def end_of(value: Moment) -> datetime:
    """The instant after a date, or the moment itself."""
    return value if isinstance(value, datetime) else datetime.combine(value, time(), UTC) + timedelta(days=1)


def interval(texts: tuple[str, str]) -> tuple[Moment | None, Moment | None]:
    """Both ends, None where open (`..` or nothing)."""
    low, high = (None if text in ("..", "") else moment(text) for text in texts)
    if low is not None and high is not None and _past(start_of(low), high):
        told = "/".join(texts)
        raise _bad_time(f"时间段“{told}”首尾颠倒", f"interval {told!r} ends before it begins")
    return low, high


def _past(start: datetime, high: Moment) -> bool:
    return start > high if isinstance(high, datetime) else start >= end_of(high)


def compared(spec: FieldSpec, op: Op, value: Moment) -> Filter:
    """A field against a moment; against a date, a time field is compared with the whole day."""
    if spec.kind is Kind.DATETIME and not isinstance(value, datetime):
        first, after = start_of(value), end_of(value)
        match op:
            case Op.EQ:
                return And((Compare(spec.name, Op.GE, first), Compare(spec.name, Op.LT, after)))
            case Op.NE:
                return Or((Compare(spec.name, Op.LT, first), Compare(spec.name, Op.GE, after)))
            case Op.LT | Op.GE:
                return Compare(spec.name, op, first)
            case Op.LE:
                return Compare(spec.name, Op.LT, after)
            case Op.GT:
                return Compare(spec.name, Op.GE, after)
    return Compare(spec.name, op, value)


def related(spec: FieldSpec, relation: str, low: Moment | None, high: Moment | None) -> Filter:
    """A field of instants in a temporal relation to an instant (low is high) or an interval."""
    match relation:
        case "after":
            return Or(()) if high is None else compared(spec, Op.GT, high)
        case "before":
            return Or(()) if low is None else compared(spec, Op.LT, low)
        case "equals" | "tequals" if low is not None and low == high:
            return compared(spec, Op.EQ, low)
        case "during":
            return _within(spec, low, high, Op.GT, Op.LT)
        case "intersects" | "anyinteracts":
            return _within(spec, low, high, Op.GE, Op.LE)
        case "disjoint":
            return Not(_within(spec, low, high, Op.GE, Op.LE))
        case "starts" | "begins" if low is not None:
            return compared(spec, Op.EQ, low)
        case "finishes" | "ends" if high is not None:
            return compared(spec, Op.EQ, high)
    raise bad_filter(
        f"时间关系“{relation}”不适用于时刻字段“{spec.name}”",
        f"temporal relation {relation!r} does not apply to {spec.name!r}, a field of instants",
    )


def _within(spec: FieldSpec, low: Moment | None, high: Moment | None, at_low: Op, at_high: Op) -> Filter:
    found = every(
        None if low is None else compared(spec, at_low, low), None if high is None else compared(spec, at_high, high)
    )
    return And(()) if found is None else found
