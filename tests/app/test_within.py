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
