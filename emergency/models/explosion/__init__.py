"""How it bursts: condensed and vapour-cloud explosions, vessels."""

from emergency.models.explosion import tnt

__all__ = ["tnt"]
