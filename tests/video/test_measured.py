"""The figures of accuracy: those of the file alone, beta where an aim is missed, and shares with their interval."""

import pytest

from dashboards.queries.accuracy import wilson
from video.measured import measured
from video.rules.rule import Kind


def test_what_misses_an_aim_is_beta_and_every_row_says_of_what_and_when() -> None:
    assert measured()
    for row in measured():
        assert row.clip
        assert row.n >= 0
        assert row.precision is not None or row.accuracy is not None or row.recall is not None or row.n == 0
        short = any(
            value is not None and name in row.aims and value < row.aims[name]
            for name, value in (("precision", row.precision), ("recall", row.recall), ("accuracy", row.accuracy))
        )
        late = row.onset is not None and row.onset > row.aims.get("onset_s", row.onset)
        assert row.beta == (short or late or (row.n == 0 and bool(row.false))), row


def test_each_kind_has_figures_of_a_clip_in_which_it_happens_and_no_smoke_is_counted_as_nothing() -> None:
    happens = {row.kind for row in measured() if row.n}
    assert set(Kind) - happens == set(), "a kind seen on clips without it alone says nothing of what it misses"
    (smoke,) = (row for row in measured() if row.kind is Kind.SMOKE and row.clip.startswith("house6"))
    assert (smoke.n, smoke.recall, smoke.beta) == (1, 0.0, True), "the house smokes all along, and nothing is told"


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"), [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (9, 10, 0.5958, 0.9821)]
)
def test_a_share_of_few_may_be_much_else(hits: int, of: int, low: float, high: float) -> None:
    found = wilson(hits, of)
    assert found is not None
    assert (found.low, found.high) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))
    assert wilson(0, 0) is None
