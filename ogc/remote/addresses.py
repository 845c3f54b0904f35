"""Where one tile or the features of one window are fetched, by what the register says of a layer elsewhere."""

import math
from urllib.parse import quote, urlencode

from core.errors import BadInputError
from core.texts import Text
from gis.shapes import Bounds
from layers.catalogue.remote import RemoteLayer
from ogc.remote.reading import DEGREES

TILE = 256
MOST_FEATURES = 2000
HALF_WORLD = 20_037_508.342789244
"""Metres from the middle of web mercator to its edge: pi times the radius 6,378,137 m."""


def tile_box(z: int, x: int, y: int) -> tuple[float, float, float, float]:
    """West, south, east, north of a tile in the metres of EPSG:3857."""
    size = 2 * HALF_WORLD / 2**z
    west, north = -HALF_WORLD + x * size, HALF_WORLD - y * size
    return west, north - size, west + size, north


def degrees(box: tuple[float, float, float, float]) -> Bounds:
    """A box of web mercator in degrees."""
    west, south, east, north = (value / HALF_WORLD * 180 for value in box)
    up = [math.degrees(2 * math.atan(math.exp(math.radians(value))) - math.pi / 2) for value in (south, north)]
    return Bounds(west, up[0], east, up[1])


def tile_address(layer: RemoteLayer, z: int, x: int, y: int) -> str:
    """The address of a tile."""
    if layer.kind == "wmts":
        return layer.template.replace("{z}", str(z)).replace("{x}", str(x)).replace("{y}", str(y))
    if layer.kind != "wms":
        raise BadInputError(Text("此图层是要素,没有瓦片", "this layer is features, it has no tiles"), field="id")
    box = tile_box(z, x, y)
    if layer.crs in DEGREES:
        place = degrees(box)
        swapped = layer.version == "1.3.0" and layer.crs != "CRS:84"
        box = (place.south, place.west, place.north, place.east) if swapped else tuple(place)
    return _with(
        layer.url, service="WMS", version=layer.version, request="GetMap", layers=layer.name, styles=layer.style,
        **{"crs" if layer.version == "1.3.0" else "srs": layer.crs}, bbox=",".join(f"{value:.9f}" for value in box),
        width=str(TILE), height=str(TILE), format="image/png", transparent="TRUE",
    )  # fmt: skip


def features_address(layer: RemoteLayer, box: Bounds) -> str:
    """The address of the features in a window, as GeoJSON, longitude first."""
    if layer.kind == "oapif":
        door, _, query = layer.url.partition("?")
        door = door.removesuffix("/").removesuffix("/collections")
        place = f"{door}/collections/{quote(layer.name, safe='')}/items" + (f"?{query}" if query else "")
        return _with(place, f="json", limit=str(MOST_FEATURES), bbox=",".join(f"{value:.7f}" for value in box))
    if layer.kind != "wfs":
        raise BadInputError(Text("此图层是图片,没有要素", "this layer is pictures, it has no features"), field="id")
    corners = f"{box.south:.7f},{box.west:.7f},{box.north:.7f},{box.east:.7f},urn:ogc:def:crs:EPSG::4326"
    counted = "count" if layer.version == "2.0.0" else "maxFeatures"
    named = "typeNames" if layer.version == "2.0.0" else "typeName"
    return _with(
        layer.url, service="WFS", version=layer.version, request="GetFeature",
        **{named: layer.name, counted: str(MOST_FEATURES)}, outputFormat=layer.template, bbox=corners,
        srsName="EPSG:4326",
    )  # fmt: skip


def _with(url: str, **given: str) -> str:
    return url + ("&" if "?" in url else "?") + urlencode(given)
