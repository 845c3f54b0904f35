"""WFS 2.0 as a function: documents valid by the official schemas, paging, rights, and errors with their codes."""

import json
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

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
GML = "http://www.opengis.net/gml/3.2"
WFS = "http://www.opengis.net/wfs/2.0"
OWS = "http://www.opengis.net/ows/1.1"
ID = f"{{{GML}}}id"
SEEN = 23


def ask(services: Services, caller: Caller = OFFICER, body: bytes = b"", **given: object) -> Response:
    values = {} if body else {"service": "WFS", "version": "2.0.0", "request": "GetFeature"}
    pairs = [(name, str(value)) for name, value in {**values, **given}.items()]
    return wfs(KVP(pairs), body, caller, services, BASE)


def root(answer: Response) -> etree._Element:
    return etree.fromstring(answer.content())


def features(answer: Response) -> list[etree._Element]:
    assert answer.status == 200, answer.content()
    return [member[0] for member in root(answer).findall(f"{{{WFS}}}member")]


@pytest.fixture(scope="module")
def wfs_schema(test_data: Path) -> etree.XMLSchema:
    folder = schema_folder(test_data)
    return compiled(folder, (WFS, str(folder / "wfs/2.0/wfs.xsd")), (OWS, str(folder / "ows/1.1.0/owsAll.xsd")))


@pytest.fixture(scope="module")
def feature_schema(
    test_data: Path, wells_served: Services, tmp_path_factory: pytest.TempPathFactory
) -> etree.XMLSchema:
    folder = schema_folder(test_data)
    described = ask(wells_served, request="DescribeFeatureType").content()
    place = Path(tmp_path_factory.mktemp("schema")) / "wells.xsd"
    place.write_bytes(described)
    wfs_place, gml_place = str(folder / "wfs/2.0/wfs.xsd"), str(folder / "gml/3.2.1/gml.xsd")
    return compiled(folder, (WFS, wfs_place), (GML, gml_place), (NAMESPACE, str(place)))


@pytest.mark.parametrize("request_", ["GetCapabilities", "ListStoredQueries", "DescribeStoredQueries"])
def test_service_documents_are_valid(wells_served: Services, wfs_schema: etree.XMLSchema, request_: str) -> None:
    wfs_schema.assertValid(root(ask(wells_served, request=request_)))


@pytest.mark.parametrize("layer", ["wells", "fences"])
@pytest.mark.parametrize("crs", ["EPSG::4490", "EPSG::3857"])
def test_features_are_valid_by_the_schema_the_service_gives(
    wells_served: Services, feature_schema: etree.XMLSchema, layer: str, crs: str
) -> None:
    answer = ask(wells_served, typeNames=f"onemap:{layer}", srsName=f"urn:ogc:def:crs:{crs}")
    assert len(features(answer)) == (SEEN if layer == "wells" else 2)
    feature_schema.assertValid(root(answer))


def test_pages_meet_without_gap_or_overlap_and_end(wells_served: Services) -> None:
    url, found = "?typeNames=onemap:wells&count=10&sortBy=depth DESC", []
    while url:
        answer = ask(wells_served, **dict(parse_qsl(urlsplit(url).query)))
        found.extend(feature.get(ID) for feature in features(answer))
        assert root(answer).get("numberMatched") == str(SEEN)
        url = root(answer).get("next") or ""
        assert not url or url.startswith(BASE)
    assert len(found) == len(set(found)) == SEEN
    assert found[0] == "wells.W022"


def test_hits_count_without_features(wells_served: Services) -> None:
    answer = root(ask(wells_served, typeNames="wells", resultType="hits"))
    assert (answer.get("numberMatched"), answer.get("numberReturned"), len(answer)) == (str(SEEN), "0", 0)


@pytest.mark.parametrize(
    "bbox",
    [
        "32.995,120.995,33.005,121.015",
        "32.995,120.995,33.005,121.015,urn:ogc:def:crs:EPSG::4326",
        "32.995,120.995,33.005,121.015,http://www.opengis.net/def/crs/EPSG/0/4490",
        "120.995,32.995,121.015,33.005,EPSG:4326",
        "120.995,32.995,121.015,33.005,urn:ogc:def:crs:OGC:1.3:CRS84",
        "13469100,3894600,13471400,3896000,EPSG:3857",
    ],
)
def test_a_box_means_the_same_in_every_system(wells_served: Services, bbox: str) -> None:
    found = features(ask(wells_served, typeNames="onemap:wells", bbox=bbox))
    assert [feature.get(ID) for feature in found] == ["wells.W000", "wells.W001"]


def test_a_box_with_its_axes_swapped_is_said_not_answered_with_nothing(wells_served: Services) -> None:
    answer = ask(wells_served, typeNames="onemap:wells", bbox="120.9,32.9,121.1,33.1")
    assert answer.status == 400
    assert "latitude" in answer.content().decode()


def test_the_public_sees_neither_field_nor_layer_beyond_its_clearance(wells_served: Services) -> None:
    assert b"phone" in ask(wells_served, request="DescribeFeatureType").content()
    for request in ("DescribeFeatureType", "GetCapabilities", "GetFeature"):
        given = ask(wells_served, PUBLIC, request=request, typeNames="onemap:wells").content()
        assert b"phone" not in given
        assert b"vaults" not in given
    assert ask(wells_served, typeNames="onemap:vaults").status == 400
    by_filter = "<Filter><PropertyIsNull><ValueReference>phone</ValueReference></PropertyIsNull></Filter>"
    assert ask(wells_served, PUBLIC, typeNames="wells", filter=by_filter).status == 400
    assert ask(wells_served, PUBLIC, typeNames="wells", sortBy="phone").status == 400
    assert ask(wells_served, PUBLIC, typeNames="wells", propertyName="phone").status == 400


def test_rows_of_another_area_are_nowhere(wells_served: Services) -> None:
    query = "urn:ogc:def:query:OGC-WFS::GetFeatureById"
    assert ask(wells_served, storedquery_id=query, id="wells.W024").status == 404
    assert features(ask(wells_served, resourceId="wells.W024")) == []


def test_an_id_is_taken_as_gml_tells_it_and_as_geojson_does(wells_served: Services) -> None:
    for given in ("wells.W001", "W001"):
        found = features(ask(wells_served, typeNames="wells", resourceId=given))
        assert [feature.get(ID) for feature in found] == ["wells.W001"]
    assert features(ask(wells_served, typeNames="wells", resourceId="fences.F1,nothing")) == []
    query = "http://www.opengis.net/def/query/OGC-WFS/0/GetFeatureById"
    assert root(ask(wells_served, storedquery_id=query, id="wells.W001")).get(ID) == "wells.W001"


def test_by_id_the_bare_feature_is_the_answer_whatever_its_key(
    wells_served: Services, feature_schema: etree.XMLSchema
) -> None:
    query = "urn:ogc:def:query:OGC-WFS::GetFeatureById"
    found = root(ask(wells_served, storedquery_id=query, id="wells.W_x20_7_x2F__x7532_"))
    assert found.tag == f"{{{NAMESPACE}}}wells"
    assert found.findtext(f"{{{NAMESPACE}}}code") == "W 7/甲"
    feature_schema.assertValid(found)


def test_geojson_is_longitude_first_and_property_names_choose(wells_served: Services) -> None:
    answer = ask(
        wells_served, typeNames="onemap:wells", outputFormat="application/json", count=1, propertyName="code,geometry"
    )
    found = json.loads(answer.content())
    assert found["numberMatched"] == SEEN
    assert found["features"][0]["properties"] == {"code": "W 7/甲"}
    assert found["features"][0]["geometry"]["coordinates"][0] > 120
    bare = json.loads(
        ask(wells_served, typeNames="wells", outputFormat="application/json", propertyName="code").content()
    )
    assert bare["features"][0]["geometry"] is None


@pytest.mark.parametrize(
    ("name", "said"),
    [("EPSG:4326", None), ("EPSG:4490", "urn:ogc:def:crs:EPSG::4490"), ("urn:ogc:def:crs:EPSG::4326", None),
     ("http://www.opengis.net/def/crs/EPSG/0/4490", "urn:ogc:def:crs:EPSG::4490"),
     ("urn:ogc:def:crs:EPSG::3857", "urn:ogc:def:crs:EPSG::3857")],
)  # fmt: skip
def test_geojson_is_longitude_first_whatever_the_system_is_called(
    wells_served: Services, name: str, said: str | None
) -> None:
    given = {"typeNames": "wells", "outputFormat": "geojson", "count": 1, "srsName": name}
    found = json.loads(ask(wells_served, **given).content())
    x, y = found["features"][0]["geometry"]["coordinates"]
    assert x > 2 * y
    assert found.get("crs", {}).get("properties", {}).get("name") == said


@pytest.mark.parametrize(
    ("name", "latitude_first"),
    [("EPSG:4326", False), ("EPSG:4490", False), ("urn:ogc:def:crs:EPSG::4326", True),
     ("http://www.opengis.net/def/crs/EPSG/0/4326", True)],
)  # fmt: skip
def test_gml_says_the_system_in_the_form_that_tells_its_order(
    wells_served: Services, name: str, latitude_first: bool
) -> None:
    point = root(ask(wells_served, typeNames="wells", count=1, srsName=name)).find(f".//{{{GML}}}Point")
    assert point is not None
    assert point.get("srsName") == name
    first, second = (float(number) for number in (point.findtext(f"{{{GML}}}pos") or "").split())
    assert (first < second) is latitude_first


def test_a_posted_query_is_answered_like_a_get(wells_served: Services, feature_schema: etree.XMLSchema) -> None:
    body = f"""<wfs:GetFeature service="WFS" version="2.0.0" count="3" xmlns:wfs="{WFS}"
      xmlns:fes="http://www.opengis.net/fes/2.0" xmlns:gml="{GML}" xmlns:onemap="{NAMESPACE}">
      <wfs:Query typeNames="onemap:wells" srsName="urn:ogc:def:crs:EPSG::3857">
        <fes:Filter><fes:And><fes:PropertyIsGreaterThan><fes:ValueReference>onemap:depth</fes:ValueReference>
          <fes:Literal>3</fes:Literal></fes:PropertyIsGreaterThan>
          <fes:BBOX><gml:Envelope srsName="urn:ogc:def:crs:EPSG::4326"><gml:lowerCorner>33 121</gml:lowerCorner>
          <gml:upperCorner>34 122</gml:upperCorner></gml:Envelope></fes:BBOX></fes:And></fes:Filter>
        <fes:SortBy><fes:SortProperty><fes:ValueReference>depth</fes:ValueReference><fes:SortOrder>ASC</fes:SortOrder>
        </fes:SortProperty></fes:SortBy></wfs:Query></wfs:GetFeature>"""
    answer = ask(wells_served, body=body.encode())
    assert [feature.get(ID) for feature in features(answer)] == ["wells.W003", "wells.W004", "wells.W005"]
    feature_schema.assertValid(root(answer))


def test_a_value_collection_holds_the_values(wells_served: Services) -> None:
    answer = root(
        ask(
            wells_served,
            request="GetPropertyValue",
            typeNames="wells",
            valueReference="onemap:depth",
            sortBy="depth",
            count=3,
        )
    )
    assert [member.text for member in answer] == ["0", "1.5", "3"]
    assert "startindex=3" in answer.get("next", "")
    names = root(ask(wells_served, request="GetPropertyValue", typeNames="wells", valueReference="name"))
    assert names.get("numberMatched") == names.get("numberReturned") == str(len(names)) == "19"


def test_the_page_before_ends_where_this_one_begins(wells_served: Services) -> None:
    before = root(ask(wells_served, typeNames="wells", count=10, startIndex=4)).get("previous", "")
    given = dict(parse_qsl(urlsplit(before).query))
    assert (given["startindex"], given["count"]) == ("0", "4")


def test_a_posted_query_has_a_next_page_that_keeps_its_filter_and_order(wells_served: Services) -> None:
    body = f"""<g:GetPropertyValue service="WFS" version="2.0.0" count="2" valueReference="x:depth" xmlns:g="{WFS}"
      xmlns:x="{NAMESPACE}" xmlns:f="http://www.opengis.net/fes/2.0"><g:Query typeNames="x:wells"><f:Filter>
      <f:PropertyIsGreaterThan><f:ValueReference>x:depth</f:ValueReference><f:Literal>3</f:Literal>
      </f:PropertyIsGreaterThan></f:Filter><f:SortBy><f:SortProperty><f:ValueReference>x:depth</f:ValueReference>
      <f:SortOrder>DESC</f:SortOrder></f:SortProperty></f:SortBy></g:Query></g:GetPropertyValue>"""
    first = root(ask(wells_served, body=body.encode()))
    assert [member.text for member in first] == ["33", "31.5"]
    second = root(ask(wells_served, **dict(parse_qsl(urlsplit(first.get("next", "")).query))))
    assert [member.text for member in second] == ["30", "28.5"]


@pytest.mark.parametrize(
    "request_", ["GetCapabilities", "DescribeFeatureType", "ListStoredQueries", "DescribeStoredQueries"]
)
def test_every_request_may_be_posted(wells_served: Services, request_: str) -> None:
    body = f'<w:{request_} service="WFS" version="2.0.0" xmlns:w="{WFS}"/>'
    assert ask(wells_served, body=body.encode()).content() == ask(wells_served, request=request_).content()
    by_id = f"""<w:GetFeature service="WFS" version="2.0.0" xmlns:w="{WFS}"><w:StoredQuery
      id="urn:ogc:def:query:OGC-WFS::GetFeatureById"><w:Parameter name="ID">wells.W001</w:Parameter></w:StoredQuery>
      </w:GetFeature>"""
    assert root(ask(wells_served, body=by_id.encode())).get(ID) == "wells.W001"


def test_a_prefix_means_the_namespace_it_was_given(wells_served: Services) -> None:
    declared = f"xmlns(om,{NAMESPACE}),xmlns(gml,{GML})"
    assert len(features(ask(wells_served, typeNames="om:wells", namespaces=declared, count=2))) == 2
    assert ask(wells_served, typeNames="om:wells", count=2).status == 400


def test_the_cql_filter_of_other_servers_narrows_and_hides_what_a_filter_would(wells_served: Services) -> None:
    found = features(ask(wells_served, typeNames="wells", cql_filter="code IN ('W000', 'W001')"))
    assert {feature.get(ID) for feature in found} == {"wells.W000", "wells.W001"}
    box = "S_INTERSECTS(geometry, BBOX(120.995,32.995,121.015,33.005))"
    place = features(ask(wells_served, typeNames="wells", cql_filter=box))
    assert {feature.get(ID) for feature in place} == {"wells.W000", "wells.W001"}
    assert ask(wells_served, PUBLIC, typeNames="wells", cql_filter="phone IS NULL").status == 400


@pytest.mark.parametrize(
    ("given", "code", "locator"),
    [
        ({"typeNames": "onemap:nowhere"}, "InvalidParameterValue", "typeNames"),
        ({}, "MissingParameterValue", "typeNames"),
        ({"request": ""}, "MissingParameterValue", "request"),
        ({"request": "Dance"}, "OperationNotSupported", "request"),
        ({"request": "GetCapabilities", "acceptversions": "9.9.9"}, "VersionNegotiationFailed", "AcceptVersions"),
        ({"typeNames": "wells", "version": "3.0.0"}, "InvalidParameterValue", "version"),
        ({"typeNames": "wells", "service": "WMS"}, "InvalidParameterValue", "service"),
        ({"typeNames": "wells", "outputFormat": "x/y"}, "InvalidParameterValue", "outputFormat"),
        ({"typeNames": "wells", "srsName": "EPSG:99999"}, "InvalidParameterValue", "srsName"),
        ({"typeNames": "wells", "count": "-1"}, "InvalidParameterValue", "count"),
        ({"typeNames": "wells", "count": "many"}, "InvalidParameterValue", "count"),
        ({"typeNames": "wells", "bbox": "1,2,3"}, "InvalidParameterValue", "bbox"),
        ({"typeNames": "wells", "bbox": "34,121,33,122"}, "InvalidParameterValue", "bbox"),
        ({"typeNames": "wells", "bbox": "nan,121,33,122"}, "InvalidParameterValue", "bbox"),
        ({"typeNames": "wells", "filter": "<bad"}, "InvalidParameterValue", "filter"),
        ({"typeNames": "wells", "viewparams": "depth:3"}, "InvalidParameterValue", "viewparams"),
        ({"typeNames": "wells", "cql_filter": "nothing = 1"}, "InvalidParameterValue", "cql_filter"),
        ({"typeNames": "wells", "cql_filter": "depth >"}, "InvalidParameterValue", "cql_filter"),
        ({"typeNames": "wells,fences"}, "OptionNotSupported", "typeNames"),
        ({"storedquery_id": "mine", "id": "1"}, "InvalidParameterValue", "storedquery_id"),
        ({"request": "DescribeStoredQueries", "storedquery_id": "mine"}, "InvalidParameterValue", "storedquery_id"),
        ({"storedquery_id": "urn:ogc:def:query:OGC-WFS::GetFeatureById"}, "MissingParameterValue", "id"),
        ({"storedquery_id": "urn:ogc:def:query:OGC-WFS::GetFeatureById", "id": "wells.0"}, "NotFound", "id"),
        ({"body": b"<GetFeature"}, "OperationParsingFailed", "request"),
        ({"request": "GetPropertyValue", "typeNames": "wells"}, "MissingParameterValue", "valueReference"),
    ],
)
def test_every_mistake_has_its_code_and_place(
    wells_served: Services, wfs_schema: etree.XMLSchema, given: dict[str, object], code: str, locator: str
) -> None:
    answer = ask(wells_served, **given)
    assert answer.status >= 400
    report = root(answer)
    wfs_schema.assertValid(report)
    (exception,) = report
    assert (exception.get("exceptionCode"), exception.get("locator")) == (code, locator)
