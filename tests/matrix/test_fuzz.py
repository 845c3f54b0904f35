"""Fuzzed requests, a bounded number, as three roles and a district: no fault of ours, no traceback, no leak."""

from typing import Any

import pytest

from tests.matrix.conftest import Site
from tests.matrix.fuzz import Hidden, Report, ask, private, requests, secrets
from tests.matrix.people import client

EACH = 300


@pytest.fixture(scope="module")
def document(site: Site) -> dict[str, Any]:
    found: dict[str, Any] = site.of("city").get("/api/openapi.json").json()
    return found


@pytest.fixture(scope="module")
def known(site: Site) -> set[str]:
    return private(site.of("city"))


def test_a_hidden_text_is_found_wherever_it_stands() -> None:
    hidden = Hidden({"91990102MA1234567X", "91990102MA7654321X", "13900000001"})
    assert hidden.within("") == hidden.within("91990102MA123456") == []
    assert hidden.within("…91990102MA7654321X") == ["91990102MA7654321X"]
    assert sorted(hidden.within("13900000001,91990102MA1234567X")) == ["13900000001", "91990102MA1234567X"]


@pytest.mark.parametrize(("name", "seed"), [("city", 1), ("enterprise", 2), ("public", 3), ("district", 4)])
def test_fuzzed_requests_find_no_fault_and_no_secret(
    site: Site, document: dict[str, Any], known: set[str], name: str, seed: int
) -> None:
    report = Report()
    with client(site.address, site.people[name]) as browser:  # of its own: the language it is left in is nobody else's
        hidden = Hidden(set() if name == "city" else secrets(known, browser))
        assert name == "city" or len(hidden.texts) > 100
        words = ("enterprises", "hospitals", "onemap:enterprises", "tanks", *sorted(hidden.texts)[:5])
        for wanted in requests(document, words, seed, EACH):
            ask(browser, wanted, report, hidden)
    assert report.asked > EACH * 0.9
    assert not report.broken, report.broken[:10]
    assert not report.leaked, report.leaked[:10]


def test_a_symbol_of_a_name_no_file_can_have_is_none(site: Site) -> None:
    assert site.of("city").get(f"/api/symbols/{'a' * 5000}.svg").status_code == 404


def test_layers_that_keep_their_enterprise_from_the_public_are_not_narrowed_by_enterprises(site: Site) -> None:
    def counts(**chosen: str) -> dict[str, int]:
        answer = site.of("public").get("/api/layers", params=chosen)
        assert answer.status_code == 200, answer.text
        return {one["id"]: one["count"] for theme in answer.json()["themes"] for one in theme["layers"]}

    every, narrowed = counts(), counts(industry="C26")
    assert narrowed["enterprises"] < every["enterprises"]
    assert 0 < narrowed["accidents"] < every["accidents"]
    assert narrowed["danger_listings"] == every["danger_listings"] > 0
