"""An identity provider of a test's own on the loopback address, honest unless told to lie."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import flask
import httpx
import oidc_provider_mock
import werkzeug.serving
from joserfc import jwt
from joserfc.jwk import RSAKey

Forging = Callable[[dict[str, Any], RSAKey], str]
"""Another ID token in place of the claims' own; the key is the one the provider signs with."""


class Issuer:
    """The address of the provider, what it was sent, and how it lies."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.sent: dict[str, dict[str, str]] = {}
        self.forging: Forging | None = None
        self.discovery: dict[str, str] = {}

    def knows(self, subject: str, **claims: object) -> None:
        """Somebody with claims; the same subject again replaces them."""
        answer = httpx.put(f"{self.address}/users/{subject}", json=claims)
        assert answer.status_code < 300, answer.text

    def consent(self, address: str, subject: str) -> dict[str, str]:
        """What the provider sends a browser back with once this person has agreed."""
        return dict(parse_qsl(urlsplit(self.consented(address, subject)).query))

    def consented(self, address: str, subject: str) -> str:
        """The same as the whole address."""
        answer = httpx.post(address, data={"sub": subject})
        assert answer.status_code == 302, answer.text
        return answer.headers["location"]


@contextmanager
def issuer_running() -> Iterator[Issuer]:
    """oidc-provider-mock behind a socket, its answers passed through the lies."""
    app = oidc_provider_mock.app()
    server = werkzeug.serving.make_server("127.0.0.1", 0, app, threaded=True)
    issuer = Issuer(f"http://127.0.0.1:{server.server_port}")

    @app.before_request
    def note() -> None:
        issuer.sent[flask.request.path] = {**flask.request.args, **flask.request.form}

    @app.after_request
    def lie(response: flask.Response) -> flask.Response:
        if flask.request.path.endswith("openid-configuration"):
            response.set_data(json.dumps(response.get_json() | issuer.discovery))
        if flask.request.path == "/oauth2/token" and issuer.forging is not None and response.status_code == 200:
            body, key = response.get_json(), flask.g.oidc_provider_mock_storage.jwk
            claims = jwt.decode(body["id_token"], key, algorithms=["RS256"]).claims
            response.set_data(json.dumps(body | {"id_token": issuer.forging(claims, key)}))
        return response

    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
