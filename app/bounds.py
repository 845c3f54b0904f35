"""How large and how slow a request may be, before any door reads it."""

import asyncio
from urllib.parse import unquote

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.problems import language, problem
from core.errors import BadInputError, OneMapError
from core.texts import Text
from core.units import Second

LONGEST_ADDRESS = 8_192
"""Bytes of path and query: a long filter fits, what is longer is posted."""

LARGEST_HEADERS = 32_768
LARGEST_BODY = 1_000_000
"""Bytes of a body at any door but that of files; most doors allow less."""

LARGEST_PHOTOS = 12_000_000
"""Bytes of the photographs of somebody who reports without an account."""

LARGEST_PHOTO = 15 << 20
"""Bytes of a photograph that a team sends from where it is."""

FORM_SLACK = 65_536
"""What a form adds to the file it carries."""

FILES_TAKE = 10
"""An attached file may take so many times as long to arrive as another body."""


class TooLargeError(BadInputError):
    """The body is larger than its door takes."""

    code = "too-large"
    status = 413


class TooSlowError(OneMapError):
    """The body did not arrive in time."""

    code = "too-slow"
    status = 408


class Bounds:
    """Pure ASGI: refuses by the numbers a request shows, and counts what it sends."""

    def __init__(self, app: ASGIApp, *, largest_file: int, patience: Second) -> None:
        self.app = app
        self.largest_file = largest_file
        self.patience = patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is within bounds."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        address = len(scope.get("raw_path") or scope["path"].encode()) + len(scope["query_string"])
        if address > LONGEST_ADDRESS:
            longest = Text(f"地址超过 {LONGEST_ADDRESS} 字节", f"the address is longer than {LONGEST_ADDRESS} bytes")
            await problem(414, "address-too-long", longest, language(request))(scope, receive, send)
            return
        if sum(len(name) + len(value) for name, value in scope["headers"]) > LARGEST_HEADERS:
            largest = Text(f"请求头超过 {LARGEST_HEADERS} 字节", f"headers larger than {LARGEST_HEADERS} bytes")
            await problem(431, "headers-too-large", largest, language(request))(scope, receive, send)
            return
        files = unquote(scope["path"]).endswith(("/api/files", "/api/cases/files"))
        photos = unquote(scope["path"]).endswith(("/public/report", "/public/report/progress"))
        most = max(LARGEST_BODY, self.largest_file + FORM_SLACK) if files else LARGEST_BODY
        most = max(LARGEST_BODY, min(LARGEST_PHOTOS, self.largest_file) + FORM_SLACK) if photos else most
        field = unquote(scope["path"]).endswith("/api/field/photo")
        most = max(LARGEST_BODY, min(LARGEST_PHOTO, self.largest_file)) if field else most
        told = request.headers.get("content-length", "")
        if told.isascii() and told.isdigit() and int(told[:18]) > most:
            refused = _too_large(most)
            await problem(refused.status, refused.code, refused.text, language(request))(scope, receive, send)
            return
        await self.app(
            scope, self._counted(receive, most, self.patience * (FILES_TAKE if files or photos or field else 1)), send
        )

    @staticmethod
    def _counted(receive: Receive, most: int, patience: Second) -> Receive:
        """A `receive` that raises once the body is too large, or is not whole in time."""
        size, whole = 0, False
        loop = asyncio.get_running_loop()
        until = loop.time() + patience

        async def counted() -> Message:
            nonlocal size, whole
            if whole:
                return await receive()
            try:
                async with asyncio.timeout_at(until):
                    message = await receive()
            except TimeoutError as error:
                raise TooSlowError(
                    Text(f"请求体未在 {patience:g} 秒内传完", f"the body did not arrive within {patience:g} s")
                ) from error
            size += len(message.get("body", b""))
            whole = not message.get("more_body", False)
            if size > most:
                raise _too_large(most)
            return message

        return counted


def _too_large(most: int) -> TooLargeError:
    return TooLargeError(Text(f"请求体超过 {most} 字节", f"the body is larger than {most} bytes"), field="body")
