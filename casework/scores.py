"""The least score of each grade of standardization, as data with source and status."""

import csv
from datetime import date
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data" / "grade_scores.csv"


@cache
def _rows() -> tuple[dict[str, str], ...]:
    with DATA.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def least_score(grade: int | None, on: date) -> float | None:
    """The score a grade asks for on a day, None where no rule is known.

    >>> least_score(3, date(2026, 3, 2))
    60.0
    """
    day = on.isoformat()
    found = [
        float(row["least"])
        for row in _rows()
        if row["grade"] == str(grade) and (row["valid_from"] or day) <= day <= (row["valid_to"] or day)
    ]
    return found[0] if found else None
