"""Files from outside are opened by a process of their own, confined by the kernel; this side never parses one."""

import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

import orjson
import pyarrow as pa

from core.errors import BadInputError, Fault, FaultsError
from core.texts import Text
from gis.shapes import Bounds
from layers.coverage import RasterFacts
from layers.readers import shapefiles
from layers.readers.confinement import Limits
from layers.readers.delivery import Delivery, Stated
from layers.readers.formats import Format, refused, regular, sniffed

LIMITS = Limits()
CHILD = "layers.readers.child"
ENVIRONMENT = {
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "GDAL_DRIVER_PATH": "disable",
    "GDAL_PAM_ENABLED": "NO",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "none",
    "LC_ALL": "C.UTF-8",
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": "1048576",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PROJ_NETWORK": "OFF",
    "PYTHONDONTWRITEBYTECODE": "1",
}
"""The allocator gives large pieces back at once: kept for later they count against the limit of memory, and tables that
would have filled a quarter of it were refused."""

Progress = Callable[[int], None]


def read(path: Path, stated: Stated, *, limits: Limits = LIMITS, progress: Progress = lambda _: None) -> Delivery:
    """The rows of a table or map file; BadInputError or FaultsError in a clerk's words for whatever cannot be taken.

    A reader that crashes, takes too long or too much memory is one such error.
    """
    path = regular(path)
    form = sniffed(path)
    files = list(shapefiles.parts(path).values()) if form is Format.SHAPEFILE else [path]
    with tempfile.TemporaryDirectory(prefix="onemap-read-") as folder:
        request = {"what": "rows", "path": str(path), "stated": stated.plain(), "files": [str(file) for file in files]}
        answer = asked(path, Path(folder), request, limits, progress)
        table, faults = (arrow_of(path, Path(folder) / f"{name}.arrow") for name in ("table", "faults"))
    notes = tuple(Text(zh, en) for zh, en in answer["notes"])
    return Delivery(format=Format(answer["format"]), table=table, faults=faults, notes=notes)


def accepted_raster(coverage_id: str, path: Path, *, reduce: bool = False, limits: Limits = LIMITS) -> RasterFacts:
    """What a GeoTIFF says of itself, read elsewhere, if it may be this coverage; FaultsError lists why not.

    `reduce` also puts reduced copies of a large one beside it as `.ovr`.
    """
    path = regular(path)
    if sniffed(path) is not Format.GEOTIFF:
        raise refused(path, "不是 GeoTIFF", "is not a GeoTIFF")
    with tempfile.TemporaryDirectory(prefix="onemap-read-") as folder:
        request = {"what": "raster", "path": str(path), "files": [str(path)], "coverage": coverage_id, "reduce": reduce}
        facts = asked(path, Path(folder), request, limits, lambda _: None)["facts"]
        made = Path(folder) / "delivered.tif.ovr"
        if made.exists():
            shutil.move(made, path.with_name(path.name + ".ovr"))
    bounds = Bounds(**facts.pop("bounds"))
    return RasterFacts(**{**facts, "bounds": bounds, "resolution": tuple(facts["resolution"])})


def arrow_of(path: Path, file: Path) -> pa.Table:
    """What the other process wrote, believed only after every offset and every letter is checked."""
    try:
        with pa.memory_map(str(file)) as source:
            table = pa.ipc.open_stream(source).read_all()
            table.validate(full=True)
    except (pa.ArrowException, OSError) as error:
        raise _broken(path, "-") from error
    return table


def asked(
    path: Path, folder: Path, request: dict[str, Any], limits: Limits, progress: Progress, *, child: str = CHILD
) -> dict[str, Any]:
    """What a confined process of its own answers about a file; `child` is the module that it runs."""
    given = orjson.dumps({**request, "limits": asdict(limits)})
    paths = os.pathsep.join(p for p in sys.path if p) or os.getcwd()
    environment = {
        **ENVIRONMENT,
        "PATH": os.defpath,
        "PYTHONPATH": paths,
        "TMPDIR": str(folder),
        "CPL_TMPDIR": str(folder),
    }
    with (folder / "said").open("wb") as said:
        process = begun(child, folder, environment, said)
    late = threading.Event()

    def stop() -> None:
        late.set()
        process.kill()

    timer = threading.Timer(limits.seconds, stop)
    timer.start()
    try:
        status = _followed(process, given, progress)
    finally:
        timer.cancel()
        process.kill()
        process.wait()
    if late.is_set():
        raise refused(
            path,
            f"读取超过 {limits.seconds:g} 秒,已停止;请拆分后再交",
            f"took over {limits.seconds:g} s to read; split it",
        )
    answer = folder / "answer.json"
    if status != 0 or not answer.exists():
        raise _ended(path, status, (folder / "said").read_text("utf-8", "replace"), limits)
    return _checked(path, orjson.loads(answer.read_bytes()), limits)


def begun(child: str, folder: Path, environment: Mapping[str, str], said: IO[bytes]) -> "subprocess.Popen[bytes]":
    """A Python process that runs a module over a folder of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", child, str(folder)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said, env=environment, cwd=_root(),
    )  # fmt: skip


def _followed(process: "subprocess.Popen[bytes]", given: bytes, progress: Progress) -> int:
    if process.stdin is None or process.stdout is None:
        raise AssertionError
    with process.stdout, process.stdin as asked:
        try:
            asked.write(given)
            asked.close()
        except BrokenPipeError:
            return process.wait()
        for line in process.stdout:
            if line.strip().isdigit():
                progress(int(line))
    return process.wait()


def _root() -> Path:
    return Path(__file__).resolve().parents[2]


def _checked(path: Path, answer: dict[str, Any], limits: Limits) -> dict[str, Any]:
    if "memory" in answer:
        raise _too_much(path, limits)
    if "crash" in answer:
        raise _broken(path, answer["crash"])
    if "error" in answer:
        text = Text(*answer["error"])
        faults = [
            Fault(field=f["field"], value=f["value"], rule=Text(f["zh"], f["en"]), row=f["row"], key=f["key"])
            for f in answer.get("faults", ())
        ]
        raise FaultsError(faults, text) if faults else BadInputError(text, field="file", value=path.name)
    return answer


def _ended(path: Path, status: int, said: str, limits: Limits) -> BadInputError:
    if "bad_alloc" in said or "MemoryError" in said or "out of memory" in said.lower():
        return _too_much(path, limits)
    last = said.strip().splitlines()[-1:] or ["-"]
    return _broken(path, f"{status}: {last[0][:160]}")


def _too_much(path: Path, limits: Limits) -> BadInputError:
    most = f"{limits.memory / (1 << 30):.3g} GB"
    return refused(path, f"读取所需内存超过 {most},请拆分后再交", f"needs more than {most} of memory to read; split it")


def _broken(path: Path, why: str) -> BadInputError:
    return refused(path, f"读取时出错,文件可能已损坏({why})", f"could not be read and may be damaged ({why})")
