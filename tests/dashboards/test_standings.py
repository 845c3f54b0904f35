"""What a screen says of points: a value only while it is one, why not, since when, and what a map marks."""

from datetime import timedelta

import pyarrow as pa

from app.monitoring.sights import Sights
from app.readings import SensorReadings
from core.scope import SYSTEM_SCOPE
from core.texts import Lang
from dashboards.queries.readings import Readings
from dashboards.queries.standings import Wish, odd, wall_of_points
from layers.catalogue import SENSORS
from monitoring.quality import Flag
from store.series import KEPT
from tests.monitoring.plant import NOON, Plant, plant

__all__ = ["plant"]
MINUTE = timedelta(minutes=1)


def say(plant: Plant, code: str, ago: int, value: float | None, quality: int = 0, flags: int = 0) -> None:
    row = {"layer": "sensors", "key": code, "element": "value", "at": NOON - ago * MINUTE, "value": value}
    plant.series.append(
        pa.Table.from_pylist([row | {"quality": quality, "flags": flags, "arrived": NOON}], schema=KEPT)
    )


def test_a_silent_or_bad_point_has_no_value_and_its_last_word_is_told_apart(plant: Plant) -> None:
    say(plant, "P1", 10, 42.0)
    say(plant, "P2", 1, 180.0, quality=2, flags=Flag.RANGE)
    found = Readings(plant.store, SensorReadings(plant.series, SENSORS)).latest(
        ["P1", "P2", "G1"], NOON, scope=SYSTEM_SCOPE, lang=Lang.ZH
    )
    told = {code: (one["state"], one["value"], one["said"], one["why"]) for code, one in found.items()}
    assert told == {
        "P1": ("unknown", None, "42", ["静默"]),
        "P2": ("unknown", None, "180", ["超量程"]),
        "G1": ("unknown", None, None, ["从未上报"]),
    }
    points = Sights(plant.store).in_use(SYSTEM_SCOPE)
    assert points is not None
    latest = plant.series.latest(SENSORS, points["code"].to_pylist(), scope=SYSTEM_SCOPE)
    assert odd(points, latest, now=NOON) == {"fault": ["P2"], "stale": ["G1", "P1"]}


def test_a_doubt_is_told_since_the_first_reading_it_lasts_from(plant: Plant) -> None:
    say(plant, "P1", 6, 40.0)
    for ago in (5, 4, 3, 2, 1):
        say(plant, "P1", ago, 41.0, quality=1, flags=Flag.STUCK)
    say(plant, "P2", 1, 40.0)
    say(plant, "G1", 1, 0.0)
    wish = Wish(attention=True)
    found = wall_of_points(plant.store, plant.series, wish, now=NOON, scope=SYSTEM_SCOPE, lang=Lang.ZH)
    assert found is not None
    (row,) = found["rows"]
    assert (row["code"], row["state"], row["value"], row["why"]) == ("P1", "doubtful", 41.0, ["死值"])
    assert row["since"].startswith("2026-11-28T11:55")
    assert [(one["code"], one["count"]) for one in found["reasons"]] == [("stuck", 1)]
