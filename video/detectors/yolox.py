"""YOLOX by ONNX Runtime: one thread a session, so that several cameras share the cores fairly.

Ge et al., YOLOX: Exceeding YOLO Series in 2021, arXiv:2107.08430; anchors are free, strides 8, 16 and 32. The network
is made of convolutions alone, so a wide picture is not padded to a square: its session takes the rows it has, and makes
no scores of classes that nobody looks for.
"""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from core.errors import BadInputError
from core.texts import Text
from video.detections import NOTHING, Detections, Floats, Image
from video.detectors.pruned import pruned
from video.detectors.resized import resized
from video.thresholds import threshold

STRIDES = (8, 16, 32)
SIZES = 8
"""Networks for pictures of different sizes that are held at once."""
PADDING = 114
LEAST = threshold("detector.candidate")
SAME = threshold("detector.same")
SIDE, SMALL = int(threshold("detector.side")), int(threshold("detector.small"))


class Session:
    """The network for pictures of one size. Raises: ValueError where its output does not fit the size."""

    def __init__(self, model: bytes, classes: int) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        given = self._session.get_inputs()[0]
        self._input, self.height, self.width = given.name, int(given.shape[2]), int(given.shape[3])
        self.grid, self.stride = _grid(self.width, self.height)
        made = self.run(np.full((1, 3, self.height, self.width), PADDING, np.float32)).shape
        if made != (len(self.grid), 5 + classes):
            raise ValueError(f"output {made} does not fit {classes} classes")

    def run(self, given: Floats) -> Floats:
        """Rows (cell, 5 + classes) of one picture (1, channel, row, column)."""
        found: Floats = self._session.run(None, {self._input: given})[0][0]
        return found


class Yolox:
    """One model; `side` is how many pixels the longer side of a picture gets, without one the declared size, or less
    where that is no more than a small detector's. It may be set between two pictures.

    Raises: BadInputError where the file is no such model.
    """

    def __init__(self, path: Path, names: Sequence[str], wanted: frozenset[str], side: int | None = None) -> None:
        self._model, self._classes, self._step = path.read_bytes(), len(names), STRIDES[0]
        kept = [n for n, name in enumerate(names) if name in wanted]
        self._kept = tuple(names[n] for n in kept)
        self._columns = [5 + n for n in kept]
        try:
            declared = Session(self._model, len(names))
        except ValueError as error:
            said = Text(f"模型输出与类别数 {len(names)} 不符", f"the output does not fit {len(names)} classes")
            raise BadInputError(said, field="model") from error
        except Exception as error:  # the library has many kinds, and all mean this
            raise BadInputError(
                Text(f"{path.name} 不是可运行的 ONNX 模型", f"{path.name} is no ONNX model that can be run"),
                field="model",
            ) from error
        longer = max(declared.width, declared.height)
        self.side = side or (longer if longer > SMALL else min(longer, SIDE))
        self._sessions: dict[tuple[int, int], Session] = {}
        self._prune(declared, kept)

    def _prune(self, whole: Session, kept: list[int]) -> None:
        """Work with the pruned graph where it answers as the whole one does."""
        model = pruned(self._model, self._classes, kept)
        less = None if model is None else _session(model, len(kept))
        if model is None or less is None:
            return
        seen = np.random.default_rng(1).uniform(0, 255, (1, 3, whole.height, whole.width)).astype(np.float32)
        if np.allclose(less.run(seen), whole.run(seen)[:, [*range(5), *self._columns]], atol=1e-3):
            self._model, self._classes, self._columns = model, len(kept), [5 + n for n in range(len(kept))]

    @property
    def names(self) -> frozenset[str]:
        """The classes it looks for."""
        return frozenset(self._kept)

    def detect(self, frame: Image) -> Detections:
        """Boxes in pixels of the frame, best first within a class."""
        rows, columns = frame.shape[:2]
        scale = self.side / max(rows, columns)
        session = self._session(round(columns * scale), round(rows * scale))
        scale = min(session.width / columns, session.height / rows)
        small = cv2.resize(frame, (round(columns * scale), round(rows * scale)))
        if (apart := (session.height - small.shape[0], session.width - small.shape[1])) != (0, 0):
            small = cv2.copyMakeBorder(small, 0, apart[0], 0, apart[1], cv2.BORDER_CONSTANT, value=[PADDING] * 3)
        return self._read(session.run(np.asarray(cv2.dnn.blobFromImage(small), np.float32)), session, scale)

    def _session(self, width: int, height: int) -> Session:
        """The session whose picture holds so many pixels, made when first asked for."""
        size = (-(-width // self._step) * self._step, -(-height // self._step) * self._step)
        if size not in self._sessions:
            model = resized(self._model, width=size[0], height=size[1])
            made = _session(model, self._classes) if self._step < STRIDES[-1] else Session(model, self._classes)
            if made is None:  # its levels are joined in another way: by whole cells of the coarsest
                self._step = STRIDES[-1]
                return self._session(width, height)
            if len(self._sessions) >= SIZES:  # a camera that changes its size again and again fills no memory
                self._sessions.pop(next(iter(self._sessions)))
            self._sessions[size] = made
        return self._sessions[size]

    def _read(self, rows: Floats, session: Session, scale: float) -> Detections:
        likely = np.flatnonzero(rows[:, 4] >= LEAST)  # no score is above that of there being anything
        scores = rows[likely, 4:5] * rows[np.ix_(likely, self._columns)]
        if not len(likely):
            return NOTHING
        best = scores.argmax(axis=1)
        top = scores[np.arange(len(best)), best]
        sure = np.flatnonzero(top >= LEAST)
        if not len(sure):
            return NOTHING
        kept, best, top = likely[sure], best[sure], top[sure]
        middles = (rows[kept, :2] + session.grid[kept]) * session.stride[kept]
        halves = np.exp(rows[kept, 2:4]) * session.stride[kept] / 2
        boxes = np.concatenate([middles - halves, middles + halves], axis=1) / scale
        classes, tops = best, top
        sized = np.concatenate([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]], axis=1)
        alone = np.asarray(
            cv2.dnn.NMSBoxesBatched(sized.tolist(), tops.tolist(), classes.tolist(), LEAST, SAME), np.int64
        ).reshape(-1)
        names = tuple(self._kept[int(classes[n])] for n in alone)
        return Detections(boxes[alone].astype(np.float32), tops[alone].astype(np.float32), names)


def _session(model: bytes, classes: int) -> Session | None:
    """A graph that was changed here as a session; None where it cannot be run so."""
    try:
        return Session(model, classes)
    except Exception:  # the library has many kinds, and all mean this
        return None


def _grid(width: int, height: int) -> tuple[Floats, Floats]:
    """Column and row of each cell (n, 2), and its stride (n, 1)."""
    cells, strides = [], []
    for stride in STRIDES:
        x, y = np.meshgrid(np.arange(-(-width // stride)), np.arange(-(-height // stride)))
        cells.append(np.stack([x.ravel(), y.ravel()], axis=1))
        strides.append(np.full((x.size, 1), stride))
    return np.concatenate(cells).astype(np.float32), np.concatenate(strides).astype(np.float32)
