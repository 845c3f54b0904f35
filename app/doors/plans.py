"""`/api/plans`: plans and their steps, which fit an incident and why, the tasks of an incident and how they stand."""

from dataclasses import dataclass
from datetime import datetime

from starlette.routing import BaseRoute, Route

from app.doors.admin.fields import Given, matching, number, one_of, only, words
from app.doors.bodies import asked, posted
from app.doors.incidents import COMMAND, LONGEST_CODE, commander, may_command
from app.incidents.desk import By
from app.plans.desk import Held, PlanDesk, sought
from core.caller import Caller
from core.clock import CHINA, iso
from core.errors import ForbiddenError, NotFoundError
from core.scope import SYSTEM_SCOPE
from core.texts import Lang, Text
from dashboards.queries.wording import area_names, code_label
from emergency.plans.matching import STANDING, Match, standing
from emergency.plans.tasks import NEXT, UNDONE, Task, due
from layers.catalogue import EMERGENCY_PLANS, ENTERPRISES
from layers.catalogue.incidents import Incident
from layers.catalogue.plans import EmergencyPlan, PlanStep

TASK = r"(SJ|YL)[0-9]{8}-[0-9]{4}/T[0-9]{3}"
LONGEST_PLAN, LONGEST_OWNER, LONGEST_WHY, LONGEST_FIRM = 40, 60, 180, 18


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDoors:
    """Plans for whoever may see them; tasks in incidents the caller may lead."""

    plans: PlanDesk

    def listed(self, caller: Caller, given: Given) -> Given:
        """GET /: every plan, with how it stands today and how many steps it has."""
        only(given)
        found = self.plans.plans(caller.scope)
        steps = self.plans.steps([one.code for one in found], caller.scope)
        rows = [self._plan(one, caller) | {"steps": sum(step.plan == one.code for step in steps)} for one in found]
        return {"rows": rows, "total": len(rows)}

    def one(self, caller: Caller, given: Given) -> Given:
        """GET /one?code=: a plan with its steps."""
        only(given, "code")
        found = self.plans.plan(words(given, "code", longest=LONGEST_PLAN), caller.scope)
        return self._plan(found, caller) | {
            "steps": [_step(one, caller.lang) for one in self.plans.steps([found.code], caller.scope)]
        }

    def of_firm(self, caller: Caller, given: Given) -> Given:
        """GET /api/enterprise/plans?id=: the plans of a firm with their steps; a firm meets its own alone."""
        only(given, "id")
        key, scope, store = words(given, "id", longest=LONGEST_FIRM), caller.scope, self.plans.desk.store
        store.get(ENTERPRISES, key, scope=scope)
        if scope.enterprises is not None:
            if key not in scope.enterprises:
                raise NotFoundError(Text(f"没有企业“{key}”", f"no enterprise {key!r}"), key=key)
            scope = SYSTEM_SCOPE
        elif store.catalogue.find(EMERGENCY_PLANS.id, scope) is None:
            raise ForbiddenError(Text("预案不对您的岗位开放", "plans are not open to your role"))
        found = [one for one in self.plans.plans(scope) if one.enterprise == key]
        steps = self.plans.steps([one.code for one in found], scope) if found else []
        rows = [
            self._plan(one, caller) | {"steps": [_step(step, caller.lang) for step in steps if step.plan == one.code]}
            for one in found
        ]
        return {"id": key, "rows": rows}

    def match(self, caller: Caller, given: Given) -> Given:
        """GET /match?incident=: what fits, what would and is not in force, what one thing stands against."""
        only(given, "incident")
        row = self._incident(caller, given)
        found, wanted = self.plans.fitting(row, caller.scope), sought(row)
        return {
            "incident": row.code, "level": wanted.level, "begun": row.response is not None,
            **{name: [self._match(one, caller) for one in getattr(found, name)]
               for name in ("fitting", "lapsed", "near")},
        }  # fmt: skip

    def tasks(self, caller: Caller, given: Given) -> Given:
        """GET /tasks?incident=: the tasks of an incident with their clocks, and steps of its level not taken up."""
        only(given, "incident")
        return self._tasks(caller, self._incident(caller, given))

    def take(self, caller: Caller, given: Given) -> Given:
        """POST /take: the steps of a plan for the level that stands become tasks."""
        only(given, "command", "incident", "plan", "level")
        by, command = _by(caller, given)
        incident = words(given, "incident", longest=LONGEST_CODE)
        done = self.plans.take_up(
            incident, words(given, "plan", longest=LONGEST_PLAN), number(given, "level", 1, 4), by=by, command=command
        )
        row = self.plans.desk.find(incident, scope=caller.scope).row
        return self._tasks(caller, row) | {"again": done.again}

    def move(self, caller: Caller, given: Given) -> Given:
        """POST /task: a task begun, done, not needed, taken back, or given to somebody."""
        only(given, "command", "task", "version", "state", "why", "owner")
        by, command = _by(caller, given)
        task = matching(given, "task", TASK, Text("任务编号", "the number of a task"))
        state = Task(one_of(given, "state", [one.value for one in Task])) if given.get("state") else None
        done = self.plans.move(
            task, number(given, "version", 1, 1_000_000_000), state, by=by, command=command,
            why=words(given, "why", longest=LONGEST_WHY, empty=True),
            owner=words(given, "owner", longest=LONGEST_OWNER, empty=True) if "owner" in given else None,
        )  # fmt: skip
        row = self.plans.desk.find(task.partition("/")[0], scope=caller.scope).row
        return self._tasks(caller, row) | {"again": done.again}

    def _incident(self, caller: Caller, given: Given) -> Incident:
        return self.plans.desk.find(words(given, "incident", longest=LONGEST_CODE), scope=caller.scope).row

    def _plan(self, plan: EmergencyPlan, caller: Caller) -> Given:
        lang, stands = caller.lang, standing(plan, self.plans.desk.clock().astimezone(CHINA).date())
        names = area_names(self.plans.desk.store, caller.scope)
        return {
            "code": plan.code, "title": plan.title, "kind": plan.kind,
            "kind_word": code_label("emergency_plan_kind", plan.kind, lang), "nature": plan.nature,
            "nature_word": code_label("plan_nature", plan.nature, lang), "edition": plan.edition,
            "issuer": plan.issuer, "source": plan.source, "area": plan.area,
            "area_name": names.get(plan.area, plan.area), "enterprise_name": plan.enterprise_name,
            "valid_from": plan.valid_from and plan.valid_from.isoformat(),
            "valid_until": plan.valid_until and plan.valid_until.isoformat(), "stands": stands.value,
            "stands_word": STANDING[stands].of(lang), "chemicals": list(plan.chemical_names),
            "filing": plan.filing, "summary": plan.summary,
        }  # fmt: skip

    def _match(self, one: Match, caller: Caller) -> Given:
        return {
            "plan": self._plan(one.plan, caller),
            "reasons": [
                {"respect": each.respect, "says": each.says.value, "words": each.words.of(caller.lang)}
                for each in one.reasons
            ],
        }  # fmt: skip

    def _tasks(self, caller: Caller, row: Incident) -> Given:
        held, now = self.plans.tasks(row.code, caller.scope), self.plans.desk.clock()
        rows = [_task(one, row, now, caller.lang) for one in held]
        return {
            "incident": row.code, "level": row.response, "now": iso(now), "rows": rows, "total": len(rows),
            "done": sum(one["state"] not in UNDONE for one in rows),
            "overdue": sum(one["overdue"] is not None for one in rows),
            "missing": [
                {"plan": plan.code, "title": plan.title, "steps": count}
                for plan, count in self.plans.missing(row, held, caller.scope)
            ],
            "may_command": may_command(caller),
        }  # fmt: skip


def plan_desk_routes(doors: PlanDoors) -> list[BaseRoute]:
    """The doors of plans and tasks."""
    root = "/api/plans"
    return [
        Route(root, asked(doors.listed), methods=["GET"]),
        Route(f"{root}/one", asked(doors.one), methods=["GET"]),
        Route(f"{root}/match", asked(doors.match), methods=["GET"]),
        Route(f"{root}/tasks", asked(doors.tasks), methods=["GET"]),
        Route(f"{root}/take", posted(doors.take), methods=["POST"]),
        Route("/api/enterprise/plans", asked(doors.of_firm), methods=["GET"]),
        Route(f"{root}/task", posted(doors.move), methods=["POST"]),
    ]


def _by(caller: Caller, given: Given) -> tuple[By, str]:
    command = matching(given, "command", COMMAND, Text("客户端生成的标识", "a key the client made"))
    return commander(caller), command


def _step(one: PlanStep, lang: Lang) -> Given:
    return {
        "code": one.code, "number": one.number, "phase": one.phase,
        "phase_word": code_label("plan_phase", one.phase, lang), "unit": one.unit, "role": one.role,
        "text": one.text, "detail": one.detail, "levels": list(one.levels), "minutes": one.minutes,
        "moment": one.moment, "moment_word": code_label("plan_moment", one.moment, lang), "section": one.section,
    }  # fmt: skip


def _task(held: Held, row: Incident, now: datetime, lang: Lang) -> Given:
    one, clock = held.task, due(held.task, row, now)
    return {
        "code": one.code, "version": held.version, "number": one.number, "plan": one.plan,
        "plan_title": one.plan_title, "edition": one.edition, "step": one.step, "phase": one.phase,
        "phase_word": code_label("plan_phase", one.phase, lang), "unit": one.unit, "role": one.role,
        "owner": one.owner, "text": one.text, "detail": one.detail, "response": one.response,
        "minutes": one.minutes, "moment": one.moment, "moment_word": code_label("plan_moment", one.moment, lang),
        "state": one.state, "state_word": code_label("task_state", one.state, lang), "state_by": one.state_by,
        "state_at": one.state_at and iso(one.state_at), "done_at": one.done_at and iso(one.done_at), "why": one.why,
        "since": clock.since and iso(clock.since), "until": clock.until and iso(clock.until),
        "overdue": None if clock.overdue is None else round(clock.overdue.total_seconds()),
        "late": None if clock.late is None else round(clock.late.total_seconds()),
        "next": [{"state": to.value, "word": code_label("task_state", to.value, lang)} for to in NEXT[Task(one.state)]],
    }  # fmt: skip
