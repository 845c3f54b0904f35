"""What went wrong, as each protocol says it: OGC service exceptions and OWS exception reports."""

from xml.sax.saxutils import escape, quoteattr

import orjson

from core.errors import BadInputError, BusyError, OneMapError
from core.texts import Lang, Text, whole
from ogc.kvp import InvalidParameterError, MissingParameterError
from ogc.services import Response

XML = "text/xml"
JSON = "application/json"
SE_XML = "application/vnd.ogc.se_xml"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


class OgcError(BadInputError):
    """A refusal with the code the protocol's specification gives it; `locator` names the parameter."""

    def __init__(self, ogc_code: str, text: Text, *, locator: str | None = None, status: int = 400) -> None:
        super().__init__(text, ogc_code=ogc_code)
        self.ogc_code = ogc_code
        self.locator = locator
        self.http_status = status


def told(text: Text, lang: Lang) -> str:
    """A text for XML: what a client sent may be in it, control characters and all, which XML cannot hold."""
    return escape(_clean(text.of(lang)))


def _clean(text: str) -> str:
    return "".join(one if one.isprintable() or one in "\n\t" else "\ufffd" for one in text)


def ows_code(error: OneMapError) -> tuple[str, str | None]:
    """The OWS Common code and locator of any of our errors."""
    if isinstance(error, OgcError):
        return error.ogc_code, error.locator
    if isinstance(error, MissingParameterError):
        return "MissingParameterValue", error.parameter
    if isinstance(error, InvalidParameterError):
        return "InvalidParameterValue", error.parameter
    if error.status < 500:
        field = error.facts.get("field")
        return "InvalidParameterValue", field if isinstance(field, str) else None
    return "NoApplicableCode", None


def check_sequence(asked: str, head: int) -> None:
    """The state of the metadata a client says it has: one ahead of ours, or no number, cannot be (OWS 1.1, 7.3.4)."""
    known = whole(asked) if asked else 0
    if known is None or known > head:
        raise OgcError(
            "InvalidUpdateSequence",
            Text(
                f"updateSequence“{asked[:20]}”应为不大于 {head} 的整数",
                f"updateSequence {asked[:20]!r} must be a whole number up to {head}",
            ),
            locator="updatesequence",
        )


def later(error: OneMapError) -> dict[str, str]:
    """When a client turned away for overload may come again, as its header."""
    return {"Retry-After": str(error.facts.get("retry_after", 2))} if error.status == BusyError.status else {}


def status_of(error: OneMapError) -> int:
    """The HTTP status an error is sent with."""
    return error.http_status if isinstance(error, OgcError) else error.status


def ows_report(error: OneMapError, *, version: str = "2.0.0", ows: str = "1.1", lang: Lang = Lang.ZH) -> Response:
    """An `ows:ExceptionReport` (OWS 1.1 for WFS 2.0 and WMTS, 1.0 for WFS 1.1, 2.0 for WCS 2.0)."""
    code, locator = ows_code(error)
    namespace = {
        "1.0": "http://www.opengis.net/ows",
        "1.1": "http://www.opengis.net/ows/1.1",
        "2.0": "http://www.opengis.net/ows/2.0",
    }[ows]
    tongue = "language" if ows == "1.0" else "xml:lang"
    where = f" locator={quoteattr(_clean(locator))}" if locator else ""
    body = (
        f'{_DECLARATION}<ows:ExceptionReport xmlns:ows="{namespace}" version="{version}" {tongue}="{lang.value}">'
        f"<ows:Exception exceptionCode={quoteattr(code)}{where}>"
        f"<ows:ExceptionText>{told(error.text, lang)}</ows:ExceptionText>"
        "</ows:Exception></ows:ExceptionReport>"
    )
    return Response(status=status_of(error), media_type=XML, body=body.encode(), headers=later(error))


def service_report(code: str | None, error: OneMapError, *, version: str, lang: Lang = Lang.ZH) -> Response:
    """A `ServiceExceptionReport` of WMS; its clients expect status 200 but for overload. 1.1.1 has no locators."""
    said = f" code={quoteattr(code)}" if code else ""
    text = told(error.text, lang)
    if version == "1.3.0":
        _, locator = ows_code(error)
        said += f" locator={quoteattr(_clean(locator))}" if locator else ""
        body = (
            f'{_DECLARATION}<ServiceExceptionReport version="1.3.0" xmlns="http://www.opengis.net/ogc">'
            f"<ServiceException{said}>{text}</ServiceException></ServiceExceptionReport>"
        )
        media_type = XML
    else:
        body = (
            f'{_DECLARATION}<ServiceExceptionReport version="1.1.1">'
            f"<ServiceException{said}>{text}</ServiceException></ServiceExceptionReport>"
        )
        media_type = SE_XML
    return Response(
        status=error.status if error.status >= 500 else 200,
        media_type=media_type,
        body=body.encode(),
        headers=later(error),
    )


def json_report(code: str | None, error: OneMapError, *, version: str, lang: Lang = Lang.ZH) -> Response:
    """The same as JSON, in the members GeoServer gives it: no version of WMS has a form of its own."""
    one = {
        "code": code or "NoApplicableCode",
        "locator": ows_code(error)[1] or "noLocator",
        "text": error.text.of(lang),
    }
    body = orjson.dumps({"version": version, "exceptions": [one]})
    status = error.status if error.status >= 500 else 200
    return Response(status=status, media_type=JSON, body=body, headers=later(error))


def feature_report(error: OneMapError, *, lang: Lang = Lang.ZH) -> Response:
    """The `ServiceExceptionReport` of WFS 1.0.0, with the status of the error."""
    code, locator = ows_code(error)
    where = f" locator={quoteattr(_clean(locator))}" if locator else ""
    body = (
        f'{_DECLARATION}<ServiceExceptionReport version="1.2.0" xmlns="http://www.opengis.net/ogc">'
        f"<ServiceException code={quoteattr(code)}{where}>{told(error.text, lang)}</ServiceException>"
        "</ServiceExceptionReport>"
    )
    return Response(status=status_of(error), media_type=XML, body=body.encode())
