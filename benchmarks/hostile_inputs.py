"""What somebody may send to break a server, each at every door that reads such a thing."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

import numpy as np
import orjson
import shapely

LAYER, TYPE, PLACE = "enterprises", "onemap:enterprises", "geometry"
ITEMS = f"/ogc/api/collections/{LAYER}/items"
SHELTERS = "/ogc/api/collections/shelters/items"
XML, JSON, FORM = "text/xml", "application/json", "application/x-www-form-urlencoded"
GEOJSON = "application/geo+json"
FES = 'xmlns:fes="http://www.opengis.net/fes/2.0" xmlns:gml="http://www.opengis.net/gml/3.2"'
MAP = {
    "service": "WMS", "version": "1.3.0", "request": "GetMap", "layers": LAYER, "styles": "", "crs": "EPSG:3857",
    "bbox": "13535000,3900000,13575000,3940000", "width": "64", "height": "64", "format": "image/png",
}  # fmt: skip
FEATURES = {"service": "WFS", "version": "2.0.0", "request": "GetFeature", "typenames": TYPE, "count": "1"}
VERTICES = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One request; `answered` says that it is no mistake, only dear, and must be answered as fast as a refusal."""

    name: str
    door: str
    path: str
    body: bytes | None = None
    media: str = ""
    answered: bool = False
    method: str = field(default="")

    @property
    def verb(self) -> str:
        """GET without a body, POST with one, unless said."""
        return self.method or ("GET" if self.body is None else "POST")


def every() -> Iterator[Sent]:
    """All of them."""
    yield from _documents()
    yield from _conditions()
    yield from _shapes()
    yield from _pictures()
    yield from _numbers()
    yield from _bytes()


def _xml_doors(name: str, prolog: str, literal: str) -> Iterator[Sent]:
    """One document at each door that parses XML."""
    equal = (
        "<fes:PropertyIsEqualTo><fes:ValueReference>name</fes:ValueReference>"
        f"<fes:Literal>{literal}</fes:Literal></fes:PropertyIsEqualTo>"
    )
    yield from _fes_doors(name, equal, prolog)
    sld = (
        f'{prolog}<StyledLayerDescriptor version="1.0.0"><NamedLayer><Name>{LAYER}</Name><UserStyle>'
        f"<FeatureTypeStyle><Rule><Title>{literal}</Title></Rule></FeatureTypeStyle></UserStyle></NamedLayer>"
        "</StyledLayerDescriptor>"
    )
    yield from _map(name, sld_body=sld)
    insert = f"<wfs:Insert><shelters><code>X1</code><name>{literal}</name></shelters></wfs:Insert>"
    yield _transaction(name, insert, prolog)


def _fes_doors(name: str, condition: str, prolog: str = "", *, answered: bool = False) -> Iterator[Sent]:
    filter_ = f"<fes:Filter {FES}>{condition}</fes:Filter>"
    yield from _kvp(name, "WFS FILTER", "/ogc/wfs", FEATURES | {"filter": prolog + filter_}, answered)
    query = (
        f'{prolog}<wfs:GetFeature xmlns:wfs="http://www.opengis.net/wfs/2.0" service="WFS" version="2.0.0" count="1">'
        f'<wfs:Query typeNames="{TYPE}">{filter_}</wfs:Query></wfs:GetFeature>'
    )
    yield Sent(name=name, door="WFS POST", path="/ogc/wfs", body=query.encode(), media=XML, answered=answered)
    delete = f'<wfs:Delete typeName="onemap:shelters">{filter_}</wfs:Delete>'
    yield _transaction(name, delete, prolog, answered=answered)


def _transaction(name: str, action: str, prolog: str = "", *, answered: bool = False) -> Sent:
    body = (
        f'{prolog}<wfs:Transaction xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns="http://onemap.local/ns" {FES}'
        f' service="WFS" version="2.0.0">{action}</wfs:Transaction>'
    )
    return Sent(name=name, door="WFS-T", path="/ogc/wfs", body=body.encode(), media=XML, answered=answered)


def _kvp(name: str, door: str, path: str, given: dict[str, str], answered: bool = False) -> Iterator[Sent]:
    """Keywords in the address where they fit, and in a form where the door takes one."""
    text = urlencode(given)
    if len(text) < 7_900:
        yield Sent(name=name, door=f"{door} (GET)", path=f"{path}?{text}", answered=answered)
    if path in ("/ogc/wfs", "/ogc/wms"):
        yield Sent(name=name, door=f"{door} (form)", path=path, body=text.encode(), media=FORM, answered=answered)


def _map(name: str, *, answered: bool = False, **more: str) -> Iterator[Sent]:
    yield from _kvp(name, f"WMS {next(iter(more)).upper()}", "/ogc/wms", MAP | more, answered)


def _cql_doors(name: str, text: str, *, answered: bool = False) -> Iterator[Sent]:
    """A condition in CQL2 text at each door that reads it."""
    yield from _kvp(name, "WFS CQL_FILTER", "/ogc/wfs", FEATURES | {"cql_filter": text}, answered)
    yield from _map(name, answered=answered, cql_filter=text)
    yield from _kvp(name, "items filter", ITEMS, {"filter": text, "limit": "1"}, answered)
    yield from _kvp(name, "OGC API map filter", f"/ogc/api/collections/{LAYER}/map", {"filter": text}, answered)


def _json_door(name: str, body: bytes, *, answered: bool = False) -> Sent:
    return Sent(name=name, door="items search (CQL2 JSON)", path=ITEMS, body=body, media=JSON, answered=answered)


def _documents() -> Iterator[Sent]:
    """XML that grows, reaches out, or is nested without end; JSON likewise."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    yield from _xml_doors("XML bomb (billion laughs)", f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]>', "&l9;")
    yield from _xml_doors("XML bomb (quadratic)", f'<!DOCTYPE x [<!ENTITY a "{"a" * 5_000}">]>', "&a;" * 400)
    yield from _xml_doors("external entity (file)", '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>', "&a;")
    yield from _xml_doors("external entity (http)", '<!DOCTYPE x [<!ENTITY a SYSTEM "http://127.0.0.1:9/">]>', "&a;")
    yield from _xml_doors("external DTD", '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">', "a")
    yield from _xml_doors("parameter entity", '<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/passwd">%p;]>', "a")
    is_null = "<fes:PropertyIsNull><fes:ValueReference>name</fes:ValueReference></fes:PropertyIsNull>"
    yield from _fes_doors("10^4 nested Not", "<fes:Not>" * 10_000 + is_null + "</fes:Not>" * 10_000)
    yield from _fes_doors("10^4 nested And", "<fes:And>" * 10_000 + is_null + "</fes:And>" * 10_000)
    yield from _fes_doors("200 nested And", "<fes:And>" * 200 + is_null + "</fes:And>" * 200)
    yield from _fes_doors("10^4 conditions in Or", "<fes:Or>" + is_null * 10_000 + "</fes:Or>")
    attributes = " ".join(f'a{n}="1"' for n in range(50_000))
    yield from _fes_doors("50,000 attributes", f"<fes:And {attributes}>{is_null}</fes:And>", answered=True)
    ids = "".join(f'<fes:ResourceId rid="{LAYER}.{n}"/>' for n in range(15_000))
    yield from _fes_doors("15,000 resource ids", ids, answered=True)
    for name, text in (("objects", '{"op":"not","args":['), ("arrays", "[")):
        yield _json_door(f"JSON of 10^5 nested {name}", (text * 40_000).encode())
    for depth in (10_000, 300):
        nested = b'{"op":"not","args":[' * depth + b"true" + b"]}" * depth
        yield _json_door(f"{depth} nested not", nested)
        yield Sent(
            name=f"{depth} nested arrays", door="Part 4 POST", path=SHELTERS, media=GEOJSON,
            body=b'{"type":"Feature","properties":{"code":"X1"},"geometry":{"type":"Point","coordinates":'
            + b"[" * depth + b"]" * depth + b"}}",
        )  # fmt: skip
        yield Sent(
            name=f"{depth} nested arrays", door="Processes", path="/ogc/api/processes/tnt-equivalence/execution",
            media=JSON, body=b'{"inputs":{"mass":' + b"[" * depth + b"]" * depth + b"}}",
        )  # fmt: skip


def _conditions() -> Iterator[Sent]:
    """Filters that are absurd, and ones that are only dear."""
    yield from _cql_doors("10^4 nested NOT", "NOT " * 10_000 + "risk = 1")
    yield from _cql_doors("10^4 nested parentheses", "(" * 10_000 + "risk = 1" + ")" * 10_000)
    yield from _cql_doors("200 nested AND", "(risk = 1 AND " * 200 + "risk = 1" + ")" * 200)
    yield from _cql_doors("10^4 branches of OR", " OR ".join(["risk = 1"] * 10_000))
    yield from _cql_doors("990 branches of OR", " OR ".join(f"name = 'a{n}'" for n in range(990)), answered=True)
    yield from _cql_doors("IN of 10^4", "risk IN (" + ",".join(["1"] * 10_000) + ")")
    yield from _cql_doors("IN of 1,000", "risk IN (" + ",".join(map(str, range(1000))) + ")", answered=True)
    yield from _cql_doors("LIKE of 500 wild cards", "name LIKE '" + "%a" * 500 + "'")
    yield from _cql_doors("LIKE of 20 wild cards", "name LIKE '" + "%公_" * 20 + "x'", answered=True)
    many_likes = " OR ".join(["name LIKE '" + "%公_" * 20 + "'"] * 200)
    yield from _cql_doors("200 LIKE of 20 wild cards", many_likes, answered=True)
    yield from _cql_doors("CASEI of 20 wild cards", "CASEI(name) LIKE CASEI('" + "%a" * 20 + "')", answered=True)
    yield from _cql_doors("arithmetic 1+1+…", "risk = " + "+".join(["1"] * 10_000))
    yield from _cql_doors("arithmetic 9^9^9^9", "risk = 9^9^9^9^9")
    for number, text in enumerate((
        "name = 'x'; DROP TABLE enterprises; --'", "name = 'x' UNION SELECT password_hash FROM accounts",
        "1=1) OR (SELECT count(*) FROM sqlite_master) > 0", "name = pg_sleep(10)",
        'name = "x"" OR 1=1 --"', "load_extension('x') = 1",
    ), 1):  # fmt: skip
        yield from _cql_doors(f"SQL in CQL ({number})", text)
    quoted = "name = '''; DROP TABLE enterprises; --'"
    yield from _cql_doors("SQL inside a CQL literal", quoted, answered=True)
    sorting = {"sortby": "name;DROP TABLE enterprises", "limit": "1"}
    yield from _kvp("SQL in sortby", "items sortby", ITEMS, sorting)
    yield from _kvp("SQL in sortBy", "WFS sortBy", "/ogc/wfs", FEATURES | {"sortby": "name ASC, (SELECT 1)"})
    yield from _kvp("SQL in properties", "items properties", ITEMS, {"properties": "name,(SELECT 1)"})
    branches = [{"op": "=", "args": [{"property": "risk"}, 1]}] * 20_000
    yield _json_door("20,000 branches of or", orjson.dumps({"op": "or", "args": branches}))
    values = list(range(100_000))
    yield _json_door("in of 10^5", orjson.dumps({"op": "in", "args": [{"property": "risk"}, values]}))


def _ring(count: int) -> list[tuple[float, float]]:
    """A valid ring of so many corners in the city."""
    turns = (2 * math.pi * n / count for n in range(count))
    return [(round(121.7 + 0.1 * math.cos(turn), 7), round(33.1 + 0.1 * math.sin(turn), 7)) for turn in turns]


def _comb(teeth: int) -> list[tuple[float, float]]:
    """A ring of long thin teeth over the whole city: valid, and dear for every relation."""
    found = [(121.4, 33.0)]
    for n in range(teeth):
        x = 121.4 + 0.6 * n / teeth
        found += [(round(x, 6), 33.4), (round(x + 0.3 / teeth, 6), 33.01)]
    return [*found, (122.0, 33.0)]


def _turned(xy: np.ndarray) -> np.ndarray:
    """Lying on its side, and a degree further east."""
    return xy[:, ::-1] + [122.7 - 33.0, 33.0 - 121.4]


def _wkt(ring: list[tuple[float, float]]) -> str:
    return "POLYGON((" + ",".join(f"{x} {y}" for x, y in [*ring, ring[0]]) + "))"


def _shapes() -> Iterator[Sent]:
    """Polygons with very many corners, as each door writes them, and ones that relations are dear with."""
    small = "POLYGON((" + ",".join(["0 0"] * VERTICES) + "))"
    yield from _cql_doors("10^6 vertices in WKT", f"S_INTERSECTS({PLACE},{small})")
    yield Sent(
        name="10^6 vertices in WKT", door="EDR area", path="/ogc/api/collections/sensors/area?coords=" + small[:20_000]
    )
    yield from _fes_doors("10^6 vertices in GML", _gml_relation("0 0 " * VERTICES))
    flat = {"type": "Polygon", "coordinates": [[[0, 0]] * VERTICES]}
    relation = {"op": "s_intersects", "args": [{"property": PLACE}, flat]}
    yield _json_door("10^6 vertices in GeoJSON", orjson.dumps(relation))
    feature = {"type": "Feature", "properties": {"code": "X1"}, "geometry": flat}
    yield Sent(
        name="10^6 vertices in GeoJSON", door="Part 4 POST", path=SHELTERS, media=GEOJSON, body=orjson.dumps(feature)
    )
    yield Sent(
        name="10^6 vertices in GeoJSON", door="Part 4 PATCH", path=SHELTERS + "/X1", media=GEOJSON, method="PATCH",
        body=orjson.dumps(feature),
    )  # fmt: skip
    yield Sent(
        name="10^6 vertices in GeoJSON", door="Processes (exposure)", path="/ogc/api/processes/exposure/execution",
        media=JSON, body=orjson.dumps({"inputs": {"zones": {"type": "FeatureCollection", "features": [feature]}}}),
    )  # fmt: skip
    # as many as a body holds at all
    fits = 160_000
    most = {"type": "Polygon", "coordinates": [[[0, 0]] * fits]}
    yield _json_door(
        "160,000 vertices in GeoJSON", orjson.dumps({"op": "s_within", "args": [{"property": PLACE}, most]})
    )
    for door, verb, place in (("Part 4 POST", "POST", SHELTERS), ("Part 4 PUT", "PUT", SHELTERS + "/X1")):
        yield Sent(
            name="160,000 vertices in GeoJSON", door=door, path=place, media=GEOJSON, method=verb,
            body=orjson.dumps(feature | {"geometry": most}),
        )  # fmt: skip
    yield Sent(
        name="160,000 vertices in GeoJSON", door="Processes (exposure)", path="/ogc/api/processes/exposure/execution",
        media=JSON,
        body=orjson.dumps(
            {"inputs": {"zones": {"type": "FeatureCollection", "features": [feature | {"geometry": most}]}}}
        ),
    )  # fmt: skip
    yield from _fes_doors("240,000 vertices in GML", _gml_relation("0 0 " * 240_000))
    polygon = _gml_polygon("0 0 " * 240_000)
    yield _transaction(
        "240,000 vertices in GML", f"<wfs:Insert><shelters><geometry>{polygon}</geometry></shelters></wfs:Insert>"
    )
    parts = "<gml:surfaceMember>" + _gml_polygon("33 121 33 122 34 122 33 121") + "</gml:surfaceMember>"
    yield from _fes_doors("5,000 parts in GML", _relation(f"<gml:MultiSurface>{parts * 5_000}</gml:MultiSurface>"))
    for relation_ in ("intersects", "disjoint", "touches", "overlaps", "within"):
        for name, ring in (("comb of 24,000 vertices", _comb(12_000)), ("circle of 24,000 vertices", _ring(24_000))):
            shape = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
            asked = {"op": f"s_{relation_}", "args": [{"property": PLACE}, shape]}
            yield _json_door(f"{relation_}: {name}", orjson.dumps(asked), answered=True)
            yield Sent(
                name=f"{relation_}: {name}", door="roads search (CQL2 JSON)", path="/ogc/api/collections/roads/items",
                body=orjson.dumps(asked), media=JSON, answered=True,
            )  # fmt: skip
    upright, lying = (shapely.Polygon(_comb(6_000)), shapely.transform(shapely.Polygon(_comb(6_000)), _turned))
    woven = orjson.loads(shapely.to_geojson(shapely.MultiPolygon([upright, lying])))
    yield _json_door(
        "combs upright and lying, 24,000 vertices",
        orjson.dumps({"op": "s_intersects", "args": [{"property": PLACE}, woven]}),
    )
    circle = _ring(20_000)
    star = [circle[n * 9_973 % 20_000] for n in range(20_000)]
    yield _json_door(
        "star crossing itself, 20,000 vertices",
        orjson.dumps(
            {"op": "s_within", "args": [{"property": PLACE}, {"type": "Polygon", "coordinates": [[*star, star[0]]]}]}
        ),
    )
    near = [
        {"op": "s_dwithin", "args": [{"property": PLACE}, {"type": "LineString", "coordinates": _ring(990)}, 900, "m"]}
    ] * 100
    yield _json_door("100 distances to lines of 990 vertices", orjson.dumps({"op": "or", "args": near}))


def _gml_polygon(corners: str) -> str:
    return (
        '<gml:Polygon srsName="urn:ogc:def:crs:EPSG::4490"><gml:exterior><gml:LinearRing>'
        f"<gml:posList>{corners}</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>"
    )


def _relation(shape: str) -> str:
    return f"<fes:Intersects><fes:ValueReference>{PLACE}</fes:ValueReference>{shape}</fes:Intersects>"


def _gml_relation(corners: str) -> str:
    return _relation(_gml_polygon(corners))


def _pictures() -> Iterator[Sent]:
    """Pictures and pieces beyond 16 million pixels."""
    for name, given in (
        ("picture of 16,385 x 16,385", {"width": "16385", "height": "16385"}),
        ("picture of 10^9 x 1", {"width": "1000000000", "height": "1"}),
        ("picture of 4,097 x 4,096", {"width": "4097", "height": "4096"}),
    ):
        yield from _map(name, **given)
        size = {
            "service": "WMS",
            "version": "1.1.1",
            "request": "GetMap",
            "exceptions": "application/vnd.ogc.se_inimage",
        }
        yield from _kvp(name, "WMS in-image", "/ogc/wms", MAP | size | {"srs": "EPSG:3857"} | given)
        info = MAP | given | {"request": "GetFeatureInfo", "query_layers": LAYER, "i": "1", "j": "1"}
        yield from _kvp(name, "WMS GetFeatureInfo", "/ogc/wms", info)
        yield from _kvp(name, "OGC API map", f"/ogc/api/collections/{LAYER}/map", given)
    piece = {"service": "WCS", "version": "2.0.1", "request": "GetCoverage", "coverageid": "terrain"}
    yield from _kvp(
        "piece of 8,192 x 8,192", "WCS scaleSize", "/ogc/wcs", piece | {"scalesize": "Long(8192),Lat(8192)"}
    )
    yield from _kvp(
        "piece of 10^9 x 10^9", "WCS scaleSize", "/ogc/wcs", piece | {"scalesize": "Long(1000000000),Lat(1000000000)"}
    )
    yield from _kvp("scale of 100", "WCS scaleFactor", "/ogc/wcs", piece | {"scalefactor": "100"})
    yield from _kvp("scale of 100", "Coverages", "/ogc/api/collections/terrain/coverage", {"scale-factor": "100"})
    yield from _kvp("subset reversed", "WCS subset", "/ogc/wcs", piece | {"subset": "Lat(34,33)"})
    tile = {
        "service": "WMTS", "version": "1.0.0", "request": "GetTile", "layer": LAYER, "style": "", "format": "image/png",
        "tilematrixset": "WebMercatorQuad", "tilematrix": "10", "tilerow": "9" * 4000, "tilecol": "1",
    }  # fmt: skip
    yield from _kvp("tile row of 4,000 digits", "WMTS", "/ogc/wmts", tile)
    yield Sent(
        name="tile of level 10^9",
        door="vector tiles",
        path=f"/ogc/api/collections/{LAYER}/tiles/WebMercatorQuad/1000000000/0/0",
    )


def _numbers() -> Iterator[Sent]:
    """Numbers and times that are none."""
    for bad in ("nan,nan,nan,nan", "-inf,-inf,inf,inf", "1e309,0,1e310,1", "1,2,3", "9" * 3000 + ",1,2,3"):
        name = f"bbox {bad[:20]}"
        yield from _kvp(name, "WFS BBOX", "/ogc/wfs", FEATURES | {"bbox": bad})
        yield from _map(name, bbox=bad)
        yield from _kvp(name, "items bbox", ITEMS, {"bbox": bad})
        yield from _kvp(name, "EDR cube", "/ogc/api/collections/sensors/cube", {"bbox": bad})
        yield from _kvp(name, "Coverages", "/ogc/api/collections/terrain/coverage", {"bbox": bad})
    for bad in ("9999999999-01-01", "2020-13-45", "now() - interval '1 day'", "0000-00-00", "2020-01-01/" * 60):
        name = f"time {bad[:24]}"
        yield from _kvp(name, "items datetime", ITEMS, {"datetime": bad})
        yield from _map(name, time=bad, layers="accidents")
        yield from _kvp(
            name, "EDR datetime", "/ogc/api/collections/sensors/cube", {"bbox": "121,33,122,34", "datetime": bad}
        )
        yield from _cql_doors(name, f"updated_at > TIMESTAMP('{bad.replace(chr(39), '')}')")
    for bad in ("nan", "1e400", "-1", "9" * 5000, "０", "1_0"):
        name = f"number {bad[:12]}"
        yield from _kvp(name, "WFS count", "/ogc/wfs", FEATURES | {"count": bad})
        yield from _kvp(name, "items limit", ITEMS, {"limit": bad})
        yield from _map(name, width=bad)
        yield from _kvp(name, "WCS scaleFactor", "/ogc/wcs", {
            "service": "WCS", "version": "2.0.1", "request": "GetCoverage", "coverageid": "terrain",
            "scalefactor": bad,
        })  # fmt: skip
        radius = {"coords": "POINT(121.7 33.1)", "within": bad, "within-units": "km"}
        yield from _kvp(name, "EDR radius", "/ogc/api/collections/sensors/radius", radius)
        yield Sent(
            name=name, door="Processes", path="/ogc/api/processes/tnt-equivalence/execution", media=JSON,
            body=orjson.dumps({"inputs": {"mass": bad, "heat_of_combustion": "46 MJ/kg", "blast_yield": "3 %"}}),
        )  # fmt: skip
    for bad in ("POINT(nan nan)", "POINT(1e400 0)", "POINT(inf 33)", "POINT(500 500)"):
        yield from _kvp(f"coords {bad}", "EDR radius", "/ogc/api/collections/sensors/radius",
                        {"coords": bad, "within": "1", "within-units": "km"})  # fmt: skip
        yield from _cql_doors(f"shape {bad}", f"S_DWITHIN({PLACE},{bad},10,'m')")


def _bytes() -> Iterator[Sent]:
    """NUL, bytes that are no UTF-8, and sheer size."""
    yield from _cql_doors("NUL in a literal", "name = 'a\0b'", answered=True)
    for path, door in (("/ogc/wfs", "WFS"), ("/ogc/wms", "WMS"), (ITEMS, "items search"), (SHELTERS, "Part 4 POST"),
                       ("/ogc/api/processes/tnt-equivalence/execution", "Processes")):  # fmt: skip
        media = GEOJSON if path is SHELTERS else JSON if "api" in path else XML
        yield Sent(name="bytes that are no UTF-8", door=door, path=path, body=b"\xff\xfe<\x80" * 100, media=media)
        yield Sent(name="NUL bytes", door=door, path=path, body=b"\0" * 1000, media=media)
        yield Sent(name="body of 1.1 MB", door=door, path=path, body=b"<" * 1_100_000, media=media)
    for bad in ("%00", "%ff%fe", "%F0%9F%92%A9" * 100, "%0d%0aX-Evil:%201"):
        yield Sent(name=f"key {bad[:16]}", door="items by key", path=f"{ITEMS}/{bad}")
        yield Sent(
            name=f"layer {bad[:16]}",
            door="WMS",
            path=f"/ogc/wms?{urlencode(MAP | {'layers': ''})}{bad}".replace("layers=&", f"layers={bad}&"),
        )
        yield Sent(
            name=f"typename {bad[:16]}", door="WFS", path=f"/ogc/wfs?service=WFS&request=GetFeature&typenames={bad}"
        )
        yield Sent(
            name=f"coverage {bad[:16]}", door="WCS", path=f"/ogc/wcs?service=WCS&request=GetCoverage&coverageid={bad}"
        )
    many = "&".join(f"a{n}=1" for n in range(500))
    for path in ("/ogc/wfs", "/ogc/wms", "/ogc/wcs", "/ogc/wmts", ITEMS):
        yield Sent(name="500 parameters", door=path.removeprefix("/ogc/"), path=f"{path}?{many}")
    yield Sent(name="address of 20 kB", door="WMS", path="/ogc/wms?" + "a" * 20_000)
