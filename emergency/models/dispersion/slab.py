"""SLAB: a dense cloud integrated downwind as a shallow layer, from a pool, a jet, a stack or all at once."""

from enum import StrEnum
from importlib import import_module
from types import ModuleType
from typing import Any
from warnings import filterwarnings

import numpy as np

from core.errors import BadInputError
from core.texts import Text
from core.units import (
    Fraction,
    JoulePerKilogram,
    JoulePerKilogramKelvin,
    Kelvin,
    Kilogram,
    KilogramPerCubicMetre,
    KilogramPerMole,
    KilogramPerSecond,
    Metre,
    Pascal,
    PerMetre,
    Second,
    Speed,
    SquareMetre,
)
from emergency.evidence import Tier
from emergency.formula import STANDARD_GRAVITY, formula, means
from emergency.model import model
from emergency.models.dispersion.air import Stability
from emergency.models.dispersion.slab_cloud import SlabCloud

FARTHEST: Metre = 20_000.0
AVERAGING: Second = 10.0
"""SLAB's own averaging time where none is given."""

STEPS, FINER = 60, 160
"""Stations downwind of the source; stations over a pool where ten of them, as in SLAB, find no cloud."""

IN_TIME = 120
"""Steps in time of a cloud without a source, each an eighth longer than the one before; more change nothing."""

SLOWEST: Metre = 2.0
"""The wind at this height carries a cloud at least a third as fast: so long it is followed."""

LEAST: Metre = 1e-9
"""No width is less, where one is divided by."""

TALL = 1.9
"""A dense cloud on the ground that is this many half-widths tall is the integration's failure, not a cloud."""


class SlabSource(StrEnum):
    """What SLAB starts from (IDSPL 1 to 4)."""

    POOL = "pool"
    JET = "horizontal-jet"
    STACK = "vertical-jet"
    AT_ONCE = "instantaneous"


class SlabMissingError(BadInputError):
    """The library that computes SLAB is not installed."""

    code = "slab-missing"
    status = 422

    def __init__(self) -> None:
        super().__init__(
            Text(
                "SLAB 模型需要 slabx 库:请安装 onemap[dense](pip install \"slabx>=1.0.7,<2\"),或改用 integral 模型",
                'SLAB needs the library slabx: install onemap[dense] (pip install "slabx>=1.0.7,<2"), or choose the '
                "model integral",
            ),
            field="model", value="slab",
        )  # fmt: skip


class SlabFailedError(BadInputError):
    """The integration found no cloud for these inputs."""

    code = "slab-failed"
    status = 422

    def __init__(self, source: SlabSource, why: str) -> None:
        super().__init__(
            Text(
                f"SLAB 对此释放({source})没有得到可信的云团({why}),请改用 integral 模型",
                f"SLAB found no cloud to believe in for this release ({source}: {why}); choose the model integral",
            ),
            field="model", value="slab",
        )  # fmt: skip


def available() -> bool:
    """The library is installed."""
    try:
        import_module("slabx")
    except ModuleNotFoundError:
        return False
    return True


@model(
    id="slab",
    title=Text("SLAB 浅层积分模型", "SLAB, an integrated shallow layer"),
    source=(
        "Ermak (1990), User's Manual for SLAB, UCRL-MA-105607, by the library slabx 1.0.7 (Lee 2026, MIT, "
        "doi 10.5281/zenodo.22023625), which was held against SLAB.FOR over 108 decks (volume fraction within 0.9 % "
        "in the median)"
    ),
    how=Text(
        "沿下风向(释放结束后沿时间)积分云层的质量、动量、能量与组分守恒:卷吸受密度层结抑制,重力铺展,液滴与空气处于相平衡,"
        "空气中水汽凝结;高度、宽度、温度、密度由通量代数求出。断面按误差函数与高斯函数,平均时间内的摆动使云团变宽。",
        "Mass, momentum, energy and species of the cloud are integrated downwind, and in time once the release has "
        "ended: weight damps entrainment and spreads the cloud, droplets and the air's moisture are in equilibrium; "
        "height, width, temperature and density follow from the fluxes. Error functions across, bells upwards; "
        "meander widens the cloud for an averaging time.",
    ),
    formula=formula(
        "R = ρ·u·B·h",
        "dR/dx = √(3)·ρa·((ve + vf)·h + we·B) + q",
        "dB/dx = (√(3)·ρa/ρ·ve + Vg)/u",
        "dI/dx = 0.75·g·(ρ − ρa)·h²",
        "Vg = (I + R₀·V₀)·e/R",
        "u³ − ue·u² + 0.25·g·(ρ − ρa)·R/(2·B·ρ²) = 0, ρ > ρa",
        "Y = Ma·m/(M + (Ma − M)·m)",
        where={
            "R": means("质量通量(半宽内)", "mass flux within the half-width", "kg/s"),
            "ρ": means("云团密度", "density of the cloud", "kg/m3"),
            "u": means("云团速度", "speed of the cloud", "m/s"),
            "B": means("半宽", "half-width", "m"),
            "h": means("高度", "height", "m"),
            "x": "downwind",
            "ρa": means("空气密度", "air density", "kg/m3"),
            "ve": means("侧向卷吸速度", "entrainment at the sides", "m/s"),
            "vf": means("重力前锋的卷吸速度", "entrainment at the front of the gravity flow", "m/s"),
            "we": means("垂直卷吸速度,受密度层结抑制", "entrainment from above, which stratification damps", "m/s"),
            "q": means("源的质量通量(释放率与源面积见输入)", "flux of the source, from its rate and area", "kg/(m.s)"),
            "Vg": means("侧向重力流速度", "speed of the gravity flow to the side", "m/s"),
            "I": means("重力流动量的累计", "momentum of the gravity flow", "kg.m/s2"),
            "g": STANDARD_GRAVITY,
            "R₀": means("上一步的质量通量", "mass flux of the step before", "kg/s"),
            "V₀": means("上一步的重力流速度", "gravity flow of the step before", "m/s"),
            "e": means("地面摩擦的衰减", "damping by friction", "1"),
            "ue": means("无重力时的云团速度", "speed without gravity", "m/s"),
            "Y": means("体积分数", "part of volume", "1"),
            "Ma": means("空气摩尔质量", "molar mass of air", "kg/mol"),
            "m": means("质量分数", "mass fraction", "1"),
            "M": "molar_mass",
        },
    ),
    valid={"wind_speed": (0.5, 12.0), "roughness": (1e-5, 0.1)},
    neglects=(
        Text("建筑物、围堰、地形", "buildings, bunds and hills"),
        Text("液滴雨落、地面温度变化", "rain-out, cooling of the ground"),
        Text("比空气轻的烟囱射流", "stack jets lighter than air (refused)"),
        Text(
            "对大气稳定度的响应偏强(slabx 所列四组试验);小风稳定条件最不可靠",
            "it responds too strongly to stability (four sets of trials, says slabx): weak wind in stable air is least "
            "to be trusted",
        ),
    ),
    cases=("slab", "lng_pool_dispersion_lfl", "dense_gas_half_width"),
    tier=Tier.OBSERVED,
)
def slab(
    source: SlabSource,
    source_area: SquareMetre,
    molar_mass: KilogramPerMole,
    vapour_heat_capacity: JoulePerKilogramKelvin,
    boiling_temperature: Kelvin,
    latent_heat: JoulePerKilogram,
    liquid_heat_capacity: JoulePerKilogramKelvin,
    liquid_density: KilogramPerCubicMetre,
    wind_speed: Speed,
    ambient_temperature: Kelvin,
    roughness: Metre,
    mass_rate: KilogramPerSecond | None = None,
    duration: Second | None = None,
    mass: Kilogram | None = None,
    stability: Stability | None = None,
    inverse_obukhov: PerMetre | None = None,
    wind_height: Metre = 10.0,
    relative_humidity: Fraction = 0.5,
    ambient_pressure: Pascal = 101_325.0,
    release_temperature: Kelvin | None = None,
    liquid_fraction: Fraction = 0.0,
    release_height: Metre = 0.0,
    averaging_time: Second = AVERAGING,
    height: Metre = 0.0,
    farthest: Metre = FARTHEST,
    saturation_b: Kelvin | None = None,
    saturation_c: Kelvin = 0.0,
) -> SlabCloud:
    """The cloud; a pool, jet or stack has a rate, a release at once has a mass.

    `source_area` is the pool's, the expanded jet's or that of a release at once. Without `stability` the air is told by
    `inverse_obukhov`. Without `saturation_b` the vapour pressure follows from the latent heat (equation 43b).

    Raises `SlabMissingError` without the library, `SlabFailedError` where it finds no cloud.
    """
    if stability is None and inverse_obukhov is None:
        raise BadInputError(
            Text("SLAB 需要 stability 或 inverse_obukhov", "SLAB needs stability or inverse_obukhov"), field="stability"
        )
    made = _library()
    gas = made.base.Substance(
        name="gas", mw=molar_mass, cp_vapour=vapour_heat_capacity, cp_liquid=liquid_heat_capacity, dh_vap=latent_heat,
        T_boil=boiling_temperature, rho_liquid=liquid_density, sat_B=-1.0 if saturation_b is None else saturation_b,
        sat_C=saturation_c,
    )  # fmt: skip
    lasts = _lasts(source, mass_rate, duration, mass)
    released = {"substance": gas, "area": source_area, "duration": lasts, "T_source": release_temperature}
    try:
        with np.errstate(all="ignore"):
            air = made.atmosphere.Atmosphere(
                u_ref=wind_speed, z_ref=wind_height, T=ambient_temperature, rh=100.0 * relative_humidity, z0=roughness,
                stability=None if stability is None else str(stability), inv_L=inverse_obukhov, p=ambient_pressure,
            )  # fmt: skip
            track = _followed(
                made, source, released | _more(source, mass_rate, mass, liquid_fraction, release_height), air, farthest
            )
            field = made.concentration.concentration_field(
                track, air, z="max", t_avg=averaging_time, t_release=max(lasts, 1.0)
            )
    except (ValueError, RuntimeError, ArithmeticError, NotImplementedError) as fault:
        raise SlabFailedError(source, f"{type(fault).__name__}: {fault}") from fault
    return SlabCloud(
        distance=field.x, part=track.vol_frac, most=field.peak, core=np.maximum(field.b_shape, LEAST),
        tail=np.maximum(field.beta_c, LEAST), centre=field.z_c, deep=np.maximum(field.sigma_z, LEAST),
        wide=track.b_half, speed=track.u, arrival=_arrival(track, field.t_cld), passing=field.t_cld,
        averaging_time=averaging_time, height=height,
    )  # fmt: skip


def _library() -> Any:
    """The parts of slabx, looked for when they are needed.

    Ranges it warns about stand in the card, where they are checked and said with the answer.
    """
    try:
        parts = {
            name.rpartition(".")[2]: import_module(f"slabx.{name}")
            for name in (
                "scope", "thermo.base", "submodels.atmosphere", "core.source", "core.vertical_jet", "core.plume",
                "post.concentration",
            )
        }  # fmt: skip
    except ModuleNotFoundError as missing:
        raise SlabMissingError from missing
    filterwarnings("ignore", category=parts["scope"].ScopeWarning)
    made = ModuleType("slab")
    made.__dict__.update(parts)
    return made


def _lasts(
    source: SlabSource, mass_rate: KilogramPerSecond | None, duration: Second | None, mass: Kilogram | None
) -> Second:
    missing = "mass" if source is SlabSource.AT_ONCE else "mass_rate"
    if (mass if source is SlabSource.AT_ONCE else mass_rate) is None:
        raise BadInputError(
            Text(f"SLAB 的 {source} 源需要 {missing}", f"a {source} source of SLAB needs {missing}"), field=missing
        )
    if source is SlabSource.AT_ONCE:
        return 0.0
    return float("inf") if duration is None else duration


def _more(
    source: SlabSource, mass_rate: KilogramPerSecond | None, mass: Kilogram | None, liquid_fraction: Fraction,
    release_height: Metre,
) -> dict[str, object]:  # fmt: skip
    """What each kind of source is told beside its substance, area, duration and temperature."""
    if source is SlabSource.POOL:
        return {"rate": mass_rate}
    whole = {"liquid_fraction": liquid_fraction, "height": release_height}
    return whole | ({"rate": 0.0, "mass": mass} if source is SlabSource.AT_ONCE else {"rate": mass_rate})


def _followed(made: Any, source: SlabSource, released: dict[str, object], air: Any, farthest: Metre) -> Any:
    """The trajectory; over a pool a second time with more stations, where the first found no cloud."""
    kinds = {
        SlabSource.POOL: made.source.EvaporatingPool,
        SlabSource.JET: made.source.HorizontalJet,
        SlabSource.STACK: made.vertical_jet.VerticalJet,
        SlabSource.AT_ONCE: made.source.InstantaneousRelease,
    }
    begun = kinds[source](**released)
    gas = made.base.LegacyThermo(released["substance"])
    ends = begun.duration + 3 * farthest / air.wind_speed(SLOWEST)
    tries = ({"n_field_steps": STEPS}, {"n_field_steps": STEPS, "n_source_steps": FINER})
    for grid in tries if source is SlabSource.POOL else tries[:1]:
        track, _ = made.plume.run_dispersion(
            begun, air, gas, made.base.water_backend(), x_max=farthest, t_max=ends, n_puff_steps=IN_TIME, **grid
        )
        if track.x[-1] < farthest / 2:
            raise SlabFailedError(source, f"followed to {track.x[-1]:.0f} m only")
        if source is not SlabSource.POOL or not _burst(track):
            return track
    raise SlabFailedError(source, "the cloud over the pool bursts upwards")


def _arrival(track: Any, passing: Any) -> Any:
    """When the front is there: a plume's travel time; what has ended is told by its middle, with half of it before."""
    come = np.where(track.is_puff, track.t - passing / 2, track.t)
    return np.maximum.accumulate(np.maximum(come, 0.0))


def _burst(track: Any) -> bool:
    """The known failure of small, strong, dense pools: in one step the layer is twice as tall as half its width."""
    over = (track.x <= track.meta["effective_half_width"]) & (track.h > 0)
    return bool(over.any() and (track.h[over] >= TALL * track.b_half[over]).any())
