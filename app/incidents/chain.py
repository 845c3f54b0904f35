"""The chain of an incident: a scenario checked by a person, computed, kept by rounds, held against what is new.

A round is one transaction: the incident names it, its line stands in the log, its files and zones are kept, and the
round before is withdrawn. Nothing is computed anew without a person: what has changed is told, and offered.
"""

import json
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import shapely

from app.incidents.desk import By, Found, IncidentDesk, Told, layer_of
from app.incidents.prefill import Prefill, prefill
from app.incidents.rounds import Asked, compared, front_from, front_told, named, origins, said, spelt_out
from app.incidents.sources import hazard_of
from app.incidents.watched import WATCHERS
from app.incidents.wording import titled
from app.keeping import JSON, YAML
from app.planning import Computed, Planning
from core.actors import Actor
from core.caller import Caller
from core.canonical import sha256
from core.clock import CHINA
from core.errors import BadInputError, ConflictError, NotFoundError
from core.ids import new_id
from core.scope import SYSTEM_SCOPE, Scope, Sensitivity
from core.texts import Text
from dashboards.planner.choices import KINDS
from emergency.chain import ROUND
from emergency.chain.spread import EXPLAINED, with_ends
from emergency.exposure import People
from emergency.incidents.changes import Change, chain_limits, changes
from emergency.incidents.falling import Falling, falling
from emergency.incidents.front import Front, avoided, front_of
from emergency.incidents.life import OPEN
from emergency.keeping import Made, kept, withdrawn
from emergency.result import Result, result_of
from emergency.routing import Approach
from emergency.routing import Zone as Avoided
from emergency.scenario import scenario, spelt
from emergency.zones import with_band
from gis.shapes import LonLat
from layers.catalogue import INCIDENT_LOG, INCIDENT_PROJECTIONS, INCIDENT_SCENARIOS, scenario_layers
from layers.catalogue.hazards import HazardSource
from layers.catalogue.incidents import Incident
from layers.catalogue.incidentscenarios import IncidentProjection, IncidentScenario, played
from layers.catalogue.scenarios import KeptScenario, ScenarioZone
from layers.filters import Compare, Op
from layers.layer import Layer
from layers.record import Record
from store.attachments import Cabinet
from store.audit import Kind
from store.feed import Delete, Edit, Put
from store.query import Order, Query
from store.rows import record_of

Json = dict[str, Any]
DOOR = "duty chain"
WRITTEN = frozenset(one.id for played_ in (False, True) for one in scenario_layers(played_)) | {
    INCIDENT_SCENARIOS.id, INCIDENT_PROJECTIONS.id,
}  # fmt: skip
REMEMBERED = timedelta(seconds=60)
"""So long who is inside is not counted again for the same reader."""
MOST_REMEMBERED = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """A round as it is read: its row, its result, who is inside now and at most, and when a cloud comes."""

    row: IncidentScenario
    one: Computed
    most: tuple[People, ...] | None
    front: Front


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeOf:
    """What a round was made of: each input with where it is from, what registers and stations said, what was chosen."""

    origins: list[Json]
    offered: Json
    asked: Json
    begun_at: datetime | None
    note: str

    @classmethod
    def of(cls, one: Computed, filled: Prefill, asked: Asked) -> "MadeOf":
        """Of what was prefilled and what a person checked."""
        chosen = {
            "source": filled.source, "source_chosen": asked.source is not None, "station": filled.station,
            "station_chosen": asked.station is not None,
        }  # fmt: skip
        return cls(
            origins=origins(one, filled, asked), offered=dict(filled.values), asked=chosen, begun_at=asked.begun_at,
            note=asked.note,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A scenario computed for an incident and not kept yet."""

    one: Computed
    most: tuple[People, ...] | None
    front: Front
    made_of: MadeOf


Part = tuple[IncidentScenario, KeptScenario, bytes, bytes]
"""A round, its kept scenario, and the files of both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A round held against now: what has changed since, and what its zones have reached or will."""

    round: Round
    before: IncidentScenario | None
    before_result: Result | None
    now: Prefill
    changed: tuple[Change, ...]
    falling: tuple[Falling, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainDesk:
    """Computes the scenarios of incidents and says how they stand; `folder` is where a site puts its guidebook."""

    desk: IncidentDesk
    planning: Planning
    cabinet: Cabinet
    folder: Path
    remembered: dict[tuple[str, str], tuple[datetime, Round]] = field(default_factory=dict)

    def prefill(
        self, code: str, caller: Caller, *, kind: str = "", source: tuple[str, str] | None = None,
        station: str | None = None,
    ) -> Prefill:  # fmt: skip
        """What is known of the scenario of an incident now, as this caller may see it."""
        row = self.desk.find(code, scope=caller.scope).row
        found = prefill(
            self.desk.store, row, scope=caller.scope, now=self.desk.clock(), kind=kind, source=source, station=station
        )
        lon, lat = found.of("place.lon"), found.of("place.lat")
        if lon is not None and lat is not None and isinstance(lon.value, float) and isinstance(lat.value, float):
            self.planning.warm(LonLat(lon.value, lat.value), caller.scope)
        return found

    def compute(self, code: str, asked: Asked, *, by: By, caller: Caller, command: str) -> Told:
        """A round of what a person checked, computed and kept in one transaction with its line of the log."""
        ready: list[Drawn] = []

        def drawn(found: Found) -> tuple[Drawn, list[Edit]]:
            if not ready:
                ready.append(self.computed(found.row, asked, caller))
            return ready[0], []

        return self.keep(code, drawn, by=by, caller=caller, command=command, what="compute")

    def keep(
        self, code: str, drawn: Callable[[Found], tuple[Drawn, list[Edit]]], *, by: By, caller: Caller, command: str,
        what: str,
    ) -> Told:  # fmt: skip
        """The next round of an incident and what is written beside it, in one transaction, once."""
        ready: list[Drawn] = []
        parts: list[Part] = []

        def make() -> tuple[list[Edit], str, str]:
            found = self.desk.find(code, scope=by.scope)
            if found.row.state not in OPEN:
                raise ConflictError(Text(f"事件 {code} 已结束,不再推演", f"incident {code} is over"), code=code)
            one, beside = drawn(found)
            ready[:] = [one]
            edits, line, part = self._written(found, one, by)
            parts[:] = [part]
            return [*edits, *beside], code, line

        def commit(edits: list[Edit], actor: Actor, reason: str, scope: Scope) -> None:
            row, real, given, result = parts[0]
            owners: tuple[tuple[Layer, Record], ...] = (
                (INCIDENT_SCENARIOS, row), (scenario_layers(row.exercise)[0], real),
            )  # fmt: skip
            self.commit(edits, owners, (given, result), row.computed_at, actor, reason, scope)

        done = self.desk.once(what, command, by, make, "计算事件情景", commit)
        if not done.again and ready and parts:
            one = ready[0]
            self._remember(Round(row=parts[0][0], one=one.one, most=one.most, front=one.front), caller)
        return done

    def commit(
        self, edits: list[Edit], owners: Sequence[tuple[Layer, Record]], files: tuple[bytes, bytes], at: datetime,
        actor: Actor, reason: str, scope: Scope,
    ) -> None:  # fmt: skip
        """Rows with the spelt scenario and its result as files of each owner: all of it or nothing."""
        wide = replace(
            scope, layers=None if scope.layers is None else scope.layers | WRITTEN,
            writable=None if scope.writable is None else scope.writable | WRITTEN, enterprises=None,
        )  # fmt: skip
        stamp = f"{at.astimezone(CHINA):%Y%m%d-%H%M%S}"
        named_ = ((files[0], "scenario.yaml", YAML), (files[1], f"result-{stamp}.json", JSON))
        with ExitStack() as held:
            owned = [(layer, owner, [held.enter_context(self.cabinet.made(*one)) for one in named_])
                     for layer, owner in owners]  # fmt: skip
            self.cabinet.keep_with(edits, owned, actor=actor, reason=reason, scope=wide)

    def rounds(self, code: str, scope: Scope, *, most: int = 50) -> list[IncidentScenario]:
        """The rounds of an incident, the newest first."""
        if not INCIDENT_SCENARIOS.visible(scope):
            return []
        query = Query(where=Compare("incident", Op.EQ, code), order=(Order("number", descending=True),), limit=most)
        rows = self.desk.store.read(INCIDENT_SCENARIOS, query, scope=scope).to_pylist()
        found = [record_of(INCIDENT_SCENARIOS, row, scope) for row in rows]
        return [one for one in found if isinstance(one, IncidentScenario)]

    def standing(self, code: str, caller: Caller) -> Standing | None:
        """The newest round held against now; None where nothing was computed. Who is inside is recorded as read."""
        incident = self.desk.find(code, scope=caller.scope).row
        rounds = self.rounds(code, caller.scope, most=2)
        if not rounds:
            return None
        newest, now = self.read(rounds[0], caller), self.desk.clock()
        filled = self.filled_again(incident, newest.row, caller.scope)
        return Standing(
            round=newest, before=rounds[1] if len(rounds) > 1 else None,
            before_result=self.result(rounds[1], caller.scope) if len(rounds) > 1 else None, now=filled,
            changed=changed(newest.row, filled), at=now,
            falling=self.falling(incident, newest, caller.scope, newest.row.begun_at)
            if incident.state in OPEN else (),
        )  # fmt: skip

    def since(self, incident: Incident, scope: Scope) -> Text | None:
        """What has changed since the newest round was computed, in words; None where nothing has."""
        rounds = self.rounds(incident.code, scope, most=1)
        what = changed(rounds[0], self.filled_again(incident, rounds[0], scope)) if rounds else ()
        if not what:
            return None
        names = [titled(rounds[0].release, one.name) for one in what]
        zh, en = "、".join(one.zh for one in names), ", ".join(one.en for one in names)
        return Text(f"计算后已变:{zh}", f"changed since it was computed: {en}")

    def filled_again(self, incident: Incident, row: IncidentScenario, scope: Scope) -> Prefill:
        """What registers and stations say now of what a round was made of.

        Where another station is the nearest with a fresh wind, what it does not read is taken of the one before.
        """
        made_of, now = json.loads(row.asked), self.desk.clock()
        source = made_of["source"] if made_of["source_chosen"] else None
        chosen = None if source is None else (source[0], source[1])
        station = made_of["station"] if made_of["station_chosen"] else None
        store, kind = self.desk.store, row.release
        filled = prefill(store, incident, scope=scope, now=now, kind=kind, source=chosen, station=station)
        if filled.station == made_of["station"] or not made_of["station"]:
            return filled
        before = prefill(store, incident, scope=scope, now=now, kind=kind, source=chosen, station=made_of["station"])
        return filled.completed(before)

    def avoided(self, code: str, scope: Scope) -> tuple[tuple[Avoided, ...], Approach | None]:
        """What routes keep out of because of an incident, in space and time, and its source with its wind.

        Nothing where the incident has no scenario: a route says itself what it avoided.
        """
        incident = self.desk.find(code, scope=scope).row
        rounds = self.rounds(code, scope, most=1)
        if not rounds:
            return (), None
        row = rounds[0]
        result = self.result(row, scope)
        front = front_from(json.loads(row.front))
        title = f"{incident.title[:30]} {KINDS[row.release].zh}影响区"
        return (
            avoided(result.zones, front, row.begun_at, title),
            Approach(source=result.source, wind_from=front.wind_from),
        )

    def computed(self, row: Incident, asked: Asked, caller: Caller) -> Drawn:
        """What a person checked, computed: nothing is kept, what was listed of the city is recorded as read."""
        filled = prefill(
            self.desk.store, row, scope=caller.scope, now=self.desk.clock(), kind=asked.kind, source=asked.source,
            station=asked.station,
        )  # fmt: skip
        found = self.drawn(row, asked, filled, caller)
        self.planning.record(found.one, caller, kind=Kind.READ, door=DOOR)
        return found

    def drawn(self, row: Incident, asked: Asked, filled: Prefill, caller: Caller) -> Drawn:
        """The same of a prefill that is there already, recorded by nobody."""
        if asked.kind not in {id for id, _ in filled.kinds}:
            raise BadInputError(Text(f"不能按“{asked.kind[:40]}”推演", "no such kind of release"), field="kind")
        given = spelt_out(row, asked, filled)
        one = self.planning.computed(given, caller)
        zones = one.result.zones
        if asked.kind not in ROUND and any(zone.band is None for zone in zones):
            limit = chain_limits()["spread_unknown"]
            spread, wind = limit.value, one.scenario.weather.wind_from
            note = Text(
                f"没有足够的风向历史,不确定带按风向偏转 ±{spread:g}° 画(未核实)",
                f"no station has enough of a past: the band takes a turn of ±{spread:g}° (unverified)",
            )
            banded = tuple(with_band(zone, wind, spread) for zone in zones)
            result = replace(one.result, zones=banded, notes=(*one.result.notes, note))
            one = replace(one, result=result)
        one = self._ended(one, caller)
        most = self.planning.at_most(one.result.zones, caller.scope)
        front = front_of(scenario(one.result.receipt.given), max((z.distance for z in one.result.zones), default=0.0))
        return Drawn(one=one, most=most, front=front, made_of=MadeOf.of(one, filled, asked))

    def _ended(self, one: Computed, caller: Caller) -> Computed:
        """Fires and blasts with how far they may reach otherwise by what is published, or with that nothing is."""
        if one.scenario.release.kind not in EXPLAINED:
            return one
        known = self.planning.spread(one.scenario.place.point, caller.scope)
        spread = chain_limits()["spread_unknown"].value if known is None else known
        zones, none = with_ends(scenario(one.result.receipt.given), one.result.zones, spread)
        told = next((zone.ends.basis for zone in zones if zone.ends is not None), none)
        notes = one.result.notes if told is None else (*one.result.notes, told)
        return replace(one, result=replace(one.result, zones=zones, notes=notes))

    def _written(self, found: Found, drawn: Drawn, by: By) -> tuple[list[Edit], str, Part]:
        """The edits of a round, its line of the log, and what is kept with it."""
        incident, now, one = found.row, self.desk.clock(), drawn.one
        last = self.rounds(incident.code, SYSTEM_SCOPE, most=1)
        number = last[0].number + 1 if last else 1
        given, result = spelt(one.scenario).encode(), one.result.to_json()
        made = Made(
            code=f"QJ{now.astimezone(CHINA):%Y%m%d}-{new_id().replace('-', '')[-12:]}", by=by.name, at=now,
            area=incident.area, account=by.account, enterprise=self._firm(one, incident, by.scope),
            chemical_name=named(one.scenario.chemical),
        )  # fmt: skip
        rows = kept(one.scenario, one.result, one.inside.people, made)
        layers = scenario_layers(incident.exercise)
        real, *shapes = (played(row) if incident.exercise else row for row in rows.rows)
        assert isinstance(real, KeptScenario)
        edits: list[Edit] = [Put(layer=layers[0].id, record=real, expected=0)]
        edits += [Put(layer=layers[1 if isinstance(row, ScenarioZone) else 2].id, record=row) for row in shapes]
        edits += self._superseded(incident, number, now)
        row = IncidentScenario(
            **self.told_of(incident, drawn, (given, result)), code=f"{incident.code}/Q{number:02d}", number=number,
            scenario=real.code, by=by.name, account=by.account,
            geometry=shapely.Point(one.result.source.lon, one.result.source.lat),
        )  # fmt: skip
        refs = (f"{INCIDENT_SCENARIOS.id}/{row.code}", f"{layers[0].id}/{real.code}")
        note = f";{drawn.made_of.note}" if drawn.made_of.note else ""
        text = f"{said(one, drawn.most, number)}{note}"[:2000]
        line = self.desk.line(incident, "model", text, by, now, refs=refs)
        names = incident.model_copy(update={"scenario": real.code})
        edits += [
            Put(layer=INCIDENT_SCENARIOS.id, record=row, expected=0),
            Put(layer=layer_of(incident).id, record=names, expected=found.version),
            Put(layer=INCIDENT_LOG.id, record=line, expected=0),
        ]
        return edits, line.code, (row, real, given, result)

    def told_of(self, incident: Incident, drawn: Drawn, files: tuple[bytes, bytes]) -> Json:
        """What a row says of a computation, whether it is a round or a projection."""
        one, made_of = drawn.one, drawn.made_of
        return {
            "incident": incident.code, "exercise": incident.exercise, "title": one.scenario.title,
            "release": one.scenario.release.kind, "chemical": one.scenario.chemical,
            "chemical_name": named(one.scenario.chemical), "begun_at": made_of.begun_at,
            "computed_at": one.result.receipt.computed_at,
            "origins": json.dumps(made_of.origins, ensure_ascii=False),
            "offered": json.dumps(made_of.offered, ensure_ascii=False), "asked": json.dumps(made_of.asked),
            "front": json.dumps(front_told(drawn.front)), "chosen": made_of.note,
            "farthest": max((zone.distance for zone in one.result.zones), default=0.0),
            "valid": not one.result.outside, "verified": one.result.verified,
            "fingerprint": one.result.receipt.fingerprint, "scenario_sha256": sha256(files[0]),
            "result_sha256": sha256(files[1]), "area": incident.area, "sensitivity": Sensitivity.INTERNAL,
            "observed_at": one.scenario.weather.observed_at,
        }  # fmt: skip

    def _superseded(self, incident: Incident, number: int, now: datetime) -> list[Edit]:
        """The scenario before off every map: where two rounds lie, nobody knows which one holds."""
        store, (layer, *drawn) = self.desk.store, scenario_layers(incident.exercise)
        try:
            before = store.get(layer, incident.scenario, scope=SYSTEM_SCOPE)
        except NotFoundError:
            return []
        assert isinstance(before.record, KeptScenario)
        if before.record.state != "current":
            return []
        after = withdrawn(before.record, at=now, why=f"由事件第 {number} 轮推演取代")
        mine = Query(where=Compare("scenario", Op.EQ, incident.scenario), fields=("code",), geometry=False)
        gone = [
            Delete(layer=one.id, key=key)
            for one in drawn
            for key in store.read(one, mine, scope=SYSTEM_SCOPE)["code"].to_pylist()
        ]
        return [Put(layer=layer.id, record=after, expected=before.version), *gone]

    def _firm(self, one: Computed, incident: Incident, scope: Scope) -> str:
        found = hazard_of(self.desk.store, one.scenario.hazard_source or "", scope=scope)
        return found.enterprise if isinstance(found, HazardSource) else incident.enterprise

    def read(self, row: IncidentScenario, caller: Caller) -> Round:
        """A round or a projection with who is inside now, as this caller may see it; recorded as read."""
        key, now = _reader(row, caller), self.desk.clock()
        known = self.remembered.get(key)
        if known is not None and now < known[0]:
            return known[1]
        result = self.result(row, caller.scope)
        one = self.planning.told(scenario(result.receipt.given), result, caller)
        self.planning.record(one, caller, kind=Kind.READ, door=DOOR)
        found = Round(row=row, one=one, most=self.planning.at_most(result.zones, caller.scope),
                      front=front_from(json.loads(row.front)))  # fmt: skip
        self._remember(found, caller)
        return found

    def _remember(self, found: Round, caller: Caller) -> None:
        while len(self.remembered) >= MOST_REMEMBERED:
            self.remembered.pop(next(iter(self.remembered)), None)
        self.remembered[_reader(found.row, caller)] = (self.desk.clock() + REMEMBERED, found)

    def result(self, row: IncidentScenario, scope: Scope) -> Result:
        """What it came to, as it was kept."""
        return result_of(self.file(row, row.result_sha256, scope))

    def file(self, row: IncidentScenario, mark: str, scope: Scope) -> bytes:
        """A file of a round or a projection by its SHA-256."""
        layer = INCIDENT_PROJECTIONS if isinstance(row, IncidentProjection) else INCIDENT_SCENARIOS
        files = self.cabinet.of(layer, row.code, scope=scope)
        found = next((one for one in files if one.record.sha256 == mark), None)
        if found is None or not found.path.is_file():
            raise NotFoundError(Text(f"推演 {row.code} 的结果文件缺失", f"the result file of {row.code} is missing"))
        return found.path.read_bytes()

    def falling(
        self, incident: Incident, newest: Round, scope: Scope, begun: datetime | None
    ) -> tuple[Falling, ...]:  # fmt: skip
        """What must not be in a zone unwarned and is, or will be; `begun`: since when the cloud goes there."""
        zones = newest.one.result.zones
        shapes = [shape for zone in zones for shape in (zone.shape, zone.band) if shape is not None]
        ground = shapely.union_all(shapes)
        if ground.is_empty:
            return ()
        watched = [one for watch in WATCHERS for one in watch(self.desk.store, incident, ground, scope)]
        return falling(watched, zones, newest.front, begun, self.desk.clock())


def changed(row: IncidentScenario, filled: Prefill) -> tuple[Change, ...]:
    """What registers and stations say otherwise now than when a round was computed, beyond the limits."""
    then, now = compared(json.loads(row.offered), row.release), compared(filled.values, row.release)
    return changes(then, now)


def _reader(row: IncidentScenario, caller: Caller) -> tuple[str, str]:
    return row.code, f"{caller.account or caller.key or caller.actor.id} {caller.post}"
