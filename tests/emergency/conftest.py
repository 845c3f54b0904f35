"""Golden cases beside the third-party test data."""

from pathlib import Path

import pytest

from emergency.models.dispersion.slab import available
from tests.absent import absent


@pytest.fixture(scope="session")
def golden_folder(test_data: Path) -> Path:
    """Where the golden cases are, beside the test data."""
    return test_data.parent / "golden"


@pytest.fixture(scope="session")
def slabx() -> None:
    """The library of the extra `dense`."""
    if not available():
        absent("slabx, of the extra dense: pip install onemap[dense]")
