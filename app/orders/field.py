"""What a team tells from outside: steps of its orders, notes, photographs, where it is; kept offline, merged once.

A phone says when each was told by its own clock and what that clock says now: how long ago it was holds however wrong
the clock is. What was told is written in its order, once by key, whatever became of the order meanwhile.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyarrow as pa

from app.incidents.desk import By, Found, Told
from app.orders.desk import BOOKED, REF, OrderDesk
from core.actors import Actor
from core.clock import CHINA
from core.errors import BadInputError, ForbiddenError
from core.scope import SYSTEM_SCOPE, Scope
from core.texts import Text
from core.units import Metre
from gis.shapes import LonLat
from layers.catalogue import INCIDENT_LOG, TEAMS
from layers.catalogue.incidents import KEPT
from layers.catalogue.orders import IncidentOrder
from layers.catalogue.resources import Team
from store.attachments import Cabinet
from store.feed import Edit, Put
from store.protocol import Store
from store.series.days import READINGS
from store.series.readings import Series

OLDEST = timedelta(days=7)
"""A position that a phone kept for longer than this, by its own word, has no time (ours)."""
LATE = timedelta(minutes=1)
"""What was told longer ago than this says so."""
SAME = timedelta(seconds=3)
"""A place told again within this is the same one, sent again because its answer was lost: a phone tells every 15 s."""
LON, LAT, OFF = "lon", "lat", "accuracy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When something was told by the clock of the phone, and what that clock said as it was sent."""

    at: datetime
    sent: datetime

    def happened(self, now: datetime, since: datetime) -> datetime:
        """By our clock: as long before now as the phone says it was, never later than now.

        Nothing is told of an order before it was given (`since`): then the clock of the phone was set in between.
        """
        since = min(since, now)
        ago = max(self.sent - self.at, timedelta(0))
        return since if ago > now - since else now - ago

    def said(self) -> str:
        """What the log says of a thing that was told later, or by a clock that was set back in between."""
        device = f"设备时间 {self.at.astimezone(CHINA):%m-%d %H:%M:%S}"
        if self.at - self.sent > LATE:
            return f"(设备时钟改过,发生时间不可靠,{device})"
        return f"(离线补报,{device})" if self.sent - self.at > LATE else ""

    def dated(self) -> bool:
        """How long ago it was can be said: a clock that was set in between says a span that cannot be."""
        return -LATE <= self.sent - self.at <= OLDEST


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Where a team was, when, and how far that may be off."""

    team: str
    at: datetime
    place: LonLat
    accuracy: Metre | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """What teams may do with their own orders, and where they are."""

    desk: OrderDesk
    cabinet: Cabinet
    series: Series

    @property
    def store(self) -> Store:
        """Where orders are kept."""
        return self.desk.store

    def team(self, key: str) -> Team:
        """A team by its key, with its own place."""
        row = self.store.get(TEAMS, key, scope=SYSTEM_SCOPE).record
        assert isinstance(row, Team)
        return row

    def own(self, order: str, team: str) -> IncidentOrder:
        """An order of the team. ForbiddenError for another's, which is told no more of."""
        row, _ = self.desk.find(order, scope=SYSTEM_SCOPE)
        if row.team != team:
            raise ForbiddenError(Text("不是本队的指令", "it is no order of your team"))
        return row

    def by(self, row: IncidentOrder, team: str, actor: Actor, account: str) -> By:
        """Who writes for a team: in the areas of the incident and of the team, nowhere else."""
        areas = tuple({row.area, self.team(team).area})
        scope = Scope(areas=areas, clearance=SYSTEM_SCOPE.clearance, writable=BOOKED)
        return By(actor=actor, scope=scope, account=account)

    def step(
        self, row: IncidentOrder, act: str, moment: Moment, *, by: By, command: str, why: str, place: LonLat | None,
        takes: timedelta | None,
    ) -> Told:  # fmt: skip
        """A step as the team took it; `takes` is how long the way is where it leaves."""
        happened = moment.happened(self.desk.incidents.clock(), row.at)
        return self.desk.step(
            row.code, act, by=by, command=command, why=why, happened_at=happened, told=moment.said(), late=True,
            eta=None if takes is None else happened + takes, place=place,
        )  # fmt: skip

    def note(
        self, row: IncidentOrder, text: str, moment: Moment, *, by: By, command: str, place: LonLat | None
    ) -> Told:
        """A line of the log of its incident."""
        said = f"{row.to_name}:{text}{moment.said()}"
        return self.desk.incidents.note(
            row.incident, "note", said[:2000], by=by, command=command, place=place, refs=(f"{REF}{row.code}",),
            happened_at=moment.happened(self.desk.incidents.clock(), row.at),
        )  # fmt: skip

    def photo(
        self, row: IncidentOrder, blocks: Iterable[bytes], name: str, moment: Moment, *, by: By, command: str,
        text: str, place: LonLat | None,
    ) -> Told:  # fmt: skip
        """A photograph kept with the incident, and its line of the log, in one transaction."""
        incidents = self.desk.incidents
        with self.cabinet.draft(blocks, name) as draft:
            if not draft.media_type.startswith("image/"):
                raise BadInputError(Text("只收照片", "photographs only"), field="file")
            held: list[Found] = []

            def make() -> tuple[list[Edit], str, str]:
                found, now = incidents.find(row.incident, scope=by.scope), incidents.clock()
                held[:] = [found]
                line = incidents.line(
                    found.row, "photo", f"{row.to_name}:{text or '现场照片'}{moment.said()}"[:2000], by, now,
                    happened_at=moment.happened(now, row.at), place=place,
                    refs=(f"{REF}{row.code}", f"{KEPT}{draft.sha256}"),
                )  # fmt: skip
                return [Put(layer=INCIDENT_LOG.id, record=line, expected=0)], row.incident, line.code

            def commit(edits: list[Edit], actor: Actor, reason: str, scope: Scope) -> None:
                incident = held[0].row
                layer = self.store.catalogue["exercise_incidents" if incident.exercise else "incidents"]
                self.cabinet.keep_with(edits, [(layer, incident, [draft])], actor=actor, reason=reason, scope=scope)

            return incidents.once("photo", command, by, make, "现场照片", commit)

    def positions(self, team: str, seen: Sequence[tuple[Moment, LonLat, Metre | None]]) -> int:
        """Where the team was, kept as readings: a track is no business of the feed. What has no time is left out."""
        now = self.desk.incidents.clock()
        told = [(moment.happened(now, now - OLDEST), place, off) for moment, place, off in seen if moment.dated()]
        if not told:
            return 0
        known = self._track(team, min(at for at, _, _ in told) - SAME, max(at for at, _, _ in told) + SAME)
        rows = [
            {"layer": TEAMS.id, "key": team, "element": element, "at": at, "value": value, "quality": 0}
            for at, place, off in told
            if not any(abs(at - then) <= SAME and place == there for then, there in known)
            for element, value in ((LON, place.lon), (LAT, place.lat), (OFF, -1.0 if off is None else off))
        ]  # fmt: skip
        self.series.append(pa.Table.from_pylist(rows, schema=READINGS))
        return len(told)

    def _track(self, team: str, start: datetime, end: datetime) -> list[tuple[datetime, LonLat]]:
        """Where the team was in a time, as it is kept."""
        table = self.series.read(TEAMS, [team], start=start, end=end, scope=SYSTEM_SCOPE)
        found: dict[datetime, dict[str, float]] = {}
        for row in table.to_pylist():
            found.setdefault(row["at"], {})[row["element"]] = row["value"]
        return [(at, LonLat(one[LON], one[LAT])) for at, one in found.items() if LON in one and LAT in one]

    def newest(self, teams: Sequence[str]) -> dict[str, Seen]:
        """Where each of some teams was last, if it ever said."""
        if not teams:
            return {}
        table = self.series.latest(TEAMS, list(teams), scope=SYSTEM_SCOPE).to_pylist()
        found: dict[str, dict[str, tuple[datetime, float]]] = {}
        for row in table:
            found.setdefault(row["key"], {})[row["element"]] = (row["at"], row["value"])
        return {
            team: Seen(
                team=team, at=values[LON][0], place=LonLat(values[LON][1], values[LAT][1]),
                accuracy=None if values.get(OFF, (None, -1.0))[1] < 0 else values[OFF][1],
            )
            for team, values in found.items()
            if LON in values and LAT in values
        }  # fmt: skip
