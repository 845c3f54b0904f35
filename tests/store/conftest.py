"""A store of each kind, empty, over the small town."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.embedded import open_embedded
from store.protocol import Store
from tests.store.cityscape import TOWN, Clock


@pytest.fixture(params=["embedded"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    opened = open_embedded(tmp_path / "city.gpkg", TOWN, Clock())
    yield opened
    opened.close()
