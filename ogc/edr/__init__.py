"""OGC API EDR: what measuring points and weather stations measured, as CoverageJSON or CSV."""

from ogc.edr.routes import edr_routes

__all__ = ["edr_routes"]
