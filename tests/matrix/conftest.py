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
SPEAKS_FOR_ALL = frozenset({"enterprises", "hospitals"})
"""A private layer, masked, and a shared one: of the second engine they are asked in every run, the others in drills."""
DRILLED = frozenset({
    "test_by_kept_tile_neither_is_given_what_was_drawn_for_the_other",
    "test_by_brief_no_name_of_the_other_is_in_the_file",
    "test_by_job_result_and_its_id_nothing_of_the_other_comes_out",
    "test_by_file_id_a_file_of_the_other_is_as_absent_as_none",
    "test_a_circle_and_its_brief_measure_to_the_middle",
    "test_what_the_public_takes_out_holds_middles",
    "test_the_services_say_how_exact_their_places_are",
})  # fmt: skip
"""What is made of rows that the scope has already narrowed, by code that does not know the engine."""


@pytest.hookimpl(tryfirst=True)  # before the marks are looked at
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the second engine where it would tell nothing new, and to the drills what it tells again."""
    second = [one for one in items if one.path.parent == HERE and _second(one)]
    gone = {one for one in second if not _matters(one)}
    items[:] = [one for one in items if one not in gone]
    config.hook.pytest_deselected(items=[*gone])
    for one in second:
        if _again(one):
            one.add_marker(pytest.mark.drill)


def _matters(item: pytest.Item) -> bool:
    return item.path.stem in BOTH_ENGINES and getattr(item, "originalname", "") not in NO_ENGINE


def _again(item: pytest.Item) -> bool:
    """Whether the store's contract suite and the rest of this folder say it too: one door of each right stays."""
    given = item.callspec.params  # type: ignore[attr-defined]
    if "rule" in given:
        from tests.matrix.test_matrix import FIRST

        return (given["method"], given["rule"]) not in FIRST
    return given.get("layer", "enterprises") not in SPEAKS_FOR_ALL or getattr(item, "originalname", "") in DRILLED


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
