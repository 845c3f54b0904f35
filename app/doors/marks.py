"""`/api/incidents/marks`: what is drawn of incidents that go on, for every screen; drawn and taken off at the desk."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from starlette.routing import BaseRoute, Route

from app.doors.admin.fields import Given, moment, one_of, only, refused, words
from app.doors.bodies import asked, posted
from app.doors.incidents import LONGEST_CODE, command_of, commander, may_command
from app.orders.marks import Drawing, Marks
from core.caller import Caller
from core.clock import iso
from core.texts import Text
from dashboards.queries.wording import code_label
from gis.shapes import LonLat
from layers.catalogue.marks import IncidentMark
from layers.codes import code_list

KINDS = tuple(one.code for one in code_list("mark_kind"))
LINES = ("cordon", "arrow", "blocked")
MOST_POINTS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkDoors:
    """Marks of the caller's areas; who leads incidents draws them."""

    marks: Marks

    def listed(self, caller: Caller, given: Given) -> Given:
        """GET /marks: those that stand; of one incident with `code`, as known `at` a time; `exercise=1` played ones."""
        only(given, "code", "exercise", "at")
        code = words(given, "code", longest=LONGEST_CODE, empty=True)
        played = code.startswith("YL") or given.get("exercise") == "1"
        if code:
            self.marks.incidents.find(code, scope=caller.scope)
        at = moment(given, "at")
        if at is not None and not code:
            raise refused("code", "", Text("时刻所属的事件", "the incident whose time it is"))
        return self._told(caller, code, exercise=played, at=at)

    def draw(self, caller: Caller, given: Given) -> Given:
        """POST /marks: one drawing, of points in order; a single one for what stands at a place."""
        only(given, "command", "code", "kind", "title", "points")
        by, code = commander(caller), words(given, "code", longest=LONGEST_CODE)
        kind = one_of(given, "kind", KINDS)
        points = points_of(given, kind)
        drawing = Drawing(
            kind=kind, place=points[len(points) // 2], line=tuple(points) if len(points) > 1 else (),
            title=words(given, "title", longest=100, empty=kind != "text"),
        )  # fmt: skip
        done = self.marks.draw(code, drawing, by=by, command=command_of(given))
        return self._told(caller, code, exercise=code.startswith("YL")) | {"entry": done.entry, "again": done.again}

    def remove(self, caller: Caller, given: Given) -> Given:
        """POST /marks/remove: taken off, with a reason; it stays on record."""
        only(given, "command", "mark", "why")
        by, mark = commander(caller), words(given, "mark", longest=24)
        done = self.marks.remove(mark, by=by, command=command_of(given), why=words(given, "why", longest=400))
        return self._told(caller, done.code, exercise=done.code.startswith("YL")) | {"entry": done.entry}

    def _told(self, caller: Caller, code: str, *, exercise: bool, at: datetime | None = None) -> Given:
        found = self.marks.standing(scope=caller.scope, code=code, exercise=exercise, at=at)
        return {
            "code": code, "exercise": exercise, "may_command": may_command(caller),
            "rows": [mark_told(one, caller) for one in found],
        }  # fmt: skip


def mark_told(one: IncidentMark, caller: Caller) -> Given:
    """One mark as every screen draws it."""
    assert one.geometry is not None
    point = one.geometry.representative_point()
    return {
        "code": one.code, "incident": one.incident, "exercise": one.exercise, "kind": one.kind, "title": one.title,
        "kind_word": code_label("mark_kind", one.kind, caller.lang), "at": iso(one.at), "by": one.by,
        "lon": round(point.x, 6), "lat": round(point.y, 6), "line": orjson.loads(one.line) if one.line else [],
    }  # fmt: skip


def points_of(given: Given, kind: str) -> list[LonLat]:
    """The points of a drawing, as many as its kind has."""
    value: Any = given.get("points")
    least, most = (1 if kind == "blocked" else 2, MOST_POINTS) if kind in LINES else (1, 1)
    fits = isinstance(value, list) and least <= len(value) <= most and all(_point(one) for one in value)
    if not fits:
        raise refused("points", "", Text(f" {least} 至 {most} 个经纬度点", f"{least} to {most} points of lon, lat"))
    return [LonLat(float(one[0]), float(one[1])) for one in value]


def _point(one: object) -> bool:
    numbers = isinstance(one, list) and len(one) == 2 and all(
        isinstance(part, int | float) and not isinstance(part, bool) for part in one
    )  # fmt: skip
    return bool(numbers and isinstance(one, list) and abs(one[0]) <= 180 and abs(one[1]) <= 90)


def mark_routes(doors: MarkDoors) -> list[BaseRoute]:
    """The doors of marks."""
    root = "/api/incidents/marks"
    return [
        Route(root, asked(doors.listed), methods=["GET"]),
        Route(root, posted(doors.draw), methods=["POST"]),
        Route(f"{root}/remove", posted(doors.remove), methods=["POST"]),
    ]
