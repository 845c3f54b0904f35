"""What pygeoapi's plugins need while a request is served; pygeoapi builds them anew and passes dicts only."""

from contextvars import ContextVar

from ogc.services import Services

serving: ContextVar[Services] = ContextVar("serving")
"""The services of the request at hand; unset outside one."""
