"""What is asked inside a drawn shape: a shape without area and too many layers are refused by name."""

from typing import Any

import pytest

from tests.app.test_doors import signed_in

SPOT = [121.85, 33.2]


@pytest.mark.parametrize("ring", [[SPOT, SPOT, SPOT], [SPOT, [121.9, 33.2], [121.95, 33.2]]])
def test_a_ring_without_area_is_refused(server: str, ring: list[list[float]]) -> None:
    answer = within(server, {"layers": ["enterprises"], "polygon": ring})
    assert (answer.status_code, "polygon=" in answer.text, "围出面积" in answer.text) == (400, True, True)


def test_layers_beyond_the_limit_are_refused_not_dropped(server: str) -> None:
    answer = within(
        server, {"layers": [f"layer{n}" for n in range(41)], "polygon": [SPOT, [121.9, 33.2], [121.9, 33.3]]}
    )
    assert (answer.status_code, "layers=41" in answer.text, "最多 40 个" in answer.text) == (400, True, True)


def test_a_ring_that_crosses_itself_holds_both_its_loops(server: str) -> None:
    west, south, east, north = 121.7, 33.05, 122.0, 33.3
    middle = [(west + east) / 2, (south + north) / 2]
    loops = [[[west, south], [west, north], middle], [[east, south], [east, north], middle]]
    crossed = [[west, south], [west, north], [east, south], [east, north]]
    found = [keys(server, ring) for ring in (*loops, crossed)]
    assert found[0]
    assert found[1]
    assert found[2] == found[0] | found[1]


def keys(server: str, ring: list[list[float]]) -> set[str]:
    return set(within(server, {"layers": ["teams"], "polygon": ring}).json()["blocks"][0]["keys"])


def within(server: str, body: dict[str, Any]) -> Any:
    with signed_in(server, "city") as client:
        return client.post("/api/within", json=body)


KEPT = {"leader", "leader_phone", "duty_phone"}
ASKED = {"service": "WFS", "version": "2.0.0", "request": "GetFeature", "outputFormat": "application/json"}


@pytest.mark.parametrize("login", ["enterprise", "intermediary"])
def test_who_acts_for_a_firm_finds_the_teams_near_it_without_their_persons_and_phones(server: str, login: str) -> None:
    asked = {**ASKED, "typeNames": "onemap:teams"}
    with signed_in(server, "city") as client:
        every = {one["id"]: one["properties"] for one in client.get("/ogc/wfs", params=asked).json()["features"]}
    with signed_in(server, login) as client:
        found = {one["id"]: one for one in client.get("/ogc/wfs", params=asked).json()["features"]}
        cards = [client.get(f"/api/feature/teams/{name.removeprefix('teams.')}") for name in sorted(every)[:3]]
        filtered = client.get("/ogc/wfs", params={**asked, "cql_filter": "leader <> ''"})
    assert found.keys() == every.keys()
    for one in found.values():
        assert one["properties"]["name"]
        assert one["geometry"]
        assert not KEPT & set(one["properties"])
    for card, name in zip(cards, sorted(every), strict=False):
        assert every[name]["name"] in card.text
        assert not [value for field, value in every[name].items() if field in KEPT and value and value in card.text]
    assert filtered.status_code == 400
