"""A city to import into, and the way a file takes into it: read by the reading process, checked, kept."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from app.imports.tables import Outcome, Wish, import_table
from core.actors import SYSTEM_ACTOR
from core.scope import SYSTEM_SCOPE
from layers.catalogue import CATALOGUE
from layers.readers.delivery import Delivery, Stated, no_faults
from layers.readers.formats import Format
from layers.readers.process import read
from store.protocol import Store
from tests.blank import blank_city
from tests.readers import forked_readers

__all__ = ["forked_readers"]

NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
Take = Callable[..., Outcome]


CONFINED = "test_refusals.py"
"""Asks what a reading process may do and is told, of one that is started as the product starts it."""


@pytest.fixture(autouse=True)
def readers(request: pytest.FixtureRequest) -> None:
    """Reading processes are forked."""
    if request.path.name != CONFINED:
        request.getfixturevalue("forked_readers")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty city."""
    opened = blank_city(tmp_path / "city.gpkg", lambda: NOW)
    yield opened
    opened.close()


@pytest.fixture
def take(store: Store) -> Take:
    """Imports a file, what was read of one, or a table into a layer by its id."""

    def taken(
        layer: str, what: Path | Delivery | pa.Table, wish: Wish | None = None, stated: Stated | None = None
    ) -> Outcome:
        if isinstance(what, Path):
            found = read(what, stated or Stated(spoken_for=tuple((wish or Wish()).stated.values()), preset=layer))
        elif isinstance(what, Delivery):
            found = what
        else:
            found = Delivery(format=Format.CSV, table=what, faults=no_faults())
        return import_table(
            store, CATALOGUE[layer], found, wish or Wish(), actor=SYSTEM_ACTOR, scope=SYSTEM_SCOPE,
            clock=lambda: NOW, name="file.csv",
        )  # fmt: skip

    return taken
