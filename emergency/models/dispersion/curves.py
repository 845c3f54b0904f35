"""Which set of dispersion curves is meant, and its spread for an averaging time."""

from enum import StrEnum

from core.errors import BadInputError
from core.texts import Text
from core.units import Metres, Second
from emergency.models.dispersion.air import Stability, Terrain
from emergency.models.dispersion.beals import beals
from emergency.models.dispersion.briggs import ACROSS_RURAL, UP_RURAL, UP_URBAN, briggs
from emergency.models.dispersion.isc3 import isc3
from emergency.models.dispersion.slade import slade
from emergency.models.dispersion.spicer_havens import spicer_havens
from emergency.models.dispersion.spread import Spread


class Curves(StrEnum):
    """Published sets; the one used is kept with every result.

    ALOHA takes the rural lateral curve everywhere and the urban one only upwards.
    """

    BRIGGS_RURAL = "briggs_rural"
    BRIGGS_URBAN = "briggs_urban"
    ALOHA_RURAL = "aloha_rural"
    ALOHA_URBAN = "aloha_urban"
    ISC3_RURAL = "isc3_rural"
    SPICER_HAVENS = "spicer_havens"
    SLADE_PUFF = "slade_puff"


AVERAGED: dict[Curves, Second] = {
    Curves.BRIGGS_RURAL: 180.0,
    Curves.BRIGGS_URBAN: 3600.0,
    Curves.ALOHA_RURAL: 180.0,
    Curves.ALOHA_URBAN: 180.0,
    Curves.SPICER_HAVENS: 600.0,
}
"""The averaging time of the lateral curves, where a source says it (NOAA TM NOS OR&R 43 4.3.1; Spicer and Havens)."""

POWER = 0.2
"""Lateral spread goes with the averaging time to this (NOAA TM NOS OR&R 43 section 4.4.4)."""


def spread(curves: Curves, downwind: Metres, stability: Stability, averaging_time: Second | None = None) -> Spread:
    """Spread of a set at a distance; without an averaging time, that of the set as published."""
    if curves == Curves.SPICER_HAVENS:
        return spicer_havens.method(downwind, stability, averaging_time or AVERAGED[curves])
    found = _published(curves, downwind, stability)
    if averaging_time is None:
        return found
    if curves not in AVERAGED:
        raise BadInputError(
            Text(
                f"averaging_time:{curves} 曲线没有注明平均时间,不能换算",
                f"averaging_time: the curves {curves} do not say theirs, so there is none to convert from",
            ),
            field="averaging_time", value=averaging_time, curves=str(curves),
        )  # fmt: skip
    return Spread(found.across * (averaging_time / AVERAGED[curves]) ** POWER, found.up, found.along)


def _published(curves: Curves, downwind: Metres, stability: Stability) -> Spread:
    match curves:
        case Curves.BRIGGS_RURAL:
            return briggs.method(downwind, stability)
        case Curves.BRIGGS_URBAN:
            return briggs.method(downwind, stability, Terrain.URBAN)
        case Curves.ISC3_RURAL:
            return isc3.method(downwind, stability)
        case Curves.SLADE_PUFF:
            return slade.method(downwind, stability)
    up = UP_URBAN if curves == Curves.ALOHA_URBAN else UP_RURAL
    return Spread(ACROSS_RURAL[stability](downwind), up[stability](downwind))


def along(curves: Curves, downwind: Metres, stability: Stability) -> Metres:
    """Spread along the wind: the set's own, that across for Spicer and Havens' (as GasDispersion.jl), else Beals'."""
    if curves == Curves.SLADE_PUFF:
        return slade.method(downwind, stability).across
    if curves == Curves.SPICER_HAVENS:
        return spicer_havens.method(downwind, stability).across
    return beals.method(downwind, stability)
