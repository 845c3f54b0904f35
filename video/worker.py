"""A worker: the process that reads and analyses a few cameras and tells what it finds.

A call into a decoder that hangs cannot be interrupted from Python, so it beats a shared clock and is ended from outside
when it is silent (`video/foreman.py`).
"""

import hashlib
import multiprocessing
import os
import queue
import shutil
import signal
import time
import traceback
from dataclasses import dataclass, field
from math import inf
from multiprocessing.connection import Connection
from multiprocessing.queues import Queue
from pathlib import Path
from threading import Event as Over
from threading import Thread

from core.ids import new_id
from core.units import Second
from video.analysis import Analyst
from video.detectors.yolox import Yolox
from video.drawn.source import Drawing
from video.episodes import Turn
from video.equipment.classifier import Classifier
from video.evidence import AROUND, KEPT, Ring, film, snapshot
from video.geometry.ground import GroundPlane
from video.live import Overlay, Room, Showing, Told
from video.load import LEVELS, MISSED, Judge
from video.messages import Ended, Filmed, Message, Raised, Status
from video.packets import LATE, Packets, held, joined, program
from video.rules.equipment import THING
from video.rules.kinds import Needs, kinds
from video.rules.reasons import settings
from video.rules.rule import Change, Kind, Rule
from video.sources import Condition, Opened
from video.sources.addresses import Address, Credentials
from video.sources.folder import Arrivals, Folder
from video.sources.mjpeg import Mjpeg
from video.sources.reader import Frame, Reader
from video.sources.rtsp import CONFINED, Rtsp
from video.thresholds import threshold
from video.wires import Beat, Flag, Telling

TOLD: Second = 2.0
"""Seconds between two statuses of a camera."""

IDLE: Second = 0.02
ENDING: Second = 12.0
"""A worker that is stopped writes the films that wait within this time."""

BLIND: Second = threshold("events.blind")
BACKLOG = int(threshold("evidence.backlog"))
"""Films that may wait with their pictures for being made."""

OPENING: Second = threshold("stream.opening")
READING: Second = threshold("stream.reading")


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """One camera: where its pictures come from (an address, a drawn scene, pictures of a folder over and over, or those
    that arrive in one), and its rules."""

    camera: str
    source: Address | Drawing | Path | Arrivals
    rules: tuple[Rule, ...]
    plane: GroundPlane | None = None
    credentials: Credentials | None = None

    def open(self) -> Opened:
        """Its stream, opened. Raises: StreamError."""
        if isinstance(self.source, Path):
            return Folder(self.source, again=True)
        if isinstance(self.source, Arrivals):
            return self.source.open(READING)
        if isinstance(self.source, Drawing):
            return self.source.open()
        kind = Rtsp if self.source.scheme.startswith("rtsp") else Mjpeg
        return kind(self.source, self.credentials, opening=OPENING, reading=READING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """The detector a worker loads, and the classifier of protective equipment where there is one."""

    path: Path
    classes: tuple[str, ...]
    equipment: Path | None = None


@dataclass(slots=True, kw_only=True)
class Watched:
    """What a worker holds of one camera."""

    watch: Watch
    reader: Reader
    analyst: Analyst
    models: dict[Kind, tuple[str, bool]] = field(default_factory=dict)
    ring: Ring = field(default_factory=Ring)
    seen: int = 0
    told: Second = 0.0
    films: list[tuple[str, Second]] = field(default_factory=list)
    packets: Packets | None = None
    unfilmed: int = 0
    drawn: tuple[int, Overlay | None] = (0, None)
    failing: bool = False
    """The last picture could not be judged."""

    @property
    def condition(self) -> Condition:
        """How the stream stands; one whose pictures cannot be judged is not live."""
        known = self.reader.standing.condition
        return Condition.UNREADABLE if self.failing and known is Condition.LIVE else known


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """A film to be made: of the camera's own packets where they are there, else of the pictures kept."""

    camera: str
    rule: str
    at: Second
    pictures: tuple[tuple[Second, bytes], ...]
    pieces: tuple[Path, ...] = ()


def alone(
    watches: tuple[Watch, ...], model: Model | None, films: Path, pipe: "Connection[Message, Message]", beat: Beat,
    stop: Flag, live: Room | None = None, orders: "Queue[Watch] | None" = None,
) -> None:  # fmt: skip
    """`work` as a process of its own, which ends without taking the interpreter down.

    A thread that is still in OpenCV then (a film half made, a read that hangs) would be ended within a destructor when
    it asks for the interpreter again, and the C++ library aborts the process for that. Who interrupts a command by key,
    or ends all processes of a service at once, interrupts its foreman, which stops this and waits for its films.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    status, out = 1, Telling(pipe)
    try:
        work(watches, model, films, out, beat, stop, live, orders)
        status = 0
    except Exception:
        traceback.print_exc()
    finally:
        out.end(ENDING if _needed() else 0.0)
        os._exit(status)


def work(
    watches: tuple[Watch, ...], model: Model | None, films: Path, out: Telling, beat: Beat,
    stop: Flag, live: Room | None = None, orders: "Queue[Watch] | None" = None,
) -> None:  # fmt: skip
    """Read and analyse until `stop` is set; `beat` is the last moment at which everything moved.

    What comes by `orders` are cameras watched by other rules from then on, their streams left as they are.
    """
    import cv2

    os.environ.update(CONFINED)
    cv2.setNumThreads(1)
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)  # each attempt to connect would be a line
    detector = None if model is None else Yolox(model.path, model.classes, frozenset({"person"}))
    classifier = None if model is None or model.equipment is None else Classifier(model.equipment)
    named = {} if model is None else models(model, classifier)
    usual = detector.side if detector is not None else 0
    cameras = [
        Watched(
            watch=one,
            reader=Reader(one.open, name=one.camera),
            analyst=Analyst(rules=one.rules, plane=one.plane, detector=detector, classifier=classifier),
            models=named,
            packets=_packets(one, films),
        )
        for one in watches
    ]
    waiting: queue.Queue[_Wanted | None] = queue.Queue()
    over = Over()
    filming = Thread(target=_film, args=(waiting, films, out, over), daemon=True)
    filming.start()
    showing = None if live is None else Showing(room=live)
    if showing is not None:
        showing.start()
    for one in cameras:
        one.reader.start()
    judge = Judge(since=time.monotonic(), spent=time.process_time())
    while not stop.is_set() and _needed():
        beat.tell(min(time.monotonic(), *(one.reader.beat + READING + OPENING for one in cameras)))
        for message in _ordered(cameras, orders):
            out.put(message)
        idle = True
        for one in cameras:
            frame = one.reader.newest(one.seen)
            if frame is not None:
                idle = False
                for message in _looked(one, frame):
                    out.put(message)
                if showing is not None and showing.due(one.watch.camera):
                    showing.show(_told(one, showing, judge, usual, frame), frame.picture)
            for message in _blind(one, time.monotonic()):
                out.put(message)
            for wanted in films_due(one, time.monotonic(), films, BACKLOG - waiting.qsize()):
                waiting.put(wanted)
            if time.monotonic() - one.told > TOLD:
                if one.packets is not None:
                    one.packets.keep(time.monotonic(), one.reader.codec)
                one.told = time.monotonic()
                out.put(_status(one, judge.level.side or usual, judge.load.missed))
                if showing is not None:
                    showing.show(_told(one, showing, judge, usual))
        due, looks = sum(one.reader.made for one in cameras), sum(one.analyst.looks for one in cameras)
        if judge.judge(time.monotonic(), time.process_time(), due, looks):
            for one in cameras:
                one.reader.pace = judge.level.pace
            if detector is not None:
                detector.side = judge.level.side or usual
        if idle:
            time.sleep(IDLE)
    for one in cameras:
        one.reader.stop()
        if one.packets is not None:
            one.packets.close()
    if showing is not None:
        for one in cameras:
            showing.show(_told(one, showing, judge, usual))
        showing.stop()
    for one in cameras:  # of films that waited, what there is: nothing more comes
        for rule, at in one.films:
            waiting.put(_Wanted(camera=one.watch.camera, rule=rule, at=at, pictures=one.ring.around(at)))
    waiting.put(None)
    filming.join(ENDING)
    over.set()


def _ordered(cameras: list[Watched], orders: "Queue[Watch] | None") -> list[Message]:
    """Take over the rules that were sent; events of rules that are changed or gone are told to be lost."""
    found: list[Message] = []
    while orders is not None:
        try:
            watch = orders.get_nowait()
        except queue.Empty:
            break
        for one in cameras:
            if one.watch.camera == watch.camera:
                one.watch, one.told = watch, 0.0
                broken = one.analyst.take(watch.rules, watch.plane)
                found += [Ended(camera=watch.camera, rule=rule.id, held=one.analyst.at, lost=True) for rule in broken]
    return found


def _needed() -> bool:
    """Whoever keeps what is told still lives: a worker whose foreman was killed ends by itself."""
    parent = multiprocessing.parent_process()
    return parent is None or parent.is_alive()


def _blind(one: Watched, now: Second) -> list[Message]:
    """Whether an event goes on nobody knows where its camera has shown nothing for long."""
    lost = one.analyst.lose(now, BLIND)
    return [Ended(camera=one.watch.camera, rule=rule.id, held=one.analyst.at, lost=True) for rule in lost]


def _looked(one: Watched, frame: Frame) -> list[Message]:
    """What a picture changes; one that cannot be judged ends nobody's analysis but its own, which begins anew."""
    try:
        found = _seen(one, frame)
        one.failing = False
        return found
    except Exception:  # of libraries in C++, by pictures of any form
        if not one.failing:
            traceback.print_exc()
        one.seen, one.failing = frame.number, True
        old = one.analyst
        one.analyst = Analyst(rules=old.rules, plane=old.plane, detector=old.detector, classifier=old.classifier)
        one.ring = Ring()
        return [Ended(camera=one.watch.camera, rule=rule.id, held=frame.at, lost=True) for rule in old.lose(inf, BLIND)]


def _seen(one: Watched, frame: Frame) -> list[Message]:
    """What a picture changes."""
    one.seen = frame.number
    found: list[Message] = []
    changes = one.analyst.see(frame.at, frame.picture)
    one.ring.add(frame.at, frame.picture if one.analyst.narrow is None else one.analyst.narrow, one.analyst.grey)
    for change in changes:
        if change.turn is Turn.RAISED:
            found.append(_raised(one, change, frame))
            one.films.append((change.rule.id, frame.at))
        else:
            found.append(Ended(camera=one.watch.camera, rule=change.rule.id, held=change.held))
    return found


def models(model: Model, classifier: Classifier | None) -> dict[Kind, tuple[str, bool]]:
    """By kind of rule the models that speak in it, by name, and whether one says of itself that it is beta."""
    detector = model.path.parent.name
    told = {kind: (detector, False) for kind, one in kinds().items() if one.needs is Needs.PEOPLE}
    if classifier is None or model.equipment is None:
        return told
    beta = {one.thing: one.beta for one in classifier.told}
    both = f"{detector}, {model.equipment.parent.name}"
    return told | {kind: (both, beta.get(thing, True)) for kind, thing in THING.items()}


def _raised(one: Watched, change: Change, frame: Frame) -> Raised:
    model, beta = one.models.get(change.rule.kind, ("", False))
    boxes = tuple(tuple(round(float(each), 1) for each in box) for box in change.boxes)
    return Raised(
        camera=one.watch.camera, rule=change.rule.id, kind=change.rule.kind, zone=change.rule.zone.id,
        began=change.began, at=frame.at, why=change.why | settings(change.rule),
        boxes=boxes,  # type: ignore[arg-type]  # four numbers each
        snapshot=snapshot(frame.picture, change.boxes), place=one.analyst.placed(change),
        model=model, beta=beta,
    )  # fmt: skip


def _status(one: Watched, side: int, missed: float) -> Status:
    standing = one.reader.standing
    return Status(
        camera=one.watch.camera, condition=one.condition, since=standing.since, opened=standing.opened,
        looks=one.analyst.looks, pace=one.reader.pace, side=side, missed=missed, unfilmed=one.unfilmed,
        unavailable=tuple(one.analyst.unavailable),
    )  # fmt: skip


def _told(one: Watched, showing: Showing, judge: Judge, usual: int, frame: Frame | None = None) -> Told:
    """How a camera stands for who looks at it; what was last drawn stays with the last picture."""
    if frame is not None:
        rows, columns = frame.picture.shape[:2]
        zones = {rule.zone.id: rule.zone.corners for rule in one.analyst.rules}
        boxes = tuple(
            (float(each.box[0]), float(each.box[1]), float(each.box[2]), float(each.box[3]))
            for each in one.analyst.tracks.tracks
            if each.seen == frame.at and each.confirmed()
        )
        one.drawn = showing.stamp(frame.at), Overlay(size=(columns, rows), boxes=boxes, zones=tuple(zones.items()))
    standing, (stamp, overlay) = one.reader.standing, one.drawn
    level, missed = judge.level, judge.load.missed
    return Told(
        camera=one.watch.camera, at=showing.room.clock(), condition=one.condition,
        since=showing.moment(standing.since), pace=level.pace, side=level.side or usual, less=level is not LEVELS[0],
        missed=round(missed, 2) if missed > MISSED else 0.0, unavailable=tuple(one.analyst.unavailable),
        stamp=stamp, overlay=overlay,
    )  # fmt: skip


def _packets(watch: Watch, films: Path) -> Packets | None:
    """Where the packets of a camera are kept, if they can be."""
    ffmpeg = program()
    if ffmpeg is None or not isinstance(watch.source, Address) or not watch.source.scheme.startswith("rtsp"):
        return None
    folder = films / f"packets-{hashlib.sha256(watch.camera.encode()).hexdigest()[:32]}"  # a code is no name of a file
    shutil.rmtree(folder, ignore_errors=True)  # of a worker that was ended
    return Packets(ffmpeg=ffmpeg, source=watch.source, credentials=watch.credentials, folder=folder)


def films_due(one: Watched, now: Second, films: Path, room: int) -> list[_Wanted]:
    """The films whose last second is there; for the camera's own packets a little longer is waited.

    So many are handed on as there is `room` for: what waits holds its pictures, and a machine that makes films more
    slowly than they are wanted would fill. Those left come later, of what is kept then; who finds nothing is counted.
    """
    found: list[_Wanted] = []
    for rule, at in [each for each in one.films if now - each[1] > AROUND]:
        if len(found) >= room and now - at <= KEPT + AROUND:
            continue
        expected = one.packets is not None and one.packets.expects(at)
        pieces = one.packets.around(at) if one.packets is not None and expected else []
        if expected and not pieces and now - at <= AROUND + LATE:
            continue
        one.films.remove((rule, at))
        try:
            kept = held(pieces, films / f"pieces-{new_id()}") if pieces else []
        except OSError:  # a piece went meanwhile, or there is no room for the folder
            kept = []
        pictures = one.ring.around(at)
        if not kept and len(pictures) < 2:
            one.unfilmed += 1
            continue
        found.append(_Wanted(camera=one.watch.camera, rule=rule, at=at, pictures=pictures, pieces=tuple(kept)))
    return found


def _film(waiting: "queue.Queue[_Wanted | None]", folder: Path, out: Telling, over: Over) -> None:
    """Write one film after the other, beside the analysis; when it is `over` nothing is told any more."""
    while (wanted := waiting.get()) is not None and not over.is_set():
        path = folder / f"{new_id()}.mp4"
        ffmpeg = program() if wanted.pieces else None
        try:
            made = ffmpeg is not None and joined(ffmpeg, list(wanted.pieces), path)
            if not made:
                path = path.with_suffix(".webm")
                made = film(wanted.pictures, path)
        except Exception:  # a full disk, or a codec: the next one is made all the same
            traceback.print_exc()
            made = False
        if wanted.pieces:
            shutil.rmtree(wanted.pieces[0].parent, ignore_errors=True)
        if not over.is_set():
            out.put(Filmed(camera=wanted.camera, rule=wanted.rule, at=wanted.at, path=str(path) if made else ""))
