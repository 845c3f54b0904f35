"""The base map as one picture of any window, for documents that are read without a server."""

from core.texts import Lang
from dashboards.brief.window import WEB_MERCATOR, BasePicture, Window
from ogc.render.base import PUBLIC_SCOPE
from ogc.render.drawing import Extent, Format
from ogc.render.palette import MapTheme, palette
from ogc.render.renderer import MapnikRenderer
from ogc.render.request import BASEMAP, LayerRequest, MapRequest

DOUBLE = 2.0


def base_picture(renderer: MapnikRenderer) -> BasePicture:
    """The day's base map at double resolution, drawn from public rows whoever asks."""

    def draw(window: Window, lang: Lang) -> bytes:
        width, height = window.size
        asked = MapRequest(
            layers=(LayerRequest(layer=BASEMAP),),
            extent=Extent(left=window.left, bottom=window.bottom, right=window.right, top=window.top),
            crs=WEB_MERCATOR,
            width=width,
            height=height,
            scope=PUBLIC_SCOPE,
            lang=lang,
            theme=MapTheme.DAY,
            format=Format.PNG8,
            background=palette(MapTheme.DAY).fill("sea"),
            scale=DOUBLE,
        )
        return renderer.draw(asked)

    return draw
