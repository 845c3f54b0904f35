"""The detectors a site has installed: a folder each, the graph beside a manifest of licence, hash, classes, source."""

import hashlib
import json
import os
import re
import shutil
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from core.clock import iso
from core.errors import BadInputError, ConflictError, NotFoundError
from core.texts import Text
from video.detectors.manifests import FAMILY, Manifest, installed, manifest_in
from video.detectors.yolox import Yolox
from video.equipment.classifier import Classifier

LARGEST = 300 * 1024 * 1024
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
LICENCE = ("license", "licence")
COCO = Path(__file__).parents[1] / "data" / "coco_names.txt"
CLOSED = re.compile(
    r"\bA?GPL(?:v?\d|\b)|\bAffero\b|(?<!Lesser )(?<!Library )General Public Licen|\bultralytics\b", re.IGNORECASE
)
"""Licences under which a graph would bind everything it is shipped with, or an author whose graphs are under one."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The folder of a site's detectors."""

    folder: Path

    def add(
        self, file: Path, *, name: str, licence: str, source: str, classes: tuple[str, ...], at: datetime
    ) -> Manifest:
        """Install a graph, whole or not at all; the one of the same name and content is left as it is.

        Raises: BadInputError where the file is no detector this program can run, or its licence forbids it;
        ConflictError where the name is another graph's.
        """
        if not NAME.fullmatch(name):
            rule = Text("须为 1 至 40 个小写字母、数字、- 或 _", "must be 1 to 40 lower-case letters, digits, - or _")
            raise BadInputError(Text(f"名称“{name}”{rule.zh}", f"the name {name!r} {rule.en}"), field="name")
        if not file.is_file() or file.stat().st_size > LARGEST:
            raise BadInputError(
                Text(f"{file} 不是 300 MB 以内的文件", f"{file} is no file of 300 MB or less"), field="file"
            )
        part = self.folder / f".{name}.part"
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        try:
            return self._taken(part, file, name, licence, source, classes, at)
        finally:
            shutil.rmtree(part, ignore_errors=True)

    def _taken(
        self, part: Path, given: Path, name: str, licence: str, source: str, classes: tuple[str, ...], at: datetime
    ) -> Manifest:
        """Tried as it will lie there, by itself: weights that a graph keeps in files beside it are not taken along."""
        file = part / "model.onnx"
        shutil.copyfile(given, file)
        own = metadata_in(file, given.name)
        if any(CLOSED.search(one) for one in (*own.values(), licence)):
            found = next(one for one in (*own.values(), licence) if CLOSED.search(one))
            raise BadInputError(
                Text(f"模型的许可为“{found}”,不能安装", f"the model's licence is {found!r}: it cannot be installed"),
                field="licence",
            )
        licence = licence or next((value for key, value in own.items() if key.lower() in LICENCE), "")
        if not licence:
            raise BadInputError(
                Text("文件没有写明许可,须用 --licence 说明", "the file tells no licence: say it by --licence"),
                field="licence",
            )
        equipment = own.get("family") == FAMILY
        if equipment:
            classes = Classifier(file).things
        else:
            Yolox(file, classes, frozenset(classes))  # it runs, and its output fits the classes
            if "person" not in classes:
                raise BadInputError(
                    Text("类别中须有 person:规则只找人", "one of its classes must be `person`: rules look for people"),
                    field="classes",
                )
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        there = self.folder / name
        if there.exists():
            if self.manifest(name).sha256 == digest:
                return self.manifest(name)
            raise ConflictError(Text(f"已有另一个名为“{name}”的模型", f"another model is called {name!r} already"))
        manifest = Manifest(
            name=name, family=FAMILY if equipment else "yolox", licence=licence, source=source, sha256=digest,
            bytes=file.stat().st_size, classes=classes, added_at=iso(at),
        )  # fmt: skip
        (part / "manifest.json").write_text(json.dumps(asdict(manifest), ensure_ascii=False, indent=1), "utf-8")
        os.replace(part, there)
        return manifest

    def installed(self) -> tuple[Manifest, ...]:
        """Every detector, by name."""
        return installed(self.folder)

    def manifest(self, name: str) -> Manifest:
        """What is known of one. Raises: NotFoundError."""
        path = self.folder / name / "manifest.json"
        if not NAME.fullmatch(name) or not path.is_file():
            raise NotFoundError(Text(f"没有安装名为“{name}”的模型", f"no model called {name!r} is installed"))
        return manifest_in(path)

    def detector(self, name: str = "") -> Yolox | None:
        """An installed detector of people, the first by name without one; None where none is installed.

        Raises: ConflictError where the file is not the one that was installed.
        """
        manifest = self.manifest(name) if name else self.people()
        if manifest is None:
            return None
        return Yolox(self.graph(manifest), manifest.classes, frozenset({"person"}))

    def classifier(self) -> Classifier | None:
        """The first installed classifier of protective equipment by name; None where none is installed.

        Raises: ConflictError where the file is not the one that was installed.
        """
        manifest = self.equipment()
        return None if manifest is None else Classifier(self.graph(manifest))

    def file(self, name: str = "") -> tuple[Manifest, bytes]:
        """A detector of people as it was installed, the first by name without one.

        Raises: NotFoundError where there is none; ConflictError where the file is not the one that was installed.
        """
        manifest = self.manifest(name) if name else self.people()
        if manifest is None:
            raise NotFoundError(Text("没有安装人员检测模型", "no detector of people is installed"))
        return manifest, self.graph(manifest).read_bytes()

    def people(self) -> Manifest | None:
        """The first detector of people by name."""
        return next((one for one in self.installed() if "person" in one.classes), None)

    def equipment(self) -> Manifest | None:
        """The first classifier of protective equipment by name."""
        return next((one for one in self.installed() if one.family == FAMILY), None)

    def graph(self, manifest: Manifest) -> Path:
        """The file of an installed model. Raises: ConflictError where it is not the one that was installed."""
        file = self.folder / manifest.name / "model.onnx"
        if hashlib.sha256(file.read_bytes()).hexdigest() != manifest.sha256:
            raise ConflictError(
                Text(f"模型“{manifest.name}”的文件已被改动", f"the file of the model {manifest.name!r} was changed")
            )
        return file


def coco() -> tuple[str, ...]:
    """The eighty classes of the COCO data set in their order."""
    return tuple(COCO.read_text("utf-8").split("\n")[:80])


def metadata_in(file: Path, name: str) -> dict[str, str]:
    """What a graph says of itself, its licence and author among it. Raises: BadInputError where it is no ONNX graph."""
    import onnxruntime

    try:
        told = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"]).get_modelmeta()
    except Exception as error:  # the library has many kinds, and all mean this
        raise BadInputError(
            Text(
                f"{name} 不是可运行的 ONNX 模型(权重须在文件之内,算子须为 ONNX Runtime 自有)",
                f"{name} is no ONNX model that can be run (weights inside, operators of ONNX Runtime alone)",
            ),
            field="file",
        ) from error
    return {"producer": told.producer_name, "description": told.description, **told.custom_metadata_map}
