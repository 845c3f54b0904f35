"""`/api/cases/reporter`: who reported, sealed beside a complaint; its code given once and checked; opened on record."""

from starlette.routing import BaseRoute, Route

from app.doors.admin.fields import Given, only, words
from app.doors.bodies import posted
from app.doors.case_lists import role_of
from app.doors.report import query_of
from app.reports import Reports
from casework.casetype import Role
from core.caller import Caller
from core.errors import ForbiddenError
from core.texts import Text

LONGEST_CODE = 20
CONTACT = (("name", 40), ("phone", 40), ("note", 400))


def reporter_routes(reports: Reports) -> list[BaseRoute]:
    """The doors; who may read is the policy's, whose complaint it is the scope's."""

    def register(caller: Caller, given: Given) -> Given:
        """POST /api/cases/reporter: seal who reported, or that nobody says; the code, this once."""
        only(given, "code", *(name for name, _ in CONTACT))
        if role_of(caller) is not Role.OFFICER:
            raise ForbiddenError(Text("由监管人员登记举报人", "an officer registers who reported"))
        contact = {name: words(given, name, longest=longest, empty=True) for name, longest in CONTACT}
        return {"query": reports.register(words(given, "code", longest=LONGEST_CODE), contact, caller=caller)}

    def read(caller: Caller, given: Given) -> Given:
        """POST /api/cases/reporter/read: who reported, for a reason that is written down."""
        only(given, "code", "reason")
        reason = words(given, "reason", longest=200)
        return {"reporter": reports.read(words(given, "code", longest=LONGEST_CODE), reason, caller=caller)}

    def check(caller: Caller, given: Given) -> Given:
        """POST /api/cases/reporter/check: whether a code is that of this complaint."""
        only(given, "code", "query")
        query = query_of(words(given, "query", longest=40))
        return {"same": reports.holds(words(given, "code", longest=LONGEST_CODE), query, caller=caller)}

    doors = {"": register, "/read": read, "/check": check}
    return [Route(f"/api/cases/reporter{path}", posted(ask), methods=["POST"]) for path, ask in doors.items()]
