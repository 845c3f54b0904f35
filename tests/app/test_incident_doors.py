"""Incidents at their doors: opened by whom they are open to, done once by key, told to nobody else."""

import httpx

from app.demo_accounts import GATEWAY_KEY, NOTIFIER_KEY
from core.canonical import sha256
from core.ids import new_id
from tests.app.test_doors import signed_in
from tests.commands import run
from tests.server import Served

HERE = {"lon": 121.905, "lat": 33.205}
CAP = """<?xml version="1.0" encoding="UTF-8"?><alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
<identifier>{id}</identifier><sender>epb@test</sender><sent>2026-11-23T14:00:00+08:00</sent><status>Actual</status>
<msgType>Alert</msgType><scope>Private</scope><info><language>zh-CN</language><category>CBRNE</category>
<event>氨气泄漏</event><urgency>Immediate</urgency><severity>Severe</severity><certainty>Observed</certainty>
<area><areaDesc>盐港</areaDesc><geocode><valueName>GB/T 2260</valueName><value>990106</value></geocode></area>
</info></alert>"""


def test_an_incident_is_opened_once_led_logged_and_seen_by_its_district_alone(written: Served) -> None:
    with (
        signed_in(written.address, "district") as district,
        signed_in(written.address, "committee") as committee,
        signed_in(written.address, "enterprise") as enterprise,
        signed_in(written.address, "public") as public,
    ):
        said = {"command": new_id(), "origin": "call", "title": "门口测试泄漏", "kind": "leak", "area": "990106",
                "text": "电话报告", "deaths": 0}  # fmt: skip
        first = district.post("/api/incidents/open", json=said)
        assert first.status_code == 200, first.text
        one = first.json()
        code = one["code"]
        assert one["facts"]["state"] == "reported"
        assert {"relay", "unit_report"} <= {clock["id"] for clock in one["clocks"]}
        second = district.post("/api/incidents/open", json=said).json()
        assert (second["code"], second["again"]) == (code, True)
        note = {"command": new_id(), "code": code, "kind": "call", "text": "回拨核实"}
        assert len(district.post("/api/incidents/note", json=note).json()["log"]) == 2
        assert len(district.post("/api/incidents/note", json=note).json()["log"]) == 2
        listed = district.get("/api/incidents").json()
        assert code in [row["code"] for row in listed["rows"]]
        assert not any(row["exercise"] for row in listed["rows"])
        assert committee.get("/api/incidents/one", params={"code": code}).status_code == 200
        assert committee.post("/api/incidents/note", json=note | {"command": new_id()}).status_code == 403
        assert enterprise.get("/api/incidents/one", params={"code": code}).status_code == 404
        assert enterprise.get("/api/incidents").json()["rows"] == []
        assert public.get("/api/incidents").json() | {"may_command": 0} == {
            "rows": [], "total": 0, "exercise": False, "may_see": False, "may_command": 0,
        }  # fmt: skip
        assert district.get("/api/incidents").json()["may_see"], "who sees none has none in hand"
        outside = district.post("/api/incidents/open", json=said | {"command": new_id(), "area": "990102"})
        assert outside.status_code == 403, outside.text
        order = {"command": new_id(), "code": code, "to_kind": "unit", "to_name": "盐港镇", "action": "组织疏散"}
        given = district.post("/api/incidents/orders", json=order)
        assert given.status_code == 200, given.text
        assert [row["number"] for row in district.post("/api/incidents/orders", json=order).json()["rows"]] == [1]
        urge = {"command": new_id(), "order": given.json()["rows"][0]["code"], "step": "urge"}
        assert district.post("/api/incidents/orders/step", json=urge).json()["rows"][0]["urged"] == 1
        assert committee.get("/api/incidents/orders", params={"code": code}).json()["rows"][0]["acts"] == []
        near = {"code": code}
        assert district.get("/api/incidents/orders/proposal", params=near).status_code == 400
        place = {"command": new_id(), "code": code, "version": one["version"], "facts": {}, **HERE}
        one = district.post("/api/incidents/correct", json=place).json()
        told = district.get("/api/incidents/orders/proposal", params=near).json()
        chosen = [team for team in told["teams"] if team["proposed"]]
        assert {team["kind"] for team in chosen} <= {each["kind"] for each in told["wanted"]}
        assert all(team["state"] == "ready" and team["duration_s"] is not None for team in chosen)
        assert enterprise.get("/api/incidents/orders/proposal", params=near).status_code == 404
        assert committee.post("/api/incidents/orders", json=order | {"command": new_id()}).status_code == 403
        assert enterprise.get("/api/incidents/orders", params={"code": code}).status_code == 404
        sent = {"command": new_id(), "code": code, "kind": "flash", "to": "云澜市应急管理局"}
        assert committee.post("/api/incidents/report", json=sent).status_code == 403
        forged = note | {"command": new_id(), "kind": "report", "refs": ["report/flash", f"file/{'0' * 64}"]}
        assert district.post("/api/incidents/note", json=forged).status_code == 400
        told = district.post("/api/incidents/report", json=sent)
        assert told.status_code == 200, told.text
        (made,) = told.json()["reports"]
        assert district.post("/api/incidents/report", json=sent).json()["again"]
        assert next(clock["done_at"] for clock in told.json()["clocks"] if clock["id"] == "relay") == made["at"]
        assert {"direct_loss", "occurred_at"} <= set(told.json()["lacking"])
        asked = {"entry": made["entry"], "form": "pdf"}
        paper = district.get("/api/incidents/paper", params=asked)
        assert paper.content.startswith(b"%PDF-")
        assert sha256(paper.content) == made["files"]["pdf"]["sha256"]
        assert district.get("/api/incidents/paper", params=asked | {"form": "docx"}).content.startswith(b"PK")
        assert enterprise.get("/api/incidents/paper", params=asked).status_code == 404
        false = {"command": new_id(), "code": code, "version": one["version"], "step": "false"}
        refused = district.post("/api/incidents/step", json=false)
        assert refused.status_code == 422
        assert "事由" in refused.text
        done = district.post("/api/incidents/step", json=false | {"why": "测试结束"}).json()
        assert done["facts"]["state"] == "false"
        played = district.get("/api/incidents", params={"exercise": "1", "all": "1"}).json()["rows"]
        assert all(row["exercise"] for row in played)
    shown = run("incident", "show", code, "--data", str(written.data))
    assert shown.returncode == 0, shown.stderr
    assert "回拨核实" in shown.stdout
    assert "误报:测试结束" in shown.stdout


def test_another_agency_tells_by_its_key_and_once(written: Served) -> None:
    body = CAP.format(id=new_id())
    headers = {"authorization": f"Bearer {NOTIFIER_KEY}", "content-type": "application/cap+xml"}
    with httpx.Client(base_url=written.address, headers=headers) as agency:
        first = agency.post("/api/incidents/cap", content=body.encode())
        assert first.status_code == 201, first.text
        again = agency.post("/api/incidents/cap", content=body.encode()).json()
        assert again == {"code": first.json()["code"], "again": True}
        assert agency.post("/api/incidents/cap", content=b"<alert/>").status_code == 400
        assert agency.get("/api/incidents").status_code == 403
        sensor = {"authorization": f"Bearer {GATEWAY_KEY}"}
        refused = agency.post("/api/incidents/cap", content=body.encode(), headers=sensor)
        assert refused.status_code == 403, "who reports readings opens no incident"
    with signed_in(written.address, "district") as district:
        told = district.get("/api/incidents/one", params={"code": first.json()["code"]}).json()
        assert (told["facts"]["origin"], told["facts"]["state"]) == ("agency", "reported")
        command = {
            "command": new_id(),
            "code": told["code"],
            "version": told["version"],
            "step": "false",
            "why": "测试",
        }
        assert district.post("/api/incidents/step", json=command).status_code == 200
