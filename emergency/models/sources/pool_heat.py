"""What heats and cools a pool, and its state step by step."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from core.units import Degree, Fraction, Kelvin, Metre, Pascal, Second, Speed
from emergency.chemicals.substance import Substance
from emergency.formula import MOLAR_GAS_CONSTANT, Meanings, means
from emergency.models.dispersion.air import Stability
from emergency.models.sources import brighton, mackay_matsugu, vapour
from emergency.models.sources.ground import GROUNDS, Ground
from emergency.models.sources.liquid_hole import GRAVITY
from emergency.models.sources.release import Regime, Release

AIR_DIFFUSIVITY, AIR_DENSITY, AIR_HEAT_CAPACITY = 2.0e-5, 1.2, 1004.0
EMISSIVITY, REFLECTIVITY, STEFAN_BOLTZMANN = 0.97, 0.03, 5.67e-8
CLOUDS = (
    (0.740, 44.3e-6), (0.750, 44.3e-6), (0.760, 44.3e-6), (0.770, 44.2e-6), (0.783, 40.7e-6), (0.793, 40.5e-6),
    (0.800, 39.9e-6), (0.810, 38.4e-6), (0.820, 35.4e-6), (0.840, 31.0e-6), (0.870, 26.6e-6),
)  # fmt: skip
"""Factors of radiation from the sky by tenths of cloud: NOAA TM NOS OR&R 43 table 8, as quoted in HAZEL."""
THINNEST = 0.005
"""m; a pool spreads no further (NOAA TM NOS OR&R 43, 3.4.4.2)."""
FIRST_RADIUS = 0.1
"""m; where spreading is begun, of no consequence after seconds."""


class Transfer(StrEnum):
    """Whose coefficient of mass transfer."""

    BRIGHTON = "brighton"
    MACKAY_MATSUGU = "mackay_matsugu"


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """The air, the sky and the ground about a pool; the sun is down unless its elevation is given."""

    wind_speed: Speed
    ambient_temperature: Kelvin
    stability: Stability = Stability.D
    ground: Ground = Ground.SOIL
    ground_temperature: Kelvin | None = None
    relative_humidity: Fraction = 0.5
    cloud_cover: Fraction = 0.5
    solar_elevation: Degree = 0.0
    transfer: Transfer = Transfer.BRIGHTON
    roughness: Metre = 0.001
    ambient_pressure: Pascal = 101_325.0

    def moved(self, diameter: Metre, molar_mass: float) -> float:
        """The coefficient of mass transfer, m/s."""
        if self.transfer is Transfer.MACKAY_MATSUGU:
            return float(mackay_matsugu.coefficient(self.wind_speed, diameter, molar_mass))
        return float(brighton.coefficient(self.wind_speed, diameter, molar_mass, self.stability, self.roughness))

    def radiation(self) -> float:
        """From the sun (Raphael 1962) and the sky (Thibodeaux 1979), W/m2; water in the air by Magnus's formula."""
        index, height = 10 * self.cloud_cover, float(np.sin(np.radians(self.solar_elevation)))
        sun = 1111 * (1 - 0.0071 * index**2) * (height - 0.1) if height > 0.1 else 0.0
        celsius = self.ambient_temperature - 273.15
        water = self.relative_humidity * 610.94 * float(np.exp(17.625 * celsius / (celsius + 243.04)))
        a, b = CLOUDS[round(index)]
        return sun + (1 - REFLECTIVITY) * (a + b * water) * STEFAN_BOLTZMANN * self.ambient_temperature**4


class Wetted:
    """The ground under a pool, ring by ring as it grows: each gives heat by how long it has lain under it."""

    def __init__(self, around: Surroundings) -> None:
        self._warm = around.ground_temperature or around.ambient_temperature
        self._conductivity, self._diffusivity = GROUNDS[around.ground]
        self._areas: list[float] = []
        self._since: list[float] = []
        self.area = 0.0

    def grow(self, area: float, now: Second) -> None:
        """The pool covers this much from now on; it never shrinks."""
        if area > self.area:
            self._areas.append(area - self.area)
            self._since.append(now)
            self.area = area

    def conductance(self, now: Second) -> float:
        """Heat for each kelvin between ground and pool, W/K."""
        ages = np.maximum(now - np.array(self._since), 1.0)
        given = np.array(self._areas) / np.sqrt(np.pi * self._diffusivity * ages)
        return self._conductivity * float(given.sum())

    def heat(self, temperature: Kelvin, conductance: float) -> float:
        """Into the pool, W."""
        return conductance * (self._warm - temperature)


def march(
    substance: Substance,
    around: Surroundings,
    temperature: Kelvin,
    limit: Second,
    *,
    mass: float = 0.0,
    area: float = 0.0,
    inflow: tuple[np.ndarray, np.ndarray] | None = None,
    most_area: float = np.inf,
) -> Release:
    """A pool of `mass` on `area`, or one that spreads while liquid arrives: `inflow`: times and mass come by each.

    Steps follow the linearised balance of heat, so that a thin pool settles at its temperature instead of swinging.
    """
    boiling, coldest = substance.saturation_temperature(around.ambient_pressure), substance.curve("vapour_pressure").low
    steady, wet, spread = around.radiation(), Wetted(around), inflow is not None
    lewis = (AIR_DIFFUSIVITY / vapour.diffusivity(substance.molar_mass)) ** (2 / 3)
    wet.grow(area, 0.0)
    arrived = mass
    now, here, left, gone, radius = 0.0, min(temperature, boiling), mass, 0.0, FIRST_RADIUS
    rows: list[tuple[float, float, float, float, float]] = []

    def balance(at: float, conductance: float, moved: float) -> tuple[float, float]:
        """Rate of evaporation, kg/s, and heat from outside, W."""
        pressure, latent = float(substance.vapour_pressure(at)), float(substance.latent_heat(at))
        faster = float(vapour.correction(pressure / around.ambient_pressure))
        flux = float(vapour.flux(moved, at, pressure, substance.molar_mass, around.ambient_pressure))
        heat = steady - EMISSIVITY * STEFAN_BOLTZMANN * at**4
        heat += AIR_DENSITY * AIR_HEAT_CAPACITY * lewis * moved * faster * (around.ambient_temperature - at)
        whole = heat * wet.area + wet.heat(at, conductance)
        if faster >= vapour.MOST_CORRECTION:
            flux = max(flux, whole / wet.area / latent)
        return flux * wet.area, whole

    def come(at: float) -> float:
        return mass if inflow is None else mass + float(np.interp(at, *inflow))

    while True:
        step = min(20.0, 0.1 + 0.05 * now, limit - now)
        fresh = max(come(now + step) - arrived, 0.0)
        arrived += fresh
        if left + fresh > 0:
            here = (left * here + fresh * min(temperature, boiling)) / (left + fresh)
        left += fresh
        if spread and left > 0:
            density = float(substance.liquid_density(here))
            depth = left / density / (np.pi * radius**2)
            if depth > THINNEST:
                thin = np.sqrt(left / density / THINNEST / np.pi)
                grown = np.sqrt(radius**2 + 2 * step * np.sqrt(2 * GRAVITY * left / density / np.pi))
                radius = float(min(thin, grown, np.sqrt(most_area / np.pi)))
            wet.grow(float(np.pi * radius**2), now)
        if left <= 0 or wet.area <= 0:
            rows.append((now, 0.0, gone, here, wet.area))
            if now >= limit or come(limit) <= arrived:
                break
            now += step
            continue
        conductance = wet.conductance(now)
        moved = around.moved(float(np.sqrt(4 * wet.area / np.pi)), substance.molar_mass)
        rate, heat = balance(here, conductance, moved)
        if rate > 0 and come(limit) <= arrived:  # it is gone when it is gone; while more comes, all that is there goes
            step = min(step, left / rate)
        out = min(rate * step, left)
        rows.append((now, out / step if step > 0 else rows[-1][1], gone, here, wet.area))
        if now >= limit:
            break
        latent, capacity = float(substance.latent_heat(here)), left * float(substance.liquid_heat_capacity(here))
        near = here - 0.05
        less, more = balance(near, conductance, moved)
        warming, slope = (heat - latent * rate) / capacity, ((heat - more) - latent * (rate - less)) / 0.05 / capacity
        change = warming * step if abs(slope * step) < 1e-6 else warming * np.expm1(min(slope * step, 50.0)) / slope
        here = min(max(float(here + change), coldest), boiling)
        left = 0.0 if left - out <= 1e-6 * come(now + step) else left - out
        gone = come(now + step) - left if not spread else gone + out
        now = limit if limit - now - step < 1e-9 else now + step
    time, rates, released, temperatures, areas = np.array(rows).T
    rest = max(come(limit) - float(released[-1]), 0.0)
    return Release(
        time=time, rate=rates, released=released, left=rest, regime=Regime.VAPOUR, temperature=temperatures, area=areas
    )  # fmt: skip


POOL = (
    "qs = max(1111·(1 − 0.0071·(10·n)²)·(sin(ϕ·π/180) − 0.1), 0)",
    "qa = (1 − 0.03)·(a + b·pw)·σ·Ta⁴",
    "pw = H·610.94·exp(17.625·(Ta − 273.15)/(Ta − 273.15 + 243.04))",
    "c = min(−(Pa/Pv)·ln(1 − Pv/Pa), 4)",
    "k = f(U, √(4·A/π))",
    "qc = 1.2·1004·(2·10⁻⁵/Dm)^(2/3)·k·c·(Ta − T)",
    "qg = κg·(Tg − T)",
    "Q = A·(qs + qa − 0.97·σ·T⁴ + qc) + qg",
    "m = k·c·Pv·M/(R·T), c < 4",
    "m = max(k·c·Pv·M/(R·T), Q/(A·L)), c = 4",
    "mp·cp·dT/dt = Q − L·m·A",
)
"""The balance of heat of a pool, as formulas print it."""

POOL_WHERE: Meanings = {
    "qs": means("日照", "heat of the sun", "W/m2"),
    "n": "cloud_cover",
    "ϕ": "solar_elevation",
    "qa": means("大气长波辐射", "radiation of the sky", "W/m2"),
    "a": means("系数,按云量", "factor by cloud", "1"),
    "b": means("系数,按云量", "factor by cloud", "1/Pa"),
    "pw": means("水汽分压", "partial pressure of water vapour", "Pa"),
    "σ": means("斯特藩-玻尔兹曼常数", "constant of Stefan and Boltzmann", "W/(m2.K4)", 5.67e-8),
    "Ta": "ambient_temperature",
    "H": "relative_humidity",
    "c": means("易挥发液体修正;Pv ≥ Pa 时为 4", "correction for volatile liquids; 4 for Pv ≥ Pa", "1"),
    "Pa": "ambient_pressure",
    "Pv": means("池温下的蒸气压", "vapour pressure at the pool's temperature", "Pa"),
    "qc": means("空气对流", "heat of the air", "W/m2"),
    "Dm": means("蒸气在空气中的扩散系数", "diffusivity of the vapour in air", "m2/s"),
    "k": means("传质系数", "coefficient of transfer", "m/s"),
    "U": "wind_speed",
    "f": means(
        "Brighton 或 Mackay-Matsugu 的传质系数", "coefficient of transfer by Brighton, or by Mackay and Matsugu"
    ),
    "T": "temperature",
    "qg": means("地面导热", "heat of the ground", "W"),
    "κg": means(
        "地面热导:各环 kg·ΔA/√(π·κ·Δt) 之和",
        "conductance of the ground, the sum of kg·ΔA/√(π·κ·Δt) over its rings",
        "W/K",
    ),
    "Tg": "ground_temperature",
    "Q": means("液池得热", "heat into the pool", "W"),
    "A": means("液池面积", "area of the pool", "m2"),
    "m": means("蒸发通量", "flux of evaporation", "kg/(m2.s)"),
    "M": means("摩尔质量", "molar mass", "kg/mol"),
    "R": MOLAR_GAS_CONSTANT,
    "L": means("汽化热", "latent heat", "J/kg"),
    "mp": means("池中液体质量", "mass of the pool", "kg"),
    "cp": means("液体比热容", "heat capacity of the liquid", "J/(kg.K)"),
    "t": "time",
}
