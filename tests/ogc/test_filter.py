"""Filter languages: CQL2 and FES find the rows plain evaluation finds; nothing absurd gets through."""

import json
from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInputError
from core.scope import SYSTEM_SCOPE
from layers.filters import And, Between, Compare, In, Like, Missing, Not, Op, Or, Spatial, SpatialOp
from ogc.encode.crs import WGS84
from ogc.filter.cql2 import cql2_json, cql2_text
from ogc.filter.fes import fes
from ogc.services import Services
from store.query import Query
from tests.ogc.wells import FENCES, OFFICER, PUBLIC, WELLS, wells

SEEN = 23
"""Wells inside the officer's area."""


def found(services: Services, text: str) -> set[int]:
    where = cql2_text(text, WELLS, OFFICER.scope)
    codes = services.store.read(WELLS, Query(where=where), scope=OFFICER.scope).column("code").to_pylist()
    return {7 if code == "W 7/甲" else int(code[1:]) for code in codes}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("grade = 1", {n for n in range(SEEN) if n % 4 == 0 and n % 6}),
        ("1 = grade", {n for n in range(SEEN) if n % 4 == 0 and n % 6}),
        ("name = '澜滨井'", set(range(0, SEEN, 5))),
        ("name LIKE '%<Sons>'", set(range(1, SEEN, 5))),
        ("CASEI(name) = CASEI('o''BRIEN & <sons>')", set(range(1, SEEN, 5))),
        ("name IS NULL", set(range(3, SEEN, 5))),
        ("name IS NOT NULL AND depth < 3", {0, 1}),
        ("depth BETWEEN 3 AND 6", {2, 3, 4}),
        ("code IN ('W001', 'W002', 'nowhere')", {1, 2}),
        ("NOT (depth > 1.5)", {0, 1}),
        ("ready = TRUE AND depth <= 6", {0, 2, 4}),
        ("drilled >= DATE('2020-01-21')", {20, 21, 22}),
        ("T_AFTER(seen_at, TIMESTAMP('2024-01-22T00:00:00Z'))", {21, 22}),
        ("T_BEFORE(seen_at, DATE('2024-01-03'))", {0, 1}),
        ("T_DURING(seen_at, INTERVAL('2024-01-02T00:00:00Z', '2024-01-04T00:00:00Z'))", {1, 2}),
        ("T_DURING(seen_at, INTERVAL('2024-01-22T00:00:00Z', '..'))", {21, 22}),
        ("seen_at = DATE('2024-01-05')", {4}),
        ("S_INTERSECTS(geometry, BBOX(120.995, 32.995, 121.015, 33.005))", {0, 1}),
        ("S_WITHIN(geom, POLYGON((120.99 32.99, 121.005 32.99, 121.005 33.015, 120.99 33.015, 120.99 32.99)))", {0, 5}),
        ("S_DWITHIN(geometry, POINT(121 33), 1000, 'm')", {0, 1}),
        ("S_DWITHIN(geometry, POINT(121 33), 1.2, 'km')", {0, 1, 5}),
        ("S_DWITHIN(geometry, POINT(121 33), 1000, meters)", {0, 1}),
        ("TRUE", set(range(SEEN))),
        ("FALSE", set()),
    ],
)
def test_cql2_text_finds_the_rows_it_should(wells_served: Services, text: str, expected: set[int]) -> None:
    assert found(wells_served, text) == expected


def test_text_and_json_mean_the_same() -> None:
    text = "grade IN (1, 2) AND NOT name IS NULL OR S_INTERSECTS(geometry, POINT(121 33))"
    document = {
        "op": "or",
        "args": [
            {
                "op": "and",
                "args": [
                    {"op": "in", "args": [{"property": "grade"}, [1, 2]]},
                    {"op": "not", "args": [{"op": "isNull", "args": [{"property": "name"}]}]},
                ],
            },
            {"op": "s_intersects", "args": [{"property": "geometry"}, {"type": "Point", "coordinates": [121, 33]}]},
        ],
    }
    assert cql2_text(text, WELLS, SYSTEM_SCOPE) == cql2_json(json.dumps(document), WELLS, SYSTEM_SCOPE)


FES = (
    '<fes:Filter xmlns:fes="http://www.opengis.net/fes/2.0" xmlns:gml="http://www.opengis.net/gml/3.2"'
    ' xmlns:onemap="http://onemap.local/schema">{}</fes:Filter>'
)


def compared(name: str, field: str, value: str, **attributes: str) -> str:
    given = "".join(f' {k}="{v}"' for k, v in attributes.items())
    return (
        f"<fes:{name}{given}><fes:ValueReference>{field}</fes:ValueReference>"
        f"<fes:Literal>{value}</fes:Literal></fes:{name}>"
    )


BOX = shapely.box(121, 33, 122, 34)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (compared("PropertyIsEqualTo", "onemap:grade", "1"), Compare("grade", Op.EQ, "1")),
        (compared("PropertyIsLessThan", "onemap:wells/onemap:depth", "3"), Compare("depth", Op.LT, "3")),
        (
            compared("PropertyIsLike", "name", "50%*#!*", wildCard="*", singleChar="#", escapeChar="!"),
            Like("name", "50\\%%_*"),
        ),
        (compared("PropertyIsEqualTo", "name", "a_b", matchCase="false"), Like("name", "a\\_b", ignore_case=True)),
        ("<fes:PropertyIsNull><fes:ValueReference>name</fes:ValueReference></fes:PropertyIsNull>", Missing("name")),
        (
            "<fes:PropertyIsBetween><fes:ValueReference>depth</fes:ValueReference><fes:LowerBoundary><fes:Literal>1"
            "</fes:Literal></fes:LowerBoundary><fes:UpperBoundary><fes:Literal>2</fes:Literal></fes:UpperBoundary>"
            "</fes:PropertyIsBetween>",
            Between("depth", "1", "2"),
        ),
        (
            f"<fes:Or><fes:Not>{compared('PropertyIsEqualTo', 'code', 'a')}</fes:Not>"
            f"{compared('PropertyIsEqualTo', 'code', 'b')}</fes:Or>",
            Or((Not(Compare("code", Op.EQ, "a")), Compare("code", Op.EQ, "b"))),
        ),
        ('<fes:ResourceId rid="wells.W_x20_7"/><fes:ResourceId rid="fences.F1"/>', In("code", ("W 7",))),
        ('<fes:ResourceId rid="W001"/>', In("code", ("W001",))),
        (
            compared("PropertyIsEqualTo", "seen_at", "2024-01-05"),
            And(
                (
                    Compare("seen_at", Op.GE, datetime(2024, 1, 5, tzinfo=UTC)),
                    Compare("seen_at", Op.LT, datetime(2024, 1, 6, tzinfo=UTC)),
                )
            ),
        ),
        (compared("PropertyIsEqualTo", "drilled", "2020-01-05"), Compare("drilled", Op.EQ, date(2020, 1, 5))),
    ],
)
def test_fes_means_what_it_says(text: str, expected: object) -> None:
    assert fes(FES.format(text).encode(), WELLS, SYSTEM_SCOPE) == expected


@pytest.mark.parametrize(
    "shape",
    [
        '<gml:Envelope srsName="urn:ogc:def:crs:EPSG::4326"><gml:lowerCorner>33 121</gml:lowerCorner>'
        "<gml:upperCorner>34 122</gml:upperCorner></gml:Envelope>",
        '<gml:Envelope srsName="urn:ogc:def:crs:OGC:1.3:CRS84"><gml:lowerCorner>121 33</gml:lowerCorner>'
        "<gml:upperCorner>122 34</gml:upperCorner></gml:Envelope>",
        '<gml:Polygon srsName="http://www.opengis.net/def/crs/EPSG/0/4490"><gml:exterior><gml:LinearRing><gml:posList>'
        "33 121 33 122 34 122 34 121 33 121</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>",
    ],
)
def test_fes_shapes_are_read_in_the_axis_order_of_their_system(shape: str) -> None:
    text = FES.format(f"<fes:Intersects><fes:ValueReference>geometry</fes:ValueReference>{shape}</fes:Intersects>")
    read = fes(text.encode(), WELLS, SYSTEM_SCOPE)
    assert isinstance(read, Spatial)
    assert read.op is SpatialOp.INTERSECTS
    assert read.shape.equals(BOX)


def test_filter_crs_turns_the_axes() -> None:
    read = cql2_text("S_INTERSECTS(geometry, POINT(33 121))", WELLS, SYSTEM_SCOPE, WGS84)
    assert isinstance(read, Spatial)
    assert read.shape.equals(shapely.Point(121, 33))


@pytest.mark.parametrize(
    "text",
    [
        "nowhere = 1",
        "phone = '13900000001'",
        "phone IS NULL",
        "S_INTERSECTS(phone, POINT(1 2))",
        "T_AFTER(phone, DATE('2020-01-01'))",
    ],
)
def test_a_field_beyond_the_clearance_is_as_unknown_as_one_that_never_was(text: str) -> None:
    with pytest.raises(BadInputError, match=r"no property|is not the geometry"):
        cql2_text(text, WELLS, PUBLIC.scope)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 10_000 + "grade = 1" + ")" * 10_000,
        "NOT " * 10_000 + "grade = 1",
        "grade = " + "+".join(["1"] * 10_000),
        "grade = " + "^".join(["1"] * 10_000),
        "grade = " + "-" * 10_000 + "1",
        " OR ".join(["grade = 1"] * 5000),
        "grade IN (" + ",".join(["1"] * 5000) + ")",
        "name = '" + "x" * 100_000 + "'",
        "name = 'x",
        "grade + 1 = 2",
        "grade",
        "1 = 1",
        "S_INTERSECTS(geometry, POLYGON((0 0, 1 1, 0 1, 1 0, 0 0)))",
        "S_DWITHIN(geometry, POINT(1 2), 5, 'furlong')",
        "S_INTERSECTS(geometry, POINT(500 500))",
        "S_INTERSECTS(geometry, POINT(33 121))",
        "S_DWITHIN(geometry, POINT(1 2), -5, 'm')",
        "T_AFTER(seen_at, TIMESTAMP('yesterday'))",
        "name = 'x'; DROP TABLE wells",
        "A_CONTAINS(tags, ('a'))",
        "name LIKE '" + "%a" * 30 + "'",
        "tags > 'a'",
        f"S_DWITHIN(geometry, {shapely.Point(121, 33).buffer(1, 500).wkt}, 5)",
        f"S_INTERSECTS(geometry, {shapely.Point(121, 33).buffer(1, 10_000).wkt})",
        "",
    ],
)
def test_absurd_cql2_is_refused_and_nothing_falls_over(text: str) -> None:
    with pytest.raises(BadInputError):
        cql2_text(text, WELLS, SYSTEM_SCOPE)


def test_nested_coordinates_are_refused_like_any_other_shape_that_is_none() -> None:
    shape = '{"type": "Polygon", "coordinates": ' + "[" * 900 + "]" * 900 + "}"
    with pytest.raises(BadInputError):
        cql2_json('{"op": "s_within", "args": [{"property": "geometry"}, ' + shape + "]}", WELLS, SYSTEM_SCOPE)


def test_as_many_conditions_as_are_allowed_are_answered(wells_served: Services) -> None:
    assert found(wells_served, " OR ".join(["depth = 3"] * 990)) == {2}


@given(st.text(alphabet=st.sampled_from("()',=<>+-*/ abgrade10NOTINORD."), max_size=300))
def test_any_text_is_either_a_filter_or_refused(text: str) -> None:
    with suppress(BadInputError):
        cql2_text(text, WELLS, SYSTEM_SCOPE)


BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>'
    + FES.format(compared("PropertyIsEqualTo", "name", "&c;"))
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + FES.format(
    compared("PropertyIsEqualTo", "name", "&a;")
)


@pytest.mark.parametrize(
    "document",
    [
        BOMB,
        OUTSIDE,
        "<bad",
        FES.format(""),
        FES.format("<fes:Not>" * 200 + "</fes:Not>" * 200),
        FES.format("<fes:And>" + compared("PropertyIsEqualTo", "code", "a") * 2000 + "</fes:And>"),
        FES.format("<fes:Intersects><fes:ValueReference>geometry</fes:ValueReference><gml:Point/></fes:Intersects>"),
        FES.format(compared("PropertyIsLike", "grade", "1*", wildCard="*")),
        FES.format("<fes:Function name='shell'/>"),
    ],
)
def test_hostile_or_empty_fes_is_refused(document: str) -> None:
    with pytest.raises(BadInputError):
        fes(document.encode(), WELLS, SYSTEM_SCOPE)


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (BOMB, "document types"), (OUTSIDE, "document types"), ("<!DOCTYPE x><bad", "document types"),
        (FES.format("<fes:Not>" * 400 + "</fes:Not>" * 400), "nesting of XML beyond the limit of 256"),
    ],
)  # fmt: skip
def test_a_bomb_is_told_that_types_are_refused_and_depth_that_it_is_depth(document: str, words: str) -> None:
    with pytest.raises(BadInputError, match=words):
        fes(document.encode(), WELLS, SYSTEM_SCOPE)


def test_json_as_deep_as_a_filter_may_be_is_read_and_deeper_is_told_how_deep() -> None:
    def nested(depth: int) -> str:
        return '{"op": "not", "args": [' * depth + "true" + "]}" * depth

    assert cql2_json(nested(46), WELLS, SYSTEM_SCOPE)
    with pytest.raises(BadInputError, match="nested 200 deep, more than 128"):
        cql2_json(nested(100), WELLS, SYSTEM_SCOPE)


def test_a_shape_with_many_edges_on_every_parallel_and_meridian_is_refused() -> None:
    def asked(shape: shapely.Geometry) -> str:
        within = {"op": "s_within", "args": [{"property": "geometry"}, json.loads(shapely.to_geojson(shape))]}
        return json.dumps(within)

    teeth = [(n / 300, 10.0 * (n % 2)) for n in range(3000)]
    upright = shapely.Polygon([(-1, -1), *teeth, (11, -1)])
    lying = shapely.transform(upright, lambda xy: xy[:, ::-1] + [20, 20])
    assert all(cql2_json(asked(shape), WELLS, SYSTEM_SCOPE) for shape in (upright, lying))
    with pytest.raises(BadInputError, match="edges on one parallel and on one meridian beyond the limit of 500"):
        cql2_json(asked(shapely.MultiPolygon([upright, lying])), WELLS, SYSTEM_SCOPE)


@pytest.mark.parametrize("relation", ["s_touches", "s_crosses", "s_overlaps"])
def test_a_comb_is_not_weighed_against_each_line_or_area(relation: str) -> None:
    def asked(teeth: int) -> str:
        ring = [(-1, -1), *((n / teeth, 10.0 * (n % 2)) for n in range(teeth)), (11, -1)]
        shape = json.loads(shapely.to_geojson(shapely.Polygon(ring)))
        return json.dumps({"op": relation, "args": [{"property": "geometry"}, shape]})

    assert all(cql2_json(asked(*one), layer, SYSTEM_SCOPE) for *one, layer in ((800, FENCES), (1500, WELLS)))
    with pytest.raises(BadInputError, match=r"edges on one parallel or meridian .* beyond the limit of 1000"):
        cql2_json(asked(1500), FENCES, SYSTEM_SCOPE)


@given(st.integers(1, 4), st.floats(0, 40), st.booleans())
def test_combined_filters_equal_plain_evaluation(wells_served: Services, grade: int, depth: float, ready: bool) -> None:
    text = f"(grade <= {grade} OR depth > {depth:.3f}) AND ready = {'TRUE' if ready else 'FALSE'}"
    rows = wells().slice(0, SEEN).to_pylist()
    expected = {
        n
        for n, row in enumerate(rows)
        if ((row["grade"] is not None and row["grade"] <= grade) or row["depth"] > float(f"{depth:.3f}"))
        and row["ready"] is ready
    }
    assert found(wells_served, text) == expected
