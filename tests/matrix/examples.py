"""One request for each rule: cheap, harmless, and answered by the door itself once the guard lets it in."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Example:
    """A request; `own` when it ends the session it is made in."""

    path: str
    body: Any = None
    query: str = ""
    own: bool = False


GETS: dict[str, Example] = {
    "/kiosk/{token}": Example("/kiosk/no-such-wall"),
    "/static/{rest:path}": Example("/static/signin.css"),
    "/assets/fonts/{rest:path}": Example("/assets/fonts/none.woff2"),
    "/api/live": Example("/api/live"),
    "/api/field/live": Example("/api/field/live"),
    "/api/map/{layer}": Example("/api/map/hospitals"),
    "/api/shapes/{layer}": Example("/api/shapes/areas", query="bbox=121.8,33.1,121.9,33.2"),
    "/api/table/{layer}": Example("/api/table/hospitals"),
    "/api/feature/{layer}/{key:path}": Example("/api/feature/hospitals/none"),
    "/api/search": Example("/api/search", query="q=医院"),
    "/api/symbols/{stem}.svg": Example("/api/symbols/hospital.svg"),
    "/tiles/coverage/{id}/{z}/{x}/{row}": Example("/tiles/coverage/terrain/12/0/0"),
    "/tiles/base/{theme}/{z}/{x}/{row}.png": Example("/tiles/base/day/12/0/0.png"),
    "/tiles/names/{theme}/{z}/{x}/{row}.png": Example("/tiles/names/day/12/0/0.png"),
    "/api/jobs/{job}": Example("/api/jobs/none"),
    "/api/planner/batches/{job}": Example("/api/planner/batches/none"),
    "/api/jobs/{job}/file": Example("/api/jobs/none/file"),
    "/api/files": Example("/api/files", query="layer=hospitals&key=none"),
    "/api/files/{attachment}": Example("/api/files/none"),
    "/api/remote": Example("/api/remote"),
    "/api/remote/{id}/features": Example("/api/remote/none/features", query="bbox=0,0,1,1"),
    "/tiles/remote/{id}/{z}/{x}/{row}": Example("/tiles/remote/none/1/0/0"),
    "/ogc/wms": Example("/ogc/wms", query="service=WMS&request=GetCapabilities"),
    "/ogc/wfs": Example("/ogc/wfs", query="service=WFS&request=GetCapabilities"),
    "/ogc/wcs": Example("/ogc/wcs", query="service=WCS&request=GetCapabilities"),
    "/ogc/wmts": Example("/ogc/wmts", query="service=WMTS&request=GetCapabilities"),
    "/ogc/wmts/1.0.0/WMTSCapabilities.xml": Example("/ogc/wmts/1.0.0/WMTSCapabilities.xml"),
    "/ogc/wmts/1.0.0/{layer}/{style}/{set}/{level}/{row}/{column}": Example(
        "/ogc/wmts/1.0.0/hospitals/default/WebMercatorQuad/3/0/0.png"
    ),
    "/ogc/api/collections/{layer_id}": Example("/ogc/api/collections/hospitals"),
    "/ogc/api/tileMatrixSets/{set}": Example("/ogc/api/tileMatrixSets/CGCS2000Quad"),
    "/ogc/api/collections/{layer_id}/tiles": Example("/ogc/api/collections/hospitals/tiles"),
    "/ogc/api/collections/{layer_id}/tiles/{set}": Example("/ogc/api/collections/hospitals/tiles/CGCS2000Quad"),
    "/ogc/api/collections/{layer_id}/tiles/{set}/{level}/{row}/{column}": Example(
        "/ogc/api/collections/hospitals/tiles/CGCS2000Quad/3/0/0"
    ),
    "/ogc/api/collections/{layer_id}/schema": Example("/ogc/api/collections/hospitals/schema"),
    "/ogc/api/collections/{layer_id}/queryables": Example("/ogc/api/collections/hospitals/queryables"),
    "/ogc/api/collections/{layer_id}/items": Example("/ogc/api/collections/hospitals/items", query="limit=1"),
    "/ogc/api/collections/{layer_id}/locations": Example("/ogc/api/collections/weather_stations/locations"),
    "/ogc/api/collections/{layer_id}/locations/{key:path}": Example(
        "/ogc/api/collections/weather_stations/locations/none"
    ),
    "/ogc/api/collections/{layer_id}/area": Example(
        "/ogc/api/collections/weather_stations/area", query="coords=POLYGON((0 0,1 0,1 1,0 0))"
    ),
    "/ogc/api/collections/{layer_id}/position": Example(
        "/ogc/api/collections/weather_stations/position", query="coords=POINT(0 0)"
    ),
    "/ogc/api/collections/{layer_id}/radius": Example(
        "/ogc/api/collections/weather_stations/radius", query="coords=POINT(0 0)&within=1&within-units=km"
    ),
    "/ogc/api/collections/{layer_id}/coverage": Example("/ogc/api/collections/terrain/coverage", query="f=rubbish"),
    "/ogc/api/collections/{layer_id}/map": Example("/ogc/api/collections/hospitals/map", query="width=64"),
    "/ogc/api/map": Example("/ogc/api/map", query="width=64&collections=hospitals"),
    "/ogc/api/collections/{layer_id}/cube": Example("/ogc/api/collections/weather_stations/cube", query="bbox=0,0,1,1"),
    "/ogc/api/collections/{layer_id}/items/{key:path}": Example("/ogc/api/collections/hospitals/items/none"),
    "/ogc/api/jobs/{job}": Example("/ogc/api/jobs/none"),
    "/ogc/api/jobs/{job}/results": Example("/ogc/api/jobs/none/results"),
    "/ogc/api/processes/{process_id}": Example("/ogc/api/processes/tnt-equivalence"),
    "/_dash-component-suites/{package_name}/{fingerprinted_path:path}": Example("/_dash-component-suites/dash/none.js"),
    "/assets/{rest:path}": Example("/assets/favicon.svg"),
    "/api/{rest:path}": Example("/api/nothing/here"),
    "/tiles/{rest:path}": Example("/tiles/nothing"),
    "/ogc/{rest:path}": Example("/ogc/nothing"),
    "/public/{rest:path}": Example("/public/nothing"),
    "/api/public/lookup/{of}": Example("/api/public/lookup/shelters", query="q=听涛"),
    "/api/verify": Example("/api/verify", query="code=0000-0000-0000-0000"),
    "/api/scenarios": Example("/api/scenarios"),
    "/api/scenarios/{scenario}": Example("/api/scenarios/none"),
    "/api/scenarios/{scenario}/answer": Example("/api/scenarios/none/answer"),
    "/api/scenarios/{scenario}/diff/{other}": Example("/api/scenarios/none/diff/other"),
    **{
        path: Example(path)
        for path in (
            "/", "/healthz", "/signin", "/signin/code", "/signin/renew", "/signin/enrol", "/signin/provider",
            "/signin/provider/back", "/public/basemap.png",
            "/api/me", "/api/me/sessions", "/api/me/contacts", "/api/messages", "/api/messages/unread",
            "/api/openapi.json", "/api/layers", "/api/weather", "/api/jobs",
            "/api/readings",
            "/api/audit", "/api/audit/totals", "/api/audit/export", "/ogc/api", "/ogc/api/", "/ogc/api/openapi",
            "/ogc/api/conformance", "/ogc/api/collections", "/ogc/api/processes", "/ogc/api/jobs",
            "/ogc/api/tileMatrixSets",
            "/hall", "/map", "/_dash-layout", "/_dash-dependencies",
            "/admin",
            "/_reload-hash", "/_favicon.ico", "/api/admin/choices", "/api/admin/accounts", "/api/admin/groups",
            "/api/admin/roles", "/api/admin/keys", "/api/admin/kiosks", "/api/admin/recipients",
            "/api/admin/chores", "/public/report", "/public/report/progress",
            "/home", "/profile", "/audit", "/public", "/verify", "/api/public/notices", "/api/portal/todos",
            "/api/portal/today",
            "/api/portal/notices", "/api/portal/entries", "/api/portal/place", "/notices", "/api/notices",
            "/api/notices/choices", "/api/notices/withdrawn", "/api/schedules", "/api/schedules/choices",
            "/api/schedules/withdrawn", "/planner", "/trend", "/points", "/api/points",
            "/api/points/odd", "/api/planner/choices", "/api/planner/source",
            "/devices", "/api/devices", "/api/devices/export", "/violations", "/api/violations",
            "/violations/accuracy", "/api/violations/accuracy",
            "/roster", "/api/roster/choices", "/api/roster/calls", "/api/roster/contacts",
            "/api/roster/now", "/api/roster/month", "/api/roster/month/paper", "/api/roster/people",
            "/api/roster/handovers", "/api/roster/handovers/preview", "/api/roster/bookings",
            "/rules", "/api/rules", "/api/rules/choices", "/api/rules/inhibitions",
            "/api/planner/air", "/api/planner/rose", "/limits", "/api/limits", "/chemicals", "/api/chemicals",
            "/alarms", "/api/alarms",
            "/api/documents",
            "/cases", "/api/cases", "/api/cases/drafts", "/cases/design", "/api/cases/design",
            "/duty", "/field", "/api/field",
            "/api/incidents", "/api/incidents/marks", "/api/incidents/choices", "/api/plans", "/knowledge",
            "/api/incidents/wall", "/exercises", "/api/exercises",
            "/risk", "/api/risk", "/warnings", "/api/warnings", "/api/warnings/choices",
        )
    },
    "/api/points/{layer}/{key:path}/trend": Example("/api/points/sensors/none/trend"),
    "/api/points/{layer}/{key:path}/hints": Example("/api/points/sensors/none/hints"),
    "/api/grading": Example("/api/grading", query="key=none"),
    "/api/cameras/sight": Example("/api/cameras/sight", query="key=none"),
    "/api/cameras/picture": Example("/api/cameras/picture", query="code=none"),
    "/api/cameras/stream": Example("/api/cameras/stream", query="code=none"),
    "/api/cameras/state": Example("/api/cameras/state", query="codes=none"),
    "/api/cameras/near": Example("/api/cameras/near", query="lon=121.9&lat=33.2"),
    "/api/cameras/of": Example("/api/cameras/of", query="layer=sensors&key=none"),
    "/api/cameras/wall": Example("/api/cameras/wall"),
    "/public/cap/{code}": Example("/public/cap/YJ20260101-0000"),
    "/public/cap/receipt/{token}": Example("/public/cap/receipt/none.none"),
    "/api/warnings/one": Example("/api/warnings/one", query="code=none"),
    "/api/warnings/cap": Example("/api/warnings/cap", query="code=none"),
    **{f"/api/cases/{door}": Example(f"/api/cases/{door}", query="system=hidden-danger")
       for door in ("list", "form", "statistics", "supervision", "draft")},
    "/api/cases/design/one": Example("/api/cases/design/one", query="system=hidden-danger"),
    "/api/cases/import/template": Example("/api/cases/import/template", query="system=hidden-danger"),
    "/api/documents/one": Example("/api/documents/one", query="code=none"),
    "/api/documents/file": Example("/api/documents/file", query="code=none"),
    **{f"/api/cases/{door}": Example(f"/api/cases/{door}", query="code=none")
       for door in ("plan", "draw", "draw/verify")},
    "/api/cases/one": Example("/api/cases/one", query="system=hidden-danger&code=none"),
    "/api/cases/dossier": Example("/api/cases/dossier", query="system=hidden-danger&code=none"),
    "/api/cases/paper": Example("/api/cases/paper", query="system=hidden-danger&code=none&document=none"),
    "/enterprise": Example("/enterprise", query="id=none"),
    "/api/enterprise": Example("/api/enterprise", query="id=none"),
    "/api/enterprise/plans": Example("/api/enterprise/plans", query="id=none"),
    "/api/risk/one": Example("/api/risk/one", query="key=none"),
    "/api/risk/area": Example("/api/risk/area", query="code=none"),
    "/api/risk/row": Example("/api/risk/row", query="layer=hazard_sources&key=none"),
    "/api/chemicals/card": Example("/api/chemicals/card", query="id=7782-50-5"),
    "/api/devices/row": Example("/api/devices/row", query="code=none"),
    **{f"/api/roster/handovers/{door}": Example(f"/api/roster/handovers/{door}", query="code=none")
       for door in ("row", "paper")},
    "/api/roster/resources/statistics": Example("/api/roster/resources/statistics"),
    "/api/roster/resources": Example("/api/roster/resources", query="what=materials&kind=foam&lon=121.9&lat=33.2"),
    "/api/roster/calls/row": Example("/api/roster/calls/row", query="code=none"),
    "/api/roster/contacts/row": Example("/api/roster/contacts/row", query="code=none"),
    "/api/knowledge/search": Example("/api/knowledge/search", query="q=液氨"),
    "/api/evaluation/one": Example("/api/evaluation/one", query="incident=none"),
    "/api/knowledge/draft": Example("/api/knowledge/draft", query="incident=none"),
    "/api/knowledge/one": Example("/api/knowledge/one", query="kind=law&key=none"),
    "/api/exercises/one": Example("/api/exercises/one", query="code=none"),
    "/api/exercises/paper": Example("/api/exercises/paper", query="code=none&form=pdf"),
    "/api/plans/one": Example("/api/plans/one", query="code=none"),
    **{f"/api/plans/{what}": Example(f"/api/plans/{what}", query="incident=none") for what in ("match", "tasks")},
    "/api/incidents/one": Example("/api/incidents/one", query="code=none"),
    "/api/incidents/orders": Example("/api/incidents/orders", query="code=none"),
    "/api/incidents/orders/proposal": Example("/api/incidents/orders/proposal", query="code=none"),
    "/api/incidents/orders/to": Example("/api/incidents/orders/to", query="code=none"),
    "/api/incidents/kit": Example("/api/incidents/kit", query="code=none"),
    "/api/incidents/situations": Example("/api/incidents/situations", query="code=none"),
    "/api/incidents/situation": Example("/api/incidents/situation", query="entry=none&form=pdf&lang=zh"),
    "/api/incidents/warnings": Example("/api/incidents/warnings", query="code=none"),
    **{f"/api/incidents/{door}": Example(f"/api/incidents/{door}", query="code=none")
       for door in ("prefill", "chain")},
    "/api/incidents/paper": Example("/api/incidents/paper", query="entry=none&form=pdf"),
    "/api/incidents/of": Example("/api/incidents/of", query="layer=alarms&key=none"),
    "/api/incidents/replay": Example("/api/incidents/replay", query="code=none&at=2026-01-01T00:00:00Z"),
    **{f"/api/violations/{door}": Example(f"/api/violations/{door}", query="code=none")
       for door in ("row", "thumb", "looks")},
    "/cameras/rules": Example("/cameras/rules", query="camera=none"),
    "/api/cameras/rules": Example("/api/cameras/rules", query="camera=none"),
    "/api/rules/row": Example("/api/rules/row", query="code=none"),
    "/api/limits/row": Example("/api/limits/row", query="id=effects/heat_flux/5000"),
    "/api/alarms/{code}": Example("/api/alarms/none"),
    "/api/notices/history": Example("/api/notices/history", query="code=none"),
    "/api/schedules/history": Example("/api/schedules/history", query="code=none"),
    "/api/admin/accounts/{account}": Example("/api/admin/accounts/none"),
    "/api/admin/accounts/{account}/sessions": Example("/api/admin/accounts/none/sessions"),
}  # fmt: skip

POSTS: dict[str, Example] = {
    "/signout": Example("/signout", own=True),
    "/api/me/sessions/{session}/end": Example("/api/me/sessions/none/end"),
    "/api/jobs/{job}/cancel": Example("/api/jobs/none/cancel"),
    "/api/files": Example("/api/files", query="layer=hospitals&key=none&name=a.png"),
    "/api/verify": Example("/api/verify", query="code=0000-0000-0000-0000"),
    "/api/files/{attachment}/remove": Example("/api/files/none/remove", query="reason=matrix"),
    "/api/readings": Example("/api/readings", body=[]),
    "/api/remote": Example("/api/remote", body={}),
    "/api/remote/look": Example("/api/remote/look", body={}),
    "/api/remote/remove": Example("/api/remote/remove", body={}),
    "/ogc/wms": Example("/ogc/wms", query="service=WMS&request=GetCapabilities"),
    "/ogc/wfs": Example("/ogc/wfs", query="service=WFS&request=GetCapabilities"),
    "/ogc/api/collections/{layer_id}/items": Example("/ogc/api/collections/hospitals/items", query="limit=1", body={}),
    "/ogc/api/processes/{process_id}/execution": Example("/ogc/api/processes/tnt-equivalence/execution", body={}),
    "/_dash-update-component": Example(
        "/_dash-update-component",
        body={
            "output": "page.children", "outputs": {"id": "page", "property": "children"},
            "inputs": [{"id": "at", "property": "pathname", "value": "/none"}], "changedPropIds": ["at.pathname"],
            "state": [{"id": "at", "property": "search", "value": ""}], "parsedChangedPropsIds": ["at.pathname"],
        },
    ),
    "/api/{rest:path}": Example("/api/nothing/here"),
    "/ogc/{rest:path}": Example("/ogc/nothing"),
    **{
        path: Example(path, body={})
        for path in (
            "/signin", "/signin/code", "/signin/renew", "/signin/enrol", "/api/me", "/api/me/active", "/api/me/post",
            "/api/me/password", "/api/me/totp/begin", "/api/me/totp", "/api/me/totp/remove", "/api/me/contacts",
            "/api/me/contacts/test", "/api/messages/read", "/api/within",
            "/api/brief", "/api/routes", "/api/jobs", "/api/admin/accounts", "/api/admin/posts", "/api/admin/groups",
            "/api/admin/roles", "/api/admin/keys", "/api/admin/kiosks", "/api/warnings/draft", "/api/warnings/step",
            "/api/warnings/areas", "/api/admin/recipients",
            "/api/cases/check", "/api/cases/open", "/api/cases/step", "/api/cases/draft", "/api/cases/files",
            "/api/cases/export", "/api/documents/receive", "/api/cases/import",
            "/public/report", "/public/report/progress", "/api/cases/reporter", "/api/cases/reporter/check",
            "/api/cases/reporter/read",
            "/api/cases/preview", "/api/cases/paper/withdraw", "/api/cases/paper/replace",
            "/api/cases/design/check", "/api/cases/design/draft", "/api/cases/design/publish",
            "/api/notices", "/api/notices/correct",
            "/api/notices/withdraw", "/api/schedules", "/api/schedules/correct", "/api/schedules/withdraw",
            "/api/portal/notices/read", "/api/planner/compute", "/api/planner/history",
            "/api/planner/opinions", "/api/planner/export", "/api/limits/read",
            "/api/limits/withdraw", "/api/points/export", "/api/weather/manual", "/api/grading/adopt",
            "/api/rules", "/api/rules/preview", "/api/rules/inhibitions",
            "/api/rules/inhibitions/end", "/api/devices/secret", "/api/devices/state",
            "/api/violations/judge", "/api/violations/check", "/api/video/alarms",
            "/api/roster/calls", "/api/roster/calls/strike", "/api/roster/calls/back", "/api/roster/calls/forward",
            "/api/roster/calls/receipt", "/api/roster/contacts", "/api/roster/contacts/verify",
            "/api/incidents/open", "/api/incidents/step", "/api/incidents/correct", "/api/incidents/note",
            "/api/incidents/orders", "/api/incidents/orders/step", "/api/field/step", "/api/field/note",
            "/api/field/position", "/api/field/photo", "/api/field/mark",
            "/api/incidents/marks", "/api/incidents/marks/remove",
            "/api/incidents/report", "/api/incidents/strike", "/api/incidents/link", "/api/incidents/cap",
            "/api/plans/take", "/api/plans/task", "/api/knowledge/draft", "/api/knowledge/edit",
            "/api/evaluation/mark",
            "/api/evaluation/file",
            "/api/incidents/situation", "/api/incidents/warnings/draft", "/api/incidents/warnings/resend",
            "/api/exercises/script", "/api/exercises/open", "/api/exercises/act", "/api/exercises/reply",
            "/api/exercises/remark",
            "/api/incidents/warnings/draft", "/api/incidents/warnings/resend",
            "/api/incidents/compute", "/api/incidents/projection",
            "/api/roster/shifts", "/api/roster/shifts/remove", "/api/roster/shifts/ask", "/api/roster/shifts/answer",
            "/api/cameras/rules", "/api/cameras/rules/preview",
            "/api/roster/handovers", "/api/roster/handovers/sign", "/api/roster/calls/join", "/api/roster/bookings",
            "/api/roster/bookings/step",
        )
    },
    **{
        f"/api/alarms/{{code}}/{act}": Example(f"/api/alarms/none/{act}", body={})
        for act in ("ack", "shelve", "unshelve", "close", "false", "unfalse", "receive", "answer")
    },
    "/public/cap/receipt/{token}": Example("/public/cap/receipt/none.none", body={}),
    "/api/scenarios": Example("/api/scenarios", body={}),
    "/api/scenarios/{scenario}/withdraw": Example("/api/scenarios/none/withdraw", body={}),
    "/api/scenarios/{scenario}/again": Example("/api/scenarios/none/again", body={}),
    "/api/admin/accounts/{account}": Example("/api/admin/accounts/none", body={}),
    "/api/admin/accounts/{account}/password": Example("/api/admin/accounts/none/password", body={}),
    "/api/admin/accounts/{account}/totp/remove": Example("/api/admin/accounts/none/totp/remove", body={}),
    "/api/admin/accounts/{account}/sessions/{session}/end": Example("/api/admin/accounts/no/sessions/no/end", body={}),
    "/api/admin/posts/{post}/end": Example("/api/admin/posts/none/end", body={}),
    "/api/admin/groups/{group}": Example("/api/admin/groups/none", body={}),
    "/api/admin/groups/{group}/remove": Example("/api/admin/groups/none/remove", body={}),
    "/api/admin/roles/{role}": Example("/api/admin/roles/none", body={}),
    "/api/admin/roles/{role}/remove": Example("/api/admin/roles/none/remove", body={}),
    "/api/admin/keys/{key}/revoke": Example("/api/admin/keys/none/revoke", body={}),
    "/api/admin/kiosks/{kiosk}/revoke": Example("/api/admin/kiosks/none/revoke", body={}),
    **{
        f"/api/admin/recipients/{{recipient}}{tail}": Example(f"/api/admin/recipients/none{tail}", body={})
        for tail in ("", "/end", "/test")
    },
}  # fmt: skip

ITEMS = "/ogc/api/collections/{layer_id}/items"
NOBODY = Example("/ogc/api/collections/hospitals/items/none", body={})

DELETES: dict[str, Example] = {
    "/ogc/api/jobs/{job}": Example("/ogc/api/jobs/none"),
    ITEMS + "/{key:path}": Example("/ogc/api/collections/hospitals/items/none"),
}

EXAMPLES = {
    "GET": GETS,
    "POST": POSTS,
    "DELETE": DELETES,
    "PUT": {ITEMS + "/{key:path}": NOBODY},
    "PATCH": {ITEMS + "/{key:path}": NOBODY},
    "OPTIONS": {
        ITEMS: Example("/ogc/api/collections/hospitals/items"),
        ITEMS + "/{key:path}": Example("/ogc/api/collections/hospitals/items/none"),
    },
}
