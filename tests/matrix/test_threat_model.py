"""The threat model names every door: its table is the rules'."""

from app.policy import RULES
from tests.conftest import ROOT
from tests.matrix.doors import ALSO, PAGE, written


def test_every_door_is_in_the_threat_model_as_the_policy_has_it() -> None:
    page = PAGE.read_text()
    assert page == written(page), "run: python -m tests.matrix.doors"


def test_the_table_names_doors_and_tests_that_there_are() -> None:
    assert set(ALSO) <= {rule.path for rule in RULES}
    named = {part for words in ALSO.values() for part in words.split("`") if part.startswith("tests/")}
    assert not [name for name in named if not (ROOT / name).exists()]
