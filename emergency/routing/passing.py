"""When a stretch may be driven that is covered for a while: set out before, or wait until it is over."""

from collections.abc import Iterator, Sequence

from core.units import Fraction, Second

FOREVER = float("inf")
Span = tuple[Fraction, Fraction, Second, Second]
"""A part of an edge, as fractions of its length, and from when until when it is covered."""


def departures(
    spans: Sequence[Span], begin: Fraction, end: Fraction, whole: Second, earliest: Second, latest: Second
) -> Iterator[Second]:
    """The first moment of each time one may set out at `begin` and reach `end` without meeting what covers a part.

    Fractions are of the way as it is driven; `whole` is what the whole of it takes.
    """
    forbidden = []
    for low, high, since, until in spans:
        if high < begin or low > end:
            continue
        first, last = (max(low, begin) - begin) * whole, (min(high, end) - begin) * whole
        forbidden.append((since - last, until - first))
    at = earliest
    for low, high in sorted(forbidden):
        if high <= at:
            continue
        if low > at:
            if at > latest:
                return
            yield at
        at = max(at, high)
    if at <= latest and at < FOREVER:
        yield at


def driven(spans: Sequence[Span], arc: int) -> Sequence[Span]:
    """Parts of an edge as fractions of the way one drives one of its arcs."""
    return [(1.0 - high, 1.0 - low, since, until) for low, high, since, until in spans] if arc & 1 else spans


def clear_until(windows: Sequence[tuple[Second, Second]], at: Second) -> tuple[int, Second]:
    """How many times of danger are over or under way, and when the next begins, at a place where one waits."""
    for number, (low, _) in enumerate(windows):
        if low > at:
            return number, low
    return len(windows), FOREVER


def exposed(spans: Sequence[Span], begin: Fraction, end: Fraction, whole: Second, at: Second) -> Second:
    """Seconds in what covers parts of a way, set out at `at`; parts that overlap count once."""
    met = []
    for low, high, since, until in spans:
        first, last = at + (max(low, begin) - begin) * whole, at + (min(high, end) - begin) * whole
        first, last = max(first, since), min(last, until)
        if last > first:
            met.append((first, last))
    total, reached = 0.0, -FOREVER
    for first, last in sorted(met):
        total += max(0.0, last - max(first, reached))
        reached = max(reached, last)
    return total


def covered_share(spans: Sequence[Span], begin: Fraction, end: Fraction) -> Fraction:
    """How much of the way between two fractions is covered, at any time; more than none where a point of it is."""
    total, reached = 0.0, begin
    for low, high, _, _ in sorted(spans):
        first, last = max(low, reached), min(high, end)
        if last > first:
            total += last - first
            reached = last
    return total
