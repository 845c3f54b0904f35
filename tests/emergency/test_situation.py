"""What a situation report says: times that are not of its day carry their date, an ended response says that it was."""

from datetime import UTC, datetime, timedelta

from core.texts import Lang, Text
from emergency.incidents.situation import Situation, words
from layers.catalogue.incidents import Incident
from layers.catalogue.orders import IncidentOrder

AT = datetime(2026, 11, 29, 16, 30, tzinfo=UTC)
"""Half past midnight of 30 November in China."""


def test_an_order_of_before_midnight_is_dated_and_a_response_that_ended_is_not_told_as_standing() -> None:
    row = Incident(
        code="SJ20261129-0001", title="泄漏", kind="leak", origin="call", reported_at=AT - timedelta(hours=5),
        state="controlled", response=2, response_ended_at=AT - timedelta(minutes=5),
    )  # fmt: skip
    order = IncidentOrder(
        code=f"{row.code}/001", incident=row.code, number=1, action="堵漏", to_kind="team", to_name="特勤一站",
        state="received", at=AT - timedelta(minutes=40), by="周敏", entry=f"{row.code}/0002",
        received_at=AT - timedelta(minutes=10),
    )  # fmt: skip
    told = Situation(
        row=row, at=AT, version=1, serial=1, by="周敏", organ="", area=Text("西区", "West"), clocks=(), log=(),
        orders=(order,), scenario="QJ1", computed_at=AT,
    )  # fmt: skip
    said = words(told, Lang.ZH)
    assert said["orders"] == [
        {"number": "1", "to": "特勤一站", "action": "堵漏", "at": "11-29 23:50", "state": "已签收 签收 00:20"}
    ]
    assert "Ⅱ级响应(已终止)" in str(said["facts"])
    assert "外区含内区，不可相加" in str(said["zones_said"])
    assert "(ended)" in str(words(told, Lang.EN)["facts"])
