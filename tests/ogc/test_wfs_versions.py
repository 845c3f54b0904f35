"""WFS 1.1.0 and 1.0.0 for reading: documents valid by their own schemas, the order of axes, what QGIS and GDAL send."""

from pathlib import Path

import pytest
from lxml import etree

from core.caller import Caller
from ogc.encode.gml import NAMESPACE
from ogc.kvp import KVP
from ogc.services import Response, Services
from ogc.wfs import wfs
from tests.ogc.schemas import compiled, schema_folder
from tests.ogc.wells import OFFICER, PUBLIC

BASE = "http://127.0.0.1/ogc/k/some-key/wfs"
GML = "http://www.opengis.net/gml"
WFS = "http://www.opengis.net/wfs"
OGC = "http://www.opengis.net/ogc"
PLACES = {
    "1.1.0": ((WFS, "wfs/1.1.0/wfs.xsd"), (GML, "gml/3.1.1/base/gml.xsd")),
    "1.0.0": ((WFS, "wfs/1.0.0/WFS-basic.xsd"), (GML, "gml/2.1.2/feature.xsd")),
}
ID = {"1.1.0": f"{{{GML}}}id", "1.0.0": "fid"}


def ask(services: Services, version: str, caller: Caller = OFFICER, body: bytes = b"", **given: object) -> Response:
    values = {} if body else {"service": "WFS", "version": version, "request": "GetFeature"}
    return wfs(KVP([(name, str(value)) for name, value in {**values, **given}.items()]), body, caller, services, BASE)


def root(answer: Response) -> etree._Element:
    return etree.fromstring(answer.content())


def found(answer: Response) -> list[etree._Element]:
    assert answer.status == 200, answer.content()
    return [member[0] for member in root(answer).findall(f"{{{GML}}}featureMember")]


def names(answer: Response, version: str) -> list[str | None]:
    return [feature.get(ID[version]) for feature in found(answer)]


@pytest.mark.parametrize(
    ("version", "place"), [("1.1.0", "wfs/1.1.0/wfs.xsd"), ("1.0.0", "wfs/1.0.0/WFS-capabilities.xsd")]
)
def test_capabilities_are_valid_and_hide_what_the_caller_may_not_see(
    wells_served: Services, test_data: Path, version: str, place: str
) -> None:
    folder = schema_folder(test_data)
    document = root(ask(wells_served, version, PUBLIC, request="GetCapabilities"))
    compiled(folder, (WFS, str(folder / place))).assertValid(document)
    assert document.get("version") == version
    assert b"vaults" not in etree.tostring(document)


@pytest.mark.parametrize("version", ["1.1.0", "1.0.0"])
def test_features_are_valid_by_the_schema_the_version_gives(
    wells_served: Services, test_data: Path, tmp_path: Path, version: str
) -> None:
    folder = schema_folder(test_data)
    place = tmp_path / "described.xsd"
    place.write_bytes(ask(wells_served, version, request="DescribeFeatureType").content())
    imports = [(space, str(folder / file)) for space, file in PLACES[version]]
    schema = compiled(folder, *imports, (NAMESPACE, str(place)))
    for layer, crs in (("wells", ""), ("fences", "EPSG:4326"), ("fences", "EPSG:3857")):
        answer = ask(wells_served, version, typename=f"onemap:{layer}", srsName=crs)
        schema.assertValid(root(answer))
        assert found(answer)
    schema.assertValid(root(ask(wells_served, version, typename="wells", featureid="wells.nowhere")))


@pytest.mark.parametrize(
    ("version", "given", "first"),
    [("1.1.0", {}, 33.0), ("1.1.0", {"srsname": "EPSG:4326"}, 121.0), ("1.0.0", {}, 121.0),
     ("1.1.0", {"srsname": "http://www.opengis.net/gml/srs/epsg.xml#4326"}, 121.0),
     ("1.0.0", {"srsname": "EPSG:4490"}, 121.0)],
)  # fmt: skip
def test_latitude_comes_first_where_the_version_and_the_name_say_so(
    wells_served: Services, version: str, given: dict[str, str], first: float
) -> None:
    (feature,) = found(ask(wells_served, version, typename="wells", featureid="wells.W000", **given))
    text = "".join(feature.itertext(f"{{{GML}}}pos", f"{{{GML}}}coordinates")).replace(",", " ")
    assert float(text.split()[0]) == first


@pytest.mark.parametrize(
    ("version", "bbox"),
    [("1.1.0", "32.995,120.995,33.005,121.015"), ("1.1.0", "120.995,32.995,121.015,33.005,EPSG:4326"),
     ("1.0.0", "120.995,32.995,121.015,33.005")],
)  # fmt: skip
def test_a_box_without_a_system_is_in_the_versions_own(wells_served: Services, version: str, bbox: str) -> None:
    assert names(ask(wells_served, version, typename="wells", bbox=bbox), version) == ["wells.W000", "wells.W001"]


def test_hits_and_counts_are_said_as_each_version_says_them(wells_served: Services) -> None:
    document = root(ask(wells_served, "1.1.0", typename="wells", resultType="hits"))
    assert (document.get("numberOfFeatures"), len(document)) == ("23", 0)
    assert root(ask(wells_served, "1.1.0", typename="wells", maxFeatures=3)).get("numberOfFeatures") == "3"
    assert "numberOfFeatures" not in root(ask(wells_served, "1.0.0", typename="wells", maxFeatures=3)).attrib


def test_a_filter_of_the_old_spelling_reads_boxes_longitude_first(wells_served: Services) -> None:
    body = f"""<wfs:GetFeature service="WFS" version="1.0.0" xmlns:wfs="{WFS}" xmlns:ogc="{OGC}" xmlns:gml="{GML}">
      <wfs:Query typeName="onemap:wells"><ogc:PropertyName>onemap:code</ogc:PropertyName>
      <ogc:Filter><ogc:And><ogc:BBOX><ogc:PropertyName>geometry</ogc:PropertyName><gml:Box srsName="EPSG:4326">
      <gml:coordinates>120.995,32.995 121.025,33.005</gml:coordinates></gml:Box></ogc:BBOX>
      <ogc:PropertyIsLike wildCard="*" singleChar="." escape="!"><ogc:PropertyName>code</ogc:PropertyName>
      <ogc:Literal>W00.</ogc:Literal></ogc:PropertyIsLike></ogc:And></ogc:Filter></wfs:Query></wfs:GetFeature>"""
    answer = ask(wells_served, "", body=body.encode())
    assert names(answer, "1.0.0") == ["wells.W000", "wells.W001", "wells.W002"]
    assert b"depth" not in answer.content()


def test_a_posted_query_of_1_1_sorts(wells_served: Services) -> None:
    body = f"""<GetFeature service="WFS" version="1.1.0" maxFeatures="2" xmlns="{WFS}" xmlns:ogc="{OGC}"
      xmlns:gml="{GML}"><Query typeName="wells"><ogc:Filter><ogc:Intersects>
      <ogc:PropertyName>geometry</ogc:PropertyName>
      <gml:Polygon srsName="urn:ogc:def:crs:EPSG::4326"><gml:exterior><gml:LinearRing>
      <gml:posList>32.9 120.9 32.9 121.005 33.1 121.005 33.1 120.9 32.9 120.9</gml:posList></gml:LinearRing>
      </gml:exterior></gml:Polygon></ogc:Intersects></ogc:Filter><ogc:SortBy><ogc:SortProperty>
      <ogc:PropertyName>depth</ogc:PropertyName><ogc:SortOrder>DESC</ogc:SortOrder></ogc:SortProperty></ogc:SortBy>
      </Query></GetFeature>"""
    assert names(ask(wells_served, "", body=body.encode()), "1.1.0") == ["wells.W020", "wells.W015"]


def test_old_versions_answer_with_everything_for_they_have_no_next_page(wells_served: Services) -> None:
    assert len(found(ask(wells_served, "1.1.0", typename="wells"))) == 23
    assert b"next=" not in ask(wells_served, "1.1.0", typename="wells", maxFeatures=2).content()


@pytest.mark.parametrize(
    ("given", "version"),
    [({"acceptversions": "1.1.0,2.0.0"}, "1.1.0"), ({"acceptversions": "3.0.0,1.0.0"}, "1.0.0"), ({}, "2.0.0"),
     ({"version": "1.0.7"}, "1.0.0"), ({"version": "0.0.1"}, "1.0.0"), ({"version": "9.9.9"}, "2.0.0")],
)  # fmt: skip
def test_the_version_is_negotiated(wells_served: Services, given: dict[str, str], version: str) -> None:
    kvp = KVP([("service", "WFS"), ("request", "GetCapabilities"), *given.items()])
    assert root(wfs(kvp, b"", OFFICER, wells_served, BASE)).get("version") == version


def test_mistakes_are_said_as_the_version_says_them(wells_served: Services, test_data: Path) -> None:
    folder = schema_folder(test_data)
    for version, space, place in (
        ("1.1.0", "http://www.opengis.net/ows", "ows/1.0.0/owsExceptionReport.xsd"),
        ("1.0.0", OGC, "wfs/1.0.0/OGC-exception.xsd"),
    ):
        answer = ask(wells_served, version, typename="wells", bbox="nonsense")
        assert answer.status == 400
        compiled(folder, (space, str(folder / place))).assertValid(root(answer))
        assert b'locator="bbox"' in answer.content()
        assert ask(wells_served, version, request="GetPropertyValue", typename="wells").status == 400
