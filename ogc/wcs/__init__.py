"""WCS 2.0.1: coverages described and cut, as GeoTIFF."""

from ogc.wcs.service import wcs

__all__ = ["wcs"]
