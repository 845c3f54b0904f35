"""`/api/remote` and `/tiles/remote`: layers of other bodies looked for, put on our map, taken off, fetched."""

from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.doors.admin.fields import Given, number, one_of, only, words
from app.doors.bodies import asked, posted
from app.remote.gate import Gate
from app.remote.kept import Held
from core.caller import Caller, current_caller
from core.clock import Clock, iso
from core.errors import BadInputError, ConflictError, ForbiddenError
from core.ids import new_id
from core.texts import Text, whole
from layers.catalogue.remote import REMOTE_LAYERS, RemoteLayer
from layers.codes import code_list
from ogc.encode.crs import CRS84, box_of
from ogc.remote.reading import Offered
from store.feed import Delete, Put

REASON = "接入外部图层"
MOST = 60


def remote_routes(gate: Gate, clock: Clock) -> list[BaseRoute]:
    """The doors."""

    def listed(caller: Caller, given: Given) -> Given:
        """GET: the layers of others on this map, how old what we have of them is, and what a caller may do."""
        only(given)
        return {
            "rows": [_told(one, version, gate, caller) for one, version in gate.layers(caller.scope)],
            "may_change": _may_change(caller),
            "hosts": list(gate.elsewhere.hosts) if _may_change(caller) else [],
            "kinds": [{"code": one.code, "name": one.title.of(caller.lang)} for one in code_list("remote_kind")],
        }

    def look(caller: Caller, given: Given) -> Given:
        """POST /look: what a service at an address offers."""
        only(given, "url", "kind")
        _must_change(caller)
        kind = one_of(given, "kind", tuple(one.code for one in code_list("remote_kind")))
        found = gate.look(words(given, "url", longest=400), kind)
        return {"layers": [_offer(one, caller) for one in found]}

    def add(caller: Caller, given: Given) -> Given:
        """POST: put one layer on the map; the service is asked again, and only what it offers is kept."""
        only(given, "url", "kind", "name", "title", "attribution", "fresh_seconds")
        _must_change(caller)
        if len(gate.layers(caller.scope)) >= MOST:
            raise ConflictError(Text(f"外部图层最多 {MOST} 个", f"at most {MOST} layers of others"))
        kind = one_of(given, "kind", tuple(one.code for one in code_list("remote_kind")))
        url, name = words(given, "url", longest=400), words(given, "name", longest=200)
        one = next((one for one in gate.look(url, kind) if one.name == name), None)
        if one is None:
            raise BadInputError(Text(f"该服务没有图层“{name}”", f"the service has no layer {name!r}"), field="name")
        if one.why_not is not None:
            raise BadInputError(one.why_not, field="name")
        record = record_of(one, given, caller)
        edit = Put(layer=REMOTE_LAYERS.id, record=record, expected=0)
        gate.store.commit([edit], actor=caller.actor, reason=REASON, scope=caller.scope)
        return {"id": record.code}

    def remove(caller: Caller, given: Given) -> Given:
        """POST /remove: take one layer off the map; its row stays in the history."""
        only(given, "id", "version")
        _must_change(caller)
        code = words(given, "id", longest=40)
        version = number(given, "version", 1, 1_000_000_000)
        gate.layer(code, caller.scope)
        edit = Delete(layer=REMOTE_LAYERS.id, key=code, expected=version)
        gate.store.commit([edit], actor=caller.actor, reason=REASON, scope=caller.scope)
        gate.shelf.forget(code)
        return {"id": code}

    def fetched(get: Callable[[Caller, Request], Held]) -> Callable[[Request], Any]:
        async def endpoint(request: Request) -> Response:
            caller = current_caller.get()
            held = await run_in_threadpool(get, caller, request)
            headers = {"cache-control": "private, max-age=60", "x-fetched-at": iso(held.at)}
            if held.stale is not None:
                age = max(0, int((clock() - held.at).total_seconds()))
                headers |= {"cache-control": "no-store", "age": str(age), "x-stale": iso(held.at)}
            return Response(held.body, media_type=held.media_type, headers=headers)

        return endpoint

    def tile(caller: Caller, request: Request) -> Held:
        z, x, y = (whole(request.path_params[name]) for name in ("z", "x", "row"))
        return gate.tile(caller, request.path_params["id"], *(-1 if one is None else one for one in (z, x, y)))

    def features(caller: Caller, request: Request) -> Held:
        given = dict(request.query_params)
        only(given, "bbox")
        box, _ = box_of(words(given, "bbox", longest=200), CRS84)
        return gate.features(caller, request.path_params["id"], box)

    return [
        Route("/api/remote", asked(listed), methods=["GET"]),
        Route("/api/remote", posted(add), methods=["POST"]),
        Route("/api/remote/look", posted(look), methods=["POST"]),
        Route("/api/remote/remove", posted(remove), methods=["POST"]),
        Route("/api/remote/{id}/features", fetched(features), methods=["GET"]),
        Route("/tiles/remote/{id}/{z}/{x}/{row}", fetched(tile), methods=["GET"]),
    ]


def _may_change(caller: Caller) -> bool:
    writable = caller.scope.writable
    named = writable is None or REMOTE_LAYERS.id in writable
    return named and bool(caller.session) and REMOTE_LAYERS.visible(caller.scope)


def _must_change(caller: Caller) -> None:
    """Nobody makes the server fetch an address who may not put a layer on the map."""
    if not _may_change(caller):
        raise ForbiddenError(Text("您的岗位无权接入外部图层", "your post may not add layers of others"))


def record_of(one: Offered, given: Given, caller: Caller) -> RemoteLayer:
    """The row of a layer that a service offers, with what the person who adds it says of it."""
    box = one.box
    return RemoteLayer(
        code=f"r{new_id().replace('-', '')[:24]}",
        title=words(given, "title", longest=80),
        kind=one.kind,
        url=one.url,
        name=one.name,
        style=one.style,
        matrix_set=one.matrix_set,
        template=one.template,
        version=one.version,
        crs=one.crs,
        attribution=words(given, "attribution", longest=120),
        fresh_seconds=number(given, "fresh_seconds", 10, 604_800),
        west=None if box is None else box.west,
        south=None if box is None else box.south,
        east=None if box is None else box.east,
        north=None if box is None else box.north,
        area=min(caller.scope.areas, key=len),
        source=one.url,
    )


def _told(one: RemoteLayer, version: int, gate: Gate, caller: Caller) -> Given:
    standing = gate.shelf.standing(one.code)
    box = None if one.west is None else [one.west, one.south, one.east, one.north]
    return {
        "id": one.code,
        "version": version,
        "title": one.title,
        "kind": one.kind,
        "kind_text": code_list("remote_kind").label(one.kind, caller.lang) or one.kind,
        "attribution": one.attribution,
        "host": one.url.split("/")[2],
        "fresh_seconds": one.fresh_seconds,
        "bounds": box,
        "good": None if standing.good is None else iso(standing.good),
        "failed": None if standing.bad is None else iso(standing.bad),
        "why": None if standing.why is None else standing.why.of(caller.lang),
    }


def _offer(one: Offered, caller: Caller) -> Given:
    return {
        "name": one.name,
        "title": one.title[:80],
        "why_not": None if one.why_not is None else one.why_not.of(caller.lang),
    }
