"""The trend of a point at the door: under rights, refused by name, silent points unknown, taken out and recorded."""

import csv
from datetime import timedelta
from io import StringIO

from core.clock import iso, utc_now
from tests.app.test_doors import signed_in
from tests.server import Served

HOUR = timedelta(hours=1)


def test_a_point_of_ones_own_area_has_its_curve_limits_and_what_it_is_now(server: str) -> None:
    with signed_in(server, "city") as city:
        told = city.get("/api/points/sensors/P00001/trend", params={"width": 300}).json()
        assert (told["unit"], told["quantity"], told["element"]) == ("%", "液位", "value")
        assert [(one["id"], one["value"]) for one in told["limits"]] == [("LL", 10), ("L", 15), ("H", 80), ("HH", 85)]
        assert all(one["source"] and one["status"] for one in told["limits"])
        columns = told["columns"]
        assert len({len(column) for column in columns.values()}) == 1
        rows = zip(*(columns[name] for name in ("low", "last", "high")), strict=True)
        assert all(low <= last <= high for low, last, high in rows)
        assert sum(columns["count"]) == told["readings"] > 600
        assert told["newest"]["state"] in ("known", "unknown")


def test_a_silent_point_says_unknown_and_keeps_its_last_words_apart(server: str) -> None:
    with signed_in(server, "city") as city:
        now = utc_now()
        later = {"from": iso(now - 80 * 24 * HOUR), "to": iso(now - 70 * 24 * HOUR)}
        before = city.get("/api/points/sensors/P00100/trend", params=later).json()
        assert (before["readings"], before["columns"]["at"]) == (0, [])
        (hole,) = zip(before["holes"]["from"], before["holes"]["to"], before["holes"]["why"], strict=True)
        assert hole[1] - hole[0] == 10 * 24 * 3_600_000
        assert hole[2] == ["无数据"]
        station = city.get("/api/points/weather_stations/W9901/trend").status_code
        assert station == 404


def test_what_is_asked_wrongly_or_is_not_ones_own_is_refused(server: str) -> None:
    with signed_in(server, "city") as city, signed_in(server, "district") as district:
        for given, field in (
            ({"from": "2026-01-01"}, "from"), ({"width": "0"}, "width"), ({"element": "wind_speed"}, "element"),
            ({"von": "x"}, "von"), ({"from": "2020-01-01T00:00:00Z"}, "from"),
        ):  # fmt: skip
            answer = city.get("/api/points/sensors/P00001/trend", params=given)
            assert (answer.status_code, field in answer.text) == (400, True), answer.text
        assert city.get("/api/points/enterprises/P00001/trend").status_code == 404
        codes = [
            code for code in ("P00001", "P00500", "P01000", "P01500", "P01999")
            if district.get(f"/api/points/sensors/{code}/trend").status_code == 404
        ]  # fmt: skip
        assert codes
        assert all(city.get(f"/api/points/sensors/{code}/trend").status_code == 200 for code in codes)


def test_what_a_chart_shows_is_taken_out_as_csv_and_recorded(written: Served) -> None:
    with signed_in(written.address, "city") as city, signed_in(written.address, "auditor") as audit:
        asked = {"points": [{"layer": "sensors", "code": "P00001"}, {"layer": "sensors", "code": "P00002"}]}
        drawn = city.get("/api/points/sensors/P00001/trend", params={"width": 200}).json()["columns"]["at"]
        answer = city.post("/api/points/export", json=asked | {"width": 200})
        assert answer.headers["content-type"].startswith("text/csv")
        rows = list(csv.DictReader(StringIO(answer.text.removeprefix("\ufeff"))))
        assert {row["监测点编码"] for row in rows} == {"P00001", "P00002"}
        assert abs(sum(row["监测点编码"] == "P00001" for row in rows) - len(drawn)) <= 1
        assert {row["质量"] for row in rows} <= {"正常", "存疑", "坏值", "缺值"}
        entry = audit.get("/api/audit", params={"layer": "readings", "kind": "export"}).json()["entries"][0]
        assert (entry["kind"], entry["rows"] >= len(rows)) == ("export", True)
        assert city.post("/api/points/export", json={"points": []}).status_code == 400


def test_points_are_counted_by_state_and_reason_and_districts_add_up(server: str) -> None:
    with signed_in(server, "city") as city, signed_in(server, "district") as district:
        told = city.get("/api/points").json()
        states = {one["code"]: one["count"] for one in told["states"]}
        assert sum(states.values()) == told["points"] == sum(one["points"] for one in told["districts"]) == 2000
        assert told["total"] == states["unknown"] + states["doubtful"] > 0
        assert all(row["state"] != "known" and row["why"] and row["value"] is None for row in told["rows"][:5])
        silent = city.get("/api/points", params={"why": "silent"}).json()
        assert silent["total"] == next(one["count"] for one in told["reasons"] if one["code"] == "silent")
        assert all(row["since"] == row["at"] for row in silent["rows"])
        own = district.get("/api/points", params={"all": "1"}).json()
        assert [one["code"] for one in own["districts"]] == ["990106"]
        assert own["points"] == next(one["points"] for one in told["districts"] if one["code"] == "990106")
        marked = city.get("/api/points/odd").json()
        assert len(marked["stale"]) + len(marked["fault"]) == states["unknown"]
        assert city.get("/api/points", params={"why": "bored"}).status_code == 400


def test_models_say_that_they_are_unverified_and_are_not_asked_unasked(server: str) -> None:
    with signed_in(server, "city") as city, signed_in(server, "district") as district:
        assert city.get("/api/points/sensors/P00001/trend", params={"width": 60}).json()["hinted"] is False
        told = city.get("/api/points/sensors/P00001/hints", params={"from": iso(utc_now() - 6 * HOUR)}).json()
        assert told["words"] == "模型提示,未经核实"
        assert {told[kind]["level"] for kind in ("change", "forecast")} <= {3, 4}
        band = told["forecast"]
        if band["none"] is None:
            assert all(
                low <= middle <= high
                for low, middle, high in zip(band["low"], band["middle"], band["high"], strict=True)
            )
            assert 0 <= band["replayed"]["coverage"] <= 1
        past = {"from": iso(utc_now() - 80 * 24 * HOUR), "to": iso(utc_now() - 70 * 24 * HOUR)}
        silent = city.get("/api/points/sensors/P00100/hints", params=past).json()
        assert (silent["change"]["at"], silent["forecast"]["at"]) == ([], [])
        assert silent["forecast"]["none"]
        hidden = [code for code in ("P00001", "P00500", "P01000", "P01500", "P01999")
                  if district.get(f"/api/points/sensors/{code}/hints").status_code == 404]  # fmt: skip
        assert hidden
