"""Marks of incidents: drawn and taken off with their line of the log and their key; blocked roads close routes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
import shapely

from app.incidents.desk import By, IncidentDesk, Told
from app.incidents.replay import known_at
from core.errors import ConflictError
from core.scope import SYSTEM_SCOPE, Scope, Sensitivity
from core.texts import Text
from emergency.incidents.life import OPEN
from emergency.routing import Closure
from gis.shapes import LonLat
from layers.catalogue import EXERCISES, INCIDENT_LOG, INCIDENT_MARKS, INCIDENTS
from layers.catalogue.marks import IncidentMark
from layers.codes import code_list
from layers.filters import And, Compare, In, Missing, Op
from store.feed import Edit, Put
from store.query import Order, Query
from store.rows import record_of

REF = f"{INCIDENT_MARKS.id}/"
MOST = 500
BLOCKED = "blocked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """What is drawn: at a point, or along a line whose middle it stands at."""

    kind: str
    place: LonLat
    line: tuple[LonLat, ...] = ()
    title: str = ""
    team: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What may be done with marks, whoever asks."""

    incidents: IncidentDesk

    def draw(
        self, code: str, drawing: Drawing, *, by: By, command: str, happened_at: datetime | None = None, told: str = ""
    ) -> Told:  # fmt: skip
        """A new mark, numbered within its incident; refused where the incident is over."""

        def make() -> tuple[list[Edit], str, str]:
            found, now = self.incidents.find(code, scope=by.scope), self.incidents.clock()
            row = found.row
            if row.state not in OPEN:
                raise ConflictError(Text(f"事件 {code} 已结束,不能标绘", f"incident {code} is over"), code=code)
            number = self._next(code)
            key = f"{code}/B{number:03d}"
            name = next(one.title.zh for one in code_list("mark_kind") if one.code == drawing.kind)
            words = f":{drawing.title}" if drawing.title else ""
            line = self.incidents.line(
                row, "position", f"标绘{name}{words}{told}", by, now, refs=(f"{REF}{key}", "step/mark"),
                happened_at=happened_at, place=drawing.place,
            )  # fmt: skip
            mark = IncidentMark(
                code=key, incident=code, exercise=row.exercise, number=number, kind=drawing.kind, title=drawing.title,
                line=_written(drawing.line), at=now if happened_at is None else happened_at, by=by.name,
                team=drawing.team, entry=line.code, area=row.area, sensitivity=Sensitivity.INTERNAL, observed_at=now,
                geometry=shapely.Point(drawing.place.lon, drawing.place.lat), source="OneMap",
            )  # fmt: skip
            puts: list[Edit] = [
                Put(layer=INCIDENT_MARKS.id, record=mark, expected=0),
                Put(layer=INCIDENT_LOG.id, record=line, expected=0),
            ]
            return puts, code, line.code

        return self.incidents.once("mark", command, by, make, "现场标绘")

    def remove(self, mark: str, *, by: By, command: str, why: str) -> Told:
        """Taken off the screens, with who and why; it stays on record."""

        def make() -> tuple[list[Edit], str, str]:
            now = self.incidents.clock()
            stored = self.incidents.store.get(INCIDENT_MARKS, mark, scope=by.scope)
            row = stored.record
            assert isinstance(row, IncidentMark)
            if row.removed_at is not None:
                raise ConflictError(Text(f"已由{row.removed_by}撤除", f"{row.removed_by} took it off already"))
            name = next(one.title.zh for one in code_list("mark_kind") if one.code == row.kind)
            incident = self.incidents.find(row.incident, scope=by.scope).row
            line = self.incidents.line(
                incident, "position", f"撤除{name}{row.title and ':' + row.title}({why})"[:2000], by, now,
                refs=(f"{REF}{mark}", "step/mark"),
            )  # fmt: skip
            after = row.model_copy(
                update={"removed_at": now, "removed_by": by.name, "removed_why": why, "observed_at": now}
            )  # fmt: skip
            puts: list[Edit] = [
                Put(layer=INCIDENT_MARKS.id, record=after, expected=stored.version),
                Put(layer=INCIDENT_LOG.id, record=line, expected=0),
            ]
            return puts, row.incident, line.code

        return self.incidents.once("unmark", command, by, make, "撤除标绘")

    def standing(
        self, *, scope: Scope, code: str = "", exercise: bool = False, at: datetime | None = None
    ) -> list[IncidentMark]:
        """Marks that stand, of one incident or of all that go on; those of exercises only when they are asked for.

        Of one incident also those that were known to stand at a time.
        """
        if not INCIDENT_MARKS.visible(scope):
            return []
        wanted = [code] if code else self._open(scope, exercise=exercise)
        if not wanted:
            return []
        where = And((
            Missing("removed_at"), In("incident", tuple(wanted)), Compare("exercise", Op.EQ, exercise),
        ))  # fmt: skip
        seq = known_at(self.incidents.store, code, at).seq if code and at is not None else None
        query = Query(where=where, order=(Order("at"),), limit=MOST, at_seq=seq)
        rows = self.incidents.store.read(INCIDENT_MARKS, query, scope=scope).to_pylist()
        return [one for row in rows if isinstance(one := record_of(INCIDENT_MARKS, row, scope), IncidentMark)]

    def closed(self, incident: str, scope: Scope) -> Sequence[Closure]:
        """Roads reported blocked in incidents that go on; those of an exercise only for ways of that exercise."""
        found = self.standing(scope=scope)
        if incident.startswith("YL"):
            found += self.standing(scope=scope, code=incident, exercise=True)
        return [
            Closure(shape=_shape(one), title=one.title or f"封路 {one.code}") for one in found if one.kind == BLOCKED
        ]  # fmt: skip

    def _open(self, scope: Scope, *, exercise: bool) -> list[str]:
        layer = EXERCISES if exercise else INCIDENTS
        if not layer.visible(scope):
            return []
        query = Query(where=In("state", tuple(OPEN)), fields=("code",), geometry=False)
        codes: list[str] = self.incidents.store.read(layer, query, scope=scope)["code"].to_pylist()
        return codes

    def _next(self, code: str) -> int:
        query = Query(
            where=Compare("incident", Op.EQ, code), fields=("number",), geometry=False, limit=1,
            order=(Order("number", descending=True),),
        )  # fmt: skip
        last = self.incidents.store.read(INCIDENT_MARKS, query, scope=SYSTEM_SCOPE)["number"].to_pylist()
        return (last[0] if last else 0) + 1


def _written(line: Sequence[LonLat]) -> str:
    return orjson.dumps([[round(one.lon, 6), round(one.lat, 6)] for one in line]).decode() if line else ""


def _shape(mark: IncidentMark) -> Any:
    points = orjson.loads(mark.line) if mark.line else []
    return shapely.LineString(points) if len(points) > 1 else mark.geometry
