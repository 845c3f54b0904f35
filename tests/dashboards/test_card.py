"""The card of one object."""

from pathlib import Path

import pytest
import shapely

from core.actors import SYSTEM_ACTOR
from core.clock import utc_now
from core.scope import SYSTEM_SCOPE
from core.texts import Lang
from dashboards.queries.card import card
from layers.catalogue import ENTERPRISES
from layers.catalogue.enterprises import Enterprise
from store.feed import Put
from store.merging import Desk, merge
from store.protocol import Store
from tests.blank import blank_city

KEEP, DROP = "91990000MA0000001A", "91990000MA0000002B"


@pytest.fixture
def store(tmp_path: Path):
    opened = blank_city(tmp_path / "city.gpkg", utc_now)
    yield opened
    opened.close()


def firm(store: Store, uscc: str, name: str) -> None:
    record = Enterprise(uscc=uscc, name=name, short_name=name, sector="trade", geometry=shapely.Point(121, 33))
    store.commit([Put(layer="enterprises", record=record)], actor=SYSTEM_ACTOR, reason="", scope=SYSTEM_SCOPE)


def test_the_card_of_a_merged_enterprise_leads_to_the_one_it_was_merged_into_and_back(store: Store) -> None:
    firm(store, KEEP, "海星化工")
    firm(store, DROP, "海星旧档")
    desk = Desk(store=store, layer=ENTERPRISES, actor=SYSTEM_ACTOR, scope=SYSTEM_SCOPE)
    merge(desk, KEEP, DROP, reason="重复登记")
    dropped = card(store, None, ENTERPRISES, DROP, utc_now(), scope=SYSTEM_SCOPE, lang=Lang.ZH)["sections"]
    assert dropped[0]["title"] == "已并入"
    assert dropped[0]["pairs"][0]["link"] == {"layer": "enterprises", "key": KEEP, "label": "海星化工"}
    kept = card(store, None, ENTERPRISES, KEEP, utc_now(), scope=SYSTEM_SCOPE, lang=Lang.ZH)["sections"]
    assert (kept[0]["title"], [row["key"] for row in kept[0]["rows"]]) == ("并入本记录", [DROP])
    assert [section["id"] for section in kept[:3]] == ["merged-here", "basics", "permits"]
