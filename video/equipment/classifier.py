"""The classifier a site trained, run on the people of one picture."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.errors import BadInputError
from core.texts import Text
from video.detections import Floats, Image
from video.equipment.crops import COLUMNS, ROWS, upper_body


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a classifier says of one thing it looks for: how good it was on people it had not seen, and on how many."""

    thing: str
    balanced_accuracy: float
    people: int
    beta: bool


class Classifier:
    """Raises: BadInputError where the file is no such classifier."""

    def __init__(self, path: Path) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        try:
            self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
            said = self._session.get_modelmeta().custom_metadata_map
            self.told = tuple(Told(**one) for one in json.loads(said["things"]))
            self._input = self._session.get_inputs()[0].name
            tried = self._session.run(None, {self._input: pictures(np.zeros((2, ROWS, COLUMNS, 3), np.uint8))})[0]
            if tried.shape != (2, len(self.told)) or not ((tried >= 0) & (tried <= 1)).all():
                raise ValueError("its output is no probability of each thing")
        except Exception as error:  # the library has many kinds, and all mean this
            raise BadInputError(
                Text(f"{path.name} 不是防护用品识别模型", f"{path.name} is no classifier of protective equipment"),
                field="model",
            ) from error

    @property
    def things(self) -> tuple[str, ...]:
        """What it looks for, in the order of its columns."""
        return tuple(one.thing for one in self.told)

    def worn(self, frame: Image, boxes: Floats) -> Floats:
        """The probability that the person in each box (n, 4) wears each thing, (n, things)."""
        if not len(boxes):
            return np.zeros((0, len(self.told)), np.float32)
        crops = np.stack([upper_body(frame, one) for one in boxes])
        found: Floats = self._session.run(None, {self._input: pictures(crops)})[0]
        return found


def pictures(crops: Image) -> Floats:
    """Crops (n, row, column, 3) as the graph takes them, (n, 3, row, column)."""
    return np.ascontiguousarray(crops.transpose(0, 3, 1, 2), np.float32)
