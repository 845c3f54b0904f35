"""What workers find becomes rows with evidence, from a camera that asks for its password to the layer of the map."""

import gzip
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest
import shapely
import yaml
from typer.testing import CliRunner

from app.auth.sealing import Sealer
from app.commands.video import video
from app.demo.histories import LOADED
from app.settings import Settings
from app.video.credentials import CameraSecrets
from app.video.recording import Recorder
from app.video.running import arrivals, run, set_rules, source, watches
from app.video.standing import ANALYST, SETTLED, STATES, Standings
from core.clock import utc_now
from core.errors import BadInputError, ConflictError, NotFoundError
from core.scope import SYSTEM_SCOPE
from layers.catalogue import CAMERAS, CATALOGUE, VIOLATIONS
from layers.catalogue.sensing import Camera as CameraRow
from layers.catalogue.violations import Violation
from layers.codes import code_list
from scripts.city.seen import FOLDER, found
from store.attachments import Cabinet
from store.feed import Put
from store.opening import open_store
from store.protocol import Store
from store.query import EVERYTHING
from tests.video.streams import Camera, rtsp
from tests.waiting import until
from video.drawn.source import Drawing, clip_of, unpacked
from video.foreman import Foreman
from video.messages import Ended, Filmed, Raised, Status
from video.rules.kinds import kinds
from video.rules.rule import Kind
from video.setup import setup_in, setup_of
from video.sources import Condition
from video.sources.addresses import Credentials
from video.sources.folder import Arrivals

NOW = datetime(2026, 11, 29, 6, 0, tzinfo=UTC)
PASSWORD = "S3cret:of@camera"
RULES = (
    "zones: {all: [[0, 0], [160, 0], [160, 96], [0, 96]]}\nrules: [{id: dark, kind: black, zone: all, after_s: 1}]\n"
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = open_store(tmp_path, None, CATALOGUE, utc_now)
    yield made
    made.close()


def cabinet(store: Store, folder: Path) -> Cabinet:
    return Cabinet(store, folder / "files", utc_now, largest=50_000_000)


def camera(store: Store, stream: str = "") -> None:
    row = CameraRow(
        code="C1", name="东门", stream=stream, area="990106201", sensitivity=CAMERAS.sensitivity,
        geometry=shapely.Point(121.9, 33.1),
    )  # fmt: skip
    store.commit([Put(layer=CAMERAS.id, record=row)], actor=ANALYST, reason="test", scope=SYSTEM_SCOPE)


def raised(kind: Kind = Kind.FIRE, at: float = 990.0) -> Raised:
    return Raised(
        camera="C1", rule="r", kind=kind, zone="z", began=at - 5, at=at, why={"share": 0.02},
        snapshot=b"\xff\xd8picture", boxes=((1.4, 2.0, 30.0, 40.0),),
    )  # fmt: skip


def test_the_state_of_a_camera_follows_its_stream_and_its_events_and_is_written_when_it_changes(store: Store) -> None:
    camera(store)
    now = [100.0]
    states = Standings(store, monotonic=lambda: now[0])

    def told(condition: Condition, since: float) -> str:
        states.told(Status(camera="C1", condition=condition, since=since, opened=1, looks=1, pace=5, side=0))
        return state()

    def state() -> str:
        row = store.get(CAMERAS, "C1", scope=SYSTEM_SCOPE).record
        assert isinstance(row, CameraRow)
        return row.state

    assert told(Condition.LIVE, now[0] - SETTLED / 2) == "no_stream"
    assert told(Condition.LIVE, now[0] - SETTLED) == "online"
    head = store.head()
    assert told(Condition.LIVE, now[0] - 60) == "online"
    assert told(Condition.STALLED, now[0] - 1) == "online"
    assert store.head() == head, "what did not change, or did not last, is no entry of the feed"
    states.begun("C1", "a")
    states.begun("C1", "b")
    states.over("C1", "a")
    assert state() == "event"
    states.over("C1", "b")
    assert state() == "online"
    assert told(Condition.STALLED, now[0] - SETTLED) == "stalled"
    assert told(Condition.UNREACHABLE, now[0] - SETTLED) == "offline"
    states.unwatched(["C1", "gone"])
    assert state() == "no_stream"
    assert {one.code for one in code_list("camera_state")} >= {"no_stream", *STATES.values(), "event"}


def test_scenes_of_the_demo_are_opened_in_a_loaded_demo_alone_and_a_clip_becomes_pictures(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    with pytest.raises(BadInputError):
        source(settings, "demo:yard")
    (tmp_path / LOADED).write_text("{}")
    assert source(settings, "demo:yard") == Drawing("yard")
    with pytest.raises(NotFoundError, match="没有演示场景"):
        source(settings, "demo:../../etc")
    film = tmp_path / "a.avi"
    made = cv2.VideoWriter(str(film), cv2.CAP_OPENCV_MJPEG, cv2.VideoWriter.fourcc(*"MJPG"), 10, (320, 240))
    for n in range(20):
        made.write(np.full((240, 320, 3), 10 * n, np.uint8))
    made.release()
    packed = tmp_path / "vtest.avi.gz"
    packed.write_bytes(gzip.compress(film.read_bytes()))
    assert clip_of(tmp_path / "vtest.avi") == packed
    assert clip_of(tmp_path / "none.avi") is None
    folder = unpacked(packed, tmp_path / "clip")
    pictures = sorted(folder.iterdir())
    assert len(pictures) == 10
    first = cv2.imread(str(pictures[0]))
    assert first.shape == (240, 320, 3)
    assert (first[8:40, 8:200].max(axis=2) > 200).mean() > 0.03, "演示画面 is written there"
    assert unpacked(packed, tmp_path / "clip") == folder


def test_an_event_its_picture_and_its_film_are_one_record(store: Store, tmp_path: Path) -> None:
    camera(store)
    files = cabinet(store, tmp_path)
    recorder = Recorder(store, files, lambda: NOW, monotonic=lambda: 1000.0)
    row = recorder.take(raised())
    assert row is not None
    assert (row.title, row.state, row.area) == ("东门 疑似明火", "standing", "990106201")
    assert (row.began_at, row.raised_at) == (NOW - timedelta(seconds=15), NOW - timedelta(seconds=10))
    assert (row.why, row.boxes) == ("占画面比例 0.02", ("1 2 30 40",))
    film = tmp_path / "left.webm"
    film.write_bytes(b"film")
    assert row.film == "pending"
    filmed = recorder.take(Filmed(camera="C1", rule="r", at=990.0, path=str(film)))
    assert filmed is not None
    assert filmed.film == "kept"
    kept = files.of(VIOLATIONS, row.code, scope=SYSTEM_SCOPE)
    assert [(one.record.name, one.record.sha256) for one in kept] == [
        (f"{row.code}.jpg", hashlib.sha256(b"\xff\xd8picture").hexdigest()),
        (f"{row.code}.webm", hashlib.sha256(b"film").hexdigest()),
    ]
    assert kept[1].path.read_bytes() == b"film"
    assert not film.exists()
    over = recorder.take(Ended(camera="C1", rule="r", held=998.0))
    assert over is not None
    assert (over.state, over.ended_at) == ("over", NOW - timedelta(seconds=2))
    assert recorder.take(Ended(camera="C1", rule="r", held=999.0)) is None
    last = store.get(VIOLATIONS, row.code, scope=SYSTEM_SCOPE)
    assert isinstance(last.record, Violation)
    assert (last.version, last.record.state, last.record.geometry) == (3, "over", shapely.Point(121.9, 33.1))


def test_an_event_whose_analysis_broke_off_is_lost_and_not_over(store: Store, tmp_path: Path) -> None:
    camera(store)
    files = cabinet(store, tmp_path)
    row = Recorder(store, files, lambda: NOW, monotonic=lambda: 1000.0).take(raised(Kind.INTRUSION))
    assert row is not None
    recorder = Recorder(store, files, lambda: NOW, monotonic=lambda: 1000.0)
    none = recorder.take(raised(Kind.SMOKE, at=995.0))
    assert none is not None
    recorder.take(Ended(camera="C1", rule="r", held=996.0))
    without = recorder.take(Filmed(camera="C1", rule="r", at=995.0, path=""))
    assert without is not None
    assert (without.code, without.state, without.film) == (none.code, "over", "missing")
    assert Recorder(store, files, lambda: NOW).settle(["C1", "C2"]) == 1
    kept = store.get(VIOLATIONS, row.code, scope=SYSTEM_SCOPE).record
    assert isinstance(kept, Violation)
    assert (kept.state, kept.ended_at, kept.film) == ("lost", None, "missing")


def test_what_is_not_set_up_is_told_before_anything_is_opened(store: Store, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    with pytest.raises(NotFoundError):
        watches(settings, store, ["C1"])
    camera(store, "rtsp://10.0.0.9/1")
    with pytest.raises(NotFoundError, match="没有规则"):
        watches(settings, store, ["C1"])
    rules = tmp_path / "rules.yaml"
    rules.write_text(RULES)
    assert set_rules(store, "C1", rules) == 1
    with pytest.raises(BadInputError, match="不在允许名单内"):
        watches(settings, store, ["C1"])
    (watch,) = watches(Settings(data=tmp_path, video_hosts=("10.0.0.9",)), store, ["C1"])
    assert watch.credentials is None
    camera(store, "folder:gate")
    with pytest.raises(BadInputError, match="ONEMAP_VIDEO_FOLDER"):
        watches(settings, store, ["C1"])
    (tmp_path / "out").symlink_to(tmp_path.parent)
    below = Settings(data=tmp_path, video_folder=tmp_path / "dropped")
    (watch,) = watches(below, store, ["C1"])
    assert watch.source == Arrivals(tmp_path / "dropped" / "gate")
    for elsewhere in ("", ".", "..", "../dropped2", "/etc", "gate/../.."):
        with pytest.raises(BadInputError, match="之内"):
            arrivals(tmp_path / "dropped", elsewhere)
    with pytest.raises(BadInputError, match="之内"):
        arrivals(tmp_path, "out")


def test_a_camera_with_a_password_that_goes_dark_is_an_event_on_the_map_and_its_password_nowhere(
    store: Store, tmp_path: Path
) -> None:
    device = Camera(rtsp, user="admin", password=PASSWORD)
    said: list[str] = []
    try:
        camera(store, f"rtsp://127.0.0.1:{device.port}/live")
        store.close()
        asked = ["credentials", "C1", "--user", "admin", "--data", str(tmp_path)]
        assert CliRunner().invoke(video, asked, input=f"{PASSWORD}\n").exit_code == 0
        rules = tmp_path / "rules.yaml"
        rules.write_text(RULES)
        assert CliRunner().invoke(video, ["rules", "C1", str(rules), "--data", str(tmp_path)]).exit_code == 0
        shown = CliRunner().invoke(video, ["rules", "C1", "--show", "--data", str(tmp_path)])
        assert setup_of(yaml.safe_load(shown.stdout)).text() == setup_in(rules).text()
        again = open_store(tmp_path, None, CATALOGUE, utc_now)
        settings = Settings(data=tmp_path, video_hosts=(f"127.0.0.1:{device.port}",))
        foreman = Foreman(watches(settings, again, ["C1"]), None, tmp_path / "films")
        ends = threading.Event()
        recorder = Recorder(again, cabinet(again, tmp_path), utc_now, states=Standings(again))
        service = threading.Thread(target=run, args=(foreman, recorder, ["C1"], lambda: not ends.is_set(), said.append))
        service.start()
        try:
            until(lambda: " ".join(said), lambda lines: "正常" in lines)
            device.dark.set()
            began = time.time()
            (row,) = until(lambda: again.read(VIOLATIONS, EVERYTHING, scope=SYSTEM_SCOPE).to_pylist(), bool)
            assert (row["title"], row["camera"]) == ("东门 画面全黑", "C1")
            assert row["began_at"].timestamp() >= began - 1
            until(lambda: again.get(CAMERAS, "C1", scope=SYSTEM_SCOPE).record.state, lambda state: state == "event")
            device.dark.clear()
            until(
                lambda: again.read(VIOLATIONS, EVERYTHING, scope=SYSTEM_SCOPE).to_pylist()[0]["state"],
                lambda state: state == "over",
            )
        finally:
            ends.set()
            service.join(20)
            foreman.close()
            again.close()
    finally:
        device.gone()
    files = [one for one in tmp_path.rglob("*") if one.is_file()]
    assert any(one.name == "credentials.json" for one in files)
    assert not [one for one in files if PASSWORD.encode() in one.read_bytes()]
    assert PASSWORD not in "".join(said)


def test_credentials_open_with_their_own_key_alone_and_can_be_forgotten(tmp_path: Path) -> None:
    secrets = CameraSecrets(tmp_path / "video", Sealer(tmp_path / "a.key"))
    secrets.give("C1", Credentials(user="admin", password=PASSWORD))
    assert secrets.of("C1") == Credentials(user="admin", password=PASSWORD)
    assert (tmp_path / "video" / "credentials.json").stat().st_mode & 0o777 == 0o600
    with pytest.raises(ConflictError):
        CameraSecrets(tmp_path / "video", Sealer(tmp_path / "b.key")).of("C1")
    secrets.forget("C1")
    assert (secrets.of("C1"), secrets.given()) == (None, ())


def test_the_demo_shows_what_the_rule_finds_in_its_scene_and_codes_are_those_of_the_rules() -> None:
    told, picture = found()
    assert told == json.loads((FOLDER / "left.json").read_text("utf-8"))
    assert picture[:2] == b"\xff\xd8"
    titles = {code.code: (code.title.zh, code.title.en) for code in code_list("video_event")}
    assert titles.pop("other") == ("设备报警(未归类)", "Alarm of a device, of no kind above"), "what gateways report"
    assert titles == {kind.value: (one.title.zh, one.title.en) for kind, one in kinds().items()}
