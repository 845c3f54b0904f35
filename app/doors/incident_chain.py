"""`/api/incidents/chain`: the scenario of an incident prefilled, computed and kept, read, held against what is new."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.doors.admin.fields import Given, matching, moment, one_of, only, refused, words
from app.doors.bodies import asked, json_answer, object_of
from app.doors.incidents import COMMAND, LONGEST_CODE, LONGEST_KEY, commander, may_command
from app.incidents.chain import ChainDesk
from app.incidents.projections import Projections, Proposed
from app.incidents.rounds import Asked
from app.incidents.telling import prefill_told, proposed_told, standing_told
from app.planning import Planning
from core.caller import Caller, current_caller
from core.errors import BadInputError
from core.texts import Text
from dashboards.planner.opinions import told_guidebook
from emergency.chain import CHAINS
from emergency.chemicals import substance
from emergency.erg import NAME, GreenTable, green_table
from layers.catalogue import HAZARD_SOURCES, TANKS

SOURCES = (TANKS.id, HAZARD_SOURCES.id)
PROJECTED = ("adopt", "dismiss")
MOST_VALUES = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainDoors:
    """Reading needs the map, computing the right to lead incidents; each command is done once."""

    chain: ChainDesk
    projections: Projections

    def prefill(self, caller: Caller, given: Given) -> Given:
        """GET /prefill?code=&kind=&layer=&key=&station=: what is known of its scenario, and what is asked."""
        only(given, "code", "kind", "layer", "key", "station")
        found = self.chain.prefill(
            words(given, "code", longest=LONGEST_CODE), caller,
            kind=one_of(given, "kind", tuple(CHAINS)) if given.get("kind") else "", source=_source(given),
            station=words(given, "station", longest=40, empty=True) if "station" in given else None,
        )  # fmt: skip
        return prefill_told(found, caller.lang) | {"may_command": may_command(caller)}

    def standing(self, caller: Caller, given: Given) -> Given:
        """GET /chain?code=: its newest scenario with zones, people, targets, domino, what changed, who falls inside."""
        only(given, "code")
        return self._told(words(given, "code", longest=LONGEST_CODE), caller)

    def compute(self, caller: Caller, given: Given) -> Given:
        """POST /compute: a scenario that a person checked, computed and kept as the incident's own."""
        only(given, "command", "code", "kind", "values", "layer", "key", "station", "begun_at", "note")
        by = commander(caller)
        values: Any = given.get("values")
        if not isinstance(values, dict) or len(values) > MOST_VALUES:
            raise refused("values", values, Text("输入名到值的对象", "an object of inputs by name"))
        for name, value in values.items():
            if not isinstance(value, str | int | float | None) or isinstance(value, bool) or len(str(value)) > 60:
                raise refused("values", name, Text("数、短文本或空", "a number, a short text or null"))
        code = words(given, "code", longest=LONGEST_CODE)
        done = self.chain.compute(
            code,
            Asked(
                kind=one_of(given, "kind", tuple(CHAINS)), values=values, source=_source(given),
                station=words(given, "station", longest=40, empty=True) if given.get("station") is not None else None,
                begun_at=moment(given, "begun_at"), note=words(given, "note", longest=400, empty=True),
            ),
            by=by, caller=caller,
            command=matching(given, "command", COMMAND, Text("客户端生成的标识", "a key the client made")),
        )  # fmt: skip
        return self._told(code, caller) | {"entry": done.entry, "again": done.again}

    def projected(self, caller: Caller, given: Given) -> Given:
        """POST /projection: what the system computed by itself becomes the next round, or is not adopted and why."""
        only(given, "command", "code", "projection", "step", "why")
        by, code = commander(caller), words(given, "code", longest=LONGEST_CODE)
        projection = words(given, "projection", longest=40)
        command = matching(given, "command", COMMAND, Text("客户端生成的标识", "a key the client made"))
        if one_of(given, "step", PROJECTED) == "adopt":
            done = self.projections.adopt(code, projection, by=by, caller=caller, command=command)
        else:
            why = words(given, "why", longest=400, empty=True)
            done = self.projections.dismiss(code, projection, why=why, by=by, command=command)
        return self._told(code, caller) | {"entry": done.entry, "again": done.again}

    def _told(self, code: str, caller: Caller) -> Given:
        one = self.chain.standing(code, caller)
        told = standing_told(one, self.chain.desk.store.catalogue, caller.lang)
        beside = Proposed() if one is None else self.projections.standing(one, caller)
        told |= proposed_told(beside, one, self.chain.desk.store.catalogue, caller.lang)
        book: Given = {"supplied": False}
        if one is not None:
            gas = substance(one.round.one.scenario.chemical)
            book = told_guidebook(self._table(), gas, caller.lang)
        return told | {"code": code, "may_command": may_command(caller), "guidebook": book}

    def _table(self) -> GreenTable | BadInputError | None:
        """The guidebook as a site supplied it; a wrong file is said and stops nothing."""
        try:
            return green_table(self.chain.folder / NAME)
        except BadInputError as wrong:
            return wrong


def _source(given: Given) -> tuple[str, str] | None:
    if not given.get("layer"):
        return None
    return one_of(given, "layer", SOURCES), words(given, "key", longest=LONGEST_KEY)


def chain_routes(doors: ChainDoors, planning: Planning) -> list[BaseRoute]:
    """The doors; what computes waits in one line with the workbench's own computations."""

    async def compute(request: Request) -> Response:
        """POST /api/incidents/compute."""
        given = await object_of(request)
        return json_answer(await planning.run(partial(doors.compute, current_caller.get(), given)))

    async def projected(request: Request) -> Response:
        """POST /api/incidents/projection."""
        given = await object_of(request)
        return json_answer(await planning.run(partial(doors.projected, current_caller.get(), given)))

    return [
        Route("/api/incidents/prefill", asked(doors.prefill), methods=["GET"]),
        Route("/api/incidents/chain", asked(doors.standing), methods=["GET"]),
        Route("/api/incidents/compute", compute, methods=["POST"]),
        Route("/api/incidents/projection", projected, methods=["POST"]),
    ]


__all__ = ["ChainDoors", "chain_routes"]
