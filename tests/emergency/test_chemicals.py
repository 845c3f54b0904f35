"""Substances: their numbers are right, they are found, and what is said of them has a source."""

import chemicals as library
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from app.cli import command_line
from core.errors import NotFoundError
from emergency.chemicals import Kind, Status, guidance, is_cas, levels, search, substance, substances
from emergency.chemicals.card import card
from emergency.chemicals.equations import EQUATIONS
from emergency.gb18218 import entries

ASSOCIATING = {"7664-39-3", "64-19-7"}
"""Hydrogen fluoride and acetic acid: their vapours associate, so their latent heat has a maximum."""
PURE = [one for one in substances().values() if one.kind is Kind.PURE]


def test_every_cas_number_has_its_check_digit() -> None:
    assert [one.id for one in substances().values() if one.cas and not is_cas(one.cas)] == []


@given(st.sampled_from([one.cas for one in substances().values() if one.cas]), st.integers(1, 9))
def test_a_wrong_last_digit_is_no_cas_number(cas: str, off: int) -> None:
    assert not is_cas(cas[:-1] + str((int(cas[-1]) + off) % 10))


def test_every_row_of_table_1_has_its_substances() -> None:
    held = {serial for one in substances().values() for serial in one.serials}
    assert held == set(range(1, 86))
    for row in entries():
        for cas in row.cas:
            assert row.serial in substance(cas).serials


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("液氯", "氯"), ("UN1017", "氯"), ("1005", "氨"), ("7664-41-7", "氨"), ("光气", "碳酰氯"), ("ＬＮＧ", "天然气"),
        ("1，3－丁二烯", "1,3-丁二烯"), ("环氧丙烷", "1,2-环氧丙烷"), ("Phosgene", "碳酰氯"), ("TDI", "甲苯二异氰酸酯"),
        ("氯", "氯"), ("LPG", "液化石油气"),
    ],
)  # fmt: skip
def test_substances_are_found_by_number_and_name(text: str, name: str) -> None:
    assert search(text)[0].name.zh == name


def test_nothing_is_found_for_nothing() -> None:
    assert search(" ") == ()
    assert search("没有这种物质") == ()
    with pytest.raises(NotFoundError, match="unobtainium"):
        substance("unobtainium")


def test_constants_are_those_of_the_library() -> None:
    for one in PURE:
        assert one.molar_mass == pytest.approx(library.MW(one.cas) / 1000, rel=1e-6)
        for name, of in (("boiling_temperature", library.Tb), ("critical_temperature", library.Tc)):
            if name in one.constants:
                assert one.constants[name].value == pytest.approx(of(one.cas), rel=1e-6), (one.id, name)


def test_curves_are_those_of_the_library() -> None:
    frames = {
        "dippr101": (library.vapor_pressure.Psat_data_Perrys2_8, library.dippr.EQ101, "vapour_pressure"),
        "dippr105": (library.volume.rho_data_Perry_8E_105_l, library.dippr.EQ105, "liquid_molar_density"),
    }
    for one in PURE:
        for curve_name, curve in one.curves.items():
            if curve.equation in frames and frames[curve.equation][2] == curve_name:
                middle = (curve.low + curve.high) / 2
                expected = frames[curve.equation][1](middle, *curve.coefficients)
                assert float(curve(middle)) == pytest.approx(expected, rel=1e-9), one.id
    ammonia, propane, chlorine = substance("7664-41-7"), substance("74-98-6"), substance("7782-50-5")
    phosgene = substance("75-44-5")
    for tc, pc, row in ((*phosgene.curves["vapour_pressure"].coefficients[:2], phosgene.curves["vapour_pressure"]),):
        assert float(row(300.0)) == pytest.approx(library.Wagner(300.0, tc, pc, *row.coefficients[2:]), rel=1e-9)
    assert ammonia.curves["liquid_molar_heat_capacity"](280.0) == pytest.approx(
        library.dippr.EQ114(280.0, *ammonia.curves["liquid_molar_heat_capacity"].coefficients) / 1000, rel=1e-9
    )
    latent = propane.curves["molar_latent_heat"]
    assert float(latent(280.0)) == pytest.approx(library.dippr.EQ106(280.0, *latent.coefficients), rel=1e-9)
    gas = chlorine.curves["gas_molar_heat_capacity"]
    assert float(gas(300.0)) == pytest.approx(library.heat_capacity.Poling(300.0, *gas.coefficients), rel=1e-9)
    trc = substance("75-21-8").curves["gas_molar_heat_capacity"]
    for temperature in (20.0, 300.0, 900.0):
        assert float(trc(temperature)) == pytest.approx(library.heat_capacity.TRCCp(temperature, *trc.coefficients))


def test_estimates_are_near_what_tables_say_and_are_called_estimates() -> None:
    off = []
    for one in PURE:
        density = one.curves.get("liquid_molar_density")
        known = all(name in one.constants for name in ("critical_temperature", "critical_pressure", "acentric_factor"))
        if density is not None and not density.estimated and known:
            tc, pc, omega = (
                one.constant(name) for name in ("critical_temperature", "critical_pressure", "acentric_factor")
            )
            boiling = one.boiling_temperature
            off.append(float(EQUATIONS["yamada_gunn"](boiling, tc, pc, omega) / density(boiling)) - 1)
    assert np.median(np.abs(off)) < 0.05
    phosgene = {line.name: line for line in card(substance("光气")).properties}
    assert phosgene["liquid_heat_capacity"].estimated
    assert not phosgene["vapour_pressure"].estimated


def test_vapour_pressure_is_an_atmosphere_at_the_boiling_point() -> None:
    for one in PURE:
        curve, boiling = one.curves.get("vapour_pressure"), one.constants.get("boiling_temperature")
        if curve is not None and boiling is not None and boiling.value >= curve.low:
            assert float(curve(boiling.value)) == pytest.approx(101_325, rel=0.1), one.id


def test_properties_have_no_gaps_and_go_the_right_way_over_their_range() -> None:
    for one in PURE:
        for name, curve in one.curves.items():
            high = (
                min(curve.high, 0.99 * one.constants["critical_temperature"].value) if "gas" not in name else curve.high
            )
            values = np.atleast_1d(curve(np.linspace(curve.low, max(curve.low, high), 50)))
            assert np.isfinite(values).all(), (one.id, name)
            assert (values > 0).all(), (one.id, name)
            if name == "vapour_pressure":
                assert (np.diff(values) >= 0).all(), one.id
            if name in ("molar_latent_heat", "liquid_density") and one.id not in ASSOCIATING:
                assert (np.diff(values) <= 1e-9 * values[0]).all(), (one.id, name)


@given(st.sampled_from([one for one in PURE if "vapour_pressure" in one.curves]), st.floats(0.05, 0.95))
def test_saturation_temperature_is_the_inverse_of_vapour_pressure(one: object, part: float) -> None:
    found = substance(one.id)  # type: ignore[attr-defined]
    curve = found.curves["vapour_pressure"]
    pressure = float(curve(curve.low)) ** (1 - part) * float(curve(curve.high)) ** part
    assert float(curve(found.saturation_temperature(pressure))) == pytest.approx(pressure, rel=1e-6)


def test_a_mixture_has_no_properties_and_its_card_says_so() -> None:
    for key in ("煤气", "液化石油气", "86290-81-5"):
        found = card(substance(key))
        assert found.properties == ()
        assert "混合物" in found.remarks[0].zh
    with pytest.raises(NotFoundError, match="molar_mass"):
        _ = substance("煤气").molar_mass


def test_the_card_of_chlorine_says_what_an_officer_reads() -> None:
    found = card(substance("液氯"))
    values = {line.name: line for line in found.properties}
    assert values["boiling_temperature"].value == pytest.approx(-34.0, abs=0.2)
    assert all(line.source.startswith("chemicals") for line in found.properties)
    assert [row.serial for row in found.thresholds] == [12]
    assert {one.quantity for one in found.levels} >= {"AEGL-1", "AEGL-2", "AEGL-3", "IDLH"}
    assert "未由具名人员" in found.remarks[-1].zh


def test_limits_are_unverified_and_known_traps_are_left_out() -> None:
    every = [level for one in substances().values() for level in levels(one.cas)]
    assert Status.VERIFIED not in {level.status for level in every}
    assert [one for one in levels("7664-41-7") if one.quantity == "PAC-2"] == []
    assert {one.status for one in levels("10102-44-0") if one.quantity == "IDLH"} == {Status.CONFLICT}
    assert {one.quantity: one.value for one in guidance("7782-50-5")} == {"AEGL-1": 0.5, "AEGL-2": 2, "AEGL-3": 20}
    assert {one.quantity: one.value for one in guidance("7664-41-7", 600.0)} == {
        "AEGL-1": 30, "AEGL-2": 220, "AEGL-3": 2700
    }  # fmt: skip
    assert guidance("7440-23-5") == ()


def test_where_sources_disagree_the_revision_itself_comes_first() -> None:
    known = [level for level in levels("121-44-8") if level.quantity == "PAC-3"]
    assert [level.value for level in known] == [200, 1000]
    assert {level.status for level in known} == {Status.CONFLICT}


@given(st.floats(200, 400), st.floats(5e4, 2e5))
def test_parts_per_million_become_mass_by_the_ideal_gas(temperature: float, pressure: float) -> None:
    chlorine = substance("7782-50-5")
    level = guidance("7782-50-5")[2]
    mass = level.concentration(chlorine.molar_mass, temperature, pressure)
    assert mass == pytest.approx(20e-6 * float(chlorine.gas_density(temperature, pressure)))
    assert level.concentration(chlorine.molar_mass) == pytest.approx(58e-6, rel=0.01)  # 1 ppm Cl2 = 2.90 mg/m3


def test_the_command_finds_and_shows() -> None:
    run = CliRunner()
    found = run.invoke(command_line("chemical", "model"), ["chemical", "search", "液氨"])
    assert found.exit_code == 0
    assert "7664-41-7" in found.output
    shown = run.invoke(command_line("chemical", "model"), ["chemical", "show", "7782-50-5"])
    assert "AEGL-2 60 min: 2 ppm  未核实" in shown.output
    assert "临界量 5 t" in shown.output
    assert isinstance(
        run.invoke(command_line("chemical", "model"), ["chemical", "search", "没有"]).exception, NotFoundError
    )
