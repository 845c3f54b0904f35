"""Pages begin behind a row: what comes or goes on pages one has read moves nothing on those to come."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from lxml import etree

from core.actors import SYSTEM_ACTOR
from core.clock import utc_now
from core.errors import BadInputError
from core.scope import SYSTEM_SCOPE
from ogc.kvp import KVP
from ogc.oapi.items import items, page_of
from ogc.services import Services
from ogc.wfs import wfs
from store.embedded import open_embedded
from store.feed import Delete
from store.postgis import open_postgis
from store.protocol import Store
from tests.ogc.wells import LAYERS, OFFICER, WELLS, served, wells

BASE = "http://127.0.0.1/ogc/wfs"
SEEN = 23
Door = Callable[[Services, dict[str, str]], tuple[list[str], str]]
ORDERS = ("", "name", "grade,-depth", "-seen_at")


@pytest.fixture(scope="module", params=["embedded", pytest.param("postgis", marks=pytest.mark.postgis)])
def kept(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Services over wells kept by each engine."""
    if request.param == "embedded":
        store: Store = open_embedded(Path(tmp_path_factory.mktemp("paged")) / "wells.gpkg", LAYERS, utc_now)
    else:
        store = open_postgis(request.getfixturevalue("postgres_url"), LAYERS, utc_now, "paged_wells")
    yield served(store)
    store.close()


def keys_of(services: Services, query: dict[str, str]) -> tuple[list[str], str]:
    """A page of the OGC API and the query of the next."""
    page = page_of(WELLS, query, b"", OFFICER, default=10)
    told = json.loads(items(page, query, OFFICER, services, BASE).content())
    behind = [link["href"] for link in told["links"] if link["rel"] == "next"]
    return [one["id"] for one in told["features"]], urlsplit(behind[0]).query if behind else ""


def members_of(services: Services, query: dict[str, str]) -> tuple[list[str], str]:
    """A page of WFS and the query of the next."""
    given = {"service": "WFS", "version": "2.0.0", "request": "GetFeature", "typeNames": "wells", **query}
    root = etree.fromstring(wfs(KVP(list(given.items())), b"", OFFICER, services, BASE).content())
    keys = [str(member[0].findtext("{*}code")) for member in root.findall("{*}member")]
    return keys, urlsplit(root.get("next", "")).query


def spelt(order: str, door: Door) -> str:
    """An order as the door writes it."""
    if door is keys_of:
        return order
    return ",".join(f"{part[1:]} DESC" if part.startswith("-") else part for part in order.split(",") if part)


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("door", [keys_of, members_of])
def test_rows_that_come_and_go_before_a_page_do_not_move_it(kept: Services, door: Door, order: str) -> None:
    size, sort = ("limit", "sortby") if door is keys_of else ("count", "sortBy")
    query = {size: "5", **({sort: spelt(order, door)} if order else {})}
    whole, behind = door(kept, {**query, size: "100"})
    assert len(whole) == SEEN
    assert not behind
    found, behind = door(kept, query)
    assert found == whole[:5]
    gone = [Delete(layer="wells", key=key) for key in found]
    kept.store.commit(gone, actor=SYSTEM_ACTOR, reason="test", scope=SYSTEM_SCOPE)
    while behind:
        more, behind = door(kept, dict(parse_qsl(behind)))
        found += more
    kept.store.load(WELLS, wells(), actor=SYSTEM_ACTOR, reason="test", scope=SYSTEM_SCOPE)
    assert found == whole


def test_a_place_is_of_one_order_and_one_number(kept: Services) -> None:
    _, behind = keys_of(kept, {"limit": "5", "sortby": "depth"})
    given = dict(parse_qsl(behind))
    for wrong in ({"sortby": "-depth"}, {"offset": "6"}, {"after": "5.x"}, {"after": given["after"][:-4] + "!!!!"}):
        with pytest.raises(BadInputError):
            keys_of(kept, {**given, **wrong})
    report = wfs(
        KVP([("request", "GetFeature"), ("typeNames", "wells"), ("after", given["after"])]), b"", OFFICER, kept, BASE
    )
    assert report.status == 400
    assert b'locator="after"' in report.content()


def test_what_is_sensitive_is_in_no_address(kept: Services) -> None:
    _, behind = keys_of(kept, {"limit": "5", "sortby": "phone"})
    assert "after" not in behind
    assert "offset=5" in behind


def test_the_values_an_order_needs_are_not_shown_unasked(kept: Services) -> None:
    query = {"limit": "5", "sortby": "depth", "properties": "name"}
    page = page_of(WELLS, query, b"", OFFICER, default=10)
    told = json.loads(items(page, query, OFFICER, kept, BASE).content())
    assert set(told["features"][0]["properties"]) == {"name"}
    assert any("after=" in link["href"] for link in told["links"] if link["rel"] == "next")
