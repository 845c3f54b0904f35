"""Reports of incidents as documents: printed, kept with the incident, and written in its log in one transaction.

The line of the log is what the clocks read, so a report that is kept stops its clock and one that is not does not. Each
is printed of the incident as it stood; no later one touches it, and a struck line leaves the paper where it is.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.incidents.desk import By, Found, IncidentDesk, Told, layer_of
from casework.documents.filling import filled_form
from casework.documents.kinds import kind as form_of
from casework.documents.printing import printed
from casework.documents.wording import SAID
from casework.issuing import DOCX, PDF
from casework.press import Made, Press
from core.actors import Actor
from core.canonical import sha256
from core.errors import FaultsError
from core.scope import SYSTEM_SCOPE, Scope
from dashboards.queries.wording import area_names
from emergency.incidents.clocks import Reported, clocks
from emergency.incidents.log import REPORTS, SENT, entry, reports_in
from emergency.incidents.reports import FORM, PAPERS, allowed, words
from emergency.incidents.reports import Told as Facts
from layers.catalogue import INCIDENT_LOG
from layers.catalogue.incidents import KEPT, Incident, IncidentEntry
from store.attachments import Attached, Cabinet
from store.feed import Edit, Put

DRILL = "演练"
"""What lies across every page of a report that is played."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A report on paper, and the moment whose facts it tells."""

    at: datetime
    name: str
    files: Made


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report that was made: its line of the log and its files."""

    line: IncidentEntry
    kind: str
    serial: int
    files: tuple[Attached, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporting:
    """Makes the reports of one desk and finds them again."""

    desk: IncidentDesk
    cabinet: Cabinet
    press: Press

    def report(self, code: str, kind: str, *, to: str, more: str, by: By, command: str) -> Told:
        """A report of the incident as it stands, numbered within it. What went out is told to the clocks by it."""
        ready: dict[Any, Printed] = {}
        now_kept: list[tuple[Incident, Printed]] = []

        def make() -> tuple[list[Edit], str, str]:
            log = self.desk.log(code, scope=SYSTEM_SCOPE)  # first: every change of the row writes a line after these
            found = self.desk.find(code, scope=by.scope)
            sent = reports_in(log)
            allowed(found.row, kind, sent)
            serial = 1 + sum(_kept(line) for line in log)
            seen = (found.version, serial, sent)
            if seen not in ready:  # a line that others wrote meanwhile changes nothing on the paper
                ready[seen] = self._printed(found, kind, serial, sent, log, to, more, by)
            paper = ready[seen]
            now_kept[:] = [(found.row, paper)]
            refs = (f"{SENT}{kind}", *(f"{KEPT}{sha256(one)}" for one in (paper.files.pdf, paper.files.docx)))
            line = entry(  # the number after the log that was read: whoever wrote meanwhile makes us read again
                found.row, log[-1].number + 1, "report", f"{PAPERS[kind].zh}第{serial}号报送{to}", by=by.name,
                account=by.account, at=self.desk.clock(), happened_at=paper.at, refs=refs,
            )  # fmt: skip
            return [Put(layer=INCIDENT_LOG.id, record=line, expected=0)], code, line.code

        def commit(edits: list[Edit], actor: Actor, reason: str, scope: Scope) -> None:
            row, paper = now_kept[0]
            parts = ((paper.files.pdf, "pdf", PDF), (paper.files.docx, "docx", DOCX))
            with ExitStack() as held:
                drafts = [held.enter_context(self.cabinet.made(one, f"{paper.name}.{end}", media))
                          for one, end, media in parts]  # fmt: skip
                self.cabinet.keep_with(
                    edits, [(layer_of(row), row, drafts)], actor=actor, reason=reason, scope=scope
                )  # fmt: skip

        return self.desk.once("report", command, by, make, f"报送{REPORTS[kind].zh}", commit)

    def reports(self, row: Incident, log: Sequence[IncidentEntry], *, scope: Scope) -> tuple[Report, ...]:
        """Every report of an incident that the caller may see, oldest first; struck ones too."""
        lines = [line for line in log if _kept(line)]
        if not lines:
            return ()
        files = {one.record.sha256: one for one in self.cabinet.of(layer_of(row), row.code, scope=scope)}
        return tuple(
            Report(
                line=line, kind=_kind(line), serial=serial,
                files=tuple(files[sha] for sha in _hashes(line) if sha in files),
            )
            for serial, line in enumerate(lines, 1)
        )  # fmt: skip

    def _printed(
        self, found: Found, kind: str, serial: int, sent: Sequence[Reported], log: Sequence[IncidentEntry],
        to: str, more: str, by: By,
    ) -> Printed:  # fmt: skip
        row, at = found.row, self.desk.clock()
        due = clocks(row, (*sent, Reported(kind=kind, at=at)), at)
        told = Facts(
            kind=kind, serial=serial, to=to, more=more, first=_first(log), by=by.name, at=at,
            organ=organ_for(self.press, row),
            area=area_names(self.desk.store, SYSTEM_SCOPE).get(row.area, row.area), version=found.version,
            lines=len(log),
        )  # fmt: skip
        form = form_of(FORM)
        docx = filled_form(form.template.read_bytes(), {**words(row, due, told), "unverified": SAID[form.status]})
        pdf = printed(docx, self.press.page, mark=DRILL if row.exercise else "")
        name = f"{'演练 ' if row.exercise else ''}{row.code} {PAPERS[kind].zh}{told.number}"
        return Printed(at=at, name=name, files=Made(docx=docx, pdf=pdf))


def organ_for(press: Press, row: Incident) -> str:
    """Whose paper it is: the organ that answers for the area, or, where none is set up, the desk without a name."""
    try:
        return press.organ(Scope(areas=(row.area,), clearance=SYSTEM_SCOPE.clearance)).name
    except FaultsError:
        return "应急值班台"


def _hashes(line: IncidentEntry) -> list[str]:
    return [ref.removeprefix(KEPT) for ref in line.refs if ref.startswith(KEPT)]


def _kept(line: IncidentEntry) -> bool:
    return line.kind == "report" and bool(_hashes(line)) and bool(_kind(line))


def _first(log: Sequence[IncidentEntry]) -> str:
    """What was said when it was opened, unless that was struck."""
    return "" if not log or log[0].struck_at is not None else log[0].text


def _kind(line: IncidentEntry) -> str:
    return next((ref.removeprefix(SENT) for ref in line.refs if ref.startswith(SENT)), "")
