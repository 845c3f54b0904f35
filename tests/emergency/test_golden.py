"""The models against the golden cases; what cannot be met stands in the report with its reason."""

import json
from pathlib import Path

import pytest

from emergency.evidence import Tier
from emergency.golden import ADAPTERS, Outcome, Result, read_cases, run, run_all
from emergency.golden.cases import Tolerance
from emergency.golden.exceptions import EXCEPTIONS
from emergency.model import MODELS
from emergency.validation import evidence_page

PAGES = Path(__file__).parents[2] / "docs" / "validation"


@pytest.fixture(scope="module")
def results(golden_folder: Path) -> list[Result]:
    """What every case comes to."""
    return list(run_all(read_cases(golden_folder)))


def test_every_case_of_a_model_we_have_passes_or_is_excused_with_a_reason(results: list[Result]) -> None:
    ours = [one for one in results if one.case.model in ADAPTERS]
    assert ours
    failed = {one.case.id: one.error or one.values for one in ours if one.outcome is not Outcome.PASSED}
    assert {name: why for name, why in failed.items() if name not in EXCEPTIONS} == {}


def test_no_excuse_is_kept_for_a_case_that_passes(results: list[Result]) -> None:
    ran = {one.case.id: one.outcome for one in results if one.case.id in EXCEPTIONS}
    assert [name for name, outcome in ran.items() if outcome is Outcome.PASSED] == []


def test_the_page_of_evidence_shows_what_the_cases_come_to_with_a_reason_for_each_not_met(
    results: list[Result],
) -> None:
    told = evidence_page.page(results, (one.stem for one in PAGES.glob("*.md")))
    assert (PAGES / "index.md").read_text(encoding="utf-8") == told
    assert "no reason given" not in told
    for tier in Tier:
        assert (PAGES / "images" / f"tier-{int(tier)}.svg").exists() == bool(evidence_page.held(results, tier))


def test_no_card_claims_more_than_its_cases_show(golden_folder: Path) -> None:
    shown: dict[str, Tier] = {}
    for case in read_cases(golden_folder):
        if case.model in ADAPTERS and case.id not in EXCEPTIONS:
            shown[case.model] = min(case.tier, shown.get(case.model, Tier.NONE))
    for one in MODELS.values():
        if cases := [name for name in one.card.cases if name in ADAPTERS]:
            assert one.card.tier >= min(shown.get(name, Tier.NONE) for name in cases), one.card.id
        else:
            assert one.card.tier is Tier.NONE, f"{one.card.id}: no adapter runs its cases"


@pytest.mark.parametrize(
    ("tolerance", "predicted", "expected", "near"),
    [
        (Tolerance(relative=0.1), 1.09, 1.0, True),
        (Tolerance(relative=0.1), 1.11, 1.0, False),
        (Tolerance(absolute=0.1), 0.05, 0.0, True),
        (Tolerance(absolute=0), 1.0, 1.0, True),
        (Tolerance(relative=0.01, absolute=1), 10.9, 10.0, True),
        (Tolerance(band=(0.5, 2.0)), 0.4, 1.0, False),
        (Tolerance(band=(0.5, 2.0)), 1.9, 1.0, True),
    ],
)
def test_near_enough_is_as_the_case_says(tolerance: Tolerance, predicted: float, expected: float, near: bool) -> None:
    assert tolerance.allows(predicted, expected) is near


def case_file(folder: Path, **changed: object) -> Path:
    case = {
        "id": "one", "model": "tnt_equivalence", "kind": "table", "source": "here",
        "inputs": {
            "fuel_mass_kg": 1.0, "heat_of_combustion_j_kg": 4e6, "yield_fraction": 0.5, "tnt_energy_j_kg": 4e6
        },
        "expected": {"tnt_mass_kg": 0.5}, "tolerance": {"type": "relative", "value": 0.01},
    }  # fmt: skip
    (folder / "cases.json").write_text(json.dumps({"schema": "golden-case/v1", "cases": [case | changed]}))
    return folder


def outcome(folder: Path) -> Outcome:
    (case,) = read_cases(folder)
    return run(case).outcome


def test_a_case_passes_fails_or_is_unknown(tmp_path: Path) -> None:
    assert outcome(case_file(tmp_path)) is Outcome.PASSED
    assert outcome(case_file(tmp_path, expected={"tnt_mass_kg": 0.6})) is Outcome.FAILED
    assert outcome(case_file(tmp_path, expected={"tnt_mass_kg": 0.5, "more": 1})) is Outcome.FAILED
    assert outcome(case_file(tmp_path, inputs={})) is Outcome.FAILED
    assert outcome(case_file(tmp_path, expected={})) is Outcome.FAILED
    assert outcome(case_file(tmp_path, model="alchemy")) is Outcome.UNKNOWN
