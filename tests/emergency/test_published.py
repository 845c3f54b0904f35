"""Constants shipped as data: whole, sourced, unverified until somebody checks, and kept apart by set and unit."""

import pytest

from emergency.criteria import individual_criteria, societal_criteria
from emergency.models.harm.concentration import ByMass, ByVolume, ConcentrationUnit
from emergency.models.harm.societal_risk import Zone, fn_verdict
from emergency.probits import probits_of, toxic_loads, toxic_probits
from layers.identifiers import cas_is_valid

AMMONIA = "7664-41-7"


def test_every_toxic_constant_has_its_set_unit_source_and_a_right_cas_number() -> None:
    rows = [one.about for one in toxic_probits()] + [one.about for one in toxic_loads()]
    assert len(rows) == 40
    assert cas_is_valid(one.cas for one in rows).all()
    for one in rows:
        assert one.set
        assert one.source
        assert one.status
    assert len({(one.about.set, one.about.cas) for one in toxic_probits()}) == len(toxic_probits())


def test_a_set_has_one_unit() -> None:
    units = {(one.about.set, one.probit.unit) for one in toxic_probits()}
    assert units == {
        ("purple-book", ConcentrationUnit.MG_M3), ("lees-2005", ConcentrationUnit.PPM),
        ("withers-lees-1985", ConcentrationUnit.PPM),
    }  # fmt: skip


def test_nothing_claims_to_be_verified_before_a_person_held_it_against_its_source() -> None:
    assert not any(one.about.verified for one in toxic_probits())
    assert not any(one.verified for one in (*societal_criteria(), *individual_criteria()))


def test_sets_disagree_and_say_so() -> None:
    """30-minute LC50 of ammonia: 5 428 mg/m3 (about 7 670 ppm) by one set, 11 540 ppm by another."""
    found = {one.about.set: one.probit.concentration(0.5, 1800.0) for one in probits_of(AMMONIA)}
    purple, lees = found["purple-book"], found["lees-2005"]
    assert isinstance(purple, ByMass)
    assert isinstance(lees, ByVolume)
    assert purple.by_volume(0.017031, 293.15, 101_325.0).values * 1e6 == pytest.approx(7670, rel=0.01)
    assert lees.values * 1e6 == pytest.approx(11_540, rel=0.01)


def test_a_load_is_reached_by_the_concentrations_its_author_prints() -> None:
    """HSE: sulphur dioxide reaches its SLOT at 965 ppm in 5 min and 395 ppm in 30 min."""
    (slot,) = [one.load for one in toxic_loads() if one.about.cas == "7446-09-5"]
    assert slot.concentration(300.0).values * 1e6 == pytest.approx(965, rel=0.01)
    assert slot.concentration(1800.0).values * 1e6 == pytest.approx(395, rel=0.01)


def test_the_lines_that_models_take_by_default_are_those_of_the_data() -> None:
    (line,) = [one for one in societal_criteria() if one.id == "gb36894-2018"]
    assert line.lower is not None
    for anchor, zone in ((line.upper, Zone.ALARP), (line.lower, Zone.ACCEPTABLE)):
        assert fn_verdict(anchor.frequency, anchor.fatalities).zone is zone
        assert fn_verdict(anchor.frequency * 1.001, anchor.fatalities).zone is not zone
