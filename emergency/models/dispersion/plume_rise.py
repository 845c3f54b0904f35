"""How far a hot or fast stack plume rises, by Briggs' equations as ISC3 uses them, and how a stack draws it down."""

from dataclasses import dataclass

import numpy as np

from core.texts import Text
from core.units import BuoyancyFlux, Kelvin, KelvinPerMetre, Metre, Metres, Speed
from emergency.evidence import Tier
from emergency.formula import formula, means
from emergency.model import OutsideValidityError, model
from emergency.models.dispersion.air import Stability

GRAVITY = 9.80616
GRADIENTS = {Stability.E: 0.020, Stability.F: 0.035}
"""Kelvin per metre of potential temperature that ISC3 takes where none was measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rise:
    """The rise of a plume: final, where it is reached, and on the way there.

    `momentum` holds its flux, how it entrains, and the root of the air's stability.
    """

    buoyancy_flux: BuoyancyFlux
    final: Metre
    reached_at: Metre
    buoyant: bool
    momentum: tuple[float, float, float]
    wind_speed: Speed

    def at(self, downwind: Metres) -> Metres:
        """The rise at a distance."""
        x = np.clip(np.asarray(downwind, dtype=float), 0.0, self.reached_at)
        if self.buoyant:
            rising = 1.60 * np.cbrt(self.buoyancy_flux * x**2 / self.wind_speed**3)
        else:
            flux, entrained, root = self.momentum
            along = np.sin(x * root / self.wind_speed) / root * self.wind_speed if root > 0 else x
            rising = np.cbrt(3 * flux * along / (entrained * self.wind_speed) ** 2)
        return np.where(x >= self.reached_at, self.final, np.minimum(rising, self.final))


@model(
    id="plume-rise-briggs",
    title=Text("Briggs 烟羽抬升", "Plume rise by Briggs"),
    source=(
        "Briggs (1969, 1975) as in EPA-454/B-95-003b vol. II section 1.1.4, as quoted in GasDispersion.jl; stable "
        "momentum rise with the wind speed as in equation 1-17 (canarina.com/disper, CALPUFF code)"
    ),
    how=Text(
        "按出口与环境温差判断浮力或动量主导,分别计算最终抬升与沿程抬升;稳定层结时取较小值。",
        "The excess temperature decides whether buoyancy or momentum rules; each has its final rise and its way there, "
        "in stable air the lesser of two.",
    ),
    formula=formula(
        "Fb = g·v·d²·(Ts − Ta)/(4·Ts)",
        "Fm = v²·d²·Ta/(4·Ts)",
        "β = 1/3 + u/v",
        "s = g·Θ/Ta",
        "ΔTE = 0.019582·Ts·v·√(s)",
        "hE = min(2.6·∛(Fb/(u·s)), 4·Fb^(1/4)/s^(3/8)), Ts − Ta > ΔTE",
        "xE = 2.0715·u/√(s), Ts − Ta > ΔTE",
        "hE = min(1.5·∛(Fm/(u·√(s))), 3·d·v/u), Ts − Ta ≤ ΔTE",
        "xE = π/2·u/√(s), Ts − Ta ≤ ΔTE",
        "ΔTA = 0.0297·Ts·∛(v)/d^(2/3), Fb < 55",
        "ΔTA = 0.00575·Ts·v^(2/3)/∛(d), Fb ≥ 55",
        "xA = 49·Fb^0.625, Fb > 0 ∧ Fb < 55",
        "xA = 119·Fb^0.4, Fb ≥ 55",
        "hA = 21.425·Fb^0.75/u, Ts − Ta > ΔTA ∧ Fb < 55",
        "hA = 38.71·Fb^0.6/u, Ts − Ta > ΔTA ∧ Fb ≥ 55",
        "hA = 3·d·v/u, Ts − Ta ≤ ΔTA",
        "xA = 4·d·(v + 3·u)²/(v·u), Ts − Ta ≤ ΔTA ∧ Fb ≤ 0",
        "hb = min(1.60·∛(Fb·x²/u³), h)",
        "hm = min(∛(3·Fm·sin(x·√(s)/u)·u/(√(s)·(β·u)²)), h), s > 0",
        "hm = min(∛(3·Fm·x/(β·u)²), h), s = 0",
        where={
            "Fb": means("浮力通量", "buoyancy flux", "m4/s3"),
            "Fm": means("动量通量", "momentum flux", "m4/s2"),
            "g": means("重力加速度", "acceleration of gravity", "m/s2", 9.80616),
            "v": "exit_velocity",
            "d": "stack_diameter",
            "Ts": "exit_temperature",
            "Ta": "ambient_temperature",
            "u": "wind_speed",
            "β": means("射流卷吸系数", "entrainment of the jet", "1"),
            "s": means("稳定度参数,A–D 级为 0", "stability parameter, 0 of classes A to D", "1/s2"),
            "Θ": "temperature_gradient",
            "ΔTE": means("稳定层结的动量、浮力分界温差", "excess that parts momentum from buoyancy in stable air", "K"),
            "hE": means("E、F 级的最终抬升", "final rise in classes E and F", "m"),
            "xE": means("E、F 级到达最终抬升的距离", "where that is reached", "m"),
            "ΔTA": means(
                "A–D 级的动量、浮力分界温差", "excess that parts momentum from buoyancy in classes A to D", "K"
            ),
            "hA": means("A–D 级的最终抬升", "final rise in classes A to D", "m"),
            "xA": means("A–D 级到达最终抬升的距离", "where that is reached", "m"),
            "hb": means("浮力主导时沿程抬升", "rise by buoyancy on the way", "m"),
            "hm": means("动量主导时沿程抬升", "rise by momentum on the way", "m"),
            "x": "downwind",
            "h": means("最终抬升(hE 或 hA)", "the final rise, hE or hA", "m"),
        },
    ),
    neglects=(
        Text("建筑物尾流", "wakes of buildings"),
        Text("静风", "calms"),
        Text(
            "动量与浮力分界式的指数由两种最终抬升相等推得,未与原文核对",
            "the exponents of where momentum gives way to buoyancy follow from equating both final rises and were "
            "not compared with the document",
        ),
    ),
    cases=("plume_rise_briggs",),
    tier=Tier.IMPLEMENTATION,
)
def plume_rise(
    stack_diameter: Metre,
    exit_velocity: Speed,
    exit_temperature: Kelvin,
    ambient_temperature: Kelvin,
    wind_speed: Speed,
    stability: Stability,
    temperature_gradient: KelvinPerMetre | None = None,
) -> Rise:
    """The rise above the stack's mouth; the wind is that at the mouth."""
    excess = exit_temperature - ambient_temperature
    buoyancy = GRAVITY * exit_velocity * stack_diameter**2 * excess / (4 * exit_temperature)
    momentum = exit_velocity**2 * stack_diameter**2 * ambient_temperature / (4 * exit_temperature)
    entrained = 1 / 3 + wind_speed / exit_velocity
    by_momentum = 3 * stack_diameter * exit_velocity / wind_speed
    if stability.stable:
        gradient = GRADIENTS[stability] if temperature_gradient is None else temperature_gradient
        if gradient <= 0.0:
            raise OutsideValidityError(
                model="plume-rise-briggs", parameter="temperature_gradient", value=gradient, low=0.0, high=np.inf,
                unit="K/m",
            )  # fmt: skip
        root = float(np.sqrt(GRAVITY * gradient / ambient_temperature))
        buoyant = excess > 0.019582 * exit_temperature * exit_velocity * root
        if buoyant:
            bent = 2.6 * np.cbrt(buoyancy / (wind_speed * root**2))
            final, reached = min(float(bent), 4 * buoyancy**0.25 / root**0.75), 2.0715 * wind_speed / root
        else:
            final = min(1.5 * float(np.cbrt(momentum / (wind_speed * root))), by_momentum)
            reached = np.pi / 2 * wind_speed / root
    else:
        root = 0.0
        small = buoyancy < 55
        # where both final rises are equal, which is how ISC3's coefficients come about
        crossover = 0.0297 * exit_temperature * np.cbrt(exit_velocity) / stack_diameter ** (2 / 3)
        if not small:
            crossover = 0.00575 * exit_temperature * exit_velocity ** (2 / 3) / np.cbrt(stack_diameter)
        buoyant = excess > crossover
        reached = _reached(buoyancy)
        final = by_momentum
        if buoyant:
            final = (21.425 * buoyancy**0.75 if small else 38.71 * buoyancy**0.6) / wind_speed
        elif buoyancy <= 0:
            reached = 4 * stack_diameter * (exit_velocity + 3 * wind_speed) ** 2 / (exit_velocity * wind_speed)
    return Rise(
        buoyancy_flux=buoyancy, final=final, reached_at=float(reached), buoyant=bool(buoyant),
        momentum=(momentum, entrained, root), wind_speed=wind_speed,
    )  # fmt: skip


def _reached(buoyancy: BuoyancyFlux) -> Metre:
    if buoyancy <= 0:
        return 0.0
    return float(49 * buoyancy**0.625 if buoyancy < 55 else 119 * buoyancy**0.4)


def drawn_down(release_height: Metre, stack_diameter: Metre, exit_velocity: Speed, wind_speed: Speed) -> Metre:
    """The height a plume starts from when the stack's wake draws it down (Briggs 1974, as in ISC3)."""
    lacking = exit_velocity / wind_speed - 1.5
    return max(release_height + 2 * stack_diameter * min(lacking, 0.0), 0.0)
