"""The scripts and the styles of all screens as one file each: a page asks for two of ours, not for two hundred."""

from functools import lru_cache
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Scope

from core.canonical import sha256

ASSETS = Path(__file__).parent / "assets"
SCRIPTS, STYLES = "screens.js", "screens.css"
KINDS = {SCRIPTS: "text/javascript", STYLES: "text/css"}

_ALONE = "try {{\n{}\n}} catch (fault) {{ reportError(fault); }}"
"""A script that fails takes none of the others with it, as if it stood in a file of its own."""

Parts = tuple[tuple[str, int], ...]
"""Names of files in their order, and when each was changed: a file that changes is read again."""


def _parts(name: str) -> Parts:
    return tuple((file.name, file.stat().st_mtime_ns) for file in sorted(ASSETS.glob("*" + Path(name).suffix)))


@lru_cache(maxsize=2)
def _joined(parts: Parts) -> tuple[bytes, str]:
    """The files one after the other under their names, and what is in them, in short."""
    texts = []
    for name, _ in parts:
        text = (ASSETS / name).read_text("utf-8")
        texts.append(f"/* {name} */\n{_ALONE.format(text) if name.endswith('.js') else text}")
    whole = "\n".join(texts).encode()
    return whole, sha256(whole)[:16]


def address(root: str, name: str) -> str:
    """Where a bundle is, its fingerprint with it: a change is a new address."""
    return f"{root}/assets/{name}?m={_joined(_parts(name))[1]}"


class Assets(StaticFiles):
    """The folder of the screens' files, the bundles among them."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """A bundle by its name, or the file of this name."""
        if path not in KINDS or scope["method"] not in ("GET", "HEAD"):
            return await super().get_response(path, scope)
        whole, fingerprint = _joined(_parts(path))
        answer = Response(whole, media_type=KINDS[path], headers={"etag": f'"{fingerprint}"'})
        if self.is_not_modified(answer.headers, Headers(scope=scope)):
            return NotModifiedResponse(answer.headers)
        return answer
