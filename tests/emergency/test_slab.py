"""SLAB: what passes is what was released, it thins out, the library's absence and failures are told in words."""

import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.errors import BadInputError
from emergency.chemicals import substance
from emergency.model import OutsideValidityError
from emergency.models.dispersion.air import Stability
from emergency.models.dispersion.slab import SlabFailedError, SlabMissingError, SlabSource, available, slab
from emergency.models.dispersion.slab_cloud import SlabCloud, peak_height
from emergency.models.dispersion.slab_source import (
    LNG,
    drifting_area,
    expanded_area,
    flashed,
    slab_substance,
)
from emergency.models.dispersion.zone import mass_of, zones

CHLORINE = slab_substance(substance("chlorine"))
needs_slabx = pytest.mark.usefixtures("slabx")


def jet(rate: float = 5.0, wind: float = 3.0, stability: Stability | None = Stability.D, **more: Any) -> SlabCloud:
    density = CHLORINE.density(0.0, 101_325.0)
    given = {
        "source": SlabSource.JET, "source_area": drifting_area(rate, density, wind), "mass_rate": rate,
        "duration": 1800.0, "wind_speed": wind, "ambient_temperature": 298.0, "roughness": 0.03,
        "stability": stability,
    }  # fmt: skip
    return slab(**CHLORINE.inputs | given | more)


@needs_slabx
@given(st.floats(0.1, 100), st.floats(1.5, 12), st.sampled_from(list(Stability)))
@settings(max_examples=12, deadline=None)
def test_what_passes_a_station_downwind_is_what_was_released(rate: float, wind: float, stability: Stability) -> None:
    found = jet(rate, wind, stability, averaging_time=1.0)
    for values in (found.part, found.most, found.core, found.tail, found.deep):
        assert np.isfinite(values).all()
    x = found.distance[np.argmin(np.abs(found.distance - 300.0))]
    at = int(np.flatnonzero(found.distance == x)[0])
    across = np.linspace(-1, 1, 201) * (found.core[at] + 8 * found.tail[at])
    up = np.linspace(0, found.centre[at] + 10 * found.deep[at], 201)
    part = found.concentration(np.full((201, 201), x), across[:, None], up[None, :])
    section = np.trapezoid(np.trapezoid(part, up, axis=1), across)
    assume(found.part[at] < 0.02)
    carried = section * mass_of(1.0, CHLORINE.molar_mass, 298.0, 101_325.0) * found.speed[at]
    assert carried == pytest.approx(rate, rel=0.05)


@needs_slabx
def test_a_stronger_release_reaches_farther_and_stable_air_carries_it() -> None:
    reach = [zones(jet(rate), [2e-5])[0].distance for rate in (0.5, 5.0, 50.0)]
    assert reach == sorted(reach)
    by_air = [zones(jet(stability=one), [2e-4])[0].distance for one in Stability]
    assert by_air == sorted(by_air)


@needs_slabx
def test_a_zone_is_cut_from_it_and_its_edge_is_at_the_level() -> None:
    found = jet()
    (zone,) = zones(found, [1e-4])
    assert zone.outline.is_valid
    assert zone.distance > zone.half_width > 0
    x = np.array([zone.widest_at])
    edge = found.half_width(x, 1e-4)
    assert float(found.concentration(x, edge, 0.0)[0]) == pytest.approx(1e-4, rel=1e-3)
    assert float(found.width_at(x, np.exp(-1.0))[0]) < float(edge[0])


@needs_slabx
def test_a_longer_average_says_no_more_than_a_short_one() -> None:
    short, long = jet(averaging_time=1.0), jet(averaging_time=1800.0)
    x = np.geomspace(50, 5000, 20)
    assert (long.centreline(x) <= short.centreline(x) * (1 + 1e-6)).all()


@needs_slabx
def test_a_release_that_ends_soon_is_thinner_far_away_and_the_same_close_by() -> None:
    short, steady = jet(duration=120.0), jet(duration=3600.0)
    assert float(short.centreline(30.0)) == pytest.approx(float(steady.centreline(30.0)), rel=0.05)
    assert float(short.centreline(8000.0)) < 0.7 * float(steady.centreline(8000.0))


@needs_slabx
def test_the_manuals_pool_reaches_the_flammable_limit_where_the_library_says() -> None:
    found = slab(
        source=SlabSource.POOL, source_area=116.93 / 0.167, mass_rate=116.93, duration=107.0, wind_speed=1.94,
        wind_height=3.0, ambient_temperature=290.0, roughness=2e-4, stability=Stability.E, averaging_time=80.0,
        height=1.0, **LNG.inputs,
    )  # fmt: skip
    (zone,) = zones(found, [0.05])
    assert zone.distance == pytest.approx(448.6, rel=0.01)  # README of slabx 1.0.7
    assert found.start < -15  # it spreads upwind of the pool
    higher = found.at_height(8.0)
    assert float(higher.centreline(300.0)) < float(found.centreline(300.0))


@needs_slabx
@pytest.mark.parametrize("liquid", [0.0, 0.8])
def test_a_release_at_once_passes_and_thins_out(liquid: float) -> None:
    volume = 1000.0 / CHLORINE.density(liquid, 101_325.0)
    found = slab(
        source=SlabSource.AT_ONCE, source_area=volume ** (2 / 3), mass=1000.0, liquid_fraction=liquid, wind_speed=4.0,
        ambient_temperature=298.0, roughness=0.03, stability=Stability.D, **CHLORINE.inputs,
    )  # fmt: skip
    near, far = float(found.centreline(100.0)), float(found.centreline(1000.0))
    assert 0 < far < near < 1
    assert (np.diff(found.arrival) >= 0).all()


@needs_slabx
def test_a_pool_that_bursts_upwards_is_refused_in_words_and_not_drawn() -> None:
    with pytest.raises(SlabFailedError, match=r"integral") as refused:
        slab(
            source=SlabSource.POOL, source_area=3.0, mass_rate=100.0, duration=1800.0, wind_speed=2.0,
            ambient_temperature=298.0, roughness=0.03, stability=Stability.B, **CHLORINE.inputs,
        )  # fmt: skip
    assert "SLAB" in refused.value.text.zh


@needs_slabx
def test_a_stack_jet_lighter_than_air_is_refused() -> None:
    methane = slab_substance(substance("74-82-8"))
    with pytest.raises(SlabFailedError, match="vertical-jet"):
        slab(
            source=SlabSource.STACK, source_area=0.02, mass_rate=1.0, duration=300.0, wind_speed=3.0,
            release_temperature=300.0, ambient_temperature=298.0, roughness=0.03, stability=Stability.D,
            release_height=5.0, **methane.inputs,
        )  # fmt: skip


def test_without_the_library_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [one for one in sys.modules if one.partition(".")[0] == "slabx"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "slabx", None)
    assert not available()
    with pytest.raises(SlabMissingError, match=r"slabx.*安装|安装.*slabx"):
        jet()


def test_bad_input_is_named() -> None:
    with pytest.raises(OutsideValidityError, match="wind_speed"):
        jet(wind_speed=-1.0)
    with pytest.raises(OutsideValidityError, match="liquid_fraction"):
        jet(liquid_fraction=1.5)
    with pytest.raises(BadInputError, match="mass_rate"):
        jet(mass_rate=None)
    with pytest.raises(BadInputError, match="stability"):
        jet(stability=None)


def test_outside_the_range_of_its_trials_it_says_so() -> None:
    checks = {one.parameter: one.holds for one in slab.checks(**_asked(wind_speed=15.0, roughness=0.5))}
    assert checks == {"wind_speed": False, "roughness": False}


def _asked(**changed: float) -> dict[str, Any]:
    return CHLORINE.inputs | {
        "source": SlabSource.JET, "source_area": 1.0, "mass_rate": 1.0, "duration": 60.0, "ambient_temperature": 298.0,
        "stability": Stability.D,
    } | changed  # fmt: skip


@given(st.floats(0.0, 100), st.floats(0.01, 50))
def test_a_cloud_peaks_on_the_ground_until_it_has_left_it(centre: float, deep: float) -> None:
    top = float(peak_height(np.array(centre), np.array(deep)))
    assert 0 <= top <= centre
    if centre <= deep:
        assert top == 0
    if centre > 4 * deep:
        assert top == pytest.approx(centre, rel=1e-3)


def test_what_is_left_liquid_of_a_liquefied_gas_and_how_wide_its_jet_is() -> None:
    ammonia = substance("ammonia")
    gas = slab_substance(ammonia)
    liquid = flashed(ammonia, 305.0)
    assert liquid == pytest.approx(0.79, abs=0.03)  # 0.81 in the SLAB manual's example 2
    hole = np.pi / 4 * 0.0945**2
    area = expanded_area(hole, float(ammonia.liquid_density(305.0)), gas.density(0.81, 101_325.0))
    assert area == pytest.approx(0.93, rel=0.1)  # the manual's
    assert flashed(ammonia, 230.0) == pytest.approx(1.0, abs=0.01)
