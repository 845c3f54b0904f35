"""What a request of the screens asks for, read and refused by name: layers, places, circles and polygons."""

from dataclasses import dataclass
from typing import Any

import orjson

from core.caller import Caller
from core.errors import BadInputError, NotFoundError
from core.texts import Text
from dashboards.queries.within import Reach, circle, polygon
from dashboards.screens import Screens
from gis.shapes import LonLat
from layers.layer import Layer, Publish

LARGEST_CIRCLE = 100_000.0
MOST_LAYERS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Which layers are looked for inside which shape; `body` is the whole request, for what else it may say."""

    layers: list[Layer]
    reach: Reach
    body: dict[str, Any]


def layer_of(screens: Screens, caller: Caller, name: str) -> Layer:
    """A layer this caller may know of; NotFoundError for every other name."""
    layer = screens.catalogue.find(name, caller.scope)
    if layer is None or layer.publish is Publish.NONE:
        raise NotFoundError(Text(f"没有图层“{name}”", f"no layer {name!r}"), layer=name)
    return layer


def bad(name: str, value: str, rule: Text) -> BadInputError:
    """The error that names the parameter, what was given and what is allowed."""
    return BadInputError(Text(f"{name}={value}:{rule.zh}", f"{name}={value}: {rule.en}"), field=name, value=value)


def question_of(screens: Screens, caller: Caller, raw: bytes) -> Question:
    """The question in the body of a request: `layers`, and a `circle` or a `polygon`."""
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise bad("body", "", Text("须为 JSON", "must be JSON")) from error
    if not isinstance(body, dict) or not isinstance(body.get("layers"), list):
        raise bad("layers", "", Text("须列出图层", "must list layers"))
    names = dict.fromkeys(str(name) for name in body["layers"])
    if len(names) > MOST_LAYERS:
        raise bad(
            "layers", str(len(names)), Text(f"一次最多 {MOST_LAYERS} 个图层", f"at most {MOST_LAYERS} layers at once")
        )
    layers = [layer_of(screens, caller, name) for name in names]
    return Question(layers=layers, reach=_reach(body), body=body)


def _position(value: Any) -> LonLat:
    try:
        lon, lat = float(value[0]), float(value[1])
    except (TypeError, ValueError, IndexError, KeyError) as error:
        raise bad("position", str(value)[:60], Text("须为 [经度, 纬度]", "must be [longitude, latitude]")) from error
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise bad("position", str(value)[:60], Text("经度在前,且在范围内", "longitude first, within range"))
    return LonLat(lon, lat)


def _reach(body: dict[str, Any]) -> Reach:
    if "circle" in body:
        asked = body["circle"]
        radius = asked.get("radius") if isinstance(asked, dict) else None
        if not isinstance(radius, int | float) or not 0 < radius <= LARGEST_CIRCLE:
            raise bad(
                "radius",
                str(radius)[:40],
                Text("须在 0 至 100 km 之间,单位米", "must be above 0 and up to 100 km, in metres"),
            )
        return circle(_position((asked.get("lon"), asked.get("lat"))), float(radius))
    ring = body.get("polygon")
    if not isinstance(ring, list) or not 3 <= len(ring) <= 500:
        raise bad("polygon", "", Text("须有 3 至 500 个顶点", "must have 3 to 500 corners"))
    reach = polygon([_position(point) for point in ring])
    if reach.shape.area == 0:
        raise bad(
            "polygon", str(ring)[:60], Text("须围出面积,不能只是点或线", "must enclose an area, not a point or a line")
        )
    return reach
