"""An exercise that runs is met by nobody outside it: asked by HTTP of a server, at each kind of door.

One scene: a script with its incident, scenario, tasks, an order, a blocked road, a published warning, a report, later a
case. Every text of it has a word of its own, which no answer to those who do not ask for exercises may hold.
"""

import csv
import io
import json
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import shapely
from shapely.geometry import mapping, shape

from app.demo.exercises import demo_script
from app.demo_accounts import DEMO_KEY
from app.exports import Format, Wish, export_layers
from benchmarks.alarm_to_cap import TYPED
from core.errors import BadInputError
from core.ids import new_id
from core.scope import SYSTEM_SCOPE
from layers.catalogue import CATALOGUE
from layers.layer import Publish
from tests.app.test_doors import signed_in
from tests.app.test_incident_warnings import taken
from tests.server import Served
from tests.waiting import until

PLAYED = [layer for layer in CATALOGUE if layer.stream == "exercise"]
ROOMS = ("incident_log", "incident_tasks", "incident_orders", "incident_marks", "incident_links", "incident_scenarios")
"""Layers in which rows of exercises stand beside real ones, each marked: no service has any of them."""
REAL = ("incidents", "warnings", "scenarios", "scenario_zones", "scenario_bands", "emergency_cases")
FROM, TO = {"layer": "fire_stations", "key": "FS0001"}, {"layer": "hospitals", "key": "HP0001"}
DOORS = (
    "/api/layers", "/api/incidents", "/api/incidents?all=1", "/api/incidents/wall", "/api/incidents/marks",
    "/api/warnings", "/api/alarms", "/api/messages", "/api/scenarios", "/api/risk", "/api/plans",
    "/api/knowledge/search?q={word}",
    "/api/search?q={word}", "/api/search?q={code}", "/api/portal/todos", "/api/portal/today", "/api/portal/entries",
    "/api/portal/notices", "/api/roster/bookings", "/api/roster/calls", "/api/public/notices", "/public", "/api/jobs",
    "/ogc/api/collections?f=json", "/ogc/wms?service=WMS&request=GetCapabilities",
    "/ogc/wfs?service=WFS&request=GetCapabilities", "/ogc/wmts?service=WMTS&request=GetCapabilities",
    *(f"/ogc/api/collections/{one}/items?f=json&limit=1000" for one in REAL),
    *(f"/api/table/{one}" for one in REAL),
)  # fmt: skip
"""What people look at who play nothing; each is asked as every one of `OTHERS`, whatever it answers them."""
OTHERS = ("city", "committee", "public")


@dataclass(frozen=True, kw_only=True)
class Scene:
    """The exercise that runs, and what was so before it began."""

    code: str
    word: str
    warning: str
    head: int
    road: dict[str, Any]
    free: dict[str, Any]
    counts: dict[str, int]
    kit: dict[str, bytes]
    outbox: set[str]


@pytest.fixture(scope="module")
def people(written: Served) -> Iterator[dict[str, httpx.Client]]:
    with ExitStack() as held:
        yield {one: held.enter_context(signed_in(written.address, one)) for one in (*OTHERS, "duty", "team")}


@pytest.fixture(scope="module")
def scene(written: Served, people: dict[str, httpx.Client]) -> Iterator[Scene]:
    city, word = people["city"], f"澄碧{new_id()[-6:]}"
    free = city.post("/api/routes", json={"from": FROM, "to": TO}).json()["route"]
    middle = shapely.line_interpolate_point(shape(free["geometry"]), 0.5, normalized=True)
    counts, head, outbox = counted(city), heard_head(city), sent(written.data)
    script = demo_script() | {"code": f"YJ-{new_id()[-8:].upper()}", "title": f"{word}演练"}
    script["injects"][0]["text"] = f"{word}探测器报警"
    done(city, "exercises/script", **{name: script[name] for name in script})
    code = done(city, "exercises/open", command=new_id(), script=script["code"])["code"]
    act(city, code, "start")
    until(lambda: city.get("/api/exercises/one", params={"code": code}).json(),
          lambda told: told["injects"][0]["fired_at"] is not None)  # fmt: skip
    filled = city.get("/api/incidents/prefill", params={"code": code}).json()
    values = {one["name"]: one["value"] for one in filled["fields"]}
    values |= {name: value for name, value in TYPED.items() if name in values and values[name] in (None, "")}
    done(city, "incidents/compute", command=new_id(), code=code, kind=filled["kind"], values=values, note=word)
    step(city, code, "confirm")
    step(city, code, "respond", response=2)
    plan = city.get("/api/plans/match", params={"incident": code}).json()["fitting"][0]["plan"]["code"]
    assert done(city, "plans/take", command=new_id(), incident=code, plan=plan, level=2)["rows"]
    done(city, "incidents/note", command=new_id(), code=code, kind="note", text=f"{word}记录")
    done(city, "incidents/orders", command=new_id(), code=code, to_kind="team", to_key="TM0028", action=f"{word}集结")
    road = done(city, "incidents/marks", command=new_id(), code=code, kind="blocked", title=f"{word}封路",
                points=[[middle.x, middle.y]])["rows"][0]  # fmt: skip
    draft = {"radius": 900, "level": 2, "items": {"title": f"{word}预警"}, "responses": ["Shelter"]}
    paper = done(city, "incidents/warnings/draft", command=new_id(), code=code, **draft)
    published = taken(city, taken(people["duty"], paper, "approve"), "publish")
    done(city, "incidents/report", command=new_id(), code=code, kind="flash", to=word)
    answer = city.get("/api/incidents/kit", params={"code": code})
    assert answer.status_code == 200, answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as kit:
        files = {name: kit.read(name) for name in kit.namelist()}
    yield Scene(code=code, word=word, warning=published["code"], head=head, road=road, free=free, counts=counts,
                kit=files, outbox=outbox)  # fmt: skip
    act(city, code, "stop")  # and what it left on screens of others is taken off
    order = city.get("/api/incidents/orders", params={"code": code}).json()["rows"][0]["code"]
    done(city, "incidents/orders/step", command=new_id(), order=order, step="withdraw", why="测试结束")


def done(client: httpx.Client, path: str, **body: Any) -> dict[str, Any]:
    answer = client.post(f"/api/{path}", json=body)
    assert answer.status_code == 200, f"{path}: {answer.text}"
    told: dict[str, Any] = answer.json()
    return told


def act(client: httpx.Client, code: str, what: str) -> None:
    now = client.get("/api/exercises/one", params={"code": code}).json()
    if any(one["act"] == what for one in now["acts"]):
        done(client, "exercises/act", command=new_id(), code=code, version=now["version"], act=what)


def step(client: httpx.Client, code: str, what: str, **more: Any) -> None:
    now = client.get("/api/incidents/one", params={"code": code}).json()
    done(client, "incidents/step", command=new_id(), code=code, version=now["version"], step=what, **more)


def counted(client: httpx.Client) -> dict[str, int]:
    path = "/ogc/api/collections/{}/items?f=json&limit=1"
    return {one: client.get(path.format(one)).json()["numberMatched"] for one in REAL}


def heard_head(client: httpx.Client) -> int:
    with client.stream("GET", "/api/live") as live:
        line = next(line for line in live.iter_lines() if line.startswith("data:"))
    head: int = json.loads(line.removeprefix("data:"))["head"]
    return head


def sent(data: Path) -> set[str]:
    """What went out by mail, short message or to a unit's own platform, which on this server is a file each."""
    return {str(one) for one in (data / "outbox").rglob("*") if one.is_file()}


def test_no_door_of_others_has_a_word_of_it(written: Served, people: dict[str, httpx.Client], scene: Scene) -> None:
    agency = httpx.Client(base_url=written.address, headers={"authorization": f"Bearer {DEMO_KEY}"}, timeout=60)
    stranger = httpx.Client(base_url=written.address, timeout=60)
    with agency, stranger:
        asked = {**{name: people[name] for name in OTHERS}, "agency": agency, "stranger": stranger}
        for door in DOORS:
            path = door.format(word=scene.word, code=scene.code)
            for name, client in asked.items():
                text = client.get(path).text.replace(f'"q":"{scene.word}"', "").replace(f'"q":"{scene.code}"', "")
                assert scene.word not in text, (name, door)
                assert not re.search(r"YL(YJ)?[0-9]{8}|exercise_", text), (name, door)
        assert stranger.get(f"/public/cap/{scene.warning}").status_code == 404
    assert counted(people["city"]) == scene.counts, "nothing real became more"
    for file in sent(written.data) - scene.outbox:
        assert scene.word not in Path(file).read_text("utf-8"), file


def test_its_layers_are_at_no_service_map_table_card_tile_or_export(
    people: dict[str, httpx.Client], scene: Scene
) -> None:
    city = people["city"]
    wms = (
        "/ogc/wms?service=WMS&version=1.3.0&request=GetMap&styles=&crs=CRS:84&bbox=121,33,122,34&width=9&height=9"
        "&format=image/png"
    )
    for layer in (*PLAYED, *(CATALOGUE[one] for one in ROOMS)):
        assert layer.publish is Publish.NONE, layer.id
        for path in (
            f"/ogc/api/collections/{layer.id}", f"/ogc/api/collections/{layer.id}/items",
            f"/ogc/api/collections/{layer.id}/tiles/WebMercatorQuad/10/400/850",
            f"/api/map/{layer.id}", f"/api/table/{layer.id}", f"/api/feature/{layer.id}/{scene.code}",
        ):  # fmt: skip
            assert city.get(path).status_code in (400, 404), path
        assert "ServiceException" in city.get(f"{wms}&layers={layer.id}").text, layer.id
        wfs = city.get(f"/ogc/wfs?service=WFS&version=2.0.0&request=GetFeature&typenames={layer.id}")
        assert "Exception" in wfs.text, layer.id
        with pytest.raises(BadInputError):
            export_layers(CATALOGUE, Wish(target=Path("t"), format=Format.GPKG, layers=(layer.id,)), SYSTEM_SCOPE)
    around = mapping(shapely.box(121.0, 32.5, 123.0, 34.5))
    assert scene.word not in city.post("/api/within", json={"geometry": around}).text


def test_a_road_blocked_in_play_turns_only_ways_of_that_exercise(people: dict[str, httpx.Client], scene: Scene) -> None:
    city, asked = people["city"], {"from": FROM, "to": TO}
    assert city.post("/api/routes", json=asked).json()["route"]["geometry"] == scene.free["geometry"]
    played = city.post("/api/routes", json=asked | {"incident": scene.code}).json()
    assert any(scene.word in title for title in played["closed"])


def test_the_stream_tells_of_it_where_it_is_asked_for_alone(
    written: Served, people: dict[str, httpx.Client], scene: Scene
) -> None:
    city = people["city"]
    said = {"command": new_id(), "origin": "call", "title": "直播尾声", "kind": "leak", "area": "990106",
            "text": "报告"}  # fmt: skip
    last = done(city, "incidents/open", **said)

    def heard(client: httpx.Client, more: str) -> list[dict[str, Any]]:
        told = []
        with client.stream("GET", f"/api/live?after={scene.head}{more}") as live:
            for line in live.iter_lines():
                if line.startswith("data:") and "layer" in (one := json.loads(line.removeprefix("data:"))):
                    told.append(one)
                    if last["code"] in (one["key"] or ""):
                        return told
        raise AssertionError("the stream ended")

    for name in ("city", "committee"):
        for one in heard(people[name], ""):
            assert not one["layer"].startswith("exercise_"), one
            assert "YL" not in (one["key"] or ""), one
    layers = {one["layer"] for one in heard(city, "&exercise=1")}
    assert {"exercise_incidents", "exercise_runs", "exercise_injects", "exercise_warnings", "incident_log"} <= layers
    step(city, last["code"], "false", why="测试结束")


def test_what_shows_it_says_that_it_is_one(people: dict[str, httpx.Client], scene: Scene) -> None:
    city, team = people["city"], people["team"]
    one = city.get("/api/incidents/one", params={"code": scene.code}).json()
    assert (one["exercise"], one["facts"]["title"][:4]) == (True, "【演练】")
    assert city.get("/api/incidents/wall", params={"exercise": "1"}).json()["exercise"]
    mine = team.get("/api/field", params={"exercise": "1"}).json()
    assert [row["exercise"] for row in mine["orders"] if scene.word in row["action"]] == [True]
    assert {"layers.gpkg", "map.html", "log.csv", "orders.csv", "README.txt"} <= set(scene.kit)
    booked = {"of_layer": "teams", "of_key": "TM0028", "quantity": 1, "purpose": "演练", "incident": scene.code}
    assert city.post("/api/roster/bookings", json=booked).status_code == 409, "an exercise books nothing real"


def test_its_kit_has_incident_and_zones_and_each_page_and_table_says_so(scene: Scene, tmp_path: Path) -> None:
    path = tmp_path / "layers.gpkg"
    path.write_bytes(scene.kit["layers.gpkg"])
    base = sqlite3.connect(path)
    titles = dict(base.execute("SELECT table_name, identifier FROM gpkg_contents"))
    assert {"exercise_incidents", "exercise_scenarios", "exercise_zones", "exercise_bands", "exercise_warnings",
            "teams", "roads"} <= set(titles)  # fmt: skip
    assert not set(titles) & {"incidents", "scenarios", "scenario_zones", "warnings", "alarms"}, "nothing real"
    assert {title[:4] for title in titles.values()} == {"【演练】"}
    assert [row[0] for row in base.execute("SELECT code FROM exercise_incidents")] == [scene.code]
    assert base.execute("SELECT count(*) FROM exercise_zones WHERE geom IS NOT NULL").fetchone()[0] > 0
    assert base.execute("SELECT code FROM exercise_warnings").fetchall() == [(scene.warning,)]
    base.close()
    page = scene.kit["map.html"].decode()
    assert page.count("<caption>演练，不是真实事件</caption>") == page.count("<table>") > 0
    assert '<div class="played" role="note">演练</div>' in page
    assert "【演练】" in scene.kit["README.txt"].decode()
    assert "EXERCISE" in scene.kit["README.txt"].decode()
    for name in ("log.csv", "orders.csv"):
        head, *rows = csv.reader(io.StringIO(scene.kit[name].decode("utf-8-sig")))
        assert head[0] == "演练"
        assert {row[0] for row in rows} == {"演练 / EXERCISE"}, name
    assert all("演练" in name for name in scene.kit if name.startswith("documents/"))
    assert all(scene.kit[name].startswith((b"PK", b"%PDF-")) for name in scene.kit if name.startswith("documents/"))


def test_a_case_of_it_is_no_case_of_what_is_real(people: dict[str, httpx.Client], scene: Scene) -> None:
    city = people["city"]
    now = city.get("/api/incidents/one", params={"code": scene.code}).json()
    facts = {"deaths": 0, "serious_injuries": 0, "missing": 0}
    done(city, "incidents/correct", command=new_id(), code=scene.code, version=now["version"], facts=facts)
    step(city, scene.code, "control")
    step(city, scene.code, "close", why="演练结束")
    case = done(city, "knowledge/draft", command=new_id(), incident=scene.code)["case"]
    assert counted(city)["emergency_cases"] == scene.counts["emergency_cases"]
    for name in OTHERS:
        for path in ("knowledge/search?q=" + scene.word, "search?q=" + scene.word, "table/emergency_cases"):
            assert case not in people[name].get(f"/api/{path}").text, (name, path)
    search = {"q": scene.word, "kind": "exercise"}
    (group,) = until(lambda: city.get("/api/knowledge/search", params=search).json()["groups"],
                     lambda groups: bool(groups[0]["rows"]))  # fmt: skip
    assert [(row["key"], row["title"][:4]) for row in group["rows"]] == [(case, "【演练】")]
    assert people["public"].get("/api/knowledge/search", params=search).json()["groups"][0]["rows"] == []
    assert city.get("/api/knowledge/one", params={"kind": "exercise", "key": case}).status_code == 200
    assert city.get("/api/knowledge/one", params={"kind": "case", "key": case}).status_code == 404


def test_a_script_for_areas_that_are_none_or_of_a_source_nobody_registered_is_refused(
    people: dict[str, httpx.Client],
) -> None:
    script = demo_script() | {"code": f"YJ-{new_id()[-8:].upper()}"}
    elsewhere = [one | {"to_area": "990199"} for one in script["injects"]]
    for field, wrong in (
        ("areas", {"areas": ["990199"], "injects": elsewhere}), ("hazard_source", {"hazard_source": "H000NONE"}),
    ):  # fmt: skip
        answer = people["city"].post("/api/exercises/script", json=script | wrong)
        assert answer.status_code in {400, 422}, answer.text
        told = answer.json()
        assert field in {told.get("field"), *(one["field"] for one in told.get("faults", ()))}
    assert script["code"] not in {one["code"] for one in people["city"].get("/api/exercises").json()["scripts"]}
