"""The one door: parameters or a body in, an answer or an exception report out."""

from dataclasses import replace

from core.caller import Caller
from core.errors import FaultsError, OneMapError
from core.texts import Text
from ogc.exceptions import OgcError, feature_report, ows_report
from ogc.filter.fes import Element, local
from ogc.kvp import KVP, InvalidParameterError
from ogc.services import Response, Services
from ogc.wfs import capabilities_1_0, capabilities_1_1
from ogc.wfs.capabilities import capabilities, describe_stored, list_stored
from ogc.wfs.describe import schema
from ogc.wfs.editions import EDITIONS, V1_0, V1_1, V2_0, Edition, edition_of, negotiated
from ogc.wfs.features import get_feature, get_property_value
from ogc.wfs.names import BY_ID, STORED_QUERIES, layer_named, output_of, published
from ogc.wfs.reading import kvp_request, xml_parameters, xml_root
from ogc.wfs.transaction import LOCKS, no_locks, transaction

XML = "text/xml; charset=utf-8"
TRANSACTION = "Transaction"


def wfs(params: KVP, body: bytes, caller: Caller, services: Services, base_url: str) -> Response:
    """Answer one request; `base_url` is the address the caller used, a key in its path included.

    A body is an XML request, or parameters in a form (`application/x-www-form-urlencoded`).
    """
    text = body.strip()
    try:
        if text.startswith((b"<", b"\xef\xbb\xbf<")):
            root = xml_root(text)
            if local(root) in (TRANSACTION, *LOCKS):
                return _transacted(root, caller, services)
            operation, params = xml_parameters(root)
        else:
            params = KVP.of_query(text.decode("utf-8", "replace")) if text else params
            operation = params.text("request")
        return _operated(operation, params, caller, services, base_url)
    except OneMapError as error:
        return _report(error, EDITIONS.get(params.get("version", ""), V2_0), caller)


def _transacted(root: Element, caller: Caller, services: Services) -> Response:
    """A transaction; 1.0.0 tells what is wrong with status 200, for else QGIS shows a person the status alone."""
    edition = EDITIONS.get(root.get("version", ""), V2_0)
    try:
        if local(root) in LOCKS:
            raise no_locks(local(root))
        edition = edition_of(KVP([("version", str(root.get("version") or V2_0.number))]))
        return transaction(root, edition, caller, services)
    except OneMapError as error:
        told = _report(_of_transaction(error, edition), edition, caller)
        return replace(told, status=200) if edition is V1_0 and told.status < 500 else told


def _of_transaction(error: OneMapError, edition: Edition) -> OneMapError:
    """The codes of 2.0.0 for what a transaction would do (09-025r2, tables 3 and D.2); older versions have none."""
    if edition is not V2_0 or isinstance(error, OgcError):
        return error
    if isinstance(error, FaultsError):
        return OgcError("InvalidValue", error.text, locator=error.faults[0].field)
    if error.status in (403, 404, 409):
        return OgcError("OperationProcessingFailed", error.text, locator=TRANSACTION, status=403)
    return error


def _report(error: OneMapError, edition: Edition, caller: Caller) -> Response:
    """An error as the version of the request says it."""
    if edition.ows is None:
        return feature_report(error, lang=caller.lang)
    return ows_report(error, version=edition.number, ows=edition.ows, lang=caller.lang)


def _operated(operation: str, kvp: KVP, caller: Caller, services: Services, base_url: str) -> Response:
    service = kvp.text("service", "WFS")
    if service.upper() != "WFS":
        raise InvalidParameterError("service", service, Text("应为 WFS", "must be WFS"))
    folded = operation.lower()
    if folded == "getcapabilities":
        return _capabilities(negotiated(kvp), caller, services, base_url)
    edition = edition_of(kvp)
    match folded:
        case "describefeaturetype":
            names = kvp.items_of("typenames") or kvp.items_of("typename")
            if kvp.get("outputformat", "").strip().lower() != "xmlschema":
                output_of(kvp.get("outputformat", ""), edition)
            chosen = [layer_named(name, services.catalogue, caller.scope) for name in names]
            chosen = chosen or published(services.catalogue, caller.scope)
            media_type = "text/xml" if edition is V1_0 else edition.form.media_type
            return Response(media_type=media_type, body=schema(chosen, caller.scope, edition.form).encode())
        case "getfeature":
            asked = kvp_request(kvp, services, caller.scope, edition)
            return get_feature(asked, kvp, caller, services, base_url)
        case "getpropertyvalue" if edition is V2_0:
            asked = kvp_request(kvp, services, caller.scope, edition)
            return get_property_value(asked, kvp, caller, services, base_url)
        case "liststoredqueries" if edition is V2_0:
            return _xml(list_stored(published(services.catalogue, caller.scope)))
        case "describestoredqueries" if edition is V2_0:
            _known_query(kvp)
            return _xml(describe_stored(published(services.catalogue, caller.scope)))
    raise OgcError(
        "OperationNotSupported",
        Text(f"版本 {edition.number} 不支持操作“{operation}”", f"{edition.number} has no operation {operation!r}"),
        locator="request",
    )


def _known_query(kvp: KVP) -> None:
    for name in kvp.items_of("storedquery_id"):
        if name not in STORED_QUERIES:
            raise InvalidParameterError("storedquery_id", name[:80], Text(f"可用:{BY_ID}", f"use {BY_ID}"))


def _capabilities(edition: Edition, caller: Caller, services: Services, base_url: str) -> Response:
    written = {V1_1.number: capabilities_1_1.capabilities, V1_0.number: capabilities_1_0.capabilities}
    return _xml(written.get(edition.number, capabilities)(caller, services, services.figures, base_url))


def _xml(text: str) -> Response:
    return Response(media_type=XML, body=text.encode())
