"""OGC API Features over the store: pygeoapi for the common parts, our own encoders and filters for the items."""

from ogc.oapi.routes import oapi_routes

__all__ = ["oapi_routes"]
