"""The roster and the hand-over at their doors: two sign on their own sessions, and the paper names the signed head."""

from contextlib import closing
from datetime import timedelta

import httpx

from app.auth.opening import open_identity
from core.canonical import sha256
from core.clock import CHINA, utc_now
from tests.app.test_doors import signed_in
from tests.app.test_roster_calls import done
from tests.matrix.people import COOKIE, hire, session
from tests.server import PASSWORDS, Served

ROSTER = "/api/roster"


def sign(client: httpx.Client, made: dict[str, object], password: str) -> httpx.Response:
    body = {"code": made["code"], "version": made["version"], "password": password}
    return client.post(f"{ROSTER}/handovers/sign", json=body)


def test_two_sign_a_handover_with_their_own_passwords_and_its_paper_names_a_head_that_was_signed(
    written: Served,
) -> None:
    with signed_in(written.address, "district") as district, signed_in(written.address, "city") as city:
        drawn = {"post": "盐港新区值班室", "devices": "电台正常", "notes": "<b>港区</b>"}
        none = district.post(f"{ROSTER}/handovers", json=drawn | {"post": "无此岗位"})
        assert none.status_code == 400, "of a post that nobody keeps nothing is handed over"
        assert "无此岗位" in none.json()["title"]
        made = done(district.post(f"{ROSTER}/handovers", json=drawn))
        wrong = sign(district, made, "not-mine")
        assert wrong.status_code in (401, 403, 422), wrong.text
        assert done(district.get(f"{ROSTER}/handovers/row", params={"code": made["code"]}))["state"] == "draft"
        assert sign(city, made, PASSWORDS["city"]).status_code == 403, "who hands over signs first"
        given = done(sign(district, made, PASSWORDS["district"]))
        assert (given["state"], given["out_how"]) == ("given", "password")
        taken = done(sign(city, given, PASSWORDS["city"]))
        assert (taken["state"], taken["in_name"][:2]) == ("taken", "王立")
        assert sign(city, taken, PASSWORDS["city"]).status_code == 409
        again = drawn | {"code": made["code"], "version": taken["version"], "notes": "改"}
        assert district.post(f"{ROSTER}/handovers", json=again).status_code == 409

        head = taken["head"]
        lines = {sha256(line) for file in (written.data / "heads").glob("*") for line in file.read_bytes().splitlines()}
        assert head["hash"] in lines, "a head that stands where the database cannot write"
        paper = district.get(f"{ROSTER}/handovers/paper", params={"code": made["code"]})
        assert paper.headers["content-type"].startswith("text/html")
        assert head["hash"] in paper.text
        assert taken["entry"]["row_hash"] in paper.text
        assert "&lt;b&gt;港区" in paper.text
        assert "<b>港区" not in paper.text


def test_who_has_no_shift_is_offered_the_posts_of_the_widest_area_first(written: Served) -> None:
    with closing(open_identity(written.data, None)) as identity:  # the demo's own are on the roster, by day and hour
        hire(identity, "shiftless")
        cookies = {COOKIE: session(identity, "shiftless")}
    with httpx.Client(base_url=written.address, cookies=cookies) as somebody:
        told = done(somebody.get(f"{ROSTER}/handovers"))
        areas = {one["post"]: one["area"] for one in done(somebody.get(f"{ROSTER}/month"))["rows"]}
    assert told["mine"] == []
    of_the_city = [areas[post].endswith("00") for post in told["posts"]]
    assert of_the_city == sorted(of_the_city, reverse=True), areas
    assert True in of_the_city
    assert False in of_the_city, "the demo city has posts of districts too"


def test_shifts_are_drawn_up_in_turn_and_only_who_was_asked_stands_in(written: Served) -> None:
    day = (utc_now().astimezone(CHINA) + timedelta(days=400)).date()
    with signed_in(written.address, "district") as district, signed_in(written.address, "duty") as duty:
        people = {one["name"]: one["account"] for one in done(district.get(f"{ROSTER}/people"))["people"]}
        zhou, he = (
            next(account for name, account in people.items() if name.startswith(one)) for one in ("周敏", "何川")
        )
        shifts = {"post": "试排岗", "role": "officer", "people": [zhou, "临时工,外协"], "hours": 24, "begins": "08:00",
                  "first": day.isoformat(), "last": (day + timedelta(days=1)).isoformat()}  # fmt: skip
        assert len(done(district.post(f"{ROSTER}/shifts", json=shifts))["made"]) == 2
        month = {"month": f"{day:%Y-%m}", "post": "试排岗"}
        first = done(district.get(f"{ROSTER}/month", params=month))["rows"][0]
        assert first["mine"]
        ask = {"code": first["code"], "version": first["version"], "of": he, "why": "培训"}
        done(district.post(f"{ROSTER}/shifts/ask", json=ask))
        asked = done(duty.get(f"{ROSTER}/month", params=month))["rows"][0]
        assert asked["asks_me"]
        answer = {"code": asked["code"], "version": asked["version"], "agrees": True}
        assert district.post(f"{ROSTER}/shifts/answer", json=answer).status_code == 403
        done(duty.post(f"{ROSTER}/shifts/answer", json=answer))
        rows = done(duty.get(f"{ROSTER}/month", params=month))["rows"]
        assert rows[0]["person"].startswith("何川")
        assert rows[0]["stands_in_for"].startswith("周敏")
        assert "何川(代周敏)" in duty.get(f"{ROSTER}/month/paper", params=month).text
        assert district.post(f"{ROSTER}/shifts", json=shifts | {"last": "2020-01-01"}).status_code == 400
        for one in rows:
            reason = {"code": one["code"], "version": one["version"], "reason": "测试"}
            done(district.post(f"{ROSTER}/shifts/remove", json=reason))
