"""GeoPackage geometry blobs (OGC 12-128r18 §2.1.3): 8-byte headers for points, 40 bytes with envelope for the rest."""

import struct
from collections.abc import Sequence

import numpy as np

from layers.layer import Geometry, Layer

SRS_ID = 4490
POINT_HEADER = b"GP\x00\x01" + struct.pack("<i", SRS_ID)
ENVELOPE_HEADER = b"GP\x00\x03" + struct.pack("<i", SRS_ID)


def wkb_offset(layer: Layer) -> int:
    """Where the WKB starts, counted from 1 as SQL's substr does."""
    return 9 if layer.geometry is Geometry.POINT else 41


def framed(layer: Layer, wkb: Sequence[bytes | None], bounds: np.ndarray) -> list[bytes | None]:
    """Blobs of many WKB geometries with their bounds (west, south, east, north)."""
    if layer.geometry is Geometry.POINT:
        return [None if w is None else POINT_HEADER + w for w in wkb]
    west, south, east, north = bounds.T
    envelopes = np.ascontiguousarray(np.column_stack([west, east, south, north]).astype("<f8")).tobytes()
    return [None if w is None else ENVELOPE_HEADER + envelopes[32 * i : 32 * i + 32] + w for i, w in enumerate(wkb)]
