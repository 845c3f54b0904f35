"""GeoPackage geometry blobs (OGC 12-128r18 §2.1.3): 8-byte headers for points, 40 bytes with envelope for the rest."""

import struct

import numpy as np
import shapely

from layers.layer import Geometry, Layer

SRS_ID = 4490
POINT_HEADER = b"GP\x00\x01" + struct.pack("<i", SRS_ID)
ENVELOPE_HEADER = b"GP\x00\x03" + struct.pack("<i", SRS_ID)
EMPTY_HEADER = b"GP\x00\x11" + struct.pack("<i", SRS_ID)


def wkb_offset(layer: Layer) -> int:
    """Where the WKB starts, counted from 1 as SQL's substr does."""
    return 9 if layer.geometry is Geometry.POINT else 41


def blobs(layer: Layer, wkb: list[bytes | None]) -> tuple[list[bytes | None], np.ndarray]:
    """Blobs and bounds (west, south, east, north; NaN where there is no geometry) of many WKB geometries."""
    shapes = shapely.from_wkb(np.asarray(wkb, dtype=object))
    bounds = shapely.bounds(shapes)
    little = shapely.to_wkb(shapes, byte_order=1)
    if layer.geometry is Geometry.POINT:
        return [None if w is None else POINT_HEADER + w for w in little], bounds
    west, south, east, north = bounds.T
    envelopes = np.ascontiguousarray(np.column_stack([west, east, south, north]).astype("<f8"))
    return [None if w is None else ENVELOPE_HEADER + envelopes[i].tobytes() + w for i, w in enumerate(little)], bounds


def wkb_of(blob: bytes) -> bytes:
    """The WKB inside a blob."""
    return blob[8:] if blob[3] == 1 else blob[40:]
