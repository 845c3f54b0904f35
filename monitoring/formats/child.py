"""The process that opens a dropped file of readings: `python -m monitoring.formats.child FOLDER`.

The request comes on its input. Confined as the one that opens uploads; it answers by `answer.json` and `table.arrow`
(schema SENT) in the folder.
"""

import os
import sys
from pathlib import Path

import orjson
import pyarrow as pa

from core.errors import BadInputError
from layers.readers.confinement import Limits, confine, libraries
from monitoring.formats.arrow import FILE_MAGIC, from_arrow
from monitoring.formats.csv import from_csv
from monitoring.formats.json import from_json
from monitoring.readings import Sent

STREAM_MAGIC = b"\xff\xff\xff\xff"


def main() -> int:
    """Read one file, having given up every right that takes no part in it."""
    folder = Path(sys.argv[1])
    request = orjson.loads(sys.stdin.buffer.read())
    os.dup2(2, 1)
    file = Path(request["path"])
    confine([*libraries(), file], [folder], Limits(**request["limits"]))
    (folder / "answer.json").write_bytes(orjson.dumps(_answered(file, folder, request["most"])))
    return 0


def _answered(file: Path, folder: Path, most: int) -> dict[str, object]:
    try:
        found = read(file.read_bytes(), most)
    except BadInputError as error:
        return {"error": [error.text.zh, error.text.en]}
    except MemoryError:
        return {"memory": True}
    with pa.OSFile(str(folder / "table.arrow"), "wb") as out, pa.ipc.new_stream(out, found.table.schema) as stream:
        stream.write_table(found.table, max_chunksize=50_000)
    shown = [
        {"row": one.row, "field": one.field, "value": one.value, "zh": one.rule.zh, "en": one.rule.en}
        for one in found.faults.shown
    ]
    return {"received": found.received, "wrong": found.faults.count, "shown": shown}


def read(body: bytes, most: int) -> Sent:
    """The readings of a file; its first bytes say what it is, not its name."""
    if body.startswith((FILE_MAGIC, STREAM_MAGIC)):
        return from_arrow(body, most)
    if body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"[", b"{"):
        return from_json(body, most)
    return from_csv(body, most)


if __name__ == "__main__":
    sys.exit(main())
