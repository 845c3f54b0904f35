"""`/api/cameras/sight`: the ground a camera can see, by its direction and the terrain, with what is not known of it."""

import shapely
from shapely.geometry import mapping
from starlette.routing import BaseRoute, Route

from app.doors.admin.fields import Given, only, words
from app.doors.bodies import asked
from core.caller import Caller
from core.errors import BadInputError, NotFoundError
from core.texts import Text
from core.units import Metre
from dashboards.queries.sights import optics, relief
from layers.catalogue.sensing import CAMERAS, Camera
from store.protocol import Store
from store.rasters import RasterShelf
from video.geometry.sight import sight

REACHES = (200, 500, 1000, 2000)
"""Metres offered where the reach of a camera was not filed: the reader's choice, told as such."""

UNWEIGHED = Text(
    "未计建筑物、树木遮挡和俯仰角;近处盲区未扣除",
    "buildings, trees and the tilt of the camera are not weighed; the blind ground right below it is not taken off",
)


def camera_routes(store: Store, shelf: RasterShelf | None) -> list[BaseRoute]:
    """The door; it shows what the camera's row and the terrain in use say, to whom both are open."""

    def seen(caller: Caller, given: Given) -> Given:
        """GET ?key=&reach=: the shape in EPSG:4490 as GeoJSON, what it rests on and what share the terrain hides."""
        only(given, "key", "reach")
        key = words(given, "key", longest=60)
        layer = store.catalogue.find(CAMERAS.id, caller.scope)
        if layer is None:
            raise NotFoundError(Text("没有这个视频点", "no such camera"), key=key)
        camera = store.get(layer, key, scope=caller.scope).record
        assert isinstance(camera, Camera)
        if camera.geometry is None:
            raise BadInputError(Text("该视频点没有坐标", "the camera has no position"), field="key", value=key)
        reach, chosen = _reach(camera, given)
        looks = optics(camera, reach)
        ground, source = (None, "") if camera.height is None else relief(shelf, looks.place, reach, caller.scope)
        found = sight(looks, ground)
        return {
            "key": key, "reach": reach, "chosen": chosen, "hidden": found.hidden,
            "terrain": source if found.hidden is not None else "",
            "shape": mapping(shapely.set_precision(found.shape, 1e-7)),
            "notes": [one.of(caller.lang) for one in _notes(camera, reach if chosen else None, found.hidden)],
        }  # fmt: skip

    return [Route("/api/cameras/sight", asked(seen), methods=["GET"])]


def _notes(camera: Camera, chosen: Metre | None, hidden: float | None) -> list[Text]:
    """What the drawing does not know, in the order a reader needs it."""
    notes = []
    if chosen is not None:
        notes.append(
            Text(f"可视距离未登记,按所选 {chosen:g} 米绘制", f"no reach filed: drawn to the {chosen:g} m chosen")
        )
    if camera.azimuth is None or camera.field_of_view is None:
        notes.append(Text("方向或视场角未登记,按四周绘制", "no direction or field of view filed: drawn all round"))
    elif camera.kind == "ptz":
        notes.append(Text("云台可转动,此为登记的方向", "it can be turned; this is the filed direction"))
    if camera.height is None:
        notes.append(Text("安装高度未登记,未按地形计算", "no height filed: the terrain is not weighed"))
    elif hidden is None:
        notes.append(Text("所在处没有可用的地形数据,未按地形计算", "no usable terrain there: not weighed"))
    return [*notes, UNWEIGHED]


def _reach(camera: Camera, given: Given) -> tuple[Metre, bool]:
    """How far to draw, and whether that is the reader's choice for want of what was filed."""
    if camera.reach is not None:
        return camera.reach, False
    text = str(given.get("reach", ""))
    if text not in map(str, REACHES):
        allowed = "、".join(map(str, REACHES))
        raise BadInputError(
            Text(
                f"该视频点未登记可视距离,reach 须为 {allowed} 之一",
                f"no reach is filed: reach must be one of {allowed}",
            ),
            field="reach",
            value=text[:20],
        )
    return float(text), True
