"""What a bad camera, a full disk or a killed process does to an analysis: less is known, and nothing else is lost."""

import errno
import os
import queue
import struct
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest
import shapely

from app.settings import Settings
from app.video.backlog import MOST, Backlog
from app.video.looking import Streamed
from app.video.recording import Recorder
from app.video.running import analyse, room_of
from app.video.standing import ANALYST, Standings
from app.video.unwatched import GIVEN_UP, settle_unwatched
from core.clock import utc_now
from core.errors import ConflictError
from core.scope import SYSTEM_SCOPE
from layers.catalogue import CAMERAS, CATALOGUE, VIOLATIONS
from layers.catalogue.sensing import Camera as CameraRow
from layers.catalogue.violations import Violation
from store.attachments import Cabinet
from store.feed import Put
from store.opening import open_store
from store.protocol import Store
from store.query import EVERYTHING
from tests.video.streams import picture
from video import packets, worker
from video.analysis import Analyst
from video.episodes import Episode, Timing, Turn
from video.live import Told, write
from video.look import Blob, Look
from video.messages import Ended, Filmed, Message, Raised, Status
from video.rules.rule import Kind, Memory, Rule
from video.rules.watching import watched as watched_by
from video.scene.left import LeftThings
from video.sources import Condition
from video.sources.addresses import address
from video.sources.reader import Frame, Reader
from video.wires import CONTEXT, Telling, hearing
from video.worker import BLIND, Watch, Watched
from video.zones import Zone

ALL = Zone(id="all", corners=((0, 0), (160, 0), (160, 96), (0, 96)))
DARK = Rule(id="dark", kind=Kind.BLACK, zone=ALL, timing=Timing(after=1, bridge=1, clear=2))
ODD = "/../../../files"


def watched(*rules: Rule, camera: str = "C1") -> Watched:
    watch = Watch(camera=camera, source=Path("nowhere"), rules=rules)
    return Watched(watch=watch, reader=Reader(watch.open), analyst=Analyst(rules=rules))


def blackened(one: Watched, until: int = 30) -> list[Message]:
    """What is told of some seconds in which the camera goes dark."""
    found: list[Message] = []
    for n in range(until):
        shown = picture(n) if n < 10 else np.zeros((96, 160, 3), np.uint8)
        found += worker._looked(one, Frame(number=n + 1, at=n / 5, picture=shown))
    return found


def test_what_a_camera_is_called_leads_to_no_other_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "program", lambda: "ffmpeg")
    films, other = tmp_path / "video" / "films-1", tmp_path / "files"
    films.mkdir(parents=True)
    other.mkdir()
    (other / "evidence.jpg").write_bytes(b"kept")
    where = address("rtsp://cam/1", ["cam"])
    for _ in range(2):  # as by a worker that is started anew, once the first folder of the path is there
        made = worker._packets(Watch(camera=ODD, source=where, rules=()), films)
        assert isinstance(made, packets.Packets)
        assert made.folder.resolve().parent == films
        made.ffmpeg = "/bin/false"
        made.keep(10.0, "h264")
        made.close()
    assert [one.name for one in other.iterdir()] == ["evidence.jpg"]


def test_a_picture_that_cannot_be_judged_ends_the_analysis_of_no_other_camera(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    one, other = watched(DARK), watched(DARK, camera="C2")
    assert [type(told) for told in blackened(one)] == [Raised]
    see, at = Analyst.see, 100.0

    def breaks(self: Analyst, at: float, frame: np.ndarray) -> object:
        if frame.shape[0] == 1:
            raise cv2.error("no form")
        return see(self, at, frame)

    monkeypatch.setattr(Analyst, "see", breaks)
    monkeypatch.setattr(Reader, "standing", property(lambda _: worker_standing))
    worker_standing = type("S", (), {"condition": Condition.LIVE, "since": 0.0, "opened": 1})()
    odd = np.zeros((1, 5, 3), np.uint8)
    (lost,) = worker._looked(one, Frame(number=100, at=at, picture=odd))
    assert (lost.rule, lost.lost) == ("dark", True)
    assert worker._looked(one, Frame(number=101, at=at + 1, picture=odd)) == []
    assert capsys.readouterr().err.count("Traceback") == 1, "told once"
    assert (one.condition, other.condition) == (Condition.UNREADABLE, Condition.LIVE)
    assert [type(told) for told in blackened(other)] == [Raised]
    assert [type(told) for told in blackened(one)] == [Raised], "it goes on by itself"
    assert one.condition is Condition.LIVE


def test_of_an_event_whose_camera_shows_nothing_for_long_nobody_says_that_it_goes_on() -> None:
    one = watched(DARK)
    assert len(blackened(one)) == 1
    last = one.analyst.at
    assert worker._blind(one, last + BLIND) == []
    (told,) = worker._blind(one, last + BLIND + 1)
    assert isinstance(told, Ended)
    assert (told.rule, told.held, told.lost) == ("dark", last, True)
    assert worker._blind(one, last + BLIND + 2) == []
    back, again = last + BLIND + 60, []
    for n in range(20):
        shown = np.full((96, 160, 3), n % 2, np.uint8)
        again += worker._looked(one, Frame(number=1000 + n, at=back + n / 5, picture=shown))
    (anew,) = again
    assert isinstance(anew, Raised), "what is still so is raised anew"
    assert anew.began >= back, "what nobody saw does not count"


def test_who_covers_the_lens_is_not_gone_for_that() -> None:
    rule = Rule(id="fire", kind=Kind.FIRE, zone=ALL, timing=Timing(after=0, bridge=0, clear=2))
    burning = (Blob(box=np.array([10, 10, 40, 40], np.float32), since=0.0),)
    memories: dict[str, Memory] = {}

    def turns(at: float, *, healthy: bool, flames: tuple[Blob, ...] = ()) -> list[Turn]:
        look = Look(at=at, size=(160, 96), flames=flames, healthy=healthy)
        found, changes = watched_by((rule,), memories, look)
        memories.update(found)
        return [one.turn for one in changes]

    assert turns(0.0, healthy=True, flames=burning) == [Turn.RAISED]
    assert [turns(1.0 + n, healthy=False) for n in range(20)] == [[]] * 20
    assert turns(30.0, healthy=True) == [Turn.ENDED]


def test_of_people_before_a_lens_that_is_covered_for_long_nobody_knows() -> None:
    enter = Rule(id="enter", kind=Kind.INTRUSION, zone=ALL, timing=Timing())
    analyst = Analyst(rules=(enter, DARK), at=200.0, sighted=100.0)
    analyst.memories = {one: Memory(episode=Episode(began=90.0, held=100.0, raised=95.0)) for one in ("enter", "dark")}
    assert [one.id for one in analyst.lose(200.0, BLIND)] == ["enter"], "that it is dark is seen"
    assert [one.id for one in analyst.lose(300.0, BLIND)] == ["dark"]


def test_a_worker_that_is_killed_over_a_message_holds_up_nobody() -> None:
    ours, theirs = CONTEXT.Pipe(duplex=False)
    telling, heard = Telling(theirs), queue.SimpleQueue[Message]()
    telling.put(raised())
    thread = hearing(ours, heard)
    telling.end(5.0)
    os.write(theirs.fileno(), struct.pack("!i", 100_000) + b"the beginning of a picture")
    theirs.close()
    thread.join(10.0)
    assert not thread.is_alive()
    assert (heard.get_nowait(), heard.empty()) == (raised(), True)


def test_time_in_which_nothing_was_seen_is_no_time_that_a_thing_stood() -> None:
    things, empty = LeftThings(), np.full((240, 360, 3), 120, np.uint8)
    for n in range(30):
        things.look(n / 5, empty, None)
    crate = empty.copy()
    crate[150:200, 100:150] = 30
    found = [blob for n in range(5) for blob in things.look(1000 + n / 5, crate, None)]
    assert all(1000 - blob.since <= 3.5 for blob in found), "it may have come a moment ago"


def test_a_rule_whose_zone_is_not_in_the_picture_is_not_available_and_its_event_ends() -> None:
    far = Zone(id="far", corners=((200, 0), (300, 0), (300, 90)))
    rules = (Rule(id="far", kind=Kind.MOVEMENT, zone=far, timing=Timing()), DARK)
    analyst = Analyst(rules=rules)
    wide, narrow = np.zeros((180, 320, 3), np.uint8), np.zeros((90, 160, 3), np.uint8)
    analyst.see(0.0, wide)
    assert dict(analyst.unavailable) == {}
    analyst.see(0.2, narrow)
    assert [(name, why.en) for name, why in analyst.unavailable.items()] == [
        ("far", "no part of its zone is in the picture")
    ], "a fault of the camera has no zone"
    analyst.see(0.4, wide)
    assert dict(analyst.unavailable) == {}


def test_a_camera_that_sends_another_size_is_watched_on() -> None:
    kinds = (Kind.MOVEMENT, Kind.LEFT_OBJECT, Kind.FIRE, Kind.SMOKE, Kind.BLACK, Kind.FROZEN, Kind.MOVED)
    rules = tuple(Rule(id=kind.value, kind=kind, zone=ALL, timing=Timing()) for kind in kinds)
    one, random = watched(*rules), np.random.default_rng(1)
    for n in range(200):
        size = ((96, 160), (720, 1280), (97, 161), (16, 1000))[n // 10 % 4]
        shown = random.integers(0, 255, (*size, 3), np.uint8)
        worker._looked(one, Frame(number=n + 1, at=n / 5, picture=shown))
        assert not one.failing, size


def full(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_films_are_made_again_once_a_full_disk_has_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting: queue.Queue[worker._Wanted | None] = queue.Queue()
    out: queue.Queue[Filmed] = queue.Queue()
    shown = tuple((n / 5, cv2.imencode(".jpg", picture(n))[1].tobytes()) for n in range(10))
    for rule in ("a", "b"):
        waiting.put(worker._Wanted(camera="C1", rule=rule, at=1.0, pictures=shown))
    waiting.put(None)
    film, made = worker.film, []

    def films(*given: object) -> bool:
        made.append(given)
        return film(*given) if len(made) > 1 else full()

    monkeypatch.setattr(worker, "film", films)
    worker._film(waiting, tmp_path, out, worker.Over())
    told = [out.get_nowait() for _ in range(2)]
    assert [(one.rule, bool(one.path)) for one in told] == [("a", False), ("b", True)]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = open_store(tmp_path, None, CATALOGUE, utc_now)
    row = CameraRow(code="C1", name="东门", area="990106201", sensitivity=CAMERAS.sensitivity,
                    geometry=shapely.Point(121.9, 33.1))  # fmt: skip
    made.commit([Put(layer=CAMERAS.id, record=row)], actor=ANALYST, reason="test", scope=SYSTEM_SCOPE)
    yield made
    made.close()


@pytest.fixture
def cabinet(store: Store, tmp_path: Path) -> Cabinet:
    return Cabinet(store, tmp_path / "files", utc_now, largest=50_000_000)


def raised(camera: str = "C1", at: float = 990.0) -> Raised:
    return Raised(
        camera=camera, rule="r", kind=Kind.FIRE, zone="z", began=at - 5, at=at, why={"share": 0.02},
        snapshot=b"\xff\xd8picture", boxes=((1, 2, 30, 40),),
    )  # fmt: skip


def event(store: Store) -> Violation:
    (code,) = store.read(VIOLATIONS, EVERYTHING, scope=SYSTEM_SCOPE)["code"].to_pylist()
    record = store.get(VIOLATIONS, code, scope=SYSTEM_SCOPE).record
    assert isinstance(record, Violation)
    return record


def test_an_event_is_kept_though_there_is_no_room_for_its_picture_and_film(
    store: Store, cabinet: Cabinet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Cabinet, "made", full)
    recorder = Recorder(store, cabinet, utc_now, monotonic=lambda: 1000.0)
    row = recorder.take(raised())
    assert row is not None
    assert cabinet.of(VIOLATIONS, row.code, scope=SYSTEM_SCOPE) == ()
    entry = store.feed(after=store.head() - 1, scope=SYSTEM_SCOPE, limit=1)[0]
    assert entry.reason == "视频分析:疑似明火(画面未能保存)"
    (tmp_path / "f.webm").write_bytes(b"film")
    filmed = recorder.take(Filmed(camera="C1", rule="r", at=990.0, path=str(tmp_path / "f.webm")))
    assert filmed is not None
    assert filmed.film == "missing"
    assert not (tmp_path / "f.webm").exists()


def test_what_a_store_could_not_keep_is_kept_later_in_its_order_and_once(
    store: Store, cabinet: Cabinet, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, said = [0.0], list[str]()
    recorder = Recorder(store, cabinet, utc_now, monotonic=lambda: 1000.0)
    backlog = Backlog(recorder.take, said.append, monotonic=lambda: now[0])
    commit = type(store).commit
    monkeypatch.setattr(type(store), "commit", full)
    monkeypatch.setattr(Cabinet, "keep_with", full)
    status = Status(camera="C1", condition=Condition.LIVE, since=0, opened=1, looks=1, pace=5, side=0)
    for told in (raised(), status, Ended(camera="C1", rule="r", held=998.0)):
        backlog.add(told)
        assert list(backlog.kept()) == []
    assert (backlog.stuck, len(said)) == (True, 1)
    monkeypatch.undo()
    assert list(backlog.kept()) == [], "not asked again and again"
    now[0] += 10
    assert [type(told) for told, _ in backlog.kept()] == [Raised, Ended]
    assert event(store).state == "over"
    assert (backlog.stuck, len(said)) == (False, 2)
    monkeypatch.setattr(type(store), "commit", commit)


def test_an_event_that_ended_while_nothing_could_be_kept_is_ended_later(
    store: Store, cabinet: Cabinet, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = Recorder(store, cabinet, utc_now, monotonic=lambda: 1000.0)
    recorder.take(raised())
    over = Ended(camera="C1", rule="r", held=998.0)
    monkeypatch.setattr(type(store), "commit", full)
    with pytest.raises(OSError, match="space"):
        recorder.take(over)
    monkeypatch.undo()
    assert event(store).state == "standing"
    recorder.take(over)
    assert event(store).state == "over"


def test_the_event_of_a_camera_that_is_gone_holds_up_no_other(store: Store, cabinet: Cabinet) -> None:
    said: list[str] = []
    backlog = Backlog(Recorder(store, cabinet, utc_now, monotonic=lambda: 1000.0).take, said.append)
    for told in (raised("gone"), raised()):
        backlog.add(told)
    assert [told.camera for told, _ in backlog.kept()] == ["C1"]
    assert said == ["gone  事件未能保存:r / an event is lost: r (NotFoundError)"]


def test_what_waits_is_bounded_and_what_is_given_up_is_said() -> None:
    said: list[str] = []
    backlog = Backlog(full, said.append, monotonic=lambda: 0.0)
    for n in range(MOST + 2):
        backlog.add(raised(at=float(n)))
        assert list(backlog.kept()) == []
    assert sum("lost" in one for one in said) == 2


def test_nothing_ends_before_it_began_where_the_clock_was_set_back(store: Store, cabinet: Cabinet) -> None:
    now = [utc_now()]
    recorder = Recorder(store, cabinet, lambda: now[0], monotonic=lambda: 1000.0)
    recorder.take(raised())
    now[0] -= timedelta(hours=2)
    recorder.take(Ended(camera="C1", rule="r", held=999.0))
    found = event(store)
    assert found.ended_at == found.raised_at


def tell(folder: Path, camera: str, condition: Condition, ago: timedelta) -> None:
    at = utc_now() - ago
    write(folder, Told(camera=camera, at=at, condition=condition, since=at, pace=5, side=0))


@pytest.mark.parametrize(
    ("condition", "ago", "state"),
    [(Condition.LIVE, timedelta(0), "standing"), (Condition.STALLED, timedelta(seconds=30), "standing"),
     (Condition.LIVE, 2 * GIVEN_UP, "lost"), (Condition.LIVE, -timedelta(hours=1), "lost"),
     (Condition.STOPPED, timedelta(0), "lost"), (None, timedelta(0), "lost")],
)  # fmt: skip
def test_what_an_analysis_that_was_killed_left_standing_is_said_to_go_on_no_more(
    store: Store, cabinet: Cabinet, tmp_path: Path, condition: Condition | None, ago: timedelta, state: str
) -> None:
    states = Standings(store)
    Recorder(store, cabinet, utc_now, states=states, monotonic=lambda: 1000.0).take(raised())
    if condition is not None:
        tell(tmp_path / "live", "C1", condition, ago)
    settle_unwatched(store, cabinet, utc_now, tmp_path / "live")
    camera = store.get(CAMERAS, "C1", scope=SYSTEM_SCOPE).record
    assert isinstance(camera, CameraRow)
    assert (event(store).state, camera.state) == (state, "event" if state == "standing" else "no_stream")


def test_a_register_that_holds_a_password_in_an_address_is_told(store: Store) -> None:
    def bears(stream: str) -> dict[str, bool]:
        row = store.get(CAMERAS, "C1", scope=SYSTEM_SCOPE).record.model_copy(update={"stream": stream})
        store.commit([Put(layer=CAMERAS.id, record=row)], actor=ANALYST, reason="test", scope=SYSTEM_SCOPE)
        return Streamed(store)(["C1", "C2"])

    assert bears("") == {}
    assert bears("rtsp://10.1.2.3/1?user={user}&password={password}") == {"C1": False}
    assert bears("rtsp://10.1.2.3/1?user=admin&password=secret") == {"C1": True}
    assert bears("rtsp://admin:secret@10.1.2.3/1") == {"C1": True}


def test_films_of_an_analysis_that_was_killed_are_taken_away_and_no_others(tmp_path: Path) -> None:
    left = tmp_path / "films-killed"
    (left / "packets-1").mkdir(parents=True)
    (left / "packets-1" / "1.ts").write_bytes(b"x")
    with room_of(tmp_path) as one:
        assert not left.exists()
        with room_of(tmp_path) as other:
            assert one.is_dir()
            assert other.is_dir()
        assert one.is_dir()
    assert list(tmp_path.glob("films-*")) == []


def test_a_camera_that_another_process_analyses_is_not_analysed_twice(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.video.running.SILENT", timedelta(seconds=-2))
    tell(tmp_path / "video" / "live", "C1", Condition.LIVE, timedelta(0))
    watch = Watch(camera="C1", source=tmp_path, rules=(DARK,))
    with pytest.raises(ConflictError, match="C1"):
        analyse(Settings(data=tmp_path), store, [watch], lambda: True, lambda _: None)
