"""Events on video of the demo city: one at a camera in each district, found in a scene made by script.

`scripts/city/seen.py` made the scene and had the rule judge it; here what it found is kept as a worker would tell it.
"""

import json
import time

from app.demo.histories import samples
from app.video.recording import Recorder
from app.wiring import System
from core.scope import SYSTEM_SCOPE
from layers.catalogue import CAMERAS, VIOLATIONS
from layers.filters import Compare, Op
from store.query import EVERYTHING, Query
from video.messages import Ended, Raised
from video.rules.rule import Kind

DISTRICT = 6
HOUR = 3600.0
LASTED = 600.0


def tell_seen(system: System) -> None:
    """One event in each district, over by now; none where there are any."""
    if system.store.count(VIOLATIONS, EVERYTHING, scope=SYSTEM_SCOPE):
        return
    folder = samples() / "video"
    found, picture = json.loads((folder / "left.json").read_text("utf-8")), (folder / "left.jpg").read_bytes()
    recorder = Recorder(system.store, system.cabinet, system.clock)
    query = Query(where=Compare("state", Op.EQ, "online"), fields=("code", "area"), geometry=False)
    rows = system.store.read(CAMERAS, query, scope=SYSTEM_SCOPE).sort_by("code").to_pylist()
    first = {row["area"][:DISTRICT]: row["code"] for row in reversed(rows)}
    now = time.monotonic()
    for n, camera in enumerate(first.values()):
        at = now - (5 + 7 * n) * HOUR
        recorder.take(
            Raised(
                camera=camera, rule=found["rule"], kind=Kind(found["kind"]), zone=found["zone"],
                began=at - found["after"], at=at, why=found["why"], snapshot=picture,
                boxes=tuple((left, top, right, bottom) for left, top, right, bottom in found["boxes"]),
            )
        )  # fmt: skip
        recorder.take(Ended(camera=camera, rule=found["rule"], held=at + LASTED))
