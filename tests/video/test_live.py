"""Live pictures: whole, of their moment, seldom while nobody looks, gone when they are old."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest

from core.clock import utc_now
from video import live
from video.live import Gallery, Overlay, Room, Showing, Told, clear, write
from video.sources import Condition

AT = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
STAMP = int(AT.timestamp()) * 10**9
PICTURE = np.full((720, 1280, 3), 90, np.uint8)
ZONE = ("gate", ((0.0, 0.0), (9.0, 0.0), (9.0, 9.0)))


def told(camera: str = "C1", at: datetime = AT, stamp: int = STAMP) -> Told:
    drawn = Overlay(size=(1280, 720), boxes=((1.0, 2.0, 3.5, 4.0),), zones=(ZONE,))
    return Told(
        camera=camera, at=at, condition=Condition.LIVE, since=at, pace=2.0, side=320, less=True,
        unavailable=("hat",), stamp=stamp, overlay=drawn,
    )  # fmt: skip


def test_what_a_worker_leaves_is_read_as_it_was_and_its_picture_bears_the_time_it_was_received(tmp_path: Path) -> None:
    write(tmp_path, told(), PICTURE)
    gallery = Gallery(tmp_path, lambda: AT + timedelta(seconds=20))
    shot = gallery.newest("C1")
    assert gallery.told("C1") == told()
    assert shot is not None
    assert (shot.received, shot.stamp) == (AT, STAMP)
    assert cv2.imdecode(np.frombuffer(shot.body, np.uint8), cv2.IMREAD_COLOR).shape == (540, 960, 3)
    assert (gallery.received("C1"), gallery.known()) == (AT, ("C1",))
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize("name", ["../C1", "C1/../C1", "", ".", "C\0", "视频", "_" * 60, "东门摄像机" * 12])
def test_a_code_that_is_no_name_of_a_file_has_its_picture_too_and_reaches_no_other(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "live"
    write(tmp_path, told(), PICTURE)
    before = {one: one.read_bytes() for one in tmp_path.iterdir()}
    write(folder, told(camera=name), PICTURE)
    gallery = Gallery(folder, lambda: AT)
    gallery.look(name)
    shot = gallery.newest(name)
    assert shot is not None
    assert (gallery.told(name), gallery.received(name), shot.stamp) == (told(camera=name), AT, STAMP)
    assert (gallery.known(), gallery.told("C1")) == ((name,) if name else (), None)
    assert {one: one.read_bytes() for one in tmp_path.iterdir() if one.is_file()} == before
    assert sorted(one.suffix for one in folder.iterdir()) == [".jpg", ".json", ".look"]


def test_half_a_file_is_nothing_told(tmp_path: Path) -> None:
    write(tmp_path, told(), PICTURE)
    file = tmp_path / "C1.json"
    file.write_bytes(file.read_bytes()[:50])
    assert Gallery(tmp_path, lambda: AT).told("C1") is None


def test_an_old_picture_is_shown_to_nobody_and_taken_away(tmp_path: Path) -> None:
    write(tmp_path, told(), PICTURE)
    later = AT + timedelta(seconds=live.KEPT + 1)
    os.utime(tmp_path / "C1.json", (AT.timestamp(), AT.timestamp()))
    (tmp_path / "notes.txt").write_text("not ours")
    gallery = Gallery(tmp_path, lambda: later)
    assert (gallery.newest("C1"), gallery.received("C1")) == (None, None)
    assert gallery.known() == ()
    assert clear(tmp_path, later) == 0, "whoever asks what there is takes away what is too old"
    assert [one.name for one in tmp_path.iterdir()] == ["notes.txt"]


def test_pictures_are_few_while_nobody_looks_and_five_a_second_at_most_while_somebody_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twenty looks a second for four seconds each, by a clock that the test turns."""
    now = 1000.0
    monkeypatch.setattr(live.time, "monotonic", lambda: now)
    showing = Showing(room=Room(folder=tmp_path, clock=utc_now))
    write(tmp_path, told())

    def shown() -> int:
        nonlocal now
        count = 0
        for _ in range(80):
            now += 0.05
            if showing.due("C1"):
                showing.show(told(), PICTURE)
                count += 1
        return count

    alone = shown()
    Gallery(tmp_path, utc_now).look("C1")
    assert alone == 2
    assert 15 <= shown() <= 20


def test_a_disk_that_is_full_or_gone_holds_nobody_up(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("no folder")
    showing = Showing(room=Room(folder=file / "live", clock=utc_now))
    showing.start()
    showing.show(told(), PICTURE)
    showing.stop()
    assert Gallery(file / "live", utc_now).known() == ()
