"""What a WMTS request names, read from keywords or from a path; nothing here looks at data."""

from collections.abc import Mapping

from core.caller import Caller
from core.texts import Lang, Text, whole
from ogc.exceptions import OgcError
from ogc.kvp import KVP, InvalidParameterError
from ogc.render.request import DEFAULT_STYLE
from ogc.tiles.matrix import SETS, NoTileError, Tile, set_named
from ogc.tiles.pictures import TileAsk
from ogc.wms.getmap import theme_of

VERSION = "1.0.0"
FORMAT = "image/png"
_LOCATORS = {"level": "TileMatrix", "row": "TileRow", "column": "TileCol"}


def lang_of(kvp: KVP, caller: Caller) -> Lang:
    """The vendor parameter LANG, else the caller's own language."""
    return kvp.lang(caller.lang)


def checked_version(kvp: KVP) -> None:
    """VERSION is needed but at GetCapabilities, and there is one."""
    if kvp.text("Version") != VERSION:
        raise InvalidParameterError("Version", kvp["Version"][:20], Text(f"须为 {VERSION}", f"must be {VERSION}"))


def tile_ask(kvp: KVP, caller: Caller) -> TileAsk:
    """The tile of a GetTile or GetFeatureInfo request; an empty STYLE is the default one, a missing one is refused."""
    checked_version(kvp)
    if "style" not in kvp:
        kvp.text("Style")
    layer, style = kvp.text("Layer"), kvp.text("Style", DEFAULT_STYLE)
    if kvp.text("Format") != FORMAT:
        raise InvalidParameterError("Format", kvp["Format"][:40], Text(f"须为 {FORMAT}", f"must be {FORMAT}"))
    return TileAsk(layer=layer, style=style, tile=_tile(kvp), lang=lang_of(kvp, caller), theme=theme_of(kvp))


def path_kvp(path: Mapping[str, str], query: KVP) -> KVP:
    """A tile's path as the keywords that mean the same; LANG and THEME stay keywords."""
    column, dot, ending = path["column"].rpartition(".")
    if not dot or ending != "png":
        raise OgcError("InvalidParameterValue", Text("瓦片路径须以 .png 结尾", "a tile ends in .png"), locator="Format")
    pairs = {
        "version": VERSION, "layer": path["layer"], "style": path["style"], "format": FORMAT,
        "tilematrixset": path["set"], "tilematrix": path["level"], "tilerow": path["row"], "tilecol": column,
    }  # fmt: skip
    return KVP([*pairs.items(), *((name, query[name]) for name in ("lang", "theme") if name in query)])


def _tile(kvp: KVP) -> Tile:
    name = kvp.text("TileMatrixSet")
    found = set_named(name)
    if found is None:
        allowed = ", ".join(SETS)
        raise InvalidParameterError("TileMatrixSet", name[:40], Text(f"可用 {allowed}", f"use {allowed}"))
    level = kvp.text("TileMatrix")
    numbers = [_number(kvp, "TileRow"), _number(kvp, "TileCol")]
    try:
        return found.tile(level, *numbers)
    except NoTileError as error:
        where = _LOCATORS[str(error.facts["field"])]
        code = "InvalidParameterValue" if where == "TileMatrix" else "TileOutOfRange"
        raise OgcError(code, error.text, locator=where) from error


def _number(kvp: KVP, name: str) -> int:
    text = kvp.text(name)
    number = whole(text)
    if number is None:
        raise InvalidParameterError(name, text[:20], Text("须为非负整数", "must be a whole number from 0"))
    return number
