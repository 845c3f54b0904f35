"""What cameras are watched by, in the store: written by command or on the page, taken up by the analysis that runs."""

from collections.abc import Mapping
from pathlib import Path

from core.actors import Actor
from core.errors import NotFoundError, OneMapError
from core.scope import SYSTEM_SCOPE, Scope
from layers.catalogue import CAMERA_RULES, CAMERAS
from layers.catalogue.sensing import Camera
from layers.catalogue.violations import CameraRules
from store.feed import Entry, Put
from store.protocol import Store, Stored
from video.setup import Setup, kept_setup, setup_in

COMMAND = Actor(id="system", name="命令行", door="cli")
TAKEN = ".taken"
"""What a file of the old command ends in once the store has it."""


def stored_setup(store: Store, camera: str, scope: Scope) -> Stored | None:
    """The row of a camera's rules; None where it has none."""
    try:
        return store.get(CAMERA_RULES, camera, scope=scope)
    except NotFoundError:
        return None


def setup_in_force(store: Store, camera: str, scope: Scope) -> tuple[int, Setup | None]:
    """Its version and what it says; version 0 and None where it has none."""
    found = stored_setup(store, camera, scope)
    if found is None:
        return 0, None
    assert isinstance(found.record, CameraRules)
    return found.version, kept_setup(found.record.setup)


def keep_setup(
    store: Store, camera: str, setup: Setup, *, expected: int | None, actor: Actor, reason: str, scope: Scope
) -> Entry:
    """A version more of a camera's rules, in its area and of its enterprise.

    Raises: NotFoundError where there is no such camera; ConflictError where `expected` is not the present version;
    ForbiddenError where the caller may not write.
    """
    record = store.get(CAMERAS, camera, scope=scope).record
    assert isinstance(record, Camera)
    plane = setup.plane
    row = CameraRules(
        camera=camera, enterprise=record.enterprise, site=record.site, area=record.area, setup=setup.text(),
        sensitivity=max(CAMERA_RULES.sensitivity, record.sensitivity), rules=len(setup.rules), zones=len(setup.zones),
        pairs=len(setup.written.calibration), error=None if plane is None or plane.rms is None else round(plane.rms, 3),
    )  # fmt: skip
    edit = Put(layer=CAMERA_RULES.id, record=row, expected=expected)
    (entry,) = store.commit([edit], actor=actor, reason=reason, scope=scope)
    return entry


def take_over(store: Store, folder: Path) -> tuple[str, ...]:
    """The cameras whose files of rules, laid by the command of before, the store has from now on; once each.

    A file that is wrong, or of no camera, stays where it is.
    """
    taken = []
    for file in sorted((folder / "rules").glob("*.yaml")):
        camera = file.stem
        try:
            setup = setup_in(file)
            if not store.versions(CAMERA_RULES, camera, scope=SYSTEM_SCOPE):
                keep_setup(store, camera, setup, expected=0, actor=COMMAND, reason=f"接收原规则文件 {file.name}",
                           scope=SYSTEM_SCOPE)  # fmt: skip
                taken.append(camera)
        except OneMapError:
            continue
        file.replace(file.with_name(file.name + TAKEN))
    return tuple(taken)


class Changes:
    """What was changed in the store since it was last asked, of some cameras."""

    def __init__(self, store: Store, versions: Mapping[str, int]) -> None:
        self._store, self._versions = store, dict(versions)
        self._head = store.head()

    def __call__(self) -> tuple[tuple[str, int, Setup], ...]:
        """Camera, version and setup of each that has another one now; one that cannot be read is left as it was."""
        head = self._store.head()
        if head == self._head:
            return ()
        self._head = head
        found = []
        for camera, known in self._versions.items():
            try:
                version, setup = setup_in_force(self._store, camera, SYSTEM_SCOPE)
            except OneMapError:
                continue
            if version != known and setup is not None:
                self._versions[camera] = version
                found.append((camera, version, setup))
        return tuple(found)
