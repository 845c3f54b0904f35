"""What of Part 4 the OpenAPI document tells: only the collections this caller may write, in the caller's language."""

from collections.abc import Iterable

from core.scope import Scope
from core.texts import Lang, Text
from layers.layer import Layer
from ogc.encode.geojson import MEDIA_TYPE as GEOJSON
from ogc.oapi.editing import PATCH
from ogc.oapi.schemas import Json, document

_WORDS = {
    "post": Text(
        "新增要素:一个 Feature,或 FeatureCollection 全部或全不", "Create a Feature, or all of a FeatureCollection"
    ),
    "put": Text("替换要素,须带 If-Match", "Replace a feature; needs If-Match"),
    "patch": Text("修改要素的部分字段(JSON merge patch)", "Update parts of a feature by a JSON merge patch"),
    "delete": Text("删除要素,历史版本保留", "Delete a feature; its versions stay"),
}
_ANSWERS = {
    "post": {"201": Text("已新增,地址在 Location", "created, its address in Location")},
    **{method: {"204": Text("已完成", "done")} for method in ("put", "patch", "delete")},
}
_WRONG = {
    "400": Text("请求有误", "the request is wrong"),
    "403": Text("无权", "not yours"),
    "404": Text("没有此要素", "no such feature"),
    "412": Text("If-Match 与现有版本不符", "If-Match names another version"),
    "415": Text("请求体类型不支持", "a media type that is not read"),
    "422": Text("字段有误,逐条列出", "faults, each listed"),
    "428": Text("缺少 If-Match", "If-Match is missing"),
}


def editing_described(made: Json, layers: Iterable[Layer], scope: Scope, lang: Lang) -> Json:
    """The document with the operations that write."""
    for layer in layers:
        items = f"/collections/{layer.id}/items"
        feature = {**_FEATURE, "properties": {**_FEATURE["properties"], "properties": _fields(layer, scope, lang)}}
        there = made["paths"].setdefault(items, {})
        there["post"] = _beside(there.get("post", {}), _operation("post", layer, feature, lang))
        item = made["paths"].setdefault(items + "/{featureId}", {})
        for method in ("put", "patch", "delete"):
            item[method] = _operation(method, layer, feature, lang)
    return made


def _beside(search: Json, create: Json) -> Json:
    """One POST for both: by its media type a body is a filter, or what is to be created."""
    content = search.get("requestBody", {}).get("content", {}) | create["requestBody"]["content"]
    responses = search.get("responses", {}) | create["responses"]
    return {**search, **create, "requestBody": {"required": True, "content": content}, "responses": responses}


_FEATURE: Json = {
    "type": "object",
    "properties": {
        "type": {"type": "string", "enum": ["Feature"]},
        "id": {"type": "string"},
        "geometry": {"type": "object", "nullable": True},
        "properties": {},
    },
}


def _fields(layer: Layer, scope: Scope, lang: Lang) -> Json:
    told = document(layer, scope, lang, "", queryables=False)
    return {"type": "object", "properties": {n: one for n, one in told["properties"].items() if n != "geometry"}}


def _operation(method: str, layer: Layer, feature: Json, lang: Lang) -> Json:
    said: Json = {
        "summary": _WORDS[method].of(lang),
        "tags": [layer.id],
        "operationId": f"{method}{layer.id.title().replace('_', '')}Feature",
        "parameters": [_header("Content-Crs")] if method != "delete" else [],
        "responses": {
            status: {"description": words.of(lang)} for status, words in sorted({**_ANSWERS[method], **_WRONG}.items())
        },
    }
    if method != "post":
        key = {"name": "featureId", "in": "path", "required": True, "schema": {"type": "string"}}
        said["parameters"] += [key, _header("If-Match", needed=method == "put")]
    if method != "delete":
        kind = PATCH if method == "patch" else GEOJSON
        said["requestBody"] = {"required": True, "content": {kind: {"schema": feature}}}
    return said


def _header(name: str, *, needed: bool = False) -> Json:
    return {"name": name, "in": "header", "required": needed, "schema": {"type": "string"}}
