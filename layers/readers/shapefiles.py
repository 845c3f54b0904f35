"""A shapefile's parts beside each other, and the encoding of its table: declared, marked, or seen in its bytes."""

import codecs
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from layers.readers.archives import SHAPEFILE_PARTS
from layers.readers.formats import refused

_GBK_MARK = 0x4D
_LOOKED_AT = 4 << 20


def parts(path: Path, among: Iterable[Path] | None = None) -> dict[str, Path]:
    """The files that make up a shapefile, whatever the case of their names; links are refused, missing ones named.

    `among` spares looking into the folder, which the reading process may not.
    """
    stem = path.stem.lower()
    found = {
        other.suffix.lower(): other
        for other in (path.parent.iterdir() if among is None else among)
        if other.stem.lower() == stem and other.suffix.lower() in SHAPEFILE_PARTS
    }
    missing = [part for part in (".shp", ".shx", ".dbf") if part not in found]
    if missing:
        names = "、".join(missing)
        raise refused(
            path, f"缺少同名的 {names} 文件;Shapefile 须 .shp、.shx、.dbf 一起交",
            f"has no {names} beside it; a shapefile is .shp, .shx and .dbf together",
        )  # fmt: skip
    linked = next((part for part in found.values() if part.is_symlink()), None)
    if linked is not None:
        raise refused(linked, "是符号链接,请给出文件本身", "is a symbolic link; give the file itself")
    return found


def encoding(found: dict[str, Path], stated: str | None) -> str:
    """What is stated, else what .cpg or the table's mark says, else UTF-8 or GB18030, whichever the bytes are.

    A statement that the bytes contradict is refused, for it would turn every Chinese word into others.
    """
    with found[".dbf"].open("rb") as file:
        head = file.read(32)
        body = file.read(_LOOKED_AT)
    seen = _seen(body)
    if stated is not None:
        said = _known(found[".dbf"], stated)
    elif ".cpg" in found:
        word = found[".cpg"].read_bytes()[:64].decode("ascii", "replace").strip()
        said = _known(found[".cpg"], {"936": "GB18030", "54936": "GB18030", "65001": "UTF-8"}.get(word, word))
    else:
        said = "GB18030" if len(head) == 32 and head[29] == _GBK_MARK else seen or "UTF-8"
    if seen is not None and said != seen and {said, seen} == {"UTF-8", "GB18030"}:
        by = "--encoding" if stated is not None else ".cpg" if ".cpg" in found else ".dbf"
        raise refused(
            found[".dbf"], f"的编码与声明不符:{by} 说是 {said},内容像是 {seen};请用 --encoding {seen}",
            f"is not in the encoding {by} says ({said}); it looks like {seen}: state --encoding {seen}",
        )  # fmt: skip
    return said


def _known(path: Path, name: str) -> str:
    try:
        found = codecs.lookup(name.replace("ANSI ", "cp")).name
    except LookupError as error:
        raise refused(path, f"的编码“{name}”无法识别", f"names an unknown encoding {name!r}") from error
    return "GB18030" if found in ("gbk", "gb2312", "gb18030", "cp936") else found.upper()


def _seen(body: bytes) -> str | None:
    """What the bytes are, or None when they are ASCII; a table cuts characters at the width of its columns."""
    beyond = len(body.translate(None, bytes(range(128))))
    if beyond == 0:
        return None
    return "UTF-8" if body.decode("utf-8", "replace").count("\ufffd") * 20 < beyond else "GB18030"


def lost(found: dict[str, Path], column: pa.ChunkedArray) -> np.ndarray:
    """Records without a geometry that do not say they have none: GDAL passes over broken ones in silence."""
    missing = np.asarray(pc.is_null(column).to_numpy())
    index = np.fromfile(found[".shx"], ">i4", offset=100).astype(np.int64)
    offsets = index[: len(index) // 2 * 2 : 2] * 2
    if not missing.any() or len(offsets) != len(missing):
        return np.zeros(len(missing), bool)
    whole = np.fromfile(found[".shp"], np.uint8)
    at = offsets + 8
    there = (at >= 0) & (at + 4 <= len(whole))
    kinds = np.full(len(at), -1, np.int64)
    letters = whole[at[there][:, None] + np.arange(4)]
    kinds[there] = np.ascontiguousarray(letters).view("<i4")[:, 0]
    return np.asarray(missing & (kinds != 0))
