"""What one first sees of the demo city is drawn before anybody opens a page: a minute-old machine is busy enough."""

import shapely

from app.wiring import System
from core.scope import SYSTEM_SCOPE
from gis.crs import moved
from layers.catalogue import CATALOGUE
from ogc.render.drawing import Extent
from ogc.render.palette import MapTheme
from store.query import Query

type Look = tuple[MapTheme, int, int]

SEEN: tuple[Look, ...] = (
    (MapTheme.NIGHT, 12, 1),
    (MapTheme.NIGHT, 11, 1),
    (MapTheme.DAY, 11, 1),
    (MapTheme.DAY, 12, 1),
)
"""Theme, zoom and scale of the base map on the desk, the map and the planner, in the order they matter."""

WALL: tuple[Look, ...] = ((MapTheme.NIGHT, 13, 2), (MapTheme.NIGHT, 12, 2))
"""What the wall shows: tiles of double size, which take four times as long."""


def draw_first_sight(system: System, looks: tuple[Look, ...] = SEEN) -> None:
    """Keep the base map of the whole city as pages open with it; done already after the first time."""
    table = system.store.read(CATALOGUE["areas"], Query(fields=("level",)), scope=SYSTEM_SCOPE)
    if not table.num_rows:
        return
    city = shapely.box(*shapely.total_bounds(shapely.from_wkb(table["geometry"].to_pylist())))
    west, south, east, north = shapely.total_bounds(shapely.points(moved(shapely.get_coordinates(city), 4490, 3857)))
    extent = Extent(left=float(west), bottom=float(south), right=float(east), top=float(north))
    for theme, zoom, scale in looks:
        system.base_map.ahead(theme, extent, zoom, scale)
