"""Streams that stall, refuse, lag and come back, against cameras on the loopback."""

import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
import PIL.Image
import pytest

from core.errors import BadInputError
from tests.video.streams import Camera, drawn, motion_jpeg, number_in, picture, rtsp
from tests.waiting import until
from video.sources import Condition, Opened, StreamError
from video.sources.addresses import Credentials, address
from video.sources.folder import Arrivals, Folder
from video.sources.mjpeg import Mjpeg
from video.sources.pictures import decoded
from video.sources.reader import Reader, wait_before
from video.sources.rtsp import CONFINED, Rtsp

Making = Callable[..., Camera]
KINDS = {"rtsp": (rtsp, Rtsp), "http": (motion_jpeg, Mjpeg)}
PASSWORD = "P@ss:w0rd/?#"


@pytest.fixture
def making(monkeypatch: pytest.MonkeyPatch) -> Iterator[Making]:
    for name, value in CONFINED.items():
        monkeypatch.setenv(name, value)
    with ExitStack() as stack:

        def make(scheme: str, **given: str) -> Camera:
            camera = Camera(KINDS[scheme][0], **given)
            stack.callback(camera.gone)
            return camera

        yield make


def opened(scheme: str, camera: Camera, path: str = "/live", secret: Credentials | None = None) -> Opened:
    where = address(f"{scheme}://127.0.0.1:{camera.port}{path}", ["127.0.0.1"])
    source = KINDS[scheme][1](where, secret, opening=2.0, reading=0.6)
    assert isinstance(source, Rtsp | Mjpeg)
    return source


def soon(failures: int, condition: Condition, spread: float) -> float:
    return 0.05


@pytest.mark.parametrize("scheme", ["rtsp", "http"])
def test_a_stream_that_stalls_is_told_and_read_again_once_it_comes_back(scheme: str, making: Making) -> None:
    camera = making(scheme)
    reader = Reader(lambda: opened(scheme, camera), waiting=soon)
    reader.start()
    try:
        until(reader.newest, lambda frame: frame is not None)
        assert reader.standing.condition is Condition.LIVE
        camera.silent.set()
        until(lambda: reader.standing.condition, lambda now: now is Condition.STALLED)
        camera.gone()
        until(lambda: reader.standing.condition, lambda now: now is Condition.UNREACHABLE)
        camera.silent.clear()
        camera.back()
        number = camera.number
        until(reader.newest, lambda frame: frame is not None and number_in(frame.picture) > number)
        assert reader.standing.condition is Condition.LIVE
        assert reader.standing.opened >= 2
    finally:
        reader.stop()
    assert reader.standing.condition is Condition.STOPPED


@pytest.mark.parametrize("scheme", ["rtsp", "http"])
def test_who_looks_seldom_sees_what_is_now_and_not_what_was(scheme: str, making: Making) -> None:
    camera = making(scheme)
    camera.rate = 100.0
    reader = Reader(lambda: opened(scheme, camera), waiting=soon)
    reader.start()
    try:
        for looked in (60, 120, 180):
            until(lambda: camera.number, lambda now: now >= looked)  # noqa: B023 - asked at once
            # one that took picture after picture would see ten a second of a hundred, and never be so near again
            until(reader.newest, lambda frame: frame is not None and camera.number - number_in(frame.picture) < 50)
    finally:
        reader.stop()


@pytest.mark.parametrize("scheme", ["rtsp", "http"])
def test_a_password_that_is_not_accepted_is_told_from_a_network_that_is_down(
    scheme: str, making: Making, capfd: pytest.CaptureFixture[str]
) -> None:
    camera = making(scheme, user="admin", password=PASSWORD)
    right = Credentials(user="admin", password=PASSWORD)
    wrong = Credentials(user="admin", password="wrong-secret")
    for path, secret, condition in (
        ("/live", None, Condition.DENIED), ("/live", wrong, Condition.DENIED), ("/other", right, Condition.ABSENT),
    ):  # fmt: skip
        with pytest.raises(StreamError) as failed:
            opened(scheme, camera, path, secret)
        assert failed.value.condition is condition
        assert "secret" not in str(failed.value)
    stream = opened(scheme, camera, "/live", right)
    assert stream.grab()
    assert stream.retrieve() is not None
    stream.close()
    camera.gone()
    with pytest.raises(StreamError) as failed:
        opened(scheme, camera, "/live", right)
    assert failed.value.condition is Condition.UNREACHABLE
    written = "".join(capfd.readouterr())
    assert "P@ss" not in written
    assert "P%40ss" not in written
    assert "wrong-secret" not in written


@pytest.mark.parametrize("scheme", ["rtsp", "http"])
def test_a_redirect_is_not_followed(scheme: str, making: Making) -> None:
    camera, other = making(scheme), making(scheme)
    camera.elsewhere = f"{scheme}://127.0.0.1:{other.port}/live"
    with pytest.raises(StreamError) as failed:
        opened(scheme, camera, "/elsewhere")
    assert failed.value.condition is Condition.ABSENT
    assert (camera.reached, other.reached) == (1, 0), "a host that the operator did not list is never asked"


@pytest.mark.parametrize("scheme", ["rtsp", "http"])
def test_a_password_that_is_refused_is_offered_once_an_attempt(scheme: str, making: Making) -> None:
    camera = making(scheme, user="admin", password=PASSWORD)
    with pytest.raises(StreamError):
        opened(scheme, camera, "/live", Credentials(user="admin", password="wrong-secret"))
    assert camera.refused == 1, "a device that counts refusals locks nobody out sooner than it must"


@pytest.mark.parametrize("scheme", ["rtsp", "http"])
def test_a_camera_that_wants_the_password_in_its_address_gets_it_there_when_it_is_opened(
    scheme: str, making: Making, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    camera = making(scheme, user="admin", password=PASSWORD)
    camera.asks_in_query = True
    path = "/live?user={user}&password={password}"
    stream = opened(scheme, camera, path, Credentials(user="admin", password=PASSWORD))
    assert stream.grab()
    assert stream.retrieve() is not None
    stream.close()
    reached = camera.reached
    with pytest.raises(StreamError) as failed:
        opened(scheme, camera, path, Credentials(user="admin", password="wrong-secret"))
    assert failed.value.condition is Condition.DENIED
    assert camera.reached == reached + 1, "nor is it offered in another way"
    where = address(f"{scheme}://127.0.0.1:{camera.port}{path}", ["127.0.0.1"])
    assert "{password}" in where.url
    said = "".join(capfd.readouterr()) + caplog.text
    assert "wrong-secret" not in said
    assert "ss%3Aw0rd" not in said


class Broken:
    """A decoder that cannot make a picture of what comes: it gives none, or breaks down."""

    def __init__(self, fault: Exception | None) -> None:
        self.fault, self.closed = fault, False

    def grab(self) -> bool:
        time.sleep(0.01)
        return True

    def retrieve(self) -> None:
        if self.fault is not None:
            raise self.fault

    def close(self) -> None:
        self.closed = True


@pytest.mark.parametrize("fault", [None, cv2.error("a picture of no form"), MemoryError()])
def test_pictures_that_cannot_be_read_are_said_to_be_and_the_stream_is_opened_anew(
    fault: Exception | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("video.sources.reader.UNREADABLE", 0.3)
    made: list[Broken] = []

    def opening() -> Opened:
        made.append(Broken(fault))
        return made[-1]

    reader = Reader(opening, waiting=soon)
    reader.start()
    try:
        until(lambda: reader.standing.condition, lambda now: now is Condition.UNREADABLE)
        until(lambda: len(made), lambda count: count >= 3)
        assert made[0].closed
        assert time.monotonic() - reader.beat < 5, "it still moves: no worker is ended for it"
    finally:
        reader.stop()


def test_a_picture_that_would_fill_the_memory_is_not_decoded() -> None:
    assert decoded(drawn(7)) is not None
    huge = BytesIO()
    PIL.Image.new("L", (20_000, 20_000)).save(huge, "JPEG")
    assert len(huge.getvalue()) < 8 * 1024 * 1024
    assert decoded(huge.getvalue()) is None
    tiny = cv2.imencode(".jpg", np.zeros((1, 200, 3), np.uint8))[1].tobytes()
    assert [decoded(one) for one in (tiny, b"", b"\xff\xd8\xff\xd9", b"GIF89a")] == [None] * 4


def test_a_camera_that_answers_by_drops_is_waited_for_no_longer_than_one_that_is_silent(making: Making) -> None:
    def drips(camera: Camera, line: socket.socket) -> None:
        while True:
            line.sendall(b"R")
            time.sleep(0.1)

    camera = Camera(drips)
    try:
        with pytest.raises(StreamError) as failed:
            Rtsp(address(f"rtsp://127.0.0.1:{camera.port}/live", ["127.0.0.1"]), None, opening=0.5, reading=0.5)
        assert failed.value.condition is Condition.UNREACHABLE
    finally:
        camera.gone()


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd", "concat:a|b", "subfile,,start,0,,:rtsp://cam/1", "/etc/passwd", "rtsp://", "http:///x",
        "rtsp://admin:secret@cam/1", "rtsp://admin@cam/1", "rtsp://169.254.169.254/latest", "http://localhost/x",
        "rtsp://cam:8554/1", "rtsp://cam.example/1", "rtsp://cam/1 -i /etc/passwd", "rtsp://cam:99999/1",
        "rtmp://cam/1", "rtsp://cam/1?user=a&password=secret", "rtsp://cam/user=a_password=secret_channel=1.sdp",
        "rtsp://cam\\@evil/1", "rtsp://evil#@cam/1",
    ],
)  # fmt: skip
def test_no_other_scheme_host_port_or_password_in_an_address_is_taken(url: str) -> None:
    with pytest.raises(BadInputError) as refused:
        address(url, ["cam:554", "[fd00::1]:8554"])
    assert "secret" not in str(refused.value)


def test_an_address_that_is_listed_bears_its_secret_where_it_is_opened_alone() -> None:
    where = address("rtsp://cam/ch1?sub=2", ["cam"])
    secret = Credentials(user="ad min", password="a@b:c/d")
    assert where.url == "rtsp://cam:554/ch1?sub=2"
    assert where.with_secret(secret) == "rtsp://ad%20min:a%40b%3Ac%2Fd@cam:554/ch1?sub=2"
    assert "a@b" not in f"{secret!r}{where!r}"
    assert address("rtsp://[fd00::1]:8554/1", ["[fd00::1]:8554"]).url == "rtsp://[fd00::1]:8554/1"


def test_waits_double_up_to_half_a_minute_and_a_refusal_is_not_repeated_often() -> None:
    waits = [wait_before(n, Condition.UNREACHABLE, 0.0) for n in range(1, 9)]
    assert waits == [1, 2, 4, 8, 16, 30, 30, 30]
    assert wait_before(1, Condition.DENIED, 0.0) == 60
    assert wait_before(50, Condition.STALLED, 1.0) == 37.5


def test_what_a_device_puts_into_a_folder_is_a_stream_of_what_comes_and_of_nothing_that_lay_there(
    tmp_path: Path,
) -> None:
    def put(number: int, cut: int | None = None) -> None:
        body = cv2.imencode(".jpg", picture(number))[1].tobytes()
        (tmp_path / f"{number:04}.jpg").write_bytes(body[:cut])

    put(1)
    os.utime(tmp_path / "0001.jpg", (1_700_000_000, 1_700_000_000))
    reader = Reader(lambda: Arrivals(tmp_path).open(1.0), waiting=soon)
    reader.start()
    try:
        until(lambda: reader.standing.condition, lambda now: now is Condition.STALLED)
        assert reader.newest() is None, "of what lay there nobody knows when it was"
        (tmp_path / "notes.txt").write_text("no picture")
        (tmp_path / "linked.jpg").symlink_to(tmp_path / "0001.jpg")
        for number in (7, 9):
            put(number, 20)  # the device has only begun
            put(number)
            until(reader.newest, lambda frame: frame is not None and number_in(frame.picture) == number)  # noqa: B023
        assert reader.standing.condition is Condition.LIVE
    finally:
        reader.stop()
    with pytest.raises(StreamError):
        Arrivals(tmp_path / "none").open(1.0)


def test_pictures_of_a_folder_are_a_stream_that_ends(tmp_path: Path) -> None:
    with pytest.raises(StreamError):
        Folder(tmp_path)
    for n in (3, 1, 2):
        cv2.imwrite(str(tmp_path / f"{n}.png"), picture(n))
    (tmp_path / "note.txt").write_text("no picture")
    folder, seen = Folder(tmp_path, pace=100), []
    while folder.grab():
        frame = folder.retrieve()
        assert frame is not None
        seen.append(number_in(np.asarray(frame, np.uint8)))
    assert seen == [1, 2, 3]
