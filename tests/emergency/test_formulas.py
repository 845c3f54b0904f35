"""Formulas of cards: every letter explained, every input in it, and worked out they give what the models compute."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from emergency import models
from emergency.blast_curves import bst_impulse_curves, bst_overpressure_curves, kingery_bulmash_curves
from emergency.chemicals import substance
from emergency.formula import formula, letters, means
from emergency.model import MODELS, Model
from emergency.models.dispersion import beals, briggs, isc3, obukhov, slade, spicer_havens, wind
from emergency.models.dispersion.air import Stability
from emergency.models.dispersion.curves import Curves
from emergency.models.dispersion.curves import along as along_of
from emergency.models.dispersion.curves import spread as spread_of
from emergency.models.dispersion.degadis import heavy_plume
from emergency.models.explosion import bst_aloha
from emergency.models.explosion.hydrogen_jet import hydrogen_jet
from emergency.models.explosion.point_source import overpressure_ratio
from emergency.models.explosion.reach import blast_distance
from emergency.models.explosion.vessel_burst import Expansion
from emergency.models.fire.air import vapour_pressure
from emergency.models.fire.cylinder import cylinder_view
from emergency.models.fire.flame import Tilt, flame_tilt
from emergency.models.fire.jet_fire import jet_fire
from emergency.models.fire.jet_flame import Phase, jet_flame
from emergency.models.harm.cloud import effective_cloud
from emergency.models.harm.infiltration import Sheltering
from emergency.models.harm.overpressure import BLAST_SETS
from emergency.models.harm.thermal import THERMAL_SETS
from emergency.models.sources.entrained_jet import entrained_jet
from emergency.models.sources.ground import GROUNDS, Ground
from emergency.models.sources.vessel import Shape
from emergency.quantities import QUANTITIES
from tests.emergency.printed import bound, worked_out

assert models.__all__  # the models are declared by being imported

NOT_PRINTED = {
    "dense-or-passive": {"duration", "roughness"},
    "slab": {
        "source_area", "vapour_heat_capacity", "boiling_temperature", "latent_heat", "liquid_heat_capacity",
        "liquid_density", "wind_speed", "ambient_temperature", "roughness",
    },
}  # fmt: skip
"""Passed on to the cloud that is chosen; the library's thermodynamics and its air."""

Asked = Mapping[str, Any]
Given = Mapping[str, Any] | Callable[[Asked], Mapping[str, Any]]
Answers = Callable[[Any], Mapping[str, Any]]


@pytest.mark.parametrize("one", MODELS.values(), ids=MODELS)
def test_every_letter_of_a_formula_is_explained_in_both_languages_and_every_input_has_one(one: Model[..., Any]) -> None:
    card = one.card
    for symbol in card.formula.symbols:
        assert symbol.title.zh != symbol.title.en
        if symbol.quantity:
            assert (symbol.title, symbol.unit) == (QUANTITIES[symbol.quantity].title, QUANTITIES[symbol.quantity].unit)
    assert {symbol.letter for symbol in card.formula.symbols} == set(
        letters(card.formula.text, {symbol.letter: "" for symbol in card.formula.symbols})
    )
    named = {symbol.quantity for symbol in card.formula.symbols} | NOT_PRINTED.get(card.id, set())
    assert not [told.name for told in card.inputs if told.required and told.unit and told.name not in named]


def test_a_formula_with_a_letter_unexplained_or_explained_for_nothing_is_not_made() -> None:
    with pytest.raises(
        ValueError, match=r"Cd is not explained; h is explained but not used; no such quantity is no quantity"
    ):
        formula("q = Cd·A·M", where={"q": "mass_rate", "A": "hole_area", "h": "liquid_head", "M": "no such quantity"})


def test_indices_steps_and_functions_are_not_letters_of_their_own() -> None:
    of = {"P": means("概率", "probability"), "f": "event_frequency", "x": "downwind"}
    assert letters("P = ∑[i](fᵢ)·∫[0…1](exp(x))dx·√(2·π)", of) == ["P", "f", "x"]


AIR_D = {"stability": Stability.D}


def first(answer: Any) -> float:
    return float(np.asarray(answer).ravel()[0])


def fields(**names: str) -> Answers:
    """Symbols of a formula by the fields of the answer they stand for, nested ones with a point."""

    def told(answer: Any) -> Mapping[str, Any]:
        found = {}
        for letter, path in names.items():
            value = answer
            for part in path.split("."):
                value = getattr(value, part)
            found[letter] = value
        return found

    return told


def itself(letter: str) -> Answers:
    return lambda answer: {letter: answer}


def pairs(names: str, *values: Any) -> dict[str, Any]:
    return dict(zip(names.split(), values, strict=True))


def across(asked: Asked) -> Mapping[str, Any]:
    """What the curves chosen say where the receptor is."""
    found = spread_of(asked.get("curves", Curves.ALOHA_RURAL), asked["downwind"], asked["stability"])
    return {"σ₀": first(found.across), "σy": first(found.across), "σz": first(found.up)}


def at_the_middle(asked: Asked) -> Mapping[str, Any]:
    found = slade.slade(asked["wind_speed"] * asked["time"], asked["stability"])
    return {"σx": first(found.along), "σy": first(found.across), "σz": first(found.up)}


def of_both_ends(asked: Asked) -> Mapping[str, Any]:
    ends = [asked["wind_speed"] * max(asked["time"] - asked["duration"], 0.0), asked["wind_speed"] * asked["time"]]
    if asked.get("curves") is None:  # Palazzi's, taken where the receptor is
        ends, set_of = [asked["downwind"]] * 2, Curves.ALOHA_RURAL
    else:
        set_of = asked["curves"]
    rear, front = (max(first(along_of(set_of, one, asked["stability"])), 1e-12) for one in ends)
    return {
        **across({"curves": Curves.SLADE_PUFF if asked.get("curves") else Curves.ALOHA_RURAL, **asked}),
        "σe": rear,
        "σs": front,
        "hm": math.inf,
    }


def fit_between(asked: Asked) -> Mapping[str, Any]:
    number = next(n for n, fit in enumerate(bst_aloha.FITS) if n and asked["flame_mach"] <= fit.mach)
    low, high = bst_aloha.FITS[number - 1], bst_aloha.FITS[number]
    return pairs(
        "a b c k p M₁ A B C K q M₂", low.a, low.b, low.c, low.knee, low.top, low.mach,
        high.a, high.b, high.c, high.knee, high.top, high.mach,
    )  # fmt: skip


def piece(curves: str, parameter: str, scaled: float, to_si: float) -> Mapping[str, Any]:
    """The coefficients that hold at a scaled distance, and the answer in the unit of the polynomial."""
    curve = kingery_bulmash_curves(curves)[parameter]
    number = int(np.searchsorted(curve.ends, np.log(scaled) / np.log(curve.base)))
    a, b, c = curve.pieces[number]
    assert curve.to_si == to_si
    return {"a": a, "b": b, "c": c, "n": len(c) - 1}


def still_air(asked: Asked) -> dict[str, Any]:
    """The root of Chamberlain's equation, which is no relation to work out."""
    flame = jet_flame(**asked)
    return {"Y": flame.still_air_length / flame.exit.source_diameter}


def flame_seen(asked: Asked) -> Mapping[str, Any]:
    fire = jet_fire(**asked)
    turn = math.cos(math.radians(asked["elevation"])) * math.cos(math.radians(asked["bearing"]))
    water = vapour_pressure(0.7, 288.15)
    path = (first(fire.transmissivity) / 2.02) ** (-1 / 0.09) / water  # what Bagster's answer says of it
    return {
        "Y": fire.flame.still_air_length / fire.flame.exit.source_diameter, "e": math.sqrt(44 / 21),
        "θ": math.degrees(math.acos(turn)), "v": lambda x, y, z: first(fire.view.maximum), "n": lambda x, y, z: path,
    }  # fmt: skip


def evaporated(asked: Asked) -> Mapping[str, Any]:
    gas, jet = asked["substance"], entrained_jet(**asked)
    return {
        "Te": jet.temperature, "M": gas.molar_mass, "H": lambda at: float(gas.latent_heat(at)),
        "c": gas.mean_liquid_heat_capacity(jet.temperature, asked["temperature"]),
    }  # fmt: skip


HEAVY = {
    "mass_rate": 30.0, "molar_mass": 0.07, "release_temperature": 240.0, "ambient_temperature": 290.0,
     "wind_speed": 3.0,
    "stability": Stability.D, "roughness": 0.05,
}  # fmt: skip


def heavy_at(asked: Asked) -> Mapping[str, Any]:
    """One station of the march: what it has come to upwards and across, from which the rest follows."""
    plume, power = heavy_plume(**asked), wind.TABLES[wind.Exponents.HAVENS_SPICER][3]
    far = plume.distance[100]
    return {
        "p": power, "S": plume.height[100] * (1 + power) / math.gamma(1 / (1 + power)), "B": plume.effective[100],
        "σy": first(briggs.ACROSS_RURAL[Stability.D](far)), "σx": 1.0, "τ": 1e9,
    }  # fmt: skip


HOLE = {
    "hole_diameter": 0.03,
    "upstream_pressure": 8e5,
    "upstream_temperature": 290.0,
    "gas_density": 9.5,
    "heat_capacity_ratio": 1.3,
}
JET = {
    "mass_rate": 6.0,
    "hole_diameter": 0.05,
    "upstream_temperature": 300.0,
    "molar_mass": 0.044,
    "heat_capacity_ratio": 1.13,
}
STACK = {"stack_diameter": 2.0, "exit_velocity": 12.0, "ambient_temperature": 290.0, "wind_speed": 4.0}
POOL = {"pool_diameter": 12.0, "burning_flux": 0.08, "wind": 5.0}
EVAPORATING = {
    "wind_speed": 4.0,
    "pool_diameter": 9.0,
    "temperature": 293.0,
    "molar_mass": 0.078,
    "vapour_pressure": 1e4,
}
PLACE = {
    "downwind": 700.0,
    "crosswind": 20.0,
    "height": 1.5,
    "mass_rate": 0.5,
    "wind_speed": 3.0,
    "stability": Stability.D,
    "release_height": 10.0,
}
RISEN = fields(Fb="buoyancy_flux", h="final", x="reached_at")
BLAST = {"distance": 80.0, "energy": 4e9}

# fmt: off
CASES: list[tuple[str, Asked, Given, Answers]] = [
    ("sigma-along-beals", {"downwind": 900.0, "stability": Stability.E}, pairs("a b",
     *beals.COEFFICIENTS[Stability.E]), itself("σx")),
    ("sigma-briggs", {"downwind": 900.0, "stability": Stability.D},
     pairs("a b c d e f", *(getattr(curve[Stability.D], name) for curve in (briggs.ACROSS_RURAL, briggs.UP_RURAL)
      for name in ("first", "second", "power"))),
     fields(σy="across", σz="up")),
    ("sigma-isc3-rural", {"downwind": 900.0, "stability": Stability.D},
     pairs("c d a b m", *isc3.ANGLES[Stability.D], 32.093, 0.81066, math.inf), fields(σy="across", σz="up")),
    ("sigma-puff-slade", {"downwind": 900.0, "stability": Stability.D}, pairs("a b c d", *slade.ACROSS[Stability.D],
     *slade.UP[Stability.D]),
     fields(σy="across", σx="along", σz="up")),
    *[("sigma-spicer-havens", {"downwind": far, "stability": one, "averaging_time": 60.0},
       pairs("a t₀ b c d", *spicer_havens.ACROSS[one], *spicer_havens.UP[one]), fields(σy="across", σz="up"))
      for far, one in ((900.0, Stability.A), (5.0, Stability.A), (900.0, Stability.F))],
    *[("plume-rise-briggs", {**STACK, "exit_temperature": hot, "stability": one, "temperature_gradient": 0.02},
     {"s": 9.80616 * 0.02 / 290.0 if one.stable else 0.0, "x": 1e9},
       (lambda answer, name=("E" if one.stable else "A"): {f"h{name}": answer.final, f"x{name}": answer.reached_at,
        "Fb": answer.buoyancy_flux}))
      for hot in (292.0, 430.0, 1200.0, 280.0) for one in (Stability.C, Stability.E)],
    ("gaussian-plume", PLACE, lambda asked: {**across(asked), "hm": math.inf}, itself("C")),
    *[("gaussian-plume", {**PLACE, "mixing_height": lid}, across, itself("C")) for lid in (15.0, 60.0)],
    ("gaussian-puff", {**{k: v for k, v in PLACE.items() if k != "mass_rate"}, "time": 200.0, "mass": 5.0},
     lambda asked: {**at_the_middle(asked), "hm": math.inf}, itself("C")),
    ("gaussian-integrated-puff", {**PLACE, "time": 260.0, "duration": 60.0, "curves": Curves.SLADE_PUFF},
     of_both_ends, itself("C")),
    ("palazzi", {**PLACE, "time": 260.0, "duration": 60.0}, of_both_ends, itself("C")),
    ("obukhov-length", {"stability": Stability.F, "roughness": 0.3}, pairs("a b", *obukhov.LENGTHS[Stability.F]),
     itself("L")),
    *[("surface-layer-wind", {"wind_speed": 5.0, "wind_height": 10.0, "height": 3.0, "roughness": 0.1,
     "stability": one},
       lambda asked: {"L": obukhov.obukhov_length(asked["stability"], asked["roughness"])}, itself("u"))
        for one in Stability],
    ("wind-power-law", {"wind_speed": 5.0, "wind_height": 10.0, "height": 2.0, "stability": Stability.D},
     {"p": wind.TABLES[wind.Exponents.HAVENS_SPICER][3]}, itself("u")),
    ("aloha-passive", {"mass_rate": 2.0, "duration": 600.0, "wind_speed": 4.0, "stability": Stability.E,
     "roughness": 0.03, "pool_area": 50.0},
     lambda asked: {"L": obukhov.obukhov_length(Stability.E, 0.03), "x": 400.0, "y": 15.0, "z": 0.0, "hm": math.inf,
      "t": 180.0,
                    **{k: v for k, v in across({"downwind": 400.0, "stability": Stability.E}).items() if k != "σy"},
                     "σx": first(beals.beals(400.0, Stability.E))},
     lambda plume: {"C": plume.at(400.0, 15.0), "u": plume.wind_speed}),
    *[("britter-mcquaid-plume", {"mass_rate": 20.0, "gas_density": 3.0, "release_temperature": 240.0,
     "ambient_temperature": 290.0, "wind_speed": 3.0, "air_density": 1.2}, {"x": 700.0, "r": 0.2},
       lambda plume: {"α": plume.alpha, "V": plume.volume_flow, "D": plume.length, "ℓ": plume.buoyancy,
        "xu": plume.start, "b": plume.edge(700.0)})],
    ("dense-or-passive-puff", {"mass": 900.0, "gas_density": 3.0, "air_density": 1.2, "wind_speed": 3.0}, {},
     fields(Ri="richardson")),
    *[("dense-or-passive", {"mass_rate": 20.0, "duration": 600.0, "molar_mass": 0.07, "release_temperature": 240.0,
     "ambient_temperature": 290.0, "wind_speed": 3.0, "stability": Stability.D, "roughness": 0.1, "pool_area": pool},
       {"A": pool or 0.0}, fields(B="buoyancy")) for pool in (None, 80.0)],
    ("britter-mcquaid-puff", {"cloud_volume": 900.0, "gas_density": 3.0, "release_temperature": 240.0,
     "ambient_temperature": 290.0, "wind_speed": 3.0, "air_density": 1.2}, {"t": 60.0},
     lambda puff: {"α": puff.alpha, "s": puff.centre(60.0), "b": puff.radius(60.0), "g′": puff.heavy,
      "X": (puff.centre(60.0) + puff.radius(60.0)) / puff.length}),
    *[("stability-golder", {"obukhov_length": length, "roughness": 0.1}, {one: one for one in "ABCDEF"},
     lambda answer: {"S": str(answer)})
      for length in (-5.0, -20.0, -90.0, -900.0, 900.0, 60.0, 10.0)],
    ("mixing-height-mechanical", {"wind_speed": 4.0, "latitude": 35.0}, {}, itself("hm")),
    ("momentum-jet", {"mass_rate": 2.0, "exit_velocity": 300.0, "molar_mass": 0.044}, {"x": 40.0, "r": 3.0},
     lambda jet: {"xc": jet.core, "w": jet.mass_fraction(40.0, 3.0), "Y": jet.volume(jet.mass_fraction(40.0, 3.0))}),
    *[("stability-srdt", {"wind_speed": speed, "period": "night", "temperature_difference": up}, {one: one
     for one in "DEF"}, lambda answer: {"S": str(answer.stability)})
      for speed in (1.0, 2.2, 4.0) for up in (-1.0, 1.0)],
    ("ideal-point-source", BLAST, {"f": overpressure_ratio}, itself("P")),
    ("baker-strehlow-tang", {**BLAST, "flame_mach": 0.6}, {"p": bst_overpressure_curves(), "j": bst_impulse_curves()},
     fields(P="overpressure", I="impulse")),
    ("bauwens-dorofeev", BLAST, {}, itself("P")),
    *[("baker-strehlow-tang-aloha", {"distance": far, "mass": 500.0, "heat_of_combustion": 4.6e7, "flame_mach": mach},
     fit_between, itself("P")) for far in (5.0, 80.0) for mach in (0.3, 0.6, 5.2)],
    *[("kingery-bulmash", {"scaled_distance": z, "tnt_mass": 500.0}, (lambda asked: piece("hemispherical",
     "incident_impulse", asked["scaled_distance"], 1.0)), fields(v="incident_impulse")) for z in (0.5, 8.0)],
    ("kingery-simplified", {"scaled_distance": 8.0, "tnt_mass": 500.0}, lambda asked: {k: v for k,
     v in piece("simplified", "incident_impulse", 8.0, 1.0).items() if k in "cn"}, fields(v="incident_impulse")),
    ("hydrogen-jet-blast", {"distance": 20.0, "upstream_pressure": 1e7, "upstream_temperature": 290.0,
     "hole_diameter": 0.02}, lambda asked: {"m": hydrogen_jet(**asked).detonable_mass}, fields(Q="mass_rate",
     P="overpressure")),
    ("kinney-graham", {"scaled_distance": 3.0}, {}, itself("P")),
    ("multi-energy", {**BLAST, "strength": "5"}, pairs("p a b", 0.2, 0.117, -0.99), itself("P")),
    ("epa-one-psi", {"mass": 5e3, "heat_of_combustion": 4.6e7}, {}, itself("D")),
    ("tnt-equivalence", {"mass": 5e3, "heat_of_combustion": 4.6e7, "blast_yield": 0.03, "tnt_energy": 4.6e6}, {},
     itself("W")),
    ("vessel-burst-energy", {"burst_pressure": 2e6, "gas_volume": 8.0, "heat_capacity_ratio": 1.4}, {}, itself("E")),
    ("vessel-burst-energy", {"burst_pressure": 2e6, "gas_volume": 8.0, "heat_capacity_ratio": 1.4,
     "expansion": Expansion.ISENTROPIC}, {}, itself("Ei")),
    ("vessel-burst", {"distance": 20.0, "burst_pressure": 2e6, "gas_volume": 8.0, "heat_capacity_ratio": 1.4},
     {"f": overpressure_ratio}, itself("p")),
    ("blast-distance", {"overpressure": 2e4, "tnt_mass": 500.0}, lambda asked: {"Z": blast_distance(2e4, 1.0)},
     itself("D")),
    *[("transmissivity-bagster", {"vapour_path": x}, {}, itself("τ")) for x in (10.0, 4e4, 1e7)],
    *[("transmissivity-cook", {"vapour_path": x}, {}, itself("τ")) for x in (10.0, 4e4, 1e7)],
    ("burning-rate-babrauskas", {"pool_diameter": 1.3, "large_pool_flux": 0.08, "extinction": 1.1}, {}, itself("m")),
    ("burning-rate-burgess", {"heat_of_combustion": 4.4e7, "latent_heat": 3.6e5, "liquid_heat_capacity": 2200.0,
     "boiling_temperature": 370.0}, {}, itself("m")),
    ("view-factor-vertical-cylinder", {"distance_over_radius": 3.0, "length_over_radius": 4.0}, {},
     fields(Fv="vertical", Fh="horizontal", Fm="maximum")),
    ("view-factor-tilted-cylinder", {"distance_over_radius": 4.0, "length_over_radius": 3.0, "tilt": 20.0},
     {"θ": math.radians(20.0)}, fields(Fv="vertical", Fh="horizontal", Fm="maximum")),
    *[("fireball-aloha", {"distance": far, "mass": 2e4, "heat_of_combustion": 4.6e7}, {}, fields(D="diameter",
     t="duration", E="emissive_power", F="view_factor", τc="transmissivity", q="heat_flux")) for far in (30.0,
     400.0)],
    ("fireball-tno", {"distance": 300.0, "mass": 2e4, "heat_of_combustion": 4.6e7, "vapour_pressure": 8e5}, {},
     fields(D="diameter", t="duration", E="emissive_power", F="view_factor", τ="transmissivity", q="heat_flux")),
    *[("fireball-duration-ccps", {"mass": mass}, {}, itself("t")) for mass in (2e4, 2e5)],
    *[("flame-length-thomas", {**POOL, "wind": speed}, {}, itself("L")) for speed in (0.0, 0.5, 8.0)],
    *[("flame-tilt", {**POOL, "wind": speed, "relation": Tilt.AGA}, {}, lambda answer: {"θA": math.radians(answer)})
     for speed in (0.5, 8.0)],
    ("emissive-power-mudan", {"pool_diameter": 12.0}, {}, itself("E")),
    ("emissive-power-energy", {"pool_diameter": 12.0, "flame_length": 20.0, "burning_flux": 0.08,
     "heat_of_combustion": 4.4e7, "soot_fraction": 0.6}, {}, itself("E")),
    ("flash-fire", {"flammability_limit": 0.02, "drawn": "half"}, {"k": 0.5}, itself("Y")),
    *[("jet-exit", {**JET, "mass_rate": rate}, {}, fields(Mj="mach", Tj="temperature", uj="speed",
     Ds="source_diameter")) for rate in (0.3, 6.0)],
    *[("jet-flame-chamberlain", {**JET, "mass_rate": rate, "wind": blows, "from_wind": turn, "phase": phase},
     lambda asked: still_air(asked) | ({"e": math.sqrt(44 / 21)}) | ({"K": 0.015} if asked["phase"] is Phase.TWO_PHASE
     else {}),
       lambda flame: pairs("L α b ℓ W₁ W₂ A F Lb", flame.length, flame.bend, flame.lift_off, flame.frustum_length,
        flame.base_width, flame.tip_width, flame.area, flame.radiated, flame.still_air_length))
      for rate in (0.3, 6.0) for blows in (0.0, 4.0, 15.0) for turn in (40.0, 90.0, 150.0) for phase in (Phase.GAS,)],
    ("jet-fire", {**JET, "downwind": 30.0, "crosswind": 5.0, "heat_of_combustion": 4.6e7, "wind": 4.0,
     "elevation": 30.0, "bearing": 50.0}, lambda asked: flame_seen(asked), fields(E="emissive_power", q="heat_flux")),
    ("pool-fire", {**POOL, "downwind": 30.0, "crosswind": 5.0, "heat_of_combustion": 4.4e7, "soot_fraction": 0.4},
     {"v": lambda x, y, z, r, length, tilt: first(cylinder_view(x, y, r, length, tilt, z).maximum),
     "θ": flame_tilt(**POOL)},
     fields(L="flame.length", E="flame.emissive_power", V="view.maximum", τ="transmissivity", q="heat_flux")),
    ("probit-transform", {"probability": 0.3}, {}, itself("Y")),
    ("toxic-probit-mass", {"concentration": 4e-4, "exposure_time": 900.0, "probit_a": -6.35, "probit_b": 0.5,
     "probit_n": 2.75}, {}, fields(Y="probit", p="probability")),
    ("toxic-probit-volume", {"volume_fraction": 4e-4, "exposure_time": 900.0, "probit_a": -6.35, "probit_b": 0.5,
     "probit_n": 2.75}, {}, fields(Y="probit", p="probability")),
    ("toxic-load", {"volume_fraction": 4e-4, "exposure_time": 900.0, "probit_n": 2.0}, {}, itself("TL")),
    ("effective-cloud-width", {"concentration": 2e-3, "sigma_y": 20.0, "distance": 400.0, "exposure_time": 900.0,
     "probit_a": -6.35, "probit_b": 0.5, "probit_n": 2.75},
     lambda asked: {"I": first(effective_cloud(**asked).probability_integral)}, fields(W="effective_width",
     pi="probability_in_cloud", pd="probability_of_death")),
    *[("thermal-probit", {"heat_flux": 2e4, "exposure_time": 30.0, "coefficients": name}, pairs("a b f c", one.a,
     one.b, one.share, one.unit.size), fields(Y="probit", p="probability")) for name, one in THERMAL_SETS.items()],
    ("toxic-death-fraction", {"probability": 0.4}, {}, fields(f="fraction")),
    *[("fire-death-fraction", {"heat_flux": flux, "exposure_time": 30.0}, {}, fields(p="probability", f="fraction"))
     for flux in (2e4, 4e4)],
    *[("blast-death-fraction", {"overpressure": pressure}, {}, fields(f="fraction")) for pressure in (9e3, 1e4, 2e4,
     3e4, 4e4)],
    ("ignition-event-tree", {"event_frequency": 1e-4, "immediate_ignition": 0.3, "delayed_ignition": 0.6}, {},
     fields(fi="immediate", ff="delayed_flash", fe="delayed_explosion", fn="unignited")),
    ("potential-loss-of-life", {"event_frequency": [1e-4, 2e-5], "fatalities": [3.0, 40.0]}, {}, fields(PLL="total")),
    ("location-specific-individual-risk", {"event_frequency": [1e-4, 2e-5], "probability": [0.3, 0.9]}, {},
     itself("LSIR")),
    ("individual-risk-per-annum", {"risk": [1e-4, 2e-5], "presence": [0.3, 0.2]}, {}, itself("IRPA")),
    *[("alarp-region", {"risk": risk}, {"a": "broadly-acceptable", "t": "tolerable", "u": "unacceptable"},
       lambda answer: {"Z": str(answer[0])}) for risk in (1e-7, 1e-6, 1e-5, 1e-4, 1e-3)],
    ("dense-plume-degadis", HEAVY, heavy_at, lambda plume: {"h": plume.height[100], "u": plume.speed[100],
     "Y": plume.part[100]}),
    ("individual-risk-increment", {"event_frequency": 1e-4, "weather_probability": 0.02, "probability": 0.6}, {},
     itself("ΔIR")),
    ("average-individual-risk", {"fatal_accident_rate": 3.0, "exposed_hours": 2000.0}, {}, itself("AIR")),
    ("fatal-accident-rate", {"loss_of_life": 1e-4, "exposed_hours": 2e5}, {}, itself("FAR")),
    *[("building-infiltration", {"wind_speed": 5.0, "ambient_temperature": cold, "stability": Stability.E,
     "sheltering": Sheltering.SHELTERED}, {"s": 0.24, "L": obukhov.obukhov_length(Stability.E, 0.03)}, itself("τ"))
     for cold in (270.0, 300.0)],
    *[("indoor-concentration", {"time": since, "time_constant": 5000.0, "duration": 1800.0}, {}, itself("c"))
     for since in (600.0, 7200.0)],
    *[("overpressure-probit", {"overpressure": 4e4, "coefficients": name}, pairs("a b c", one.a, one.b,
     one.unit.size), fields(Y="probit", p="probability")) for name, one in BLAST_SETS.items()],
    ("head-impact-probit", {"overpressure": 4e4, "impulse": 900.0}, {}, fields(Y="probit", p="probability")),
    ("collapse-probit", {"overpressure": 4e4, "impulse": 900.0}, {}, fields(Y="probit", p="probability")),
    *[("brighton-evaporation", {**EVAPORATING, "roughness": rough, "vapour_pressure": pressure},
     {"n": wind.TABLES[wind.Exponents.HAVENS_SPICER][3]}, itself("m")) for rough in (1e-5, 1e-4, 1e-2)
     for pressure in (1e3, 9e4, 2e5)],
    *[("mackay-matsugu", {**EVAPORATING, "vapour_pressure": pressure}, {}, itself("m")) for pressure in (1e3, 1e5,
     2e5)],
    ("pitzer-compressibility", {"pressure": 2e6, "temperature": 300.0, "critical_temperature": 370.0,
     "critical_pressure": 4.2e6, "acentric_factor": 0.15}, {}, itself("Z")),
    ("flashing-jet-equivalent", {"substance": substance("7664-41-7"), "temperature": 293.0,
     "ambient_temperature": 300.0}, evaporated, fields(y="mole_fraction", w="air_ratio", ρ="density")),
    *[("ground-heat-flux", {"time": since, "ground_temperature": 290.0, "temperature": 240.0}, pairs("k κ",
     *GROUNDS[Ground.SOIL]), itself("q")) for since in (0.3, 60.0)],
    ("pool-boiling-on-ground", {"time": 60.0, "ground_temperature": 290.0, "boiling_temperature": 240.0,
     "latent_heat": 1.3e6}, pairs("k κ", *GROUNDS[Ground.SOIL]), itself("m")),
    *[("liquid-hole", {"hole_diameter": 0.05, "liquid_density": 700.0, "upstream_pressure": pressure,
     "liquid_head": 3.0}, {}, fields(q="mass_rate", u="velocity")) for pressure in (2e5, 5e4)],
    *[("flash-fraction", {"temperature": hot, "boiling_temperature": 240.0, "liquid_heat_capacity": 4600.0,
     "latent_heat": 1.3e6}, {}, itself("x")) for hot in (200.0, 290.0)],
    ("isentropic-flash", {"temperature": 290.0, "boiling_temperature": 240.0, "liquid_heat_capacity": 4600.0,
     "latent_heat": 1.3e6}, {}, fields(x="vapour_fraction", u="velocity")),
    *[("flashing-hole", {"upstream_pressure": 9e5, "temperature": 290.0, "liquid_density": 610.0, "gas_density": 6.0,
     "latent_heat": 1.2e6, "liquid_heat_capacity": 4700.0, "pipe_length": pipe}, {}, itself("G")) for pipe in (0.0,
     0.3)],
    *[("gas-hole", {**HOLE, "upstream_pressure": pressure}, {}, fields(q="mass_rate", Te="exit_temperature",
     u="throat_velocity", ua="final_velocity", Tf="final_temperature")) for pressure in (1.3e5, 8e5)],
    ("direct-release", {"mass_rate": 2.0, "duration": 60.0}, {"t": 60.0}, lambda release: {"m": release.total}),
    ("instantaneous-release", {"mass": 5.0}, {"t": 0.0}, lambda release: {"m": release.total}),
    ("pool-geometry", {"spill_volume": 20.0, "pool_thickness": 0.01}, {}, fields(A="area", D="diameter")),
    *[("pool-spreading", {"time": since, "spill_volume": 20.0}, {}, itself("r")) for since in (3.0, 900.0)],
    ("tank-liquid-draining", {"shape": Shape.VERTICAL, "vessel_diameter": 4.0, "vessel_length": 6.0,
     "fill_fraction": 0.5, "hole_diameter": 0.05, "hole_height": 1.0, "liquid_density": 700.0}, {"h": 3.0},
     lambda release: {"q": release.rate[0]}),
    ("gas-tank-blowdown", {"shape": Shape.VERTICAL, "vessel_diameter": 2.0, "vessel_length": 4.0,
     "upstream_pressure": 2e6, "temperature": 290.0, "molar_mass": 0.016, "heat_capacity_ratio": 1.3,
     "hole_diameter": 0.02},
     {"v": lambda across, long: math.pi / 4 * across**2 * long, "n": 1.3,
      "m": math.pi * 4.0 * 2e6 * 0.016 / (8.314462618 * 290.0), "ρ": 2e6 * 0.016 / (8.314462618 * 290.0)},
     lambda release: {"q": release.rate[0], "m₀": release.total + release.left}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "asked", "given", "answers"), CASES, ids=[f"{number}-{one[0]}" for number, one in enumerate(CASES)]
)
def test_a_formula_worked_out_by_itself_gives_what_the_model_computes(
    name: str, asked: Asked, given: Given, answers: Answers
) -> None:
    one = MODELS[name]
    more = given(asked) if callable(given) else given
    found = worked_out(one.card.formula, bound(one, asked) | dict(more))
    for letter, value in answers(one(**asked)).items():
        if isinstance(value, str):
            assert found[letter] == value
        else:
            assert found[letter] == pytest.approx(first(value), rel=1e-9, abs=1e-12), letter
