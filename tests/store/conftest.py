"""A store of each kind, empty, over the small town."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.embedded import open_embedded
from store.postgis import open_postgis
from store.protocol import Store
from tests.store.cityscape import TOWN, Clock


@pytest.fixture(params=["embedded", pytest.param("postgis", marks=pytest.mark.postgis)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store of each engine."""
    opened: Store
    if request.param == "embedded":
        opened = open_embedded(tmp_path / "city.gpkg", TOWN, Clock())
    else:
        url = request.getfixturevalue("postgres_url")
        opened = open_postgis(url, TOWN, Clock(), request.getfixturevalue("postgres_schema"))
    yield opened
    opened.close()
