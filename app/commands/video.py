"""`onemap video …`: detectors a site installs, and clips run through rules and compared with what happens in them."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from app.commands.options import Data, one_of, settings_with
from core.clock import utc_now

video = typer.Typer(no_args_is_help=True, help="视频分析 / video analytics")
model = typer.Typer(no_args_is_help=True, help="检测模型 / detectors")
video.add_typer(model, name="model")


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


@video.command("evaluate")
def evaluate(
    clip: Annotated[Path, typer.Argument(help="视频文件 / a clip")],
    rules: Annotated[Path, typer.Option(help="规则文件 YAML / rules")],
    truth: Annotated[Path, typer.Option(help="真值文件 JSON / what happens in it")],
    model_file: Annotated[Path | None, typer.Option("--model", help="ONNX 文件,默认用已安装的 / an ONNX file")] = None,
    form: Annotated[str, typer.Option("--format", help="text 或 json / text or json")] = "text",
    data: Data = None,
) -> None:
    """用一段视频评测规则,未达门槛时退出码为 1 / Score rules on a clip; exit status 1 below the thresholds."""
    import cv2

    from video.detectors.shelf import Shelf, coco
    from video.detectors.yolox import Yolox
    from video.evaluation import report, run, scored, told, truth_of
    from video.setup import rules_of

    wanted = one_of(Form, "--format")(form)
    cv2.setNumThreads(1)  # as a worker of several cameras runs
    asked, happens = rules_of(rules), truth_of(truth)
    detector = (
        Shelf(settings_with(data=data).data / "video" / "models").detector()
        if model_file is None
        else Yolox(model_file, coco(), frozenset({"person"}))
    )
    done = run(clip, asked, detector, happens.fps)
    score = scored(done.events, happens, done.unavailable)
    print((report if wanted is Form.JSON else told)(done, score, happens))
    raise typer.Exit(0 if score.passed else 1)
