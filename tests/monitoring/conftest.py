"""Sensors as the store gives them, and a small city that reports."""

import pyarrow as pa
import pytest

from monitoring.alarms.rules import POINT_FIELDS
from tests.monitoring.plant import plant

__all__ = ["plant"]


@pytest.fixture
def sensors() -> pa.Table:
    """One gas detector with the limits of its kind."""
    row = dict.fromkeys(POINT_FIELDS) | {
        "code": "P1", "kind": "combustible", "enterprise": "E1", "unit": "%LEL", "range_low": 0.0, "range_high": 100.0,
        "high": 25.0, "high_high": 50.0, "in_use": True,
    }  # fmt: skip
    return pa.Table.from_pylist([row])
