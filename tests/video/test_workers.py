"""A worker of its own process: it tells what it sees, gives evidence, and is started anew when it hangs."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest

from core.clock import utc_now
from tests.absent import absent
from tests.conftest import ROOT
from tests.video.streams import number_in, picture
from tests.waiting import until
from video import evidence
from video.analysis import Analyst
from video.episodes import Timing
from video.evidence import AROUND, KEPT, Ring, film, snapshot
from video.foreman import Foreman
from video.live import Gallery, Room
from video.load import LEVELS, Judge
from video.messages import Ended, Filmed, Message, Raised, Status
from video.rules.rule import Kind, Rule
from video.sources import Condition
from video.sources.reader import Reader
from video.worker import Watch, Watched, films_due
from video.zones import Zone

ROOM = Zone(id="room", corners=((0, 0), (500, 0), (500, 500), (0, 500)))


def test_a_worker_that_hangs_is_ended_and_a_new_one_tells_the_event_again(tmp_path: Path) -> None:
    dark = tmp_path / "dark"
    dark.mkdir()
    for n in range(3):
        cv2.imwrite(str(dark / f"{n}.png"), np.full((90, 160, 3), n, np.uint8))
    rules = (
        Rule(id="dark", kind=Kind.BLACK, zone=ROOM, timing=Timing(after=0.5, bridge=1.0, clear=1.0)),
        Rule(id="hat", kind=Kind.NO_HELMET, zone=ROOM, timing=Timing()),
    )
    live = Room(folder=tmp_path / "live", clock=utc_now)
    foreman = Foreman([Watch(camera="c1", source=dark, rules=rules)], None, tmp_path / "films", silent=6.0, live=live)
    gallery = Gallery(live.folder, utc_now)
    told: list[Message] = []

    def raised() -> list[Raised]:
        told.extend(foreman.messages(0.1))
        return [one for one in told if isinstance(one, Raised)]

    def live() -> Status | None:
        told.extend(foreman.messages(0.1))
        found = (one for one in told if isinstance(one, Status) and one.condition is Condition.LIVE)
        return next(found, None)

    try:
        (first,) = until(raised, bool)
        assert (first.camera, first.rule, first.kind, first.zone) == ("c1", "dark", Kind.BLACK, "room")
        assert cv2.imdecode(np.frombuffer(first.snapshot, np.uint8), cv2.IMREAD_COLOR).shape == (90, 160, 3)
        assert foreman.look_after() == ()
        foreman.change("c1", (rules[1], replace(rules[0], id="darker")), None)
        until(raised, lambda found: [one.rule for one in found] == ["dark", "darker"])
        (gone,) = [one for one in told if isinstance(one, Ended)]
        assert (gone.rule, gone.lost) == ("dark", True)
        assert {one.opened for one in told if isinstance(one, Status) and one.opened} == {1}, "the stream went on"
        (process,) = foreman.processes
        os.kill(process, signal.SIGTERM)  # as a service that is stopped ends all its processes at once
        told.clear()
        until(live, lambda found: found is not None)
        assert foreman.look_after() == (), "it ends when its foreman has its films"
        os.kill(process, signal.SIGSTOP)  # as a decoder that never comes back
        assert until(foreman.look_after, bool) == ("c1",)
        assert foreman.starts == (2,)
        until(raised, lambda found: [one.rule for one in found] == ["darker"])
        status = until(live, lambda found: found is not None)
        assert status is not None
        assert (status.pace, status.unavailable) == (LEVELS[0].pace, ("hat",))
        seen = until(lambda: gallery.told("c1"), lambda told: told is not None and told.condition is Condition.LIVE)
        assert seen is not None
        assert (seen.pace, seen.less, seen.unavailable) == (LEVELS[0].pace, False, ("hat",))
        shot = until(lambda: gallery.newest("c1"), lambda found: found is not None)
        assert shot is not None
        assert utc_now() - shot.received < timedelta(minutes=5)
        assert cv2.imdecode(np.frombuffer(shot.body, np.uint8), cv2.IMREAD_COLOR).shape == (90, 160, 3)
        told += list(foreman.rest())
        filmed = [one for one in told if isinstance(one, Filmed)]
        assert filmed[-1].rule == "darker", "what waited when the worker was stopped is told"
        assert not filmed[-1].path or Path(filmed[-1].path).stat().st_size > 100
    finally:
        foreman.close()
    over = gallery.told("c1")
    assert over is not None
    assert over.condition is Condition.STOPPED
    assert all(not Path(f"/proc/{one}").exists() for one in (process, *foreman.processes))


FILMING = """
import sys, threading
from pathlib import Path
import cv2, numpy as np
from video.wires import CONTEXT, Beat, Flag
from video.worker import alone
film = cv2.VideoWriter(sys.argv[1], cv2.CAP_FFMPEG, cv2.VideoWriter.fourcc(*"VP80"), 5, (640, 360))
noise = np.random.default_rng(1).integers(0, 255, (360, 640, 3), np.uint8)
begun, stop = threading.Event(), Flag()
def write():
    while True:
        film.write(noise)
        begun.set()
threading.Thread(target=write, daemon=True).start()
begun.wait()
stop.set()
alone((), None, Path(sys.argv[1]).parent, CONTEXT.Pipe(duplex=False)[1], Beat(), stop)
"""


def test_a_worker_ends_in_order_while_a_film_is_half_made(tmp_path: Path) -> None:
    call = [sys.executable, "-c", FILMING, str(tmp_path / "f.webm")]
    done = subprocess.run(call, cwd=ROOT, timeout=60, check=False, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert b"terminate" not in done.stderr


@pytest.mark.parametrize("codec", ["vp90", "vp80"])
def test_a_film_shows_what_was_before_and_after_at_its_own_pace(
    codec: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if codec == "vp80":
        monkeypatch.setattr(evidence, "program", lambda: None)
    elif evidence.program() is None:
        absent("ffmpeg")
    ring = Ring()
    for n in range(200):
        ring.add(n / 5, picture(n if n < 150 else 150))  # moves for half a minute, then stands still
    around = ring.around(30.0)
    assert (around[0][0], around[-1][0]) == (20.0, 39.0)
    assert sum(at >= 30 for at, _ in around) == 10, "one a second is enough where nothing moves"
    assert sum(at < 30 for at, _ in around) == 50
    file = tmp_path / "event.webm"
    assert film(around, file)
    shown, numbers = cv2.VideoCapture(str(file), cv2.CAP_FFMPEG), []
    while (got := shown.read())[0]:
        numbers.append(number_in(got[1]))
    assert round(shown.get(cv2.CAP_PROP_FPS), 2) == 5
    assert (
        int(shown.get(cv2.CAP_PROP_FOURCC)).to_bytes(4, "little").lower().replace(b"vp9\0", b"vp90") == codec.encode()
    )
    assert numbers == [*range(100, 150), *[150] * 46], "each picture is shown when it was taken"
    assert not film(around[:1], tmp_path / "none.webm")
    assert [one.name for one in tmp_path.iterdir()] == ["event.webm"]


def test_a_snapshot_has_a_red_frame_where_the_rule_saw_something() -> None:
    drawn = cv2.imdecode(
        np.frombuffer(snapshot(np.full((100, 100, 3), 90, np.uint8), [np.array([20, 30, 60, 80])]), np.uint8),
        cv2.IMREAD_COLOR,
    )
    blue, _, red = (int(one) for one in drawn[30, 40])
    assert red - blue > 80
    assert abs(int(drawn[55, 40][2]) - 90) < 15


BUSY, FULL, CALM = (9.0, 50), (2.0, 20), (1.0, 50)
"""Seconds of processor and looks of fifty that were due, in ten seconds: too busy; kept from the processor; neither."""


def paced(times: list[tuple[float, int]]) -> list[tuple[float, int | None]]:
    """Pace and side after each of these times."""
    judge, spent, due, looks, seen = Judge(since=0.0, spent=0.0), 0.0, 0, 0, []
    for n, (processor, looked) in enumerate(times):
        spent, due, looks = spent + processor, due + 50, looks + looked
        assert not judge.judge(10.1 * n + 5, spent, due, looks), "not yet"
        assert judge.judge(10.1 * n + 10.1, spent, due, looks)
        assert judge.load.missed == pytest.approx(1 - looked / 50)
        seen.append((judge.level.pace, judge.level.side))
    return seen


@pytest.mark.parametrize("much", [BUSY, FULL])
def test_what_is_too_much_is_looked_at_less_in_order_and_comes_back(much: tuple[float, int]) -> None:
    usual, slow, small = (5, None), (2, None), (2, 320)
    assert paced([much] * 3) == [slow, small, small]
    assert paced([much] * 2 + [CALM] * 7)[2:] == [small, small, slow, slow, slow, usual, usual]
    between = (5.0, 50)
    assert paced([much] * 2 + [CALM, CALM, between, CALM, CALM, CALM])[2:] == [small] * 5 + [slow]


def test_a_worker_at_its_limit_does_not_go_up_and_down_for_ever() -> None:
    judge, levels = Judge(since=0.0, spent=0.0), []
    spent, due, looks = 0.0, 0, 0
    for n in range(200):
        due, looks = due + 50, looks + (50 if judge.load.level else 20)  # too much at the full pace, calm below it
        judge.judge(10.1 * n + 10.1, spent, due, looks)
        levels.append(judge.load.level)
    tries = [n for n in range(1, 200) if levels[n] < levels[n - 1]]
    assert np.diff(tries).tolist() == [7, 13, 25, 49, 49, 49][: len(tries) - 1]
    assert len(tries) >= 6


def test_films_that_cannot_be_made_in_time_hold_no_pictures_and_are_counted(tmp_path: Path) -> None:
    dark = Watch(camera="c1", source=tmp_path, rules=())
    one = Watched(watch=dark, reader=Reader(dark.open), analyst=Analyst(rules=()))
    for n in range(200):
        one.ring.add(n / 5, picture(n))
    one.films = [(f"r{n}", 10.0 + n) for n in range(5)]
    assert films_due(one, 15.0, tmp_path, 8) == [], "their last second is not there yet"
    assert [each.rule for each in films_due(one, 39.9, tmp_path, 2)] == ["r0", "r1"]
    assert films_due(one, 39.9, tmp_path, 0) == []
    later = films_due(one, 40.0, tmp_path, 1)
    assert [(each.rule, each.pictures[0][0] >= 2.0, len(each.pictures) > 50) for each in later] == [("r2", True, True)]
    one.ring.kept.clear()  # as time does
    assert films_due(one, 13.0 + AROUND + KEPT + 1.5, tmp_path, 0) == []
    assert (one.unfilmed, one.films) == (2, [])
