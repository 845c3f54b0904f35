"""The table of doors in docs/threat-model.md, written from the rules: `python -m tests.matrix.doors` writes it anew."""

from app.policy import RULES, Access, Rule
from tests.conftest import ROOT

PAGE = ROOT / "docs" / "threat-model.md"
BEGIN, END = "<!-- doors: begin, written by tests/matrix/doors.py -->\n", "<!-- doors: end -->\n"
MATRIX = "`tests/matrix/test_matrix.py`"

ALSO: dict[str, str] = {
    "/api/cameras/of": "own rows alone, kept layers said as kept: `tests/dashboards/test_footage.py`",
    "/signin": "argon2id, a lock after five tries, local targets only: `tests/app/test_doors.py`",
    "/signin/provider": "`tests/app/test_provider_doors.py`",
    "/signin/provider/back": "PKCE, state, nonce, keys of the issuer: `tests/identity/test_provider.py`",
    "/signin/code": "`tests/identity/test_entering.py`",
    "/signin/renew": "`tests/identity/test_entering.py`",
    "/signin/enrol": "`tests/identity/test_entering.py`",
    "/api/openapi.json": "every rule, parameter and body, checked against OpenAPI 3.1: `tests/matrix/test_openapi.py`",
    "/kiosk/{token}": "`tests/identity/test_entering.py`, `tests/matrix/test_refused.py`",
    "/api/field/live": "says no more than that something changed: `tests/app/test_field_doors.py`",
    "/api/live": "replay: `tests/matrix/test_districts.py`",
    "/api/scenarios": "own areas, own enterprise, computed by the server: `tests/app/test_scenario_doors.py`",
    "/api/scenarios/{scenario}": "absent as none, recorded: `tests/app/test_scenario_doors.py`",
    "/api/scenarios/{scenario}/withdraw": "one's own, or a writer's: `tests/app/test_keeping.py`",
    "/api/map/{layer}": "`tests/matrix/test_districts.py`",
    "/api/table/{layer}": "`tests/matrix/test_districts.py`",
    "/api/feature/{layer}/{key:path}": "`tests/matrix/test_districts.py`, `tests/app/test_audit_doors.py`",
    "/api/search": "`tests/matrix/test_districts.py`",
    "/api/within": "`tests/matrix/test_districts.py`",
    "/api/brief": "names escaped, scripts by hash, recorded: `tests/brief`, `tests/matrix/test_districts.py`",
    "/api/jobs": "each kind asks for its own right: `tests/app/test_scenario_doors.py`, `tests/app/test_sweep_jobs.py`",
    "/api/jobs/{job}": "one's own only: `tests/app/test_work_doors.py`, `tests/matrix/test_districts.py`",
    **{
        f"/api/admin/recipients{tail}": "own areas, listed hosts, secrets once: `tests/identity/test_recipients.py`"
        for tail in ("", "/{recipient}", "/{recipient}/end", "/{recipient}/test")
    },
    "/api/cases/dossier": "officers alone, hashes, recorded: `tests/app/test_case_papers.py`",
    "/api/planner/batches/{job}": "one's own, under the rights it was made with: `tests/app/test_planner_weathers.py`",
    "/api/jobs/{job}/file": "under the rights it was made with: `tests/app/test_work_doors.py`",
    "/api/files": "kind by content, size limited: `tests/app/test_work_doors.py`",
    "/api/files/{attachment}": "sandboxed, recorded: `tests/app/test_work_doors.py`, `tests/matrix/test_districts.py`",
    "/api/alarms/{code}/receive": "of one's own enterprise alone: `tests/app/test_alarm_doors.py`",
    "/api/alarms/{code}/answer": "of one's own enterprise alone: `tests/app/test_alarm_doors.py`",
    **{
        f"/api/roster/{tail}": "own areas, numbers by clearance, versions: `tests/app/test_roster_calls.py`"
        for tail in (
            "calls",
            "calls/row",
            "calls/strike",
            "calls/back",
            "calls/forward",
            "calls/receipt",
            "contacts",
            "calls/join",
            "contacts/row",
            "contacts/verify",
        )
    },
    **{
        f"/api/field{tail}": "own orders alone, once by key: `tests/app/test_field_doors.py`"
        for tail in ("", "/step", "/note", "/position", "/photo", "/mark")
    },
    **{f"/api/incidents/marks{tail}": "own areas, once by key: `tests/app/test_orders.py`" for tail in ("", "/remove")},
    **{
        f"/api/incidents/orders{tail}": "own areas, once by key: `tests/app/test_orders.py`"
        for tail in ("", "/to", "/step", "/proposal")
    },
    **{
        f"/api/incidents/{act}": "own areas, once by key, versions: `tests/app/test_incident_doors.py`"
        for act in ("open", "step", "correct", "note", "report", "strike", "link", "cap")
    },
    **{
        f"/api/exercises/{act}": "own areas, once by key, nothing real: `tests/app/test_exercises.py`"
        for act in ("one", "paper", "script", "open", "act", "reply", "remark")
    },
    **{
        f"/api/plans/{act}": "own areas, once by key, versions: `tests/app/test_plan_desk.py`"
        for act in ("one", "match", "tasks", "take", "task")
    },
    "/api/incidents/kit": "own rights without personal fields, recorded: `tests/app/test_kit.py`",
    **{
        f"/api/evaluation/{act}": "own areas, once by key, versions: `tests/app/test_plan_desk.py`"
        for act in ("one", "mark", "file")
    },
    **{
        f"/api/incidents/situation{tail}": "own areas, once by key: `tests/app/test_situations.py`"
        for tail in ("", "s")
    },
    **{
        f"/api/incidents/warnings{tail}": "own areas, once by key: `tests/app/test_incident_warnings.py`"
        for tail in ("", "/draft", "/resend")
    },
    **{
        f"/api/roster/{tail}": "own areas, own session and password, versions: `tests/app/test_roster_watch.py`"
        for tail in (
            "now",
            "month",
            "month/paper",
            "people",
            "shifts",
            "shifts/remove",
            "shifts/ask",
            "shifts/answer",
            "handovers",
            "handovers/row",
            "handovers/preview",
            "handovers/paper",
            "handovers/sign",
        )
    },
    **{
        f"/api/roster/{tail}": "own areas, one transaction, versions: `tests/emergency/test_duty.py`"
        for tail in ("resources", "resources/statistics", "bookings", "bookings/step")
    },
    "/api/violations/judge": "own areas, versions: `tests/app/test_violation_doors.py`",
    "/api/violations/check": "own areas, one transaction: `tests/app/test_violation_doors.py`",
    "/api/devices/secret": "own areas, shown once, recorded: `tests/app/test_device_doors.py`",
    "/api/devices/state": "own areas, versions: `tests/app/test_device_doors.py`",
    "/api/devices/export": "recorded: `tests/app/test_device_doors.py`",
    "/api/portal/notices/read": "kept with the account: `tests/app/test_notice_doors.py`",
    "/notices": "`tests/browser/test_notices.py`",
    **{
        f"/api/{board}{tail}": "own areas, versions, faults by field: `tests/app/test_notice_doors.py`"
        for board in ("notices", "schedules")
        for tail in ("", "/history", "/withdrawn", "/correct", "/withdraw")
    },
    "/planner": "`tests/browser/test_planner.py`",
    "/api/routes": "roads, resources and scenarios of the caller's scope: `tests/app/test_route_doors.py`",
    "/api/cameras/sight": "own rows and an open terrain alone: `tests/app/test_camera_doors.py`",
    **{
        f"/api/cameras/{what}": "own rows alone, looks recorded once a sitting: `tests/app/test_live_pictures.py`"
        for what in ("picture", "stream", "state", "near", "wall")
    },
    "/api/grading": "own rows only, amounts by clearance, recorded: `tests/app/test_grading_door.py`",
    **{
        f"/api/cases{tail}": "own areas and enterprise, roles by step, versions: `tests/app/test_case_doors.py`"
        for tail in ("", "/list", "/one", "/check", "/open", "/step", "/files", "/export")
    },
    **{f"/api/cases/{tail}": "own areas: `tests/app/test_plan_doors.py`" for tail in ("plan", "draw", "draw/verify")},
    **{
        f"/api/cases{tail}": "own drafts, of steps open to their writer: `tests/app/test_case_drafts.py`"
        for tail in ("/draft", "/drafts")
    },
    **{
        f"/api/cases{tail}": "own cases, officers alone end: `tests/app/test_case_papers.py`"
        for tail in ("/preview", "/paper", "/paper/withdraw", "/paper/replace")
    },
    **{
        f"/api/cases/design{tail}": "no rows of the city; whole city to publish: `tests/app/test_case_design.py`"
        for tail in ("", "/one", "/check", "/draft", "/publish")
    },
    "/cases/design": "`tests/browser/test_design.py`",
    **dict.fromkeys(
        ("/public/report", "/public/report/progress"),
        "by code alone, no caller kept, rate by address: `tests/app/test_report_doors.py`",
    ),
    **{
        f"/api/cases/reporter{tail}": "own areas, sealed, on record: `tests/app/test_report_doors.py`"
        for tail in ("", "/check", "/read")
    },
    "/public/cap/receipt/{token}": "by the mark in the address alone: `tests/messages/test_alerts.py`",
    "/points": "`tests/browser/test_points.py`",
    "/trend": "`tests/browser/test_trend.py`",
    "/chemicals": "`tests/browser/test_chemicals.py`",
    "/api/chemicals/card": "what is shipped, no rows of the city: `tests/app/test_chemical_doors.py`",
    "/cameras/rules": "`tests/browser/test_camera_rules.py`",
    "/api/cameras/rules": "own areas, faults by field, versions: `tests/app/test_camera_rule_doors.py`",
    "/api/cameras/rules/preview": "own areas: `tests/app/test_camera_rule_doors.py`",
    "/rules": "`tests/browser/test_rules.py`",
    "/api/rules": "own areas, faults by field, versions: `tests/app/test_rule_doors.py`",
    "/api/rules/inhibitions": "own areas: `tests/app/test_rule_doors.py`",
    "/api/rules/inhibitions/end": "`tests/app/test_rule_doors.py`",
    "/limits": "`tests/browser/test_limits.py`",
    "/api/limits": "`tests/app/test_limit_doors.py`",
    "/api/limits/read": "two persons, city-wide, stale refused: `tests/app/test_limit_doors.py`",
    "/api/limits/withdraw": "`tests/app/test_limit_doors.py`",
    "/api/planner/compute": "bounded, off the loop, recorded, own rows only: `tests/app/test_planner_doors.py`",
    "/api/planner/source": "fields open to the caller alone: `tests/app/test_planner_places.py`",
    "/api/planner/air": "stations of the caller's scope: `tests/app/test_planner_places.py`",
    "/api/planner/rose": "stations of the caller's scope: `tests/app/test_planner_weathers.py`",
    "/api/planner/history": "bounded, off the loop: `tests/app/test_planner_places.py`",
    "/api/planner/opinions": "bounded, off the loop: `tests/app/test_planner_places.py`",
    "/api/planner/export": "computed anew, own rows only, recorded as taken out: `tests/handout/test_door.py`",
    "/admin": "`tests/browser/test_admin.py`",
    "/api/admin/accounts": "own areas, duties apart, each change recorded: `tests/identity/test_administration.py`",
    "/api/admin/accounts/{account}": "out of every door at once: `tests/app/test_administration.py`",
    "/api/audit": "the whole city only, each asking an entry: `tests/app/test_audit_search.py`",
    "/tiles/coverage/{id}/{z}/{x}/{row}": "named by version and rights: `tests/app/test_doors.py`",
    "/ogc/wms": "`tests/matrix/test_districts.py`, `tests/ogc/test_enterprises.py`",
    "/ogc/wmts": "kept by scope: `tests/matrix/test_districts.py`, `tests/ogc/test_wmts.py`",
    "/ogc/wmts/1.0.0/{layer}/{style}/{set}/{level}/{row}/{column}": "kept by scope: `tests/matrix/test_districts.py`",
    "/ogc/api/collections/{layer_id}/tiles/{set}/{level}/{row}/{column}": "kept by scope, recorded: "
    "`tests/matrix/test_districts.py`, `tests/ogc/test_vector_tiles.py`",
    "/ogc/wfs": "`tests/matrix/test_districts.py`, `tests/ogc/test_enterprises.py`; "
    "writing: `tests/ogc/test_transactions.py`",
    "/ogc/api/collections/{layer_id}/items": "`tests/matrix/test_districts.py`, `tests/ogc/test_enterprises.py`; "
    "writing: `tests/app/test_editing_doors.py`",
    "/ogc/api/collections/{layer_id}/items/{key:path}": "no cookie, own areas and fields, `If-Match`: "
    "`tests/ogc/test_editing.py`, `tests/app/test_editing_doors.py`",
    "/ogc/api/jobs/{job}": "one's own only, never by a cookie: `tests/app/test_process_jobs.py`",
    "/ogc/api/jobs/{job}/results": "under the rights it was made with: `tests/app/test_process_jobs.py`",
    "/ogc/api/processes/{process_id}/execution": "no cookie, bounded, every fault named: "
    "`tests/ogc/test_processes.py`, `tests/app/test_process_doors.py`",
    "/_dash-update-component": "each callback asks again: `tests/matrix/test_callbacks.py`",
}


def needed(rule: Rule) -> str:
    """Who may enter, in words."""
    if isinstance(rule.needs, Access):
        return {Access.EVERYONE: "everyone", Access.SIGNED_IN: "anybody signed in"}[rule.needs]
    return "right " + " or ".join(f"`{right}`" for right in sorted(rule.needs))


def table() -> str:
    """One row for each rule."""
    rows = ["| door | methods | who may | tested by, besides " + MATRIX + " |\n|---|---|---|---|\n"]
    for rule in RULES:
        methods = ", ".join(sorted(rule.methods - {"HEAD"}))
        rows.append(f"| `{rule.path}` | {methods} | {needed(rule)} | {ALSO.get(rule.path, '')} |\n")
    return "".join(rows)


def written(page: str) -> str:
    """The page with the table as it has to be."""
    before, _, rest = page.partition(BEGIN)
    return before + BEGIN + table() + END + rest.partition(END)[2]


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text()))
