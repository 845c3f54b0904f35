"""OGC API Features Part 4: features created, replaced, updated and deleted, one commit a request.

`If-Match` is honoured wherever it is given, and PUT asks for it: it writes every field from the sender's copy, and an
old copy would undo what others did (decision 0014).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote

import orjson
from starlette.requests import Request

from core.caller import Caller
from core.errors import ConflictError, NotFoundError, OneMapError
from core.scope import Scope
from core.texts import Text
from layers.filters import In
from layers.layer import Layer
from ogc.editing import Act, Outcome, Wanted, admit, carry_out, refusal
from ogc.editing.geojson import features_of, patch_of
from ogc.encode.crs import CRS84, OgcCrs, crs_named
from ogc.encode.geojson import MEDIA_TYPE as GEOJSON
from ogc.oapi.items import refuse_unknown, tag_of
from ogc.oapi.schemas import Json
from ogc.services import Response, Services
from store.query import Query

PATCH = "application/merge-patch+json"
JSON = "application/json"
SEARCHES = ("", "application/query-cql-json", "application/cql2+json")
"""What a filter in CQL2 JSON is sent as besides JSON; without a word on it, it is one too."""

KNOWN = frozenset(("f", "lang"))
CONFORMANCE = tuple(
    f"http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/{name}"
    for name in ("create-replace-delete", "update", "optimistic-locking-etags", "features")
)


class StaleError(OneMapError):
    """`If-Match` names another version than the present one: read it again."""

    code = "stale"
    status = 412


class UnconditionalError(OneMapError):
    """A replacement has to say in `If-Match` which version it replaces."""

    code = "precondition-required"
    status = 428


class MediaTypeError(OneMapError):
    """A body of a media type this door does not read."""

    code = "media-type"
    status = 415


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What of a request an edit hangs on, besides its address and body."""

    method: str
    media_type: str
    if_match: str | None
    content_crs: str | None

    @classmethod
    def of(cls, request: Request) -> "Sent":
        """As the request says."""
        return cls(
            method=request.method,
            media_type=request.headers.get("content-type", "").partition(";")[0].strip().lower(),
            if_match=request.headers.get("if-match"),
            content_crs=request.headers.get("content-crs"),
        )

    def creates(self, body: bytes) -> bool:
        """A POST to the items that brings a feature; any other is a search by CQL2."""
        if self.media_type == GEOJSON:
            return True
        _of_type(self, GEOJSON, JSON, *SEARCHES)
        return self.media_type == JSON and _kind(body) in ("Feature", "FeatureCollection")

    @property
    def crs(self) -> OgcCrs:
        """The system of the coordinates sent."""
        if self.content_crs is None:
            return CRS84
        return crs_named(self.content_crs.strip().removeprefix("<").removesuffix(">"), "Content-Crs")


def _kind(body: bytes) -> object:
    try:
        given = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return given.get("type") if isinstance(given, dict) else None


def allowed(layer: Layer, caller: Caller, *, item: bool) -> Response:
    """OPTIONS: what this caller may do here, and in which media types."""
    may = refusal(layer, caller) is None
    read, write = (["GET", "HEAD", "OPTIONS"], ["PUT", "PATCH", "DELETE"]) if item else (["GET", "HEAD", "OPTIONS"], [])
    headers = {"Allow": ", ".join([*read, *([] if item else ["POST"]), *(write if may else [])])}
    if may:
        headers |= {"Accept-Patch": PATCH, "Accept-Put": GEOJSON} if item else {"Accept-Post": f"{GEOJSON}, {JSON}"}
    return Response(media_type=JSON, body=b"{}", headers=headers)


def create(
    sent: Sent, layer: Layer, given: Mapping[str, str], body: bytes, caller: Caller, services: Services, here: str
) -> Response:
    """POST: one feature, or all of a FeatureCollection or none; 201 with where they are."""
    admit(layer, caller, services)
    refuse_unknown(given, KNOWN)
    wanted = features_of(body, layer, caller.scope, sent.crs)
    found = carry_out(wanted, caller, services, _reason("新增", len(wanted)))
    places = [f"{here}/collections/{layer.id}/items/{quote(one.key, safe='')}" for one in found.done]
    told: Json = {
        "type": "FeatureIds",
        "ids": [one.key for one in found.done],
        "links": [{"rel": "item", "type": GEOJSON, "href": place} for place in places],
        "warnings": [
            {"row": one.row, "key": one.key, "field": one.field, "value": one.value, "rule": one.rule.of(caller.lang)}
            for one in found.warnings
        ],
    }
    headers = {"Location": places[0]}
    if len(found.done) == 1:
        headers["ETag"] = tag_of(found.done[0].version, caller.scope)
    return Response(status=201, media_type=JSON, body=orjson.dumps(told), headers=headers)


def change(
    sent: Sent,
    layer: Layer,
    key: str,
    given: Mapping[str, str],
    body: bytes,
    caller: Caller,
    services: Services,
) -> Response:
    """PUT, PATCH or DELETE of one feature; 204, with the new version's tag where there is one."""
    admit(layer, caller, services)
    refuse_unknown(given, KNOWN)
    wanted = _wanted(sent, layer, key, body, caller)
    seen = _seen(sent, layer, key, caller.scope, services)
    try:
        found = carry_out([replace(wanted, seen=seen)], caller, services, _reason(_WORDS[sent.method], 1))
    except ConflictError as error:
        if sent.if_match is None:
            raise
        raise StaleError(error.text, key=key) from error
    return _changed(found, caller.scope)


_WORDS = {"PUT": "替换", "PATCH": "修改", "DELETE": "删除"}


def _wanted(sent: Sent, layer: Layer, key: str, body: bytes, caller: Caller) -> Wanted:
    scope = caller.scope
    if sent.method == "DELETE":
        return Wanted(layer=layer, act=Act.DELETE, row=1, key=key)
    if sent.method == "PATCH":
        _of_type(sent, PATCH, JSON)
        return patch_of(body, layer, scope, sent.crs, key)
    _of_type(sent, GEOJSON, JSON)
    return features_of(body, layer, scope, sent.crs, Act.REPLACE, key)[0]


def _of_type(sent: Sent, *types: str) -> None:
    if sent.media_type not in types:
        allowed = ", ".join(types)
        raise MediaTypeError(
            Text(
                f"请求体类型“{sent.media_type}”应为 {allowed}",
                f"the body's media type {sent.media_type!r} must be {allowed}",
            ),
            field="Content-Type",
        )


def _seen(sent: Sent, layer: Layer, key: str, scope: Scope, services: Services) -> int | None:
    """The version `If-Match` speaks of; None for any. Raises the 404, 412 and 428 that precede every other fault."""
    query = Query(where=In(layer.key, (key,)), fields=(layer.key,), geometry=False)
    rows = services.store.read(layer, query, scope=scope)
    if not rows.num_rows:
        raise NotFoundError(Text(f"{layer.title.zh}中没有“{key}”", f"no {key!r} in {layer.id}"), key=key)
    version = int(rows["_version"][0].as_py())
    if sent.if_match is None:
        if sent.method == "PUT":
            raise UnconditionalError(
                Text(
                    "替换要素须带请求头 If-Match:读取时得到的 ETag,或 *(不论现为何版)",
                    "a replacement needs If-Match: the ETag it was read with, or * for whatever is there",
                ),
                field="If-Match",
            )
        return None
    tags = [tag.strip() for tag in sent.if_match.split(",")]
    if tags == ["*"]:
        return None
    if tag_of(version, scope) not in tags:
        raise StaleError(
            Text(
                f"“{key}”已是第 {version} 版,与 If-Match 不符,请重新读取",
                f"{key!r} is of version {version} now, which If-Match does not name: read it again",
            ),
            key=key,
            version=version,
        )
    return version


def _changed(found: Outcome, scope: Scope) -> Response:
    version = found.done[0].version
    headers = {"ETag": tag_of(version, scope)} if version else {}
    return Response(status=204, media_type=JSON, body=b"", headers=headers)


def _reason(word: str, count: int) -> str:
    return f"OGC API {word} {count} 个要素"
