"""The authority's own identity provider, asked by OpenID Connect: authorization code, PKCE, state and nonce.

The one place where this server speaks to another one, and only when an issuer is configured: its discovery document,
its token address and its keys, all of the issuer's own origin.
"""

import secrets
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from app.auth.person import DOWN, UNPROVEN, Asked, Person, ProviderError, UnprovenError
from app.settings import Settings
from core.clock import Clock
from core.units import Second

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""How an ID token may be signed: with a key whose public half the provider shows; never `none`, never a shared one."""

PATIENCE: Second = 5.0
KEPT: Second = 600.0
"""How long a discovery document is believed."""

LEEWAY: Second = 30
AT_ONCE = 4
"""So many sign-ins may wait for the provider together; a provider that hangs must not take every worker."""


class Provider:
    """One issuer and what this server is to it."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self.issuer = settings.oidc_issuer.rstrip("/")
        self.clock = clock
        self._client = settings.oidc_client
        self._secret = settings.oidc_secret
        self._scopes = settings.oidc_scopes
        self._trust = ssl.create_default_context(cafile=settings.oidc_ca) if settings.oidc_ca else True
        self._places: tuple[float, Mapping[str, str]] | None = None
        self._busy = threading.BoundedSemaphore(AT_ONCE)

    def ask(self, back: str) -> tuple[str, Asked]:
        """The address to send a browser to, which the provider sends `back`, and what to keep until then."""
        asked = Asked(
            state=secrets.token_urlsafe(24), nonce=secrets.token_urlsafe(24), verifier=secrets.token_urlsafe(48),
            back=back,
        )  # fmt: skip
        with self._connected() as http:
            place = self._discovered(http)["authorization_endpoint"]
        address = prepare_grant_uri(
            place, client_id=self._client, response_type="code", redirect_uri=back, scope=self._scopes,
            state=asked.state, nonce=asked.nonce, code_challenge_method="S256",
            code_challenge=create_s256_code_challenge(asked.verifier),
        )  # fmt: skip
        return str(address), asked

    def person(self, asked: Asked, given: Mapping[str, str]) -> Person:
        """Who the browser that came back is. Raises UnprovenError, or ProviderError when it cannot be asked."""
        if not secrets.compare_digest(given.get("state", "").encode(), asked.state.encode()):
            raise UnprovenError(UNPROVEN, reason="state")
        if given.get("iss", self.issuer).rstrip("/") != self.issuer:
            raise UnprovenError(UNPROVEN, reason="issuer")
        if "code" not in given:
            raise UnprovenError(UNPROVEN, reason=given.get("error", "no code")[:60])
        with self._connected() as http:
            places = self._discovered(http)
            token, access = self._redeemed(http, places["token_endpoint"], given["code"], asked)
            keys = self._answer(http.get(places["jwks_uri"]))
        claims = self._proven(token, access, keys, asked.nonce)
        return Person(issuer=self.issuer, subject=claims["sub"], claims=claims)

    def _redeemed(self, http: httpx.Client, place: str, code: str, asked: Asked) -> tuple[str, str]:
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": asked.back,
            "code_verifier": asked.verifier,
        }  # fmt: skip
        secret = self._secret.get_secret_value()
        if secret:
            answer = http.post(place, data=form, auth=(quote(self._client, safe=""), quote(secret, safe="")))
        else:
            answer = http.post(place, data={**form, "client_id": self._client})
        if answer.status_code in (400, 401, 403):
            raise UnprovenError(UNPROVEN, reason="code refused")
        body = self._answer(answer)
        token, access = body.get("id_token"), body.get("access_token", "")
        if not isinstance(token, str) or not isinstance(access, str):
            raise UnprovenError(UNPROVEN, reason="no ID token")
        return token, access

    def _proven(self, token: str, access: str, keys: Any, nonce: str) -> Mapping[str, Any]:
        """The claims of an ID token: signed by the issuer, for us, for this sign-in, and not yet over."""
        try:
            read = jwt.decode(token, KeySet.import_key_set(keys), algorithms=ALGORITHMS)
            claims = CodeIDToken(
                read.claims,
                read.header,
                options={
                    "iss": {"essential": True, "value": self.issuer_as_named},
                    "aud": {"essential": True, "value": self._client},
                    "sub": {"essential": True},
                },
                params={"client_id": self._client, "nonce": nonce, "access_token": access},
            )
            claims.validate(now=int(self.clock().timestamp()), leeway=int(LEEWAY))
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise UnprovenError(UNPROVEN, reason=f"ID token: {type(error).__name__}") from error
        if not isinstance(claims["sub"], str) or not 1 <= len(claims["sub"]) <= 255:
            raise UnprovenError(UNPROVEN, reason="subject")
        return dict(claims)

    @property
    def issuer_as_named(self) -> str:
        """The issuer as its own discovery document spells it."""
        return self.issuer if self._places is None else self._places[1]["issuer"]

    def _discovered(self, http: httpx.Client) -> Mapping[str, str]:
        now = time.monotonic()
        if self._places is not None and self._places[0] > now:
            return self._places[1]
        found = self._answer(http.get(self.issuer + "/.well-known/openid-configuration"))
        wanted = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
        if any(not isinstance(found.get(name), str) for name in wanted) or found["issuer"].rstrip("/") != self.issuer:
            raise ProviderError(DOWN, reason="discovery document")
        if any(_origin(found[name]) != _origin(self.issuer) for name in wanted[2:]):
            raise ProviderError(DOWN, reason="an address outside the issuer's origin")
        if urlsplit(found["authorization_endpoint"]).scheme not in ("https", urlsplit(self.issuer).scheme):
            raise ProviderError(DOWN, reason="authorization address")
        places = {name: str(found[name]) for name in wanted}
        self._places = (now + KEPT, places)
        return places

    @contextmanager
    def _connected(self) -> Iterator[httpx.Client]:
        if not self._busy.acquire(blocking=False):
            raise ProviderError(DOWN, reason="busy")
        try:
            with httpx.Client(timeout=PATIENCE, verify=self._trust, follow_redirects=False, trust_env=False) as http:
                yield http
        except httpx.HTTPError as error:
            raise ProviderError(DOWN, reason=type(error).__name__) from error
        finally:
            self._busy.release()

    @staticmethod
    def _answer(answer: httpx.Response) -> dict[str, Any]:
        try:
            body = answer.raise_for_status().json()
        except ValueError as error:
            raise ProviderError(DOWN, reason="not JSON") from error
        if not isinstance(body, dict):
            raise ProviderError(DOWN, reason="not JSON")
        return body


def _origin(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    return parts.scheme, parts.netloc.lower()
