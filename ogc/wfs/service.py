"""The one door: parameters or a body in, an answer or an exception report out."""

from core.caller import Caller
from core.errors import OneMapError
from core.texts import Text
from ogc.exceptions import OgcError, ows_report
from ogc.kvp import KVP, InvalidParameterError
from ogc.services import Response, Services
from ogc.wfs.capabilities import capabilities, describe_stored, list_stored
from ogc.wfs.describe import schema
from ogc.wfs.features import get_feature, get_property_value
from ogc.wfs.names import GML_FORMAT, layer_named, output_format, published
from ogc.wfs.reading import Asked, kvp_request, xml_request, xml_root

XML = "text/xml; charset=utf-8"
VERSION = "2.0.0"


def wfs(params: KVP, body: bytes, caller: Caller, services: Services, base_url: str) -> Response:
    """Answer one request; `base_url` is the address the caller used, a key in its path included.

    A body is an XML request, or parameters in a form (`application/x-www-form-urlencoded`).
    """
    try:
        return _served(params, body, caller, services, base_url)
    except OneMapError as error:
        return ows_report(error, lang=caller.lang)


def _served(params: KVP, body: bytes, caller: Caller, services: Services, base_url: str) -> Response:
    asked: Asked | None = None
    text = body.strip()
    if text.startswith((b"<", b"\xef\xbb\xbf<")):
        operation, params, asked = xml_request(xml_root(text), services, caller.scope)
    else:
        if text:
            params = KVP.of_query(text.decode("utf-8", "replace"))
        operation = params.text("request")
    return _operated(operation, params, asked, caller, services, base_url)


def _operated(
    operation: str, kvp: KVP, asked: Asked | None, caller: Caller, services: Services, base_url: str
) -> Response:
    service = kvp.text("service", "WFS")
    if service.upper() != "WFS":
        raise InvalidParameterError("service", service, Text("应为 WFS", "must be WFS"))
    folded = operation.lower()
    if folded == "getcapabilities":
        _negotiate(kvp)
        return _xml(capabilities(caller, services, services.figures, base_url))
    version = kvp.text("version", VERSION)
    if version not in (VERSION, "2.0.2"):
        raise InvalidParameterError("version", version, Text(f"可用:{VERSION}", f"use {VERSION}"))
    layers = published(services.catalogue, caller.scope)
    match folded:
        case "describefeaturetype":
            names = kvp.items_of("typenames") or kvp.items_of("typename")
            if "outputformat" in kvp and kvp["outputformat"].strip().lower() != "xmlschema":
                output_format(kvp["outputformat"])
            chosen = [layer_named(name, services.catalogue, caller.scope) for name in names] or layers
            return Response(media_type=GML_FORMAT, body=schema(chosen, caller.scope).encode())
        case "getfeature":
            return get_feature(asked or kvp_request(kvp, services, caller.scope), kvp, caller, services, base_url)
        case "getpropertyvalue":
            asked = asked or kvp_request(kvp, services, caller.scope)
            return get_property_value(asked, kvp, caller, services, base_url)
        case "liststoredqueries":
            return _xml(list_stored(layers))
        case "describestoredqueries":
            return _xml(describe_stored(layers))
    raise OgcError(
        "OperationNotSupported",
        Text(f"不支持操作“{operation}”", f"operation {operation!r} is not supported"),
        locator="request",
    )


def _negotiate(kvp: KVP) -> None:
    """Only 2.0.0 is spoken; a client that accepts others only is told so."""
    accepted = kvp.items_of("acceptversions")
    if accepted and not any(version in (VERSION, "2.0.2") for version in accepted):
        raise OgcError(
            "VersionNegotiationFailed",
            Text(f"仅支持版本 {VERSION}", f"only version {VERSION} is spoken"),
            locator="AcceptVersions",
        )


def _xml(text: str) -> Response:
    return Response(media_type=XML, body=text.encode())
