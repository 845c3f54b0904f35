"""Analysis of cameras for as long as it is wanted: workers looked after, what they tell kept and said."""

import fcntl
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp

from app.auth.sealing import Sealer
from app.demo.histories import LOADED
from app.settings import Settings
from app.video.backlog import Backlog
from app.video.credentials import CameraSecrets
from app.video.recording import Recorder
from app.video.retention import EVIDENCE, Retention, Terms
from app.video.setups import COMMAND, Changes, keep_setup, setup_in_force, take_over
from app.video.standing import Standings
from app.video.unwatched import watched
from core.actors import Actor
from core.clock import utc_now
from core.errors import BadInputError, ConflictError, NotFoundError, OneMapError
from core.scope import SYSTEM_SCOPE
from core.texts import Text
from core.units import Second
from layers.catalogue import CAMERA_RULES, CAMERAS
from layers.catalogue.sensing import Camera
from store.attachments import Cabinet
from store.protocol import Store
from store.query import EVERYTHING, Query
from store.turns import open_turn
from video.detectors.shelf import Shelf
from video.drawn.source import CLIP, DEMO, Drawing, clip_of, unpacked
from video.foreman import TOGETHER, Foreman
from video.live import SILENT, Gallery, Room
from video.load import MISSED
from video.messages import Broken, Filmed, Status
from video.setup import Setup, setup_in
from video.sources import SAID
from video.sources.addresses import Address, address
from video.sources.folder import Arrivals
from video.worker import Model, Watch

FOLDER = "folder:"
FILMS, LOCK = "films-", ".lock"
LOOKED: Second = 1.0
ANEW: Second = 10.0
"""So often it is looked whether other cameras are to be watched."""


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
        where, secret = source(settings, record.stream), known.of(code)
        if isinstance(where, Address) and where.asks and secret is None:
            raise NotFoundError(
                Text(f"视频点 {code} 的地址需要用户名和密码:onemap video credentials {code}",
                     f"the address of camera {code} asks for user and password: onemap video credentials {code}"),
                camera=code,
            )  # fmt: skip
        found.append(Watch(camera=code, source=where, rules=setup.rules, plane=setup.plane, credentials=secret))
    return found


def source(settings: Settings, stream: str) -> Address | Drawing | Path | Arrivals:
    """What a camera's address names: a stream, a folder in which pictures arrive; in a loaded demo a scene of it.

    Raises: BadInputError for what may not be opened, NotFoundError where there is no such scene.
    """
    if stream.startswith(FOLDER):
        return arrivals(settings.video_folder, stream.removeprefix(FOLDER))
    name = stream.removeprefix(DEMO)
    if name == stream or not (settings.data / LOADED).exists():
        return address(stream, settings.video_hosts)
    if name != CLIP:
        return Drawing(name)
    clip = clip_of()
    if clip is None:
        raise NotFoundError(Text("未安装 opencv-doc 的演示视频", "the clip of opencv-doc is not installed"))
    return unpacked(clip, settings.data / "video" / CLIP)


def arrivals(base: Path | None, name: str) -> Arrivals:
    """A folder below the operator's, by its name. Raises: BadInputError for any other."""
    if base is None:
        said = Text("运维未设置 ONEMAP_VIDEO_FOLDER", "the operator did not set ONEMAP_VIDEO_FOLDER")
        raise BadInputError(said, field="stream")
    below = base.resolve()
    path = (below / name).resolve()
    if not name or path == below or not path.is_relative_to(below):
        said = Text("目录须在 ONEMAP_VIDEO_FOLDER 之内", "the folder must lie below ONEMAP_VIDEO_FOLDER")
        raise BadInputError(said, field="stream")
    return Arrivals(path)


def ready(settings: Settings, store: Store, say: Callable[[str], None]) -> list[Watch]:
    """Every camera that has a stream and rules; what cannot be watched of them is said, and the others are."""
    take_over(store, settings.data / "video")
    query = Query(where=EVERYTHING.where, fields=("code", "stream"), geometry=False)
    rows = store.read(CAMERAS, query, scope=SYSTEM_SCOPE).sort_by("code").to_pylist()
    found = []
    for code in (row["code"] for row in rows if row["stream"]):
        try:
            found += watches(settings, store, [code])
        except OneMapError as error:
            say(f"{code}  {error.text.zh} / {error.text.en}")
    return found


def analyse(
    settings: Settings, store: Store, wanted: Sequence[Watch], goes_on: Callable[[], bool], say: Callable[[str], None]
) -> None:
    """Watch cameras while it `goes_on`; what they showed last is settled at the end."""
    names = [one.camera for one in wanted]
    _alone(settings, names, goes_on)
    versions = {name: setup_in_force(store, name, SYSTEM_SCOPE)[0] for name in names}
    shelf = Shelf(settings.data / "video" / "models")
    people, equipment = shelf.people(), shelf.equipment()
    model = None if people is None else Model(
        path=shelf.graph(people), classes=people.classes,
        equipment=None if equipment is None else shelf.graph(equipment),
    )  # fmt: skip
    cabinet = Cabinet(store, settings.data / "files", utc_now, largest=settings.largest_upload)
    recorder = Recorder(store, cabinet, utc_now, states=Standings(store))
    (settings.data / "video").mkdir(exist_ok=True)
    with room_of(settings.data / "video") as films:
        live = Room(folder=settings.data / "video" / "live", clock=utc_now)
        together = len(wanted) if all(isinstance(one.source, Drawing) for one in wanted) else TOGETHER
        with closing(Foreman(wanted, model, films, live=live, together=together)) as foreman:
            turn = open_turn(settings.data, settings.database_url, EVIDENCE)
            retention = Retention(store, cabinet, utc_now, Terms.of(settings), turn=turn)
            run(foreman, recorder, names, goes_on, say, Changes(store, versions), retention.step)
    recorder.settle(names)


def _alone(settings: Settings, names: Sequence[str], goes_on: Callable[[], bool]) -> None:
    """Two analyses of one camera would tell everything twice, and each end what the other tells.

    One that was killed is waited for until it counts as silent. Raises: ConflictError.
    """
    gallery, ends = Gallery(settings.data / "video" / "live", utc_now), time.monotonic() + SILENT.total_seconds() + 2
    while (others := watched(gallery, names, utc_now())) and goes_on():
        if time.monotonic() > ends:
            codes = ", ".join(sorted(others))
            raise ConflictError(
                Text(f"已有另一进程在分析 {codes}", f"another process analyses {codes} already"), cameras=codes
            )
        time.sleep(0.5)


@contextmanager
def room_of(folder: Path) -> Iterator[Path]:
    """A folder for films and packets while this lasts; those of analyses that were killed are taken away."""
    for left in folder.glob(f"{FILMS}*"):
        with suppress(OSError), (left / LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(left, ignore_errors=True)
    made = Path(mkdtemp(prefix=FILMS, dir=folder))
    try:
        with (made / LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def beside(settings: Settings, store: Store, goes_on: Callable[[], bool], say: Callable[[str], None]) -> None:
    """Watch every camera there is; looked for again when one is added, taken away or has another address."""
    while goes_on():
        wanted = ready(settings, store, say)
        gallery = Gallery(settings.data / "video" / "live", utc_now)
        others = watched(gallery, [one.camera for one in wanted], utc_now())  # by a command, or by one that was killed
        wanted = [one for one in wanted if one.camera not in others]
        known, looked = streams(store), time.monotonic()

        def same() -> bool:
            nonlocal looked
            if time.monotonic() - looked < ANEW:
                return goes_on()
            looked = time.monotonic()
            free = others - watched(gallery, others, utc_now())  # noqa: B023 - asked within this round
            return goes_on() and not free and streams(store) == known  # noqa: B023

        if wanted:
            analyse(settings, store, wanted, same, say)
        while not wanted and same():
            time.sleep(LOOKED)


def streams(store: Store) -> frozenset[tuple[str, str]]:
    """Cameras that have a stream and rules, and its address."""
    query = Query(where=EVERYTHING.where, fields=("code", "stream"), geometry=False)
    ruled = Query(where=EVERYTHING.where, fields=("camera",), geometry=False)
    known = set(store.read(CAMERA_RULES, ruled, scope=SYSTEM_SCOPE)["camera"].to_pylist())
    rows = store.read(CAMERAS, query, scope=SYSTEM_SCOPE).to_pylist()
    return frozenset((row["code"], row["stream"]) for row in rows if row["stream"] and row["code"] in known)


def run(
    foreman: Foreman, recorder: Recorder, cameras: Iterable[str], wanted: Callable[[], bool],
    say: Callable[[str], None], changes: Callable[[], Iterable[tuple[str, int, Setup]]] = tuple,
    sweep: Callable[[], int] = int,
) -> None:  # fmt: skip
    """Keep what workers tell while it is `wanted`; events left standing by an analysis before are settled first.

    What `changes` tells of a camera's rules is taken up by its worker, whose stream goes on; `sweep` clears a little of
    the evidence whose time is over.
    """
    recorder.settle(cameras)
    backlog = Backlog(recorder.take, say)
    conditions: dict[str, tuple[object, ...]] = {}
    looked = time.monotonic()

    def keep() -> None:
        for message, row in backlog.kept():
            if row is not None:
                film = "录像 / film" if row.film == "kept" else "录像缺失 / no film"
                what = film if isinstance(message, Filmed) else row.state
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

    while wanted():
        for message in foreman.messages(0.2):
            backlog.add(message)
            keep()
        keep()
        if time.monotonic() - looked > LOOKED:
            looked = time.monotonic()
            for camera in foreman.look_after():
                backlog.add(Broken(camera=camera))
                say(f"{camera}  分析进程无响应,已重启 / the worker was silent and is started anew")
            if not backlog.stuck:
                for camera, version, setup in changes():
                    foreman.change(camera, setup.rules, setup.plane)
                    say(f"{camera}  规则已更新为第 {version} 版 / rules are now version {version}")
                if cleared := sweep():
                    say(f"证据按期清除 {cleared} 起 / evidence of {cleared} events cleared after its time")
    for message in foreman.rest():
        backlog.add(message)
    keep()


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
