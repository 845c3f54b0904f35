"""Analysis of cameras for as long as it is wanted: workers looked after, what they tell kept and said."""

import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from app.auth.sealing import Sealer
from app.settings import Settings
from app.video.credentials import CameraSecrets
from app.video.recording import Recorder
from app.video.setups import COMMAND, keep_setup, setup_in_force, take_over
from core.actors import Actor
from core.errors import BadInputError, NotFoundError
from core.scope import SYSTEM_SCOPE
from core.texts import Text
from core.units import Second
from layers.catalogue import CAMERAS
from layers.catalogue.sensing import Camera
from store.protocol import Store
from video.foreman import Foreman
from video.load import MISSED
from video.messages import Filmed, Status
from video.setup import Setup, setup_in
from video.sources import SAID
from video.sources.addresses import address
from video.worker import Watch

LOOKED: Second = 1.0


def set_rules(store: Store, camera: str, file: Path, *, actor: Actor = COMMAND) -> int:
    """Take a file of rules over for a camera; how many. Raises: NotFoundError, BadInputError, FaultsError."""
    setup = setup_in(file)
    if not setup.rules:
        raise BadInputError(Text("没有规则", "there are no rules"), field="rules")
    keep_setup(store, camera, setup, expected=None, actor=actor, reason=f"命令行设定:{file.name}"[:200],
               scope=SYSTEM_SCOPE)  # fmt: skip
    return len(setup.rules)


def watches(settings: Settings, store: Store, cameras: Sequence[str]) -> list[Watch]:
    """What is to be read and asked, of the register. Raises: NotFoundError, BadInputError for what is not set up."""
    folder = settings.data / "video"
    take_over(store, folder)
    known = CameraSecrets(folder, Sealer(settings.identity_key_file))
    found = []
    for code in dict.fromkeys(cameras):
        record = store.get(CAMERAS, code, scope=SYSTEM_SCOPE).record
        assert isinstance(record, Camera)
        _, setup = setup_in_force(store, code, SYSTEM_SCOPE)
        if setup is None:
            raise NotFoundError(
                Text(f"视频点 {code} 没有规则:onemap video rules {code} FILE",
                     f"camera {code} has no rules: onemap video rules {code} FILE"), camera=code,
            )  # fmt: skip
        found.append(
            Watch(camera=code, source=address(record.stream, settings.video_hosts), rules=setup.rules,
                  plane=setup.plane, credentials=known.of(code))
        )  # fmt: skip
    return found


def run(
    foreman: Foreman, recorder: Recorder, cameras: Iterable[str], wanted: Callable[[], bool],
    say: Callable[[str], None], changes: Callable[[], Iterable[tuple[str, int, Setup]]] = tuple,
) -> None:  # fmt: skip
    """Keep what workers tell while it is `wanted`; events left standing by an analysis before are settled first.

    What `changes` tells of a camera's rules is taken up by its worker, whose stream goes on.
    """
    recorder.settle(cameras)
    conditions: dict[str, tuple[object, ...]] = {}
    looked = time.monotonic()
    while wanted():
        for message in foreman.messages(0.2):
            row = recorder.take(message)
            if row is not None:
                what = "录像 / film" if isinstance(message, Filmed) else row.state
                say(f"{row.code}  {row.camera}  {row.title}  {what}")
            elif isinstance(message, Status):
                now = (
                    message.condition,
                    message.pace,
                    message.side,
                    _missed(message),
                    message.unfilmed,
                    message.unavailable,
                )
                if conditions.get(message.camera) != now:
                    conditions[message.camera] = now
                    say(_line(message))
        if time.monotonic() - looked > LOOKED:
            looked = time.monotonic()
            for camera, version, setup in changes():
                foreman.change(camera, setup.rules, setup.plane)
                say(f"{camera}  规则已更新为第 {version} 版 / rules are now version {version}")
            lost = foreman.look_after()
            recorder.settle(lost)
            for camera in lost:
                say(f"{camera}  分析进程无响应,已重启 / the worker was silent and is started anew")


def _line(told: Status) -> str:
    """A camera's condition in words; less than usual is said."""
    said = SAID[told.condition]
    missing = f"  不可用 / not available: {', '.join(told.unavailable)}" if told.unavailable else ""
    bare = f"  无录像的事件 / events without film: {told.unfilmed}" if told.unfilmed else ""
    less = f"  漏看 / missed {tenth}0 %" if (tenth := _missed(told)) else ""
    much = f"{told.pace:g} 帧/秒 frames/s  {told.side or '-'} px"
    return f"{told.camera}  {said.zh} / {said.en}  {much}{less}{bare}{missing}"


def _missed(told: Status) -> int:
    """Tenths of the due pictures that were not looked at, as far as that is too much."""
    return round(10 * told.missed) if told.missed > MISSED else 0
