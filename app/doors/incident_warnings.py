"""`/api/incidents/warnings`: a warning drafted of an incident, its receipts, what failed sent again.

The draft is a paper of the warning desk: `/api/warnings/step` approves, publishes, changes and lifts it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import orjson
import shapely
from shapely.geometry.base import BaseGeometry
from starlette.routing import BaseRoute, Route

from app.doors.admin.fields import Given, matching, number, only, refused, several, words
from app.doors.bodies import asked, posted
from app.doors.incidents import COMMAND, LONGEST_CODE, commander
from app.doors.warning_forms import FORM, items_of
from app.doors.warnings import WarningDesk
from app.incidents.grounds import Zones, circle, zones_of
from app.incidents.warnings import WarningLog, rooms_of
from app.messages.receipts import Receipts
from core.caller import Caller
from core.errors import BadInputError, ConflictError, NotFoundError
from core.scope import Scope
from core.texts import Lang, Text
from dashboards.queries.people import people_inside
from dashboards.queries.wording import area_names, code_label
from layers.catalogue.incidents import Incident
from layers.catalogue.warnings import EarlyWarning
from layers.codes import code_list
from monitoring.warnings.levels import levels
from monitoring.warnings.life import ITEMS
from monitoring.warnings.proposing import Ground, lacking, proposed, rules, told_to_do
from monitoring.warnings.telling import outline, touched

PROPOSED = ("code", "zone", "band", "radius", "responses")
DEFAULT = ("Avoid", "Monitor")
"""What everybody is told who has to be told anything: whether to stay in or to leave, a person says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """The area as the caller may warn it: their own part of it, and what lies beyond."""

    ground: Ground | None = None
    areas: tuple[str, ...] = ()
    beyond: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentWarningDoors:
    """Warnings of the incidents a caller leads; the papers are the warning desk's.

    `since` tells what has changed since the zones of an incident were computed: whoever warns of them reads it.
    """

    desk: WarningDesk
    log: WarningLog
    receipts: Receipts
    since: Callable[[Incident, Scope], Text | None]

    def told(self, caller: Caller, given: Given) -> Given:
        """GET /warnings?code=: papers of an incident with steps and receipts, and what a draft would say now.

        `zone`, `band`, `radius` and `responses` choose the area and the instructions of that draft.
        """
        only(given, *PROPOSED)
        code = words(given, "code", longest=LONGEST_CODE)
        row = self.log.desk.find(code, scope=caller.scope).row
        return {
            "code": code, "exercise": row.exercise,
            "rows": [self._row(caller, one.code) for one in self.log.warnings_of(code, scope=caller.scope)],
            "proposal": self._proposal(caller, row, _asked(given)),
        }  # fmt: skip

    def draft(self, caller: Caller, given: Given) -> Given:
        """POST /warnings/draft: a paper of the warning desk, bound to the incident, with its line of the log.

        `level` is chosen by a person; `items` are what they wrote otherwise than proposed.
        """
        only(given, "command", "level", "items", *PROPOSED)
        by = commander(caller)
        code = words(given, "code", longest=LONGEST_CODE)
        row = self.log.desk.find(code, scope=caller.scope).row
        if row.state in ("false", "merged"):
            raise ConflictError(Text(f"事件 {code} 为误报或已并入,不拟预警", f"incident {code} is {row.state}"))
        level, sent = number(given, "level", 1, 4), given.get("items") or {}
        if not isinstance(sent, dict):
            raise BadInputError(Text("items 应为对象", "items must be an object"), field="items")
        only(sent, *FORM)
        mine = self.desk.cut(caller, sent, items_of(sent, self.desk.store))
        drawn = Drawn() if "geometry" in mine else self._drawn(caller, row, given)
        ground = drawn.ground if "geometry" not in mine else Ground(shape=mine["geometry"])
        places = mine.get("areas") or drawn.areas
        items = self._items(caller, row, ground, places, _responses(given))
        items |= {"areas": tuple(places), "geometry": None if ground is None else ground.shape} | mine
        items["level"] = level
        if "geometry" not in mine and "areas" in mine and ground is None:
            raise BadInputError(Text("没有范围可保持,请划定范围", "there is no shape to keep: draw one"), field="shape")
        if row.exercise and not str(items["title"]).startswith("【演练】"):
            items["title"] = f"【演练】{items['title']}"[:120]
        command = matching(given, "command", COMMAND, Text(" 8 至 64 位字母数字", "8 to 64 letters or digits"))
        done = self.log.begin(
            code, lambda: self.desk.begun(caller, items, played=row.exercise).paper, by=by, command=command
        )
        line = next(one for one in self.log.desk.log(code, scope=caller.scope) if one.code == done.entry)
        paper = line.refs[0].partition("/")[2]
        return self._row(caller, paper) | {"entry": done.entry, "again": done.again, "beyond": list(drawn.beyond)}

    def resend(self, caller: Caller, given: Given) -> Given:
        """POST /warnings/resend: what of the newest message failed goes out again, and a line of the log says so."""
        only(given, "command", "warning")
        by = commander(caller)
        code = words(given, "warning", longest=LONGEST_CODE)
        command = matching(given, "command", COMMAND, Text(" 8 至 64 位字母数字", "8 to 64 letters or digits"))
        paper = self.desk.one(caller, {"code": code})
        incident, standing = paper["incident"], self._standing(code, caller)
        if not incident or standing is None or paper["exercise"]:
            raise ConflictError(Text("该预警没有对外发送的消息", "nothing of this warning was sent outside"), code=code)
        if not self.log.done(command, caller.account):
            count = self.receipts.again(standing) + self.desk.cap.again([standing])
            if count:
                self.log.keep(
                    [], f"预警 {code} 重发失败消息 {count} 条", paper=code, incident=incident, by=by, command=command,
                    reason="重发",
                )  # fmt: skip
        return self._row(caller, code)

    def _proposal(self, caller: Caller, row: Incident, given: Given) -> Given:
        zones = zones_of(self.desk.store, row, caller.scope)
        drawn = self._drawn(caller, row, given, zones)
        responses, names = _responses(given), area_names(self.desk.store, caller.scope)
        items = self._items(caller, row, drawn.ground, drawn.areas, responses)
        ground, lang = drawn.ground, caller.lang
        people = None if ground is None else self._people(caller, ground.shape)
        told = told_to_do(row.kind, responses)
        return {
            "items": {
                **{name: value for name, value in items.items() if isinstance(value, str)},
                "responses": list(responses), "areas": list(drawn.areas), "starts_at": items["starts_at"].isoformat(),
            },
            "lacking": [ITEMS[name].of(lang) for name in lacking(items)],
            "zones": [
                {
                    "code": one.code, "title": one.title if lang is Lang.ZH else one.title_en or one.title,
                    "severity": one.severity, "distance": one.distance, "residents": one.residents,
                    "verified": one.verified, "valid": one.valid, "cut": one.cut,
                    "banded": zones.band_of(one) is not None,
                }
                for one in zones.zones
            ],
            "scenario": "" if zones.scenario is None else zones.scenario.code,
            "zone": _zone(given, zones), "banded": ground is not None and ground.banded,
            "reach": None if ground is None else ground.reach,
            "geometry": None if ground is None else orjson.loads(shapely.to_geojson(ground.shape)),
            "areas": [names.get(code, code) for code in drawn.areas],
            "own_areas": [[code, name] for code, name in sorted(names.items()) if caller.scope.covers(code)],
            "beyond": list(drawn.beyond),
            "doubts": [] if ground is None else [one.of(lang) for one in ground.doubts],
            "people": people,
            "instructions": [
                {
                    "response": one.response, "word": code_label("warning_response", one.response, lang),
                    "text": one.text.of(lang), "care": one.care.of(lang), "source": one.source,
                    "status": one.status.value, "status_word": code_label("basis_status", one.status.value, lang),
                }
                for one in told
            ],
            "rule": _rule(lang),
        }  # fmt: skip

    def _items(
        self, caller: Caller, row: Incident, ground: Ground | None, areas: tuple[str, ...], responses: tuple[str, ...]
    ) -> Given:
        names = area_names(self.desk.store, caller.scope)
        unit = caller.actor.name.replace("，", ",").partition(",")[2].strip()
        people = None if ground is None else self._people(caller, ground.shape)
        said = (
            f"范围内常住人口约 {people['people']:.0f} 人（估算）" if people and people.get("state") == "ready" else ""
        )
        return proposed(
            row, self.desk.clock().replace(microsecond=0), issuer=unit, ground=ground,
            places=[names.get(code, code) for code in areas], responses=responses, people=said,
        )  # fmt: skip

    def _drawn(self, caller: Caller, row: Incident, given: Given, zones: Zones | None = None) -> Drawn:
        """The chosen area, cut to where the caller may warn: what reaches beyond is named, others are told of it."""
        found = zones_of(self.desk.store, row, caller.scope) if zones is None else zones
        if given.get("radius") is not None:
            ground = circle(row, float(number(given, "radius", 1, 1_000_000)))
        elif zone := _zone(given, found):
            ground = found.ground(zone, banded=given.get("band") != "0")
            since = self.since(row, caller.scope)
            ground = ground if since is None else replace(ground, doubts=(*ground.doubts, since))
        else:
            return Drawn()
        codes, names = touched(self.desk.store, ground.shape), area_names(self.desk.store, caller.scope)
        own = tuple(code for code in codes if caller.scope.covers(code))
        beyond = tuple(names.get(code, code) for code in codes if code not in own)
        if beyond and own:
            ground = _within(ground, outline(self.desk.store, caller.scope.areas))
        return Drawn(ground=ground, areas=own, beyond=beyond)

    def _people(self, caller: Caller, shape: BaseGeometry) -> dict[str, Any] | None:
        return people_inside(self.desk.shelf, shape, scope=caller.scope, lang=caller.lang)

    def _row(self, caller: Caller, code: str) -> Given:
        one = self.desk.one(caller, {"code": code})
        paper, standing = one["paper"], self._standing(code, caller)
        names = area_names(self.desk.store, caller.scope)
        played = one["exercise"]
        return {
            **{name: one[name] for name in ("code", "version", "state", "state_word", "steps", "missing", "inside",
                                            "exercise", "incident", "cap", "recipients")},
            "title": paper["title"], "level": paper["level"], "level_word": paper["level_word"],
            "area_words": paper["area_words"], "areas": paper["areas"], "geometry": paper["geometry"],
            "drafted_by": paper["drafted_by"], "approved_by": paper["approved_by"], "measures": paper["measures"],
            "extent": paper["extent"],
            "issued_at": None if one["standing"] is None else one["standing"]["issued_at"],
            "ends_at": None if one["standing"] is None else one["standing"]["ends_at"],
            "revision": paper["revision"], "lifted_why": paper["lifted_why"], "contact": paper["contact"],
            "responses": paper["responses"], "cautions": paper["cautions"],
            "receipts": None if played else self.receipts.of(standing, names, caller.lang),
        }  # fmt: skip

    def _standing(self, code: str, caller: Caller) -> EarlyWarning | None:
        try:
            found = self.desk.store.get(rooms_of(code).published, code, scope=caller.scope).record
        except NotFoundError:
            return None
        assert isinstance(found, EarlyWarning)
        return found


def _asked(given: Given) -> Given:
    """The words of an address as a body would have them."""
    found: Given = dict(given)
    if "radius" in found:
        text = str(found["radius"])
        if not text.isdecimal() or len(text) > 6:
            raise refused("radius", text, Text("以米为单位的整数", "whole metres"))
        found["radius"] = int(text)
    if "responses" in found:
        found["responses"] = [one for one in str(found["responses"]).split(",") if one]
    return found


def _responses(given: Given) -> tuple[str, ...]:
    known = [one.code for one in code_list("warning_response")]
    if "responses" not in given:
        return DEFAULT
    chosen = several(given, "responses", known)
    return tuple(one for one in known if one in chosen)


def _zone(given: Given, zones: Zones) -> str:
    """The zone that was asked for, or the one the rule takes; blank for an area that is no zone."""
    if given.get("radius") is not None:
        return ""
    return words(given, "zone", longest=60, empty=True) or zones.default()


def _within(ground: Ground, own: BaseGeometry | None) -> Ground:
    if own is None:
        return ground
    parts = shapely.get_parts(shapely.intersection(ground.shape, own))
    kept = [one for one in parts if one.geom_type == "Polygon"]
    whole = shapely.union_all(kept) if kept else ground.shape
    doubts = (*ground.doubts, Text("已裁至本辖区", "cut at the edge of one's own areas"))
    return replace(ground, shape=whole, doubts=doubts)


def _rule(lang: Lang) -> Given:
    rule = rules()

    def word(status: str) -> str:
        return code_label("basis_status", status, lang)

    known = levels().levels
    return {
        **{
            name: {
                "text": rule[name][lang.value], "source": rule[name]["source"],
                "status_word": word(rule[name]["status"]),
            }
            for name in ("law", "zone")
        },
        "levels": [
            {"level": level, "word": one.text.of(lang), "means": rule["meanings"][str(level)][lang.value]}
            for level, one in known.items()
        ],
        "source": rule["meanings_source"], "status_word": word(rule["meanings_status"]),
    }  # fmt: skip


def incident_warning_routes(doors: IncidentWarningDoors) -> list[BaseRoute]:
    """The doors of warnings of incidents."""
    return [
        Route("/api/incidents/warnings", asked(doors.told), methods=["GET"]),
        Route("/api/incidents/warnings/draft", posted(doors.draft), methods=["POST"]),
        Route("/api/incidents/warnings/resend", posted(doors.resend), methods=["POST"]),
    ]
