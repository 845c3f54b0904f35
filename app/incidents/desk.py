"""The desk of incidents: each command is one transaction and is known by the key its sender made.

Sent again, after a kill or a lost answer, a command is answered by what it did and does nothing more. Who reads names a
version; of two who lead at once the second is told. Lines of the log take no version: everybody writes them, in order.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import shapely

from app.incidents.sources import (
    FILED,
    OPENED,
    Source,
    area_at,
    area_known,
    outside,
    referred,
    registered,
    source_of,
)
from app.incidents.unfinished import unfinished
from core.actors import Actor
from core.clock import CHINA, Clock
from core.errors import BadInputError, ConflictError, NotFoundError
from core.scope import SYSTEM_SCOPE, Scope, Sensitivity
from core.texts import Text
from emergency.incidents.clocks import Clock as Due
from emergency.incidents.clocks import clocks
from emergency.incidents.life import OPEN, STEPS, State, Step, corrected, opened, taken
from emergency.incidents.log import TAKEN, entry, reports_in, struck
from gis.shapes import LonLat, Shape
from layers.catalogue import (
    EMERGENCY_CASES,
    EVALUATIONS,
    EXERCISE_CASES,
    EXERCISE_INJECTS,
    EXERCISE_RUNS,
    EXERCISES,
    INCIDENT_COMMANDS,
    INCIDENT_LINKS,
    INCIDENT_LOG,
    INCIDENT_MARKS,
    INCIDENT_ORDERS,
    INCIDENT_PROJECTIONS,
    INCIDENT_TASKS,
    INCIDENTS,
)
from layers.catalogue.incidents import ExerciseIncident, Incident, IncidentCommand, IncidentEntry, IncidentLink
from layers.filters import Compare, Op
from layers.layer import Layer
from store.feed import Edit, Put
from store.protocol import Store
from store.query import Order, Query
from store.rows import record_of

TRIES = 12
DAILY = 9999
NAMED_BESIDE = frozenset({"scenario"})
"""What of an incident is written by computing, beside whatever step somebody else is taking."""
ROOMS = frozenset(
    {
        one.id
        for one in (
            INCIDENTS,
            EXERCISES,
            INCIDENT_LOG,
            INCIDENT_LINKS,
            INCIDENT_COMMANDS,
            EXERCISE_RUNS,
            EXERCISE_INJECTS,
            INCIDENT_TASKS,
            INCIDENT_MARKS,
            INCIDENT_ORDERS,
            INCIDENT_PROJECTIONS,
            EMERGENCY_CASES,
            EXERCISE_CASES,
            EVALUATIONS,
        )
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class By:
    """Who commands: recorded as the actor, bound by the scope, known by the account (a person's or a key's)."""

    actor: Actor
    scope: Scope
    account: str

    @property
    def name(self) -> str:
        """What people call them."""
        return self.actor.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What an incident begins with. What is left out is taken from the row it comes of, and from the enterprise.

    `of` is that row as (layer, key); `refs` are further objects its first line names, as the call that was logged.
    """

    origin: str
    title: str = ""
    kind: str = ""
    text: str = ""
    exercise: bool = False
    of: tuple[str, str] | None = None
    place: LonLat | None = None
    area: str = ""
    refs: tuple[str, ...] = ()
    happened_at: datetime | None = None
    reported_at: datetime | None = None
    facts: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a command did: the incident and the line of its log; `again` where it had been done before."""

    code: str
    entry: str
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An incident with the version seen."""

    row: Incident
    version: int


Make = Callable[[], tuple[list[Edit], str, str]]
"""The edits of a command as things stand now, the incident and the line they write."""

Commit = Callable[[list[Edit], Actor, str, Scope], None]
"""Writes edits for an actor, with the reason, within a scope: all of them or none."""

Beside = Callable[[Found], Sequence[Edit]]
"""Of the incident as it stands: what is written in the same transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentDesk:
    """What may be done with incidents, whoever asks; the rights to it are the doors' matter."""

    store: Store
    clock: Clock

    def open(self, opening: Opening, *, by: By, command: str) -> Told:
        """A new incident in the state `reported`; a row that is part of one already is refused with its number."""
        if opening.exercise and opening.of is not None:
            raise BadInputError(
                Text("演练不能占用真实报警和举报", "an exercise takes no real alarm or complaint"), field="exercise"
            )
        referred(self.store, opening.facts or {}, scope=by.scope)
        source = None if opening.of is None else source_of(self.store, *opening.of, scope=by.scope)

        def make() -> tuple[list[Edit], str, str]:
            if source is not None:
                self._unlinked(source)
            now = self.clock()
            row = self._begun(opening, source, by, now)
            doubt = self._beside(row, refused=opening.origin != "agency") if opening.area else ""
            if row.geometry is not None and opening.place is None and (source is None or source.place is None):
                doubt += FILED
            kind, said = OPENED[opening.origin]
            detail = opening.text.strip() or (source.title if source is not None else opening.title.strip())
            refs = (*(() if source is None else (source.code,)), *opening.refs)
            line = entry(
                row, 1, kind, f"{said}:{detail}{doubt}"[:2000], by=by.name, account=by.account, at=now, refs=refs,
                happened_at=opening.happened_at or (source.at if source is not None else None), place=row.geometry,
            )  # fmt: skip
            edits: list[Edit] = [
                Put(layer=layer_of(row).id, record=row, expected=0),
                Put(layer=INCIDENT_LOG.id, record=line, expected=0),
            ]
            if source is not None:
                edits.append(_link(row, source, "opened", by, now))
            return edits, row.code, line.code

        return self.once("open", command, by, make, "接报立为事件")

    def step(
        self, code: str, version: int, step: Step, *, by: By, command: str, why: str = "", response: int | None = None,
        into: str = "",
    ) -> Told:  # fmt: skip
        """One step of its life, on the version the caller saw; merging writes in the log of both."""

        def make() -> tuple[list[Edit], str, str]:
            found, now = self._current(code, version, by.scope), self.clock()
            target = None if not into else self.find(into, scope=by.scope).row
            before = self._merged_in(found) if step is Step.UNMERGE else ""
            done = taken(found.row, step, now, why=why, response=response, into=target, before=before)
            said = f"{done.said.zh}{unfinished(self.store, code, step)}"[:2000]
            line = self.line(done.row, "decision", said, by, now, refs=(f"{TAKEN}{step.value}",))
            edits: list[Edit] = [
                Put(layer=layer_of(done.row).id, record=done.row, expected=found.version),
                Put(layer=INCIDENT_LOG.id, record=line, expected=0),
            ]
            if step is Step.UNMERGE:
                target = self._seen(found.row.merged_into, by.scope)
            if target is not None:
                moved = "并入本事件" if step is Step.MERGE else "撤销并入,不再属于本事件"
                said = f"{code} {found.row.title} {moved}:{why}"[:2000]
                told = self.line(target, "decision", said, by, now, refs=(f"{TAKEN}{step.value}",))
                edits.append(Put(layer=INCIDENT_LOG.id, record=told, expected=0))
            return edits, code, line.code

        return self.once(step.value, command, by, make, f"事件{STEPS[step].zh}")

    def correct(
        self, code: str, version: int, facts: Mapping[str, Any], *, by: By, command: str, why: str = ""
    ) -> Told:
        """Other facts, and the level they make; each change stands in the log with what was before."""
        referred(self.store, facts, scope=by.scope)

        def make() -> tuple[list[Edit], str, str]:
            found, now = self._current(code, version, by.scope), self.clock()
            known = registered(self.store, facts, scope=by.scope, before=found.row)
            done = corrected(found.row, known, now, why=why)
            doubt = self._beside(done.row, refused=True) if {"area", "geometry"} & known.keys() else ""
            doubt += FILED if "geometry" in known.keys() - facts.keys() else ""
            line = self.line(done.row, "system", f"{done.said.zh}{doubt}"[:2000], by, now)
            put = Put(layer=layer_of(done.row).id, record=done.row, expected=found.version)
            return [put, Put(layer=INCIDENT_LOG.id, record=line, expected=0)], code, line.code

        return self.once("correct", command, by, make, "更正事件信息")

    def note(
        self, code: str, kind: str, text: str, *, by: By, command: str, happened_at: datetime | None = None,
        refs: tuple[str, ...] = (), place: LonLat | None = None, beside: Beside | None = None,
    ) -> Told:  # fmt: skip
        """A line of the log; `beside` gives what is written in the same transaction."""

        def make() -> tuple[list[Edit], str, str]:
            found, now = self.find(code, scope=by.scope), self.clock()
            line = self.line(found.row, kind, text, by, now, happened_at=happened_at, refs=refs, place=place)
            more = [] if beside is None else list(beside(found))
            return [*more, Put(layer=INCIDENT_LOG.id, record=line, expected=0)], code, line.code

        return self.once("note", command, by, make, "记入日志")

    def strike(self, line: str, *, by: By, command: str, why: str) -> Told:
        """A line struck through; its words and who wrote them stay."""

        def make() -> tuple[list[Edit], str, str]:
            code = line.partition("/")[0]
            found, now = self.find(code, scope=by.scope), self.clock()
            kept = self.store.get(INCIDENT_LOG, line, scope=self._wide(by.scope))
            assert isinstance(kept.record, IncidentEntry)
            after = struck(kept.record, by=by.name, at=now, why=why)
            told = self.line(found.row, "system", f"划去第 {after.number} 条:{why}"[:2000], by, now, refs=(line,))
            put = Put(layer=INCIDENT_LOG.id, record=after, expected=kept.version)
            return [put, Put(layer=INCIDENT_LOG.id, record=told, expected=0)], code, line

        return self.once("strike", command, by, make, "划去日志")

    def link(self, code: str, of: tuple[str, str], *, by: By, command: str, text: str = "") -> Told:
        """Another alarm, event or complaint of the same cause merged into an incident in hand."""
        source = source_of(self.store, *of, scope=by.scope)
        if code.startswith("YL"):
            raise BadInputError(Text("演练不能占用真实报警和举报", "an exercise takes no real alarm or complaint"))

        def make() -> tuple[list[Edit], str, str]:
            found, now = self.find(code, scope=by.scope), self.clock()
            if found.row.state not in OPEN:
                raise ConflictError(Text(f"事件 {code} 已结束,不能并入", f"incident {code} is over"), code=code)
            self._unlinked(source)
            said = f"并入 {source.title}" + (f":{text}" if text else "")
            line = self.line(found.row, "alarm", said[:2000], by, now, happened_at=source.at, refs=(source.code,))
            put = _link(found.row, source, "merged", by, now)
            return [put, Put(layer=INCIDENT_LOG.id, record=line, expected=0)], code, line.code

        return self.once("link", command, by, make, "并入事件")

    def find(self, code: str, *, scope: Scope) -> Found:
        """One incident or exercise as it stands; NotFoundError where it is not there for the caller."""
        layer = EXERCISES if code.startswith("YL") else INCIDENTS
        seen = self.store.catalogue.find(layer.id, scope)
        if seen is None:
            raise NotFoundError(Text(f"没有事件“{code[:40]}”", f"no incident {code[:40]!r}"))
        stored = self.store.get(seen, code, scope=scope)
        assert isinstance(stored.record, Incident)
        return Found(row=stored.record, version=stored.version)

    def _seen(self, code: str, scope: Scope) -> Incident | None:
        try:
            return self.find(code, scope=scope).row
        except NotFoundError:
            return None

    def log(self, code: str, *, scope: Scope, at_seq: int | None = None) -> list[IncidentEntry]:
        """Every line, in order; struck ones too."""
        query = Query(where=Compare("incident", Op.EQ, code), order=(Order("number"),), at_seq=at_seq)
        return [one for one in self._rows(INCIDENT_LOG, query, scope) if isinstance(one, IncidentEntry)]

    def links(self, code: str, *, scope: Scope, at_seq: int | None = None) -> list[IncidentLink]:
        """What it came of and what was merged into it."""
        query = Query(where=Compare("incident", Op.EQ, code), order=(Order("at"),), at_seq=at_seq)
        return [one for one in self._rows(INCIDENT_LINKS, query, scope) if isinstance(one, IncidentLink)]

    def linked(self, layer: str, key: str, *, scope: Scope) -> IncidentLink | None:
        """The link of a row that is part of an incident the caller may see."""
        if not INCIDENT_LINKS.visible(scope):
            return None
        try:
            found = self.store.get(INCIDENT_LINKS, f"{layer}/{key}", scope=scope).record
        except NotFoundError:
            return None
        return found if isinstance(found, IncidentLink) else None

    def due(self, row: Incident, lines: Sequence[IncidentEntry]) -> tuple[Due, ...]:
        """The clocks of an incident now, by what its log says was reported."""
        return clocks(row, reports_in(lines), self.clock())

    def _rows(self, layer: Layer, query: Query, scope: Scope) -> list[Any]:
        if not layer.visible(scope):
            return []
        return [record_of(layer, row, scope) for row in self.store.read(layer, query, scope=scope).to_pylist()]

    def _begun(self, opening: Opening, source: Source | None, by: By, now: datetime) -> Incident:
        facts = dict(opening.facts or {})
        shape = _point(opening.place) or (source.place if source is not None else None)
        facts |= {name: facts.get(name) or getattr(source, name, "") for name in ("enterprise", "hazard_source")}
        facts = registered(self.store, facts | {"geometry": shape}, scope=by.scope)
        shape = facts.pop("geometry")
        area = opening.area or (source.area if source is not None else "")
        if opening.origin == "agency" and shape is not None and not area_known(self.store, area):
            area = ""  # a code of another list than ours: then the place says where
        if not area and shape is not None:
            middle = shape.representative_point()
            area = area_at(self.store, LonLat(middle.x, middle.y))
        if not area or not area_known(self.store, area):
            raise BadInputError(
                Text("须在地图上标明地点,或选择行政区划", "say where: a place on the map, or an area"), field="area"
            )
        title = opening.title.strip() or (source.title if source is not None else "")
        if not title:
            raise BadInputError(Text("须填写事件名称", "say what it is"), field="title")
        if opening.exercise and not title.startswith("【演练】"):
            title = f"【演练】{title}"
        kind = opening.kind or (source.kind if source is not None else "other")
        own = {
            "code": self._free(opening.exercise, now), "title": title[:120], "kind": kind, "origin": opening.origin,
            "reported_at": opening.reported_at or now, "reported_by": by.name, "area": area, "geometry": shape,
            "sensitivity": Sensitivity.INTERNAL, "source": "OneMap",
        }  # fmt: skip
        return opened((ExerciseIncident if opening.exercise else Incident)(**(facts | own)), now)

    def _beside(self, row: Incident, *, refused: bool) -> str:
        """That a place lies outside the area that was named, for the log; `refused` where another area holds it."""
        if row.geometry is None:
            return ""
        middle = row.geometry.representative_point()
        where = outside(self.store, LonLat(middle.x, middle.y), row.area)
        if where is None:
            return ""
        if where and refused:
            raise BadInputError(
                Text(f"地点在区划 {where} 内,不在所选的 {row.area} 内,请改其中之一",
                     f"the place lies in {where}, not in {row.area}: one of them is wrong"),
                field="area", value=row.area,
            )  # fmt: skip
        return f"(地点不在所选区划 {row.area} 内,{f'在 {where} 内' if where else '也不在其他已登记区划内'})"

    def _free(self, exercise: bool, now: datetime) -> str:
        layer, prefix = (EXERCISES, "YL") if exercise else (INCIDENTS, "SJ")
        day = now.astimezone(CHINA).strftime("%Y%m%d")
        for serial in range(1, DAILY + 1):
            code = f"{prefix}{day}-{serial:04d}"
            if not self.store.versions(layer, code, scope=SYSTEM_SCOPE):
                return code
        raise BadInputError(Text("今日编号已用完", "no number is left today"))

    def _current(self, code: str, version: int, scope: Scope) -> Found:
        found = self.find(code, scope=scope)
        if found.version != version and self._led(found, version):
            raise ConflictError(
                Text("他人刚刚处置了该事件,请重新查看", "somebody else led it meanwhile; look again"),
                version=found.version,
            )
        return found

    def _led(self, found: Found, version: int) -> bool:
        """Somebody led the incident since: more is different than the scenario, which computing names by itself."""
        kept = self.store.versions(layer_of(found.row), found.row.code, scope=SYSTEM_SCOPE)
        bodies = {one.version: json.loads(one.body) for one in kept if one.version in (version, found.version)}
        seen, now = bodies.get(version), bodies.get(found.version)
        if seen is None or now is None:
            return True
        names = seen.keys() | now.keys()
        return any(seen.get(name) != now.get(name) for name in names - NAMED_BESIDE)

    def _merged_in(self, found: Found) -> str:
        """The state in which an incident was merged: that of its last version before."""
        kept = self.store.versions(layer_of(found.row), found.row.code, scope=SYSTEM_SCOPE)
        states = [(one.version, str(json.loads(one.body)["state"])) for one in kept]
        return max((one for one in states if one[1] != State.MERGED), default=(0, ""))[1]

    def line(
        self, row: Incident, kind: str, text: str, by: By, now: datetime, *, happened_at: datetime | None = None,
        refs: tuple[str, ...] = (), place: LonLat | None = None,
    ) -> IncidentEntry:  # fmt: skip
        """The next line of the log, not written yet: for commands of other rooms that write it with what they do."""
        query = Query(
            where=Compare("incident", Op.EQ, row.code), fields=("number",), geometry=False, limit=1,
            order=(Order("number", descending=True),),
        )  # fmt: skip
        last = self.store.read(INCIDENT_LOG, query, scope=SYSTEM_SCOPE)["number"].to_pylist()
        return entry(
            row, (last[0] if last else 0) + 1, kind, text, by=by.name, account=by.account, at=now, refs=refs,
            happened_at=happened_at, place=_point(place),
        )  # fmt: skip

    def _unlinked(self, source: Source) -> None:
        """A row is part of one incident at most, whoever may see that one."""
        try:
            kept = self.store.get(INCIDENT_LINKS, source.code, scope=SYSTEM_SCOPE).record
        except NotFoundError:
            return
        assert isinstance(kept, IncidentLink)
        raise ConflictError(
            Text(f"已属于事件 {kept.incident}", f"it is part of incident {kept.incident} already"),
            incident=kept.incident,
        )

    def known(self, command: str, by: By) -> Told | None:
        """What a command did, where it was done before."""
        try:
            kept = self.store.get(INCIDENT_COMMANDS, f"{by.account}/{command}", scope=SYSTEM_SCOPE).record
        except NotFoundError:
            return None
        assert isinstance(kept, IncidentCommand)
        return Told(code=kept.incident, entry=kept.entry, again=True)

    def once(
        self, what: str, command: str, by: By, make: Make, reason: str, commit: Commit | None = None
    ) -> Told:  # fmt: skip
        """A command done once. What two write at one moment is read anew, but for what the caller had to see.

        `commit` writes the edits where something goes with them in the same transaction.
        """
        write = commit or self._commit
        refused: ConflictError | None = None
        for _ in range(TRIES):
            known = self.known(command, by)
            if known is not None:
                return known
            edits, code, line = make()
            kept = IncidentCommand(
                code=f"{by.account}/{command}", incident=code, exercise=code.startswith("YL"), entry=line, what=what,
                at=self.clock(), account=by.account, sensitivity=Sensitivity.INTERNAL, area=_area(edits),
            )  # fmt: skip
            try:
                put = Put(layer=INCIDENT_COMMANDS.id, record=kept, expected=0)
                write([*edits, put], by.actor, reason, self._wide(by.scope))
            except ConflictError as error:
                refused = error
                continue
            return Told(code=code, entry=line)
        assert refused is not None
        raise refused

    def _commit(self, edits: list[Edit], actor: Actor, reason: str, scope: Scope) -> None:
        self.store.commit(edits, actor=actor, reason=reason, scope=scope)

    def _wide(self, scope: Scope) -> Scope:
        """The same areas, with the layers of incidents open to writing: that they may be is asked at the doors."""
        layers = None if scope.layers is None else scope.layers | ROOMS
        return replace(scope, layers=layers, writable=ROOMS | (scope.writable or frozenset()))


def layer_of(row: Incident) -> Layer:
    """Where a row is kept: the real apart from what is played."""
    return EXERCISES if row.exercise else INCIDENTS


def _link(row: Incident, source: Source, role: str, by: By, now: datetime) -> Put:
    link = IncidentLink(
        code=source.code, incident=row.code, exercise=row.exercise, of_layer=source.layer, of_key=source.key, role=role,
        title=source.title, at=now, by=by.name, area=row.area, sensitivity=Sensitivity.INTERNAL,
    )  # fmt: skip
    return Put(layer=INCIDENT_LINKS.id, record=link, expected=0)


def _point(place: LonLat | None) -> Shape | None:
    return None if place is None else shapely.Point(place.lon, place.lat)


def _area(edits: Sequence[Edit]) -> str:
    return next((one.record.area for one in edits if isinstance(one, Put)), "")
