"""Projections: the newest round of an incident computed again of what is true now, kept apart until a person adopts it.

Nothing here replaces a round. A change is projected once it has lasted, at most one projection of an incident stands at
a time, and one that was not adopted is not made again of the same values.
"""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import shapely
from shapely.geometry.base import BaseGeometry

from app.incidents.chain import ChainDesk, Drawn, MadeOf, Round, Standing, changed
from app.incidents.desk import By, Found, Told
from app.incidents.prefill import Prefill
from app.incidents.rounds import Asked, compared, front_from
from app.incidents.wording import projected_words, titled
from core.actors import Actor
from core.caller import Caller, UserClass
from core.errors import BadInputError, ConflictError, NotFoundError, OneMapError
from core.ids import new_id
from core.scope import SYSTEM_SCOPE, Scope
from core.texts import Text
from core.units import Second
from emergency.incidents.changes import Change, chain_limits, changes
from emergency.incidents.falling import Falling
from emergency.incidents.life import OPEN
from emergency.scenario import read_scenario, spelt
from emergency.zones import Zone
from layers.catalogue import EXERCISES, INCIDENT_LOG, INCIDENT_PROJECTIONS, INCIDENTS
from layers.catalogue.incidents import Incident
from layers.catalogue.incidentscenarios import IncidentProjection, IncidentScenario
from layers.filters import Compare, In, Op
from store.feed import Edit, Put
from store.query import Order, Query
from store.rows import record_of

LOOKED_AT = frozenset({
    "weather_stations", "tanks", "hazard_sources", "incidents", "exercise_incidents", "incident_scenarios",
    "incident_projections",
})  # fmt: skip
MOST = 200
AUTHOR = Actor(id="projection", name="系统自动推算", door="job")
BY = By(actor=AUTHOR, scope=SYSTEM_SCOPE, account="projection")
CALLER = Caller(actor=AUTHOR, scope=SYSTEM_SCOPE, account="projection", user_class=UserClass.SYSTEM)
WIND = ("weather.wind_from", "weather.wind_speed")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What an incident waits for, since when, and when the new wind was read first."""

    want: str
    since: datetime
    turned_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """The projection that stands beside a round, or why there is none where something has changed.

    `since` is what has changed after it was made; `again` when the next is made at the earliest.
    """

    row: IncidentProjection | None = None
    round: Round | None = None
    falling: tuple[Falling, ...] = ()
    begun: datetime | None = None
    why_none: Text | None = None
    since: tuple[Change, ...] = ()
    again: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Projections:
    """Makes, reads and settles projections; `held` and `refused` are this process's own memory.

    `settled` is how long a change lasts by the site's own choice; None: as `chain_limits.csv` has it.
    """

    chain: ChainDesk
    settled: Second | None = None
    held: dict[str, Held] = field(default_factory=dict)
    refused: dict[str, tuple[str, dict[str, object], Text]] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)

    @property
    def lasting(self) -> Second:
        """How long a change has lasted before it is projected."""
        return chain_limits()["settled"].value if self.settled is None else self.settled

    def look(self) -> str | None:
        """Look at every open incident once; the number of the projection that was made, one at most."""
        store = self.chain.desk.store
        before, head = self.seen.get("head", -1), store.head()
        news = before < 0 or bool(store.feed(after=before, scope=SYSTEM_SCOPE, layers=LOOKED_AT, limit=1))
        self.seen["head"] = head
        if not news and not self.held:
            return None
        rows = [row for layer in (INCIDENTS, EXERCISES) for row in self._open(layer.id)]
        for gone in self.held.keys() - {row.code for row in rows}:
            del self.held[gone]
        for row in rows:
            try:
                made = self._looked(row)
            except OneMapError as refused:
                _log.info("no projection of %s: %s", row.code, refused.text.en)
                continue
            if made is not None:
                self.seen["head"] = before  # those that were not looked at this time
                return made
        return None

    def standing(self, standing: Standing, caller: Caller) -> Proposed:
        """What stands beside a round, as this caller may see it; who is inside is recorded as read."""
        row, last = standing.round.row, self.newest(standing.round.row.incident, caller.scope)
        incident = self.chain.desk.find(row.incident, scope=caller.scope).row
        if incident.state not in OPEN:
            return Proposed()
        if last is not None and last.state == "proposed" and last.of_round == row.code:
            begun = max((at for at in (last.begun_at, last.turned_at) if at is not None), default=None)
            found = self.chain.read(last, caller)
            falling = self.chain.falling(incident, found, caller.scope, begun)
            since = _since(last, standing.now)
            again = last.computed_at + timedelta(seconds=chain_limits()["again"].value)
            return Proposed(row=last, round=found, falling=falling, begun=begun, since=since, again=again)
        if not standing.changed:
            return Proposed()
        plan = planned(row, standing.now, standing.changed)
        if isinstance(plan, Text):
            return Proposed(why_none=plan)
        refused = self.refused.get(row.incident)
        if refused is not None and refused[0] == row.code:
            return Proposed(why_none=refused[2])
        if last is not None and _covers(last, row, standing.now):
            return Proposed(why_none=Text(f"{last.decided_by}决定不采用:{last.why}", f"not adopted: {last.why}"))
        waits = Text(
            f"变化持续 {self.lasting:.0f} 秒后自动推算", f"projected once the change has lasted {self.lasting:.0f} s"
        )
        return Proposed(why_none=waits)

    def newest(self, code: str, scope: Scope) -> IncidentProjection | None:
        """The newest projection of an incident, whatever became of it."""
        store = self.chain.desk.store
        layer = store.catalogue.find(INCIDENT_PROJECTIONS.id, scope)
        if layer is None:
            return None
        query = Query(where=Compare("incident", Op.EQ, code), order=(Order("number", descending=True),), limit=1)
        rows = store.read(layer, query, scope=scope).to_pylist()
        found = record_of(layer, rows[0], scope) if rows else None
        return found if isinstance(found, IncidentProjection) else None

    def adopt(self, code: str, projection: str, *, by: By, caller: Caller, command: str) -> Told:
        """The projection as it was shown becomes the next round of its incident."""
        ready: list[Drawn] = []

        def drawn(found: Found) -> tuple[Drawn, list[Edit]]:
            row, version = self._proposed(code, projection, by.scope)
            if not ready:
                ready.append(self._again(row, caller))
            number = self.chain.rounds(code, SYSTEM_SCOPE, most=1)[0].number + 1
            settled = self._settled(row, "adopted", by.name, adopted_as=f"{code}/Q{number:02d}")
            return ready[0], [Put(layer=INCIDENT_PROJECTIONS.id, record=settled, expected=version)]

        return self.chain.keep(code, drawn, by=by, caller=caller, command=command, what="adopt")

    def dismiss(self, code: str, projection: str, *, why: str, by: By, command: str) -> Told:
        """The projection is not adopted, with the reason in the log; of the same values it is not made again."""
        if not why.strip():
            raise BadInputError(Text("须写明不采用的原因", "say why it is not adopted"), field="why")

        def make() -> tuple[list[Edit], str, str]:
            found, now = self.chain.desk.find(code, scope=by.scope), self.chain.desk.clock()
            row, version = self._proposed(code, projection, by.scope)
            settled = self._settled(row, "dismissed", by.name, why=why)
            text = f"不采用自动推算 {row.code}:{why}"[:2000]
            refs = (f"{INCIDENT_PROJECTIONS.id}/{row.code}",)
            line = self.chain.desk.line(found.row, "decision", text, by, now, refs=refs)
            put = Put(layer=INCIDENT_PROJECTIONS.id, record=settled, expected=version)
            return [put, Put(layer=INCIDENT_LOG.id, record=line, expected=0)], code, line.code

        return self.chain.desk.once("dismiss", command, by, make, "不采用自动推算")

    def _again(self, row: IncidentProjection, caller: Caller) -> Drawn:
        """What was projected, as it was kept: the very zones that were shown."""
        wish = read_scenario(self.chain.file(row, row.scenario_sha256, caller.scope).decode())
        one = self.chain.planning.told(wish, self.chain.result(row, caller.scope), caller)
        made_of = MadeOf(
            origins=json.loads(row.origins), offered=json.loads(row.offered), asked=json.loads(row.asked),
            begun_at=row.begun_at, note=f"采用自动推算 {row.code}",
        )  # fmt: skip
        return Drawn(
            one=one, most=self.chain.planning.at_most(one.result.zones, caller.scope),
            front=front_from(json.loads(row.front)), made_of=made_of,
        )  # fmt: skip

    def _proposed(self, code: str, projection: str, scope: Scope) -> tuple[IncidentProjection, int]:
        """The projection that waits for a decision. Raises ConflictError where it does no more."""
        stored = self.chain.desk.store.get(INCIDENT_PROJECTIONS, projection, scope=scope)
        row = stored.record
        assert isinstance(row, IncidentProjection)
        if row.incident != code:
            raise NotFoundError(Text(f"没有推算“{projection[:40]}”", f"no projection {projection[:40]!r}"))
        newest = self.chain.rounds(code, SYSTEM_SCOPE, most=1)
        if row.state != "proposed" or not newest or newest[0].code != row.of_round:
            raise ConflictError(
                Text(f"推算 {row.code} 已被处理或已过时,请重新查看", f"{row.code} is settled or out of date"),
                state=row.state,
            )
        return row, stored.version

    def _settled(
        self, row: IncidentProjection, state: str, by: str, *, why: str = "", adopted_as: str = ""
    ) -> IncidentProjection:
        return row.model_copy(update={
            "state": state, "decided_at": self.chain.desk.clock(), "decided_by": by, "why": why[:400],
            "adopted_as": adopted_as,
        })  # fmt: skip

    def _open(self, layer: str) -> list[Incident]:
        """Incidents in hand that have a scenario."""
        store = self.chain.desk.store
        kept = store.catalogue.find(layer, SYSTEM_SCOPE)
        if kept is None:
            return []
        query = Query(where=In("state", tuple(one.value for one in OPEN)), limit=MOST)
        found = [record_of(kept, row, SYSTEM_SCOPE) for row in store.read(kept, query, scope=SYSTEM_SCOPE).to_pylist()]
        return [row for row in found if isinstance(row, Incident) and row.scenario]

    def _looked(self, incident: Incident) -> str | None:
        """One incident: what it waits for is remembered, and done once it has lasted."""
        code, now, limits = incident.code, self.chain.desk.clock(), chain_limits()
        rounds = self.chain.rounds(code, SYSTEM_SCOPE, most=1)
        if not rounds:
            self.held.pop(code, None)
            return None
        newest, last = rounds[0], self.newest(code, SYSTEM_SCOPE)
        if last is not None and last.state == "proposed" and last.of_round != newest.code:
            self._lapse(last, "已有新一轮推演")
            last = self.newest(code, SYSTEM_SCOPE)
        filled = self.chain.filled_again(incident, newest, SYSTEM_SCOPE)
        what = changed(newest, filled)
        plan = planned(newest, filled, what) if what else None
        stands = last is not None and last.state == "proposed"
        want = ""
        if isinstance(plan, Asked) and not self._covered(last, newest, filled):
            want = "project"
        elif not what and stands:
            want = "lapse"
        before = self.held.get(code)
        if not want:
            self.held.pop(code, None)
            return None
        if before is None or before.want != want:
            before = self.held[code] = Held(want=want, since=now, turned_at=_turned(filled, what))
        if now - before.since < timedelta(seconds=self.lasting):
            return None
        if want == "lapse" and last is not None:
            self._lapse(last, "登记和实测值已回到该轮推演的范围内")
            self.held.pop(code, None)
            return None
        if last is not None and now - last.computed_at < timedelta(seconds=limits["again"].value):
            return None
        self.held.pop(code, None)
        assert isinstance(plan, Asked)
        return self._made(incident, newest, plan, filled, what, before.turned_at)

    def _covered(self, last: IncidentProjection | None, newest: IncidentScenario, filled: Prefill) -> bool:
        refused = self.refused.get(newest.incident)
        if refused is not None:
            then = compared(refused[1], newest.release)
            if refused[0] == newest.code and not changes(then, compared(filled.values, newest.release)):
                return True
            del self.refused[newest.incident]
        return last is not None and last.state in ("proposed", "dismissed") and _covers(last, newest, filled)

    def _made(
        self, incident: Incident, newest: IncidentScenario, plan: Asked, filled: Prefill, what: Sequence[Change],
        turned_at: datetime | None,
    ) -> str | None:  # fmt: skip
        try:
            drawn = self.chain.drawn(incident, plan, filled, CALLER)
        except BadInputError as refused:
            reason = Text(f"按当前条件不能推算:{refused.text.zh}", f"it cannot be projected: {refused.text.en}")
            self.refused[incident.code] = (newest.code, dict(filled.values), reason)
            return None
        result = drawn.one.result
        files = spelt(drawn.one.scenario).encode(), result.to_json()
        words = projected_words(newest.release, what, filled, result.zones)
        rows: list[IncidentProjection] = []

        def make() -> tuple[list[Edit], str, str]:
            found, now = self.chain.desk.find(incident.code, scope=SYSTEM_SCOPE), self.chain.desk.clock()
            if found.row.state not in OPEN or found.row.scenario != incident.scenario:
                raise ConflictError(Text("事件已有新一轮推演", "there is another round"), code=incident.code)
            last = self.newest(incident.code, SYSTEM_SCOPE)
            number = last.number + 1 if last is not None else 1
            told = self.chain.told_of(found.row, drawn, files)
            row = IncidentProjection(
                **told, code=f"{incident.code}/T{number:02d}", number=number, scenario=incident.scenario,
                by=AUTHOR.name, account=BY.account, of_round=newest.code, turned_at=turned_at, told=words.zh[:1000],
                told_en=words.en[:1000], geometry=_widest(result.zones),
            )  # fmt: skip
            rows[:] = [row]
            refs = (f"{INCIDENT_PROJECTIONS.id}/{row.code}",)
            of = "当前风" if turned_at is not None else "当前条件"
            text = f"按{of}自动推算 {row.code},未采用。{words.zh}"[:2000]
            line = self.chain.desk.line(found.row, "system", text, BY, now, refs=refs)
            edits: list[Edit] = [
                Put(layer=INCIDENT_PROJECTIONS.id, record=row, expected=0),
                Put(layer=INCIDENT_LOG.id, record=line, expected=0),
            ]
            if last is not None and last.state == "proposed":
                edits.append(Put(
                    layer=INCIDENT_PROJECTIONS.id, record=self._settled(last, "lapsed", "", why="已有更新的推算")
                ))  # fmt: skip
            return edits, incident.code, line.code

        def commit(edits: list[Edit], actor: Actor, reason: str, scope: Scope) -> None:
            owners = ((INCIDENT_PROJECTIONS, rows[0]),)
            self.chain.commit(edits, owners, files, rows[0].computed_at, actor, reason, scope)

        self.chain.desk.once("project", new_id(), BY, make, "按当前条件推算", commit)
        return rows[0].code

    def _lapse(self, row: IncidentProjection, why: str) -> None:
        """It is out of date: taken off the maps, and kept."""
        put = Put(layer=INCIDENT_PROJECTIONS.id, record=self._settled(row, "lapsed", "", why=why))
        self.chain.desk.store.commit([put], actor=AUTHOR, reason=why, scope=SYSTEM_SCOPE)


def planned(row: IncidentScenario, filled: Prefill, what: Sequence[Change]) -> Asked | Text:
    """The inputs of a round as they are now: what a person typed stays; or why nothing is projected.

    Nothing is guessed: a value that nobody tells any more, and a wind that is stale, wait for a person.
    """
    inputs = {str(one["name"]): one for one in json.loads(row.origins)}
    moved = {name for one in what for name in (("place.lon", "place.lat") if one.name == "place" else (one.name,))}
    if not any(name in inputs and not inputs[name]["typed"] for name in moved):
        return Text("变化的输入在该轮由人工填写,不自动推算", "what has changed was typed for that round")
    if row.release not in {id for id, _ in filled.kinds}:
        return Text("事件类型已变,须人工选择释放方式", "the kind of incident is another: choose a kind of release")
    values = {}
    for name, one in inputs.items():
        now = filled.of(name)
        if one["typed"] or (now is None and one["default"]):
            values[name] = one["value"]
            continue
        if now is None or now.value is None:
            title = titled(row.release, name)
            return Text(f"{title.zh}须人工填写,没有自动推算", f"{title.en} is to be filled in: nothing is projected")
        if name in moved and name.startswith("weather.") and now.origin is not None and now.origin.stale:
            return Text("没有新的气象读数,没有自动推算", "no fresh weather: nothing is projected")
        values[name] = now.value
    made_of = json.loads(row.asked)
    source = made_of["source"] if made_of["source_chosen"] else None
    return Asked(
        kind=row.release, values=values, source=None if source is None else (source[0], source[1]),
        station=made_of["station"] if made_of["station_chosen"] else None, begun_at=row.begun_at,
    )  # fmt: skip


def _covers(last: IncidentProjection, newest: IncidentScenario, filled: Prefill) -> bool:
    """The newest projection was made of this round and of values that still hold."""
    return last.of_round == newest.code and not _since(last, filled)


def _since(last: IncidentProjection, filled: Prefill) -> tuple[Change, ...]:
    """What is said otherwise now than when a projection was made."""
    return changes(compared(json.loads(last.offered), last.release), compared(filled.values, last.release))


def _turned(filled: Prefill, what: Sequence[Change]) -> datetime | None:
    """When the wind that is new was read; None where it was not the wind."""
    winds = [filled.of(one.name) for one in what if one.name in WIND]
    read = [one.origin.at for one in winds if one is not None and one.origin is not None and one.origin.at is not None]
    return max(read, default=None)


def _widest(zones: Sequence[Zone]) -> BaseGeometry | None:
    reached = [one for one in zones if one.reached]
    if not reached:
        return None
    shape = max(reached, key=lambda one: one.level.severity).shape
    parts = [part for part in shapely.get_parts(shapely.get_parts(shape)) if part.geom_type == "Polygon"]
    return shapely.MultiPolygon(parts) if parts else None
