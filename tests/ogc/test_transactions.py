"""WFS transactions of every version: answers valid by the schemas, whole or not at all, nothing hostile read."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from core.caller import Caller
from core.clock import utc_now
from core.scope import SYSTEM_SCOPE
from ogc.encode.gml import NAMESPACE
from ogc.kvp import KVP
from ogc.services import Response, Services
from ogc.wfs import wfs
from store.embedded import open_embedded
from store.postgis import open_postgis
from store.protocol import Store
from store.query import Query
from tests.ogc.editors import BROWSER, CLERK, EDITOR, LAYERS, READER
from tests.ogc.schemas import compiled, schema_folder
from tests.ogc.wells import FENCES, WELLS, served

SPACES = {
    "2.0.0": ("http://www.opengis.net/wfs/2.0", "http://www.opengis.net/fes/2.0", "http://www.opengis.net/gml/3.2"),
    "1.1.0": ("http://www.opengis.net/wfs", "http://www.opengis.net/ogc", "http://www.opengis.net/gml"),
    "1.0.0": ("http://www.opengis.net/wfs", "http://www.opengis.net/ogc", "http://www.opengis.net/gml"),
}
POINTS = {
    "2.0.0": '<gml:Point gml:id="g" srsName="urn:ogc:def:crs:EPSG::4326"><gml:pos>33.5 121.5</gml:pos></gml:Point>',
    "1.1.0": '<gml:Point srsName="urn:ogc:def:crs:EPSG::4326"><gml:pos>33.5 121.5</gml:pos></gml:Point>',
    "1.0.0": '<gml:Point srsName="EPSG:4326"><gml:coordinates cs="," ts=" ">121.5,33.5</gml:coordinates></gml:Point>',
}


@pytest.fixture(scope="module", params=["embedded", pytest.param("postgis", marks=pytest.mark.postgis)])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Services over wells kept by each engine."""
    if request.param == "embedded":
        store: Store = open_embedded(Path(tmp_path_factory.mktemp("transacted")) / "wells.gpkg", LAYERS, utc_now)
    else:
        store = open_postgis(request.getfixturevalue("postgres_url"), LAYERS, utc_now, "transacted_wells")
    yield served(store)
    store.close()


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    found = served(open_embedded(Path(tmp_path_factory.mktemp("transacted")) / "wells.gpkg", LAYERS, utc_now))
    yield found
    found.store.close()


def transaction(kept: Services, version: str, actions: str, caller: Caller = EDITOR, more: str = "") -> Response:
    space, filters, gml = SPACES[version]
    body = (
        f'<wfs:Transaction xmlns:wfs="{space}" xmlns:ogc="{filters}" xmlns:fes="{filters}" xmlns:gml="{gml}"'
        f' xmlns:onemap="{NAMESPACE}" version="{version}" service="WFS" {more}>{actions}</wfs:Transaction>'
    )
    return wfs(KVP([]), body.encode(), caller, kept, "http://127.0.0.1/ogc/wfs")


def well(code: str, version: str, **texts: str) -> str:
    fields = "".join(f"<onemap:{name}>{text}</onemap:{name}>" for name, text in texts.items())
    return (
        f"<onemap:wells><onemap:geometry>{POINTS[version]}</onemap:geometry><onemap:code>{code}</onemap:code>"
        f"<onemap:area>990102</onemap:area>{fields}</onemap:wells>"
    )


def by_id(version: str, *fids: str) -> str:
    one = '<fes:ResourceId rid="{}"/>' if version == "2.0.0" else '<ogc:FeatureId fid="{}"/>'
    return f"<fes:Filter>{''.join(map(one.format, fids))}</fes:Filter>"


def changed(version: str, fid: str, **values: str | None) -> str:
    name = "ValueReference" if version == "2.0.0" else "Name"
    parts = "".join(
        f"<wfs:Property><wfs:{name}>{key}</wfs:{name}>"
        + ("" if value is None else f"<wfs:Value>{value}</wfs:Value>")
        + "</wfs:Property>"
        for key, value in values.items()
    )
    return f'<wfs:Update typeName="onemap:wells">{parts}{by_id(version, fid)}</wfs:Update>'


def words(answer: Response) -> str:
    return answer.content().decode()


@pytest.mark.parametrize("version", list(SPACES))
def test_a_feature_goes_in_changes_and_goes(engine: Services, version: str) -> None:
    code = f"T{version[0]}{version[2]}"
    answer = transaction(
        engine, version, f'<wfs:Insert handle="first">{well(code, version, grade="2", tags="a;b")}</wfs:Insert>'
    )
    assert answer.status == 200, words(answer)
    assert f'="wells.{code}"' in words(answer)
    assert 'handle="first"' in words(answer)
    made = engine.store.get(WELLS, code, scope=SYSTEM_SCOPE).record
    assert (made.geometry.x, made.geometry.y, made.grade, made.tags) == (121.5, 33.5, 2, ("a", "b"))
    moved = re.sub("33.5", "33.6", POINTS[version])
    answer = transaction(engine, version, changed(version, f"wells.{code}", name="新名", grade=None, geometry=moved))
    assert answer.status == 200, words(answer)
    now = engine.store.get(WELLS, code, scope=SYSTEM_SCOPE).record
    assert (now.name, now.grade, now.geometry.y, now.tags) == ("新名", None, 33.6, ("a", "b"))
    fid = f"wells.{code}"
    answer = transaction(engine, version, f'<wfs:Delete typeName="onemap:wells">{by_id(version, fid)}</wfs:Delete>')
    assert answer.status == 200
    versions = engine.store.versions(WELLS, code, scope=SYSTEM_SCOPE)
    assert [one.to_seq is None for one in versions] == [False, False]
    entry = engine.store.feed(after=engine.store.head() - 1, scope=SYSTEM_SCOPE)[0]
    assert (entry.change, entry.actor, entry.door, version in entry.reason) == ("delete", "officer", "ogc", True)


@pytest.mark.parametrize("version", list(SPACES))
def test_a_half_bad_transaction_leaves_nothing_behind_and_names_every_fault(engine: Services, version: str) -> None:
    head = engine.store.head()
    actions = (
        f"<wfs:Insert>{well('G1', version)}{well('G2', version, grade='9', drilled='soon', colour='red')}</wfs:Insert>"
        + changed(version, "wells.W001", name="x")
        + changed(version, "wells.none", name="x")
    )
    answer = transaction(engine, version, actions)
    assert answer.status == {"1.0.0": 200, "1.1.0": 422, "2.0.0": 400}[version]
    told = words(answer)
    for part in ("colour", "grade=", "&#39;9&#39;|'9'", "drilled", "feature 2", "feature 4", "none", "nothing changed"):
        assert re.search(part, told), part
    assert ("ServiceException" in told) == (version == "1.0.0")
    assert engine.store.head() == head


def test_rows_are_replaced_updated_and_deleted_by_any_filter(engine: Services) -> None:
    where = (
        "<fes:Filter><fes:PropertyIsEqualTo><fes:ValueReference>grade</fes:ValueReference><fes:Literal>3</fes:Literal>"
    )
    where += "</fes:PropertyIsEqualTo></fes:Filter>"
    update = (
        "<wfs:Property><wfs:ValueReference>onemap:depth</wfs:ValueReference><wfs:Value>77.5</wfs:Value></wfs:Property>"
    )
    answer = transaction(engine, "2.0.0", f'<wfs:Update typeName="onemap:wells">{update}{where}</wfs:Update>')
    count = int(re.search(r"totalUpdated>(\d+)<", words(answer))[1])  # type: ignore[index]
    rows = engine.store.read(WELLS, Query(fields=("grade", "depth"), geometry=False), scope=EDITOR.scope).to_pylist()
    assert count == sum(row["grade"] == 3 for row in rows) == sum(row["depth"] == 77.5 for row in rows) > 1
    replaced = f"<wfs:Replace>{well('W003', '2.0.0', name='whole')}{by_id('2.0.0', 'wells.W003')}</wfs:Replace>"
    assert "<wfs:totalReplaced>1<" in words(transaction(engine, "2.0.0", replaced))
    now = engine.store.get(WELLS, "W003", scope=SYSTEM_SCOPE).record
    assert (now.name, now.depth) == ("whole", None)


def test_a_place_in_web_mercator_and_a_surface_are_kept_and_a_bow_tie_is_not(engine: Services) -> None:
    fence = (
        "<wfs:Insert><onemap:fences><onemap:code>S{n}</onemap:code><onemap:area>990102</onemap:area><onemap:geometry>"
        '<gml:Polygon srsName="EPSG:4326"><gml:exterior><gml:LinearRing><gml:posList>{ring}</gml:posList>'
        "</gml:LinearRing></gml:exterior></gml:Polygon></onemap:geometry></onemap:fences></wfs:Insert>"
    )
    good = fence.format(n=1, ring="121 33 121.1 33 121.1 33.1 121 33")
    assert transaction(engine, "1.1.0", good).status == 200
    assert engine.store.get(FENCES, "S1", scope=SYSTEM_SCOPE).record.geometry.geom_type == "MultiPolygon"
    answer = transaction(engine, "1.1.0", fence.format(n=2, ring="121 33 121.1 33.1 121.1 33 121 33.1 121 33"))
    assert (answer.status, "Self-intersection" in words(answer)) == (422, True)
    mercator = '<gml:Point srsName="EPSG:3857"><gml:coordinates>13525318,3950000</gml:coordinates></gml:Point>'
    action = f"<wfs:Insert>{well('M1', '1.0.0').replace(POINTS['1.0.0'], mercator)}</wfs:Insert>"
    assert "SUCCESS" in words(transaction(engine, "1.0.0", action))
    assert engine.store.get(WELLS, "M1", scope=SYSTEM_SCOPE).record.geometry.x == pytest.approx(121.5, abs=1e-4)


@pytest.mark.parametrize(
    ("actions", "more", "said"),
    [
        ('<wfs:Delete typeName="onemap:wells"/>', "", "needs a Filter"),
        ('<wfs:Delete typeName="onemap:vaults"/>', "", "no such feature type"),
        ("<wfs:Native vendorId='x' safeToIgnore='false'/>", "", "no Native"),
        ("", 'lockId="7"', "not locked"),
        ("", 'releaseAction="SOME"', "not locked"),
        ("<wfs:Insert><onemap:zones/></wfs:Insert>", "", "made by a model"),
    ],
)
def test_what_is_not_offered_is_refused_by_name(kept: Services, actions: str, more: str, said: str) -> None:
    answer = transaction(kept, "2.0.0", actions, more=more)
    assert answer.status in (400, 403)
    assert said in words(answer)


def test_locks_entities_and_bombs_are_refused(kept: Services) -> None:
    lock = b'<LockFeature xmlns="http://www.opengis.net/wfs/2.0" version="2.0.0" service="WFS"/>'
    bomb = b'<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><Transaction version="1.0.0">&c;</Transaction>'
    file = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><Transaction>&b;</Transaction>'
    for body, said in ((lock, "not locked"), (bomb, "document types"), (file, "document types")):
        answer = wfs(KVP([]), body, EDITOR, kept, "http://127.0.0.1/ogc/wfs")
        assert said in words(answer)
        assert "root:" not in words(answer)


@pytest.mark.parametrize("caller", [READER, BROWSER, CLERK])
def test_who_may_not_write_a_layer_is_refused_and_is_offered_nothing(engine: Services, caller: Caller) -> None:
    head = engine.store.head()
    answer = transaction(
        engine, "1.1.0", f'<wfs:Delete typeName="fences">{by_id("1.1.0", "fences.F1")}</wfs:Delete>', caller
    )
    assert answer.status == 403
    assert engine.store.head() == head
    for version in SPACES:
        asked = KVP([("service", "WFS"), ("request", "GetCapabilities"), ("version", version)])
        told = words(wfs(asked, b"", caller, engine, "http://127.0.0.1/ogc/wfs"))
        assert ("Transaction>" in told or '"Transaction"' in told) == (caller is CLERK), version


SCHEMAS = {
    "2.0.0": (("http://www.opengis.net/wfs/2.0", "wfs/2.0/wfs.xsd"),),
    "1.1.0": (("http://www.opengis.net/wfs", "wfs/1.1.0/wfs.xsd"),),
    "1.0.0": (("http://www.opengis.net/wfs", "wfs/1.0.0/WFS-transaction.xsd"),),
}


@pytest.mark.parametrize("version", list(SPACES))
def test_answers_and_what_is_offered_are_valid_by_the_schemas(kept: Services, version: str, test_data: Path) -> None:
    folder = schema_folder(test_data)
    schema = compiled(folder, *((space, str(folder / place)) for space, place in SCHEMAS[version]))
    insert = transaction(kept, version, f"<wfs:Insert>{well('V' + version, version)}</wfs:Insert>")
    update = transaction(kept, version, changed(version, "wells.W002", name="v"))
    for answer in (insert, update):
        schema.assertValid(etree.fromstring(answer.content()))
    if version != "1.0.0":
        asked = KVP([("service", "WFS"), ("request", "GetCapabilities"), ("version", version)])
        schema.assertValid(etree.fromstring(wfs(asked, b"", EDITOR, kept, "http://127.0.0.1/ogc/wfs").content()))


@pytest.mark.parametrize(
    "name", ["EPSG:4490", "urn:ogc:def:crs:EPSG::4490", "http://www.opengis.net/gml/srs/epsg.xml#4490"]
)
def test_gml_2_is_longitude_first_whatever_its_system_is_called(kept: Services, name: str) -> None:
    code = "X" + str(len(name))
    action = f"<wfs:Insert>{well(code, '1.0.0').replace('EPSG:4326', name)}</wfs:Insert>"
    assert "SUCCESS" in words(transaction(kept, "1.0.0", action))
    place = kept.store.get(WELLS, code, scope=SYSTEM_SCOPE).record.geometry
    assert (place.x, place.y) == (121.5, 33.5)
