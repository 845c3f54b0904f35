"""WMTS 1.0.0 over the tiles of layers: keyword requests, resources by path, and the document that tells of both."""

from ogc.wmts.service import wmts

__all__ = ["wmts"]
