"""Whether analysis holds its memory: `python -m benchmarks.video_soak CLIP MODEL --minutes 60`.

`onemap video run` reads two cameras made by hand, one of RTSP and one of motion JPEG, that show the clip round and
round at 25 pictures a second. Each of them is cut off every 12 seconds, every fifth time it sends nothing for five
seconds instead: each minute both are opened some four times. Memory, threads and file handles of the analysis process
and of its worker are read every minute. After the warm minutes a straight line is laid through the memory of each: what
it rises in the time of the soak must stay below 5 %, and at the least neither threads nor handles may be more in its
last third than in its first: at the moment of a look a connection more may be open, but what is never given back is
there at each. Exit status 1 otherwise.
"""

import argparse
import os
import resource
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np

from core.actors import Actor
from core.clock import utc_now
from core.scope import SYSTEM_SCOPE
from layers.catalogue import CAMERAS, CATALOGUE
from layers.filters import Compare, Op
from store.feed import Put
from store.opening import open_store
from store.query import Query
from tests.server import demo_city
from tests.video.streams import Camera, motion_jpeg, rtsp

CUT, SILENT, EVERY = 12.0, 5.0, 5
"""Seconds between two losses of a stream, seconds for which it sends nothing, and the losses of which one is that."""

WARM, RISE = 10, 0.05
"""Minutes after which memory is compared, and the share by which it may rise."""

RULES = """zones:
  room: [[0, 0], [4000, 0], [4000, 3000], [0, 3000]]
rules:
  - {id: somebody, kind: intrusion, zone: room}
  - {id: thing, kind: left_object, zone: room, after_s: 10}
  - {id: flames, kind: fire, zone: room}
  - {id: haze, kind: smoke, zone: room}
  - {id: dark, kind: black, zone: room}
"""
SOAK = Actor(id="soak", name="持续运行", door="cli")
COMMAND = "from app.cli import main; main()"


@dataclass(frozen=True, slots=True)
class Held:
    """What one process holds: megabytes, threads, file handles."""

    memory: float
    threads: int
    handles: int


def held(process: int) -> Held:
    """Of a process that runs. Raises: OSError."""
    place = Path(f"/proc/{process}")
    pages = int((place / "statm").read_text().split()[1])
    return Held(
        pages * resource.getpagesize() / 1e6, len(list((place / "task").iterdir())), len(list((place / "fd").iterdir()))
    )


def worker(analysis: int) -> int:
    """The largest child of the analysis: that is the worker, the other keeps shared names."""
    below = [int(one) for task in Path(f"/proc/{analysis}/task").glob("*/children") for one in task.read_text().split()]
    return max(below, key=lambda one: held(one).memory)


def slope(memory: Sequence[float]) -> tuple[float, float]:
    """Megabytes an hour of the straight line through one value a minute, and twice its standard error."""
    hours = np.arange(len(memory)) / 60
    (rise, level), left, *_ = np.polyfit(hours, memory, 1, full=True)
    spread = float(left[0]) / max(1, len(memory) - 2) if len(left) else 0.0
    del level
    return float(rise), 2 * float(np.sqrt(spread / ((hours - hours.mean()) ** 2).sum()))


def bodies(clip: Path) -> list[bytes]:
    """The pictures of a clip as JPEG."""
    opened, found = cv2.VideoCapture(str(clip), cv2.CAP_FFMPEG), []
    while (got := opened.read())[0]:
        found.append(cv2.imencode(".jpg", got[1], [cv2.IMWRITE_JPEG_QUALITY, 70])[1].tobytes())
    return found


def prepared(data: Path, addresses: Sequence[str], model: Path, said: dict[str, str]) -> list[str]:
    """Two cameras of the demo city at those addresses, with rules and a detector; their codes."""
    with closing(open_store(data, None, CATALOGUE, utc_now)) as store:
        query = Query(
            where=Compare("state", Op.EQ, "no_stream"), fields=("code",), geometry=False, limit=len(addresses)
        )
        codes: list[str] = store.read(CAMERAS, query, scope=SYSTEM_SCOPE)["code"].to_pylist()
        for code, where in zip(codes, addresses, strict=True):
            record = store.get(CAMERAS, code, scope=SYSTEM_SCOPE).record.model_copy(update={"stream": where})
            store.commit([Put(layer=CAMERAS.id, record=record)], actor=SOAK, reason="持续运行", scope=SYSTEM_SCOPE)
    rules = data / "soak.yaml"
    rules.write_text(RULES, "utf-8")
    calls = [["rules", code, str(rules)] for code in codes]
    for one in [*calls, ["model", "add", str(model), "--licence", "Apache-2.0", "--source", "YOLOX"]]:
        call = [sys.executable, "-c", COMMAND, "video", *one, "--data", str(data)]
        subprocess.run(call, env=said, check=True, stdout=subprocess.DEVNULL)
    return codes


def lose(cameras: Sequence[Camera], over: threading.Event) -> None:
    """Cut one camera after the other off, sometimes let it be silent, until it is over."""
    for turn in count():
        if over.wait(CUT / len(cameras)):
            return
        one = cameras[turn % len(cameras)]
        if turn // len(cameras) % EVERY == EVERY - 1:
            one.silent.set()
            over.wait(SILENT)
            one.silent.clear()
        else:
            one.drop()


def main() -> int:
    """Run it and print the table; 0 where memory stayed flat."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clip", type=Path)
    parser.add_argument("model", type=Path)
    parser.add_argument("--minutes", type=int, default=60)
    asked = parser.parse_args()
    shown = bodies(asked.clip)
    cameras = [Camera(serve, show=lambda number: shown[number % len(shown)]) for serve in (rtsp, motion_jpeg)]
    addresses = [f"{scheme}://127.0.0.1:{one.port}/live" for scheme, one in zip(("rtsp", "http"), cameras, strict=True)]
    said = {**os.environ, "ONEMAP_VIDEO_HOSTS": '["127.0.0.1"]'}
    over, told = threading.Event(), Counter[str]()
    with TemporaryDirectory() as folder:
        data = demo_city(Path(folder) / "data")
        codes = prepared(data, addresses, asked.model, said)
        call = [sys.executable, "-c", COMMAND, "video", "run", *codes, "--data", str(data)]
        analysis = subprocess.Popen(call, env=said, stdout=subprocess.PIPE, text=True)
        reading = threading.Thread(target=_counted, args=(analysis, told), daemon=True)
        reading.start()
        losing = threading.Thread(target=lose, args=(cameras, over), daemon=True)
        losing.start()
        try:
            rows = _watched(analysis.pid, asked.minutes, cameras, told)
        finally:
            over.set()
            analysis.terminate()
            analysis.wait(60)
            for one in cameras:
                one.gone()
    return _judged(rows)


def _counted(analysis: "subprocess.Popen[str]", told: Counter[str]) -> None:
    assert analysis.stdout is not None
    for line in analysis.stdout:
        told["films" if line.rstrip().endswith("/ film") else "events" if "standing" in line else "other"] += 1
        told["restarts"] += "started anew" in line


def _watched(
    analysis: int, minutes: int, cameras: Sequence[Camera], told: Counter[str]
) -> list[tuple[int, Held, Held]]:
    """What both hold each minute, printed as a table."""
    print("| minute | analysis MB | threads | handles | worker MB | threads | handles | opened | events | films |")
    print("|---|---|---|---|---|---|---|---|---|---|", flush=True)
    rows, began = [], time.monotonic()
    for minute in range(1, minutes + 1):
        time.sleep(max(0.0, began + 60 * minute - time.monotonic()))
        child = worker(analysis)
        mine, its = held(analysis), held(child)
        rows.append((child, mine, its))
        opened = sum(one.opened for one in cameras)
        print(
            f"| {minute} | {mine.memory:.1f} | {mine.threads} | {mine.handles} | {its.memory:.1f} | {its.threads} "
            f"| {its.handles} | {opened} | {told['events']} | {told['films']} |",
            flush=True,
        )
    return rows


def _judged(rows: Sequence[tuple[int, Held, Held]]) -> int:
    """The slopes and whether they are flat."""
    warm = rows[min(WARM, len(rows) // 3) :]
    flat = len({one for one, _, _ in rows}) == 1
    print(f"\nworkers: {len({one for one, _, _ in rows})}")
    for name, ones in (("analysis", [one for _, one, _ in warm]), ("worker", [one for _, _, one in warm])):
        memory = [one.memory for one in ones]
        rise, doubt = slope(memory)
        share = rise * len(memory) / 60 / float(np.mean(memory))
        third = max(1, len(ones) // 3)
        grown = [
            min(getattr(one, what) for one in ones[-third:]) - min(getattr(one, what) for one in ones[:third])
            for what in ("threads", "handles")
        ]
        print(
            f"{name}: {np.mean(memory):.1f} MB, {rise:+.2f} MB an hour (+- {doubt:.2f}), {share:+.1%} of it; "
            f"threads {grown[0]:+d}, handles {grown[1]:+d}"
        )
        flat = flat and share < RISE and max(grown) <= 0
    print("flat" if flat else "NOT FLAT")
    return 0 if flat else 1


if __name__ == "__main__":
    sys.exit(main())
