"""GeoPackage geometry blobs (OGC 12-128r18 §2.1.3): 8-byte headers for points, 40 bytes with envelope for the rest."""

import struct

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from layers.layer import Geometry, Layer
from store.arrays import strided

SRS_ID = 4490
POINT_HEADER = b"GP\x00\x01" + struct.pack("<i", SRS_ID)
ENVELOPE_HEADER = b"GP\x00\x03" + struct.pack("<i", SRS_ID)


def wkb_offset(layer: Layer) -> int:
    """Where the WKB starts, counted from 1 as SQL's substr does."""
    return 9 if layer.geometry is Geometry.POINT else 41


def framed(layer: Layer, wkb: pa.Array, bounds: np.ndarray) -> list[bytes | None]:
    """Blobs of many WKB geometries with their bounds (west, south, east, north)."""
    headers = POINT_HEADER
    if layer.geometry is not Geometry.POINT:
        west, south, east, north = bounds.T
        envelopes = np.ascontiguousarray(np.column_stack([west, east, south, north]).astype("<f8"))
        headers = pc.binary_join_element_wise(ENVELOPE_HEADER, strided(envelopes.reshape(-1).view(np.uint8), 32), b"")
    found: list[bytes | None] = pc.binary_join_element_wise(headers, wkb, b"").to_pylist()
    return found
