"""JSON for the plain-JavaScript map: layers, points, cards, search, circles, under the caller of each request."""

import gzip
import hashlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

import layers as layers_package
from core.caller import Caller, Right, current_caller
from core.errors import NotFoundError
from core.texts import Text, real, whole
from dashboards.queries.card import card
from dashboards.queries.choices import choices
from dashboards.queries.people import people_inside
from dashboards.queries.points import columns, shapes
from dashboards.queries.rasters import rasters
from dashboards.queries.selection import Selection, allowed, selection
from dashboards.queries.table import page
from dashboards.queries.themes import Themes
from dashboards.queries.tree import tree
from dashboards.queries.weather import weather
from dashboards.queries.within import inside
from dashboards.questions import bad, layer_of, question_of
from dashboards.screens import Screens
from gis.shapes import Bounds
from layers.catalogue import EXERCISES

SYMBOLS = Path(layers_package.__file__).parent / "symbols"
LONGEST_STEM = 64
"""A name longer than a file system takes is no file rather than an error."""
PACKED_FROM = 4096
GZIPPED = b"\x1f\x8b"
_PLAIN = str.maketrans({"[": "", "]": "", '"': ""})
_JSON = orjson.OPT_SERIALIZE_NUMPY

Answer = Callable[[Screens, Caller, Request], Any]


def _whole(request: Request, name: str) -> int:
    asked = request.query_params.get(name, "0")
    found = whole(asked)
    if found is None or found >= 10**8:
        raise bad(name, asked[:20], Text("须为非负整数", "must be a whole number from 0"))
    return found


def _chosen(screens: Screens, caller: Caller, request: Request) -> tuple[Selection, tuple[str, ...]]:
    """The selection of the address as far as it is open to the caller, and what of it is not."""
    return allowed(selection(request.query_params), screens.catalogue, caller.scope)


def _layers(screens: Screens, caller: Caller, request: Request, themes: Themes) -> Any:
    chosen, ignored = _chosen(screens, caller, request)
    return {
        "ignored": ignored,
        "head": screens.store.head(),
        "themes": tree(screens.store, chosen, scope=caller.scope, lang=caller.lang),
        "choices": choices(screens.store, scope=caller.scope, lang=caller.lang),
        "rasters": rasters(screens.shelf, scope=caller.scope, lang=caller.lang),
        "subjects": themes.offered(caller.scope, caller.lang),
    }


def _map(screens: Screens, caller: Caller, request: Request, themes: Themes) -> Any:
    layer = layer_of(screens, caller, request.path_params["layer"])
    chosen, ignored = _chosen(screens, caller, request)
    told = {**columns(screens.store, layer, chosen, scope=caller.scope), "ignored": ignored}
    asked = request.query_params.get("theme", "")
    if not asked:
        return told
    theme = themes.of(asked, layer, caller.scope)
    if theme is None:
        raise bad("theme", asked[:40], Text("不是此图层的主题", "is no theme of this layer"))
    told["grade"] = themes.grades(theme, told["keys"], caller.scope)
    if theme.plain:
        told |= {"symbols": [layer.style.symbol], "symbol": np.zeros(len(told["keys"]), dtype=np.uint8)}
    return told


def _shapes(screens: Screens, caller: Caller, request: Request) -> Any:
    layer = layer_of(screens, caller, request.path_params["layer"])
    asked = request.query_params.get("bbox", "")
    try:
        west, south, east, north = (real(part) for part in asked.split(","))
        box = Bounds(west, south, east, north)
    except ValueError as error:
        raise bad("bbox", asked[:80], Text("须为 西,南,东,北", "must be west,south,east,north")) from error
    return shapes(screens.store, layer, box, scope=caller.scope)


def _table(screens: Screens, caller: Caller, request: Request) -> Any:
    layer = layer_of(screens, caller, request.path_params["layer"])
    chosen, ignored = _chosen(screens, caller, request)
    offset = _whole(request, "offset")
    found = page(screens.store, layer, chosen, scope=caller.scope, lang=caller.lang, offset=offset)
    return {**found, "ignored": ignored}


def _feature(screens: Screens, caller: Caller, request: Request) -> Any:
    layer = layer_of(screens, caller, request.path_params["layer"])
    key = request.path_params["key"]
    systems = screens.systems if caller.may(Right.CASES) else ()
    return card(
        screens.store, screens.readings, layer, key, screens.clock(), scope=caller.scope, lang=caller.lang,
        systems=systems, states=screens.states,
    )  # fmt: skip


def _search(screens: Screens, caller: Caller, request: Request) -> Any:
    text = request.query_params.get("q", "").strip()[:100]
    real = frozenset(layer.id for layer in screens.catalogue if layer.stream != EXERCISES.stream)
    hits = screens.store.search(text, scope=caller.scope, layers=real, limit=30) if text else ()
    return {
        "q": text,
        "hits": [
            {
                "layer": hit.layer,
                "title": screens.catalogue[hit.layer].title.of(caller.lang),
                "symbol": screens.catalogue[hit.layer].style.symbol,
                "key": hit.key,
                "label": hit.label,
                "snippet": hit.snippet.translate(_PLAIN),
                "lon": hit.lon,
                "lat": hit.lat,
            }
            for hit in hits
        ],
    }


def _weather(screens: Screens, caller: Caller, request: Request) -> Any:
    return weather(screens.store, scope=caller.scope, lang=caller.lang, now=screens.clock())


def _routes_of(answers: dict[str, Answer], screens: Screens) -> list[Route]:
    return [Route(path, _cached(answer, screens), methods=["GET"]) for path, answer in answers.items()]


def _written(answer: Any, *, packed: bool) -> bytes:
    """The answer as JSON, packed at the fastest level where it is long."""
    body = orjson.dumps(answer, option=_JSON)
    return gzip.compress(body, 1, mtime=0) if packed and len(body) >= PACKED_FROM else body


def _cached(answer: Answer, screens: Screens) -> Callable[[Request], Any]:
    """Answer under an ETag of scope, language, question, feed's head and, for a card, the readings that came in."""

    async def endpoint(request: Request) -> Response:
        caller = current_caller.get()
        head = await run_in_threadpool(screens.store.head)
        read = ""
        if screens.readings and answer is _feature:  # what is known of a silent point changes without a reading
            read = f"{screens.readings.series.stamp()}-{int(screens.clock().timestamp()) // 15}"
        if "theme" in request.query_params:  # what is late, or ends soon, changes with time alone
            read += f"-{int(screens.clock().timestamp()) // 60}"
        question = f"{request.url.path}?{request.url.query}|{caller.scope.digest}|{caller.lang}|{head}|{read}"
        tag = f'W/"{hashlib.sha256(question.encode()).hexdigest()[:24]}"'
        vary = "cookie, authorization, accept-encoding"
        headers = {"etag": tag, "cache-control": "private, no-cache", "vary": vary}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        packed = "gzip" in request.headers.get("accept-encoding", "")
        body = await run_in_threadpool(lambda: _written(answer(screens, caller, request), packed=packed))
        if body[:2] == GZIPPED:
            headers["content-encoding"] = "gzip"
        return Response(body, media_type="application/json", headers=headers)

    return endpoint


def routes(screens: Screens) -> list[Route]:
    """Every route of the screens, to be mounted at the root."""

    async def within(request: Request) -> Response:
        caller = current_caller.get()
        asked = question_of(screens, caller, await request.body())
        reach = asked.reach
        found = await run_in_threadpool(
            lambda: inside(screens.store, asked.layers, reach, scope=caller.scope, lang=caller.lang)
        )
        people = await run_in_threadpool(
            lambda: people_inside(screens.shelf, reach.outline, scope=caller.scope, lang=caller.lang)
        )
        centre = [round(reach.centre.lon, 6), round(reach.centre.lat, 6)]
        answer = {"centre": centre, "blocks": found, "people": people}
        return Response(orjson.dumps(answer, option=_JSON), media_type="application/json")

    async def symbol(request: Request) -> Response:
        stem = request.path_params["stem"]
        path = SYMBOLS / f"{stem}.svg"
        if len(stem) > LONGEST_STEM or not stem.replace("-", "").isalnum() or not path.is_file():
            raise NotFoundError(Text(f"没有符号“{stem[:40]}”", f"no symbol {stem[:40]!r}"))
        return FileResponse(path, media_type="image/svg+xml", headers={"cache-control": "private, max-age=86400"})

    themes = Themes(screens.store, screens.clock)
    answers: dict[str, Answer] = {
        "/api/layers": partial(_layers, themes=themes),
        "/api/map/{layer}": partial(_map, themes=themes),
        "/api/shapes/{layer}": _shapes,
        "/api/table/{layer}": _table,
        "/api/feature/{layer}/{key:path}": _feature,
        "/api/search": _search,
        "/api/weather": _weather,
    }
    return [
        *_routes_of(answers, screens),
        Route("/api/within", within, methods=["POST"]),
        Route("/api/symbols/{stem}.svg", symbol, methods=["GET"]),
    ]
