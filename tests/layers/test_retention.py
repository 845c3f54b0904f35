"""How long records are kept at least is data, with its source."""

from datetime import UTC, datetime

import pytest

from core.errors import BadInputError
from layers.codes.retention import kept_until, least, retention_rules

NOW = datetime(2026, 11, 28, 3, 0, tzinfo=UTC)


def test_the_audit_is_kept_for_six_months_by_a_rule_that_names_its_source() -> None:
    (rule,) = [rule for rule in retention_rules() if rule.record == "audit"]
    assert rule.months == 6
    assert "网络安全法" in rule.source
    assert least("audit", NOW) == 6


def test_longer_is_allowed_and_shorter_is_not() -> None:
    assert kept_until("audit", NOW, 12) == datetime(2025, 11, 28, 3, 0, tzinfo=UTC)
    with pytest.raises(BadInputError, match="at least 6 months, not 5"):
        kept_until("audit", NOW, 5)


def test_a_month_that_has_no_such_day_ends_on_its_last() -> None:
    assert kept_until("audit", datetime(2026, 8, 31, tzinfo=UTC), 6) == datetime(2026, 2, 28, tzinfo=UTC)


def test_a_time_without_a_rule_is_refused() -> None:
    with pytest.raises(BadInputError, match="no rule"):
        least("audit", datetime(2016, 1, 1, tzinfo=UTC))
