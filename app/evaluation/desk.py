"""The score sheet of an incident that is over: what is counted, what persons judge, and filing it for good."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.exercises.desk import ExerciseDesk
from app.incidents.desk import By, Found, IncidentDesk, Told
from app.plans.desk import PlanDesk
from core.clock import CHINA
from core.errors import ConflictError, NotFoundError
from core.scope import SYSTEM_SCOPE, Scope, Sensitivity
from core.texts import Text
from emergency.evaluation.course import Moment, course, measures
from emergency.evaluation.sheet import Criterion, Mark, Measure, Sheet, criteria, judged, read, sheet
from emergency.exercises.score import measure
from emergency.incidents.clocks import clocks
from emergency.incidents.log import reports_in
from layers.catalogue import EVALUATIONS, INCIDENT_ORDERS
from layers.catalogue.evaluations import Evaluation
from layers.catalogue.exercises import ExerciseRun
from layers.catalogue.incidents import Incident
from layers.catalogue.orders import IncidentOrder
from layers.filters import Compare, Op
from store.feed import Edit, Put
from store.query import Query
from store.rows import record_of

COUNTED = "系统计数:"
"""What the ground of a mark begins with, on a filed sheet, that no person gave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marking:
    """The sheet as it stands, with the row that keeps it (none yet) and the course of the incident."""

    row: Incident
    kept: Evaluation | None
    version: int
    sheet: Sheet
    course: list[Moment]


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationDesk:
    """Sheets are marked once the incident is closed; a filed one stays as it is."""

    desk: IncidentDesk
    plans: PlanDesk

    def marking(self, incident: str, scope: Scope) -> Marking:
        """The sheet of an incident as counts and marks stand now; a filed one as it was filed."""
        row, log = self.desk.find(incident, scope=scope).row, self.desk.log(incident, scope=scope)
        kept, version = self._kept(incident, scope)
        marks = read(() if kept is None else kept.marks)
        filed = kept is not None and kept.state == "filed"
        counted = {}
        if not filed:
            tasks, at = [one.task for one in self.plans.tasks(incident, scope)], self._ended(row)
            due = clocks(row, reports_in(log), at if row.exercise else self.desk.clock())
            counted = measures(row, due, tasks, self._orders(incident, scope), at)
        if row.exercise and not filed:
            counted |= self._played(incident)
        asked = self._asked(row, kept.filed_at if kept is not None else None)
        return Marking(row=row, kept=kept, version=version, sheet=sheet(asked, counted, marks), course=course(row, log))

    def mark(self, incident: str, version: int, marks: Sequence[Mark], *, by: By, command: str) -> Told:
        """Marks that a person gives, each with its ground; they stand before what is counted."""
        known = self.desk.known(command, by)
        if known is not None:
            return known
        now = self._open(incident, version, by.scope)
        given = read(() if now.kept is None else now.kept.marks) | judged(marks, self._asked(now.row, None))
        text = f"评估评分 {len(marks)} 项:{'、'.join(self._named(now.row, one.criterion) for one in marks)}"
        return self._write(now, tuple(one.written() for one in given.values()), "open", "", text, by, command)

    def file(self, incident: str, version: int, summary: str, *, by: By, command: str) -> Told:
        """The sheet filed with every mark and its ground; ConflictError while something is not marked."""
        known = self.desk.known(command, by)
        if known is not None:
            return known
        now = self._open(incident, version, by.scope)
        if now.sheet.missing:
            names = "、".join(self._named(now.row, one) for one in now.sheet.missing)
            raise ConflictError(
                Text(
                    f"还有 {len(now.sheet.missing)} 项未评:{names}", f"not marked yet: {', '.join(now.sheet.missing)}"
                ),
                missing=list(now.sheet.missing),
            )
        marks = tuple(
            (replace(line.mark, basis=f"{COUNTED}{line.mark.basis}") if line.counted else line.mark).written()
            for line in now.sheet.lines
            if line.mark is not None
        )
        text = f"处置评估归档:{now.sheet.points:g} / {now.sheet.most:g} 分"
        return self._write(now, marks, "filed", summary, text, by, command)

    def _open(self, incident: str, version: int, scope: Scope) -> Marking:
        now = self.marking(incident, scope)
        if now.row.state != "closed":
            raise ConflictError(Text(f"事件 {incident} 尚未结束,不能评估", f"incident {incident} is not closed yet"))
        if now.kept is not None and now.kept.state == "filed":
            raise ConflictError(Text("评估已归档,不再改动", "the evaluation is filed and stays"))
        if now.version != version:
            raise ConflictError(
                Text("他人刚刚改了评分,请重新查看", "somebody marked it meanwhile; look again"), version=now.version
            )
        return now

    def _write(
        self, now: Marking, marks: tuple[str, ...], state: str, summary: str, text: str, by: By, command: str
    ) -> Told:
        def beside(found: Found) -> list[Edit]:
            at, filed = self.desk.clock(), state == "filed"
            record = Evaluation(
                code=found.row.code, title=found.row.title, exercise=found.row.exercise, state=state, marks=marks,
                points=now.sheet.points if filed else None, most=now.sheet.most if filed else None, summary=summary,
                filed_at=at if filed else None, filed_by=by.name if filed else "", area=found.row.area,
                sensitivity=Sensitivity.INTERNAL, observed_at=at,
            )  # fmt: skip
            return [Put(layer=EVALUATIONS.id, record=record, expected=now.version)]

        refs = (f"{EVALUATIONS.id}/{now.row.code}",)
        return self.desk.note(now.row.code, "system", text[:2000], by=by, command=command, refs=refs, beside=beside)

    def _kept(self, incident: str, scope: Scope) -> tuple[Evaluation | None, int]:
        seen = self.desk.store.catalogue.find(EVALUATIONS.id, scope)
        if seen is None:
            return None, 0
        try:
            stored = self.desk.store.get(seen, incident, scope=scope)
        except NotFoundError:
            return None, 0
        assert isinstance(stored.record, Evaluation)
        return stored.record, stored.version

    def _orders(self, incident: str, scope: Scope) -> list[IncidentOrder]:
        seen = self.desk.store.catalogue.find(INCIDENT_ORDERS.id, scope)
        if seen is None:
            return []
        rows = self.desk.store.read(seen, Query(where=Compare("incident", Op.EQ, incident)), scope=scope).to_pylist()
        return [one for row in rows if isinstance(one := record_of(seen, row, scope), IncidentOrder)]

    def _played(self, incident: str) -> dict[str, Measure]:
        run = self._run(incident)
        if run is None:
            return {}
        lines = ExerciseDesk(desk=self.desk).scored(run, SYSTEM_SCOPE, self.desk.clock())  # one sheet counts all areas
        return {"injects": measure(lines)}

    def _ended(self, row: Incident) -> datetime:
        """When it ended: an exercise with its play, whenever it was closed; what goes on ends now."""
        run = self._run(row.code) if row.exercise else None
        ends = [at for at in (row.closed_at, None if run is None else run.ended_at) if at is not None]
        return min(ends, default=self.desk.clock())

    def _run(self, incident: str) -> ExerciseRun | None:
        try:
            return ExerciseDesk(desk=self.desk).run(incident, SYSTEM_SCOPE).row
        except NotFoundError:  # an exercise that was opened by hand has no script and no injects
            return None

    def _asked(self, row: Incident, at: datetime | None) -> tuple[Criterion, ...]:
        day = (at or row.closed_at or self.desk.clock()).astimezone(CHINA).date()
        return criteria(day, exercise=row.exercise)

    def _named(self, row: Incident, criterion: str) -> str:
        return next((one.title.zh for one in self._asked(row, None) if one.id == criterion), criterion)
