"""Golden cases beside the third-party test data."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def golden_folder(test_data: Path) -> Path:
    """Where the golden cases are, beside the test data."""
    return test_data.parent / "golden"
