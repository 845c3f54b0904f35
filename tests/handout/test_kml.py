"""The scenario as KML: valid, at its place, with its doubts where a globe shows them."""

import json
from html import escape
from pathlib import Path

import pytest
import shapely
from lxml import etree

from core.texts import Lang
from dashboards.handout.contents import LIMITS, Handout
from dashboards.handout.kml import NAMESPACE, kml
from tests.handout.conftest import BLAST, CHLORINE, Bench
from tests.handout.opened import gdal
from tests.ogc.schemas import Offline, schema_folder

SPACE = {"k": NAMESPACE}


class WithoutAddresses(Offline):
    """The schemas at hand; that of postal addresses, which are not written here, is not among them."""

    def resolve(self, system_url, public_id, context):  # type: ignore[no-untyped-def]
        if not str(system_url).endswith("xAL.xsd"):
            return super().resolve(system_url, public_id, context)
        name = "urn:oasis:names:tc:ciq:xsdschema:xAL:2.0"
        text = f'<schema xmlns="http://www.w3.org/2001/XMLSchema" targetNamespace="{name}">'
        return self.resolve_string(text + '<element name="AddressDetails"/></schema>', context)


def tree(handout: Handout) -> etree._Element:
    return etree.fromstring(kml(handout))


def folder(handout: Handout, title: str) -> etree._Element:
    (found,) = tree(handout).xpath(f"//k:Folder[starts-with(k:name, '{title}')]", namespaces=SPACE)[:1]
    return found


def test_it_is_valid_by_the_schema_of_the_standard(bench: Bench, both: Handout, test_data: Path) -> None:
    folders = schema_folder(test_data)
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(WithoutAddresses(folders))
    schema = etree.XMLSchema(etree.parse(folders / "kml" / "2.2.0" / "ogckml22.xsd", parser))
    for handout in (both, bench.handout(BLAST, lang=Lang.EN)):
        schema.assertValid(etree.fromstring(kml(handout)))


@pytest.mark.system
def test_gdal_finds_the_zones_where_they_are_computed(chlorine: Handout, tmp_path: Path) -> None:
    (tmp_path / "plan.kml").write_bytes(kml(chlorine))
    told = json.loads(gdal("ogr2ogr", "-f", "GeoJSON", "/vsistdout/", tmp_path / "plan.kml", "影响区"))
    shapes = {one["properties"]["Name"]: shapely.geometry.shape(one["geometry"]) for one in told["features"]}
    for zone in chlorine.sides[0].drawn:
        (name,) = [name for name in shapes if name.startswith(zone.level.name.zh)]
        drawn = shapely.force_2d(shapes[name])
        assert drawn.symmetric_difference(zone.shape).area < 1e-4 * zone.shape.area


def test_what_nobody_verified_says_so_in_its_name_and_is_hatched(chlorine: Handout) -> None:
    zones = folder(chlorine, "影响区")
    names = zones.xpath("k:Placemark/k:name/text()", namespaces=SPACE)
    for zone in chlorine.sides[0].drawn:
        assert not zone.verified
        (name,) = [one for one in names if one.startswith(zone.level.name.zh)]
        assert "未核实" in name
        assert f"未核实·{zone.level.name.zh}" in names
    hatches = zones.xpath("k:Placemark[k:styleUrl = '#hatch']/k:MultiGeometry", namespaces=SPACE)
    assert [len(one) > 10 for one in hatches] == [True] * len(chlorine.sides[0].drawn)


def test_a_zone_cut_at_the_models_range_says_at_least(chlorine: Handout) -> None:
    names = folder(chlorine, "影响区").xpath("k:Placemark/k:name/text()", namespaces=SPACE)
    (widest,) = [name for name in names if name.startswith("AEGL-1")]
    assert "≥" in widest
    assert "截断" in widest


def test_limits_receipt_and_rights_are_on_the_document(both: Handout) -> None:
    (said,) = tree(both).xpath("/k:kml/k:Document/k:description/text()", namespaces=SPACE)
    assert LIMITS.zh in said
    assert "王立" in said
    for side in both.sides:
        assert side.result.receipt.fingerprint in said


def test_every_zone_says_how_it_came_and_how_far_to_trust_it(chlorine: Handout) -> None:
    side = chlorine.sides[0]
    for zone in side.drawn:
        (said,) = folder(chlorine, "影响区").xpath(
            f"k:Placemark[starts-with(k:name, '{zone.level.name.zh}')]/k:description/text()", namespaces=SPACE
        )
        used = next(one for one in side.result.receipt.models if one.id == zone.model)
        assert escape(used.source, quote=False) in said
        assert used.tier.title.zh in said
        assert LIMITS.zh in said
        assert all(check.title.zh in said for check in zone.checks)


def test_longitude_comes_first_and_rings_close(chlorine: Handout) -> None:
    for text in tree(chlorine).xpath("//k:LinearRing/k:coordinates/text()", namespaces=SPACE):
        pairs = [tuple(map(float, pair.split(","))) for pair in text.split()]
        assert pairs[0] == pairs[-1]
        assert all(121 < lon < 123 and 32 < lat < 34 for lon, lat in pairs)


def test_titles_are_never_read_as_html_and_control_characters_do_not_break_the_file(bench: Bench) -> None:
    nasty = CHLORINE | {"title": "a\x01<b>&c</b>"}
    document = tree(bench.handout(nasty))
    assert document.findtext(".//k:Document/k:name", namespaces=SPACE) == "a\ufffd<b>&c</b>"
    (said,) = document.xpath("/k:kml/k:Document/k:description/text()", namespaces=SPACE)
    assert "<b>" not in said


def test_two_scenarios_have_a_folder_each(both: Handout) -> None:
    names = tree(both).xpath("/k:kml/k:Document/k:Folder/k:name/text()", namespaces=SPACE)
    assert names == ["A 2 号储罐泄漏 <氯>", "B 阀门泄漏"]


def test_the_english_reader_gets_english(bench: Bench) -> None:
    text = kml(bench.handout(CHLORINE | {"title": "leak"}, lang=Lang.EN)).decode()
    assert "unverified" in text
    assert "影响区" not in text
    assert "未核实" not in text
