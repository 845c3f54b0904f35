"""A shared link with a filter that is not open to its reader says so at every door, and narrows none of them."""

import httpx
import pytest

from tests.app.test_doors import signed_in

PATHS = ["/api/layers", "/api/map/enterprises", "/api/table/enterprises", "/api/map/hazard_sources"]


@pytest.mark.parametrize("path", PATHS[:3])
def test_a_filter_kept_from_the_public_is_named_and_not_applied(server: str, path: str) -> None:
    with signed_in(server, "public") as client:
        plain, narrowed = (client.get(path, params=given).json() for given in ({}, {"risk": "1"}))
    assert (plain.pop("ignored"), narrowed.pop("ignored")) == ([], ["risk"])
    assert plain == narrowed


@pytest.mark.parametrize("path", PATHS)
def test_a_filter_that_is_open_is_applied(server: str, path: str) -> None:
    with signed_in(server, "city") as client:
        plain, narrowed = (client.get(path, params=given) for given in ({}, {"risk": "1"}))
    assert narrowed.json()["ignored"] == []
    assert drawn(narrowed) < drawn(plain)


def drawn(answer: httpx.Response) -> int:
    found = answer.json()
    if "themes" in found:
        return sum(layer["count"] for theme in found["themes"] for layer in theme["layers"])
    return int(found.get("total", len(found["keys"])))
