"""Numbers of how alarms are handled, as dated data with source and status; none of them stands in code."""

from datetime import date
from functools import cache
from importlib.resources import files

from layers.practice import Practice, held, read_practices

DATA = files("monitoring") / "alarms" / "data"


@cache
def practices() -> tuple[Practice, ...]:
    """Every number in the order of the file."""
    return read_practices(DATA / "practice.csv")


def practice(name: str, on: date) -> float:
    """The number that holds on a day."""
    return held(practices(), name, on).value
