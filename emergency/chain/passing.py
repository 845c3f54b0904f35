"""A steady plume as a field in time: carried by its own wind, its ends blurred along it as Palazzi has them."""

from dataclasses import replace

import numpy as np

from core.units import Metres, Second
from emergency.field import Floats, PassingField
from emergency.models.dispersion.beals import beals
from emergency.models.dispersion.curves import AVERAGED, along
from emergency.models.dispersion.degadis import HeavyPlume
from emergency.models.dispersion.gaussian_plume import Plume


def of_plume(plume: Plume, factor: float) -> PassingField:
    """A passive plume that ends; `factor` makes parts of volume of its concentrations."""
    assert plume.duration is not None

    def steady(downwind: Metres, crosswind: Metres, height: Metres) -> Floats:
        return replace(plume, height=height, duration=None).at(downwind, crosswind) * factor

    return PassingField(
        steady=steady, travel=lambda x: np.maximum(np.asarray(x, dtype=float), 0.0) / plume.wind_speed,
        length=lambda x: along(plume.curves, x, plume.stability), wind_speed=plume.wind_speed, duration=plume.duration,
        averaging_time=plume.averaging_time or AVERAGED.get(plume.curves),
    )  # fmt: skip


def of_heavy(plume: HeavyPlume, duration: Second) -> PassingField:
    """An integrated dense plume: it travels with the speed of its own layer, its ends are blurred as its peaks are."""
    return PassingField(
        steady=plume.at, travel=plume.travel, length=lambda x: beals.method(x, plume.stability),
        wind_speed=plume.wind_speed, duration=duration,
    )  # fmt: skip
