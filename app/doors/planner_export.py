"""`POST /api/planner/export`: a scenario, or two side by side, computed here and handed on as a file."""

from collections.abc import Iterator
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.doors.bodies import object_of
from app.planning import Computed, Planning
from core.caller import Caller, current_caller
from core.errors import Fault, FaultsError
from core.texts import Text
from dashboards.brief.door import disposition
from dashboards.handout.contents import MARKS, Format, Side, gathered
from dashboards.handout.writing import MEDIA_TYPES, written
from dashboards.planner.answer import Json
from dashboards.screens import Screens
from store.audit import Kind


def export_routes(planning: Planning, screens: Screens) -> list[BaseRoute]:
    """The door of what a planner hands on; each file is recorded as an export before it is sent."""

    def made(given: Json, form: Format, caller: Caller) -> tuple[bytes, str]:
        found = list(_computed(planning, given, caller))
        sides = [
            Side(mark=mark, scenario=one.scenario, result=one.result, inside=one.inside)
            for mark, one in zip(MARKS, found, strict=False)
        ]
        handout = gathered(screens, sides, caller)
        body = written(handout, form, screens.catalogue, screens.picture)
        for one in found:
            planning.record(one, caller, kind=Kind.EXPORT, door=f"planner {form}")
        return body, handout.filename(form)

    async def export(request: Request) -> Response:
        caller = current_caller.get()
        given = await object_of(request)
        form = _format(given)
        body, name = await planning.run(partial(made, given, form, caller))
        headers = {"content-disposition": disposition(name, "scenario"), "cache-control": "no-store"}
        return Response(body, media_type=MEDIA_TYPES[form], headers=headers)

    return [Route("/api/planner/export", export, methods=["POST"])]


def _format(given: Json) -> Format:
    unknown = sorted(given.keys() - {"format", "scenario", "second"})
    faults = [Fault(field=name, value="", rule=Text("没有这一项", "there is no such field")) for name in unknown[:20]]
    asked = given.get("format")
    if asked not in list(Format):
        allowed = "、".join(Format), ", ".join(Format)
        rule = Text(f"应为 {allowed[0]} 之一", f"must be one of {allowed[1]}")
        faults.append(Fault(field="format", value=str(asked or "")[:40], rule=rule))
    if faults:
        raise FaultsError(faults)
    return Format(str(asked))


def _computed(planning: Planning, given: Json, caller: Caller) -> Iterator[Computed]:
    """Both scenarios; a fault of the second is named as its own."""
    yield planning.computed(given.get("scenario"), caller)
    if given.get("second") is None:
        return
    try:
        yield planning.computed(given["second"], caller)
    except FaultsError as wrong:
        faults = [
            Fault(field=f"second.{one.field}", value=one.value, rule=one.rule, row=one.row, key=one.key)
            for one in wrong.faults
        ]
        raise FaultsError(faults) from wrong
