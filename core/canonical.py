"""One spelling of a value for hashing: canonical JSON, as RFC 8785 means it, and SHA-256."""

import hashlib
from typing import Any

import orjson


def canonical_json(value: dict[str, Any]) -> bytes:
    """Keys sorted, nulls left out (a column added later changes no old hash), UTF-8, no spaces."""
    return orjson.dumps({k: v for k, v in value.items() if v is not None}, option=orjson.OPT_SORT_KEYS)


def sha256(data: bytes) -> str:
    """Lower-case hexadecimal digest."""
    return hashlib.sha256(data).hexdigest()
