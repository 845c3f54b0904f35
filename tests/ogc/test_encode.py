"""Rows to GeoJSON and GML: what goes in comes out, whatever the characters, gaps and shapes."""

import json
import math
import re
from datetime import UTC, datetime

import pyarrow as pa
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from shapely.geometry import shape

from ogc.encode import geojson, gml
from ogc.encode.columns import json_texts, xml_texts
from ogc.encode.crs import CGCS2000, CRS84, WEB_MERCATOR, WGS84, crs_named
from ogc.encode.moments import moment_texts
from tests.ogc.wells import FENCE_SHAPES, FENCES, WELLS, fences, wells

SPECS = tuple(spec for name, spec in WELLS.fields.items() if name in wells().column_names)
RADIUS = 6378137.0
MERCATOR = (RADIUS * math.radians(121), RADIUS * math.log(math.tan(math.radians(45 + 33 / 2))))
"""121 E, 33 N by the definition of EPSG:3857."""
GML = "{http://www.opengis.net/gml/3.2}"


def collected(table: pa.Table, **more: object) -> dict[str, object]:
    text = b"".join(geojson.collection(table.to_batches(7), WELLS, SPECS, **more))  # type: ignore[arg-type]
    return json.loads(text)  # type: ignore[no-any-return]


def test_geojson_says_every_value_and_gap_as_it_is() -> None:
    table = wells()
    features = collected(table)["features"]
    assert isinstance(features, list)
    assert [f["id"] for f in features] == table.column("code").to_pylist()
    assert [f["properties"]["name"] for f in features] == table.column("name").to_pylist()
    assert [f["properties"]["tags"] for f in features] == table.column("tags").to_pylist()
    assert [f["properties"]["ready"] for f in features] == table.column("ready").to_pylist()
    assert features[3]["properties"]["drilled"] == "2020-01-04"
    assert features[3]["properties"]["seen_at"] == "2024-01-04T08:00:00Z"
    assert features[0]["geometry"] == {"type": "Point", "coordinates": [121.0, 33.0]}
    assert features[22]["geometry"] is None


def test_an_empty_answer_is_still_a_collection() -> None:
    assert collected(wells()[:0]) == {"type": "FeatureCollection", "features": []}


def test_members_are_told_how_many_rows_were_sent() -> None:
    assert collected(wells(), members=lambda sent: {"numberReturned": sent})["numberReturned"] == 25


@given(st.lists(st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"]))), min_size=1))
def test_any_text_survives_json(texts: list[str | None]) -> None:
    coded = json_texts(pa.array(texts, pa.string())).to_pylist()
    assert [None if c is None else json.loads(c) for c in coded] == texts


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")), min_size=1))
def test_any_text_xml_can_carry_survives_xml(texts: list[str]) -> None:
    for text, coded in zip(texts, xml_texts(pa.array(texts, pa.string())).to_pylist(), strict=True):
        assert (etree.fromstring(f"<a>{coded}</a>").text or "") == text


@given(st.lists(st.one_of(st.none(), st.datetimes(timezones=st.just(UTC)))))
def test_any_moment_is_spelt_as_iso_does_without_empty_fractions(moments: list[datetime | None]) -> None:
    column = pa.array(moments, pa.timestamp("us", "UTC"))
    said = [m and re.sub(r"(\.\d*?)0+$", r"\1", m.replace(tzinfo=None).isoformat()) + "Z" for m in moments]
    assert moment_texts(column).to_pylist() == said
    assert [moment_texts(column.slice(row, 1))[0].as_py() for row in range(len(said))] == said


def test_years_of_more_digits_are_spelt_too() -> None:
    assert moment_texts(pa.array([300_000_000_000_000_000], pa.timestamp("us", "UTC"))).to_pylist() == [
        "11476-08-15T05:20:00Z"
    ]


@given(st.data())
def test_what_all_rows_say_is_said_in_each(data: st.DataObject) -> None:
    """A value for all of them is spelt once; the answer is that of the same rows one at a time."""
    table = wells().slice(0, 6)
    for name in data.draw(st.sets(st.sampled_from(("name", "ready", "depth", "seen_at", "drilled")))):
        if name in table.column_names:
            row = data.draw(st.integers(0, 5))
            column = pa.concat_arrays([table.column(name).combine_chunks().slice(row, 1)] * 6)
            table = table.set_column(table.column_names.index(name), name, column)
    batch = table.combine_chunks().to_batches()[0]
    apart = [batch.slice(row, 1) for row in range(6)]
    for of in (lambda b: gml.features(b, WELLS, SPECS, WGS84), lambda b: geojson.features(b, WELLS, SPECS, CRS84)):
        assert of(batch).to_pylist() == [of(one)[0].as_py() for one in apart]


lon_lat = st.tuples(st.floats(-179, 179), st.floats(-80, 80))
lines = st.lists(st.lists(lon_lat, min_size=2, max_size=6), min_size=1, max_size=4)


@given(st.lists(st.one_of(st.none(), lines), min_size=1, max_size=5))
def test_lines_survive_geojson_vertex_by_vertex(rows: list[list[list[tuple[float, float]]] | None]) -> None:
    shapes = [None if row is None else shapely.MultiLineString(row) for row in rows]
    column = pa.array([None if s is None else shapely.to_wkb(s) for s in shapes], pa.binary())
    for text, expected in zip(geojson.geometries(column, CRS84).to_pylist(), shapes, strict=True):
        assert (text is None) == (expected is None)
        if expected is not None:
            assert shapely.equals_exact(shape(json.loads(text)), expected, 0)


def test_polygons_keep_holes_and_parts() -> None:
    texts = geojson.geometries(fences().column("geometry").combine_chunks(), CRS84).to_pylist()
    assert [shapely.equals_exact(shape(json.loads(t)), s, 0) for t, s in zip(texts, FENCE_SHAPES, strict=True)] == [
        True
    ] * 2
    batch = fences().combine_chunks().to_batches()[0]
    specs = (FENCES.fields["code"], FENCES.fields["height"])
    first, second = gml.features(batch, FENCES, specs, CRS84).to_pylist()
    assert first.count("<gml:interior>") == 1
    assert second.count("<gml:surfaceMember>") == 2
    assert "onemap:height" not in second


@pytest.mark.parametrize(
    ("crs", "expected"),
    [
        (CRS84, (121.0, 33.0)),
        (CGCS2000, (33.0, 121.0)),
        (WGS84, (33.0, 121.0)),
        (WEB_MERCATOR, MERCATOR),
    ],
)
def test_axis_order_is_the_systems_own(crs: object, expected: tuple[float, float]) -> None:
    batch = wells().combine_chunks().to_batches()[0]
    text = gml.features(batch, WELLS, SPECS, crs)[0].as_py()  # type: ignore[arg-type]
    root = etree.fromstring(f'<a xmlns:gml="{GML[1:-1]}" xmlns:onemap="{gml.NAMESPACE}">{text}</a>')
    found = root.findtext(f".//{GML}pos")
    assert tuple(map(float, str(found).split())) == pytest.approx(expected, abs=1e-3)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_a_gml_id_leads_back_to_its_key(key: str) -> None:
    coded = gml.id_text("wells", key)
    assert gml.key_of(coded) == ("wells", key)


@pytest.mark.parametrize(
    ("name", "flipped"),
    [("urn:ogc:def:crs:EPSG::4490", True), ("http://www.opengis.net/def/crs/EPSG/0/4326", True), ("EPSG:4326", True),
     ("urn:ogc:def:crs:OGC:1.3:CRS84", False), ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", False),
     ("CRS:84", False), ("http://www.opengis.net/gml/srs/epsg.xml#4326", False), ("EPSG:3857", False)],
)  # fmt: skip
def test_names_of_systems_are_understood(name: str, flipped: bool) -> None:
    assert crs_named(name).flipped is flipped


@given(st.lists(st.one_of(st.none(), lon_lat), min_size=1, max_size=8), st.integers(0, 3))
def test_points_read_out_of_their_bytes_are_the_points(rows: list[tuple[float, float] | None], start: int) -> None:
    wkb = pa.array([None if row is None else shapely.to_wkb(shapely.Point(row)) for row in rows], pa.binary())
    texts = geojson.geometries(wkb.slice(start), CRS84).to_pylist()
    assert [None if text is None else tuple(json.loads(text)["coordinates"]) for text in texts] == rows[start:]


def test_an_empty_point_is_no_place() -> None:
    wkb = pa.array([shapely.to_wkb(shapely.Point()), shapely.to_wkb(shapely.Point(1, 2))], pa.binary())
    assert geojson.geometries(wkb, CRS84).to_pylist()[0] is None
