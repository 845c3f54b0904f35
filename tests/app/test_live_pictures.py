"""Live pictures at their doors: of one's own cameras alone, never an old one as now, on record once a sitting."""

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import cv2
import httpx
import numpy as np
import pytest
import shapely

from app.demo_accounts import DEMO_KEY
from app.video.looking import Seats, TooManyStreamsError
from core.actors import Actor
from core.caller import Caller
from core.clock import utc_now
from core.scope import SYSTEM_SCOPE
from dashboards.queries.cameras import BEARING, STREAMLESS, UNANALYSED, condition
from dashboards.queries.sights import NO, UNKNOWN, cover
from gis.measure import ELLIPSOID
from gis.shapes import LonLat
from layers.catalogue.sensing import Camera
from store.opening import open_audit
from tests.app.test_doors import signed_in
from tests.server import Served
from video.live import KEPT, Overlay, Told, write
from video.sources import Condition

CITY, OTHERS = "C0150", "C0151"
BOXES = ((10.0, 20.0, 60.0, 120.0),)


def shown(data: Path, code: str, *, ago: float = 0.0, silent: float = 0.0, grey: int = 90, less: bool = False) -> None:
    """A picture received so many seconds ago, as a worker leaves it."""
    now = utc_now()
    at = now - timedelta(seconds=ago)
    drawn = Overlay(size=(640, 360), boxes=BOXES, zones=(("gate", ((0.0, 0.0), (9.0, 0.0), (9.0, 9.0))),))
    told = Told(
        camera=code, at=now - timedelta(seconds=silent), condition=Condition.LIVE, since=at, pace=2.0 if less else 5.0,
        side=320 if less else 416, less=less, missed=0.3 if less else 0.0, unavailable=("hat",) if less else (),
        stamp=round(at.timestamp() * 1e9), overlay=drawn,
    )  # fmt: skip
    write(data / "video" / "live", told, np.full((360, 640, 3), grey, np.uint8))


@pytest.fixture(autouse=True)
def folder(written: Served) -> Iterator[Path]:
    """The server's data; what the test showed is taken away."""
    yield written.data
    for code in (CITY, OTHERS):
        for one in (written.data / "video" / "live").glob(f"{code}.*"):
            one.unlink(missing_ok=True)


@contextmanager
def playing(folder: Path, code: str, less: bool = False) -> Iterator[None]:
    """A camera that shows another picture ten times a second."""
    over = threading.Event()

    def play() -> None:
        grey = 0
        while not over.wait(0.1):
            grey = (grey + 20) % 250
            shown(folder, code, grey=grey, less=less)

    shown(folder, code, less=less)
    with ThreadPoolExecutor(1) as pool:
        played = pool.submit(play)
        try:
            yield
        finally:
            over.set()
            played.result()


def frames(client: httpx.Client, code: str, most: int) -> list[bytes]:
    """So many pictures of a stream."""
    found: list[bytes] = []
    with client.stream("GET", "/api/cameras/stream", params={"code": code}) as answer:
        assert answer.status_code == 200, answer.read()
        assert answer.headers["content-type"].startswith("multipart/x-mixed-replace; boundary=")
        held = b""
        for block in answer.iter_raw():
            held += block
            while (end := held.find(b"\xff\xd9\r\n")) >= 0:
                found.append(held[held.index(b"\xff\xd8") : end + 2])
                held = held[end + 4 :]
            if len(found) >= most:
                return found
    return found


def test_the_same_camera_is_played_and_analysed_from_two_systems_by_its_id(written: Served, folder: Path) -> None:
    """A page with its session and another agency's program with its key (G08)."""
    agency = httpx.Client(base_url=written.address, headers={"authorization": f"Bearer {DEMO_KEY}"}, timeout=60)
    with playing(folder, CITY), signed_in(written.address, "city") as page, agency:
        with ThreadPoolExecutor(2) as pool:
            played = list(pool.map(lambda client: frames(client, CITY, 3), (page, agency)))
        for pictures in played:
            drawn = [cv2.imdecode(np.frombuffer(one, np.uint8), cv2.IMREAD_COLOR) for one in pictures]
            assert [one.shape for one in drawn] == [(360, 640, 3)] * 3
            assert len({int(one[5, 5, 0]) for one in drawn}) == 3, "another picture each time"
        for client in (page, agency):
            picture = client.get("/api/cameras/picture", params={"code": CITY})
            assert (picture.status_code, picture.headers["content-type"]) == (200, "image/jpeg")
            assert json.loads(picture.headers["onemap-boxes"]) == [[10, 20, 60, 120]]
            assert (picture.headers["onemap-size"], picture.headers["onemap-stale"]) == ("640 360", "0")
            told = client.get("/api/cameras/state", params={"codes": CITY}).json()["cameras"][0]
            assert (told["condition"], told["live"], list(told["analysis"]["zones"])) == ("live", True, ["gate"])


def test_a_picture_met_before_its_boxes_are_written_waits_for_them(written: Served, folder: Path) -> None:
    live = folder / "video" / "live"

    def told(body: bytes) -> None:
        """Replaced whole, as a worker does: half a file is nothing told, and nothing told is not waited for."""
        (live / "told.part").write_bytes(body)
        (live / "told.part").replace(live / f"{CITY}.json")

    shown(folder, CITY)
    before = (live / f"{CITY}.json").read_bytes()
    shown(folder, CITY)
    after = (live / f"{CITY}.json").read_bytes()
    with signed_in(written.address, "city") as city:
        told(before)
        alone = city.get("/api/cameras/picture", params={"code": CITY})
        assert (alone.status_code, alone.headers["onemap-boxes"]) == (200, ""), "never those of another picture"
        with ThreadPoolExecutor(1) as pool:
            for _ in range(20):
                told(before)
                asked = pool.submit(city.get, "/api/cameras/picture", params={"code": CITY})
                told(after)
                assert json.loads(asked.result().headers["onemap-boxes"]) == [[10, 20, 60, 120]]


def test_an_old_picture_is_never_given_as_now_and_in_words_it_is_said_why(written: Served, folder: Path) -> None:
    shown(folder, CITY, ago=60)
    with signed_in(written.address, "city") as city:
        refused = city.get("/api/cameras/picture", params={"code": CITY})
        stream = city.get("/api/cameras/stream", params={"code": CITY})
        last = city.get("/api/cameras/picture", params={"code": CITY, "last": "1"})
        again = city.get(
            "/api/cameras/picture", params={"code": CITY, "last": "1"}, headers={"if-none-match": last.headers["etag"]}
        )
        told = city.get("/api/cameras/state", params={"codes": f"{CITY},{OTHERS}"}).json()["cameras"]
        shown(folder, CITY, ago=20, silent=20, less=True)
        dead = city.get("/api/cameras/state", params={"codes": CITY}).json()["cameras"][0]
    assert (refused.status_code, stream.status_code, last.status_code, again.status_code) == (503, 503, 200, 304)
    assert (refused.json()["code"], refused.json()["condition"]) == ("no-picture", "stalled")
    assert "画面中断" in refused.json()["title"]
    assert refused.headers["retry-after"] == "5"
    assert (last.headers["onemap-stale"], int(last.headers["age"]) >= 60) == ("1", True)
    assert [(one["code"], one["condition"], one["live"], one["stale"]) for one in told] == [
        (CITY, "stalled", False, True), (OTHERS, "streamless", False, False),
    ]  # fmt: skip
    assert told[1]["said"] == "演示中没有视频流"
    assert (dead["condition"], dead["analysis"]["less"], dead["analysis"]["pace"]) == ("silent", True, 2.0)


def test_a_picture_of_before_the_clock_was_set_back_is_none_of_now(written: Served, folder: Path) -> None:
    shown(folder, CITY, ago=-3600)
    with signed_in(written.address, "city") as city:
        ask = partial(city.get, "/api/cameras/picture")
        assert ask(params={"code": CITY}).status_code == 503
        last = ask(params={"code": CITY, "last": 1})
        assert (last.status_code, last.headers["onemap-stale"]) == (200, "1")
        assert (last.headers.get("age"), last.headers["onemap-age"]) == (None, ""), "how old it is nobody knows"
        assert city.get("/api/cameras/stream", params={"code": CITY}).status_code == 503
        (state,) = city.get("/api/cameras/state", params={"codes": CITY}).json()["cameras"]
        assert (state["live"], state["stale"], state["age"]) == (False, True, None)


def test_of_a_camera_one_does_not_see_there_is_no_picture_no_stream_and_no_state(written: Served, folder: Path) -> None:
    with signed_in(written.address, "district") as district, signed_in(written.address, "public") as public:
        codes = [f"C{n:04}" for n in range(1, 41)]
        seen = {
            one["code"]
            for one in district.get("/api/cameras/state", params={"codes": ",".join(codes)}).json()["cameras"]
        }
        mine, other = next(one for one in codes if one in seen), next(one for one in codes if one not in seen)
        for code in (mine, other):
            shown(folder, code)
        try:
            for what in ("picture", "stream"):
                path = f"/api/cameras/{what}"
                if what == "picture":
                    assert district.get(path, params={"code": mine}).status_code == 200
                absent = district.get(path, params={"code": other})
                never = district.get(path, params={"code": "C9999"})
                assert absent.status_code == never.status_code == 404
                assert absent.text.replace(other, "?") == never.text.replace("C9999", "?")
                assert public.get(path, params={"code": mine}).status_code == 404
            listed = {one["code"] for one in district.get("/api/cameras/state").json()["cameras"]}
            assert mine in listed
            assert other not in listed
            assert public.get("/api/cameras/state").status_code == 404
            assert district.get("/api/cameras/picture", params={"code": "../identity"}).status_code == 404
        finally:
            for code in (mine, other):
                for one in (folder / "video" / "live").glob(f"{code}.*"):
                    one.unlink()


def test_who_looks_is_recorded_once_a_camera_and_sitting_and_not_by_picture(written: Served, folder: Path) -> None:
    shown(folder, CITY)
    shown(folder, OTHERS)
    log = open_audit(folder, None)
    try:
        before = log.head()
        with signed_in(written.address, "city") as city, signed_in(written.address, "duty") as duty:
            for client in (city, city, city, duty):
                assert client.get("/api/cameras/picture", params={"code": CITY}).status_code == 200
            assert city.get("/api/cameras/picture", params={"code": OTHERS}).status_code == 200
        looked = [one for one in log.reads() if one.seq > before[0] and one.where == "live picture"]
    finally:
        log.close()
    looks = sorted((one.actor, one.key) for one in looked)
    assert looks == [("city", CITY), ("city", OTHERS), ("duty", CITY)]


def test_a_stream_ends_with_its_session_and_a_fifth_of_one_account_is_refused(written: Served, folder: Path) -> None:
    with playing(folder, CITY), signed_in(written.address, "city") as city, ExitStack() as opened:
        ask = partial(city.stream, "GET", "/api/cameras/stream", params={"code": CITY})
        first = [opened.enter_context(ask()) for _ in range(4)]
        fifth = opened.enter_context(ask())
        assert [one.status_code for one in first] == [200] * 4
        assert fifth.status_code == 429
        assert "同一账号至多同时播放 4 路" in fifth.read().decode()
        city.post("/signout")
        blocks = sum(1 for _ in first[0].iter_raw())
    assert blocks >= 1


def test_seats_are_counted_by_account_and_in_all_and_given_back() -> None:
    seats = Seats(most=3, each=2)
    one, two = (Caller(actor=Actor(id=name, name=name, door="page"), scope=SYSTEM_SCOPE, account=name) for name in "ab")
    with seats.taken(one):
        with seats.taken(one), pytest.raises(TooManyStreamsError, match="同一账号至多同时播放 2 路"), seats.taken(one):
            pass
        with (
            seats.taken(two),
            seats.taken(two),
            pytest.raises(TooManyStreamsError, match="服务器至多"),
            seats.taken(one),
        ):
            pass
        with seats.taken(one):
            pass


NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("told", "silent", "old", "streamed", "word"),
    [
        (Condition.LIVE, 1, 1, True, "live"),
        (Condition.LIVE, 1, 16, True, "stalled"),
        (Condition.LIVE, 1, -60, True, "stalled"),
        (Condition.LIVE, -60, 1, True, "silent"),
        (Condition.LIVE, 1, None, True, "connecting"),
        (Condition.LIVE, 11, 1, True, "silent"),
        (Condition.STOPPED, 60, 60, True, "stopped"),
        (Condition.DENIED, 1, 30, True, "denied"),
        (Condition.LIVE, KEPT + 1, 1, True, "unanalysed"),
        (None, 0, None, True, "unanalysed"),
        (None, 0, None, False, "streamless"),
        (None, 0, None, None, "bearing"),
    ],
)
def test_live_is_said_of_a_fresh_picture_of_an_analysis_that_runs_alone(
    told: Condition | None, silent: float, old: float | None, streamed: bool | None, word: str
) -> None:
    at = NOW - timedelta(seconds=silent)
    one = None if told is None else Told(camera="C", at=at, condition=told, since=at, pace=5, side=416)
    filed = BEARING if streamed is None else UNANALYSED if streamed else STREAMLESS
    assert condition(one, None if old is None else NOW - timedelta(seconds=old), filed, NOW) == word


@pytest.mark.parametrize(
    ("filed", "bearing", "metres", "covers", "why"),
    [
        ({"reach": 300.0}, 90.0, 301.0, NO, "超出可视距离"),
        ({"reach": 300.0, "azimuth": None}, 90.0, 200.0, UNKNOWN, "未登记"),
        ({"reach": 300.0}, 130.0, 200.0, NO, "不在登记的方向内"),
        ({"reach": 300.0, "kind": "ptz"}, 130.0, 200.0, UNKNOWN, "可转向"),
        ({"reach": None}, 100.0, 200.0, UNKNOWN, "可视距离未登记"),
        ({"reach": 300.0}, 100.0, 200.0, UNKNOWN, "未按地形计算"),
    ],
)
def test_whether_a_camera_sees_a_place_is_said_as_unknown_where_it_is(
    filed: dict[str, object], bearing: float, metres: float, covers: str, why: str
) -> None:
    camera = Camera.model_validate(
        {"code": "C", "name": "C", "azimuth": 90.0, "field_of_view": 60.0, "height": 6.0, "area": "990102",
         "source": "t", "geometry": shapely.Point(121.9, 33.2), **filed}
    )  # fmt: skip
    lon, lat, _ = ELLIPSOID.fwd(121.9, 33.2, bearing, metres)
    found = cover(camera, LonLat(lon, lat), None, SYSTEM_SCOPE)
    assert found.covers == covers
    assert why in found.why.zh


def test_cameras_near_a_place_are_told_with_distance_and_whether_they_see_it(written: Served) -> None:
    with signed_in(written.address, "city") as city:
        camera = city.get("/api/feature/cameras/C0001").json()
        place = {"lon": camera["lon"], "lat": camera["lat"]}
        found = city.get("/api/cameras/near", params=place | {"most": 3}).json()["cameras"]
        refused = [
            city.get("/api/cameras/near", params=place | wrong).status_code
            for wrong in ({"lon": "x"}, {"lat": "91"}, {"most": "13"}, {"lat": "nan"})
        ]
    assert len(found) <= 3
    assert all(one["covers"] in ("yes", "unknown", "no") and one["why"] and one["said"] for one in found)
    assert min(found, key=lambda one: one["distance"])["distance"] < 2000
    assert refused == [400] * 4
