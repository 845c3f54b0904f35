"""GeoJSON looked over as JSON first: whole, and with no name twice in one object, so that no value is lost unsaid."""

import json
from collections import Counter
from pathlib import Path

from layers.readers.formats import refused


class _TwiceError(ValueError):
    """A name given twice."""


def _once(pairs: list[tuple[str, object]]) -> str | None:
    """Of an object only its type is kept, so that a large file never lies in memory as Python objects."""
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        name, _ = Counter(names).most_common(1)[0]
        raise _TwiceError(name)
    return next((str(value) for name, value in pairs if name == "type" and isinstance(value, str)), None)


_DECODER = json.JSONDecoder(object_pairs_hook=_once, parse_float=lambda _: None, parse_int=lambda _: None)


def looked_over(path: Path, lines: bool) -> None:
    """Refuse what is not JSON throughout, by the line and column where it stops being so."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refused(
            path,
            "不是 UTF-8 编码(GeoJSON 须为 UTF-8),请转换后再交",
            "is not UTF-8, as GeoJSON must be; convert it first",
        ) from error
    at = 1
    try:
        if not lines:
            _DECODER.decode(text)
            return
        for at, line in enumerate(text.split("\n"), 1):  # noqa: B007 the handlers say where it was
            if line.strip("\x1e \t\r"):
                _DECODER.decode(line.strip("\x1e \t\r"))
    except _TwiceError as error:
        where = (f"(第 {at} 行)", f" (line {at})") if lines else ("", "")
        raise refused(
            path, f"中同一对象内“{error}”出现两次{where[0]},无法判断以哪个为准",
            f"has {str(error)!r} twice in one object{where[1]}: which one counts cannot be known",
        ) from error  # fmt: skip
    except json.JSONDecodeError as error:
        stopped = at if lines else error.lineno
        raise refused(
            path, f"不是完整的 JSON:第 {stopped} 行第 {error.colno} 列({error.msg})",
            f"is not complete JSON at line {stopped}, column {error.colno}: {error.msg}",
        ) from error  # fmt: skip
    except RecursionError as error:
        raise refused(path, "的 JSON 嵌套过深", "nests JSON too deeply") from error
