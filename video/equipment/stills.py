"""Labelled stills: people in pictures, and whether each wears a hard hat and a vest."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from lxml import etree
from numpy.typing import NDArray

from core.errors import BadInputError
from core.texts import Text
from video.detections import Floats, Image
from video.equipment.crops import TALL

HELMET, VEST = "helmet", "vest"
THINGS = (HELMET, VEST)
NAMES = {"helmet": HELMET, "hard hat": HELMET, "vest": VEST, "safety vest": VEST, "reflective vest": VEST}
"""What labels call them (PASCAL VOC has no list of its own); a box that begins with `person` is a person."""

ALIKE = 8
"""Of 64 bits of a picture's gradient, so many may differ between two cuts or copies of one picture (dHash)."""

SHALLOW = 60.0
"""Pixels of a person below which a label is not learned from: two thirds of what is judged."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Person:
    """One labelled person; `worn` says for each of `THINGS`. Pictures that are nearly the same are of one `group`."""

    picture: Path
    box: Floats
    worn: tuple[bool, bool]
    group: int

    @property
    def tall(self) -> bool:
        """As tall as a rule asks of who is judged."""
        return bool(self.box[3] - self.box[1] >= TALL)


def people(folder: Path) -> tuple[Person, ...]:
    """Everybody in `folder`/images who is labelled in `folder`/labels (PASCAL VOC, a file a picture), in the order of
    names.

    A hat is worn by whom it is at the upper part of, a vest by whom it is within.

    Raises: BadInputError where there are none, or a file of labels is none.
    """
    pictures = {one.stem: one for one in sorted((folder / "images").glob("*")) if one.is_file()}
    labelled = [(pictures[one.stem], one) for one in sorted((folder / "labels").glob("*.xml")) if one.stem in pictures]
    kept: list[tuple[Path, list[tuple[str, Floats]]]] = []
    hashes: list[NDArray[np.bool_]] = []
    for picture, labels in labelled:
        image = read(picture)
        kept.append((picture, list(_boxes(labels))))
        grey = cv2.resize(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), (9, 8))
        hashes.append((grey[:, 1:] > grey[:, :-1]).ravel())
    groups = _groups(hashes)
    found = [
        Person(picture=picture, box=box, worn=_worn(box, boxes), group=group)
        for (picture, boxes), group in zip(kept, groups, strict=True)
        for name, box in boxes
        if name.startswith("person") and box[3] - box[1] >= SHALLOW
    ]
    if not found:
        raise BadInputError(
            Text(f"{folder} 下没有标注的人员(images/、labels/*.xml)", f"nobody is labelled below {folder}"),
            field="folder",
        )
    return tuple(found)


def read(picture: Path) -> Image:
    """The picture. Raises: BadInputError where it is none."""
    image = cv2.imdecode(np.fromfile(picture, np.uint8), cv2.IMREAD_COLOR)
    if image is None:
        raise BadInputError(Text(f"{picture.name} 不是图片", f"{picture.name} is no picture"), field="images")
    return np.asarray(image, np.uint8)


def _boxes(labels: Path) -> Iterator[tuple[str, Floats]]:
    try:
        root = etree.parse(str(labels), etree.XMLParser(resolve_entities=False, no_network=True)).getroot()
        for one in root.iterfind("object"):
            sides = [float(one.findtext(f"bndbox/{side}") or "") for side in ("xmin", "ymin", "xmax", "ymax")]
            yield (one.findtext("name") or "").strip().lower(), np.array(sides, np.float32)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadInputError(
            Text(f"{labels.name} 不是 PASCAL VOC 标注:{error}", f"{labels.name} is no PASCAL VOC file: {error}"),
            field="labels",
        ) from error


def _worn(person: Floats, boxes: Sequence[tuple[str, Floats]]) -> tuple[bool, bool]:
    width, height = person[2] - person[0], person[3] - person[1]

    def within(box: Floats, lowest: float) -> bool:
        x, y = (box[0] + box[2]) / 2 - person[0], (box[1] + box[3]) / 2 - person[1]
        return bool(-0.05 * width <= x <= 1.05 * width and -0.1 * height <= y <= lowest * height)

    things = [(NAMES.get(name), box) for name, box in boxes]
    return (
        any(thing == HELMET and within(box, 0.45) for thing, box in things),
        any(thing == VEST and within(box, 0.95) for thing, box in things),
    )


def _groups(hashes: list[NDArray[np.bool_]]) -> list[int]:
    """The number of the first picture each is nearly the same as, through others too."""
    if not hashes:
        return []
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    bits = np.array(hashes)
    alike = csr_array((bits[:, None] != bits[None]).sum(axis=2) <= ALIKE)
    return [int(one) for one in connected_components(alike, directed=False)[1]]
