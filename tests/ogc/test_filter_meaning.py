"""Any filter, written in FES and in CQL2, finds on both engines the rows a plain GeoPandas evaluation finds."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyproj import Geod

from core.actors import SYSTEM_ACTOR
from core.clock import utc_now
from core.scope import SYSTEM_SCOPE
from layers.layer import Layer
from ogc.filter.cql2 import cql2_text
from ogc.filter.fes import fes
from store.embedded import open_embedded
from store.postgis import open_postgis
from store.protocol import Store
from store.query import Query
from tests.ogc.wells import FENCES, LAYERS, WELLS, fences, wells
from tests.postgres import own_schema

FES = (
    '<fes:Filter xmlns:fes="http://www.opengis.net/fes/2.0" xmlns:gml="http://www.opengis.net/gml/3.2">{}</fes:Filter>'
)
ROWS = 25
NAMES = ["澜滨井", "O'Brien & <Sons>", 'say "water"', "tab\there", "%", "井_"]


@dataclass(frozen=True)
class Said:
    """One condition in both languages, and which rows fulfil it: true, false, or unknown."""

    cql2: str
    fes: str
    rows: pd.Series


@pytest.fixture(scope="module", params=["embedded", pytest.param("postgis", marks=pytest.mark.postgis)])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Wells and fences on each engine."""
    with ExitStack() as stack:
        if request.param == "embedded":
            place = Path(tmp_path_factory.mktemp("meaning")) / "wells.gpkg"
            kept: Store = open_embedded(place, LAYERS, utc_now)
        else:
            url = request.getfixturevalue("postgres_url")
            kept = open_postgis(url, LAYERS, utc_now, stack.enter_context(own_schema(url)))
        stack.callback(kept.close)
        for layer, rows in ((WELLS, wells(ROWS)), (FENCES, fences())):
            kept.load(layer, rows, actor=SYSTEM_ACTOR, reason="test", scope=SYSTEM_SCOPE)
        yield kept


def _table(layer: Layer) -> gpd.GeoDataFrame:
    rows = wells(ROWS) if layer is WELLS else fences()
    plain = rows.drop_columns(["geometry"]).to_pandas(types_mapper=pd.ArrowDtype)
    shapes = shapely.from_wkb(rows.column("geometry").to_numpy())
    return gpd.GeoDataFrame(plain, geometry=shapes, crs=4490)


TABLES = {layer.id: _table(layer) for layer in (WELLS, FENCES)}
_OPS = {
    "=": ("PropertyIsEqualTo", lambda a, b: a == b), "<>": ("PropertyIsNotEqualTo", lambda a, b: a != b),
    "<": ("PropertyIsLessThan", lambda a, b: a < b), "<=": ("PropertyIsLessThanOrEqualTo", lambda a, b: a <= b),
    ">": ("PropertyIsGreaterThan", lambda a, b: a > b), ">=": ("PropertyIsGreaterThanOrEqualTo", lambda a, b: a >= b),
}  # fmt: skip


def _xml(text: object) -> str:
    return str(text).replace("&", "&amp;").replace("<", "&lt;")


def _leaf(field: str, text: object) -> str:
    return f"<fes:ValueReference>{field}</fes:ValueReference><fes:Literal>{_xml(text)}</fes:Literal>"


def _compared(field: str, op: str, value: object) -> Said:
    column = TABLES["wells"][field]
    literal, written = repr(value), str(value)
    if isinstance(value, bool):
        literal = written = str(value).lower()
    elif isinstance(value, str):
        literal = "'" + value.replace("'", "''") + "'"
    elif isinstance(value, date):
        literal = f"DATE('{value}')"
    name, test = _OPS[op]
    return Said(f"{field} {op} {literal}", f"<fes:{name}>{_leaf(field, written)}</fes:{name}>", test(column, value))


comparisons = st.one_of(
    st.builds(_compared, st.just("grade"), st.sampled_from([*_OPS]), st.integers(0, 5)),
    st.builds(_compared, st.just("depth"), st.sampled_from([*_OPS]), st.sampled_from([0.0, 1.5, 7.25, 15.0, 33.0])),
    st.builds(_compared, st.just("name"), st.sampled_from(["=", "<>"]), st.sampled_from(NAMES[:3])),
    st.builds(_compared, st.just("ready"), st.just("="), st.booleans()),
    st.builds(_compared, st.just("drilled"), st.sampled_from([*_OPS]), st.dates(date(2020, 1, 1), date(2020, 1, 26))),
)


def _like(start: str) -> Said:
    column = TABLES["wells"]["name"]
    pattern = start.replace("%", "\\%").replace("_", "\\_").replace("'", "''") + "%"
    like = _leaf("name", start.replace("!", "!!").replace("*", "!*") + "*")
    return Said(
        f"name LIKE '{pattern}'",
        f'<fes:PropertyIsLike wildCard="*" singleChar="#" escapeChar="!">{like}</fes:PropertyIsLike>',
        column.str.startswith(start).astype("boolean[pyarrow]"),
    )


def _between(low: float, high: float) -> Said:
    ends = "".join(
        f"<fes:{side}><fes:Literal>{value}</fes:Literal></fes:{side}>"
        for side, value in (("LowerBoundary", low), ("UpperBoundary", high))
    )
    return Said(
        f"depth BETWEEN {low} AND {high}",
        f"<fes:PropertyIsBetween><fes:ValueReference>depth</fes:ValueReference>{ends}</fes:PropertyIsBetween>",
        (TABLES["wells"]["depth"] >= low) & (TABLES["wells"]["depth"] <= high),
    )


def _missing(field: str, word: str) -> Said:
    return Said(
        f"{field} IS NULL",
        f"<fes:{word}><fes:ValueReference>{field}</fes:ValueReference></fes:{word}>",
        TABLES["wells"][field].isna(),
    )


def _times(relation: str, first: int, last: int) -> Said:
    start = datetime(2024, 1, 1, 8, tzinfo=UTC) + timedelta(days=first)
    end = start + timedelta(days=last)
    seen = TABLES["wells"]["seen_at"]
    low, high = (f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment in (start, end))
    instant = f'<gml:TimeInstant gml:id="a"><gml:timePosition>{low}</gml:timePosition></gml:TimeInstant>'
    period = (
        f'<gml:TimePeriod gml:id="b"><gml:beginPosition>{low}</gml:beginPosition>'
        f"<gml:endPosition>{high}</gml:endPosition></gml:TimePeriod>"
    )
    given_in, tests = f"TIMESTAMP('{low}')", {"After": seen > start, "Before": seen < start, "TEquals": seen == start}
    words = {"After": "T_AFTER", "Before": "T_BEFORE", "TEquals": "T_EQUALS", "During": "T_DURING"}
    if relation == "During":
        given_in, instant = f"INTERVAL('{low}', '{high}')", period
        tests["During"] = (seen > start) & (seen < end)
    return Said(
        f"{words[relation]}(seen_at, {given_in})",
        f"<fes:{relation}><fes:ValueReference>seen_at</fes:ValueReference>{instant}</fes:{relation}>",
        tests[relation],
    )


def _posed(shape: shapely.Geometry) -> str:
    """A shape in GML, latitude first."""
    rows = " ".join(f"{y} {x}" for x, y in shapely.get_coordinates(shape))
    said = 'srsName="urn:ogc:def:crs:EPSG::4326"'
    if shape.geom_type == "Point":
        return f"<gml:Point {said}><gml:pos>{rows}</gml:pos></gml:Point>"
    if shape.geom_type == "LineString":
        return f"<gml:LineString {said}><gml:posList>{rows}</gml:posList></gml:LineString>"
    ring = f"<gml:LinearRing><gml:posList>{rows}</gml:posList></gml:LinearRing>"
    return f"<gml:Polygon {said}><gml:exterior>{ring}</gml:exterior></gml:Polygon>"


RELATIONS = ("Intersects", "Disjoint", "Within", "Contains", "Touches", "Crosses", "Overlaps", "Equals")


def _related(table: str, relation: str, shape: shapely.Geometry) -> Said:
    places = TABLES[table].geometry
    test = getattr(places, "geom_equals" if relation == "Equals" else relation.lower())(shape)
    return Said(
        f"S_{relation.upper()}(geometry, {shapely.to_wkt(shape, rounding_precision=-1)})",
        f"<fes:{relation}><fes:ValueReference>geometry</fes:ValueReference>{_posed(shape)}</fes:{relation}>",
        test.astype("boolean").mask(places.isna()),
    )


def _near(word: str, x: float, y: float, metres: int) -> Said:
    places = TABLES["wells"].geometry
    count = len(places)
    far = pd.Series(Geod(ellps="GRS80").inv(places.x, places.y, [x] * count, [y] * count)[2], dtype="Float64")
    near = (far <= metres).mask(places.isna())
    return Said(
        f"S_{word.upper()}(geometry, POINT({x} {y}), {metres}, 'm')",
        f"<fes:{word}><fes:ValueReference>geometry</fes:ValueReference>{_posed(shapely.Point(x, y))}"
        f'<fes:Distance uom="m">{metres}</fes:Distance></fes:{word}>',
        near if word == "DWithin" else ~near,
    )


def _box(west: float, south: float, width: float, height: float) -> Said:
    shape = _boxed(west, south, width, height)
    corners = (
        f"<gml:lowerCorner>{shape.bounds[1]} {shape.bounds[0]}</gml:lowerCorner>"
        f"<gml:upperCorner>{shape.bounds[3]} {shape.bounds[2]}</gml:upperCorner>"
    )
    envelope = f'<gml:Envelope srsName="urn:ogc:def:crs:EPSG::4326">{corners}</gml:Envelope>'
    places = TABLES["wells"].geometry
    return Said(
        f"S_INTERSECTS(geometry, BBOX({', '.join(map(repr, shape.bounds))}))",
        f"<fes:BBOX><fes:ValueReference>geometry</fes:ValueReference>{envelope}</fes:BBOX>",
        places.intersects(shape).astype("boolean").mask(places.isna()),
    )


lons, lats = (
    st.sampled_from([120.99, 121.0, 121.005, 121.01, 121.02, 121.03]),
    st.sampled_from([32.99, 33.0, 33.005, 33.01, 33.02, 33.04]),
)
sides = st.sampled_from([0.005, 0.01, 0.02, 0.03])


def _boxed(x: float, y: float, width: float, height: float) -> shapely.Polygon:
    # round: an edge a hair beside a well is on it for PostGIS, which has a tolerance, and not for GEOS
    return shapely.box(x, y, round(x + width, 6), round(y + height, 6))


def _lined(x: float, y: float, width: float, height: float) -> shapely.LineString:
    # round: a prepared geometry and a plain one differ about an end a hair beside an edge
    far, high = round(x + width, 6), round(y + height, 6)
    return shapely.LineString([(x, y), (far, y), (far, high)])


shapes = st.one_of(
    st.builds(shapely.Point, lons, lats),
    st.builds(_boxed, lons, lats, sides, sides),
    st.builds(_lined, lons, lats, sides, sides),
    st.just(fences().column("geometry")[0].as_py()).map(lambda wkb: shapely.from_wkb(wkb).geoms[0].envelope),
)
conditions = st.one_of(
    comparisons,
    st.builds(_like, st.sampled_from(["", "澜", "O'", "say", "%", "_"])),
    st.builds(_between, st.sampled_from([0.0, 3.0, 9.5]), st.sampled_from([3.0, 12.0, 40.0])),
    st.builds(_missing, st.sampled_from(["name", "grade"]), st.sampled_from(["PropertyIsNull", "PropertyIsNil"])),
    st.builds(_times, st.sampled_from(["After", "Before", "TEquals", "During"]), st.integers(0, 26), st.integers(1, 9)),
    st.builds(lambda *given: _related("wells", *given), st.sampled_from(RELATIONS), shapes),
    st.builds(_near, st.sampled_from(["DWithin", "Beyond"]), lons, lats, st.sampled_from([100, 700, 1500, 3000])),
    st.builds(_box, lons, lats, sides, sides),
)


def _both(word: str, parts: list[Said]) -> Said:
    rows = parts[0].rows
    for part in parts[1:]:
        rows = rows & part.rows if word == "And" else rows | part.rows
    return Said(
        "(" + f" {word.upper()} ".join(f"({part.cql2})" for part in parts) + ")",
        f"<fes:{word}>{''.join(part.fes for part in parts)}</fes:{word}>",
        rows,
    )


def _not(part: Said) -> Said:
    return Said(f"NOT ({part.cql2})", f"<fes:Not>{part.fes}</fes:Not>", ~part.rows)


def _known(said: Said) -> Said:
    """The rows as truths that may be unknown, as SQL counts them."""
    return Said(said.cql2, said.fes, said.rows.astype("boolean"))


trees = st.recursive(
    conditions.map(_known),
    lambda inner: st.one_of(
        st.builds(_both, st.sampled_from(["And", "Or"]), st.lists(inner, min_size=2, max_size=3)),
        st.builds(_not, inner),
    ),
    max_leaves=5,
)


def agree(store: Store, layer: Layer, said: Said) -> None:
    expected = set(TABLES[layer.id]["code"][said.rows.fillna(False)])
    for where in (
        cql2_text(said.cql2, layer, SYSTEM_SCOPE),
        fes(FES.format(said.fes).encode(), layer, SYSTEM_SCOPE),
    ):
        found = store.read(layer, Query(where=where, fields=("code",)), scope=SYSTEM_SCOPE)
        assert set(found.column("code").to_pylist()) == expected, said


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(trees)
def test_a_filter_finds_what_plain_evaluation_finds(store: Store, said: Said) -> None:
    agree(store, WELLS, said)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(RELATIONS), shapes)
def test_areas_stand_in_the_relations_plain_evaluation_says(store: Store, relation: str, shape: object) -> None:
    agree(store, FENCES, _known(_related("fences", relation, shape)))


@pytest.mark.parametrize(("item", "expected"), [("a", True), ("b&c", True), ("b", False), ('a"', False), ("%", False)])
def test_a_list_equals_what_it_holds(store: Store, item: str, expected: bool) -> None:
    tagged = {f"W{n:03}" if n != 7 else "W 7/甲" for n in range(ROWS) if n % 3}
    rows = pd.Series([expected and code in tagged for code in TABLES["wells"]["code"]])
    words = f"<fes:PropertyIsEqualTo>{_leaf('tags', item)}</fes:PropertyIsEqualTo>"
    agree(store, WELLS, Said(f"tags = '{item}'", words, rows))
