"""Fuzzed requests, a bounded number, as three roles and a district: no fault of ours, no traceback, no leak."""

from typing import Any

import pytest

from tests.matrix.conftest import Site
from tests.matrix.fuzz import Report, ask, requests, secrets
from tests.matrix.people import client

EACH = 300


@pytest.fixture(scope="module")
def document(site: Site) -> dict[str, Any]:
    found: dict[str, Any] = site.of("city").get("/api/openapi.json").json()
    return found


@pytest.mark.parametrize(("name", "seed"), [("city", 1), ("enterprise", 2), ("public", 3), ("district", 4)])
def test_fuzzed_requests_find_no_fault_and_no_secret(
    site: Site, document: dict[str, Any], name: str, seed: int
) -> None:
    city, report = site.of("city"), Report()
    with client(site.address, site.people[name]) as browser:  # of its own: the language it is left in is nobody else's
        hidden = set() if name == "city" else secrets(city, browser)
        assert name == "city" or len(hidden) > 100
        words = ("enterprises", "hospitals", "onemap:enterprises", "tanks", *sorted(hidden)[:5])
        for wanted in requests(document, words, seed, EACH):
            ask(browser, wanted, report, hidden)
    assert report.asked > EACH * 0.9
    assert not report.broken, report.broken[:10]
    assert not report.leaked, report.leaked[:10]


def test_a_symbol_of_a_name_no_file_can_have_is_none(site: Site) -> None:
    assert site.of("city").get(f"/api/symbols/{'a' * 5000}.svg").status_code == 404
