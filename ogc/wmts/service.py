"""The WMTS door: tiles that are at hand at once, everything else by one function."""

from dataclasses import dataclass

from core.caller import Caller
from core.errors import OneMapError
from core.texts import Text, whole
from ogc.exceptions import OgcError, check_sequence, later, ows_report
from ogc.kvp import KVP
from ogc.render.request import BASEMAP
from ogc.services import Response, Services
from ogc.tiles.kept import Held
from ogc.tiles.matrix import TILE
from ogc.tiles.pictures import TileAsk, TilePictures
from ogc.wms import capabilities as wms_capabilities
from ogc.wms import featureinfo
from ogc.wms.crs import CGCS2000, WEB_MERCATOR
from ogc.wms.getmap import EVERYTHING, Window, theme_of
from ogc.wms.service import data_extent
from ogc.wmts import capabilities
from ogc.wmts.asking import FORMAT, VERSION, checked_version, lang_of, tile_ask

NOT_KEPT = {"Cache-Control": "private, max-age=0"}


@dataclass(frozen=True, slots=True)
class Wmts:
    """What the door needs: the services and the tiles."""

    services: Services
    pictures: TilePictures


def wants_tile(kvp: KVP) -> bool:
    """A GetTile request, not yet looked at further."""
    return kvp.get("request", "").strip().lower() == "gettile"


def tile(ask: TileAsk, caller: Caller, door: Wmts) -> Held:
    """One tile; what the WMS calls an unknown layer is here a value that is not allowed."""
    try:
        return door.pictures.tile(ask, caller)
    except OgcError as error:
        raise _named(error) from error


def wmts(kvp: KVP, caller: Caller, door: Wmts, base_url: str) -> Response:
    """Answer a request by keywords; `base_url` is the address the client used, key and root path included."""
    try:
        return _answered(kvp, caller, door, base_url)
    except OneMapError as error:
        return refused(error, kvp, caller)


def refused(error: OneMapError, kvp: KVP, caller: Caller) -> Response:
    """The standard's report, with the status it gives each code (OGC 07-057r7, tables 17, 20 and 25)."""
    lang = lang_of(kvp, caller)
    report = ows_report(error, version=VERSION, ows="1.1", lang=lang)
    headers = {**NOT_KEPT, **later(error)}
    return Response(status=report.status, media_type=report.media_type, body=report.body, headers=headers)


def _answered(kvp: KVP, caller: Caller, door: Wmts, base_url: str) -> Response:
    if not len(kvp):
        return _capabilities(kvp, caller, door, base_url)
    service = kvp.text("Service")
    if service.upper() != "WMTS":
        raise OgcError("InvalidParameterValue", Text("SERVICE 须为 WMTS", "SERVICE must be WMTS"), locator="Service")
    operation = kvp.text("Request")
    match operation.lower():
        case "getcapabilities":
            return _capabilities(kvp, caller, door, base_url)
        case "gettile":
            held = tile(tile_ask(kvp, caller), caller, door)
            return Response(media_type=FORMAT, body=held.body, headers=NOT_KEPT)
        case "getfeatureinfo":
            return _feature_info(kvp, caller, door)
        case _:
            raise OgcError(
                "OperationNotSupported",
                Text(f"不支持操作“{operation[:40]}”", f"operation {operation[:40]!r} is not supported"),
                locator="Request",
                status=501,
            )


def _capabilities(kvp: KVP, caller: Caller, door: Wmts, base_url: str) -> Response:
    accepted = kvp.items_of("acceptversions")
    if accepted and VERSION not in accepted:
        raise OgcError(
            "VersionNegotiationFailed", Text(f"只提供 {VERSION} 版", f"only version {VERSION} is offered"),
            locator="AcceptVersions",
        )  # fmt: skip
    if "version" in kvp:
        checked_version(kvp)
    services, lang = door.services, lang_of(kvp, caller)
    check_sequence(kvp.text("updatesequence", ""), services.store.head())
    layers = wms_capabilities.offered(services, caller.scope, lang)
    body = capabilities.document(
        layers, base_url, data_extent(services), lang=lang, theme=theme_of(kvp), own=caller.lang,
        sections=kvp.items_of("sections"), sequence=services.store.head(),
    )  # fmt: skip
    return Response(media_type="text/xml", body=body, headers=NOT_KEPT)


def _feature_info(kvp: KVP, caller: Caller, door: Wmts) -> Response:
    ask = tile_ask(kvp, caller)
    if ask.layer in (BASEMAP, EVERYTHING):
        raise OgcError(
            "InvalidParameterValue", Text(f"图层“{ask.layer}”不可查询", f"{ask.layer!r} is not queryable"),
            locator="Layer",
        )  # fmt: skip
    for name in ("I", "J"):
        number = whole(kvp.text(name))
        if number is None or number >= TILE:
            raise OgcError(
                "PointIJOutOfRange",
                Text(f"{name} 不在 0 至 {TILE - 1} 内", f"{name} is not in 0 to {TILE - 1}"),
                locator=name,
            )
    window = Window(
        crs=CGCS2000 if ask.tile.set.north_first else WEB_MERCATOR, extent=ask.tile.extent, width=TILE, height=TILE
    )
    format_ = kvp.text("InfoFormat").split(";")[0].strip().lower()
    if format_ not in featureinfo.FORMATS:
        allowed = ", ".join(featureinfo.FORMATS)
        raise OgcError(
            "InvalidParameterValue", Text(f"信息格式可用:{allowed}", f"info formats: {allowed}"), locator="InfoFormat"
        )
    asked = KVP([("query_layers", ask.layer), ("i", kvp["i"]), ("j", kvp["j"]), ("feature_count", "20")])
    try:
        found = featureinfo.features(asked, "1.3.0", window, door.services, caller)
    except OgcError as error:
        raise _named(error) from error
    body, media_type = featureinfo.written(found, format_, caller, kvp.lang(caller.lang))
    return Response(media_type=media_type, body=body, headers=NOT_KEPT)


def _named(error: OgcError) -> OgcError:
    if error.ogc_code != "LayerNotDefined":
        return error
    return OgcError("InvalidParameterValue", error.text, locator="Layer")
