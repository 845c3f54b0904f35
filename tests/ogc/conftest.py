"""A store of wells and fences for the feature services."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ogc.services import Services
from tests.ogc.wells import filled


@pytest.fixture(scope="module")
def wells_served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Services over a filled store."""
    services = filled(Path(tmp_path_factory.mktemp("wells")))
    yield services
    services.store.close()
