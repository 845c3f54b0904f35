"""The OGC API Tiles doors: documents off the loop, tiles at hand in it."""

from collections.abc import Callable
from dataclasses import dataclass

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from app.doors.ogc import own_address
from app.doors.wmts import send_tile
from core.caller import Caller, current_caller
from core.errors import BadInputError, NotFoundError, OneMapError
from core.texts import Text, whole
from ogc.encode import mvt
from ogc.oapi import tilesets
from ogc.oapi.exchange import Given, problem, sent, spoken
from ogc.oapi.items import refuse_unknown
from ogc.oapi.routes import PATH
from ogc.oapi.schemas import Json
from ogc.render.palette import MapTheme
from ogc.render.request import DEFAULT_STYLE
from ogc.services import Response as Answer
from ogc.services import Services
from ogc.tiles.matrix import NoTileError, Tile
from ogc.tiles.pictures import TileAsk, TilePictures
from ogc.tiles.vectors import TileVectors

TILES = PATH + "/collections/{layer_id}/tiles"
MATRIX_SETS = PATH + "/tileMatrixSets"
_OF_DOCUMENTS = frozenset(("f", "lang"))
_OF_TILES = frozenset(("f", "lang", "theme"))


@dataclass(frozen=True, slots=True)
class Tiles:
    """What the doors need."""

    services: Services
    pictures: TilePictures
    vectors: TileVectors


def tileset_routes(door: Tiles) -> list[BaseRoute]:
    """Matrix sets, the tilesets of a collection, and their tiles."""

    def sets(_: Caller, here: str, given: Given) -> Json:
        _known(given, ("json",))
        return tilesets.matrix_sets(here, current_caller.get().lang)

    def one_set(_: Caller, here: str, given: Given, set: str) -> Json:
        _known(given, ("json",))
        return tilesets.matrix_set(tilesets.found(set), current_caller.get().lang)

    def of_collection(caller: Caller, here: str, given: Given, layer_id: str) -> Json:
        _known(given, ("json",))
        return tilesets.tilesets(door.vectors.layer(layer_id, caller.scope), caller, here)

    def of_set(caller: Caller, here: str, given: Given, layer_id: str, set: str) -> Json:
        form = _known(given, ("json", "tilejson"))
        make = tilesets.tile_json if form == "tilejson" else tilesets.tileset
        return make(door.vectors.layer(layer_id, caller.scope), tilesets.found(set), caller, door.services, here)

    return [
        Route(MATRIX_SETS, _document(sets)),
        Route(MATRIX_SETS + "/{set}", _document(one_set)),
        Route(TILES, _document(of_collection)),
        Route(TILES + "/{set}", _document(of_set)),
        Route(TILES + "/{set}/{level}/{row}/{column}", OneTile(door), methods=["GET"]),
    ]


def _document(make: Callable[..., Json]) -> Callable[[Request], object]:
    """A document as JSON; its errors as problem documents."""

    async def endpoint(request: Request) -> Response:
        caller, here = spoken(current_caller.get(), request), own_address(request, PATH)
        given = dict(request.query_params)

        def made() -> Answer:
            current_caller.set(caller)
            try:
                found = make(caller, here, given, **request.path_params)
            except OneMapError as error:
                return problem(error, caller, here, given, False)
            return Answer(media_type="application/json", body=orjson.dumps(found))

        return sent(await run_in_threadpool(made), caller)

    return endpoint


def _known(given: Given, forms: tuple[str, ...], known: frozenset[str] = _OF_DOCUMENTS) -> str:
    refuse_unknown(given, known)
    form = given.get("f", forms[0])
    if form not in forms:
        allowed = ", ".join(forms)
        raise BadInputError(Text(f"格式“{form}”不可用,可用:{allowed}", f"format {form!r}: use {allowed}"), field="f")
    return form


class OneTile:
    """`…/tiles/{set}/{level}/{row}/{column}?f=mvt|png`."""

    def __init__(self, door: Tiles) -> None:
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One tile; empty vector tiles are 204."""
        request = Request(scope)
        caller, given = spoken(current_caller.get(), request), dict(request.query_params)
        try:
            form = _known(given, ("mvt", "png"), _OF_TILES)
            if "f" not in given and mvt.MEDIA_TYPE not in request.headers.get("accept", "").lower():
                form = "png" if "image/png" in request.headers.get("accept", "").lower() else form
            tile = _tile(request.path_params)
            theme = _theme(given)
            if form == "png":
                await self._picture(request.path_params["layer_id"], tile, theme, caller, scope, send)
            else:
                await self._vector(request.path_params["layer_id"], tile, caller, scope, send)
        except OneMapError as error:
            refused = problem(error, caller, own_address(request, PATH), given, False)
            await sent(refused, caller)(scope, receive, send)

    async def _picture(
        self, layer_id: str, tile: Tile, theme: MapTheme, caller: Caller, scope: Scope, send: Send
    ) -> None:
        ask = TileAsk(layer=layer_id, style=DEFAULT_STYLE, tile=tile, lang=caller.lang, theme=theme)
        held = self._door.pictures.at_hand(ask, caller)
        if held is None:
            self._door.vectors.layer(layer_id, caller.scope)
            held = await run_in_threadpool(self._door.pictures.tile, ask, caller)
        await send_tile(held, b"image/png", scope, send)

    async def _vector(self, layer_id: str, tile: Tile, caller: Caller, scope: Scope, send: Send) -> None:
        found = self._door.vectors.at_hand(layer_id, tile, caller)
        held, kept = (
            (found, True)
            if found is not None
            else await run_in_threadpool(self._door.vectors.tile, layer_id, tile, caller)
        )
        if not held.body:
            headers = [(b"cache-control", b"private, no-cache" if kept else b"no-store")]
            await send({"type": "http.response.start", "status": 204, "headers": headers})
            await send({"type": "http.response.body", "body": b""})
            return
        await send_tile(held, mvt.MEDIA_TYPE.encode(), scope, send, kept=kept)


def _tile(where: dict[str, str]) -> Tile:
    """The tile of a path; outside its set there is none (404)."""
    row, column = whole(where["row"]), whole(where["column"])
    if row is None or column is None:
        raise NotFoundError(Text("行列号须为非负整数", "row and column are whole numbers from 0"))
    try:
        return tilesets.found(where["set"]).tile(where["level"], row, column)
    except NoTileError as error:
        raise NotFoundError(error.text) from error


def _theme(given: Given) -> MapTheme:
    asked = given.get("theme", MapTheme.DAY.value)
    try:
        return MapTheme(asked)
    except ValueError as error:
        allowed = ", ".join(MapTheme)
        raise BadInputError(
            Text(f"主题“{asked}”应为 {allowed}", f"theme {asked!r}: use {allowed}"), field="theme"
        ) from error
