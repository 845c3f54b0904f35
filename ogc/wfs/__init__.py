"""WFS 2.0.0 over the store: one function from a request to an answer."""

from ogc.wfs.service import wfs

__all__ = ["wfs"]
