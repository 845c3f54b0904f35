"""Situation reports: what stands in two languages with maps, kept and logged at once; exercises say so on each page."""

import io
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import shapely
from docx import Document
from PIL import Image
from pypdf import PdfReader

from app.incidents.desk import IncidentDesk, Opening
from app.incidents.reports import Reporting
from app.incidents.situations import Situations, seen_last
from app.incidents.warnings import WarningLog
from casework.press import Press, Signing
from core.errors import ConflictError
from core.scope import SYSTEM_SCOPE
from core.texts import Lang
from dashboards.brief.window import Window
from dashboards.handout.typeset import setter
from dashboards.queries.phone import zones_told
from emergency.incidents.life import Step
from emergency.incidents.log import entry
from emergency.incidents.situation import words
from layers.catalogue import (
    EXERCISE_PAPERS,
    EXERCISE_WARNINGS,
    INCIDENT_ORDERS,
    INCIDENTS,
    SCENARIO_BANDS,
    SCENARIO_ZONES,
    SCENARIOS,
    WARNING_PAPERS,
)  # fmt: skip
from layers.catalogue.incidents import Incident
from layers.catalogue.scenarios import KeptScenario, ScenarioBand, ScenarioZone
from layers.layer import Catalogue
from store.attachments import Cabinet
from store.embedded import open_embedded
from store.feed import Put
from store.protocol import Store
from tests.app.test_incidents import AT, HERE, POINT, SMALL, ZHOU, Watch, filled

LAYERS = Catalogue(
    *SMALL, SCENARIO_ZONES, SCENARIO_BANDS, WARNING_PAPERS, EXERCISE_PAPERS, EXERCISE_WARNINGS, INCIDENT_ORDERS
)
KEY = "QJ20261123-0123456789ab"


def drawn(window: Window, lang: Lang) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", window.size, "#E8EEF2" if lang is Lang.ZH else "#EEE8F2").save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(filled(open_embedded(tmp_path / "city.gpkg", LAYERS, Watch()))) as kept:
        yield kept


@pytest.fixture
def made(store: Store, tmp_path: Path) -> Situations:
    desk = IncidentDesk(store=store, clock=Watch())

    def nothing() -> Signing:
        raise AssertionError("a situation report is not signed")

    press = Press(set_type=setter, organs=list, signing=nothing, site="")
    cabinet = Cabinet(store, tmp_path / "files", desk.clock, largest=10_000_000)
    return Situations(desk=desk, cabinet=cabinet, press=press, warnings=WarningLog(desk=desk), base=drawn)


def scenario(store: Store) -> None:
    zone = shapely.MultiPolygon([shapely.buffer(POINT, 0.01)])
    kept = KeptScenario(
        code=KEY, title="氯", release="direct", chemical="7782-50-5", made_by="周", made_at=AT, computed_at=AT,
        code_version="t", fingerprint="0" * 64, verified=True, valid=True, evidence=3, geometry=POINT, area="990102",
        weather="2 m/s, 90°, D",
    )  # fmt: skip
    levels = [
        ScenarioZone(
            code=f"{KEY}-{n}", scenario=KEY, title=f"AEGL-{3 - n} 级", title_en=f"AEGL-{3 - n}", severity=n, level="x",
            value=1.0, unit="ppm", reached=True, distance=900.0 * n, extent=1.0, residents=1234.0, model="m",
            verified=n == 1, valid=True, made_at=AT, area="990102", geometry=zone,
        )
        for n in (1, 2)
    ]  # fmt: skip
    band = ScenarioBand(code=f"{KEY}-2", scenario=KEY, title="带", severity=2, verified=True, made_at=AT, area="990102",
                        geometry=shapely.MultiPolygon([shapely.buffer(POINT, 0.02)]))  # fmt: skip
    edits = [Put(layer=SCENARIOS.id, record=kept), *(Put(layer=SCENARIO_ZONES.id, record=one) for one in levels),
             Put(layer=SCENARIO_BANDS.id, record=band)]  # fmt: skip
    store.commit(edits, actor=ZHOU.actor, reason="t", scope=SYSTEM_SCOPE)


def text_of(docx: bytes) -> str:
    document = Document(io.BytesIO(docx))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def test_a_situation_report_says_what_stands_in_both_languages_and_is_kept_with_its_line(
    store: Store, made: Situations
) -> None:
    scenario(store)
    opening = Opening(origin="call", title="液氯泄漏", kind="leak", place=HERE, text="电话报告", facts={
        "deaths": 0, "reporter": "赵六", "reporter_phone": "13900000000"})  # fmt: skip
    code = made.desk.open(opening, by=ZHOU, command="open-0001").code
    row = made.desk.find(code, scope=SYSTEM_SCOPE).row.model_copy(update={"scenario": KEY})
    store.commit([Put(layer=INCIDENTS.id, record=row)], actor=ZHOU.actor, reason="t", scope=SYSTEM_SCOPE)
    told = made.make(code, more="", by=ZHOU, command="situ-0001")
    assert made.make(code, more="", by=ZHOU, command="situ-0001").again, "sent again it is made once"
    log = made.desk.log(code, scope=SYSTEM_SCOPE)
    (one,) = made.listed(row, log, scope=SYSTEM_SCOPE)
    assert (one.line.code, one.serial, len(one.files)) == (told.entry, 1, 4)
    files = {file.record.name.partition(".")[2]: file.path for file in one.files}
    zh, en = text_of(files["zh.docx"].read_bytes()), text_of(files["en.docx"].read_bytes())
    for said in ("AEGL-1 级", "1,800 m", "约1,234", "限值未核实", "重伤", "未报", "未经主管部门验证", "没有下达指令"):
        assert said in zh, said
    assert "约1,234，未含风向带" in zh, "the zone alone: the band holds more people"
    situation = made.told(made.desk.find(code, scope=SYSTEM_SCOPE), log, 1, AT, "", "周敏", SYSTEM_SCOPE)
    counted = replace(situation, zones=[replace(one, most=5000.4, cut=True) for one in situation.zones])
    least = {Lang.ZH: ("约1,234；含风向带最多约5,000", "至少 1,800 m"),
             Lang.EN: ("about 1,234; with the band at most about 5,000", "at least 1,800 m")}  # fmt: skip
    for lang, (people, reach) in least.items():
        last: Any = words(counted, lang)["zones"][-1]
        assert (last["people"], last["reach"]) == (people, reach)
    assert "其后风和泄漏的变化未计入" in zh
    for said in ("AEGL-1", "not told", "about 1,234", "no authority has validated", "No order was given"):
        assert said in en, said
    assert "13900000000" not in zh + en
    assert "赵六" not in zh + en, "who reported stays off the paper"
    pdf = PdfReader(files["zh.pdf"])
    assert any(page.images for page in pdf.pages), "a picture of the zones"
    reporting = Reporting(desk=made.desk, cabinet=made.cabinet, press=made.press)
    assert reporting.reports(row, log, scope=SYSTEM_SCOPE) == (), "it is no report the clocks know"
    assert made.desk.due(row, log)[0].done_at is None


def test_a_phone_is_told_how_far_a_zone_goes_and_what_is_in_doubt(store: Store) -> None:
    scenario(store)
    told = zones_told(store, {"scenario": KEY, "exercise": False}, Lang.ZH)
    assert told is not None
    assert [(one["distance"], one["cut"], one["verified"]) for one in told["zones"]] == [
        (900.0, False, True), (1800.0, False, False),
    ]  # fmt: skip


def test_a_picture_shows_where_each_was_told_last_and_no_mark_of_the_map_as_a_position(made: Situations) -> None:
    row = Incident(code="SJ20261129-0001", title="泄漏", kind="leak", origin="call", reported_at=AT)

    def line(n: int, by: str, *refs: str, place: Any = POINT, kind: str = "position") -> Any:
        return entry(row, n, kind, "到位", by=by, account=by, at=AT + timedelta(minutes=n), refs=refs, place=place)

    lines = [line(1, "一队"), line(2, "二队"), line(3, "一队"), line(4, "吴", "incident_marks/x", "step/mark"),
             line(5, "三队", place=None), line(6, "四队", kind="note")]  # fmt: skip
    assert sorted((one.by, one.number) for one in seen_last(lines)) == [("一队", 3), ("二队", 2)]


def test_an_exercise_is_marked_on_every_page_and_what_was_none_is_not_told(made: Situations) -> None:
    opening = Opening(origin="call", title="泄漏", kind="leak", place=HERE, text="报告", exercise=True)
    code = made.desk.open(opening, by=ZHOU, command="open-0002").code
    for n in range(40):
        made.desk.note(code, "note", f"第 {n} 句", by=ZHOU, command=f"note-{n:04d}")
    made.make(code, more="下一步继续", by=ZHOU, command="situ-0002")
    row = made.desk.find(code, scope=SYSTEM_SCOPE).row
    (one,) = made.listed(row, made.desk.log(code, scope=SYSTEM_SCOPE), scope=SYSTEM_SCOPE)
    paths = {file.record.name: file.path for file in one.files}
    pdf = PdfReader(next(path for name, path in paths.items() if name.endswith("zh.pdf")))
    assert len(pdf.pages) > 1
    assert all("演练" in page.extract_text().replace("　", "").replace(" ", "") for page in pdf.pages)
    assert all(name.startswith("演练") for name in paths)
    english = text_of(next(path for name, path in paths.items() if name.endswith("en.docx")).read_bytes())
    assert "There is no scenario" in english
    found = made.desk.find(code, scope=SYSTEM_SCOPE)
    made.desk.step(code, found.version, Step.FALSE, by=ZHOU, command="false-001", why="结束")
    with pytest.raises(ConflictError):
        made.make(code, more="", by=ZHOU, command="situ-0003")
