"""Analysis of cameras for as long as it is wanted: workers looked after, what they tell kept and said."""

import re
import shutil
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from app.auth.sealing import Sealer
from app.settings import Settings
from app.video.credentials import CameraSecrets
from app.video.recording import Recorder
from core.errors import BadInputError, NotFoundError
from core.scope import SYSTEM_SCOPE
from core.texts import Text
from core.units import Second
from layers.catalogue import CAMERAS
from layers.catalogue.sensing import Camera
from store.protocol import Store
from video.foreman import Foreman
from video.messages import Filmed, Status
from video.setup import rules_of
from video.sources import SAID
from video.sources.addresses import address
from video.worker import Watch

PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")
LOOKED: Second = 1.0


def rules_file(folder: Path, camera: str) -> Path:
    """Where the rules of a camera lie. Raises: BadInputError where its code cannot name a file."""
    if not PLAIN.fullmatch(camera):
        raise BadInputError(
            Text("视频点编码只能含字母、数字、点、横线", "letters, digits, dots, dashes only"),
            field="camera",
        )
    return folder / "rules" / f"{camera}.yaml"


def set_rules(folder: Path, store: Store, camera: str, file: Path) -> int:
    """Take a file of rules over for a camera; how many. Raises: NotFoundError, BadInputError, FaultsError."""
    store.get(CAMERAS, camera, scope=SYSTEM_SCOPE)
    rules, kept = rules_of(file), rules_file(folder, camera)
    kept.parent.mkdir(parents=True, exist_ok=True)
    part = kept.with_suffix(".part")
    shutil.copyfile(file, part)
    part.replace(kept)
    return len(rules)


def watches(settings: Settings, store: Store, cameras: Sequence[str]) -> list[Watch]:
    """What is to be read and asked, of the register. Raises: NotFoundError, BadInputError for what is not set up."""
    folder = settings.data / "video"
    known = CameraSecrets(folder, Sealer(settings.identity_key_file))
    found = []
    for code in dict.fromkeys(cameras):
        record = store.get(CAMERAS, code, scope=SYSTEM_SCOPE).record
        assert isinstance(record, Camera)
        file = rules_file(folder, code)
        if not file.exists():
            raise NotFoundError(
                Text(f"视频点 {code} 没有规则:onemap video rules {code} FILE",
                     f"camera {code} has no rules: onemap video rules {code} FILE"), camera=code,
            )  # fmt: skip
        found.append(
            Watch(camera=code, source=address(record.stream, settings.video_hosts), rules=rules_of(file),
                  credentials=known.of(code))
        )  # fmt: skip
    return found


def run(
    foreman: Foreman, recorder: Recorder, cameras: Iterable[str], wanted: Callable[[], bool], say: Callable[[str], None]
) -> None:
    """Keep what workers tell while it is `wanted`; events left standing by an analysis before are settled first."""
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
                now = (message.condition, message.pace, message.side, message.unavailable)
                if conditions.get(message.camera) != now:
                    conditions[message.camera] = now
                    say(_line(message))
        if time.monotonic() - looked > LOOKED:
            looked = time.monotonic()
            lost = foreman.look_after()
            recorder.settle(lost)
            for camera in lost:
                say(f"{camera}  分析进程无响应,已重启 / the worker was silent and is started anew")


def _line(told: Status) -> str:
    """A camera's condition in words; less than usual is said."""
    said = SAID[told.condition]
    missing = f"  不可用 / not available: {', '.join(told.unavailable)}" if told.unavailable else ""
    return f"{told.camera}  {said.zh} / {said.en}  {told.pace:g} 帧/秒 frames/s  {told.side or '-'} px{missing}"
