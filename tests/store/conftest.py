"""A store of each kind, empty, over the small town."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from layers.layer import Catalogue
from store.embedded import open_embedded
from store.postgis import open_postgis
from store.protocol import Store
from tests.store.cityscape import BATCHED, TOWN, Clock

ENGINES = ["embedded", pytest.param("postgis", marks=pytest.mark.postgis)]
Opened = Callable[[Catalogue], Store]


@pytest.fixture(params=ENGINES)
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opened]:
    """Opens one and the same store of each engine under whatever declarations, closing it under the ones before."""
    stores: list[Store] = []
    url = schema = ""
    if request.param == "postgis":
        url, schema = request.getfixturevalue("postgres_url"), request.getfixturevalue("postgres_schema")

    def again(catalogue: Catalogue) -> Store:
        while stores:
            stores.pop().close()
        stores.append(
            open_postgis(url, catalogue, Clock(), schema)
            if url
            else open_embedded(tmp_path / "city.gpkg", catalogue, Clock())
        )
        return stores[-1]

    yield again
    while stores:
        stores.pop().close()


@pytest.fixture
def batch(monkeypatch: pytest.MonkeyPatch) -> int:
    """So many rows are a full batch of a load, in this process."""
    for place in BATCHED:
        monkeypatch.setattr(place, 500)
    return 500


@pytest.fixture
def store(opened: Opened) -> Store:
    """An empty store of each engine."""
    return opened(TOWN)
