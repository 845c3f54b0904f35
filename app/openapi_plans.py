"""What the doors of plans and tasks take, told by `/api/openapi.json`."""

from typing import Any

from app.doors.plans import LONGEST_OWNER, LONGEST_PLAN, LONGEST_WHY, TASK
from app.openapi_incidents import CODE, VERSION, command
from core.texts import Text
from emergency.plans.tasks import Task

Json = dict[str, Any]
PLAN: Json = {"type": "string", "minLength": 1, "maxLength": LONGEST_PLAN}

QUERIES: dict[str, tuple[tuple[str, Json], ...]] = {
    "/api/plans/one": (("code", PLAN),),
    "/api/plans/match": (("incident", CODE),),
    "/api/plans/tasks": (("incident", CODE),),
}
CHANGES: dict[str, Json] = {
    "/api/plans/take": command(
        "incident", "plan", "level", incident=CODE, plan=PLAN, level={"type": "integer", "minimum": 1, "maximum": 4}
    ),
    "/api/plans/task": command(
        "task", "version", task={"type": "string", "pattern": f"^{TASK}$"}, version=VERSION,
        state={"enum": [one.value for one in Task]}, why={"type": "string", "maxLength": LONGEST_WHY},
        owner={"type": "string", "maxLength": LONGEST_OWNER},
    ),
}  # fmt: skip
WORDS: dict[str, Text] = {
    "GET /api/plans": Text("数字化预案清单", "digital plans, with how each stands"),
    "GET /api/plans/one": Text("一个预案及其行动步骤", "one plan with its steps"),
    "GET /api/plans/match": Text("与事件匹配的预案及理由", "plans that fit an incident, and why"),
    "GET /api/plans/tasks": Text("事件的任务、时限和状态", "the tasks of an incident, clocks and states"),
    "POST /api/plans/take": Text("启用预案,把本级响应的行动下达为任务", "take up the steps of a plan as tasks"),
    "POST /api/plans/task": Text("任务开始、完成、不适用或改派", "a task begun, done, not needed, or given"),
}
