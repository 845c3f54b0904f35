"""What OGC API Tiles tells of its tiles: matrix sets, the tilesets of a collection, and TileJSON for web maps.

pygeoapi makes none of these documents: it knows its own list of matrix sets, none of them for EPSG:4490, and one format
for each collection.
"""

from core.caller import Caller
from core.errors import BadInputError, NotFoundError
from core.texts import Lang, Text
from gis.shapes import Bounds
from layers.fields import Kind
from layers.layer import Geometry, Layer
from ogc.encode import mvt
from ogc.oapi.schemas import Json, properties
from ogc.services import Services
from ogc.tiles.matrix import SETS, WEB_MERCATOR_QUAD, MatrixSet, set_named

WORLD = Bounds(-180.0, -90.0, 180.0, 90.0)
RELATION = "http://www.opengis.net/def/rel/ogc/1.0/"
PNG = "image/png"
CONFORMS = (
    *(f"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/{name}"
      for name in ("core", "tileset", "tilesets-list", "geodata-tilesets", "mvt", "png")),
    *(f"http://www.opengis.net/spec/tms/2.0/conf/{name}" for name in ("tilematrixset", "json-tilematrixset")),
)  # fmt: skip
_DIMENSIONS = {Geometry.POINT: 0, Geometry.LINE: 1, Geometry.POLYGON: 2}
_KINDS = {Kind.INTEGER: "Number", Kind.REAL: "Number", Kind.BOOLEAN: "Boolean"}


def found(name: str) -> MatrixSet:
    """A matrix set, NotFoundError where there is none of that name."""
    one = set_named(name)
    if one is None:
        allowed = ", ".join(SETS)
        raise NotFoundError(Text(f"没有瓦片矩阵集“{name}”,可用:{allowed}", f"no matrix set {name!r}; use {allowed}"))
    return one


def matrix_sets(here: str, lang: Lang) -> Json:
    """The list of matrix sets."""
    return {
        "tileMatrixSets": [
            {
                "id": one.id,
                "title": one.title.of(lang),
                "crs": _crs(one),
                "links": [_link(f"{here}/tileMatrixSets/{one.id}", "self", "application/json", one.title.of(lang))],
            }
            for one in SETS.values()
        ],
        "links": [
            _link(f"{here}/tileMatrixSets", "self", "application/json", _both(lang, "瓦片矩阵集", "Matrix sets"))
        ],
    }


def matrix_set(one: MatrixSet, lang: Lang) -> Json:
    """One definition (OGC 17-083r4, JSON)."""
    made: Json = one.definition.model_dump(mode="json", exclude_none=True)
    return {**made, "title": one.title.of(lang), "crs": _crs(one)}


def tilesets(layer: Layer, caller: Caller, here: str) -> Json:
    """The tilesets of a collection."""
    lang = caller.lang
    return {
        "tilesets": [
            {
                "title": f"{layer.title.of(lang)} · {one.title.of(lang)}",
                "dataType": "vector",
                "crs": _crs(one),
                "tileMatrixSetId": one.id,
                "links": _links(layer, one, here, lang),
            }
            for one in SETS.values()
        ],
        "links": [_link(f"{here}/collections/{layer.id}/tiles", "self", "application/json", layer.title.of(lang))],
    }


def tileset(layer: Layer, one: MatrixSet, caller: Caller, services: Services, here: str) -> Json:
    """One tileset with its layer, its fields as the caller sees them, and where it is."""
    lang = caller.lang
    box = services.figures.extent(layer, caller.scope) or WORLD
    return {
        "title": f"{layer.title.of(lang)} · {one.title.of(lang)}",
        "description": layer.about_to(caller.scope).of(lang),
        "dataType": "vector",
        "crs": _crs(one),
        "tileMatrixSetId": one.id,
        "mediaTypes": [mvt.MEDIA_TYPE, PNG],
        "boundingBox": _box(box),
        "layers": [
            {
                "id": layer.id,
                "title": layer.title.of(lang),
                "dataType": "vector",
                "geometryDimension": _DIMENSIONS[layer.geometry],
                "propertiesSchema": {"type": "object", "properties": properties(layer, caller.scope, lang)},
            }
        ],
        "links": _links(layer, one, here, lang),
    }


def tile_json(layer: Layer, one: MatrixSet, caller: Caller, services: Services, here: str) -> Json:
    """TileJSON 3.0; it knows Web Mercator only."""
    if one is not WEB_MERCATOR_QUAD:
        raise BadInputError(Text("TileJSON 只用于 WebMercatorQuad", "TileJSON is of WebMercatorQuad only"), field="f")
    lang, levels = caller.lang, list(one.levels)
    box = services.figures.extent(layer, caller.scope) or WORLD
    fields = {name: _KINDS.get(spec.kind, "String") for name, spec in layer.fields_in(caller.scope).items()}
    return {
        "tilejson": "3.0.0",
        "name": layer.title.of(lang),
        "description": layer.about_to(caller.scope).of(lang),
        "scheme": "xyz",
        "tiles": [f"{here}/collections/{layer.id}/tiles/{one.id}/{{z}}/{{y}}/{{x}}?f=mvt"],
        "minzoom": int(levels[0]),
        "maxzoom": int(levels[-1]),
        "bounds": list(box),
        "vector_layers": [{"id": layer.id, "description": layer.title.of(lang), "fields": fields}],
    }


def collection_link(layer_id: str, here: str, lang: Lang) -> Json:
    """From a collection to its tiles."""
    title = _both(lang, "矢量瓦片", "Vector tiles")
    return _link(f"{here}/collections/{layer_id}/tiles", RELATION + "tilesets-vector", "application/json", title)


def landing_link(here: str, lang: Lang) -> Json:
    """From the landing page to the matrix sets."""
    title = _both(lang, "瓦片矩阵集", "Tile matrix sets")
    return _link(f"{here}/tileMatrixSets", RELATION + "tiling-schemes", "application/json", title)


def paths(layers: list[Layer], lang: Lang) -> Json:
    """The addresses of the tiles for the OpenAPI document."""

    def get(summary: str, operation: str, names: tuple[str, ...], media_types: tuple[str, ...]) -> Json:
        where = [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]
        query = [{"name": name, "in": "query", "schema": {"type": "string"}} for name in ("f", "lang")]
        content: Json = {media_type: {} for media_type in media_types}
        answers = {"200": {"description": summary, "content": content}, "400": {"description": "400"},
                   "404": {"description": "404"}}  # fmt: skip
        said = {"summary": summary, "operationId": operation, "tags": ["tiles"], "parameters": where + query}
        return {"get": {**said, "responses": answers}}

    document = ("application/json",)
    words = _both(lang, "瓦片矩阵集", "Tile matrix sets")
    found: Json = {
        "/tileMatrixSets": get(words, "getTileMatrixSetsList", (), document),
        "/tileMatrixSets/{tileMatrixSetId}": get(words, "getTileMatrixSet", ("tileMatrixSetId",), document),
    }
    at = ("tileMatrixSetId", "tileMatrix", "tileRow", "tileCol")
    for layer in layers:
        if layer.geometry is Geometry.NONE:
            continue
        begin = f"/collections/{layer.id}/tiles"
        title = f"{layer.title.of(lang)} · {_both(lang, '瓦片', 'tiles')}"
        found[begin] = get(title, f"{layer.id}.getTileSetsList", (), document)
        found[begin + "/{tileMatrixSetId}"] = get(title, f"{layer.id}.getTileSet", at[:1], document)
        tile = begin + "".join(f"/{{{name}}}" for name in at)
        found[tile] = get(title, f"{layer.id}.getTile", at, (mvt.MEDIA_TYPE, PNG))
    return found


def _links(layer: Layer, one: MatrixSet, here: str, lang: Lang) -> list[Json]:
    own = f"{here}/collections/{layer.id}/tiles/{one.id}"
    template = own + "/{tileMatrix}/{tileRow}/{tileCol}"
    vector, picture = _both(lang, "矢量瓦片", "Vector tile"), _both(lang, "图片瓦片", "Picture tile")
    links = [
        _link(f"{own}?f=json", "self", "application/json", _both(lang, "瓦片集说明", "Tileset metadata")),
        _link(f"{here}/tileMatrixSets/{one.id}", RELATION + "tiling-scheme", "application/json", one.title.of(lang)),
        {**_link(f"{template}?f=mvt", "item", mvt.MEDIA_TYPE, vector), "templated": True},
        {**_link(f"{template}?f=png", "item", PNG, picture), "templated": True},
    ]
    if one is WEB_MERCATOR_QUAD:
        links.append(_link(f"{own}?f=tilejson", "describedby", "application/json", "TileJSON"))
    return links


def _link(href: str, relation: str, media_type: str, title: str) -> Json:
    return {"href": href, "rel": relation, "type": media_type, "title": title}


def _both(lang: Lang, zh: str, en: str) -> str:
    return Text(zh, en).of(lang)


def _crs(one: MatrixSet) -> str:
    return f"http://www.opengis.net/def/crs/EPSG/0/{one.crs}"


def _box(box: Bounds) -> Json:
    return {
        "lowerLeft": [box.west, box.south],
        "upperRight": [box.east, box.north],
        "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
    }
