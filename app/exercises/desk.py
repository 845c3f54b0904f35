"""The desk of exercises: a script becomes an exercise, injects come by the clock, replies go into its log.

Everything is written through the desk of incidents, once by key, into rows that are marked as exercise. An exercise is
of several areas while its log is of one: who is addressed answers for their own injects, whoever may read the log.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.incidents.desk import By, IncidentDesk, Opening, Told
from app.incidents.sources import referred
from core.actors import Actor
from core.errors import BadInputError, ConflictError, ForbiddenError, NotFoundError
from core.scope import SYSTEM_SCOPE, Scope, Sensitivity
from core.texts import Text
from dashboards.queries.wording import area_names
from emergency.exercises.course import ACTS, Act, due, taken
from emergency.exercises.score import DONE, FIRED, REPLY, Scored, ref_of, scored
from layers.catalogue import EXERCISE_INJECTS, EXERCISE_RUNS, EXERCISE_SCRIPTS, SCRIPT_INJECTS
from layers.catalogue.exercises import ExerciseInject, ExerciseRun, ExerciseScript, ScriptInject
from layers.codes import code_list
from layers.filters import Compare, Filter, Op
from layers.layer import Layer
from store.feed import Edit, Put
from store.query import Order, Query
from store.rows import record_of

CONDUCTOR = By(actor=Actor(id="exercise", name="导调(按脚本自动)", door="job"), scope=SYSTEM_SCOPE, account="exercise")
KINDS = {"alarm": "alarm", "call": "call"}
"""Kinds of injects that are a kind of line of their own; the others are notes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept[R]:
    """A row with the version seen."""

    row: R
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExerciseDesk:
    """What may be done with exercises; who may is the doors' matter."""

    desk: IncidentDesk

    def scripts(self, scope: Scope) -> list[ExerciseScript]:
        """Every script."""
        return [one.row for one in self._rows(EXERCISE_SCRIPTS, None, scope)]

    def runs(self, scope: Scope) -> list[Kept[ExerciseRun]]:
        """Every exercise, the newest first."""
        return self._rows(EXERCISE_RUNS, None, scope, Order("code", descending=True))

    def run(self, code: str, scope: Scope) -> Kept[ExerciseRun]:
        """One exercise. Raises: NotFoundError."""
        found = self._rows(EXERCISE_RUNS, Compare("code", Op.EQ, code), scope)
        if not found:
            raise NotFoundError(Text(f"没有演练“{code[:40]}”", f"no exercise {code[:40]!r}"))
        return found[0]

    def injects(self, code: str, scope: Scope) -> list[Kept[ExerciseInject]]:
        """Its injects in order: of the caller's areas."""
        return self._rows(EXERCISE_INJECTS, Compare("incident", Op.EQ, code), scope, Order("number"))

    def scored(self, run: ExerciseRun, scope: Scope, at: datetime) -> list[Scored]:
        """The injects of the caller's areas with what came of each; the log is read whole, whoever may read it."""
        log = self.desk.log(run.code, scope=SYSTEM_SCOPE)
        return scored(run, [one.row for one in self.injects(run.code, scope)], log, at)

    def keep_script(self, script: ExerciseScript, injects: list[ScriptInject], *, by: By) -> None:
        """A new script, or one written anew; exercises of it keep the injects they were opened with.

        Raises: BadInputError where it plays where no area is, FaultsError where its hazard source is no registered one.
        """
        if not injects:
            raise BadInputError(Text("脚本没有导调信息", "a script has injects"), field="injects")
        outside = [one.to_area for one in injects if not any(one.to_area.startswith(area) for area in script.areas)]
        if outside:
            raise BadInputError(
                Text(f"导调信息发往参演地区以外:{outside[0]}", f"an inject goes to {outside[0]}, which does not play"),
                field="to_area", value=outside[0],
            )  # fmt: skip
        known = area_names(self.desk.store, SYSTEM_SCOPE)
        named = (*script.areas, *(one.to_area for one in injects))
        nowhere = [area for area in named if known and area not in known]
        if nowhere:
            raise BadInputError(
                Text(f"没有区划“{nowhere[0]}”", f"there is no area {nowhere[0]!r}"), field="areas", value=nowhere[0]
            )
        referred(self.desk.store, {"hazard_source": script.hazard_source}, scope=by.scope)
        edits = [Put(layer=EXERCISE_SCRIPTS.id, record=script)]
        edits += [Put(layer=SCRIPT_INJECTS.id, record=one) for one in injects]
        self.desk.store.commit(edits, actor=by.actor, reason="写入演练脚本", scope=SYSTEM_SCOPE)

    def open(self, script: str, *, by: By, command: str) -> Told:
        """An exercise of a script, not begun yet. Raises: ForbiddenError where it plays beyond the director's areas."""
        found: list[Kept[ExerciseScript]] = self._rows(EXERCISE_SCRIPTS, Compare("code", Op.EQ, script), by.scope)
        if not found:
            raise NotFoundError(Text(f"没有脚本“{script[:40]}”", f"no script {script[:40]!r}"))
        row = found[0].row
        if not all(by.scope.covers(area) for area in row.areas):
            raise ForbiddenError(Text("参演地区超出您的辖区", "it plays in areas that are not yours"))
        lines: list[Kept[ScriptInject]] = self._rows(
            SCRIPT_INJECTS, Compare("script", Op.EQ, script), SYSTEM_SCOPE, Order("number")
        )
        opening = Opening(
            origin="call", title=row.title, kind=row.kind, text=f"演练开设:{row.summary or row.title}"[:1500],
            exercise=True, area="" if row.hazard_source else row.areas[0],
            facts={"hazard_source": row.hazard_source} if row.hazard_source else {},
        )  # fmt: skip
        told = self.desk.open(opening, by=by, command=command)
        self._begin(told.code, row, [one.row for one in lines], by)
        return told

    def act(self, code: str, version: int, act: Act, *, by: By, command: str) -> Told:
        """Begun, paused, gone on with, ended; on the version the director saw."""
        known = self.desk.known(command, by)
        if known is not None:
            return known
        kept = self.run(code, by.scope)
        if kept.version != version:
            raise ConflictError(
                Text("他人刚刚操作了该演练,请重新查看", "somebody else led it meanwhile; look again"),
                version=kept.version,
            )
        if not all(by.scope.covers(area) for area in kept.row.areas):
            raise ForbiddenError(Text("参演地区超出您的辖区", "it plays in areas that are not yours"))
        after = taken(kept.row, act, self.desk.clock())
        put = Put(layer=EXERCISE_RUNS.id, record=after, expected=version)
        return self.desk.note(
            code, "decision", f"演练{ACTS[act].zh}", by=replace(by, scope=SYSTEM_SCOPE), command=command,
            refs=(f"exercise/{act.value}",), beside=lambda _: [put],
        )  # fmt: skip

    def fire(self, at: datetime) -> int:
        """Inject what is due in every exercise that runs; each goes once, whoever else looks at the same moment."""
        fired = 0
        for run in self._rows(EXERCISE_RUNS, Compare("state", Op.EQ, "running"), SYSTEM_SCOPE):
            kept = {one.row.code: one for one in self.injects(run.row.code, SYSTEM_SCOPE)}
            for one in due(run.row, [each.row for each in kept.values()], at):
                fired += self._fire(kept[one.code], at)
        return fired

    def reply(self, code: str, text: str, *, done: bool, by: By, command: str) -> Told:
        """What was answered to an inject of one's own area; `done` tells that the action was taken."""
        known = self.desk.known(command, by)
        if known is not None:
            return known
        inject = self._mine(code, by.scope).row
        run = self.run(inject.incident, SYSTEM_SCOPE).row
        if inject.fired_at is None:
            raise NotFoundError(Text("没有这条导调信息", "no such inject"))
        if run.state not in ("running", "paused"):
            raise ConflictError(Text("演练已结束,不再记录回应", "the exercise is over"), state=run.state)
        what = "处置完成" if done else "回应"
        return self.desk.note(
            inject.incident, "note", f"【{what} {inject.number:02d}】{inject.to}:{text}"[:2000],
            by=replace(by, scope=SYSTEM_SCOPE), command=command, refs=(ref_of(code), DONE if done else REPLY),
        )  # fmt: skip

    def remark(self, code: str, text: str, *, by: By, command: str) -> Told:
        """What the evaluator says of an inject, under their own name; the sheet prints it."""
        known = self.desk.known(command, by)
        if known is not None:
            return known
        kept, at = self._mine(code, by.scope), self.desk.clock()
        after = kept.row.model_copy(
            update={"remark": text, "remark_by": by.name, "remark_at": at, "observed_at": at}
        )  # fmt: skip
        put = Put(layer=EXERCISE_INJECTS.id, record=after, expected=kept.version)
        return self.desk.note(
            kept.row.incident, "note", f"【评估意见 {kept.row.number:02d}】{text}"[:2000],
            by=replace(by, scope=SYSTEM_SCOPE), command=command, refs=(ref_of(code), "exercise/remark"),
            beside=lambda _: [put],
        )  # fmt: skip

    def _fire(self, kept: Kept[ExerciseInject], at: datetime) -> bool:
        one = kept.row
        word = code_list("inject_kind").label(one.kind) or one.kind
        edit: Edit = Put(
            layer=EXERCISE_INJECTS.id, expected=kept.version,
            record=one.model_copy(update={"fired_at": at, "observed_at": at}),
        )  # fmt: skip
        try:
            told = self.desk.note(
                one.incident, KINDS.get(one.kind, "note"), f"【导调 {one.number:02d} {word}】致{one.to}:{one.text}",
                by=CONDUCTOR, command=f"inject-{one.code}", refs=(ref_of(one.code), FIRED), beside=lambda _: [edit],
            )  # fmt: skip
        except ConflictError:  # another process fired it, or somebody remarked on it: the next round knows
            return False
        return not told.again

    def _mine(self, code: str, scope: Scope) -> Kept[ExerciseInject]:
        found = self._rows(EXERCISE_INJECTS, Compare("code", Op.EQ, code), scope)
        if not found:
            raise NotFoundError(Text("没有这条导调信息", "no such inject"))
        return found[0]

    def _begin(self, code: str, script: ExerciseScript, lines: list[ScriptInject], by: By) -> None:
        """The exercise and its injects beside the incident; sent again after a kill, what is missing is written."""
        if self._rows(EXERCISE_RUNS, Compare("code", Op.EQ, code), SYSTEM_SCOPE):
            return
        own: dict[str, Any] = {"sensitivity": Sensitivity.INTERNAL, "source": "OneMap"}
        run = ExerciseRun(
            code=code, script=script.code, title=f"【演练】{script.title}"[:120], areas=script.areas, director=by.name,
            area=script.areas[0], **own,
        )  # fmt: skip
        injects = [
            ExerciseInject(
                code=f"{code}/{one.number:02d}", incident=code, number=one.number, offset=one.offset, to=one.to,
                kind=one.kind, text=one.text, expected=one.expected, within=one.within, area=one.to_area, **own,
            )
            for one in lines
        ]  # fmt: skip
        edits: list[Edit] = [Put(layer=EXERCISE_RUNS.id, record=run, expected=0)]
        edits += [Put(layer=EXERCISE_INJECTS.id, record=one, expected=0) for one in injects]
        self.desk.store.commit(edits, actor=by.actor, reason="演练开设", scope=SYSTEM_SCOPE)

    def _rows(
        self, layer: Layer, where: Filter | None, scope: Scope, *order: Order
    ) -> list[Kept[Any]]:  # fmt: skip
        seen = self.desk.store.catalogue.find(layer.id, scope)
        if seen is None:
            return []
        rows = self.desk.store.read(seen, Query(where=where, order=order), scope=scope).to_pylist()
        return [Kept(row=record_of(seen, row, scope), version=row["_version"]) for row in rows]
