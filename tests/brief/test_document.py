"""The brief as a document: complete, in order, within the rights of its maker; what it leaves out it says."""

import hashlib
import re
from dataclasses import replace

import pytest
from lxml import html

from core.actors import Actor
from core.caller import Caller
from core.errors import BadInputError, NotFoundError
from core.scope import SYSTEM_SCOPE, Scope, Sensitivity
from core.texts import Lang, Text
from dashboards.brief.carried import LEAFLET, LEAFLET_STYLE
from dashboards.brief.contents import MOST_ROWS, place_of
from dashboards.brief.document import about
from dashboards.brief.door import disposition
from dashboards.brief.record import record
from dashboards.queries.within import inside, polygon
from gis.shapes import LonLat
from layers.layer import Publish
from store.audit import AuditEntry
from tests.brief.conftest import NASTY, STAFF, Desk, away, firm, hospital, rows

PUBLIC = Scope(areas=("9901",), clearance=Sensitivity.PUBLIC)
DISTRICT = Scope(areas=("990102",), clearance=Sensitivity.SENSITIVE)


def test_objects_are_listed_by_distance_with_bearing_grade_and_phone(desk: Desk) -> None:
    desk.put("enterprises", firm(1, "远厂", away(2500, 90), risk=1), firm(2, "近厂", away(417, 181), risk=3))
    assert rows(desk.written(desk.brief()), "enterprises") == [
        ["1", "近厂", "◆ 黄", "417 m", "南 181°", "0999-5550-1001"],
        ["2", "远厂", "■ 红", "2.50 km", "东 90°", "0999-5550-1001"],
    ]


def test_the_counts_are_those_of_the_list_on_the_screen(desk: Desk) -> None:
    desk.put("enterprises", *(firm(n, f"厂{n}", away(101 * n, 37 * n)) for n in range(1, 40)))
    desk.put("hospitals", hospital("H1", away(900, 10)), hospital("H2", away(5000, 10)))
    brief, store = desk.brief(), desk.screens.store
    layers = [desk.screens.catalogue[name] for name in ("hospitals", "enterprises")]
    screen = {b["layer"]: b for b in inside(store, layers, brief.reach, scope=STAFF, lang=Lang.ZH)}
    assert {block.layer: block.count for block in brief.blocks} == {n: b["count"] for n, b in screen.items()}
    assert [block.names for block in brief.blocks] == [screen[block.layer]["label"] for block in brief.blocks]
    assert "范围内共 30 处。" in html.fromstring(desk.written(brief)).text_content()


def test_what_is_left_out_is_said(desk: Desk) -> None:
    desk.put("enterprises", *(firm(n, f"厂{n}", away(5 * n, n)) for n in range(1, MOST_ROWS + 6)))
    text = desk.written(desk.brief())
    assert len(rows(text, "enterprises")) == MOST_ROWS
    said = html.fromstring(text).text_content()
    assert f"范围内共 {MOST_ROWS + 5} 处，本文件列出 {MOST_ROWS} 处，其余 5 处较远，未列出" in said
    assert "另有 5 处更远的企业未列出、未上图" in said


def test_layers_with_nothing_inside_are_named(desk: Desk) -> None:
    assert "范围内没有：医院、企业" in html.fromstring(desk.written(desk.brief())).text_content()


def test_a_name_is_never_read_as_html_or_script(desk: Desk) -> None:
    desk.put("enterprises", firm(1, NASTY, away(100, 0), address='"><img src=x onerror=alert(2)>'))
    text = desk.written(desk.brief())
    assert NASTY not in text
    assert "<img src=x" not in text
    assert text.count("<script") == 3
    assert rows(text, "enterprises")[0][1] == f'{NASTY}"><img src=x onerror=alert(2)>'


def test_the_public_is_told_no_phone_and_no_grade(desk: Desk) -> None:
    desk.put("enterprises", firm(1, "厂", away(100, 0), risk=1))
    desk.put("hospitals", hospital("H1", away(900, 10)))
    text = desk.written(desk.brief(PUBLIC))
    assert "0999-" not in text
    assert rows(text, "hospitals") == [["1", "澜滨医院", "900 m", "北 10°", "无权查看"]]
    ((_, name, distance, _, phone),) = rows(text, "enterprises")
    assert (name, phone) == ("厂", "无权查看")
    assert distance != "100 m"  # measured to the middle of a cell
    assert "企业(位置已按 500 米概略化)" in text
    assert "敏感级别：公开" in text


def test_a_district_is_told_of_its_own_firms_and_of_what_all_share(desk: Desk) -> None:
    desk.put("enterprises", firm(1, "别区厂", away(100, 0)), firm(2, "本区厂", away(200, 0), area="990102"))
    desk.put("hospitals", hospital("H1", away(900, 10)))
    text = desk.written(desk.brief(DISTRICT))
    assert [row[1] for row in rows(text, "enterprises")] == ["本区厂"]
    assert "别区厂" not in text


def test_a_layer_or_subject_beyond_the_rights_does_not_exist(desk: Desk) -> None:
    desk.put("enterprises", firm(1, "别区厂", away(100, 0)))
    with pytest.raises(NotFoundError, match="teams"):
        desk.brief(PUBLIC, layers=["teams"])
    with pytest.raises(NotFoundError):
        desk.brief(DISTRICT, subject={"layer": "enterprises", "key": "91990106MA00000001"})


def test_the_object_at_the_centre_is_described_within_the_rights(desk: Desk) -> None:
    desk.put("enterprises", firm(1, "海星化工", away(0, 0), legal_person="秘密的人"))
    asked = {"layer": "enterprises", "key": "91990106MA00000001"}
    full, little = (desk.written(desk.brief(scope, subject=asked)) for scope in (STAFF, PUBLIC))
    assert "海星化工周边 3.00\u2009km" in full
    assert rows(full, "enterprises")[0][3:5] == ["0 m", "中心"]
    assert "秘密的人" in full
    assert "秘密的人" not in little
    assert "无权查看" in html.fromstring(little).xpath("string(//section[@id='subject'])")


def test_what_is_taken_out_is_told_to_the_record_of_reads(desk: Desk) -> None:
    desk.put("enterprises", firm(1, "甲厂", away(100, 0)), firm(2, "乙厂", away(200, 0)))
    lines: list[AuditEntry] = []
    caller = Caller(actor=Actor(id="city", name="王立", door="page"), scope=SYSTEM_SCOPE)
    brief = desk.brief(subject={"layer": "enterprises", "key": "91990106MA00000001"})
    drawn = polygon([LonLat(121.8, 33.1), LonLat(121.9, 33.1), LonLat(121.9, 33.2)])
    for one in (brief, replace(brief, reach=drawn, subject=None)):
        record(one, caller, lines.append)
    assert [(line.what, line.where, line.rows) for line in lines[:2]] == [
        ("enterprises", "brief; circle=121.840000,33.140000,3000", 2),
        ("enterprises", "brief; subject", 1),
    ]
    assert lines[2].where.startswith("brief; polygon=POLYGON ((121.")


def test_the_document_says_who_when_as_of_which_change_and_how_far_it_may_be_trusted(desk: Desk) -> None:
    desk.put("enterprises", firm(1, "厂", away(100, 0)), firm(2, "厂", away(200, 0)))
    brief = desk.brief()
    said = html.fromstring(desk.written(brief)).text_content()
    assert "王立" in said
    assert "变更记录第 2 条" in said
    assert "本系统未经任何主管部门验证用于疏散决策" in said
    assert "演示数据" not in said
    assert "演示数据" in html.fromstring(desk.demo().written(desk.demo().brief())).text_content()


def test_the_english_reader_gets_english(desk: Desk) -> None:
    desk.put("enterprises", firm(1, "Works", away(100, 0), risk=2))
    text = desk.written(desk.brief(lang=Lang.EN))
    assert '<html lang="en"' in text
    words = html.fromstring(text).xpath("string(//main)").replace("王立", "").replace("云澜市安全生产一张图", "")
    assert not re.search(r"[\u4e00-\u9fff]", words)


def test_a_brief_of_too_many_layers_is_refused_by_name(desk: Desk) -> None:
    names = [layer.id for layer in desk.screens.catalogue if layer.publish is not Publish.NONE][:13]
    with pytest.raises(BadInputError, match="layers=13"):
        desk.brief(layers=names)


def test_the_document_names_nothing_to_fetch(desk: Desk) -> None:
    desk.put("enterprises", firm(1, "厂", away(100, 0)))
    tree = html.fromstring(desk.written(desk.brief(), picture=b"\x89PNG"))
    assert not tree.xpath("//link | //script[@src] | //iframe | //object")
    assert all(place.startswith(("data:", "#")) for place in tree.xpath("//@src | //a/@href"))
    for style in tree.xpath("//style/text()"):
        assert all(place.startswith('"data:') for place in re.findall(r"url\((.{8})", style))
        assert "@import" not in style


def test_leaflet_travels_with_its_licence(desk: Desk) -> None:
    text = desk.written(desk.brief())
    assert "BSD 2-Clause License" in text
    assert "THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS" in text


def test_leaflet_is_the_one_that_was_vendored() -> None:
    """Version 1.9.4 as published."""
    sums = [hashlib.sha256(path.read_bytes()).hexdigest() for path in (LEAFLET, LEAFLET_STYLE)]
    assert sums == [
        "db49d009c841f5ca34a888c96511ae936fd9f5533e90d8b2c4d57596f4e5641a",
        "a7837102824184820dfa198d1ebcd109ff6d0ff9a2672a074b9a1b4d147d04c6",
    ]


@pytest.mark.parametrize(("people", "said"), [(0.4, 0), (999.6, 1000), (12_345, 12_300), (1_286_000, 1_290_000)])
def test_an_estimate_is_said_in_three_digits(people: float, said: int) -> None:
    assert about(people) == said


def test_a_file_is_named_after_the_city_and_the_local_minute(desk: Desk) -> None:
    assert re.fullmatch(r"简报_云澜市_\d{8}-\d{4}\.html", desk.brief().filename)
    assert place_of(Text("甲/乙市", "A B"), Lang.ZH) == "甲-乙市"
    assert place_of(Text("云澜市安全生产一张图", "Yunlan work-safety map"), Lang.EN) == "Yunlan"
    named = disposition("简报_云澜市_20261127-2350.html")
    assert named.startswith("attachment; filename=\"brief_20261127-2350.html\"; filename*=UTF-8''%E7%AE%80")
