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
    clip: Annotated[Path, typer.Argument(help="视频文件 / a clip")],
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
    score = scored(done.events, happens, done.unavailable)
    print((report if wanted is Form.JSON else told)(done, score, happens))
    raise typer.Exit(0 if score.passed else 1)
