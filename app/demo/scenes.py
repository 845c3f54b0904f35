"""Cameras of the demo city that have a stream: drawn scenes, and the clip of Debian's opencv-doc where it is installed.

All others have none, and say so. `demo:` is an address for a loaded demo alone (`app/video/running.py`).
"""

from pathlib import Path

from app.demo.alive import DEMO_ACTOR
from app.video.setups import keep_setup, stored_setup
from app.wiring import System
from core.errors import NotFoundError
from core.scope import SYSTEM_SCOPE
from layers.catalogue import CAMERAS
from layers.catalogue.sensing import Camera
from store.feed import Put
from store.query import EVERYTHING, Query
from video.drawn.source import CLIP, DEBIAN, DEMO, FILES, clip_of
from video.setup import setup_in

CAMERAS_OF = {"yard": "C0004", "tanks": "C0002", "gate": "C0009", "exit": "C0008", "bay": "C0003"}
"""Scene and camera; two districts see something."""

CLIP_CAMERA = "C0005"


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
            keep_setup(system.store, code, setup_in(FILES / f"{scene}.yaml"), expected=0, actor=DEMO_ACTOR,
                       reason="演示画面的规则", scope=SYSTEM_SCOPE)  # fmt: skip
