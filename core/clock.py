"""Time: UTC and aware inside, local only on screen."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]

CHINA = ZoneInfo("Asia/Shanghai")


def utc_now() -> datetime:
    """The present, for `app/wiring.py` to pass in; nothing else reads the machine's clock."""
    return datetime.now(UTC)


def iso(moment: datetime) -> str:
    """RFC 3339 in UTC with microseconds, so that text order is time order.

    >>> iso(datetime(2026, 11, 24, 3, 0, tzinfo=UTC)), iso(datetime(960, 2, 4, tzinfo=UTC))
    ('2026-11-24T03:00:00.000000Z', '0960-02-04T00:00:00.000000Z')
    """
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def hour_of(moment: datetime, now: datetime) -> str:
    """The time of day in China, with its date where that is not today's: nothing of yesterday reads as of today.

    >>> noon = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
    >>> hour_of(noon, noon), hour_of(noon, noon.replace(hour=16)), hour_of(noon, noon.replace(year=2027))
    ('12:00', '11-24 12:00', '2026-11-24 12:00')
    """
    at, today = moment.astimezone(CHINA), now.astimezone(CHINA).date()
    if at.date() == today:
        return f"{at:%H:%M}"
    return f"{at:%m-%d %H:%M}" if at.year == today.year else f"{at:%Y-%m-%d %H:%M}"


def from_iso(text: str) -> datetime:
    """An aware moment; text without an offset is refused, because nobody knows where it was written."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"time without offset: {text}")
    return moment.astimezone(UTC)


def day_of(text: str) -> date | None:
    """A day as tables write it, YYYY-MM-DD; blank is none. Raises: ValueError for what is neither."""
    return date.fromisoformat(text) if text else None
