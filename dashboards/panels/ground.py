"""The map an office page lies on: the city's own base by day, to be moved about in."""

import dash_leaflet as dl
from dash.development.base_component import Component

from dashboards.screens import OWN_BASE_MAP, Screens


def ground(screens: Screens, id: str, *, zoom: int = 10) -> Component:
    """The container the page's script draws in; where it looks at first is the script's to say."""
    tiles = dl.TileLayer(url=screens.root_path + OWN_BASE_MAP.url.replace("{theme}", "day"), maxNativeZoom=18)
    return dl.MapContainer(
        [tiles],
        id=id,
        center=[33.2, 121.9],
        zoom=zoom,
        zoomControl=False,
        attributionControl=False,
        trackViewport=False,
        maxZoom=18,
        zoomSnap=0.25,
        style={"width": "100%", "height": "100%"},
    )
