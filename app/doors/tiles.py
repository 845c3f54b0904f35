"""Base map tiles and the sign-in page's picture, drawn by our own renderer from shared public layers."""

import re

import shapely
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from core.errors import NotFoundError
from core.texts import Text
from gis.crs import moved
from layers.layer import Layer
from ogc.basemap import MEDIA_TYPE, BaseMap
from ogc.render.base import PUBLIC_SCOPE
from ogc.render.drawing import Extent, Format
from ogc.render.palette import MapTheme
from ogc.render.renderer import MapnikRenderer
from ogc.render.request import BASEMAP, LayerRequest, MapRequest
from store.protocol import Store
from store.query import Query

_ROW = re.compile(r"^(\d{1,8})(@2x)?$")


def tile_routes(base_map: BaseMap, renderer: MapnikRenderer, store: Store) -> list[BaseRoute]:
    """`/tiles/base/{theme}/{z}/{x}/{y}[@2x].png` and `/public/basemap.png`."""
    picture: dict[int, bytes] = {}

    async def tile(request: Request) -> Response:
        found = _ROW.match(request.path_params["row"])
        if found is None:
            raise NotFoundError(Text("没有这个瓦片", "no such tile"))
        path = request.path_params
        scale = 2 if found[2] else 1
        body = await run_in_threadpool(base_map.base_tile, path["theme"], path["z"], path["x"], int(found[1]), scale)
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

    return [
        Route("/tiles/base/{theme}/{z:int}/{x:int}/{row}.png", tile),
        Route("/public/basemap.png", poster),
    ]


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
