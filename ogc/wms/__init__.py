"""Web Map Service 1.3.0 and 1.1.1 over the shared declarations, rows and renderer."""

from ogc.wms.service import wms

__all__ = ["wms"]
