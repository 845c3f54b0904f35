"""`onemap model` and `onemap golden` as they are called."""

import json
from pathlib import Path

import pytest
import rasterio
from typer.testing import CliRunner

from app.cli import command_line
from core.errors import BadInputError, NotFoundError
from emergency.model import OutsideValidityError
from emergency.result import result_of
from tests.emergency.test_golden import case_file
from tests.emergency.test_scenario import CHLORINE

DIRECT = "{kind: direct, mass_rate: 36 kg/min, duration: 30 min}"
TNT = ("model", "run", "tnt-equivalence", "heat_of_combustion=4e6", "blast_yield=0.5", "tnt_energy=4e6")


def found_layout(path: Path) -> str:
    with rasterio.open(path) as raster:
        return str(raster.tags(ns="IMAGE_STRUCTURE")["LAYOUT"])


def said(*words: str, status: int = 0) -> str:
    found = CliRunner().invoke(command_line("model", "golden", "scenario"), list(words), catch_exceptions=True)
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


def test_a_scenario_is_checked_and_run_with_its_receipt(tmp_path: Path) -> None:
    file = tmp_path / "one.yaml"
    file.write_text(CHLORINE.replace(DIRECT, "{kind: tnt, tnt_mass: 1 t}"))
    assert "tnt_mass: 1000.0" in said("scenario", "check", str(file))
    printed = said(
        "scenario", "run", str(file), "-o", str(tmp_path / "r.json"), "--geojson", str(tmp_path / "z.geojson")
    )
    assert "6.9 kPa" in printed
    assert "未核实" in printed
    found = result_of((tmp_path / "r.json").read_bytes())
    assert found.receipt.fingerprint[:16] in printed
    assert len(json.loads((tmp_path / "z.geojson").read_text())["features"]) == 3
    assert json.loads(said("scenario", "schema"))["title"] == "Scenario"
    file.write_text(CHLORINE)
    said("scenario", "run", str(file), "--grid", str(tmp_path / "g.tif"))
    assert found_layout(tmp_path / "g.tif") == "COG"
    printed = said("scenario", "run", str(file), "--at", "121.612,33.2035", "--air-changes", "0.5")
    assert "0.5 1/h" in printed
    assert "毒性负荷" in printed
    with pytest.raises(BadInputError, match="LON,LAT"):
        said("scenario", "run", str(file), "--at", "121.612")
    file.write_text(CHLORINE.replace("stability: D", "stability: Z"))
    with pytest.raises(BadInputError, match=r"weather\.stability"):
        said("scenario", "run", str(file))


def test_golden_counts_by_tier_and_fails_on_what_it_does_not_know(tmp_path: Path) -> None:
    assert "1/1" in said("golden", str(case_file(tmp_path)))
    output = said("golden", str(case_file(tmp_path, model="alchemy")), status=1)
    assert "unknown" in output
    assert "0/1" in output
