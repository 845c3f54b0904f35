"""`/api/incidents/wall`: what a wall shows of the incidents in hand, now or as it was known at a time."""

from dataclasses import dataclass, replace

from starlette.routing import BaseRoute, Route

from app.doors.admin.fields import Given, moment, only, refused, words
from app.doors.bodies import asked
from app.incidents.replay import Known, known_at, position
from core.caller import Caller
from core.clock import Clock
from core.errors import NotFoundError
from core.texts import Text
from dashboards.queries.incidentwall import Wall, incident_wall, moments
from store.protocol import Store

LONGEST_CODE = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentWall:
    """The incidents of the caller's areas as a wall needs them; nobody writes here."""

    store: Store
    clock: Clock

    def wall(self, caller: Caller, given: Given) -> Given:
        """GET /wall?exercise=&code=&at=: those in hand, or one as it was known at a time."""
        only(given, "exercise", "code", "at")
        now, at = self.clock(), moment(given, "at")
        if at is not None and at > now:
            raise refused("at", given.get("at"), Text("不晚于现在的时刻", "a time that has come"))
        code = words(given, "code", longest=LONGEST_CODE, empty=True) if "code" in given else ""
        known = None
        if at is not None:
            known = known_at(self.store, code, at) if code else Known(seq=position(self.store, at))
        asked_of = Wall(store=self.store, at=at or now, scope=caller.scope, lang=caller.lang)
        if known is not None:
            asked_of = replace(asked_of, seq=known.seq, afterwards=known.afterwards, lines=known.lines)
        found = incident_wall(asked_of, exercise=given.get("exercise") == "1", code=code)
        if not code:
            return found
        steps = moments(replace(asked_of, seq=None), code)
        if not steps:
            raise NotFoundError(Text(f"没有事件“{code}”", f"no incident {code!r}"))
        return found | {"moments": steps}


def incident_wall_routes(doors: IncidentWall) -> list[BaseRoute]:
    """The door of the wall."""
    return [Route("/api/incidents/wall", asked(doors.wall), methods=["GET"])]
