"""`onemap video …`: detectors a site installs, rules and passwords of cameras, cameras analysed, clips evaluated."""

import os
import signal
import sys
import threading
from enum import StrEnum
from getpass import getuser
from pathlib import Path
from typing import Annotated

import typer

from app.commands.options import Data, one_of, opened, settings_with
from core.actors import Actor
from core.clock import utc_now
from core.errors import BadInputError, NotFoundError
from core.scope import SYSTEM_SCOPE
from core.texts import Text
from layers.catalogue import CAMERAS, CATALOGUE
from store.opening import open_store
from store.protocol import Store

video = typer.Typer(no_args_is_help=True, help="视频分析 / video analytics")
model = typer.Typer(no_args_is_help=True, help="检测模型 / detectors")
video.add_typer(model, name="model")


GENTLE = 10
"""Beside a server analysis waits for it."""


class Form(StrEnum):
    """How results are told."""

    TEXT = "text"
    JSON = "json"


@model.command("add")
def add(
    file: Annotated[Path, typer.Argument(help="ONNX 文件 / an ONNX file")],
    name: Annotated[str, typer.Option(help="名称,默认同文件名 / name, that of the file by default")] = "",
    licence: Annotated[str, typer.Option(help="许可,如 Apache-2.0 / licence")] = "",
    source: Annotated[str, typer.Option(help="来源 / where it is from")] = "",
    classes: Annotated[
        Path | None, typer.Option(help="类别名称,每行一个;默认 COCO 80 类 / class names, a line each")
    ] = None,
    data: Data = None,
) -> None:
    """安装一个检测模型 / Install a detector."""
    from video.detectors.shelf import Shelf, coco

    if classes is not None and not classes.is_file():
        raise BadInputError(Text(f"没有类别文件 {classes}", f"no file of classes {classes}"), field="classes")
    names = coco() if classes is None else tuple(classes.read_text("utf-8").splitlines())
    names = tuple(one.strip() for one in names if one.strip())
    shelf = Shelf(settings_with(data=data).data / "video" / "models")
    made = shelf.add(file, name=name or file.stem.lower(), licence=licence, source=source, classes=names, at=utc_now())
    print(f"{made.name}  {made.family}  {made.licence}  {len(made.classes)} 类 / classes  sha256 {made.sha256}")


@model.command("list")
def list_models(data: Data = None) -> None:
    """列出已安装的模型 / List what is installed."""
    from video.detectors.shelf import Shelf

    for one in Shelf(settings_with(data=data).data / "video" / "models").installed():
        print(f"{one.name:24} {one.family:8} {one.licence:16} {one.bytes:>11} B  {one.sha256[:12]}  {one.source}")


@video.command("train-ppe")
def train_ppe(
    folder: Annotated[Path, typer.Argument(help="样本目录:images/ 与 labels/(PASCAL VOC) / labelled stills")],
    out: Annotated[Path, typer.Option(help="写到哪个 ONNX 文件 / the ONNX file to write")],
    detector: Annotated[
        str, typer.Option(help="取其特征的检测模型,默认首个 / the detector whose features are used")
    ] = "",
    data: Data = None,
) -> None:
    """用标注照片训练安全帽、反光衣识别模型并评分 / Train and score a classifier of hats and vests."""
    from video.detectors.shelf import Shelf
    from video.equipment.stills import people
    from video.equipment.training import train

    manifest, graph = Shelf(settings_with(data=data).data / "video" / "models").file(detector)
    trained = train(people(folder), graph, name=manifest.name, licence=manifest.licence, at=utc_now())
    card = out.with_suffix(".md")
    for file, held in ((out, trained.model), (card, trained.card.encode())):
        part = file.with_name(f".{file.name}.part")
        part.write_bytes(held)
        part.replace(file)
    print(trained.card)
    print(f"{out}\n{card}\n安装 / install: onemap video model add {out}")


@video.command("evaluate")
def evaluate(
    clip: Annotated[Path, typer.Argument(help="视频文件或图片目录 / a clip, or a folder of pictures")],
    rules: Annotated[Path, typer.Option(help="规则文件 YAML / rules")],
    truth: Annotated[Path, typer.Option(help="真值文件 JSON / what happens in it")],
    model_file: Annotated[Path | None, typer.Option("--model", help="ONNX 文件,默认用已安装的 / an ONNX file")] = None,
    equipment: Annotated[
        Path | None, typer.Option(help="防护用品识别模型,默认用已安装的 / a classifier of protective equipment")
    ] = None,
    form: Annotated[str, typer.Option("--format", help="text 或 json / text or json")] = "text",
    data: Data = None,
) -> None:
    """用一段视频评测规则,未达门槛时退出码为 1 / Score rules on a clip; exit status 1 below the thresholds."""
    import cv2

    from video.detectors.shelf import Shelf, coco
    from video.detectors.yolox import Yolox
    from video.equipment.classifier import Classifier
    from video.evaluation import report, run, scored, told, truth_of
    from video.setup import rules_of

    wanted = one_of(Form, "--format")(form)
    cv2.setNumThreads(1)  # as a worker of several cameras runs
    asked, happens = rules_of(rules), truth_of(truth)
    shelf = Shelf(settings_with(data=data).data / "video" / "models")
    detector = shelf.detector() if model_file is None else Yolox(model_file, coco(), frozenset({"person"}))
    classifier = shelf.classifier() if equipment is None else Classifier(equipment)
    done = run(clip, asked, detector, happens.fps, classifier)
    score = scored(done.events, happens, done.unavailable, done.extent)
    print((report if wanted is Form.JSON else told)(done, score, happens))
    raise typer.Exit(0 if score.passed else 1)


@video.command("rules")
def rules(
    camera: Annotated[str, typer.Argument(help="视频点编码 / code of the camera")],
    file: Annotated[Path | None, typer.Argument(help="规则文件 YAML / a file of rules")] = None,
    show: Annotated[bool, typer.Option("--show", help="以 YAML 显示现行规则 / print what is in force")] = False,
    data: Data = None,
) -> None:
    """设定或显示视频点的规则 / Set the rules of a camera, or show them."""
    from app.video.running import set_rules
    from app.video.setups import setup_in_force, take_over

    if (file is None) != show:
        raise BadInputError(Text("给出规则文件,或用 --show 显示", "give a file of rules, or --show"), field="file")
    settings = settings_with(data=data)
    with opened(data, _store) as store:
        take_over(store, settings.data / "video")
        if file is not None:
            count = set_rules(store, camera, file, actor=Actor(id=f"cli:{getuser()}", name="命令行", door="cli"))
            print(f"{camera}  {count} 条规则 / rules")
            return
        version, setup = setup_in_force(store, camera, SYSTEM_SCOPE)
        if setup is None:
            raise NotFoundError(Text(f"视频点 {camera} 没有规则", f"camera {camera} has no rules"), camera=camera)
        print(f"# {camera} 第 {version} 版 / version {version}\n{setup.yaml()}", end="")


@video.command("credentials")
def credentials(
    camera: Annotated[str, typer.Argument(help="视频点编码 / code of the camera")],
    user: Annotated[str, typer.Option(help="用户名 / user")] = "",
    forget: Annotated[bool, typer.Option("--forget", help="删除 / forget them")] = False,
    data: Data = None,
) -> None:
    """设定视频点的用户名和密码,加密保存 / Seal user and password of a camera; asks for the password."""
    from app.auth.sealing import Sealer
    from app.video.credentials import CameraSecrets
    from video.sources.addresses import Credentials

    settings = settings_with(data=data)
    known = CameraSecrets(settings.data / "video", Sealer(settings.identity_key_file))
    if forget:
        known.forget(camera)
        print(f"{camera}  已删除 / forgotten")
        return
    with opened(data, _store) as store:
        store.get(CAMERAS, camera, scope=SYSTEM_SCOPE)
    user = user or typer.prompt("用户名 / user")
    asked = sys.stdin.isatty()
    password = typer.prompt("密码 / password", hide_input=True) if asked else sys.stdin.readline().rstrip("\r\n")
    known.give(camera, Credentials(user=user, password=password))
    print(f"{camera}  已加密保存 / sealed")


@video.command("run")
def run_cameras(
    cameras: Annotated[
        list[str] | None, typer.Argument(metavar="CAMERA...", help="视频点编码 / codes of cameras")
    ] = None,
    beside: Annotated[
        bool, typer.Option("--beside", hidden=True, help="全部视频点,标准输入结束时停止 / all, until stdin ends")
    ] = False,
    seconds: Annotated[float, typer.Option(min=0, help="运行多久,0 为不限 / how long, 0: until stopped")] = 0,
    data: Data = None,
) -> None:
    """分析视频点,事件连同画面和录像写入图层 / Analyse cameras: events, pictures and films go into the layer."""
    from app.video.running import analyse, watches
    from app.video.running import beside as keep_watching

    cameras = cameras or []
    if beside == bool(cameras):
        raise BadInputError(Text("给出视频点编码", "give codes of cameras"), field="cameras")
    settings, ends = settings_with(data=data), threading.Event()
    signal.signal(signal.SIGTERM, lambda _number, _frame: ends.set())
    signal.signal(signal.SIGINT, lambda _number, _frame: ends.set())
    timer = threading.Timer(seconds, ends.set)
    if seconds:
        timer.daemon = True
        timer.start()
    with opened(data, _store) as store:
        if beside:
            os.nice(GENTLE)
            threading.Thread(target=_until_end, args=(ends,), daemon=True).start()
            keep_watching(settings, store, lambda: not ends.is_set(), _say)
        else:
            analyse(settings, store, watches(settings, store, cameras), lambda: not ends.is_set(), _say)


def _until_end(ends: threading.Event) -> None:
    """The server that started this closes the line, by stopping or by being killed."""
    sys.stdin.read()
    ends.set()


def _store(data: Path, database_url: str | None) -> Store:
    return open_store(data, database_url, CATALOGUE, utc_now)


def _say(line: str) -> None:
    print(line, flush=True)
