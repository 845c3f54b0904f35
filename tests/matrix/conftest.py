"""One server of the demo city with everybody's session open, on each engine."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.matrix.kept import keep
from tests.matrix.people import Person, client, people
from tests.server import demo_server


@dataclass(frozen=True)
class Site:
    """A served city: its address, its data folder, its database if it has one, its people and their browsers."""

    address: str
    data: Path
    database: str | None
    people: dict[str, Person]
    browsers: dict[str, httpx.Client]

    def of(self, name: str) -> httpx.Client:
        """Somebody's browser or program."""
        return self.browsers[name]


HERE = Path(__file__).parent
BOTH_ENGINES = frozenset({"test_matrix", "test_districts", "test_precision"})
"""What depends on who keeps the rows and accounts; the rest is asked of the embedded engine, for time's sake."""
NO_ENGINE = frozenset({"test_no_door_takes_a_change_that_comes_from_another_site"})
"""What is decided before anybody looks into a store."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the second engine where it would tell nothing new."""
    over = [one for one in items if one.path.parent == HERE and _second(one) and not _matters(one)]
    gone = set(over)
    items[:] = [one for one in items if one not in gone]
    config.hook.pytest_deselected(items=over)


def _matters(item: pytest.Item) -> bool:
    return item.path.stem in BOTH_ENGINES and getattr(item, "originalname", "") not in NO_ENGINE


def _second(item: pytest.Item) -> bool:
    call = getattr(item, "callspec", None)
    return call is not None and call.params.get("site") == "postgis"


@pytest.fixture(scope="session", params=["embedded", pytest.param("postgis", marks=pytest.mark.postgis)])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Served until the last test of the folder."""
    data = tmp_path_factory.mktemp("matrix")
    with ExitStack() as stack:
        database = None
        if request.param == "postgis":
            database = stack.enter_context(request.getfixturevalue("postgres_city").copied(data))
        address = stack.enter_context(demo_server(data, database))
        found = people(data, database)
        browsers = {name: stack.enter_context(client(address, person)) for name, person in found.items()}
        for name in ("district", "north"):
            keep(browsers[name])
        yield Site(address, data, database, found, browsers)
