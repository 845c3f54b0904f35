"""How far fires and blasts may reach otherwise: both ends are a published method's or a measured ratio's, and named."""

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from emergency.chain import computed, part_of
from emergency.chain.spread import NONE, published, with_ends
from emergency.models.fire.fireball import fireball_tno
from emergency.scenario import Scenario, scenario
from emergency.zones import Zone

AIR = {"wind_speed": 3.0, "wind_from": 270.0, "stability": "D", "ambient_temperature": 288.0}
PROPANE, METHANE, BENZENE = "74-98-6", "74-82-8", "71-43-2"


def asked(chemical: str, **release: Any) -> tuple[Scenario, tuple[Zone, ...]]:
    given = {
        "title": "t",
        "chemical": chemical,
        "release": release,
        "place": {"lon": 121.0, "lat": 33.0},
        "weather": AIR,
    }
    wish = scenario(given)
    return wish, tuple(computed(wish, at=datetime(2026, 11, 29, tzinfo=UTC), code_version="t").zones)


def test_a_fireball_reaches_as_far_as_the_other_method_says_at_the_critical_pressure() -> None:
    wish, zones = asked(PROPANE, kind="fireball", mass=50_000.0)
    found, none = with_ends(wish, zones, 30.0)
    assert none is None
    for zone in found:
        assert zone.ends is not None
        heat = fireball_tno(
            distance=zone.ends.most, mass=50_000.0, heat_of_combustion=46.36e6, vapour_pressure=4.25e6,
            ambient_temperature=288.0,
        ).heat_flux  # fmt: skip
        assert float(np.asarray(heat)) == pytest.approx(zone.level.value, rel=0.03)
        assert zone.ends.least <= zone.distance <= zone.ends.most
        assert zone.band is not None
        assert zone.band.buffer(1e-6).contains(zone.shape)


def test_a_cloud_explosion_lies_between_the_yield_given_and_the_one_of_the_worst_case() -> None:
    wish, zones = asked(PROPANE, kind="vapour-cloud-explosion", mass=5000.0, blast_yield=0.04)
    found, _ = with_ends(wish, zones, 30.0)
    ends = found[0].ends
    assert ends is not None
    assert ends.least == pytest.approx(found[0].distance)
    assert ends.most / ends.least == pytest.approx((0.10 / 0.04) ** (1 / 3), rel=1e-3)
    assert "EPA" in ends.basis.zh
    above, _ = with_ends(*asked(PROPANE, kind="vapour-cloud-explosion", mass=5000.0, blast_yield=0.2), 30.0)
    assert above[0].ends is not None
    assert above[0].ends.most == pytest.approx(above[0].distance)


def test_a_jet_reaches_as_far_as_the_ratio_to_what_was_measured_allows() -> None:
    wish, zones = asked(
        METHANE, kind="jet-fire", hole_diameter=0.05, upstream_pressure=2e6, upstream_temperature=288.0
    )  # fmt: skip
    found, _ = with_ends(wish, zones, 30.0)
    field, ratio = part_of(wish).field, published()["jet-fire"]
    for zone in found:
        assert zone.ends is not None
        assert zone.ends.least < zone.distance < zone.ends.most
        assert field is not None
        heat = float(np.asarray(field.at(zone.ends.most, 0.0)))
        assert heat == pytest.approx(ratio.low * zone.level.value, rel=0.05)
    pool, _ = with_ends(*asked(BENZENE, kind="pool-fire", pool_area=400.0), 30.0)
    assert all(one.ends is not None and one.ends.least < one.distance < one.ends.most for one in pool)


def test_where_nothing_is_published_there_is_no_band_and_that_is_said() -> None:
    found, none = with_ends(*asked(PROPANE, kind="tnt", tnt_mass=500.0), 30.0)
    assert none == NONE
    assert all(zone.ends is None and zone.band is None for zone in found)
