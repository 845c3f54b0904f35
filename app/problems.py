"""Errors as problem details (RFC 9457), in the caller's language."""

from collections.abc import Mapping

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from app.language import kept
from core.caller import current_caller
from core.errors import BusyError, FaultsError, OneMapError
from core.texts import Lang, Text

MEDIA_TYPE = "application/problem+json"


def language(request: Request) -> Lang:
    """The caller's language: as chosen or as their account has it, else what the browser asks for, else Chinese."""
    caller = current_caller.get(None)
    if caller is not None:
        return caller.lang
    chosen = kept(request)
    if chosen is not None:
        return chosen
    return Lang.EN if request.headers.get("accept-language", "zh").lower().startswith("en") else Lang.ZH


def problem(
    status: int, code: str, text: Text, lang: Lang, *, headers: Mapping[str, str] | None = None, **more: object
) -> Response:
    """One problem document; `more` are extension members."""
    body = {"type": f"urn:onemap:problem:{code}", "title": text.of(lang), "status": status, "code": code, **more}
    return Response(orjson.dumps(body), status_code=status, media_type=MEDIA_TYPE, headers=dict(headers or {}))


def later(error: OneMapError) -> dict[str, str]:
    """When it is worth asking again, where the error knows or the server is merely busy."""
    after = error.facts.get("retry_after", 2 if isinstance(error, BusyError) else None)
    return {} if after is None else {"Retry-After": str(after)}


async def on_error(request: Request, error: Exception) -> Response:
    """The answer to any error of our own; anything else is a 500 that says nothing of the inside."""
    lang = language(request)
    if isinstance(error, FaultsError):
        faults = [
            {"row": f.row, "key": f.key, "field": f.field, "value": f.value, "rule": f.rule.of(lang)}
            for f in error.faults
        ]
        return problem(error.status, error.code, error.text, lang, faults=faults)
    if isinstance(error, OneMapError):
        named = {"field": error.facts["field"]} if isinstance(error.facts.get("field"), str) else {}
        return problem(error.status, error.code, error.text, lang, headers=later(error), **named)
    return problem(500, "internal", Text("系统内部错误,已记录", "Internal error, recorded"), lang)


async def on_gone(request: Request, error: Exception) -> Response:
    """Who asked went away before the request was whole: nobody hears the answer, and nothing of ours is at fault."""
    return Response(status_code=400)


async def on_refusal(request: Request, error: Exception) -> Response:
    """What Starlette refuses by itself, a method above all, in the form of every other refusal."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = dict((error.headers if isinstance(error, HTTPException) else None) or {})
    if status == 404:
        return problem(status, "not-found", NOT_FOUND, language(request), headers=headers)
    if status == 405:
        said = Text(f"这个地址不接受 {request.method}", f"{request.method} is not answered here")
        return problem(status, "method-not-allowed", said, language(request), headers=headers)
    return problem(
        status, "refused", Text("请求未被接受", "The request was refused"), language(request), headers=headers
    )


NOT_FOUND = Text("没有这个地址", "No such address")
SIGN_IN = Text("请先登录", "Sign in first")
NOT_YOURS = Text("您的岗位无权进行此操作", "Your role may not do this")
FOREIGN = Text("请求来自其他网站,已拒绝", "The request came from another site and was refused")
