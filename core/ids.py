"""Identifiers that sort by the time they were made."""

import os
import time
import uuid


def new_id() -> str:
    """A UUID version 7 (RFC 9562): unguessable enough for a name, never used as a secret."""
    millis = time.time_ns() // 1_000_000
    value = (millis << 80) | int.from_bytes(os.urandom(10), "big")
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return str(uuid.UUID(int=value))
