"""A graph's declared input size changed: what a convolution needs to be run on pictures of another shape."""


def resized(model: bytes, *, width: int, height: int) -> bytes:
    """The same model for pictures of `width` x `height` pixels, its input being (batch, channel, row, column).

    The declared shapes of outputs and of values between are left out, which the runtime infers.
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
    return bytes(given.SerializeToString())
