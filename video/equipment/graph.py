"""The classifier as an ONNX graph: the first layers of a detector, their features averaged in cells, and two
sums of them.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper, shape_inference
from onnx.utils import Extractor

from core.errors import BadInputError
from core.texts import Text
from video.equipment.crops import COLUMNS, ROWS

CELLS = (12, 4)
"""Rows and columns of cells the features are averaged in."""

STRIDES = (8, 16)
ACTIVATIONS = frozenset({"Mul", "Relu", "LeakyRelu", "HardSwish", "Sigmoid"})
FEATURES, WORN = "onemap_features", "onemap_worn"


def featuring(detector: bytes) -> onnx.ModelProto:
    """The graph from pictures (n, 3, `ROWS`, `COLUMNS`) to features (n, channels, *`CELLS`).

    They are those of the last layer of strides 8 and 16 before the picture is made smaller again: edges and colours of
    parts, which tell a hat from hair; what follows looks for whole things.

    Raises: BadInputError where the detector has no such layers.
    """
    model = shape_inference.infer_shapes(onnx.load_from_string(detector))
    given = model.graph.input[0]
    layers = _layers(model)
    cut = Extractor(model).extract_model([given.name], list(layers))
    graph = cut.graph
    del graph.value_info[:]
    dims = graph.input[0].type.tensor_type.shape.dim
    dims[0].dim_param, dims[2].dim_value, dims[3].dim_value = "n", ROWS, COLUMNS
    pooled = []
    for name, stride in zip(layers, STRIDES, strict=True):
        kernel = [ROWS // stride // CELLS[0], COLUMNS // stride // CELLS[1]]
        pooled.append(f"{name}_cells")
        graph.node.append(helper.make_node("AveragePool", [name], [pooled[-1]], kernel_shape=kernel, strides=kernel))
    graph.node.append(helper.make_node("Concat", pooled, [FEATURES], axis=1))
    del graph.output[:]
    graph.output.append(helper.make_tensor_value_info(FEATURES, onnx.TensorProto.FLOAT, ["n", None, *CELLS]))
    return cut


def classifying(features: onnx.ModelProto, weights: NDArray[np.float32], bias: NDArray[np.float32]) -> onnx.ModelProto:
    """The graph that goes on to the probability that each thing is worn, (n, things).

    `weights` (channels x cells, things).
    """
    model = onnx.ModelProto()
    model.CopyFrom(features)
    graph = model.graph
    graph.initializer.extend(
        [numpy_helper.from_array(weights, "onemap_weights"), numpy_helper.from_array(bias, "onemap_bias")]
    )
    graph.node.extend(
        [
            helper.make_node("Flatten", [FEATURES], ["onemap_flat"], axis=1),
            helper.make_node("Gemm", ["onemap_flat", "onemap_weights", "onemap_bias"], ["onemap_sums"]),
            helper.make_node("Sigmoid", ["onemap_sums"], [WORN]),
        ]
    )
    del graph.output[:]
    graph.output.append(helper.make_tensor_value_info(WORN, onnx.TensorProto.FLOAT, ["n", len(bias)]))
    onnx.checker.check_model(model)
    return model


def told(model: onnx.ModelProto, said: Mapping[str, str]) -> bytes:
    """The model as a file that says of itself what it is."""
    model.producer_name = "onemap video train-ppe"
    helper.set_model_props(model, dict(said))
    return bytes(model.SerializeToString())


def _layers(model: onnx.ModelProto) -> tuple[str, ...]:
    """Of a graph with its shapes inferred, the last activation of each stride before the next, in its order."""
    shapes: dict[str, Any] = {one.name: one.type.tensor_type.shape.dim for one in model.graph.value_info}
    rows = model.graph.input[0].type.tensor_type.shape.dim[2].dim_value
    found: dict[int, str] = {}
    deepest = 0
    for node in model.graph.node:
        dims = shapes.get(node.output[0], ())
        if len(dims) != 4 or not rows or not dims[2].dim_value:
            continue
        stride = rows // dims[2].dim_value
        deepest = max(deepest, stride)
        if stride == deepest and stride in STRIDES and node.op_type in ACTIVATIONS:
            found[stride] = node.output[0]
    if deepest <= STRIDES[-1] or set(found) != set(STRIDES):
        raise BadInputError(
            Text("检测模型没有步长 8、16 的特征层,不能用来训练", "the detector has no layers of strides 8 and 16"),
            field="detector",
        )  # fmt: skip
    return tuple(found[one] for one in STRIDES)
