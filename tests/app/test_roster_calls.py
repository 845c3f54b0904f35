"""The call log and the phone book at their doors: written once, struck through, passed on, numbers by clearance."""

from datetime import timedelta
from typing import Any

import httpx

from core.clock import from_iso, iso, utc_now
from tests.app.test_doors import signed_in
from tests.matrix.people import NORTH
from tests.server import Served

CALLS = "/api/roster/calls"


def done(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def act(client: httpx.Client, call: dict[str, Any], path: str, **more: Any) -> httpx.Response:
    return client.post(f"{CALLS}/{path}", json={"code": call["code"], "version": call["version"], **more})


def test_a_call_is_written_called_back_passed_on_and_struck_but_its_text_is_never_changed(written: Served) -> None:
    with signed_in(written.address, "district") as district, signed_in(written.address, "committee") as committee:
        said = {"what": "储罐区有白烟\n风向东南", "caller": "钱工", "caller_phone": "1990999 1234", "call_back": True}
        made = done(district.post(CALLS, json=said | {"lon": 121.93, "lat": 33.21, "place": "码头"}))
        assert made["area"].startswith("990106"), "the writer's own area, wherever the place is"
        assert (made["what"], made["caller_phone"]) == (said["what"], said["caller_phone"])
        assert made["call_back_due"] is not None
        assert from_iso(made["written_at"]) - from_iso(made["at"]) < timedelta(seconds=5)

        back = done(act(district, made, "back", said="已告知现场处置"))
        assert back["call_back_due"] is None
        assert back["called_back_by"].startswith("周敏")
        assert act(district, made, "strike", reason="旧版本").status_code == 409, "somebody acted on it meanwhile"

        sent = done(act(district, back, "forward", to="环境监测站", asked="到场监测"))
        (forward,) = sent["forwards"]
        assert from_iso(forward["due_at"]) > from_iso(forward["sent_at"])
        assert made["code"] in [one["code"] for one in district.get(CALLS, params={"wanting": "1"}).json()["rows"]]
        noted = {"code": forward["code"], "version": forward["version"], "said": "未超标", "by": "吴浩"}
        receipted = done(district.post(f"{CALLS}/receipt", json=noted))
        assert receipted["forwards"][0]["receipt"] == "未超标"
        assert district.post(f"{CALLS}/receipt", json=noted).status_code == 409

        struck = done(act(district, receipted, "strike", reason="与前一条重复"))
        assert (struck["state"], struck["what"]) == ("struck", said["what"]), "the text stays readable"
        assert struck["struck_by"].startswith("周敏")
        assert struck["written_by"] == made["written_by"]
        assert act(district, struck, "forward", to="某人", asked="再办").status_code == 409
        assert district.delete(f"/ogc/api/collections/duty_calls/items/{made['code']}").status_code in (403, 405)

        seen = done(committee.get(f"{CALLS}/row", params={"code": made["code"]}))
        assert (seen["phone_open"], seen["caller_phone"]) == (False, None), "a number is for whom the field is open"
        assert seen["what"] == said["what"]
        assert committee.post(CALLS, json={"what": "x"}).status_code == 403


def test_a_call_stays_in_its_district_and_is_not_later_than_now(written: Served) -> None:
    later = iso(utc_now() + timedelta(hours=1))
    with signed_in(written.address, "city") as city, signed_in(written.address, "district") as district:
        theirs = done(city.post(CALLS, json={"what": "北湾镇群众反映有异味", "area": NORTH, "at": iso(utc_now())}))
        assert district.get(f"{CALLS}/row", params={"code": theirs["code"]}).status_code == 404
        assert theirs["code"] not in district.get(CALLS, params={"q": "北湾镇群众"}).text
        assert district.post(CALLS, json={"what": "别处", "area": NORTH}).status_code == 403
        nowhere = city.post(CALLS, json={"what": "没有的区划", "area": "990199"})
        assert (nowhere.status_code, nowhere.json()["field"]) == (400, "area"), nowhere.text
        assert "不能晚于现在" in district.post(CALLS, json={"what": "将来", "at": later}).text
        early = done(city.post(CALLS, json={"what": "补记昨夜来电", "at": iso(utc_now() - timedelta(hours=9))}))
        assert early["written_late"]
        numbers = [int(one["code"].rpartition("-")[2]) for one in (theirs, early)]
        assert numbers[1] > numbers[0], "numbers run with the writing, not with the time of the call"
    for outsider in ("enterprise", "public"):
        with signed_in(written.address, outsider) as other:
            assert other.get(CALLS).status_code == 403
            assert other.get("/api/roster/contacts").status_code == 403


def test_a_contact_is_found_by_two_characters_and_is_fresh_once_verified(written: Served) -> None:
    with signed_in(written.address, "district") as district, signed_in(written.address, "committee") as committee:
        card = {"kind": "person", "name": "鹿鸣涧", "unit": "盐港水厂", "duty_phone": "0999-5511-0001",
                "mobile_phone": "19909990000", "call_order": 7}  # fmt: skip
        made = done(district.post("/api/roster/contacts", json=card))
        (row,) = done(district.get("/api/roster/contacts", params={"q": "鸣涧"}))["rows"]
        assert (row["code"], row["stale"], row["own"]) == (made["code"], False, True)
        assert "mobile_phone" not in row, "mobile phones are told of one at a time, and looking is recorded"
        assert done(committee.get("/api/roster/contacts/row", params={"code": made["code"]}))["mobile_phone"] is None
        change = card | {"code": made["code"], "version": made["version"], "post": "厂长"}
        del change["mobile_phone"]
        changed = done(district.post("/api/roster/contacts", json=change))
        assert changed["mobile_phone"] == "19909990000", "what is not sent stays"
        assert district.post("/api/roster/contacts", json=change).status_code == 409
        assert "只能有数字" in district.post("/api/roster/contacts", json=card | {"duty_phone": "问张三"}).text
        old = next(one for one in committee.get("/api/roster/contacts").json()["rows"] if one["stale"])
        assert old["verified_on"] < iso(utc_now())[:10]
