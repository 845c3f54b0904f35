"""How the work goes that the server does by itself, for administrators of the whole city."""

from app.doors.admin.desk import Desk
from app.doors.admin.fields import Given
from app.doors.admin.reach import OUTSIDE
from app.doors.admin.told import at
from app.repeating import Chore, Course
from core.caller import Caller
from core.errors import ForbiddenError
from core.texts import Lang


def listed(desk: Desk, caller: Caller, _: Given) -> Given:
    """GET /api/admin/chores: of the process that answers, what fails first."""
    if not desk.reach(caller).city:
        raise ForbiddenError(OUTSIDE)
    return {"chores": [_said(chore, course, caller.lang) for chore, course in desk.chores.told()]}


def _said(chore: Chore, course: Course, lang: Lang) -> Given:
    return {
        "title": chore.title.of(lang), "state": "failing" if course.failures else "well", "failures": course.failures,
        "since": at(course.since), "done_at": at(course.done_at), "failed_at": at(course.failed_at),
        "error": course.error,
    }  # fmt: skip
