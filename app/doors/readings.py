"""`/api/readings`: devices and gateways bring their readings; what is answered was kept before."""

import asyncio
from collections.abc import Callable
from dataclasses import asdict

import pyarrow as pa
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.doors.bodies import body_of, json_answer
from core.caller import Caller, current_caller
from core.clock import Clock, iso
from core.errors import FaultsError
from monitoring.formats import parsed
from monitoring.inbox import Inbox
from monitoring.readings import Sent, entered

LARGEST = 16 * 1024 * 1024
"""Bytes of a message."""


def reading_routes(inbox: Inbox, clock: Clock, alarms: Callable[[], dict[str, object]]) -> list[BaseRoute]:
    """The door over one inbox; `alarms` tells how it stands with their judging."""

    def points_of(caller: Caller) -> frozenset[str]:
        register = inbox.register
        if not caller.device:
            return register.open_to(caller.scope)
        device = register.devices().by_code.get(caller.device)
        return frozenset() if device is None else device.points

    async def receive(asked: Request) -> Response:
        """POST /api/readings: JSON, CSV or Arrow; how many were kept, how many said before, and every row refused."""
        caller = current_caller.get()
        body = await body_of(asked, LARGEST)

        def read() -> tuple[Sent, pa.Table]:
            sent = parsed(body, asked.headers.get("content-type", "application/json"))
            register = inbox.register
            allowed = points_of(caller)
            return sent, entered(sent, register.known(), source=caller.actor.id, arrived=clock(), allowed=allowed)

        sent, batch = await run_in_threadpool(read)
        inbox.refused(sent.faults.count)
        if sent.faults.count and not batch.num_rows:
            raise FaultsError(sent.faults.ordered())
        kept = await asyncio.wrap_future(inbox.offer(batch))
        lang = caller.lang
        faults = [
            {"row": one.row, "field": one.field, "value": one.value, "rule": one.rule.of(lang)}
            for one in sent.faults.ordered()
        ]
        counts = {"received": sent.received, **asdict(kept), "refused": sent.faults.count}
        return json_answer(counts | {"faults": faults})

    async def told(_: Request) -> Response:
        """GET /api/readings: what came since the start, what waits, who was heard when, and how alarms are judged."""
        counts, caller = asdict(inbox.told()), current_caller.get()
        arrivals = sorted(counts.pop("last_arrival").items())
        sources = {source: iso(at) for source, at in arrivals if not caller.device or source == caller.actor.id}
        return json_answer(counts | {"waiting": inbox.depth, "last_arrival": sources, "alarms": alarms()})

    return [
        Route("/api/readings", receive, methods=["POST"]),
        Route("/api/readings", told, methods=["GET"]),
    ]
