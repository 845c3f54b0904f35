"""A vessel of compressed gas bursts: the energy that goes into the blast, and the most it can do."""

from enum import StrEnum

from core.texts import Text
from core.units import CubicMetre, Fraction, Joules, Metres, Pascal, Pascals
from emergency.formula import formula, means
from emergency.model import model
from emergency.models.explosion.point_source import POINT_SOURCE, SACHS, overpressure_ratio, sachs_distance


class Expansion(StrEnum):
    """Which energy is taken: Brode's (heating at constant volume), or what an isentropic expansion gives."""

    BRODE = "brode"
    ISENTROPIC = "isentropic"


@model(
    id="vessel-burst-energy",
    title=Text("容器物理爆炸能量", "Energy of a bursting vessel"),
    source="Crowl (2003), Understanding Explosions, Appendix B, eq. B-1 (Brode 1959) and B-2 (isentropic expansion)",
    how=Text(
        "Brode:(P-P0)V/(γ-1);等熵:P·V/(γ-1)·[1-(P0/P)^((γ-1)/γ)]。",
        "Brode: (P - P0) V / (γ - 1); isentropic: P V / (γ - 1) [1 - (P0 / P)^((γ - 1) / γ)].",
    ),
    formula=formula(
        "E = (P − P₀)·V/(γ − 1), P > P₀",
        "Ei = P·V/(γ − 1)·(1 − (P₀/P)^((γ − 1)/γ)), P > P₀",
        where={
            "E": means("爆破能量(Brode)", "energy by Brode", "J"),
            "P": "burst_pressure",
            "P₀": "ambient_pressure",
            "V": "gas_volume",
            "γ": "heat_capacity_ratio",
            "Ei": means("爆破能量(等熵膨胀)", "energy by isentropic expansion", "J"),
        },
    ),
    neglects=(Text("液体闪蒸、碎片动能", "flashing liquid and the energy of fragments"),),
)
def burst_energy(
    burst_pressure: Pascal,
    gas_volume: CubicMetre,
    heat_capacity_ratio: Fraction,
    ambient_pressure: Pascal = 101_325.0,
    expansion: Expansion = Expansion.BRODE,
) -> Joules:
    """Energy in the compressed gas over that of the air; none when it is not above it."""
    excess = max(burst_pressure - ambient_pressure, 0.0)
    if expansion is Expansion.BRODE or excess == 0.0:
        return excess * gas_volume / (heat_capacity_ratio - 1)
    exponent = (heat_capacity_ratio - 1) / heat_capacity_ratio
    left = 1 - (ambient_pressure / burst_pressure) ** exponent
    return float(burst_pressure * gas_volume / (heat_capacity_ratio - 1) * left)


@model(
    id="vessel-burst",
    title=Text("容器物理爆炸超压(上包络)", "Overpressure of a bursting vessel, upper envelope"),
    source="Crowl (2003) eq. B-1 for the energy; shock of the ideal point source with twice it on the ground",
    how=Text(
        "以 Brode 能量的两倍(贴地)作理想点源的超压。有限尺寸容器近处的超压低于此值。",
        "The shock of an ideal point source of twice Brode's energy (on the ground). Near a vessel of finite size it "
        "is weaker than that.",
    ),
    formula=formula(
        "E = 2·(P − P₀)·V/(γ − 1), P > P₀",
        "R = r·∛(P₀/E)",
        "p = P₀·f(R)",
        where={
            "E": means("能量,贴地取两倍", "energy, twice for the ground", "J"),
            "P": "burst_pressure",
            **SACHS,
            "V": "gas_volume",
            "γ": "heat_capacity_ratio",
            "p": means("超压", "overpressure", "Pa"),
            "f": POINT_SOURCE,
        },
    ),
    neglects=(
        Text("容器尺寸、形状与离地高度", "size, shape and height of the vessel"),
        Text("液体闪蒸、碎片", "flashing liquid, fragments"),
    ),
)
def vessel_burst(
    distance: Metres,
    burst_pressure: Pascal,
    gas_volume: CubicMetre,
    heat_capacity_ratio: Fraction,
    ambient_pressure: Pascal = 101_325.0,
) -> Pascals:
    """The most overpressure a bursting vessel can make at a distance."""
    energy = 2 * burst_energy(burst_pressure, gas_volume, heat_capacity_ratio, ambient_pressure)
    if energy <= 0.0:
        return 0.0 * distance
    return ambient_pressure * overpressure_ratio(sachs_distance(distance, energy, ambient_pressure))
