"""What nobody asks of a YOLOX graph taken out of it: seventy-nine classes where people are looked for, and the way its
first layer was written down. The numbers that are left stay what they were (1e-5: a sum in another order)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from onnx import GraphProto, NodeProto

QUARTERS = ((0, 0), (1, 0), (0, 1), (1, 1))
"""Row and column at which each of the four pictures begins that the first layer is given side by side."""


def pruned(model: bytes, classes: int, kept: Sequence[int]) -> bytes | None:
    """The graph with the scores of `kept` alone, in that order; None where it is made in another way.

    Its output is then (1, cell, 5 + kept). Who runs it compares one answer with the whole graph's.
    """
    import onnx

    given = onnx.load_from_string(model)
    if not _classes(given.graph, classes, list(kept)):
        return None
    _first(given.graph)
    del given.graph.value_info[:]
    for one in given.graph.output:
        one.type.tensor_type.ClearField("shape")
    return bytes(given.SerializeToString())


def _classes(graph: "GraphProto", classes: int, kept: list[int]) -> bool:
    """The last convolution of each level makes the kept classes alone; False where there is no such."""
    from onnx import numpy_helper

    made = {name: node for node in graph.node for name in node.output}
    numbers = {one.name: one for one in graph.initializer}
    last = []
    for node in graph.node:
        score = made.get(node.input[-1]) if node.op_type == "Concat" and len(node.input) == 3 else None
        layer = made.get(score.input[0]) if score is not None and score.op_type == "Sigmoid" else None
        if layer is not None and layer.op_type == "Conv" and numbers[layer.input[1]].dims[0] == classes:
            last.append(layer)
    shapes = [numbers[node.input[1]] for node in graph.node if node.op_type == "Reshape" and node.input[1] in numbers]
    if not kept or not last or len(shapes) != len(last):
        return False
    for layer in last:
        for name in layer.input[1:]:
            numbers[name].CopyFrom(numpy_helper.from_array(numpy_helper.to_array(numbers[name])[kept], name))
    for shape in shapes:
        values = numpy_helper.to_array(shape).copy()
        values[values == 5 + classes] = 5 + len(kept)
        shape.CopyFrom(numpy_helper.from_array(values, shape.name))
    return True


def _first(graph: "GraphProto") -> None:
    """Every second pixel four times side by side, then 3x3, is 6x6 at every second pixel: one layer instead of ten."""
    from onnx import helper, numpy_helper

    picture = graph.input[0].name
    made = {name: node for node in graph.node for name in node.output}
    numbers = {one.name: one for one in graph.initializer}
    layer = next(node for node in graph.node if node.op_type == "Conv")
    joined = made.get(layer.input[0])
    if joined is None or joined.op_type != "Concat" or len(joined.input) != len(QUARTERS):
        return
    ways = [_slices(name, made, picture) for name in joined.input]
    told = {one.name: helper.get_attribute_value(one) for one in layer.attribute}
    plain = (told.get("pads"), told.get("strides", [1, 1]), told.get("kernel_shape"), told.get("group", 1)) == (
        [1, 1, 1, 1], [1, 1], [3, 3], 1,
    )  # fmt: skip
    if not plain or any(way is None for way in ways):
        return
    weights = numpy_helper.to_array(numbers[layer.input[1]])
    wide = np.zeros((weights.shape[0], weights.shape[1] // 4, 6, 6), np.float32)
    for n, (row, column) in enumerate(QUARTERS):
        wide[:, :, row::2, column::2] = np.split(weights, 4, axis=1)[n]
    name = f"{layer.input[1]}_wide"
    graph.initializer.append(numpy_helper.from_array(wide, name))
    gone = [joined, layer, *(node for way in ways if way for node in way)]
    rest = [node for node in graph.node if node not in gone]
    one = helper.make_node(
        "Conv", [picture, name, *layer.input[2:]], list(layer.output), kernel_shape=[6, 6], strides=[2, 2],
        pads=[2, 2, 2, 2],
    )  # fmt: skip
    del graph.node[:]
    graph.node.extend([one, *rest])


def _slices(name: str, made: dict[str, "NodeProto"], picture: str) -> list["NodeProto"] | None:
    """The two steps by which one of the four is cut out of the picture."""
    found: list[NodeProto] = []
    while name != picture:
        node = made.get(name)
        if node is None or node.op_type != "Slice":
            return None
        found.append(node)
        name = node.input[0]
    return found
