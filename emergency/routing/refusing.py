"""What is said where there is no route at all."""

from core.errors import OneMapError


class NoRouteError(OneMapError):
    """No way leads there, whatever is risked: too far from a road, not connected, or closed."""

    code = "no-route"
    status = 422
