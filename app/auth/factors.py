"""The second factor: time-based one-time passwords (RFC 6238, 30 s, 6 digits), and the picture an app scans."""

import hmac
from datetime import datetime

import pyotp
import segno

STEP = 30
WINDOW = 1
"""Steps a clock may be wrong, each way."""


def new_secret() -> str:
    """A fresh secret in base 32."""
    return pyotp.random_base32()


def step_of(secret: str, code: str, at: datetime) -> int | None:
    """The time step a code belongs to, or None when it fits none near now."""
    given = "".join(code.split())
    totp = pyotp.TOTP(secret, interval=STEP)
    now = int(at.timestamp()) // STEP
    fitting = [
        step
        for step in range(now - WINDOW, now + WINDOW + 1)
        if hmac.compare_digest(totp.at(step * STEP).encode(), given.encode())
    ]
    return fitting[-1] if fitting else None


def address(secret: str, login: str, issuer: str) -> str:
    """What an authenticator app reads: otpauth://totp/…"""
    return pyotp.TOTP(secret, interval=STEP).provisioning_uri(name=login, issuer_name=issuer)


def picture(text: str) -> str:
    """A QR code as inline SVG, dark on light, with its quiet zone."""
    return segno.make(text, error="m").svg_inline(scale=5, border=4, light="#fff", dark="#101820", omitsize=False)
