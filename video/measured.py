"""What was measured of each kind of rule, on which data and when, read from `data/accuracy.csv`.

`python -m benchmarks.video_accuracy` writes the file; none of its numbers stands in code.
"""

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from layers.codes import Status
from video.rules.rule import Kind

FILE = Path(__file__).with_name("data") / "accuracy.csv"
COLUMNS = (
    "kind", "clip", "date", "model", "measure", "n", "matched", "missed", "false", "precision", "recall", "accuracy",
    "onset_s", "aim_precision", "aim_recall", "aim_accuracy", "aim_onset_s", "beta", "status",
)  # fmt: skip
MEASURES = ("events", "made", "people")
"""Events of a clip that somebody labelled, faults made by hand in clips, people of labelled stills."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One kind of rule on one set of data; None where it says nothing there. `beta`: an aim was missed."""

    kind: Kind
    clip: str
    date: date
    model: str
    measure: str
    n: int
    false: int | None
    precision: float | None
    recall: float | None
    accuracy: float | None
    onset: float | None
    aims: dict[str, float]
    beta: bool
    status: Status


@cache
def measured() -> tuple[Measured, ...]:
    """Every row. Raises: ValueError, KeyError where the file is not of its form."""
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return tuple(
        Measured(
            kind=Kind(row["kind"]), clip=row["clip"], date=date.fromisoformat(row["date"]), model=row["model"],
            measure=MEASURES[MEASURES.index(row["measure"])], n=int(row["n"]),
            false=int(row["false"]) if row["false"] else None, precision=_number(row["precision"]),
            recall=_number(row["recall"]), accuracy=_number(row["accuracy"]), onset=_number(row["onset_s"]),
            aims={
                name: float(row[f"aim_{name}"])
                for name in ("precision", "recall", "accuracy", "onset_s")
                if row[f"aim_{name}"]
            },
            beta=row["beta"] == "true", status=Status(row["status"]),
        )
        for row in rows
    )  # fmt: skip


def _number(text: str) -> float | None:
    return float(text) if text else None
