"""`onemap model` and `onemap golden` as they are called."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import command_line
from core.errors import BadInputError, NotFoundError
from emergency.model import OutsideValidityError
from tests.emergency.test_golden import case_file

TNT = ("model", "run", "tnt-equivalence", "heat_of_combustion=4e6", "blast_yield=0.5", "tnt_energy=4e6")


def said(*words: str, status: int = 0) -> str:
    found = CliRunner().invoke(command_line("model", "golden"), list(words), catch_exceptions=True)
    if found.exception and not isinstance(found.exception, SystemExit):
        raise found.exception
    assert found.exit_code == status
    return found.output


def test_models_are_listed_shown_and_run() -> None:
    assert "tnt-equivalence" in said("model", "list")
    card = said("model", "show", "tnt-equivalence")
    assert "TNT 当量法" in card
    assert "heat_of_combustion" in card
    assert json.loads(said(*TNT, "mass=3"))["answer"] == 1.5


@pytest.mark.parametrize(
    ("words", "error", "named"),
    [
        (("mass=-3",), OutsideValidityError, "mass"),
        (("mass=x",), BadInputError, "mass"),
        ((), BadInputError, "mass"),
        (("weight=3",), BadInputError, "weight"),
    ],
)
def test_bad_input_is_named(words: tuple[str, ...], error: type[Exception], named: str) -> None:
    with pytest.raises(error, match=named):
        said(*TNT, *words)
    with pytest.raises(NotFoundError, match="alchemy"):
        said("model", "show", "alchemy")


def test_golden_counts_by_tier_and_fails_on_what_it_does_not_know(tmp_path: Path) -> None:
    assert "1/1" in said("golden", str(case_file(tmp_path)))
    output = said("golden", str(case_file(tmp_path, model="alchemy")), status=1)
    assert "unknown" in output
    assert "0/1" in output
