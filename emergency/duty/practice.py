"""Numbers of how duty is kept, as dated data with source and status; none of them stands in code."""

from datetime import date, timedelta
from functools import cache
from importlib.resources import files

from layers.practice import Practice, held, read_practices

DATA = files("emergency") / "duty" / "data"


@cache
def practices() -> tuple[Practice, ...]:
    """Every number in the order of the file."""
    return read_practices(DATA / "practice.csv")


def span(name: str, on: date) -> timedelta:
    """How long it is on a day."""
    one = held(practices(), name, on)
    return timedelta(days=one.value) if one.unit == "d" else timedelta(seconds=one.value)
