"""Models: declared well or not at all, refusing what cannot be, saying what they were not made for."""

import math
from typing import Any

import pytest

from core.errors import BadInputError
from core.texts import Text
from core.units import Kelvin, Kilogram, Metre
from emergency import models
from emergency.evidence import Tier
from emergency.formula import formula, means
from emergency.model import MODELS, Model, OutsideValidityError, model
from emergency.models.explosion.tnt import tnt_equivalent
from emergency.quantities import QUANTITIES

TITLE = Text("试", "Trial")
TWICE = formula("y = 2·x", where={"y": means("两倍", "twice it", "m"), "x": "distance"})

assert models.__all__  # the models are declared by being imported


@pytest.mark.parametrize("one", MODELS.values(), ids=MODELS)
def test_each_card_cites_its_source_and_says_how_in_both_languages(one: Model[..., Any]) -> None:
    card = one.card
    assert card.source
    for text in (card.title, card.how, *card.neglects):
        assert text.zh
        assert text.en
        assert text.zh != text.en


@pytest.mark.parametrize("value", [0.0, -1.0, math.nan, math.inf, "much"])
def test_what_cannot_be_is_refused_by_name_value_unit_and_range(value: Any) -> None:
    with pytest.raises(OutsideValidityError, match=r"质量\(mass\).*kg") as refused:
        tnt_equivalent(mass=value, heat_of_combustion=4.6e7, blast_yield=0.03, tnt_energy=4.6e6)
    assert refused.value.facts["parameter"] == "mass"
    assert refused.value.facts["unit"] == "kg"
    assert isinstance(refused.value, BadInputError)


def test_outside_the_published_range_is_computed_and_said() -> None:
    @model(
        id="trial", title=TITLE, source="none", how=TITLE, formula=TWICE, valid={"distance": (10.0, 100.0)},
    )  # fmt: skip
    def doubled(distance: Metre) -> Metre:
        return 2 * distance

    del MODELS["trial"]  # not through monkeypatch, which would put it back at the end
    assert doubled(500.0) == 1000.0
    (check,) = doubled.checks(500.0)
    assert (check.value, check.low, check.high, check.unit, check.holds) == (500.0, 10.0, 100.0, "m", False)
    assert doubled.checks(50.0)[0].holds


def test_a_wrong_declaration_names_every_fault() -> None:
    with pytest.raises(ValueError, match=r"mass is in K.*depth is no quantity.*valid names heat.*tier needs cases"):

        @model(
            id="wrong", title=TITLE, source="none", how=TITLE, formula=TWICE, valid={"heat": (0, 1)}, tier=Tier.PEER,
        )  # fmt: skip
        def wrong(mass: Kelvin, depth: Metre) -> Kilogram:
            return mass * depth

    assert "wrong" not in MODELS


def test_quantities_have_titles_in_both_languages_and_a_possible_range() -> None:
    for name, quantity in QUANTITIES.items():
        assert quantity.title.zh != quantity.title.en, name
        assert quantity.low < quantity.high
