"""Published methods, one a file: what is released, how it spreads, burns and bursts, and what that does to people."""

from emergency.models import dispersion, explosion, fire, harm, sources

__all__ = ["dispersion", "explosion", "fire", "harm", "sources"]
