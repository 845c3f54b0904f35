"""A graph's declared input size changed: what a convolution needs to be run on pictures of another shape."""

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from onnx import GraphProto

COARSEST = 32
"""Pixels a cell of the coarsest level, which is doubled for the next."""


def resized(model: bytes, *, width: int, height: int) -> bytes:
    """The same model for pictures of `width` x `height` pixels, its input being (batch, channel, row, column).

    The declared shapes of outputs and of values between are left out, which the runtime infers. Where the size is no
    multiple of 32 a level that was doubled is cut to the one it is joined with, so that multiples of 8 will do.
    Raises: ValueError where the bytes are no graph.
    """
    import onnx

    try:
        given = onnx.load_from_string(model)
    except Exception as error:  # protobuf has a kind of its own a backend
        raise ValueError("the bytes are no ONNX graph") from error
    for one in given.graph.input:
        rows, columns = one.type.tensor_type.shape.dim[2:4]
        rows.dim_value, columns.dim_value = height, width
    for one in given.graph.output:
        one.type.tensor_type.ClearField("shape")
    del given.graph.value_info[:]
    _cut(given.graph, width, height)
    return bytes(given.SerializeToString())


def _cut(graph: "GraphProto", width: int, height: int) -> None:
    """After each doubling, the rows and columns alone that the finer level has."""
    from onnx import helper, numpy_helper

    nodes, cell = [], COARSEST
    for node in graph.node:
        nodes.append(node)
        if node.op_type != "Resize":
            continue
        fine, cell = [-(-side // (cell // 2)) for side in (height, width)], cell // 2
        if all(side % 2 == 0 for side in fine):
            continue
        name, whole = node.output[0], f"{node.output[0]}_whole"
        node.output[0] = whole
        numbers = {"from": [0, 0], "to": fine, "axes": [2, 3]}
        for part, values in numbers.items():
            graph.initializer.append(numpy_helper.from_array(np.array(values, np.int64), f"{name}_{part}"))
        nodes.append(helper.make_node("Slice", [whole, *(f"{name}_{part}" for part in numbers)], [name]))
    del graph.node[:]
    graph.node.extend(nodes)
