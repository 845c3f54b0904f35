"""The answer to a 401: Basic, or Digest with MD5 (RFC 7617, RFC 7616), as cameras ask for over RTSP and HTTP."""

import hashlib
import re
import secrets
from base64 import b64encode

from video.sources.addresses import Credentials


def authorization(challenges: list[str], credentials: Credentials, method: str, uri: str) -> str | None:
    """What to send as Authorization; None where neither way is offered. Digest is taken first."""
    digest = next((one for one in challenges if one[:7].lower() == "digest "), None)
    if digest is not None:
        return _digest(digest, credentials, method, uri)
    if any(one[:5].lower() == "basic" for one in challenges):
        return "Basic " + b64encode(f"{credentials.user}:{credentials.password}".encode()).decode()
    return None


def _digest(challenge: str, credentials: Credentials, method: str, uri: str) -> str:
    asked = {
        name.lower(): quoted or bare for name, quoted, bare in re.findall(r'(\w+)=(?:"([^"]*)"|([^,\s]+))', challenge)
    }
    realm, nonce = asked.get("realm", ""), asked.get("nonce", "")
    who = _md5(f"{credentials.user}:{realm}:{credentials.password}")
    what = _md5(f"{method}:{uri}")
    told = f'username="{credentials.user}", realm="{realm}", nonce="{nonce}", uri="{uri}"'
    if "auth" in asked.get("qop", "").replace(" ", "").split(","):
        own = secrets.token_hex(8)
        response = _md5(f"{who}:{nonce}:00000001:{own}:auth:{what}")
        return f'Digest {told}, qop=auth, nc=00000001, cnonce="{own}", response="{response}"'
    return f'Digest {told}, response="{_md5(f"{who}:{nonce}:{what}")}"'


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()  # what the protocol has
