"""Daily supervision data (日常监管类数据, 11 classes): each has a table, a form, an API, a layer, or says what not."""

from dataclasses import dataclass

import httpx
import pytest

from app.systems import SYSTEMS, system
from layers.catalogue import CATALOGUE
from layers.layer import Publish
from tests.app.test_doors import signed_in


@dataclass(frozen=True)
class Kind:
    """One class of the plan: its layer, and the system whose form writes it; `lacks` says why there is none."""

    zh: str
    layer: str
    system: str = ""
    lacks: str = ""


CLASSES = (
    Kind("执法检查", "site_checks", "site-check"),
    Kind("标准化达标", "standards", "standardization"),
    Kind("隐患排查治理", "dangers", "hidden-danger"),
    Kind("重大危险源", "hazard_filings", "major-hazard"),
    Kind("监管机构和人员", "bodies", "body"),
    Kind("烟花爆竹流向", "firework_flows", "firework-flow"),
    Kind("企业诚信", "credits", "credit"),
    Kind("举报投诉", "complaints", "complaint"),
    Kind("中介机构", "intermediaries", "intermediary"),
    Kind(
        "监测监控", "sensors", lacks="points come with imports, devices and transactions of the services, not by a case"
    ),
    Kind("网格化", "grids", lacks="cells are drawn elsewhere and imported, not registered by a case"),
)


@pytest.fixture(scope="module")
def city(server: str) -> httpx.Client:
    with signed_in(server, "city") as client:
        yield client


def test_there_are_eleven_and_each_is_a_layer_that_doors_publish() -> None:
    assert len({one.layer for one in CLASSES}) == 11
    assert all(CATALOGUE[one.layer].publish is Publish.FEATURES for one in CLASSES)
    assert {one.system for one in CLASSES if one.system} <= {of.id for of in SYSTEMS}
    assert all(system(one.system).register.id == one.layer for one in CLASSES if one.system)


@pytest.mark.parametrize("one", CLASSES, ids=lambda one: one.layer)
def test_each_has_a_table_a_form_an_api_and_a_layer(city: httpx.Client, one: Kind) -> None:
    table = city.get(f"/api/table/{one.layer}")
    assert table.status_code == 200
    assert table.json()["total"] > 0
    items = city.get(f"/ogc/api/collections/{one.layer}/items", params={"f": "json", "limit": "1"}).json()
    assert items["numberMatched"] == table.json()["total"]
    assert one.layer in {found["id"] for theme in city.get("/api/layers").json()["themes"] for found in theme["layers"]}
    if one.lacks:
        assert not [of for of in SYSTEMS if of.register.id == one.layer]  # once there is a form, this says so
        return
    form = city.get("/api/cases/form", params={"system": one.system}).json()
    assert form["may"]
    assert len([field for field in form["form"] if field["needed"]]) > 0
    asked = city.post("/api/cases/check", json={"system": one.system, "values": {}}).json()
    assert asked["reasons"]
