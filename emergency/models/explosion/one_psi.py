"""The distance of EPA's worst case: to 1 psi of a vapour cloud, by TNT equivalence."""

from core.texts import Text
from core.units import Fraction, JoulePerKilogram, Kilograms, Metres
from emergency.evidence import Tier
from emergency.formula import formula, means
from emergency.model import model


@model(
    id="epa-one-psi",
    title=Text("蒸气云爆炸 1 psi 距离(EPA RMP)", "Distance to 1 psi of a vapour cloud, EPA RMP"),
    source=(
        "EPA 550-B-99-009, worst case of flammables: D = 17 (0.1 Wf HCf / HC_TNT)^(1/3), as quoted in the tests of "
        "process-risk-consequence-toolkit 0.1.0"
    ),
    how=Text(
        "以 10% 爆炸效率求 TNT 当量,乘以 17 m/kg^(1/3)。",
        "The TNT equivalent at a yield of 10 %, its cube root times 17 m/kg^(1/3).",
    ),
    formula=formula(
        "D = 17·∛(Y·m·Hc/Et)",
        where={
            "D": means("1 psi 距离", "distance to 1 psi", "m"),
            "Y": "blast_yield",
            "m": "mass",
            "Hc": "heat_of_combustion",
            "Et": "tnt_energy",
        },
    ),
    neglects=(Text("拥塞、约束与云的形状", "congestion, confinement and the shape of the cloud"),),
    cases=("epa_rmp_vce_1psi",),
    tier=Tier.IMPLEMENTATION,
)
def distance_to_one_psi(
    mass: Kilograms,
    heat_of_combustion: JoulePerKilogram,
    blast_yield: Fraction = 0.1,
    tnt_energy: JoulePerKilogram = 4.68e6,
) -> Metres:
    """How far 1 psi (6.9 kPa) reaches."""
    return 17 * (blast_yield * mass * heat_of_combustion / tnt_energy) ** (1 / 3)
