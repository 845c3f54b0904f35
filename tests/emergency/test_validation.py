"""The measures by which models are held against what was measured."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from emergency.validation import dense, lng
from emergency.validation.prairie_grass import compared, read_arcs
from emergency.validation.predicted import Rival
from emergency.validation.report import page
from emergency.validation.statistics import agreement
from emergency.validation.tables import within_two
from emergency.validation.trials import trials

PAGE = Path(__file__).parents[2] / "docs" / "validation" / "prairie-grass.md"


def test_a_perfect_model_agrees_perfectly() -> None:
    found = agreement(np.array([1.0, 2.0, 5.0]), np.array([1.0, 2.0, 5.0]))
    assert (found.fac2, found.fb, found.nmse, found.mg, found.vg) == (1.0, 0.0, 0.0, 1.0, 1.0)
    assert found.acceptable


def test_a_model_that_says_twice_as_much_has_the_published_values_of_that() -> None:
    observed = np.array([1.0, 2.0, 5.0])
    found = agreement(observed, 2 * observed)
    assert found.fb == pytest.approx(-2 / 3)
    assert found.mg == pytest.approx(0.5)
    assert found.vg == pytest.approx(1.6168, abs=1e-4)
    assert found.fac2 == 1.0
    assert not found.acceptable


def test_a_prediction_of_nothing_is_not_hidden() -> None:
    found = agreement(np.array([1.0, 1.0]), np.array([1.0, 0.0]))
    assert found.fac2 == 0.5
    assert found.mg == np.inf


def test_prairie_grass_meets_the_floor_and_the_page_shows_what_is_computed(golden_folder: Path) -> None:
    arcs = read_arcs(golden_folder / "data")
    assert compared(arcs).acceptable
    assert PAGE.read_text(encoding="utf-8") == page(arcs)


@pytest.mark.usefixtures("slabx")
@pytest.mark.parametrize(("name", "told"), [("lng.md", lng.page), ("dense-gas.md", dense.page)])
def test_the_pages_of_dense_trials_show_what_is_computed(name: str, told: Callable[[], str]) -> None:
    assert (PAGE.parent / name).read_text(encoding="utf-8") == told()
    assert (PAGE.parent / "images" / name.replace(".md", ".svg")).exists()


@pytest.mark.usefixtures("slabx")
def test_slab_is_within_a_factor_of_two_of_as_large_a_part_of_the_lng_trials_as_slabx_says_of_itself() -> None:
    found = [pair for _, pair in lng.pairs(Rival.SLAB)]
    good, of = lng.SLABX
    assert within_two(found) / len(found) >= good / of


def test_every_trial_says_where_it_is_from() -> None:
    for name, one in trials().items():
        assert one.source, name
        assert one.concentrations or one.volume_fractions or one.mass_fractions or one.half_widths, name
