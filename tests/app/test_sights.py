"""Who is told of which points: what the store would show them, recorded for each reader, read once for all."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import shapely

from app.monitoring.sights import Sights
from core.actors import SYSTEM_ACTOR, Actor
from core.caller import Caller, current_caller
from core.scope import SYSTEM_SCOPE, Scope, Sensitivity
from layers.catalogue import SENSORS
from layers.catalogue.sensing import Sensor
from store.audit import AuditLog, Sought, keys_hash
from store.feed import Delete, Put
from store.query import Query
from store.recorded import RecordedStore
from tests.monitoring.plant import NOON, Plant, plant

__all__ = ["plant"]
CITY = Scope(areas=("",), clearance=Sensitivity.SENSITIVE)
NORTH = Scope(areas=("990104",), clearance=Sensitivity.INTERNAL)
NAMES = [("sensors", code, "value") for code in ("P1", "P2", "G1", "S1", "gone")] + [("weather_stations", "W1", "wind")]


@pytest.fixture
def log(tmp_path: Path) -> Iterator[AuditLog]:
    made = AuditLog(f"sqlite:///{tmp_path / 'audit.db'}")
    yield made
    made.close()


@pytest.fixture
def sights(plant: Plant, log: AuditLog) -> Sights:
    """Over a point more, which is sensitive."""
    put(plant, "S1", Sensitivity.SENSITIVE)
    return Sights(RecordedStore(plant.store, log, lambda: NOON))


def put(plant: Plant, code: str, level: Sensitivity = Sensitivity.PUBLIC) -> None:
    point = Sensor(
        code=code, name=code, kind="level", unit="%", area="990104001", geometry=shapely.Point(121.8, 33.1),
        sensitivity=level,
    )  # fmt: skip
    plant.store.commit([Put(layer="sensors", record=point)], actor=SYSTEM_ACTOR, reason="test", scope=SYSTEM_SCOPE)


def by[T](login: str, scope: Scope, run: Callable[..., T], *given: object) -> T:
    token = current_caller.set(Caller(actor=Actor(id=login, name=login, door="page"), scope=scope))
    try:
        return run(*given)
    finally:
        current_caller.reset(token)


def test_a_scope_is_shown_what_the_store_shows_it_and_news_of_points_at_once(plant: Plant, sights: Sights) -> None:
    assert sights.seen(CITY, NAMES).tolist() == [True, True, True, True, False, True]
    assert sights.seen(NORTH, NAMES).tolist() == [False, True, False, False, False, True], "stations are everybody's"
    put(plant, "gone")
    assert sights.seen(NORTH, NAMES).tolist() == [False, True, False, False, True, True]
    plant.store.commit([Delete(layer="sensors", key="P2")], actor=SYSTEM_ACTOR, reason="", scope=SYSTEM_SCOPE)
    more = [*NAMES, ("sensors", "new", "value")]
    assert sights.seen(NORTH, more).tolist() == [False, False, False, False, True, True, False]
    for scope in (CITY, NORTH):
        shown = plant.store.read(SENSORS, Query(fields=("code",), geometry=False), scope=scope)["code"].to_pylist()
        points = sights.in_use(scope)
        assert points is not None
        assert sorted(points["code"].to_pylist()) == sorted(shown)
    assert sights.in_use(Scope(areas=("",), clearance=Sensitivity.PUBLIC, layers=frozenset())) is None


def test_each_reader_of_sensitive_points_is_recorded_once_and_nobody_else(sights: Sights, log: AuditLog) -> None:
    for login, scope in (("li", CITY), ("wang", CITY), ("li", CITY), ("zhao", NORTH)):
        by(login, scope, sights.read, scope)
        by(login, scope, sights.seen, scope, NAMES)
    entries = [one.entry for one in reversed(log.search(Sought()))]
    assert [(entry.actor, entry.rows, entry.keys_hash) for entry in entries] == [
        ("li", 1, keys_hash(["S1"])),
        ("wang", 1, keys_hash(["S1"])),
    ]


def test_many_scopes_cost_one_reading_of_the_points(
    plant: Plant, sights: Sights, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, asked = plant.store.read, list[str]()

    def reading(layer: object, query: Query, *, scope: Scope) -> object:
        asked.append(getattr(layer, "id", ""))
        return read(layer, query, scope=scope)  # type: ignore[arg-type]

    monkeypatch.setattr(plant.store, "read", reading)
    for n in range(50):
        scope = Scope(areas=(f"9901{n:02}",), clearance=Sensitivity.INTERNAL)
        by(f"officer{n}", scope, sights.read, scope)
    assert asked == ["sensors", "weather_stations"]
