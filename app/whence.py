"""From where a request comes, told to the record."""

from starlette.types import ASGIApp, Receive, Scope, Send

from core.caller import current_address


class Whence:
    """Pure ASGI; the server has already put the address that a trusted proxy names in place of the proxy's own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, its address known."""
        client = scope.get("client")
        token = current_address.set(client[0] if client else "")
        try:
            await self.app(scope, receive, send)
        finally:
            current_address.reset(token)
