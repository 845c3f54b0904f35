"""JSON in and out of the doors: bounded, an object, fields that are there and of their kind."""

from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from core.caller import Caller, current_caller
from core.errors import BadInputError
from core.texts import Text
from ogc.json_body import json_of

LARGEST = 64 * 1024
"""Bytes of a request."""

LONGEST = 2000


async def body_of(asked: Request, largest: int = LARGEST) -> bytes:
    """The whole body. Raises BadInputError once it is larger than allowed."""
    body = b""
    async for part in asked.stream():
        body += part
        if len(body) > largest:
            raise BadInputError(
                Text(f"请求超过 {largest // 1024} KB", f"the request is larger than {largest // 1024} kB")
            )
    return body


async def object_of(asked: Request) -> dict[str, Any]:
    """The JSON object a request carries; an empty body is an empty one."""
    return object_in(await body_of(asked))


def object_in(body: bytes) -> dict[str, Any]:
    """The same of a body that was read."""
    given = json_of(body) if body.strip() else {}
    if not isinstance(given, dict):
        raise BadInputError(Text("请求应为 JSON 对象", "the request must be a JSON object"))
    return given


def text_of(given: dict[str, Any], name: str, *, longest: int = LONGEST) -> str:
    """A text that must be there."""
    value = given.get(name)
    if not isinstance(value, str) or not value.strip() or len(value) > longest:
        raise BadInputError(
            Text(f"{name} 应为 1 至 {longest} 个字的文本", f"{name} must be a text of 1 to {longest} characters"),
            field=name,
        )
    return value


def json_answer(body: object, status: int = 200) -> Response:
    """A JSON answer nothing keeps."""
    return Response(
        orjson.dumps(body), status_code=status, media_type="application/json", headers={"cache-control": "no-store"}
    )


Ask = Callable[[Caller, dict[str, Any]], dict[str, Any]]
"""What a door does for a caller with the fields that were sent."""

Endpoint = Callable[[Request], Awaitable[Response]]


def asked(ask: Ask) -> Endpoint:
    """A door asked by the parameters of its address."""

    async def endpoint(request: Request) -> Response:
        return json_answer(await run_in_threadpool(ask, current_caller.get(), dict(request.query_params)))

    endpoint.__doc__ = ask.__doc__
    return endpoint


def posted(ask: Ask) -> Endpoint:
    """A door sent a JSON object."""

    async def endpoint(request: Request) -> Response:
        given = await object_of(request)
        return json_answer(await run_in_threadpool(ask, current_caller.get(), given))

    endpoint.__doc__ = ask.__doc__
    return endpoint
