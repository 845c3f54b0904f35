"""The OpenAPI document of the site: every rule of the policy, with its words, its parameters and its body."""

import re
from collections.abc import Iterable

from app.openapi_parameters import BODIES, NO_BODY, PARAMETERS, Json
from app.openapi_words import IN_PATH, SUMMARIES
from app.policy import Access, Rule
from core.texts import Text

SECURITY: Json = {
    "session": {"type": "apiKey", "in": "cookie", "name": "onemap_session"},
    "bearer": {"type": "http", "scheme": "bearer", "description": "密钥 / an agency's key"},
    "basic": {"type": "http", "scheme": "basic", "description": "只在 /ogc 下 / below /ogc only"},
}
KEY_IN_PATH = "/ogc/k/{key}/…"
_PARAMETER = re.compile(r"\{([a-z_]+)(?::[a-z]+)?\}")


def document(rules: Iterable[Rule]) -> Json:
    """OpenAPI 3.1 of these rules."""
    paths: Json = {}
    for rule in rules:
        for method in sorted(rule.methods - {"HEAD"}):
            paths.setdefault(_PARAMETER.sub(r"{\1}", rule.path), {})[method.lower()] = _operation(rule, method)
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
                        "code": {"type": "string"}, "field": {"type": "string"},
                    },
                }
            },
        },
    }  # fmt: skip


def _operation(rule: Rule, method: str) -> Json:
    """One method of one path: who may, what is given, that anything else is a problem document."""
    given = [
        {"name": name, "in": "path", "required": True, "description": _said(IN_PATH[name]),
         "schema": {"type": "string", "minLength": 1}}
        for name in _PARAMETER.findall(rule.path)
    ]  # fmt: skip
    asked = PARAMETERS.get(f"{method} {rule.path}", PARAMETERS.get(rule.path, ()))
    given += [{"name": name, "in": "query", "schema": schema} for name, schema in asked]
    problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
    told: Json = {
        "operationId": method.lower() + re.sub(r"[^a-z0-9]+", "-", re.sub(r":[a-z]+|[{}]", "", rule.path.lower())),
        "summary": _said(SUMMARIES[f"{method} {rule.path}"]),
        "tags": [rule.path.split("/")[1] or "site"],
        "parameters": given,
        "responses": {
            "default": {"description": "如请求所得,或问题说明 / what was asked for, or a problem",
                        "content": {"application/problem+json": problem}},
        },
    }  # fmt: skip
    if method in ("POST", "PUT", "PATCH"):
        told |= _body(method, rule.path)
    elif method in ("DELETE", "OPTIONS"):
        told["x-no-body"] = True
    return told | _guarded(rule)


def _body(method: str, path: str) -> Json:
    """What is sent; a door that reads no body says so."""
    if path in NO_BODY:
        return {"x-no-body": True}
    kind, schema = BODIES.get(f"{method} {path}") or BODIES[path]
    return {"requestBody": {"content": {kind: {"schema": schema}}}}


def _guarded(rule: Rule) -> Json:
    if rule.needs is Access.EVERYONE:
        return {"x-public": True, "security": []}
    ways: list[Json] = [{"session": []}, {"bearer": []}]
    more: Json = {"x-rights": [] if rule.needs is Access.SIGNED_IN else sorted(str(right) for right in rule.needs)}
    if rule.path.startswith("/ogc/"):
        ways.append({"basic": []})
        more["x-key-in-path"] = KEY_IN_PATH
    return {"security": ways, **more}


def _said(text: Text) -> str:
    return f"{text.zh} / {text.en}"
