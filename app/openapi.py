"""The OpenAPI document of the site: every rule of the policy, with its endpoint's words and its parameters."""

import inspect
import re
from collections.abc import Iterable
from typing import Any

from starlette.routing import BaseRoute

from app.openapi_parameters import BODIES, PARAMETERS, Json
from app.policy import Access, Rule

TITLES = {
    "/api/layers": "The layer tree, with counts and choices under a selection",
    "/api/map/{layer}": "Points of a layer in columns, under a selection",
    "/api/shapes/{layer}": "Lines and polygons of a layer inside a box",
    "/api/table/{layer}": "A page of a layer as a table, under a selection",
    "/api/feature/{layer}/{key:path}": "The card of one row",
    "/api/search": "Rows found by words",
    "/api/weather": "The latest weather",
    "/api/within": "What and how many people are inside a drawn shape",
    "/api/brief": "The offline brief of a drawn shape, one HTML file",
    "/api/symbols/{stem}.svg": "A map symbol",
}
SECURITY: Json = {
    "session": {"type": "apiKey", "in": "cookie", "name": "onemap_session"},
    "bearer": {"type": "http", "scheme": "bearer", "description": "密钥 / an agency's key"},
    "basic": {"type": "http", "scheme": "basic", "description": "只在 /ogc 下 / below /ogc only"},
}
KEY_IN_PATH = "/ogc/k/{key}/…"
_PARAMETER = re.compile(r"\{([a-z_]+)(?::[a-z]+)?\}")


def document(rules: Iterable[Rule], routes: Iterable[BaseRoute]) -> Json:
    """OpenAPI 3.1 of these rules; what a route says of itself becomes its summary."""
    words = {(route.path, method): _summary(route) for route in routes for method in _methods(route)}  # type: ignore[attr-defined]
    paths: Json = {}
    for rule in rules:
        for method in sorted(rule.methods - {"HEAD"}):
            said = TITLES.get(rule.path) or words.get((rule.path, method)) or f"{method} {rule.path}"
            paths.setdefault(_PARAMETER.sub(r"{\1}", rule.path), {})[method.lower()] = _operation(rule, method, said)
    return {
        "openapi": "3.1.0",
        "info": {"title": "OneMap 安全生产一张图", "version": "1"},
        "paths": paths,
        "components": {
            "securitySchemes": SECURITY,
            "schemas": {
                "Problem": {
                    "type": "object",
                    "required": ["type", "title", "status", "code"],
                    "properties": {
                        "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"},
                        "code": {"type": "string"},
                    },
                }
            },
        },
    }  # fmt: skip


def _operation(rule: Rule, method: str, summary: str) -> Json:
    """One method of one path: who may, what is given, that anything else is a problem document."""
    given = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
        for name in _PARAMETER.findall(rule.path)
    ]
    asked = PARAMETERS.get(rule.path, ())
    given += [{"name": name, "in": "query", "schema": schema} for name, schema in asked]
    problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
    told: Json = {
        "operationId": method.lower() + re.sub(r"[^a-z0-9]+", "-", re.sub(r":[a-z]+|[{}]", "", rule.path.lower())),
        "summary": summary,
        "tags": [rule.path.split("/")[1] or "site"],
        "parameters": given,
        "responses": {
            "default": {"description": "如请求所得,或问题说明 / what was asked for, or a problem",
                        "content": {"application/problem+json": problem}},
        },
    }  # fmt: skip
    if method == "POST" and rule.path in BODIES:
        told["requestBody"] = {"content": {BODIES[rule.path][0]: {"schema": BODIES[rule.path][1]}}}
    return told | _guarded(rule)


def _guarded(rule: Rule) -> Json:
    if rule.needs is Access.EVERYONE:
        return {"x-public": True, "security": []}
    ways: list[Json] = [{"session": []}, {"bearer": []}]
    more: Json = {"x-rights": [] if rule.needs is Access.SIGNED_IN else sorted(str(right) for right in rule.needs)}
    if rule.path.startswith("/ogc/"):
        ways.append({"basic": []})
        more["x-key-in-path"] = KEY_IN_PATH
    return {"security": ways, **more}


def _summary(route: BaseRoute) -> str:
    """The first line of what the endpoint says, without the method and path that stand before it."""
    said = inspect.getdoc(getattr(route, "endpoint", None)) or ""
    if said.startswith("partial("):
        return ""
    return re.sub(r"^(GET|POST)\S* .*?: ", "", said.partition("\n")[0])


def _methods(route: BaseRoute) -> Any:
    return (getattr(route, "methods", None) or ()) if hasattr(route, "path") else ()
