"""The process that opens a file from outside: `python -m layers.readers.child FOLDER`, the request on its input.

It answers by files in the folder, its own for the occasion: `answer.json`, and `table.arrow` and `faults.arrow` as
Arrow IPC streams. Its output carries nothing but the number of rows read so far.
"""

import os
import sys
import traceback
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import core
import gis
import layers
from layers.readers.confinement import Limits, confine, libraries

ROOMS = (core, gis, layers)
"""Imported before the file system closes, for afterwards the folder they lie in cannot be listed."""


class WithoutFrames:
    """Keeps pyogrio and pyarrow from importing pandas, which takes longer than most files and no reader uses."""

    @staticmethod
    def find_spec(name: str, *_: object) -> None:
        """Asked before any other finder."""
        if name in ("pandas", "geopandas"):
            raise ModuleNotFoundError(name)


def main() -> int:
    """Read one request, give up every right it does not need, answer."""
    sys.meta_path.insert(0, WithoutFrames)
    import orjson

    folder = Path(sys.argv[1])
    request = orjson.loads(sys.stdin.buffer.read())
    told = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    files = [Path(file) for file in request["files"]]
    mended = files if request.get("reduce") else []
    enforced = confine([*libraries(), *files], [folder, *mended], Limits(**request["limits"]))
    answer = answered(request, folder, lambda count: _tell(told, count))
    (folder / "answer.json").write_bytes(orjson.dumps({**answer, "enforced": enforced}))
    return 0


def _tell(told: Any, count: int) -> None:
    told.write(f"{count}\n".encode())


def answered(request: Mapping[str, Any], folder: Path, progress: Any) -> dict[str, Any]:
    """What the parent is told: notes, or every fault of the file as a whole."""
    from core.errors import BadInputError, FaultsError

    try:
        if request["what"] == "raster":
            return {"facts": _raster(Path(request["path"]), request["coverage"], folder if request["reduce"] else None)}
        return _rows(request, folder, progress)
    except FaultsError as error:
        faults = [
            {"field": f.field, "value": f.value[:200], "zh": f.rule.zh, "en": f.rule.en, "row": f.row, "key": f.key}
            for f in error.faults[:1000]
        ]
        return {"error": [error.text.zh, error.text.en], "faults": faults}
    except BadInputError as error:
        return {"error": [error.text.zh, error.text.en]}
    except MemoryError:
        return {"memory": True}
    except Exception:
        traceback.print_exc()
        return {"crash": traceback.format_exc(limit=-1).strip().splitlines()[-1][:200]}


def _rows(request: Mapping[str, Any], folder: Path, progress: Any) -> dict[str, Any]:
    import pyarrow as pa

    from layers.readers.delivery import Stated
    from layers.readers.dispatch import delivery

    files = [Path(file) for file in request["files"]]
    found = delivery(Path(request["path"]), Stated.from_plain(request["stated"]), folder, progress, files)
    for name, table in (("table", found.table), ("faults", found.faults)):
        with pa.OSFile(str(folder / f"{name}.arrow"), "wb") as file, pa.ipc.new_stream(file, table.schema) as stream:
            stream.write_table(table, max_chunksize=50_000)
    return {"format": found.format.value, "notes": [[note.zh, note.en] for note in found.notes]}


def _raster(path: Path, coverage_id: str, copies: Path | None) -> dict[str, Any]:
    """Reduced copies are written beside a link in the folder, the only place where new files may be made."""
    from layers.coverage import checked_raster, coverage, reduce_raster

    declared = coverage(coverage_id)
    facts = checked_raster(declared, path)
    if copies is not None:
        (copies / "delivered.tif").symlink_to(path)
        reduce_raster(declared, copies / "delivered.tif")
    return {**asdict(facts)}


if __name__ == "__main__":
    sys.exit(main())
