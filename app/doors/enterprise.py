"""`/api/enterprise`: all that is known of one enterprise, for those who work on cases, under their scope."""

import re

from starlette.routing import BaseRoute, Route

from app.doors.admin.fields import Given, only, refused, words
from app.doors.bodies import asked
from core.caller import Caller
from core.clock import CHINA
from core.texts import Text
from dashboards.queries.dossier import dossier
from dashboards.queries.firmcases import Firm
from dashboards.screens import Screens

LONGEST = 18
FIRST_YEAR = 1949


def enterprise_routes(screens: Screens) -> list[BaseRoute]:
    """The door of the page of one enterprise."""

    def one(caller: Caller, given: Given) -> Given:
        """GET ?id=&system=&year=: ledger, sites, what belongs to them, cases, files, and what happened."""
        only(given, "id", "system", "year")
        key, system = words(given, "id", longest=LONGEST), given.get("system") or ""
        if system and system not in {of.id for of in screens.systems}:
            raise refused("system", str(system)[:40], Text("业务系统", "a business system"))
        now = screens.clock()
        year, this = str(given.get("year") or ""), now.astimezone(CHINA).year
        if year and not (re.fullmatch(r"[0-9]{4}", year) and FIRST_YEAR <= int(year) <= this + 1):
            raise refused("year", year[:20], Text("年份", "a year"))
        firm = Firm(store=screens.store, key=key, now=now, scope=caller.scope, lang=caller.lang, states=screens.states)
        return dossier(firm, screens.systems, screens.readings, system=system, year=int(year) if year else None)

    return [Route("/api/enterprise", asked(one), methods=["GET"])]
