"""Cameras of the demo city that have a stream: drawn scenes, and the clip of Debian's opencv-doc where it is installed.

All others have none, and say so. `demo:` is an address for a loaded demo alone (`app/video/running.py`).
"""

from pathlib import Path

import numpy as np
import shapely

from app.demo.alive import DEMO_ACTOR
from app.video.setups import keep_setup, stored_setup
from app.wiring import System
from core.errors import NotFoundError
from core.scope import SYSTEM_SCOPE
from gis.placing import placed
from gis.shapes import LonLat
from layers.catalogue import CAMERAS
from layers.catalogue.sensing import Camera
from store.feed import Put
from store.query import EVERYTHING, Query
from video.drawn.eye import SIZE
from video.drawn.places import PLACES
from video.drawn.source import CLIP, DEBIAN, DEMO, FILES, clip_of
from video.setup import Setup, setup_in, setup_of

CAMERAS_OF = {"yard": "C0004", "tanks": "C0002", "gate": "C0009", "exit": "C0008", "bay": "C0003"}
"""Scene and camera; two districts see something."""

CLIP_CAMERA = "C0005"
CALIBRATED = ("exit", "yard")
GROUND = ((-3.0, 9.0), (3.0, 9.0), (-6.5, 14.0), (6.5, 14.0), (0.5, 11.0), (-4.0, 19.0), (4.5, 20.0))
"""Points of the ground before a camera, metres to the right and ahead, as somebody would have surveyed them."""


def tell_scenes(system: System, clip: Path = DEBIAN) -> None:
    """Give those cameras their stream and rules where they have none, and say of all others that they have none.

    What somebody wrote into the register since is left as it is.
    """
    found = clip_of(clip)
    scenes = CAMERAS_OF | ({CLIP: CLIP_CAMERA} if found is not None else {})
    edits = []
    for scene, code in scenes.items():
        try:
            stored = system.store.get(CAMERAS, code, scope=SYSTEM_SCOPE)
        except NotFoundError:
            continue
        assert isinstance(stored.record, Camera)
        if not stored.record.stream:
            new = {"stream": f"{DEMO}{scene}", "state": "no_stream", "kind": "bullet"}
            edits.append(Put(layer=CAMERAS.id, record=stored.record.model_copy(update=new), expected=stored.version))
    rows = system.store.read(
        CAMERAS, Query(where=EVERYTHING.where, fields=("code", "stream", "state"), geometry=False), scope=SYSTEM_SCOPE
    )
    for row in rows.to_pylist():
        if not row["stream"] and row["state"] != "no_stream" and row["code"] not in scenes.values():
            stored = system.store.get(CAMERAS, row["code"], scope=SYSTEM_SCOPE)
            record = stored.record.model_copy(update={"state": "no_stream"})
            edits.append(Put(layer=CAMERAS.id, record=record, expected=stored.version))
    if edits:
        system.store.commit(edits, actor=DEMO_ACTOR, reason="演示画面", scope=SYSTEM_SCOPE)
    for scene, code in scenes.items():
        if stored_setup(system.store, code, SYSTEM_SCOPE) is None:
            camera = system.store.get(CAMERAS, code, scope=SYSTEM_SCOPE).record
            assert isinstance(camera, Camera)
            keep_setup(system.store, code, setup_for(scene, camera), expected=0, actor=DEMO_ACTOR,
                       reason="演示画面的规则", scope=SYSTEM_SCOPE)  # fmt: skip


def setup_for(scene: str, camera: Camera) -> Setup:
    """The rules of a scene; where it is one of `CALIBRATED`, with pairs of picture and ground as the scene is drawn,
    the camera standing where the register has it and looking where that says."""
    setup = setup_in(FILES / f"{scene}.yaml")
    if scene not in CALIBRATED or camera.azimuth is None or not isinstance(camera.geometry, shapely.Point):
        return setup
    right, ahead = np.array(GROUND).T
    pixels = PLACES[scene][1].pixels([(x, y, 0.0) for x, y in GROUND]).round()
    lon, lat = placed(LonLat(camera.geometry.x, camera.geometry.y), camera.azimuth, ahead, -right)
    pairs = [
        {"x": float(x), "y": float(y), "lon": round(float(a), 7), "lat": round(float(b), 7)}
        for (x, y), a, b in zip(pixels, lon, lat, strict=True)
        if 0 <= x <= SIZE[0] and 0 <= y <= SIZE[1]
    ]
    return setup_of(setup.written.plain() | {"size": list(SIZE), "calibration": pairs})
