"""CSV and GeoPackage out of WFS: what spreadsheets and desktops open, whole, guarded, under the same rights."""

import csv
import io
import sqlite3
from pathlib import Path

import pytest

from core.actors import SYSTEM_ACTOR
from core.scope import SYSTEM_SCOPE
from ogc.kvp import KVP
from ogc.services import Response, Services
from ogc.wfs import wfs
from tests.ogc.wells import OFFICER, PUBLIC, WELLS, filled, wells

BASE = "http://127.0.0.1/ogc/wfs"


def ask(services: Services, caller=OFFICER, **given: object) -> Response:  # type: ignore[no-untyped-def]
    pairs = [("service", "WFS"), ("version", "2.0.0"), ("request", "GetFeature"), ("typeNames", "wells")]
    return wfs(KVP([*pairs, *((name, str(value)) for name, value in given.items())]), b"", caller, services, BASE)


def rows(answer: Response) -> list[dict[str, str]]:
    assert answer.status == 200, answer.content()
    text = answer.content()
    assert text.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"))))


def test_csv_holds_every_row_with_its_place_under_the_ids_of_fields(wells_served: Services) -> None:
    answer = ask(wells_served, outputFormat="csv")
    found = {row["code"]: row for row in rows(answer)}
    assert len(found) == 23
    assert (found["W001"]["lon"], found["W001"]["lat"]) == ("121.01", "33")
    assert (found["W001"]["name"], found["W001"]["tags"]) == ("O'Brien & <Sons>", "a、b&c")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="wells.csv"'


def test_csv_keeps_to_the_query_and_the_fields_asked_for(wells_served: Services) -> None:
    given = {
        "cql_filter": "depth < 6",
        "propertyName": "code,depth",
        "sortBy": "depth DESC",
        "count": 2,
        "startIndex": 1,
    }
    assert rows(ask(wells_served, outputFormat="text/csv", **given)) == [
        {"code": "W002", "depth": "3"}, {"code": "W001", "depth": "1.5"},
    ]  # fmt: skip
    assert "phone" not in rows(ask(wells_served, PUBLIC, outputFormat="csv"))[0]


def test_no_cell_of_csv_is_run_by_a_spreadsheet(tmp_path: Path) -> None:
    services = filled(tmp_path)
    table = wells(1).set_column(1, "name", [["=HYPERLINK(1)"]]).set_column(9, "area", [["990102"]])
    services.store.load(WELLS, table, actor=SYSTEM_ACTOR, reason="test", scope=SYSTEM_SCOPE)
    found = rows(ask(services, outputFormat="csv", resourceId="wells.W000"))
    assert found[0]["name"] == "'=HYPERLINK(1)"
    services.store.close()


def test_a_geopackage_is_whole_and_holds_what_was_asked_for(wells_served: Services, tmp_path: Path) -> None:
    answer = ask(wells_served, PUBLIC, outputFormat="application/geopackage+sqlite3", cql_filter="depth < 6")
    assert answer.media_type == "application/geopackage+sqlite3"
    place = tmp_path / "wells.gpkg"
    place.write_bytes(answer.content())
    with sqlite3.connect(place) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert db.execute("SELECT code FROM wells").fetchall() == [("W000",), ("W001",), ("W002",), ("W003",)]
        assert db.execute("SELECT count(*) FROM rtree_wells_geom").fetchone() == (4,)
        assert "phone" not in {row[1] for row in db.execute("PRAGMA table_info(wells)")}


@pytest.mark.parametrize("name", ["csv", "gpkg"])
def test_what_is_wrong_is_said_before_a_byte_is_sent(wells_served: Services, name: str) -> None:
    test = "<ValueReference>depth</ValueReference><Literal>deep</Literal>"
    words = f"<Filter><PropertyIsEqualTo>{test}</PropertyIsEqualTo></Filter>"
    assert ask(wells_served, outputFormat=name, filter=words).status == 400
    assert ask(wells_served, outputFormat=name, srsName="EPSG:3857").status == 400
    by_id = {"storedquery_id": "urn:ogc:def:query:OGC-WFS::GetFeatureById", "id": "wells.W024"}
    assert ask(wells_served, outputFormat=name, **by_id).status == 404
