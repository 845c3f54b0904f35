"""A few points, rules over them, and readings in seconds after one moment, for tests of alarms."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pyarrow as pa

from layers.catalogue.alarms import AlarmRule
from monitoring.alarms.rules import Condition, Point

START = datetime(2026, 11, 2, 0, 0, tzinfo=UTC)
"""A Monday, 08:00 in China."""

Row = tuple[str, float, float | None, int, float]
"""Point, time, value, quality, arrival; seconds after START."""


def point(code: str, **more: object) -> Point:
    """A level sensor of 0 to 10 with L 2, H 8, HH 9, read every ten seconds."""
    given = {
        "kind": "level", "enterprise": "E1", "unit": "m", "span": 10.0, "interval": 10.0, "in_use": True,
        "limits": {Condition.L: 2.0, Condition.H: 8.0, Condition.HH: 9.0},
    } | more  # fmt: skip
    return Point(code=code, **given)  # type: ignore[arg-type]


POINTS = {code: point(code) for code in ("A", "B", "C")}


def rule(code: str = "R", **more: object) -> AlarmRule:
    """A rule in force, over the limits of point A unless told otherwise."""
    given = {"title": code, "kind": "limits", "state": "in_force"} | more
    if given["kind"] != "combination" and not given.get("sensor_kind"):
        given.setdefault("points", ("A",))
    return AlarmRule.model_validate({"code": code, **given})


def moment(seconds: float) -> datetime:
    """So long after START."""
    return START + timedelta(seconds=seconds)


def batch(rows: Iterable[Row]) -> pa.Table:
    """Readings as the engine takes them."""
    columns = list(zip(*rows, strict=True)) or [()] * 5
    at = pa.timestamp("us", "UTC")
    return pa.table(
        {
            "key": pa.array(columns[0], pa.string()),
            "at": pa.array([moment(s) for s in columns[1]], at),
            "value": pa.array(columns[2], pa.float64()),
            "quality": pa.array(columns[3], pa.int8()),
            "arrived": pa.array([moment(s) for s in columns[4]], at),
        }
    )


def told(table: pa.Table) -> list[tuple[str, str, str, float, str, str]]:
    """Rule, point, condition, seconds after START, from → to, cause."""
    return [
        (
            row["rule"], row["point"], row["condition"], (row["at"] - START).total_seconds(),
            f"{row['from']} → {row['to']}", row["cause"],
        )
        for row in table.to_pylist()
    ]  # fmt: skip
