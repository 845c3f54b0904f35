"""The door for readings: answered with counts when they are kept, refused row by row, 503 when there is no room."""

from collections.abc import Iterator

import httpx
import orjson
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from app.doors.readings import reading_routes
from app.problems import on_error
from core.actors import Actor
from core.caller import Caller, Right, current_caller
from core.errors import OneMapError
from core.scope import Scope as Seen
from core.scope import Sensitivity
from tests.monitoring.plant import NOON, Plant, plant

__all__ = ["plant"]
GATEWAY = Caller(
    actor=Actor(id="gateway", name="网关", door="ogc"),
    scope=Seen(areas=("990106",), clearance=Sensitivity.INTERNAL),
    rights=frozenset({Right.REPORT}),
)


@pytest.fixture
def door(plant: Plant) -> Iterator[TestClient]:
    site = Starlette(
        routes=reading_routes(plant.inbox, lambda: NOON, lambda: {"state": "judging"}),
        exception_handlers={OneMapError: on_error},
    )

    def guarded(app: ASGIApp) -> ASGIApp:
        async def call(scope: Scope, receive: Receive, send: Send) -> None:
            token = current_caller.set(GATEWAY)
            try:
                await app(scope, receive, send)
            finally:
                current_caller.reset(token)

        return call

    with TestClient(guarded(site)) as client:
        yield client


def row(point: str = "P1", value: object = 1.5) -> dict[str, object]:
    return {"point": point, "ts": NOON.isoformat(), "v": value}


def test_good_rows_are_kept_and_each_wrong_one_is_named(door: TestClient, plant: Plant) -> None:
    answer = door.post("/api/readings", json=[row(), row("P2"), row("P9"), row("G1", "x")])
    assert answer.status_code == 200
    told = answer.json()
    assert {name: told[name] for name in ("received", "kept", "repeated", "late", "refused")} == {
        "received": 4, "kept": 1, "repeated": 0, "late": 0, "refused": 3,
    }  # fmt: skip
    assert [(fault["row"], fault["field"], fault["value"]) for fault in told["faults"]] == [
        (2, "point", "P2"), (3, "point", "P9"), (4, "v", "x"),
    ]  # fmt: skip
    assert [value for _, value, _ in plant.values()] == [1.5]
    state = door.get("/api/readings").json()
    assert (state["received"], state["kept"], state["refused"], state["waiting"]) == (4, 1, 3, 0)
    assert list(state["last_arrival"]) == ["gateway"]


def test_a_message_without_one_good_row_is_refused_and_an_empty_one_is_not(door: TestClient) -> None:
    answer = door.post("/api/readings", json=[row("P9")])
    assert (answer.status_code, answer.json()["faults"][0]["value"]) == (422, "P9")
    assert door.post("/api/readings", json=[]).json()["received"] == 0
    assert door.post("/api/readings", content=b"{", headers={"content-type": "application/json"}).status_code == 400
    assert door.post("/api/readings", content=b"<a/>", headers={"content-type": "text/xml"}).status_code == 400


def test_csv_is_read_as_well(door: TestClient, plant: Plant) -> None:
    body = f"point,ts,v\nG1,{NOON.isoformat()},0.5\n"
    answer: httpx.Response = door.post("/api/readings", content=body, headers={"content-type": "text/csv"})
    assert answer.json()["kept"] == 1
    assert [value for _, value, _ in plant.values("G1")] == [0.5]


def test_no_room_is_said_with_when_to_come_again(door: TestClient, plant: Plant) -> None:
    plant.inbox.stop()
    answer = door.post("/api/readings", content=orjson.dumps([row()]))
    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (503, "busy", "5")
