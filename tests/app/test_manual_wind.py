"""Wind entered by hand: under the caller's own rights, with their name, used while it is valid and told as by hand."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import shapely
from starlette.applications import Starlette
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from app.doors.manual_wind import manual_wind_routes
from app.problems import on_error
from core.actors import SYSTEM_ACTOR, Actor
from core.caller import Caller, Right, current_caller
from core.errors import OneMapError
from core.scope import SYSTEM_SCOPE, Sensitivity
from core.scope import Scope as Seen
from core.texts import Lang
from dashboards.planner.air import stations
from dashboards.queries.weather import weather
from gis.shapes import LonLat
from layers.catalogue import WEATHER_STATIONS
from layers.catalogue.areas import Area
from store.feed import Put
from tests.monitoring.plant import NOON, Plant, plant

__all__ = ["plant"]
DUTY = Caller(
    actor=Actor(id="duty", name="何川", door="page"), account="a1", rights=frozenset({Right.EDIT}),
    scope=Seen(areas=("990106",), clearance=Sensitivity.SENSITIVE, writable=None),
)  # fmt: skip
SEEN = {"place": "2 号码头东侧", "lon": 121.8, "lat": 33.1, "wind_from": 90, "wind_speed": 3.5}


class Door:
    """The door, and who stands before it."""

    caller = DUTY

    def __init__(self, plant: Plant) -> None:
        site = Starlette(
            routes=manual_wind_routes(plant.store, plant.inbox, lambda: NOON),
            exception_handlers={OneMapError: on_error},
        )

        def guarded(app: ASGIApp) -> ASGIApp:
            async def call(scope: Scope, receive: Receive, send: Send) -> None:
                token = current_caller.set(self.caller)
                try:
                    await app(scope, receive, send)
                finally:
                    current_caller.reset(token)

            return call

        self.client = TestClient(guarded(site))

    def enter(self, **given: object):  # type: ignore[no-untyped-def]
        return self.client.post("/api/weather/manual", json=SEEN | given)


@pytest.fixture
def door(plant: Plant) -> Iterator[Door]:
    square = shapely.MultiPolygon([shapely.box(121, 33, 122, 34)])
    area = Area(code="990106", name="盐港新区", level="district", area="990106", geometry=square)
    plant.store.commit([Put(layer="areas", record=area)], actor=SYSTEM_ACTOR, reason="", scope=SYSTEM_SCOPE)
    made = Door(plant)
    with made.client:
        yield made


def test_the_wind_is_kept_with_a_name_and_used_by_the_planner_until_it_lapses(door: Door, plant: Plant) -> None:
    told = door.enter().json()
    assert (told["source"], told["minutes"]) == ("人工录入 何川", 30)
    again = door.enter(wind_speed=4.0).json()
    assert again["code"] == told["code"], "the same place is the same station"
    kept = plant.series.latest(WEATHER_STATIONS, [told["code"]], scope=SYSTEM_SCOPE).to_pylist()
    assert {row["element"]: row["value"] for row in kept} == {"wind_from": 90.0, "wind_speed": 4.0}
    here = LonLat(121.81, 33.1)
    (near,) = stations(plant.store, here, now=NOON + timedelta(minutes=30), scope=DUTY.scope, lang=Lang.ZH) or ()
    assert (near["manual"], near["stale"], near["source"], near["direction"]) == (True, False, "人工录入 何川", "东")
    late = NOON + timedelta(minutes=31)
    (near,) = stations(plant.store, here, now=late, scope=DUTY.scope, lang=Lang.ZH) or ()
    assert near["stale"]
    now = weather(plant.store, scope=DUTY.scope, lang=Lang.ZH, now=NOON)
    assert now is not None
    assert (now["manual"], now["speed"]) == (True, 4.0)
    assert weather(plant.store, scope=DUTY.scope, lang=Lang.ZH, now=late) is None
    public = replace(DUTY.scope, clearance=Sensitivity.PUBLIC)
    assert stations(plant.store, here, now=NOON, scope=public, lang=Lang.ZH) == [], (
        "the name of an officer is not public"
    )


def test_wind_is_refused_outside_ones_areas_without_the_right_and_where_it_makes_no_sense(door: Door) -> None:
    wrong = door.enter(wind_from=361, wind_speed="3", minutes=0)
    assert wrong.status_code == 422
    assert {fault["field"] for fault in wrong.json()["faults"]} == {"wind_from", "wind_speed", "minutes"}
    assert door.enter(at=(NOON + timedelta(hours=1)).isoformat()).json()["faults"][0]["field"] == "at"
    assert door.enter(place=" ").status_code == 400
    assert door.enter(lon=120.0).status_code == 403
    for other in (
        replace(DUTY, scope=replace(DUTY.scope, areas=("990104",))),
        replace(DUTY, scope=replace(DUTY.scope, writable=frozenset())),
        replace(DUTY, account=""),
    ):
        door.caller = other
        assert door.enter().status_code == 403
