"""How many streams a core carries, and whether memory stays flat: `python -m benchmarks.video_streams CLIP MODEL`.

The clip is brought to 1280x720 at 25 frames a second, as H.264 of 2 Mbit/s where there is an `ffmpeg` that writes it,
else as MPEG-4, which costs half as much to read; the table says which. It is run as a worker runs a camera: every frame
received, five a second looked at, pictures kept for evidence. Busy is the clip, mixed a third of it and two thirds a
still picture with grain. What a process loads once is loaded before; each figure is the middle one of three runs, taken
in turn with those of the other sides. Streams a core are told at 70 %, above which a worker looks at less, and at all
of it. Then a camera made by hand is opened and lost five hundred times. Processor time says what a core carries; run it
on a machine with nothing else to do. `--table` leaves the connections out.
"""

import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import chain, cycle, islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import cv2
import numpy as np

from tests.video.streams import Camera, rtsp
from video.analysis import Analyst
from video.detections import Image
from video.detectors.shelf import coco
from video.detectors.yolox import Yolox
from video.evidence import Ring
from video.rules.kinds import kinds
from video.rules.rule import Kind, Rule
from video.sources.addresses import address
from video.sources.rtsp import Rtsp
from video.thresholds import threshold
from video.zones import Zone

SIZE, RATE, PACE = (1280, 720), 25, 5
SECONDS = 30
SIDES = (int(threshold("detector.side")), 416, int(threshold("worker.small_side")))
"""Of the detector's input: as a worker starts, as YOLOX-nano was made, and as a worker that has too much to do."""

RUNS, WARMING = 3, 10
CARRIED = 0.7
"""Share of a core that analysis may use."""

RECONNECTS, WARM = 500, 50
ROOM = Zone(id="room", corners=((0, 0), (SIZE[0], 0), SIZE, (0, SIZE[1])))


def pictures(clip: Path) -> Iterator[Image]:
    """The frames of a clip at the size of a stream, each as often as makes 25 a second."""
    opened = cv2.VideoCapture(str(clip), cv2.CAP_FFMPEG)
    again = max(1, round(RATE / (opened.get(cv2.CAP_PROP_FPS) or RATE)))
    while True:
        got, frame = opened.read()
        if not got:
            return
        yield from [cv2.resize(frame, SIZE)] * again


def still(first: Image) -> Iterator[Image]:
    """A place where nothing happens, with the grain of a camera."""
    grain = np.random.default_rng(1).normal(0, 2, (8, *first.shape)).astype(np.float32)
    for noise in cycle(grain):
        yield np.clip(first + noise, 0, 255).astype(np.uint8)


def stream(frames: Iterator[Image], path: Path) -> Path:
    """Half a minute of them as a file, coded as a camera codes: none out of order, a key frame every two seconds."""
    made = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, cv2.VideoWriter.fourcc(*"mp4v"), RATE, SIZE)
    for frame in islice(frames, SECONDS * RATE):
        made.write(frame)
    made.release()
    if (program := shutil.which("ffmpeg")) is None:
        return path
    coded = path.with_suffix(".h264.mp4")
    rate = ["-b:v", "2M", "-maxrate", "2M", "-bufsize", "4M"]
    call = [program, "-nostdin", "-loglevel", "error", "-y", "-i", str(path),
            "-c:v", "libx264", "-preset", "veryfast", *rate, "-bf", "0", "-g", "50", str(coded)]  # fmt: skip
    return coded if subprocess.run(call, check=False).returncode == 0 else path


def spent(path: Path, detector: Yolox, looks: int | None = None) -> tuple[float, float]:
    """Processor seconds a second of a stream takes, and detections a second; of so many `looks`, else of all."""
    rules = tuple(
        Rule(id=one.value, kind=one, zone=ROOM, timing=kinds()[one].timing) for one in (Kind.INTRUSION, Kind.CROWDING)
    )
    analyst, ring = Analyst(rules=rules, detector=detector), Ring()
    opened = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG, [cv2.CAP_PROP_N_THREADS, 1])
    began, number = time.process_time(), 0
    while opened.grab() and (looks is None or number < looks * RATE // PACE):
        if number % (RATE // PACE) == 0:
            got, frame = opened.retrieve()
            if got:
                analyst.see(number / RATE, frame)
                ring.add(number / RATE, frame if analyst.narrow is None else analyst.narrow, analyst.grey)
        number += 1
    took = time.process_time() - began
    return took * RATE / number, analyst.detections * RATE / number


def reading(path: Path) -> float:
    """Processor seconds a second of a stream takes merely to be received."""
    opened = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG, [cv2.CAP_PROP_N_THREADS, 1])
    began, number = time.process_time(), 0
    while opened.grab():
        number += 1
    return (time.process_time() - began) * RATE / number


def reconnects() -> tuple[float, float]:
    """Megabytes held after the first connections, and after all of them."""
    camera = Camera(rtsp)
    camera.rate = 200.0  # so that a connection takes a fraction of a second
    where = address(f"rtsp://127.0.0.1:{camera.port}/live", ["127.0.0.1"])
    held = []
    for n in range(RECONNECTS + 1):
        source = Rtsp(where, None)
        source.grab()
        source.retrieve()
        source.close()
        if n in (WARM, RECONNECTS):
            held.append(_resident())
    camera.gone()
    return held[0], held[1]


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def main(clip: Path, model: Path) -> None:
    """Print both tables."""
    cv2.setNumThreads(1)
    detector = Yolox(model, coco(), frozenset({"person"}))
    with TemporaryDirectory() as folder:
        first = next(pictures(clip))
        third = SECONDS * RATE // 3
        courses = {
            "busy": lambda: chain.from_iterable(pictures(clip) for _ in iter(int, 1)),
            "mixed": lambda: chain(islice(pictures(clip), third), still(first)),
            "quiet": lambda: still(first),
        }
        print("| 720p25, looked at five times a second | processor a stream, % | reading alone | detections/s "
              "| streams a core at 70 % | at 100 % |")  # fmt: skip
        print("|---|---|---|---|---|---|")
        for name, frames in courses.items():
            path = stream(frames(), Path(folder) / f"{name}.mp4")
            for detector.side in SIDES:
                spent(path, detector, WARMING)
            read: list[float] = []
            found: dict[int, list[tuple[float, float]]] = {side: [] for side in SIDES}
            for _ in range(RUNS):
                read.append(reading(path))
                for side in SIDES:
                    detector.side = side
                    found[side].append(spent(path, detector))
            for side, runs in found.items():
                share = median(one for one, _ in runs)
                print(
                    f"| {name}, {'H.264' if 'h264' in path.name else 'MPEG-4'}, input {side} "
                    f"| {100 * share:.1f} | {100 * median(read):.1f} | {runs[0][1]:.1f} | {CARRIED / share:.1f} "
                    f"| {1 / share:.1f} |",
                    flush=True,
                )
    if "--table" in sys.argv:
        return
    before, after = reconnects()
    grown = after / before - 1
    print(f"\n{RECONNECTS} connections: {before:.1f} MB after {WARM}, {after:.1f} MB at the end ({grown:+.1%})")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
