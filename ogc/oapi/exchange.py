"""What every address of the OGC API has in common: the language, a page or JSON, and errors as problem documents."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import orjson
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from core.caller import Caller, current_caller
from core.errors import BadInputError, FaultsError, OneMapError
from core.texts import Lang, Text
from ogc import services as ogc_services
from ogc.exceptions import later
from ogc.oapi.pages import page
from ogc.oapi.schemas import Json

Address = Callable[[Request, str], str]
Given = dict[str, str]

COMMON = frozenset(("f", "lang"))
PROBLEM = "application/problem+json"
_CODES = {404: "NotFound", 403: "Forbidden", 409: "Conflict", 503: "ServerBusy"}


def spoken(caller: Caller, request: Request) -> Caller:
    """The caller in the language of `lang`, else of Accept-Language, else their own."""
    for wanted in (request.query_params.get("lang", ""), request.headers.get("accept-language", "")):
        if wanted:
            return replace(caller, lang=Lang.EN if wanted.lower().startswith("en") else Lang.ZH)
    return caller


def wants_page(given: Given, accept: str) -> bool:
    """A browser asks, or somebody asks as one would."""
    if "f" in given:
        return given["f"] == "html"
    first = next((part for part in accept.lower().split(",") if "json" in part or "text/html" in part), "")
    return "text/html" in first


def answered(
    answer: Callable[..., ogc_services.Response],
    caller: Caller,
    here: str,
    given: Given,
    html: bool,
    body: bytes,
    where: Mapping[str, object],
) -> ogc_services.Response:
    """The answer of one door, or the problem it met."""
    current_caller.set(caller)
    try:
        if given.get("f", "json") not in ("json", "html"):
            raise BadInputError(
                Text(f"格式“{given['f']}”应为 json 或 html", f"format {given['f']!r} must be json or html"), field="f"
            )
        return answer(caller, here, given, html, body, **where)
    except OneMapError as error:
        return problem(error, caller, here, given, html)


def problem(error: OneMapError, caller: Caller, here: str, given: Given, html: bool) -> ogc_services.Response:
    """An error as a problem document with every fault; an address as `exception` among its facts is a type of OGC's."""
    said = error.text.of(caller.lang)
    named = str(error.facts.get("exception", ""))
    code = _CODES.get(error.status, "InvalidParameterValue" if error.status < 500 else "NoApplicableCode")
    found: Json = {
        "type": named if named.startswith("http") else f"urn:onemap:problem:{error.code}",
        "title": said,
        "status": error.status,
        "detail": said,
        "code": code,
        "description": said,
    }
    if isinstance(error, FaultsError):
        found["faults"] = [
            {"row": one.row, "key": one.key, "field": one.field, "value": one.value, "rule": one.rule.of(caller.lang)}
            for one in error.faults
        ]
    headers = later(error)
    if html:
        body = page("problem", {**found, "description": ""}, caller.lang, here, given)
        return ogc_services.Response(status=error.status, media_type="text/html", body=body, headers=headers)
    return ogc_services.Response(status=error.status, media_type=PROBLEM, body=orjson.dumps(found), headers=headers)


def sent(found: ogc_services.Response, caller: Caller) -> Response:
    """An answer on its way, streams as they come."""
    headers = {**found.headers, "Content-Language": caller.lang.value, "Vary": "Accept, Accept-Language"}
    if isinstance(found.body, bytes):
        return Response(found.body, status_code=found.status, media_type=found.media_type, headers=headers)
    return StreamingResponse(found.body, status_code=found.status, media_type=found.media_type, headers=headers)


def shown(
    kind: str, found: Json, caller: Caller, here: str, given: Given, html: bool, *, media_type: str = "application/json"
) -> ogc_services.Response:
    """A document as JSON or as a page."""
    if html:
        title = found.get("title") if kind in ("collection", "schema", "process") else None
        return ogc_services.Response(
            media_type="text/html", body=page(kind, found, caller.lang, here, given, title=title)
        )
    return ogc_services.Response(media_type=media_type, body=orjson.dumps(found))
