"""The designer at its doors: an approval step is added, running cases go on, one of two publishes, it is recorded."""

import copy
import json
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx

from app.exports import Format, Wish, export
from core.actors import SYSTEM_ACTOR
from core.clock import utc_now
from core.scope import SYSTEM_SCOPE
from layers.catalogue import CATALOGUE
from store.embedded import open_embedded
from store.opening import open_audit, open_identity
from tests.app.test_case_doors import SYSTEM, done, one, report, step
from tests.app.test_doors import signed_in
from tests.server import Served

WHERE = "/api/cases/design"


def design(browser: httpx.Client, version: int | None = None) -> dict[str, Any]:
    more = {} if version is None else {"version": str(version)}
    return done(browser.get(f"{WHERE}/one", params={"system": SYSTEM, **more}))


def approving(data: dict[str, Any]) -> dict[str, Any]:
    """An officer approves the plan, in a state that no code list has."""
    made = copy.deepcopy(data)
    made["own"] = [{"code": "approving", "title": ["方案待审批", "Plan to approve"], "turn": "officer"}]
    made["states"].append("approving")
    plan = next(each for each in made["steps"] if each["name"] == "plan")
    plan.update(target="approving", until=None, limit="danger-extend-decide")
    made["steps"].append(
        {**plan, "name": "approve", "title": ["审批方案", "Approve the plan"], "source": ["approving"],
         "target": "mending", "until": "mend_by", "limit": None, "by": ["officer"], "asks": [], "needs": [],
         "guards": [], "documents": []}
    )  # fmt: skip
    return made


def publish(browser: httpx.Client, data: dict[str, Any], in_force: int, reason: str) -> httpx.Response:
    return browser.post(
        f"{WHERE}/publish", json={"system": SYSTEM, "data": data, "in_force": in_force, "reason": reason}
    )


def further_of(served: Served, list_id: str) -> dict[str, str]:
    """The words that an export of dangers as a GeoPackage gives the codes of a list."""
    store, audit = open_embedded(served.data / "city.gpkg", CATALOGUE, utc_now), open_audit(served.data, None)
    try:
        with tempfile.TemporaryDirectory() as folder:
            wish = Wish(target=Path(folder) / "out.gpkg", format=Format.GPKG, layers=("dangers",))
            export(store, wish, scope=SYSTEM_SCOPE, actor=SYSTEM_ACTOR, clock=utc_now, audit=audit)
            with closing(sqlite3.connect(wish.target)) as db:
                asked = "SELECT value, description FROM gpkg_data_column_constraints WHERE constraint_name = ?"
                return dict(db.execute(asked, (list_id,)).fetchall())
    finally:
        audit.close()
        store.close()


def test_an_approval_step_is_added_and_running_cases_are_not_broken(written: Served) -> None:
    with (
        signed_in(written.address, "admin") as admin,
        signed_in(written.address, "city") as city,
        signed_in(written.address, "auditor") as auditor,
    ):
        old = report(city, origin="inspection")
        before = design(admin)
        force, data = before["in_force"], before["data"]
        assert before["may_publish"]
        assert {one_["status"] for one_ in before["choices"]["limits"]} >= {"own", "secondary"}
        made = approving(data)
        told = done(admin.post(f"{WHERE}/check", json={"system": SYSTEM, "data": made}))
        assert told["faults"] == []
        assert "新增步骤“审批方案”:方案待审批 → 整改中,由监管人员办理" in [one_["text"] for one_ in told["changes"]]
        wrong = copy.deepcopy(made)
        wrong["steps"][-1]["limit"] = "gone"
        told = done(admin.post(f"{WHERE}/check", json={"system": SYSTEM, "data": wrong}))
        assert [(one_["field"], one_["value"]) for one_ in told["faults"]] == [("steps.approve.limit", "gone")]
        assert publish(admin, wrong, force, "错").status_code == 422
        assert publish(admin, made, force, " ").status_code == 400
        assert publish(admin, data, force, "没有改").status_code == 400
        after = done(publish(admin, made, force, "方案先审批"))
        try:
            assert after["in_force"] == force + 1
            newest = after["versions"][0]
            assert (newest["version"], newest["reason"], newest["origin"]) == (force + 1, "方案先审批", "系统管理员")
            late = publish(admin, made, force, "又一次")
            assert late.status_code == 409
            assert f"发布第 {force + 1} 版" in late.json()["title"]
            entry = next(one_ for one_ in auditor.get("/api/audit", params={"kind": "admin"}).json()["entries"]
                         if one_["what"] == "procedures")  # fmt: skip
            assert "方案先审批" in json.dumps(entry, ensure_ascii=False)
            five = {"measures": "更换", "funds": 1, "person": "赵", "contingency": "停用", "mend_by": "2059-01-01"}
            new = report(city, origin="inspection")
            assert (old["process"], new["process"]) == (force, force + 1)
            both = {}
            for case in (old, new):
                graded = done(step(city, case, "grade_general"))
                both[case["code"]] = done(step(city, graded, "plan", **five))
            assert both[old["code"]]["state"] == "mending"
            waiting = both[new["code"]]
            assert (waiting["state"], waiting["state_word"], waiting["turn"]) == ("approving", "方案待审批", "officer")
            rows = done(city.get("/api/cases/list", params={"system": SYSTEM, "state": "approving"}))["rows"]
            assert [row["state_word"] for row in rows] == ["方案待审批"]
            states = done(city.get("/api/cases/statistics", params={"system": SYSTEM}))["states"]
            assert {"code": "approving", "name": "方案待审批", "count": 1} in states
            card = city.get(f"/api/feature/dangers/{new['code']}").json()
            basics = next(part for part in card["sections"] if part["id"] == "basics")
            assert "方案待审批" in [pair.get("words") for pair in basics["pairs"]], "the card on the map"
            schema = city.get("/ogc/api/collections/dangers/schema", params={"f": "json"}).json()
            shown = schema["properties"]["state"]
            assert shown["x-onemap-further-codes"] == {"approving": "方案待审批"}
            asked = {
                "service": "WFS",
                "version": "2.0.0",
                "request": "DescribeFeatureType",
                "typenames": "onemap:dangers",
            }
            described = city.get("/ogc/wfs", params=asked)
            assert "approving: 方案待审批 Plan to approve" in described.text
            assert further_of(written, "danger_state")["approving"] == "方案待审批", "in an export"
            assert done(step(city, waiting, "approve"))["state"] == "mending"
            assert one(city, new["code"]).json()["clock"]["due_day"] == "2059-01-01"
        finally:
            back = design(admin, force)
            assert back["changes"]
            assert done(publish(admin, back["data"], force + 1, "恢复原流程"))["in_force"] == force + 2
        assert design(admin)["data"] == data
        running = {one_["version"]: one_["running"] for one_ in design(admin)["versions"]}
        assert running[force + 1] == 1


def test_a_draft_of_a_procedure_is_kept_for_its_writer_alone_and_two_tabs_do_not_wipe_each_other_out(
    written: Served,
) -> None:
    identity = open_identity(written.data, None)
    try:
        with signed_in(written.address, "admin") as admin:
            one_ = design(admin)
            ask = {"system": SYSTEM, "data": one_["data"] | {"title": ["改", ""]}, "in_force": one_["in_force"]}
            kept = done(admin.post(f"{WHERE}/draft", json=ask | {"seen": ""}))["draft"]
            assert design(admin)["draft"]["data"]["title"] == ["改", ""]
            again = done(admin.post(f"{WHERE}/draft", json=ask | {"seen": kept["mark"]}))["draft"]
            assert admin.post(f"{WHERE}/draft", json=ask | {"seen": kept["mark"]}).status_code == 409
            assert admin.post(f"{WHERE}/draft", json=ask | {"seen": ""}).status_code == 409
            assert design(admin)["draft"]["mark"] == again["mark"]
            admin_id = identity.people.find("admin")
            assert admin_id is not None
            assert [draft.of for draft in identity.drafts.all(admin_id.id, since=admin_id.created_at)] == [
                "design:" + SYSTEM
            ]
            done(admin.post(f"{WHERE}/draft", json={"system": SYSTEM}))
            assert design(admin)["draft"] is None
    finally:
        identity.close()


def test_who_does_not_answer_for_the_whole_city_publishes_nothing_and_others_do_not_enter(written: Served) -> None:
    with signed_in(written.address, "city") as city:
        assert city.get(WHERE).status_code == 403
        assert publish(city, {}, 1, "x").status_code == 403
