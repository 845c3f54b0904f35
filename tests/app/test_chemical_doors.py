"""Dangerous substances at the door: found by number or name, the card with sources, doubts and what is not known."""

import pytest

from emergency.chemicals import substances
from tests.app.test_doors import signed_in


@pytest.mark.parametrize(("q", "first"), [("液氯", "7782-50-5"), ("1017", "7782-50-5"), ("7664-41-7", "7664-41-7")])
def test_a_substance_is_found_by_name_un_and_cas_number(server: str, q: str, first: str) -> None:
    with signed_in(server, "city") as city:
        rows = city.get("/api/chemicals", params={"q": q}).json()["rows"]
        assert rows[0]["cas"] == first


def test_every_substance_has_a_card_whose_numbers_name_their_source(server: str) -> None:
    with signed_in(server, "enterprise") as firm:
        assert firm.get("/api/chemicals").json()["total"] == len(substances())
        for key in ("7782-50-5", "7664-41-7", "74-98-6", *list(substances())[-3:]):
            card = firm.get("/api/chemicals/card", params={"id": key}).json()
            assert all(one["source"] for one in card["properties"])
            levels = [row for scheme in card["levels"] for row in scheme["rows"]]
            assert all(row["source"] and not row["verified"] for row in levels)
            assert card["remarks"]


def test_a_substance_nobody_knows_is_said_so(server: str) -> None:
    with signed_in(server, "city") as city:
        answer = city.get("/api/chemicals/card", params={"id": "1-2-3"})
        assert answer.status_code == 404
        assert "没有物质" in answer.text
        assert city.get("/api/chemicals", params={"q": "没有这种东西"}).json()["rows"] == []
