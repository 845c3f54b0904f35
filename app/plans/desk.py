"""Plans and tasks of incidents: what fits, what is taken up, how each task stands; each change has its line in the log.

Commands are those of the incident desk: once by key, edits and line in one transaction, tasks on the version seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.incidents.desk import By, Found, IncidentDesk, Told
from core.clock import CHINA
from core.errors import ConflictError, NotFoundError
from core.scope import Scope
from core.texts import Text
from emergency.incidents.grading import suggested
from emergency.plans.matching import Matches, Sought, Stands, matches, standing
from emergency.plans.tasks import Task, level_since, made, moved, of_level, said
from layers.catalogue import EMERGENCY_PLANS, INCIDENT_TASKS, PLAN_STEPS
from layers.catalogue.incidents import Incident
from layers.catalogue.plans import EmergencyPlan, IncidentTask, PlanStep
from layers.filters import Compare, In, Op
from store.feed import Edit, Put
from store.query import Order, Query
from store.rows import record_of

ROMAN = "ⅠⅡⅢⅣ"
TAKEN = Text("他人刚刚下达了任务,请重新查看", "somebody took up tasks meanwhile; look again")


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A task with the version seen."""

    task: IncidentTask
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDesk:
    """What may be done with plans in an incident, whoever asks; the rights to it are the doors' matter."""

    desk: IncidentDesk

    def plans(self, scope: Scope) -> list[EmergencyPlan]:
        """Every plan the caller may see."""
        seen = self.desk.store.catalogue.find(EMERGENCY_PLANS.id, scope)
        if seen is None:
            return []
        rows = self.desk.store.read(seen, Query(order=(Order("code"),)), scope=scope).to_pylist()
        return [one for row in rows if isinstance(one := record_of(seen, row, scope), EmergencyPlan)]

    def plan(self, code: str, scope: Scope) -> EmergencyPlan:
        """One plan; NotFoundError where it is not there for the caller."""
        seen = self.desk.store.catalogue.find(EMERGENCY_PLANS.id, scope)
        if seen is None:
            raise NotFoundError(Text(f"没有预案“{code[:40]}”", f"no plan {code[:40]!r}"))
        found = self.desk.store.get(seen, code, scope=scope).record
        assert isinstance(found, EmergencyPlan)
        return found

    def steps(self, plans: Sequence[str], scope: Scope) -> list[PlanStep]:
        """The steps of some plans, in order."""
        seen = self.desk.store.catalogue.find(PLAN_STEPS.id, scope)
        if seen is None or not plans:
            return []
        query = Query(where=In("plan", tuple(plans)), order=(Order("plan"), Order("number")))
        rows = self.desk.store.read(seen, query, scope=scope).to_pylist()
        return [one for row in rows if isinstance(one := record_of(seen, row, scope), PlanStep)]

    def fitting(self, row: Incident, scope: Scope) -> Matches:
        """Plans that fit an incident as it stands; without a response by the level that is suggested."""
        return matches(self.plans(scope), sought(row), self.desk.clock().astimezone(CHINA).date())

    def tasks(self, incident: str, scope: Scope) -> list[Held]:
        """The tasks of an incident, in order."""
        seen = self.desk.store.catalogue.find(INCIDENT_TASKS.id, scope)
        if seen is None:
            return []
        query = Query(where=Compare("incident", Op.EQ, incident), order=(Order("number"),), geometry=False)
        rows = self.desk.store.read(seen, query, scope=scope).to_pylist()
        return [Held(task=one, version=row["_version"]) for row in rows
                if isinstance(one := record_of(seen, row, scope), IncidentTask)]  # fmt: skip

    def missing(self, row: Incident, tasks: Sequence[Held], scope: Scope) -> list[tuple[EmergencyPlan, int]]:
        """Plans in use with how many of their steps for the level that stands are no tasks yet."""
        used = list(dict.fromkeys(one.task.plan for one in tasks))
        if row.response is None or not used:
            return []
        known = {one.task.step for one in tasks}
        steps = self.steps(used, scope)
        counted = {
            plan: sum(one.code not in known for one in of_level([s for s in steps if s.plan == plan], row.response))
            for plan in used
        }  # fmt: skip
        there = {one.code: one for one in self.plans(scope)}
        return [(there[plan], count) for plan, count in counted.items() if count and plan in there]

    def take_up(self, incident: str, plan: str, level: int, *, by: By, command: str) -> Told:
        """The steps of a plan for the level that stands become tasks, those that are tasks already left as they are.

        Raises: ConflictError where the response is another than the caller saw, or nothing is left to take up.
        """
        chosen, steps = self.plan(plan, by.scope), self.steps([plan], by.scope)

        def fresh(row: Incident) -> list[IncidentTask]:
            if row.response is not None and row.response != level:
                raise ConflictError(
                    Text("响应级别已改变,请重新查看", "the response level changed meanwhile; look again"),
                    response=row.response,
                )
            before = [one.task for one in self.tasks(incident, by.scope)]
            since = level_since(self.desk.log(incident, scope=by.scope))
            found = made(row, chosen, steps, before, since, by=by.name, at=self.desk.clock())
            if not found:
                raise ConflictError(Text("该预案本级响应的行动已全部下达", "its steps of this level are tasks already"))
            return found

        known = self.desk.known(command, by)
        if known is not None:
            return known
        wanted = fresh(self.desk.find(incident, scope=by.scope).row)

        def beside(found: Found) -> list[Edit]:
            again = fresh(found.row)
            if [one.code for one in again] != [one.code for one in wanted]:
                raise ConflictError(TAKEN)
            return [Put(layer=INCIDENT_TASKS.id, record=one, expected=0) for one in again]

        stands = standing(chosen, self.desk.clock().astimezone(CHINA).date())
        lapsed = "(预案已过有效期)" if stands is Stands.EXPIRED else ""
        edition = f"({chosen.edition})" if chosen.edition else ""
        text = (
            f"启用预案《{chosen.title}》{edition}{lapsed},下达{ROMAN[level - 1]}级响应任务 {len(wanted)} 项:"
            f"{wanted[0].number:02d} 至 {wanted[-1].number:02d}"
        )
        refs = (f"{EMERGENCY_PLANS.id}/{plan}", "plan/taken")
        return self.desk.note(incident, "task", text, by=by, command=command, refs=refs, beside=beside)

    def move(
        self, task: str, version: int, to: Task | None, *, by: By, command: str, why: str = "", owner: str | None = None
    ) -> Told:
        """A task begun, done, not needed or taken back, or given to somebody; on the version the caller saw."""
        known = self.desk.known(command, by)
        if known is not None:
            return known
        incident = task.partition("/")[0]
        self.desk.find(incident, scope=by.scope)
        held = next((one for one in self.tasks(incident, by.scope) if one.task.code == task), None)
        if held is None:
            raise NotFoundError(Text(f"没有任务“{task[:40]}”", f"no task {task[:40]!r}"))
        if held.version != version:
            raise ConflictError(
                Text("他人刚刚办理了该任务,请重新查看", "somebody changed the task meanwhile; look again"),
                version=held.version,
            )
        after = moved(held.task, to, by=by.name, at=self.desk.clock(), why=why, owner=owner)
        edit = Put(layer=INCIDENT_TASKS.id, record=after, expected=version)
        return self.desk.note(
            incident, "task", said(held.task, after), by=by, command=command, refs=(f"{INCIDENT_TASKS.id}/{task}",),
            beside=lambda _: [edit],
        )  # fmt: skip


def sought(row: Incident) -> Sought:
    """What an incident is, as plans ask."""
    level = row.response
    if level is None:
        found = suggested(row)
        level = None if found is None else found.level
    return Sought(
        kind=row.kind, chemical=row.chemical, chemical_name=row.chemical_name, area=row.area,
        enterprise=row.enterprise, hazard_source=row.hazard_source, level=level,
        begun=row.response is not None,
    )  # fmt: skip
