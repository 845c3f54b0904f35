"""How a cloud spreads: passive and dense, and the air it spreads in."""

from emergency.models.dispersion import (
    beals,
    briggs,
    golder,
    isc3,
    obukhov,
    plume_rise,
    slade,
    spicer_havens,
    srdt,
    turner,
    wind,
)

__all__ = [
    "beals",
    "briggs",
    "golder",
    "isc3",
    "obukhov",
    "plume_rise",
    "slade",
    "spicer_havens",
    "srdt",
    "turner",
    "wind",
]
