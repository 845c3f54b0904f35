"""The base map as sheet layers: sea, land, water, buildings, boundaries, roads, names, from public shared rows only."""

import orjson
import pyarrow as pa
import shapely

from core.scope import Scope, Sensitivity
from core.texts import Lang
from layers.layer import Catalogue
from ogc.render import ground
from ogc.render.palette import Palette
from ogc.render.sheet import SheetLayer
from ogc.render.sources import Rows
from store.protocol import Store
from store.query import Query

PUBLIC_SCOPE = Scope(areas=("",), clearance=Sensitivity.PUBLIC)
"""What the base map is drawn with, whoever asks."""

LAND = "base-landuse"
BASE_LAYERS = ("landuse", "water", "buildings", "areas", "roads", "places", "coverages")
"""What the base map shows: a change of any of them makes its tiles old."""

_SHARED_EDGE = 1.5e-5
"""Degrees (about 1.5 m) within which two neighbours' outlines count as one line."""


def boundary_lines(areas: pa.Table) -> bytes:
    """The lines between neighbouring areas, once each, as GeoJSON; coasts and outer edges are left to the land."""
    shapes = shapely.from_wkb(areas["geometry"].to_numpy(zero_copy_only=False))
    levels = areas["level"].to_numpy(zero_copy_only=False)
    features = []
    for level in ("district", "town"):
        same = shapes[levels == level]
        if len(same) < 2:
            continue
        edges = shapely.boundary(same)
        first, second = shapely.STRtree(edges).query(edges, predicate="dwithin", distance=_SHARED_EDGE)
        pairs = first < second
        first, second = first[pairs], second[pairs]
        shared = shapely.intersection(edges[first], shapely.buffer(edges[second], _SHARED_EDGE))
        parts = shapely.get_parts(shapely.get_parts(shared))
        merged = shapely.line_merge(shapely.union_all(parts[shapely.get_dimensions(parts) == 1]))
        if not shapely.is_empty(merged):
            feature = {"type": "Feature", "properties": {"level": level}}
            features.append({**feature, "geometry": shapely.geometry.mapping(merged)})
    return orjson.dumps({"type": "FeatureCollection", "features": features})


def boundaries_of(store: Store) -> bytes:
    """The boundary lines of the store's areas."""
    areas = store.catalogue.find("areas", PUBLIC_SCOPE)
    if areas is None:
        return orjson.dumps({"type": "FeatureCollection", "features": []})
    return boundary_lines(store.read(areas, Query(fields=("level",)), scope=PUBLIC_SCOPE))


def sheet_layers(
    catalogue: Catalogue, rows: Rows, colours: Palette, boundaries: bytes, *, lang: Lang = Lang.ZH, names: bool = True
) -> list[SheetLayer]:
    """The passes of the base map, bottom first; layers the catalogue does not declare are left out."""
    found: list[SheetLayer] = []

    def add(layer_id: str, name: str, styles: ground.Styles, zooms: tuple[float, float] | None = None) -> None:
        _add(found, catalogue, rows, layer_id, name, styles, zooms)

    add("water", "base-sea", ground.sea(colours, "base-sea"))
    add("landuse", LAND, ground.landuse(colours, LAND))
    add("water", "base-water", ground.water(colours, "base-water"))
    add("buildings", "base-buildings", ground.buildings(colours, "base-buildings"), (13, 24))
    if b'"level"' in boundaries:
        inline = (("type", "geojson"), ("inline", boundaries.decode()))
        found.append(
            SheetLayer(name="base-boundaries", datasource=inline, styles=ground.boundaries(colours, "base-boundaries"))
        )
    add("roads", "base-roads", ground.roads(colours, "base-roads"), (7, 24))
    return [*found, *name_layers(catalogue, rows, colours, lang=lang)] if names else found


def name_layers(catalogue: Catalogue, rows: Rows, colours: Palette, *, lang: Lang = Lang.ZH) -> list[SheetLayer]:
    """The names of the base map alone: placed as on the whole, so that they can lie over a raster again."""
    found: list[SheetLayer] = []
    _add(found, catalogue, rows, "places", "base-places", ground.places(colours, lang, "base-places"), (7, 24))
    _add(found, catalogue, rows, "roads", "base-road-names", ground.road_names(colours, "base-road-names"), (13, 24))
    _add(found, catalogue, rows, "landuse", "base-park-names", ground.park_names(colours, "base-park-names"), (13, 24))
    return found


def _add(
    found: list[SheetLayer],
    catalogue: Catalogue,
    rows: Rows,
    layer_id: str,
    name: str,
    styles: ground.Styles,
    zooms: tuple[float, float] | None = None,
) -> None:
    layer = catalogue.find(layer_id, PUBLIC_SCOPE)
    if layer is not None:
        columns, order = ground.COLUMNS[layer_id], ground.ORDER.get(layer_id, "")
        source = rows.parameters(layer, columns, scope=PUBLIC_SCOPE, order=order)
        found.append(SheetLayer(name=name, datasource=source, styles=styles, zooms=zooms))
