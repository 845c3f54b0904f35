"""Somebody an identity provider vouches for, and what goes wrong on the way there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.errors import OneMapError
from core.texts import Text

SECOND_FACTORS = frozenset({"otp", "mfa", "hwk"})
"""Authentication methods (RFC 8176) that count as a second factor."""


class ProviderError(OneMapError):
    """The identity provider does not answer, or not as it should."""

    code = "provider-unavailable"
    status = 502


class UnprovenError(OneMapError):
    """What came back from the provider does not prove who somebody is."""

    code = "unproven"
    status = 403


UNPROVEN = Text("统一身份认证未能核实您的身份,请重新登录", "single sign-on did not prove who you are: sign in again")
DOWN = Text(
    "统一身份认证暂时无法使用,请稍后再试,或使用账号口令登录",
    "single sign-on cannot be reached now: try again later, or sign in with account and password",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a sign-in under way must find again when the browser comes back."""

    state: str
    nonce: str
    verifier: str
    back: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody the provider vouches for."""

    issuer: str
    subject: str
    claims: Mapping[str, Any]

    @property
    def name(self) -> str:
        """What to call them."""
        return self._text("name") or self._text("preferred_username") or self.subject

    @property
    def login(self) -> str:
        """What they are called at the provider; here it may be taken by somebody else."""
        return self._text("preferred_username") or self._text("email") or self.subject

    @property
    def second_factor(self) -> bool:
        """The provider says it asked for more than a password."""
        return not SECOND_FACTORS.isdisjoint(self.claims.get("amr") or ())

    def _text(self, claim: str) -> str:
        value = self.claims.get(claim)
        return value.strip() if isinstance(value, str) else ""
