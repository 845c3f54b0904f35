"""Arrow IPC, stream or file: `point`, `ts` (a timestamp with its zone, or milliseconds), `v`, and `q`, `element`."""

import struct

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.ipc

from core.errors import BadInputError
from core.texts import Text
from monitoring.formats.columns import FIELDS, sent, too_many
from monitoring.readings import MOST_ROWS, Sent

FILE_MAGIC = b"ARROW1"
MOST_MESSAGES = 1000
COMPRESSED = Text("Arrow 数据请勿压缩", "send Arrow without compression")


def from_arrow(body: bytes, most: int = MOST_ROWS) -> Sent:
    """The readings of a table; compressed buffers are refused, for a few of their bytes could fill the memory."""
    try:
        table = _table(body[8:] if body.startswith(FILE_MAGIC) else body, most)
    except (pa.ArrowException, OSError, struct.error, IndexError) as error:
        said = str(error)[:200]
        raise BadInputError(
            Text(f"不是可读的 Arrow 数据:{said}", f"not readable Arrow: {said}"), field="body"
        ) from error
    lacking = [name for name in ("point", "ts", "v") if name not in table.column_names]
    if lacking:
        raise BadInputError(
            Text(f"缺少列 {'、'.join(lacking)}", f"columns {', '.join(lacking)} are missing"), field=lacking[0]
        )
    columns = {name: _plain(table[name]) for name in FIELDS if name in table.column_names}
    return sent(columns, table.num_rows, most=most)


def _table(stream: bytes, most: int) -> pa.Table:
    """The record batches of a stream (a file is one between its marks), each looked at before its buffers are made."""
    source = pa.BufferReader(stream)
    messages = pa.ipc.MessageReader.open_stream(source)
    for number in range(MOST_MESSAGES + 1):
        try:
            message = messages.read_next_message()
        except StopIteration:
            break
        if number == MOST_MESSAGES:
            raise BadInputError(
                Text(f"一次最多 {MOST_MESSAGES} 个数据块", f"at most {MOST_MESSAGES} record batches"), field="body"
            )
        if message.type in ("record batch", "dictionary") and _compressed(message.metadata.to_pybytes()):
            raise BadInputError(COMPRESSED, field="body")
    with pa.ipc.open_stream(pa.BufferReader(stream)) as reader:
        parts, rows = [], 0
        for part in reader:
            part.validate(full=True)
            rows += part.num_rows
            if rows > most:
                raise too_many(rows, most)
            parts.append(part)
        return pa.Table.from_batches(parts, schema=reader.schema)


def _compressed(metadata: bytes) -> bool:
    """Whether a message's flatbuffer names a compression: field 3 of a record batch, which a dictionary wraps.

    Message: version 0, header_type 1, header 2; RecordBatch: length 0, nodes 1, buffers 2, compression 3;
    DictionaryBatch: id 0, data 1 (Apache Arrow, format/Message.fbs).
    """
    root = struct.unpack_from("<I", metadata, 0)[0]
    kind = _field(metadata, root, 1)
    header = _follow(metadata, root, 2)
    if kind is None or header is None:
        return False
    if metadata[kind] == 2:
        header = _follow(metadata, header, 1)
    return header is not None and _field(metadata, header, 3) is not None


def _field(data: bytes, table: int, number: int) -> int | None:
    """Where a field of a flatbuffer's table lies, or None where it is not there."""
    entries = table - struct.unpack_from("<i", data, table)[0]
    size = struct.unpack_from("<H", data, entries)[0]
    slot = 4 + 2 * number
    offset = struct.unpack_from("<H", data, entries + slot)[0] if slot < size else 0
    return table + offset if offset else None


def _follow(data: bytes, table: int, number: int) -> int | None:
    at = _field(data, table, number)
    return None if at is None else at + int(struct.unpack_from("<I", data, at)[0])


def _plain(column: pa.ChunkedArray) -> pa.Array:
    array = column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
    if pa.types.is_dictionary(array.type):
        return array.dictionary_decode()
    if pa.types.is_timestamp(array.type) and array.type.tz is None:
        return pc.cast(array, pa.string())
    return array
