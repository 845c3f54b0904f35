"""Write emergency/data/properties.json: what the `chemicals` library knows of our pure substances, each with its method.

Run where the library is installed: `python -m scripts.properties`. Curves are kept as the coefficients of their equation,
so that the library, which takes seconds to load, is not needed later. Products of group contribution (Joback,
Wilson-Jasperson, Suzuki) are left out; corresponding states serve where no table is and are said to be estimates. A vapour
pressure that is not one atmosphere at the boiling point is passed over.
"""

import csv
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import chemicals
import numpy as np
from chemicals import heat_capacity, phase_change, safety, vapor_pressure, volume

from emergency.chemicals.equations import EQUATIONS

DATA = Path(__file__).parents[1] / "emergency" / "data"
ESTIMATES = {"JOBACK", "WILSON_JASPERSON", "Suzuki (1994)", "Crowl and Louvar (2001)", "LK", "DEFINITION"}
LIBRARY = f"chemicals {chemicals.__version__}"

CONSTANTS: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    "boiling_temperature": (chemicals.Tb, chemicals.Tb_methods),
    "melting_temperature": (chemicals.Tm, chemicals.Tm_methods),
    "critical_temperature": (chemicals.Tc, chemicals.Tc_methods),
    "critical_pressure": (chemicals.Pc, chemicals.Pc_methods),
    "acentric_factor": (chemicals.omega, chemicals.omega_methods),
    "lower_flammability": (safety.LFL, safety.LFL_methods),
    "upper_flammability": (safety.UFL, safety.UFL_methods),
    "flash_point": (safety.T_flash, safety.T_flash_methods),
    "autoignition_temperature": (safety.T_autoignition, safety.T_autoignition_methods),
    "heat_of_formation_gas": (chemicals.Hfg, chemicals.Hfg_methods),
}
Rows = tuple[str, str, Callable[[str], dict[str, float] | None], float]


def table(frame: Any, *columns: str) -> Callable[[str], dict[str, float] | None]:
    """Coefficients of a table's row with its range, if the substance is there."""

    def row(cas: str) -> dict[str, float] | None:
        if cas not in frame.index:
            return None
        found = frame.loc[cas]
        ends = {"Tmin": found.get("Tmin", math.nan), "Tmax": found.get("Tmax", found.get("Tc", math.nan))}
        return {one: float(found[one]) for one in columns} | {end: float(value) for end, value in ends.items()}

    return row


def at_298(column: str) -> Callable[[str], dict[str, float] | None]:
    """A heat capacity known at one temperature only."""

    def row(cas: str) -> dict[str, float] | None:
        frame = heat_capacity.CRC_standard_data
        return {"C": float(frame.loc[cas][column]), "Tmin": 298.15, "Tmax": 298.15} if cas in frame.index else None

    return row


def reduced(row: Callable[[str], dict[str, float] | None]) -> Callable[[str], dict[str, float] | None]:
    """The row with the critical temperature before it."""
    return lambda cas: {"Tc": float(chemicals.Tc(cas)), **found} if (found := row(cas)) else None


def watson(cas: str) -> dict[str, float] | None:
    """Latent heat at the boiling point, carried to other temperatures by Watson's relation."""
    frame, critical = phase_change.Hvap_data_CRC, chemicals.Tc(cas)
    if cas not in frame.index or not critical:
        return None
    found = frame.loc[cas]
    boiling = float(found["Tb"])
    return {"Tc": float(critical), "Tb": boiling, "H": float(found["HvapTb"]), "Tmin": boiling, "Tmax": float(critical)}


def states(cas: str) -> tuple[float, float, float, float] | None:
    """Melting and critical temperature, critical pressure and acentric factor, where corresponding states may be used.

    That is for what boils below 420 K and is neither very polar nor associated (acentric factor below 0.5), and only
    with constants that are themselves no estimates.
    """
    boiling = chemicals.Tb(cas)
    tables = (chemicals.Tc_methods, chemicals.Pc_methods, chemicals.omega_methods)
    method = [next((one for one in methods(CASRN=cas) if one not in ESTIMATES), None) for methods in tables]
    if boiling is None or boiling > 420 or None in method or method[2] == "ACENTRIC_DEFINITION":
        return None
    tc, pc, omega = chemicals.Tc(cas), chemicals.Pc(cas), chemicals.omega(cas, method=method[2])
    return (float(chemicals.Tm(cas) or 0.5 * tc), float(tc), float(pc), float(omega)) if omega < 0.5 else None


def corresponding(*columns: str) -> Callable[[str], dict[str, float] | None]:
    """Constants for an equation of corresponding states."""

    def row(cas: str) -> dict[str, float] | None:
        if (known := states(cas)) is None:
            return None
        melting, tc, pc, omega = known
        of = {"Tc": tc, "Pc": pc, "omega": omega}
        return {one: of[one] for one in columns} | {"Tmin": melting, "Tmax": tc}

    return row


def rowlinson(cas: str) -> dict[str, float] | None:
    """A cubic through Rowlinson and Poling's heat capacity of the liquid, up to 0.85 of the critical temperature."""
    known = states(cas)
    gas = next(
        ((equation, row(cas)) for _, equation, row, _ in CURVES["gas_molar_heat_capacity"] if row(cas) is not None),
        None,
    )
    if known is None or gas is None or gas[1] is None or gas[0] == "dippr100":
        return None
    melting, tc, _, omega = known
    low, high = max(melting, 0.4 * tc), 0.85 * tc
    coefficients = [value for name, value in gas[1].items() if name not in ("Tmin", "Tmax")]
    temperatures = np.linspace(low, high, 60)
    values = [
        heat_capacity.Rowlinson_Poling(float(t), tc, omega, float(EQUATIONS[gas[0]](float(t), *coefficients)))
        for t in temperatures
    ]
    fitted = np.polyfit(temperatures, values, 3)[::-1]
    return {f"c{n}": float(one) for n, one in enumerate(fitted)} | {"Tmin": low, "Tmax": high}


PERRY = ("C1", "C2", "C3", "C4")
CURVES: dict[str, tuple[Rows, ...]] = {
    "vapour_pressure": (
        ("Perry's 8E table 2-8", "dippr101", table(vapor_pressure.Psat_data_Perrys2_8, *PERRY, "C5"), 1.0),
        ("VDI 2E PPDS", "wagner25", table(vapor_pressure.Psat_data_VDI_PPDS_3, "Tc", "Pc", "A", "B", "C", "D"), 1.0),
        ("McGarry 1983", "wagner36", table(vapor_pressure.Psat_data_WagnerMcGarry, "Tc", "Pc", "A", "B", "C", "D"), 1.0),
        ("Poling 5E Antoine", "antoine10", table(vapor_pressure.Psat_data_AntoinePoling, "A", "B", "C"), 1.0),
        ("Landolt Antoine", "antoine", table(vapor_pressure.Psat_data_Landolt_Antoine, "A", "B", "C"), 1.0),
        ("estimate, Lee-Kesler", "lee_kesler", corresponding("Tc", "Pc", "omega"), 1.0),
    ),
    "liquid_molar_density": (
        ("Perry's 8E table 2-32", "dippr105", table(volume.rho_data_Perry_8E_105_l, *PERRY), 1.0),
        ("estimate, Yamada-Gunn", "yamada_gunn", corresponding("Tc", "Pc", "omega"), 1.0),
    ),
    "liquid_density": (
        ("VDI 2E PPDS", "dippr116", table(volume.rho_data_VDI_PPDS_2, "Tc", "rhoc", "A", "B", "C", "D"), 1.0),
    ),
    "molar_latent_heat": (
        ("Perry's 8E table 2-150", "dippr106", table(phase_change.phase_change_data_Perrys2_150, "Tc", *PERRY), 1.0),
        ("VDI 2E PPDS", "ppds12", table(phase_change.phase_change_data_VDI_PPDS_4, "Tc", *"ABCDE"), 1.0),
        ("CRC at the boiling point, Watson", "watson", watson, 1.0),
        ("estimate, Pitzer", "pitzer", corresponding("Tc", "omega"), 1.0),
    ),
    "liquid_molar_heat_capacity": (
        ("Perry's 8E table 2-153", "dippr100", table(heat_capacity.Cp_data_Perry_Table_153_100, *"ABCDE"), 1e-3),
        ("Perry's 8E table 2-153", "dippr114", reduced(table(heat_capacity.Cp_data_Perry_Table_153_114, *"ABCD")), 1e-3),
        ("CRC at 298 K", "dippr100", at_298("Cpl"), 1.0),
        ("estimate, Rowlinson-Poling", "dippr100", rowlinson, 1.0),
    ),
    "gas_molar_heat_capacity": (
        ("Poling 5E app. A", "poling", table(heat_capacity.Cp_data_Poling, "a0", "a1", "a2", "a3", "a4"), 1.0),
        ("TRC 1994", "trc", table(heat_capacity.TRC_gas_data, *(f"a{n}" for n in range(8))), 1.0),
        ("CRC at 298 K", "dippr100", at_298("Cpg"), 1.0),
    ),
}  # fmt: skip


def constants(cas: str) -> dict[str, dict[str, object]]:
    """Measured or tabulated constants with the library's name of their method."""
    found: dict[str, dict[str, object]] = {}
    try:
        found["molar_mass"] = {"value": _short(chemicals.MW(cas) / 1000), "source": f"{LIBRARY}: formula"}
    except ValueError:
        return found
    for name, (value, methods) in CONSTANTS.items():
        method = next((one for one in methods(CASRN=cas) if one not in ESTIMATES), None)
        number = value(CASRN=cas, method=method) if method else None
        if number is not None and math.isfinite(number):
            found[name] = {"value": _short(number), "source": f"{LIBRARY}: {method}"}
    if "heat_of_formation_gas" in found and "lower_flammability" in found:
        formula = chemicals.search_chemical(cas).formula
        burnt = chemicals.combustion_data(formula=formula, Hf=found["heat_of_formation_gas"]["value"])
        if burnt.LHV < 0:
            found["heat_of_combustion"] = {
                "value": _short(-burnt.LHV / chemicals.MW(cas) * 1000),
                "source": f"{LIBRARY}: lower, from the heat of formation ({found['heat_of_formation_gas']['source']})",
            }
    return found


def curves(cas: str) -> dict[str, dict[str, object]]:
    """Coefficients of the first table that holds the substance."""
    found: dict[str, dict[str, object]] = {}
    for name, tables in CURVES.items():
        for title, equation, row, scale in tables:
            numbers = row(cas)
            if numbers is None or not all(map(math.isfinite, [v for k, v in numbers.items() if k != "Tmin"])):
                continue
            low, high = numbers.pop("Tmin"), numbers.pop("Tmax")
            if math.isnan(low):
                low = chemicals.Tm(cas) or 0.6 * high
            if name == "vapour_pressure" and not agrees(cas, equation, list(numbers.values()), low):
                continue
            found[name] = {
                "equation": equation, "coefficients": list(numbers.values()), "scale": scale, "low": low, "high": high,
                "source": f"{LIBRARY}: {title}",
            }  # fmt: skip
            break
    if "liquid_density" in found and "liquid_molar_density" in found:
        estimated = "estimate" in str(found["liquid_molar_density"]["source"])
        found.pop("liquid_molar_density" if estimated else "liquid_density")
    return found


def agrees(cas: str, equation: str, coefficients: list[float], low: float) -> bool:
    """The vapour pressure at the boiling point is one atmosphere, to a tenth; what sublimes is not asked."""
    boiling = chemicals.Tb(cas)
    if boiling is None or boiling < low:
        return True
    return abs(float(EQUATIONS[equation](boiling, *coefficients)) / 101_325 - 1) < 0.1


def _short(number: float) -> float:
    return float(f"{number:.10g}")


def main() -> None:
    """Read the substances, write their properties."""
    with (DATA / "substances.csv").open(encoding="utf-8", newline="") as file:
        pure = [row["cas"] for row in csv.DictReader(file) if row["kind"] == "pure"]
    known = {cas: {"constants": constants(cas), "curves": curves(cas)} for cas in pure}
    lines = ",\n".join(f"{json.dumps(cas)}: {json.dumps(known[cas], ensure_ascii=False)}" for cas in pure)
    (DATA / "properties.json").write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
