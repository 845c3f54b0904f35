"""A graph's declared input size changed: what a convolution needs to be run on pictures of another shape.

ONNX is protocol buffers; only the numbers on the way model → graph → input → type → tensor → shape → dimension are
rewritten, and the declared shapes of outputs and of values between left out, which the runtime infers. Field numbers
are those of onnx.proto3 (ONNX 1.x, Apache-2.0).
"""

from collections.abc import Iterator

GRAPH = 7
INPUT, OUTPUT, BETWEEN = 11, 12, 13
TYPE, TENSOR, SHAPE, DIMENSION = 2, 1, 2, 1
VALUE = 1
LENGTH_DELIMITED = 2


def resized(model: bytes, *, width: int, height: int) -> bytes:
    """The same model for pictures of `width` x `height` pixels, its input being (batch, channel, row, column).

    Raises: ValueError where the bytes are no protocol buffer.
    """
    return b"".join(
        _written(field, kind, _graph(held, width, height) if field == GRAPH and isinstance(held, bytes) else held)
        for field, kind, held in _fields(model)
    )


def _graph(graph: bytes, width: int, height: int) -> bytes:
    parts = []
    for field, kind, held in _fields(graph):
        if field == BETWEEN or not isinstance(held, bytes):
            continue
        if field == INPUT:
            held = _sized(held, (None, None, height, width))
        elif field == OUTPUT:
            held = _unshaped(held)
        parts.append(_written(field, kind, held))
    return b"".join(parts)


def _sized(message: bytes, sizes: tuple[int | None, ...], way: tuple[int, ...] = (TYPE, TENSOR, SHAPE)) -> bytes:
    """A value's declaration with its dimensions replaced where a size is given."""
    if way:
        return b"".join(
            _written(field, kind, _sized(held, sizes, way[1:]) if field == way[0] and isinstance(held, bytes) else held)
            for field, kind, held in _fields(message)
        )
    dimensions = [held for field, _, held in _fields(message) if field == DIMENSION]
    return b"".join(
        _written(DIMENSION, LENGTH_DELIMITED, held if size is None else _written(VALUE, 0, size))
        for held, size in zip(dimensions, sizes, strict=True)
    )


def _unshaped(message: bytes, way: tuple[int, ...] = (TYPE, TENSOR)) -> bytes:
    """A value's declaration without its shape."""
    if not way:
        return b"".join(_written(field, kind, held) for field, kind, held in _fields(message) if field != SHAPE)
    return b"".join(
        _written(field, kind, _unshaped(held, way[1:]) if field == way[0] and isinstance(held, bytes) else held)
        for field, kind, held in _fields(message)
    )


def _fields(message: bytes) -> Iterator[tuple[int, int, bytes | int]]:
    """Field number, wire type and content of each field in order."""
    at = 0
    while at < len(message):
        key, at = _number(message, at)
        field, kind = key >> 3, key & 7
        if kind == 0:
            held, at = _number(message, at)
            yield field, kind, held
            continue
        if kind == LENGTH_DELIMITED:
            length, at = _number(message, at)
        elif kind in (1, 5):
            length = 8 if kind == 1 else 4
        else:
            raise ValueError(f"wire type {kind} is none of protocol buffers 3")
        if at + length > len(message):
            raise ValueError("a field is longer than its message")
        yield field, kind, message[at : at + length]
        at += length


def _number(message: bytes, at: int) -> tuple[int, int]:
    found, shift = 0, 0
    while at < len(message) and shift < 64:
        byte = message[at]
        found, shift, at = found | (byte & 0x7F) << shift, shift + 7, at + 1
        if byte < 0x80:
            return found, at
    raise ValueError("a number has no end")


def _written(field: int, kind: int, held: bytes | int) -> bytes:
    key = _varint(field << 3 | kind)
    if isinstance(held, int):
        return key + _varint(held)
    return key + (_varint(len(held)) if kind == LENGTH_DELIMITED else b"") + held


def _varint(number: int) -> bytes:
    written = bytearray()
    while number >= 0x80:
        written.append(number & 0x7F | 0x80)
        number >>= 7
    written.append(number)
    return bytes(written)
