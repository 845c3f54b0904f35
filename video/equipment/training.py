"""A classifier of hats and vests from labelled stills, scored on people of pictures it had not seen.

The first layers of an installed detector are kept as they are; on their features, averaged in cells, stand two logistic
regressions with a squared penalty, each class weighing the same. It takes a minute where a network of its own takes a
graphics card.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from core.clock import iso
from core.errors import BadInputError
from core.texts import Text
from video.detections import Floats, Image
from video.detectors.manifests import FAMILY
from video.equipment.classifier import Told, pictures
from video.equipment.crops import upper_body
from video.equipment.graph import CELLS, classifying, featuring, told
from video.equipment.stills import THINGS, Person, read
from video.thresholds import threshold

FOLDS = 4
VIEWS = 4
"""Each person is learned from as labelled, shifted, and twice as in a mirror, once of these in other light."""

PENALTY = 0.03
ROUNDS = 80
ENOUGH = {"helmet": threshold("equipment.helmet_enough"), "vest": threshold("equipment.vest_enough")}
"""Balanced accuracy below which a rule says that it is beta."""

FEWEST = 20
"""People with, and without, each thing: fewer say nothing."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trained:
    """The graph as a file, what it says of itself, and the same to read."""

    model: bytes
    told: tuple[Told, ...]
    card: str


def train(
    people: tuple[Person, ...], detector: bytes, *, name: str, licence: str, at: datetime, seed: int = 0
) -> Trained:
    """A classifier from these people on the first layers of a detector.

    Scored in `FOLDS` parts of groups of pictures: each person by a classifier that saw nobody of their group; then
    fitted to all.

    Raises: BadInputError where there are too few people, or the detector has no such layers.
    """
    worn = np.array([one.worn for one in people])
    for n, thing in enumerate(THINGS):
        count = int(worn[:, n].sum())
        if min(count, len(people) - count) < FEWEST:
            raise BadInputError(
                Text(
                    f"{thing}:佩戴 {count} 人、未佩戴 {len(people) - count} 人,各须不少于 {FEWEST} 人",
                    f"{thing}: {count} people with and {len(people) - count} without; {FEWEST} of each at least",
                ),
                field="folder",
            )
    graph = featuring(detector)
    features = _features(people, graph.SerializeToString(), np.random.default_rng(seed))
    parts = _parts(np.array([one.group for one in people]), np.random.default_rng(seed))
    rows = [_rows(features, n) for n in range(len(THINGS))]
    scores, weights, bias = [], [], []
    for n, thing in enumerate(THINGS):
        given, y = rows[n], np.repeat(worn[:, n], VIEWS)
        sums = np.zeros(len(people))
        for part in range(FOLDS):
            out = parts == part
            w, b = _fitted(given[np.repeat(~out, VIEWS)], y[np.repeat(~out, VIEWS)])
            sums[out] = given[::VIEWS][out] @ w + b
        tall = np.array([one.tall for one in people])
        accuracy = _balanced(sums[tall] > 0, worn[tall, n])
        scores.append(
            Told(thing=thing, balanced_accuracy=round(accuracy, 4), people=int(tall.sum()), beta=accuracy <
            ENOUGH[thing])
        )  # fmt: skip
        w, b = _fitted(given, y)
        weights.append(_spread(w, n))
        bias.append(b)
    model = classifying(graph, np.stack(weights, axis=1).astype(np.float32), np.array(bias, np.float32))
    said = {
        "family": FAMILY, "license": licence, "things": json.dumps([asdict(one) for one in scores]),
        "detector": name, "detector_sha256": hashlib.sha256(detector).hexdigest(), "trained_at": iso(at),
    }  # fmt: skip
    return Trained(model=told(model, said), told=tuple(scores), card=_card(people, worn, scores, said))


def _features(people: tuple[Person, ...], graph: bytes, random: np.random.Generator) -> NDArray[np.float16]:
    """Of each view of each person in order, (people x views, channels, *cells)."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    (given,) = session.get_inputs()
    found, waiting = [], []
    for view in _views(people, random):
        waiting.append(view)
        if len(waiting) == 32:
            found.append(session.run(None, {given.name: pictures(np.stack(waiting))})[0].astype(np.float16))
            waiting.clear()
    if waiting:
        found.append(session.run(None, {given.name: pictures(np.stack(waiting))})[0].astype(np.float16))
    return np.concatenate(found)


def _views(people: tuple[Person, ...], random: np.random.Generator) -> Iterator[Image]:
    last, image = None, np.zeros((1, 1, 3), np.uint8)
    for one in people:
        if one.picture != last:
            last, image = one.picture, read(one.picture)
        yield upper_body(image, one.box)
        for view in range(1, VIEWS):
            across, down, grown = random.normal(0, 0.05), random.normal(0, 0.03), 1 + random.normal(0, 0.07)
            made = upper_body(image, one.box, shift=(across, down), grown=grown)
            if view > 1:
                made = made[:, ::-1]
            if view > 2:
                light = made * random.uniform(0.6, 1.3) + random.uniform(-20, 20)
                made = np.clip(light, 0, 255).astype(np.uint8)
            yield made


def _rows(features: NDArray[np.float16], thing: int) -> Floats:
    """What one thing is told by, (n, columns): a hat by the upper half in all cells, a vest by all, two rows in one."""
    n, channels, rows, columns = features.shape
    if thing == 0:
        return features[:, :, : rows // 2].reshape(n, -1).astype(np.float32)
    joined = features.reshape(n, channels, rows // 2, 2, columns).astype(np.float32).mean(axis=3)
    return np.asarray(joined.reshape(n, -1))


def _spread(weights: Floats, thing: int) -> Floats:
    """Weights of `_rows` as weights of all cells."""
    rows, columns = CELLS
    half = weights.reshape(-1, rows // 2, columns)
    full = np.concatenate([half, np.zeros_like(half)], axis=1) if thing == 0 else np.repeat(half, 2, axis=1) / 2
    return np.asarray(full.reshape(-1))


def _fitted(given: Floats, worn: NDArray[np.bool_]) -> tuple[Floats, float]:
    """Weights and bias of a logistic regression by L-BFGS, on columns as they are."""
    from scipy.optimize import minimize

    middle, spread = given.mean(axis=0), given.std(axis=0) + 1e-3
    rows = (given - middle) / spread
    share = float(worn.mean())
    weight = np.where(worn, 0.5 / share, 0.5 / (1 - share)) / len(worn)
    sign = np.where(worn, 1.0, -1.0)

    def cost(p: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        w = p[:-1].astype(np.float32)
        margin = sign * (rows @ w + p[-1])
        slope = -weight * sign / (1 + np.exp(np.clip(margin, -60, 60)))
        loss = float((weight * np.logaddexp(0, -margin)).sum()) + PENALTY / 2 * float(p[:-1] @ p[:-1])
        return loss, np.append(slope.astype(np.float32) @ rows + PENALTY * p[:-1], slope.sum())

    found = minimize(cost, np.zeros(rows.shape[1] + 1), jac=True, method="L-BFGS-B", options={"maxiter": ROUNDS}).x
    weights = np.asarray(found[:-1] / spread, np.float32)
    return weights, float(found[-1] - weights @ middle)


def _parts(groups: NDArray[np.int64], random: np.random.Generator) -> NDArray[np.int64]:
    """Which of the parts each is in, a group as a whole."""
    names = np.unique(groups)
    random.shuffle(names)
    part = {int(name): n % FOLDS for n, name in enumerate(names)}
    return np.array([part[int(one)] for one in groups])


def _balanced(said: NDArray[np.bool_], true: NDArray[np.bool_]) -> float:
    """The mean of the shares told rightly among those with and those without."""
    return float((said[true].mean() + (~said[~true]).mean()) / 2)


def _card(people: tuple[Person, ...], worn: NDArray[np.bool_], scores: list[Told], said: dict[str, str]) -> str:
    """The model card, Chinese and English."""
    pictures_ = len({one.picture for one in people})
    groups = len({one.group for one in people})
    lines = [
        "# 防护用品识别模型 / Classifier of protective equipment", "",
        f"- 训练时间 / trained: {said['trained_at']}",
        f"- 特征来源 / features of: {said['detector']} (sha256 {said['detector_sha256'][:16]}…), {said['license']}",
        f"- 样本 / people: {len(people)},图片 / pictures {pictures_},相似图片组 / groups of alike pictures {groups}",
        "", "| 用品 / thing | 佩戴 / with | 未佩戴 / without | 平衡准确率 / balanced accuracy | 评测人数 / judged |",
        "|---|---|---|---|---|",
        *(
            f"| {one.thing} | {int(worn[:, n].sum())} | {int((~worn[:, n]).sum())} | {one.balanced_accuracy:.3f}"
            f"{' (试用 / beta)' if one.beta else ''} | {one.people} |"
            for n, one in enumerate(scores)
        ),
        "", f"每人由未见过其图片组的模型评测({FOLDS} 折);只评测达到判定高度的人。",
        f"Each person was judged by a classifier that saw nobody of their group ({FOLDS} parts); only the tall enough.",
        "", "判定只针对轨迹投票,不针对单帧;训练图片若与现场不同,现场效果会更差。",
        "Rules go by the votes of a track, never by one frame; on a site unlike the stills it does worse.", "",
    ]  # fmt: skip
    return "\n".join(lines)
