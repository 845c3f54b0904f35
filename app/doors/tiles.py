"""Tiles of the base map and of the rasters in use, and the sign-in page's picture, by our own renderer."""

import re
from collections.abc import Callable
from functools import partial

import shapely
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from core.caller import current_caller
from core.errors import NotFoundError
from core.texts import Text, whole
from gis.crs import moved
from layers.layer import Layer
from ogc.basemap import MEDIA_TYPE, BaseMap
from ogc.rastertiles import RasterTiles
from ogc.render.base import PUBLIC_SCOPE
from ogc.render.drawing import Extent, Format
from ogc.render.palette import MapTheme
from ogc.render.renderer import MapnikRenderer
from ogc.render.request import BASEMAP, LayerRequest, MapRequest
from ogc.tilefiles import Place
from store.protocol import Store
from store.query import Query

_ROW = re.compile(r"^([0-9]{1,8})(@2x)?$")


def tile_routes(base_map: BaseMap, rasters: RasterTiles, renderer: MapnikRenderer, store: Store) -> list[BaseRoute]:
    """`/tiles/base/…`, `/tiles/names/…`, `/tiles/coverage/{id}/{z}/{x}/{y}[@2x]` and `/public/basemap.png`."""
    picture: dict[int, bytes] = {}

    async def tile(draw: Callable[..., bytes], request: Request) -> Response:
        z, x, y, scale = _place(request)
        body = await run_in_threadpool(draw, request.path_params["theme"], z, x, y, scale)
        return Response(body, media_type=MEDIA_TYPE, headers={"cache-control": "private, max-age=300"})

    async def poster(_: Request) -> Response:
        head = renderer.base_head()
        if head not in picture:
            asked = await run_in_threadpool(_poster, store)
            if asked is None:
                raise NotFoundError(Text("还没有装入行政区划", "no administrative areas are loaded yet"))
            drawn = await run_in_threadpool(renderer.draw, asked)
            picture.clear()
            picture[head] = drawn
        return Response(picture[head], media_type=MEDIA_TYPE, headers={"cache-control": "public, max-age=3600"})

    async def coverage(request: Request) -> Response:
        caller, (z, x, y, scale) = current_caller.get(), _place(request)
        place = Place(z=z, x=x, y=y, scale=scale)
        theme = request.query_params.get("theme", MapTheme.DAY.value)
        one = await run_in_threadpool(rasters.found, request.path_params["id"], caller.scope)
        found = await run_in_threadpool(rasters.tile, one, theme, place)
        tag = f'"{found.tag}-{place.scale}-{caller.scope.digest}"'
        fresh = request.query_params.get("v") == str(one.version)
        headers = {
            "etag": tag,
            "cache-control": "private, max-age=3600" if fresh else "private, no-cache",
            "vary": "cookie, authorization",
        }
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        return Response(found.body, media_type=found.media_type, headers=headers)

    return [
        Route("/tiles/coverage/{id}/{z}/{x}/{row}", coverage),
        Route("/tiles/base/{theme}/{z}/{x}/{row}.png", partial(tile, base_map.base_tile)),
        Route("/tiles/names/{theme}/{z}/{x}/{row}.png", partial(tile, base_map.names_tile)),
        Route("/public/basemap.png", poster),
    ]


def _place(request: Request) -> tuple[int, int, int, int]:
    """Level, column, row and scale of a tile; its last name is `1653` or `1653@2x`."""
    z, x = (whole(request.path_params[name]) for name in ("z", "x"))
    found = _ROW.match(request.path_params["row"])
    if z is None or x is None or found is None:
        raise NotFoundError(Text("没有这个瓦片", "no such tile"))
    return z, x, int(found[1]), 2 if found[2] else 1


def _poster(store: Store) -> MapRequest | None:
    """A picture of the whole city by day, for the sign-in page; None while the city has no areas."""
    areas: Layer = store.catalogue["areas"]
    table = store.read(areas, Query(fields=("level",)), scope=PUBLIC_SCOPE)
    if not table.num_rows:
        return None
    west, south, east, north = shapely.total_bounds(shapely.from_wkb(table["geometry"].to_pylist()))
    corners = moved(shapely.get_coordinates(shapely.box(west, south, east, north)), 4490, 3857)
    middle, half = (corners.min(axis=0) + corners.max(axis=0)) / 2, 17_000.0
    return MapRequest(
        layers=(LayerRequest(layer=BASEMAP),),
        extent=Extent(
            left=float(middle[0]) - half, bottom=float(middle[1]) - half, right=float(middle[0]) + half,
            top=float(middle[1]) + half,
        ),
        crs=3857,
        width=1100,
        height=1100,
        scope=PUBLIC_SCOPE,
        theme=MapTheme.DAY,
        format=Format.PNG8,
    )  # fmt: skip
