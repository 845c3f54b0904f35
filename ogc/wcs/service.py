"""The WCS door: keywords in; capabilities, descriptions and pieces of coverages out, or an exception report."""

from core.caller import Caller
from core.errors import BadInputError, OneMapError
from core.texts import Text
from ogc.coverage import cutting
from ogc.coverage.cutting import Piece
from ogc.exceptions import OgcError, check_sequence, ows_report
from ogc.kvp import KVP
from ogc.services import Response, Services
from ogc.wcs import documents
from ogc.wcs.asking import piece_of
from store.rasters import Shelved

VERSION = "2.0.1"
XML = "text/xml; charset=utf-8"


def wcs(request: KVP, caller: Caller, services: Services, base_url: str) -> Response:
    """Answer one WCS request; `base_url` is the address the client used, key and root path included."""
    try:
        return _answered(request, caller, services, base_url)
    except OneMapError as error:
        return ows_report(error, version=VERSION, ows="2.0", lang=request.lang(caller.lang))


def _answered(request: KVP, caller: Caller, services: Services, base_url: str) -> Response:
    service = request.text("service", "WCS")
    if service.upper() != "WCS":
        raise _invalid("service", Text(f"SERVICE“{service}”应为 WCS", f"SERVICE {service!r} must be WCS"))
    operation = request.text("request").lower()
    lang = request.lang(caller.lang)
    rasters = services.rasters(caller.scope)
    if operation == "getcapabilities":
        _negotiate(request)
        check_sequence(request.text("updatesequence", ""), services.store.head())
        sections = {one.lower() for one in request.items_of("sections")}
        return _xml(documents.capabilities(rasters, base_url, services.store.head(), lang, sections))
    version = request.text("version", VERSION)
    if not version.startswith("2.0"):
        raise _invalid(
            "version", Text(f"VERSION“{version}”不支持,可用:{VERSION}", f"version {version!r}: use {VERSION}")
        )
    match operation:
        case "describecoverage":
            names = request.items_of("coverageid")
            if not names:
                raise OgcError(
                    "emptyCoverageIdList",
                    Text("缺少参数 COVERAGEID", "COVERAGEID is missing"),
                    locator="coverageId",
                    status=404,
                )
            return _xml(documents.descriptions([_found(name, rasters) for name in names], lang))
        case "getcoverage":
            one = _found(request.text("coverageid"), rasters)
            body = _cut(one, piece_of(request, one))
            name = f"{one.declared.id}-{one.record.sha256[:8]}.tif"
            headers = {"Cache-Control": "private, max-age=0", "Content-Disposition": f'attachment; filename="{name}"'}
            return Response(media_type=cutting.GEOTIFF, body=body, headers=headers)
    raise OgcError(
        "OperationNotSupported",
        Text(f"不支持操作“{operation[:40]}”", f"operation {operation[:40]!r} is not supported"),
        locator="request",
    )


def _negotiate(request: KVP) -> None:
    accepted = request.items_of("acceptversions")
    if accepted and not any(one.startswith("2.0") for one in accepted):
        raise OgcError(
            "VersionNegotiationFailed",
            Text(f"仅支持版本 {VERSION}", f"only version {VERSION} is spoken"),
            locator="acceptVersions",
        )


def _cut(one: Shelved, piece: Piece) -> bytes:
    """The piece, or why it cannot be, by the code the standard has for it."""
    try:
        return cutting.geotiff(one, piece)
    except BadInputError as error:
        field = str(error.facts.get("field"))
        code = "InvalidScaleFactor" if field == "scale" else "InvalidSubsetting"
        raise OgcError(code, error.text, locator=field, status=404) from error


def _found(name: str, rasters: tuple[Shelved, ...]) -> Shelved:
    """A coverage by its id; one the caller may not see is not there."""
    for one in rasters:
        if one.declared.id == name:
            return one
    raise OgcError(
        "NoSuchCoverage", Text(f"没有栅格“{name}”", f"no coverage {name!r}"), locator="coverageId", status=404
    )


def _invalid(name: str, text: Text) -> OgcError:
    return OgcError("InvalidParameterValue", text, locator=name)


def _xml(text: str) -> Response:
    return Response(media_type=XML, body=text.encode(), headers={"Cache-Control": "private, max-age=0"})
