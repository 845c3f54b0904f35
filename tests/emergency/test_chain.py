"""The chain from a scenario to zones on the ground."""

from datetime import UTC, datetime
from typing import Any

import pytest

from core.errors import BadInputError
from emergency.chain import computed
from emergency.result import Result, result_of
from emergency.scenario import scenario
from gis.measure import distances
from tests.emergency.test_scenario import with_change

AT = datetime(2026, 11, 28, 6, 0, tzinfo=UTC)


def result(release: dict[str, Any], **changed: Any) -> Result:
    return computed(scenario(with_change(release=release, **changed)), at=AT, code_version="test")


def test_a_charge_has_nested_circles_at_the_distances_of_the_published_curve() -> None:
    found = result({"kind": "tnt", "tnt_mass": "1 t"})
    near, middle, far = found.zones
    assert [zone.level.severity for zone in found.zones] == [1, 2, 3]
    assert 0 < near.distance < middle.distance < far.distance
    assert far.distance == pytest.approx(17 * 10, rel=0.15)  # 1 psi at 17 W^(1/3) by EPA's rule
    corner = far.shape.exterior.coords[10]
    assert distances(found.source, [corner[0]], [corner[1]])[0] == pytest.approx(far.distance, rel=1e-3)
    assert found.receipt.whole
    assert not found.verified  # the levels are nobody's verified data
    assert result_of(found.to_json()) == found


def test_a_mass_eight_times_as_great_reaches_twice_as_far() -> None:
    one, eight = result({"kind": "tnt", "tnt_mass": 100}), result({"kind": "tnt", "tnt_mass": 800})
    for small, great in zip(one.zones, eight.zones, strict=True):
        assert great.distance == pytest.approx(2 * small.distance, rel=1e-6)


def test_levels_of_ones_own_are_in_the_units_of_the_effect() -> None:
    own = [{"name": "门窗", "value": 2000, "unit": "Pa"}]
    (zone,) = result({"kind": "tnt", "tnt_mass": 100}, levels=own).zones
    assert zone.level.name.zh == "门窗"
    with pytest.raises(BadInputError, match="Pa"):
        result({"kind": "tnt", "tnt_mass": 100}, levels=[{"name": "x", "value": 1, "unit": "ppm"}])
