"""The one table of who may enter which door: every route has a rule here, or the site does not start."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from re import Pattern

from starlette.routing import BaseRoute, Mount, WebSocketRoute, compile_path

from core.caller import Caller, Right


class Access(StrEnum):
    """Doors that ask for no right."""

    EVERYONE = "everyone"
    SIGNED_IN = "signed-in"


Needs = Access | frozenset[Right]
"""Nobody in particular, anybody signed in, or one of some rights."""


def any_of(*rights: Right) -> frozenset[Right]:
    """One of these rights is enough."""
    return frozenset(rights)


@dataclass(frozen=True, slots=True)
class Rule:
    """What one path needs for some methods; the path is written as its route writes it."""

    path: str
    methods: frozenset[str]
    needs: Needs

    def lets_in(self, caller: Caller | None) -> bool:
        """The caller may enter."""
        if self.needs is Access.EVERYONE:
            return True
        if caller is None:
            return False
        return self.needs is Access.SIGNED_IN or not caller.rights.isdisjoint(self.needs)


GET, POST = frozenset({"GET", "HEAD"}), frozenset({"POST"})
BOTH = GET | POST
OPTIONS = frozenset({"OPTIONS"})
SCREENS = any_of(Right.MAP, Right.HALL)
PEOPLE = any_of(Right.ACCOUNTS, Right.KEYS)
LONG_WORK = any_of(Right.EXPORT, Right.PLAN, Right.EDIT)
"""Each kind of work asks for its own right again."""

RULES: tuple[Rule, ...] = (
    Rule("/", GET, Access.EVERYONE),
    Rule("/healthz", GET, Access.EVERYONE),
    Rule("/signin", BOTH, Access.EVERYONE),
    Rule("/signin/code", BOTH, Access.EVERYONE),
    Rule("/signin/renew", BOTH, Access.EVERYONE),
    Rule("/signin/enrol", BOTH, Access.EVERYONE),
    Rule("/signin/provider", GET, Access.EVERYONE),
    Rule("/signin/provider/back", GET, Access.EVERYONE),
    Rule("/signout", POST, Access.EVERYONE),
    Rule("/kiosk/{token}", GET, Access.EVERYONE),
    Rule("/static/{rest:path}", GET, Access.EVERYONE),
    Rule("/assets/fonts/{rest:path}", GET, Access.EVERYONE),
    Rule("/public/basemap.png", GET, Access.EVERYONE),
    Rule("/public", GET, Access.EVERYONE),
    Rule("/api/public/notices", GET, Access.EVERYONE),
    Rule("/public/report", BOTH, Access.EVERYONE),  # to 12350, without an account
    Rule("/public/report/progress", BOTH, Access.EVERYONE),  # by the code that the reporter holds
    Rule("/public/cap/{code}", GET, Access.EVERYONE),  # of warnings that were published
    Rule("/public/cap/receipt/{token}", BOTH, Access.EVERYONE),  # who was sent a CAP message, by the address in it
    Rule("/api/public/lookup/{of}", GET, Access.EVERYONE),
    Rule("/verify", GET, Access.EVERYONE),  # what the QR code of a document opens
    Rule("/api/verify", BOTH, Access.EVERYONE),
    # one's own
    Rule("/api/me", BOTH, Access.SIGNED_IN),
    Rule("/api/me/active", POST, Access.SIGNED_IN),
    Rule("/api/me/post", POST, Access.SIGNED_IN),
    Rule("/api/me/password", POST, Access.SIGNED_IN),
    Rule("/api/me/sessions", GET, Access.SIGNED_IN),
    Rule("/api/me/sessions/{session}/end", POST, Access.SIGNED_IN),
    Rule("/api/me/totp/begin", POST, Access.SIGNED_IN),
    Rule("/api/me/totp", POST, Access.SIGNED_IN),
    Rule("/api/me/totp/remove", POST, Access.SIGNED_IN),
    Rule("/api/me/contacts", BOTH, Access.SIGNED_IN),
    Rule("/api/me/contacts/test", POST, Access.SIGNED_IN),
    Rule("/api/messages", GET, Access.SIGNED_IN),
    Rule("/api/messages/unread", GET, Access.SIGNED_IN),
    Rule("/api/messages/read", POST, Access.SIGNED_IN),
    Rule("/api/openapi.json", GET, Access.SIGNED_IN),
    *(
        Rule(f"/api/portal/{section}", GET, any_of(Right.PORTAL))
        for section in ("todos", "today", "notices", "entries", "place")
    ),
    Rule("/api/portal/notices/read", POST, any_of(Right.PORTAL)),
    # documents that were sent to the caller: whose they are is asked at the door
    *(Rule(f"/api/documents{tail}", GET, any_of(Right.PORTAL)) for tail in ("", "/one", "/file")),
    Rule("/api/documents/receive", POST, any_of(Right.PORTAL)),
    # what is announced and planned
    Rule("/notices", GET, any_of(Right.PUBLISH_NOTICES)),
    *(
        Rule(f"/api/{board}{tail}", methods, any_of(Right.PUBLISH_NOTICES))
        for board in ("notices", "schedules")
        for tail, methods in (
            ("", BOTH),
            ("/choices", GET),
            ("/withdrawn", GET),
            ("/history", GET),
            ("/correct", POST),
            ("/withdraw", POST),
        )
    ),
    # data for the screens
    Rule("/api/live", GET, any_of(Right.LIVE)),
    Rule("/api/layers", GET, SCREENS),
    Rule("/api/map/{layer}", GET, SCREENS),
    Rule("/api/shapes/{layer}", GET, SCREENS),
    Rule("/api/table/{layer}", GET, any_of(Right.MAP)),
    Rule("/api/feature/{layer}/{key:path}", GET, any_of(Right.MAP)),
    Rule("/api/search", GET, any_of(Right.MAP)),
    Rule("/api/weather", GET, SCREENS),
    Rule("/api/within", POST, any_of(Right.MAP)),
    Rule("/api/routes", POST, any_of(Right.MAP)),  # on the roads the caller sees, from what they see
    Rule("/api/cameras/sight", GET, any_of(Right.MAP)),
    # what cameras show now: the layer, the area and the enterprise are the scope's; who looked is recorded
    *(Rule(f"/api/cameras/{what}", GET, SCREENS) for what in ("picture", "state", "near", "of", "wall")),
    Rule("/api/cameras/stream", GET, any_of(Right.MAP)),
    Rule("/api/grading", GET, any_of(Right.MAP)),
    Rule("/api/grading/adopt", POST, any_of(Right.EDIT)),  # and the layer must be open to writing
    Rule("/api/symbols/{stem}.svg", GET, Access.SIGNED_IN),
    Rule("/tiles/coverage/{id}/{z}/{x}/{row}", GET, SCREENS),
    Rule("/tiles/base/{theme}/{z}/{x}/{row}.png", GET, Access.SIGNED_IN),
    Rule("/tiles/names/{theme}/{z}/{x}/{row}.png", GET, Access.SIGNED_IN),
    Rule("/api/brief", POST, any_of(Right.BRIEF)),
    # what would happen if
    Rule("/api/planner/choices", GET, any_of(Right.PLAN)),
    Rule("/api/planner/compute", POST, any_of(Right.PLAN)),
    Rule("/api/planner/source", GET, any_of(Right.PLAN)),
    Rule("/api/planner/air", GET, any_of(Right.PLAN)),
    Rule("/api/planner/rose", GET, any_of(Right.PLAN)),
    Rule("/api/planner/batches/{job}", GET, any_of(Right.PLAN)),  # of one's own; another's is not there
    Rule("/api/planner/history", POST, any_of(Right.PLAN)),
    Rule("/api/planner/opinions", POST, any_of(Right.PLAN)),
    Rule("/api/planner/export", POST, any_of(Right.PLAN)),  # the rows compute answers, recorded as taken out
    # the limits it is measured by, and who held them against their source
    Rule("/chemicals", GET, any_of(Right.MAP)),
    Rule("/api/chemicals", GET, any_of(Right.MAP)),
    Rule("/api/chemicals/card", GET, any_of(Right.MAP)),
    # when a reading is an alarm; which rows, and whether they may be written, is the scope's
    Rule("/cameras/rules", GET, any_of(Right.EDIT)),
    Rule("/api/cameras/rules", BOTH, any_of(Right.EDIT)),
    Rule("/api/cameras/rules/preview", POST, any_of(Right.EDIT)),
    Rule("/rules", GET, any_of(Right.EDIT)),
    Rule("/api/rules", BOTH, any_of(Right.EDIT)),
    Rule("/api/rules/choices", GET, any_of(Right.EDIT)),
    Rule("/api/rules/row", GET, any_of(Right.EDIT)),
    Rule("/api/rules/preview", POST, any_of(Right.EDIT)),
    Rule("/api/rules/inhibitions", BOTH, any_of(Right.EDIT)),
    Rule("/api/rules/inhibitions/end", POST, any_of(Right.EDIT)),
    # plans and the tasks that come of them: layers and areas are the scope's, who leads is asked at the door
    *(Rule(f"/api/plans{tail}", GET, any_of(Right.MAP)) for tail in ("", "/one", "/match", "/tasks")),
    *(Rule(f"/api/plans/{act}", POST, any_of(Right.EDIT)) for act in ("take", "task")),
    Rule("/api/evaluation/one", GET, any_of(Right.MAP)),
    *(Rule(f"/api/evaluation/{act}", POST, any_of(Right.EDIT)) for act in ("mark", "file")),
    Rule("/knowledge", GET, any_of(Right.MAP)),
    *(Rule(f"/api/knowledge/{what}", GET, any_of(Right.MAP)) for what in ("search", "one")),
    Rule("/api/knowledge/draft", BOTH, any_of(Right.EDIT)),
    Rule("/api/knowledge/edit", POST, any_of(Right.EDIT)),
    Rule("/limits", GET, any_of(Right.PLAN)),
    Rule("/api/limits", GET, any_of(Right.PLAN)),
    Rule("/api/limits/row", GET, any_of(Right.PLAN)),
    Rule("/api/limits/read", POST, any_of(Right.VERIFY)),
    Rule("/api/limits/withdraw", POST, any_of(Right.VERIFY)),
    Rule("/api/scenarios", BOTH, any_of(Right.PLAN)),
    Rule("/api/scenarios/{scenario}", GET, any_of(Right.PLAN)),
    Rule("/api/scenarios/{scenario}/answer", GET, any_of(Right.PLAN)),
    Rule("/api/scenarios/{scenario}/diff/{other}", GET, any_of(Right.PLAN)),
    Rule("/api/scenarios/{scenario}/withdraw", POST, any_of(Right.PLAN)),
    Rule("/api/scenarios/{scenario}/again", POST, any_of(Right.PLAN)),
    # the risk index; whose layers are not open to the caller is told so at the door
    Rule("/risk", GET, any_of(Right.MAP)),
    *(Rule(f"/api/risk{tail}", GET, any_of(Right.MAP)) for tail in ("", "/one", "/area", "/row")),
    # early warnings: who may draft may approve another's; areas are asked at the door
    Rule("/warnings", GET, any_of(Right.WARN)),
    *(Rule(f"/api/warnings{tail}", GET, any_of(Right.WARN)) for tail in ("", "/choices", "/one", "/cap")),
    *(Rule(f"/api/warnings{tail}", POST, any_of(Right.WARN)) for tail in ("/draft", "/step", "/areas")),
    # all of one enterprise; which enterprises, layers and rows is the scope's
    Rule("/enterprise", GET, any_of(Right.CASES)),
    *(Rule(f"/api/enterprise{tail}", GET, any_of(Right.CASES)) for tail in ("", "/plans")),
    Rule("/cases", GET, any_of(Right.CASES)),
    # cases of the business systems: which are open, and what may be done with them, is asked at the door
    *(
        Rule(f"/api/cases{tail}", GET, any_of(Right.CASES))
        for tail in ("", "/list", "/one", "/form", "/statistics", "/supervision", "/paper", "/drafts", "/draft")
    ),
    *(Rule(f"/api/cases/{tail}", GET, any_of(Right.CASES)) for tail in ("plan", "draw", "draw/verify")),
    *(
        Rule(f"/api/cases{tail}", POST, any_of(Right.CASES))
        for tail in ("/check", "/open", "/step", "/draft", "/files", "/preview")
    ),
    # who reported, sealed: registered and told by a code by whoever handles the case, read by few
    *(Rule(f"/api/cases/reporter{tail}", POST, any_of(Right.CASES)) for tail in ("", "/check")),
    Rule("/api/cases/reporter/read", POST, any_of(Right.REPORTERS)),
    *(Rule(f"/api/cases/paper/{end}", POST, any_of(Right.CASES)) for end in ("withdraw", "replace")),
    Rule("/api/cases/dossier", GET, any_of(Right.EXPORT)),  # the whole file of a case; officers alone, recorded
    Rule("/api/cases/import", POST, any_of(Right.CASES)),
    Rule("/api/cases/import/template", GET, any_of(Right.CASES)),
    Rule("/api/cases/export", POST, any_of(Right.EXPORT)),  # the list as a file, recorded as taken out
    # procedures as administrators write them; who publishes answers for the whole city, asked at the door
    Rule("/cases/design", GET, any_of(Right.DESIGN)),
    *(Rule(f"/api/cases/design{tail}", GET, any_of(Right.DESIGN)) for tail in ("", "/one")),
    *(Rule(f"/api/cases/design{tail}", POST, any_of(Right.DESIGN)) for tail in ("/check", "/draft", "/publish")),
    # readings of devices; what has no known point, or one the key does not see, is refused row by row
    Rule("/alarms", GET, any_of(Right.MAP)),
    Rule("/api/alarms", GET, SCREENS),
    Rule("/api/alarms/{code}", GET, any_of(Right.MAP)),
    *(
        Rule(f"/api/alarms/{{code}}/{act}", POST, any_of(Right.EDIT))  # and the layer must be open to writing
        for act in ("ack", "shelve", "unshelve", "close", "false", "unfalse")
    ),
    *(Rule(f"/api/alarms/{{code}}/{act}", POST, any_of(Right.ANSWER)) for act in ("receive", "answer")),
    # incidents of one's areas; who leads needs the layer open to writing, and a message of an agency a key
    Rule("/duty", GET, any_of(Right.MAP)),
    *(
        Rule(f"/api/incidents{tail}", GET, any_of(Right.MAP))
        for tail in ("", "/choices", "/one", "/of", "/replay", "/paper", "/prefill", "/chain")
    ),
    Rule("/api/incidents/wall", GET, SCREENS),
    # exercises: injects are of one's areas, who directs has all areas that play; nothing of it is real
    Rule("/exercises", GET, any_of(Right.MAP)),
    *(Rule(f"/api/exercises{tail}", GET, any_of(Right.MAP)) for tail in ("", "/one", "/paper")),
    *(Rule(f"/api/exercises/{act}", POST, any_of(Right.EDIT)) for act in ("script", "open", "act", "reply", "remark")),
    *(
        Rule(f"/api/incidents/{act}", POST, any_of(Right.EDIT))
        for act in ("open", "step", "correct", "note", "report", "strike", "link", "compute", "projection")
    ),
    Rule("/api/incidents/cap", POST, any_of(Right.SEND_CAP)),  # not by who reports readings: a sensor opens no incident
    *(Rule(f"/api/incidents/orders{tail}", GET, any_of(Right.MAP)) for tail in ("", "/to", "/proposal")),
    Rule("/api/incidents/marks", GET, SCREENS),  # what is drawn stands on every screen
    *(Rule(f"/api/incidents/marks{tail}", POST, any_of(Right.EDIT)) for tail in ("", "/remove")),
    *(Rule(f"/api/incidents/orders{tail}", POST, any_of(Right.EDIT)) for tail in ("", "/step")),
    Rule("/api/incidents/kit", GET, any_of(Right.EXPORT)),  # within the reader's own rights, without personal fields
    *(Rule(f"/api/incidents/situation{tail}", GET, any_of(Right.MAP)) for tail in ("", "s")),
    Rule("/api/incidents/situation", POST, any_of(Right.EDIT)),
    Rule("/api/incidents/warnings", GET, any_of(Right.WARN)),
    *(Rule(f"/api/incidents/warnings/{act}", POST, any_of(Right.WARN)) for act in ("draft", "resend")),
    # the phone of a team: its own orders alone, which the post says; what it tells goes into the log of their incident
    Rule("/field", GET, any_of(Right.FIELD)),
    *(Rule(f"/api/field{tail}", GET, any_of(Right.FIELD)) for tail in ("", "/live")),
    *(Rule(f"/api/field/{act}", POST, any_of(Right.FIELD)) for act in ("step", "note", "position", "photo", "mark")),
    Rule("/api/weather/manual", POST, any_of(Right.EDIT)),
    Rule("/api/readings", POST, any_of(Right.REPORT)),
    Rule("/api/video/alarms", POST, any_of(Right.REPORT)),  # by the key of a registered device, of its own cameras
    Rule("/api/readings", GET, any_of(Right.REPORT, Right.HALL)),
    Rule("/trend", GET, any_of(Right.MAP)),
    Rule("/points", GET, any_of(Right.MAP)),
    Rule("/api/points", GET, SCREENS),
    Rule("/api/points/odd", GET, SCREENS),
    Rule("/api/points/{layer}/{key:path}/trend", GET, SCREENS),
    Rule("/api/points/{layer}/{key:path}/hints", GET, SCREENS),
    # devices in the caller's scope; their secrets and states, for whom the layer is open to writing
    Rule("/devices", GET, any_of(Right.MAP)),
    # events on video in the caller's scope; judged by whom the layer is open to writing
    Rule("/violations", GET, any_of(Right.MAP)),
    Rule("/violations/accuracy", GET, any_of(Right.MAP)),
    Rule("/api/violations", GET, any_of(Right.MAP)),
    Rule("/api/violations/accuracy", GET, any_of(Right.MAP)),  # the reader's own events are counted
    Rule("/api/violations/row", GET, any_of(Right.MAP)),
    Rule("/api/violations/thumb", GET, any_of(Right.MAP)),
    Rule("/api/violations/looks", GET, any_of(Right.EDIT, Right.AUDIT)),  # of the audit: for who judges, or reads it
    Rule("/api/violations/judge", POST, any_of(Right.EDIT)),
    Rule("/api/violations/check", POST, any_of(Right.EDIT)),  # and the right to casework
    # the duty desk: its layers are open to the authority and its committee; who writes is asked for the right to edit
    Rule("/roster", GET, any_of(Right.MAP)),
    *(
        Rule(f"/api/roster/{door}", GET, any_of(Right.MAP))
        for door in (
            "choices",
            "calls",
            "calls/row",
            "contacts",
            "contacts/row",
            "now",
            "month",
            "month/paper",
            "people",
            "handovers",
            "handovers/row",
            "handovers/preview",
            "handovers/paper",
            "resources",
            "resources/statistics",
            "bookings",
        )
    ),
    *(
        Rule(f"/api/roster/{door}", POST, any_of(Right.EDIT))
        for door in (
            "calls",
            "calls/strike",
            "calls/back",
            "calls/forward",
            "calls/receipt",
            "contacts",
            "contacts/verify",
            "shifts",
            "shifts/remove",
            "shifts/ask",
            "shifts/answer",
            "handovers",
            "handovers/sign",
            "calls/join",
            "bookings",
            "bookings/step",
        )
    ),
    Rule("/api/devices", GET, any_of(Right.MAP)),
    Rule("/api/devices/row", GET, any_of(Right.MAP)),
    Rule("/api/devices/export", GET, any_of(Right.EXPORT)),
    Rule("/api/devices/secret", POST, any_of(Right.EDIT)),
    Rule("/api/devices/state", POST, any_of(Right.EDIT)),
    Rule("/api/points/export", POST, any_of(Right.EXPORT)),  # what a chart shows, recorded as taken out
    # work and files
    Rule("/api/jobs", GET, any_of(*LONG_WORK, Right.MAP)),  # an open map asks what work of one's own goes on
    Rule("/api/jobs", POST, LONG_WORK),
    Rule("/api/jobs/{job}", GET, LONG_WORK),
    Rule("/api/jobs/{job}/cancel", POST, LONG_WORK),
    Rule("/api/jobs/{job}/file", GET, LONG_WORK),
    Rule("/api/files", GET, any_of(Right.MAP)),
    Rule("/api/files", POST, any_of(Right.FILES)),
    Rule("/api/files/{attachment}", GET, any_of(Right.MAP)),
    Rule("/api/files/{attachment}/remove", POST, any_of(Right.FILES)),
    # who saw and did what
    Rule("/audit", GET, any_of(Right.AUDIT)),
    Rule("/api/audit", GET, any_of(Right.AUDIT)),
    Rule("/api/audit/totals", GET, any_of(Right.AUDIT)),
    Rule("/api/audit/export", GET, any_of(Right.AUDIT)),
    # accounts, and what they hold
    Rule("/api/admin/choices", GET, PEOPLE),
    Rule("/api/admin/accounts", BOTH, any_of(Right.ACCOUNTS)),
    Rule("/api/admin/accounts/{account}", BOTH, any_of(Right.ACCOUNTS)),
    Rule("/api/admin/accounts/{account}/password", POST, any_of(Right.ACCOUNTS)),
    Rule("/api/admin/accounts/{account}/totp/remove", POST, any_of(Right.ACCOUNTS)),
    Rule("/api/admin/accounts/{account}/sessions", GET, any_of(Right.ACCOUNTS)),
    Rule("/api/admin/accounts/{account}/sessions/{session}/end", POST, any_of(Right.ACCOUNTS)),
    Rule("/api/admin/posts", POST, any_of(Right.ACCOUNTS)),
    Rule("/api/admin/posts/{post}/end", POST, any_of(Right.ACCOUNTS)),
    Rule("/api/admin/chores", GET, any_of(Right.ACCOUNTS)),
    Rule("/api/admin/groups", BOTH, any_of(Right.ACCOUNTS)),
    Rule("/api/admin/groups/{group}", POST, any_of(Right.ACCOUNTS)),
    Rule("/api/admin/groups/{group}/remove", POST, any_of(Right.ACCOUNTS)),
    Rule("/api/admin/roles", BOTH, any_of(Right.ACCOUNTS)),
    Rule("/api/admin/roles/{role}", POST, any_of(Right.ACCOUNTS)),
    Rule("/api/admin/roles/{role}/remove", POST, any_of(Right.ACCOUNTS)),
    Rule("/api/admin/keys", BOTH, any_of(Right.KEYS)),
    Rule("/api/admin/keys/{key}/revoke", POST, any_of(Right.KEYS)),
    Rule("/api/admin/kiosks", BOTH, any_of(Right.KEYS)),
    Rule("/api/admin/kiosks/{kiosk}/revoke", POST, any_of(Right.KEYS)),
    # who is sent the CAP messages of warnings; whose areas lie in the caller's own is asked at the door
    Rule("/api/admin/recipients", BOTH, any_of(Right.KEYS)),
    *(Rule(f"/api/admin/recipients/{{recipient}}{tail}", POST, any_of(Right.KEYS)) for tail in ("", "/end", "/test")),
    # layers of other bodies on our map; who may put one there is asked at the door
    Rule("/api/remote", BOTH, any_of(Right.MAP)),
    Rule("/api/remote/look", POST, any_of(Right.MAP)),
    Rule("/api/remote/remove", POST, any_of(Right.MAP)),
    Rule("/api/remote/{id}/features", GET, any_of(Right.MAP)),
    Rule("/tiles/remote/{id}/{z}/{x}/{row}", GET, any_of(Right.MAP)),
    # services for other systems
    *(
        Rule("/ogc/" + path, methods, any_of(Right.SERVICES))
        for path, methods in (
            ("wms", BOTH),
            ("wfs", BOTH),
            ("wcs", GET),
            ("wmts", GET),
            ("wmts/1.0.0/WMTSCapabilities.xml", GET),
            ("wmts/1.0.0/{layer}/{style}/{set}/{level}/{row}/{column}", GET),
            ("api", GET),
            ("api/", GET),
            ("api/openapi", GET),
            ("api/conformance", GET),
            ("api/collections", GET),
            ("api/collections/{layer_id}", GET),
            ("api/collections/{layer_id}/schema", GET),
            ("api/collections/{layer_id}/queryables", GET),
            ("api/tileMatrixSets", GET),
            ("api/tileMatrixSets/{set}", GET),
            ("api/collections/{layer_id}/tiles", GET),
            ("api/collections/{layer_id}/tiles/{set}", GET),
            ("api/collections/{layer_id}/tiles/{set}/{level}/{row}/{column}", GET),
            ("api/collections/{layer_id}/locations", GET),
            ("api/collections/{layer_id}/locations/{key:path}", GET),
            ("api/collections/{layer_id}/area", GET),
            ("api/collections/{layer_id}/position", GET),
            ("api/collections/{layer_id}/radius", GET),
            ("api/collections/{layer_id}/cube", GET),
            ("api/collections/{layer_id}/coverage", GET),
            ("api/collections/{layer_id}/map", GET),
            ("api/map", GET),
            ("api/collections/{layer_id}/items", BOTH | OPTIONS),  # who brings a feature is asked for the right to edit
            ("api/collections/{layer_id}/items/{key:path}", GET | OPTIONS),
        )
    ),
    Rule("/ogc/api/collections/{layer_id}/items/{key:path}", frozenset({"PUT", "PATCH", "DELETE"}), any_of(Right.EDIT)),
    Rule("/ogc/api/processes", GET, any_of(Right.PLAN)),
    Rule("/ogc/api/processes/{process_id}", GET, any_of(Right.PLAN)),
    Rule("/ogc/api/processes/{process_id}/execution", POST, any_of(Right.PLAN)),
    Rule("/ogc/api/jobs", GET, any_of(Right.PLAN)),
    Rule("/ogc/api/jobs/{job}", GET, any_of(Right.PLAN)),
    Rule("/ogc/api/jobs/{job}", frozenset({"DELETE"}), any_of(Right.PLAN)),
    Rule("/ogc/api/jobs/{job}/results", GET, any_of(Right.PLAN)),
    # pages and what Dash needs for them; each callback asks for its own right again
    Rule("/home", GET, any_of(Right.PORTAL)),
    Rule("/profile", GET, any_of(Right.PORTAL)),
    Rule("/admin", GET, any_of(Right.ACCOUNTS)),
    Rule("/hall", GET, any_of(Right.HALL)),
    Rule("/map", GET, any_of(Right.MAP)),
    Rule("/planner", GET, any_of(Right.PLAN)),
    Rule("/_dash-layout", GET, Access.SIGNED_IN),
    Rule("/_dash-dependencies", GET, Access.SIGNED_IN),
    Rule("/_dash-update-component", POST, Access.SIGNED_IN),
    Rule("/_dash-component-suites/{package_name}/{fingerprinted_path:path}", GET, Access.SIGNED_IN),
    Rule("/_reload-hash", GET, Access.SIGNED_IN),
    Rule("/_favicon.ico", GET, Access.SIGNED_IN),
    Rule("/assets/{rest:path}", GET, Access.SIGNED_IN),
    # what no route answers: a stranger learns nothing of which addresses there are
    Rule("/api/{rest:path}", BOTH, Access.SIGNED_IN),
    Rule("/tiles/{rest:path}", GET, Access.SIGNED_IN),
    Rule("/ogc/{rest:path}", BOTH, Access.SIGNED_IN),
    Rule("/public/{rest:path}", GET, Access.EVERYONE),
)


class Policy:
    """The rules, found by path; more exact paths stand first."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)
        self._patterns: dict[str, list[tuple[Pattern[str], Rule]]] = {}
        for rule in self.rules:
            self._patterns.setdefault(_first(rule.path), []).append((compile_path(rule.path)[0], rule))

    def at(self, path: str) -> list[Rule]:
        """The rules of the first path that fits, one for each set of methods; none for an address that is not ours."""
        near = self._patterns.get(_first(path), [])
        first = next((rule.path for pattern, rule in near if pattern.match(path)), None)
        return [rule for _, rule in near if rule.path == first]

    def rule(self, method: str, path: str) -> Rule | None:
        """The rule of a request; another method of a known path is judged as the strictest of those it has."""
        found = self.at(path)
        fitting = next((rule for rule in found if method in rule.methods), None)
        return fitting or (found[-1] if found else None)

    def uncovered(self, routes: Iterable[BaseRoute]) -> list[str]:
        """Routes, or methods of routes, that no rule names exactly; web sockets are refused by the guard, every one."""
        known = {(rule.path, method) for rule in self.rules for method in rule.methods}
        missing = []
        for route in routes:
            if isinstance(route, WebSocketRoute):
                continue
            path = getattr(route, "path", "")
            if isinstance(route, Mount):
                path, methods = path + "/{rest:path}", {"GET"}
            else:
                methods = set(getattr(route, "methods", None) or {"GET"}) - {"OPTIONS"}
            missing += [f"{method} {path}" for method in sorted(methods) if (path, method) not in known]
        return missing


def _first(path: str) -> str:
    """The first part of a path: no rule begins with a parameter, and none fits what is no path (`OPTIONS *`)."""
    return path.split("/", 2)[1] if path.startswith("/") else path
