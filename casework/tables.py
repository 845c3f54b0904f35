"""Rules kept as rows, a file per system: systems grow side by side and nobody edits another's file."""

import csv
from pathlib import Path

DATA = Path(__file__).parent / "data"


def rows_of(table: str) -> tuple[dict[str, str], ...]:
    """The rows of every file of a table (`functions`, `limits`, `reminders`), files in the order of their names."""
    rows: list[dict[str, str]] = []
    for path in sorted((DATA / table).glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows += csv.DictReader(file)
    return tuple(rows)
