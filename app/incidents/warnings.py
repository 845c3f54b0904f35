"""Warnings of incidents: each paper is linked to its incident, and each step is a line of its log, written together.

Exercises have papers of their own: they go through the same steps, and nothing of them is told outside.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from app.incidents.desk import By, IncidentDesk, Told
from core.errors import NotFoundError
from core.scope import SYSTEM_SCOPE, Scope, Sensitivity
from emergency.incidents.log import entry
from layers.catalogue import (
    EXERCISE_PAPERS,
    EXERCISE_WARNINGS,
    INCIDENT_COMMANDS,
    INCIDENT_LINKS,
    INCIDENT_LOG,
    WARNING_PAPERS,
    WARNINGS,
)
from layers.catalogue.incidents import Incident, IncidentEntry, IncidentLink
from layers.catalogue.warnings import EarlyWarning, WarningPaper
from layers.filters import And, Compare, Op
from layers.layer import Layer
from store.feed import Edit, Put
from store.query import Order, Query

ROLE = "warned"
PLAYED = "YL"
KEPT = frozenset({WARNING_PAPERS.id, WARNINGS.id, EXERCISE_PAPERS.id, EXERCISE_WARNINGS.id})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """Where a warning is kept: the real apart from what is played."""

    papers: Layer
    published: Layer


def rooms_of(code: str) -> Rooms:
    """By the number of a warning or of an incident."""
    if code.startswith(PLAYED):
        return Rooms(papers=EXERCISE_PAPERS, published=EXERCISE_WARNINGS)
    return Rooms(papers=WARNING_PAPERS, published=WARNINGS)


def open_to(scope: Scope) -> Scope:
    """The same areas, with the papers and what is published of them open to writing: who may is asked at the doors."""
    layers = None if scope.layers is None else scope.layers | KEPT
    return replace(scope, layers=layers, writable=(scope.writable or frozenset()) | KEPT)


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningLog:
    """Writes what becomes of a warning into the log of its incident."""

    desk: IncidentDesk

    def done(self, command: str, account: str) -> bool:
        """The account's command was done."""
        kept = self.desk.store.versions(INCIDENT_COMMANDS, f"{account}/{command}", scope=SYSTEM_SCOPE)
        return bool(kept)

    def incident_of(self, code: str) -> str:
        """The incident a warning is of; blank for one that is of none."""
        try:
            kept = self.desk.store.get(INCIDENT_LINKS, f"{rooms_of(code).papers.id}/{code}", scope=SYSTEM_SCOPE).record
        except NotFoundError:
            return ""
        assert isinstance(kept, IncidentLink)
        return kept.incident

    def warnings_of(self, incident: str, *, scope: Scope) -> list[WarningPaper]:
        """Its papers that the caller may see, the newest first."""
        papers = self.desk.store.catalogue.find(rooms_of(incident).papers.id, scope)
        if papers is None:
            return []
        where = And((Compare("incident", Op.EQ, incident), Compare("role", Op.EQ, ROLE)))
        query = Query(where=where, order=(Order("at", descending=True),), geometry=False)
        links = self.desk.store.read(INCIDENT_LINKS, query, scope=SYSTEM_SCOPE)["of_key"].to_pylist()
        found = []
        for key in links:
            try:
                record = self.desk.store.get(papers, key, scope=scope).record
            except NotFoundError:
                continue
            assert isinstance(record, WarningPaper)
            found.append(record)
        return found

    def published_of(self, incident: str, *, scope: Scope) -> list[EarlyWarning]:
        """What of them was published, as it stands or was lifted."""
        found = []
        for paper in self.warnings_of(incident, scope=scope):
            try:
                record = self.desk.store.get(rooms_of(incident).published, paper.code, scope=scope).record
            except NotFoundError:
                continue
            assert isinstance(record, EarlyWarning)
            found.append(record)
        return found

    def begin(self, incident: str, make: Callable[[], WarningPaper], *, by: By, command: str) -> Told:
        """A paper that `make` drafts, its link and its line, in one transaction, once by the key of the command.

        The answer's line refers to the paper.
        """
        wide = replace(by, scope=open_to(by.scope))

        def edits() -> tuple[list[Edit], str, str]:
            paper = make()
            papers = rooms_of(paper.code).papers.id
            row = self.desk.find(incident, scope=by.scope).row
            link = IncidentLink(
                code=f"{papers}/{paper.code}", incident=incident, exercise=row.exercise, of_layer=papers,
                of_key=paper.code, role=ROLE, title=paper.title, at=self.desk.clock(), by=by.name, area=row.area,
                sensitivity=Sensitivity.INTERNAL,
            )  # fmt: skip
            line = self._line(row, f"拟稿预警 {paper.code}:{paper.title}", (link.code,), by)
            kept = [Put(layer=papers, record=paper, expected=0), Put(layer=INCIDENT_LINKS.id, record=link, expected=0)]
            return [*kept, Put(layer=INCIDENT_LOG.id, record=line, expected=0)], incident, line.code

        return self.desk.once("warn", command, wide, edits, "拟稿")

    def keep(
        self, edits: Sequence[Edit], said: str, *, paper: str, incident: str, by: By, command: str, reason: str
    ) -> Told:  # fmt: skip
        """Edits of a warning with the line that tells of them, once by the key of the command."""
        wide = replace(by, scope=open_to(by.scope))

        def make() -> tuple[list[Edit], str, str]:
            row = self.desk.find(incident, scope=by.scope).row
            line = self._line(row, said, (f"{rooms_of(paper).papers.id}/{paper}",), by)
            return [*edits, Put(layer=INCIDENT_LOG.id, record=line, expected=0)], incident, line.code

        return self.desk.once("warn", command, wide, make, reason)

    def _line(self, row: Incident, said: str, refs: tuple[str, ...], by: By) -> IncidentEntry:
        query = Query(
            where=Compare("incident", Op.EQ, row.code), fields=("number",), geometry=False, limit=1,
            order=(Order("number", descending=True),),
        )  # fmt: skip
        last = self.desk.store.read(INCIDENT_LOG, query, scope=SYSTEM_SCOPE)["number"].to_pylist()
        return entry(
            row, (last[0] if last else 0) + 1, "warning", said[:2000], by=by.name, account=by.account,
            at=self.desk.clock(), refs=refs,
        )  # fmt: skip
