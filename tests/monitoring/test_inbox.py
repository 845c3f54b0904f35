"""The inbox: kept before it is said, once however often it is brought, refused in sight when full."""

import threading
from datetime import datetime, timedelta

import pyarrow as pa
import pytest

from core.actors import SYSTEM_ACTOR
from core.errors import BusyError
from core.scope import SYSTEM_SCOPE, Scope, Sensitivity
from layers.catalogue import SENSORS
from monitoring.inbox import Kept
from monitoring.quality import Flag
from monitoring.readings import BATCH, batch
from store.feed import Put
from tests.monitoring.plant import NOON, Plant


def of(
    values: list[float | None], key: str = "P1", start: datetime = NOON, element: str = "value", source: str = "one"
) -> pa.Table:
    rows = len(values)
    table = pa.table({
        "layer": ["weather_stations" if key == "W1" else "sensors"] * rows, "key": [key] * rows,
        "element": [element] * rows,
        "at": [start + timedelta(minutes=n) for n in range(rows)], "value": pa.array(values, pa.float64()),
        "quality": pa.array([0] * rows, pa.int8()),
    })  # fmt: skip
    return batch(table, source=source, arrived=NOON + timedelta(hours=2))


def test_what_is_answered_is_kept_and_brought_again_it_is_not_kept_twice(plant: Plant) -> None:
    heard: list[pa.Table] = []
    plant.inbox.listen(heard.append)
    assert plant.inbox.offer(of([1.0, 2.0])).result() == Kept(2, 0, 0)
    assert [value for _, value, _ in plant.values()] == [1.0, 2.0]
    assert plant.inbox.offer(of([1.0, 2.0, 3.0])).result() == Kept(1, 2, 0)
    assert plant.inbox.offer(of([0.5], start=NOON - timedelta(minutes=1))).result() == Kept(1, 0, 1)
    plant.inbox.stop()
    assert [value for _, value, _ in plant.values()] == [0.5, 1.0, 2.0, 3.0]
    assert [table.num_rows for table in heard] == [2, 1, 1]
    assert heard[0].schema == BATCH
    counts = plant.inbox.told()
    assert (counts.received, counts.kept, counts.repeated, counts.late) == (6, 4, 2, 1)
    assert counts.last_arrival == {"one": NOON}


def test_readings_are_judged_by_their_point_and_a_changed_range_counts_at_once(plant: Plant) -> None:
    plant.inbox.offer(of([150.0])).result()
    plant.inbox.offer(of([150.0], key="W1", element="wind_speed")).result()
    plant.inbox.offer(of([150.0], key="W1", element="solar")).result()
    assert [flags for _, _, flags in plant.values()] == [Flag.RANGE]
    wider = plant.store.get(SENSORS, "P1", scope=SYSTEM_SCOPE).record.model_copy(update={"range_high": 200.0})
    plant.store.commit([Put(layer="sensors", record=wider)], actor=SYSTEM_ACTOR, reason="", scope=SYSTEM_SCOPE)
    plant.inbox.register._looked = -10.0  # a second has passed
    plant.inbox.offer(of([150.0], start=NOON + timedelta(minutes=9))).result()
    assert [flags for _, _, flags in plant.values()] == [Flag.RANGE, 0]


def test_a_full_queue_refuses_in_sight_and_loses_nothing_it_took(plant: Plant) -> None:
    hold, reached = threading.Event(), threading.Event()

    def slow(_: pa.Table) -> None:
        reached.set()
        hold.wait(20)

    plant.inbox.listen(slow)
    first = plant.inbox.offer(of([1.0]))
    assert first.result() == Kept(1, 0, 0)
    assert reached.wait(20)
    taken = [plant.inbox.offer(of([float(n)] * 3000, key="P2", start=NOON - timedelta(days=9 * n))) for n in (1, 2, 3)]
    with pytest.raises(BusyError):
        plant.inbox.offer(of([4.0] * 3000, key="P2"))
    hold.set()
    assert sum(one.result().kept for one in taken) == 9000
    assert (plant.inbox.told().overflowed, len(plant.values("P2"))) == (3000, 9000)


def test_a_batch_that_cannot_be_kept_is_not_acknowledged_and_takes_no_other_down(plant: Plant) -> None:
    broken = of([1.0]).set_column(3, "at", pa.array([None], BATCH.field("at").type))
    hold, reached = threading.Event(), threading.Event()
    plant.inbox.listen(lambda _: (reached.set(), hold.wait(20)))
    plant.inbox.offer(of([9.0], key="G1"))
    assert reached.wait(20)
    answers = [plant.inbox.offer(one) for one in (of([1.0]), broken, of([2.0], start=NOON + timedelta(minutes=1)))]
    hold.set()
    assert (answers[0].result().kept, answers[2].result().kept) == (1, 1)
    with pytest.raises(Exception, match="at"):
        answers[1].result()
    assert (len(plant.values()), plant.inbox.told().failed) == (2, 1)


def test_after_the_stop_what_waited_is_kept_and_nothing_more_is_taken(plant: Plant) -> None:
    answers = [plant.inbox.offer(of([float(n)], start=NOON + timedelta(minutes=n))) for n in range(50)]
    plant.inbox.stop()
    assert sum(one.result().kept for one in answers) == 50
    with pytest.raises(BusyError):
        plant.inbox.offer(of([1.0]))


def test_a_caller_reports_for_the_points_of_its_areas(plant: Plant) -> None:
    here = Scope(areas=("990106",), clearance=Sensitivity.INTERNAL)
    only = Scope(areas=("99",), clearance=Sensitivity.INTERNAL, layers=frozenset({"weather_stations"}))
    assert plant.inbox.register.open_to(here) == {"P1", "G1", "W1"}
    assert plant.inbox.register.open_to(only) == {"W1"}
    assert plant.inbox.register.known().layer_of(None, "W1") == "weather_stations"
