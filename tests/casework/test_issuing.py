"""Documents of steps: numbered without a gap, signed, kept with the step or not at all, withdrawn and made again."""

import io
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pypdf
import pytest

from casework.calendar import china
from casework.casetype import Role
from casework.desk import Desk
from casework.documents.organs import Organ, demo_seal
from casework.documents.printing import SetType
from casework.documents.signing import Certificate, Signed, certificate, public_part, verified
from casework.engine import StepRefusedError
from casework.issuing import DOCX, PDF
from casework.press import Press, Signing
from casework.systems.hidden_danger import HIDDEN_DANGER
from casework.versions import functions_of
from core.canonical import sha256
from core.errors import ConflictError, FaultsError, ForbiddenError, NotFoundError
from core.scope import SYSTEM_SCOPE, Scope, Sensitivity
from dashboards.handout.typeset import setter
from layers.catalogue import ISSUED_DOCUMENTS
from layers.catalogue.documents import IssuedDocument
from store.attachments import Cabinet
from store.protocol import Store
from store.query import EVERYTHING
from tests.casework.test_desk import (
    COLLEAGUE,
    EITHER,
    FIRM,
    GRAVE,
    NOW,
    OFFICER,
    RIVAL,
    STRANGER,
    WORKER,
    Day,
    day,
    report,
    signed,
    step,
    store,
)
from tests.conftest import ROOT

__all__ = ["day", "store"]

BUREAU = "盐港新区应急管理局"
FONT = ROOT / "dashboards" / "assets" / "fonts" / "NotoSansSC-Bold-gb2312.woff2"
ORGANS = [
    Organ(
        area="9901", name="云澜市应急管理局", short="云澜", review_organ="云澜市人民政府", court="云澜市中级人民法院"
    ),
    Organ(area="990106", name=BUREAU, short="盐港", review_organ="云澜市人民政府", court="盐港新区人民法院"),
]
CITY = signed("王立", Role.OFFICER, "9901")


@cache
def key() -> Certificate:
    return certificate(BUREAU, "印章", NOW)


def press(set_type: SetType | None = None, organs: list[Organ] = ORGANS) -> Press:
    return Press(
        set_type=setter if set_type is None else lambda: set_type, organs=lambda: organs,
        signing=lambda: Signing(key(), "印章"), site="https://map.example.cn",
    )  # fmt: skip


def desk_of(store: Store, folder: Path, day: Day, made_by: Press) -> Desk:
    cabinet = Cabinet(store, folder, day, largest=2_000_000)
    return Desk(store, cabinet, china(), day, functions_of([HIDDEN_DANGER]), press=made_by)


@pytest.fixture
def desk(store: Store, tmp_path: Path, day: Day) -> Iterator[Desk]:
    return desk_of(store, tmp_path / "files", day, press())


def grave(desk: Desk) -> str:
    """A major danger that waits to be listed."""
    code = report(desk)
    step(desk, code, "grade_major", WORKER, **GRAVE)
    return code


def listed(desk: Desk, code: str, by: Any = OFFICER) -> IssuedDocument:
    step(desk, code, "list", by, listed_by=BUREAU)
    return desk.issued(HIDDEN_DANGER, code, scope=by.scope)[-1]


def content(desk: Desk, one: IssuedDocument, form: str = PDF) -> bytes:
    assert desk.registry is not None
    return desk.registry.file(one, form).path.read_bytes()


def words(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).replace("\n", "")


def kept(store: Store) -> int:
    return store.count(ISSUED_DOCUMENTS, EVERYTHING, scope=SYSTEM_SCOPE)


def test_a_step_makes_its_document_numbered_signed_and_named_in_the_log(desk: Desk, store: Store) -> None:
    one = listed(desk, grave(desk))
    assert (one.number, one.code) == ("（盐港）应急督办〔2026〕1号", "盐港/应急督办/2026-000001")
    assert (one.organ, one.party, one.signer, one.state) == (BUREAU, "信禾助剂有限公司", "周敏", "valid")
    log = desk.log(HIDDEN_DANGER, one.of_key, scope=OFFICER.scope)
    assert log[-1].documents == (one.code,)
    assert one.step == log[-1].number
    pdf, docx = content(desk, one), content(desk, one, DOCX)
    assert sha256(pdf) == one.sha256
    said = words(pdf)
    for told in (
        one.number,
        "信禾助剂有限公司",
        "二车间，接线盒破损：外壳开裂。",
        BUREAU,
        "2026年3月2日",
        one.check_code,
        FIRM,
    ):
        assert told in said, told
    assert one.number in zipfile.ZipFile(io.BytesIO(docx)).read("word/document.xml").decode()
    with ThreadPoolExecutor(1) as away:
        assert away.submit(verified, pdf, [public_part(key(), "印章")], NOW).result() is Signed.INTACT
        broken = pdf.replace(b"/Producer", b"/Producez", 1)
        assert away.submit(verified, broken, [public_part(key(), "印章")], NOW).result() is Signed.CHANGED
    assert store.verify().findings == ()


@EITHER
def test_officers_who_issue_at_once_get_numbers_in_a_row_also_from_two_processes(
    desk: Desk, store: Store, tmp_path: Path, day: Day
) -> None:
    other = desk_of(store, tmp_path / "files", day, press())  # shares nothing with the first but the store
    codes = [grave(desk) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        works = [
            pool.submit(listed, (desk, other)[n % 2], code, (OFFICER, COLLEAGUE)[n // 2])
            for n, code in enumerate(codes)
        ]
        numbers = sorted(work.result().code for work in works)
    assert numbers == [f"盐港/应急督办/2026-{n:06d}" for n in range(1, 5)]


@EITHER
def test_of_two_who_list_one_case_at_once_one_document_is_made_and_no_number_is_lost(desk: Desk, store: Store) -> None:
    code = grave(desk)
    version = desk.find(HIDDEN_DANGER, code, scope=OFFICER.scope).version

    def decide(by: Any) -> bool:
        try:
            desk.take(HIDDEN_DANGER, code, version, "list", {"listed_by": BUREAU}, by=by)
        except ConflictError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(decide, (OFFICER, COLLEAGUE))) == [False, True]
    assert kept(store) == 1
    assert listed(desk, grave(desk)).number.endswith("2号")


@EITHER
def test_a_document_that_cannot_be_printed_leaves_the_step_undone_and_its_number_free(
    desk: Desk, store: Store, tmp_path: Path, day: Day
) -> None:
    def jammed(_: str) -> bytes:
        raise OSError("no paper")

    code = grave(desk)
    before, entries = desk.find(HIDDEN_DANGER, code, scope=OFFICER.scope), store.head()
    broken = desk_of(store, tmp_path / "files", day, press(jammed))
    with pytest.raises(OSError, match="no paper"):
        listed(broken, code)
    after = desk.find(HIDDEN_DANGER, code, scope=OFFICER.scope)
    assert (after.version, after.row, store.head()) == (before.version, before.row, entries)
    assert kept(store) == 0
    assert listed(desk, code).number.endswith("〔2026〕1号")


def test_without_an_organ_that_answers_there_the_step_is_refused_with_a_sentence(
    desk: Desk, store: Store, tmp_path: Path, day: Day
) -> None:
    code = grave(desk)
    with pytest.raises(FaultsError, match="没有配置可印发文书的机关"):
        listed(desk_of(store, tmp_path / "files", day, press(organs=[])), code)
    assert listed(desk, code, CITY).number.startswith("（云澜）"), "the city's officer signs for the city"


def test_an_enterprise_makes_no_document_and_ends_none(desk: Desk, store: Store) -> None:
    code = grave(desk)
    step(desk, code, "stop_work", WORKER, reason="气味异常")
    assert kept(store) == 0
    one = listed(desk, code)
    assert desk.issued(HIDDEN_DANGER, code, scope=WORKER.scope) == (one,), "it is addressed to them"
    version = desk.find(HIDDEN_DANGER, code, scope=OFFICER.scope).version
    with pytest.raises(StepRefusedError, match="监管人员"):
        desk.end_document(HIDDEN_DANGER, code, version, one.code, again=False, by=WORKER, reason="不服")


def test_nobody_of_another_district_or_firm_meets_a_document(desk: Desk) -> None:
    one = listed(desk, grave(desk))
    for by in (STRANGER, RIVAL):
        with pytest.raises(NotFoundError):
            desk.document(HIDDEN_DANGER, one.of_key, one.code, scope=by.scope)
        with pytest.raises(NotFoundError):
            desk.end_document(HIDDEN_DANGER, one.of_key, 4, one.code, again=True, by=by, reason="试试")
    public = Scope(areas=("",), clearance=Sensitivity.PUBLIC)
    with pytest.raises(NotFoundError):
        desk.document(HIDDEN_DANGER, one.of_key, one.code, scope=public)
    with pytest.raises(NotFoundError):
        desk.document(HIDDEN_DANGER, grave(desk), one.code, scope=OFFICER.scope)


def test_a_withdrawn_document_keeps_its_file_and_its_number_and_a_replaced_one_names_the_next(
    desk: Desk, store: Store
) -> None:
    one = listed(desk, grave(desk))
    version = desk.find(HIDDEN_DANGER, one.of_key, scope=OFFICER.scope).version
    desk.end_document(HIDDEN_DANGER, one.of_key, version, one.code, again=True, by=OFFICER, reason="当事人名称有误")
    old, new = desk.issued(HIDDEN_DANGER, one.of_key, scope=OFFICER.scope)
    assert (old.state, old.replaced_by, old.state_reason) == ("replaced", new.code, "当事人名称有误")
    assert new.number.endswith("2号")
    assert new.check_code != old.check_code
    assert sha256(content(desk, old)) == old.sha256
    with pytest.raises(ConflictError):
        desk.end_document(HIDDEN_DANGER, one.of_key, version, new.code, again=False, by=OFFICER, reason="重复")
    desk.end_document(HIDDEN_DANGER, one.of_key, version + 1, new.code, again=False, by=OFFICER, reason="不再督办")
    assert [found.state for found in desk.issued(HIDDEN_DANGER, one.of_key, scope=OFFICER.scope)] == [
        "replaced",
        "withdrawn",
    ]
    with pytest.raises(StepRefusedError, match="已撤回或更换"):
        desk.end_document(HIDDEN_DANGER, one.of_key, version + 2, new.code, again=True, by=OFFICER, reason="再来")
    assert listed(desk, grave(desk)).number.endswith("3号")
    assert store.verify().findings == ()


def test_a_file_of_a_document_is_neither_added_nor_taken_off_by_hand(desk: Desk) -> None:
    one = listed(desk, grave(desk))
    assert desk.registry is not None
    file = desk.registry.file(one, PDF)
    boss = Scope(areas=("",), clearance=Sensitivity.SECRET, writable=None)
    with pytest.raises(ForbiddenError, match="不能增减"):
        desk._cabinet.remove(file.record.id, actor=OFFICER.actor, reason="换一份", scope=boss)
    with (
        desk._cabinet.draft([b"%PDF-1.7 other"], "另一份.pdf") as draft,
        pytest.raises(ForbiddenError, match="不能增减"),
    ):
        desk._cabinet.keep(ISSUED_DOCUMENTS, one.code, draft, actor=OFFICER.actor, scope=boss)


def test_a_draft_says_that_it_is_one_and_keeps_nothing(desk: Desk, store: Store) -> None:
    code = grave(desk)
    found = desk.find(HIDDEN_DANGER, code, scope=OFFICER.scope)
    done = desk.tried(HIDDEN_DANGER, found, "list", {"listed_by": BUREAU}, by=OFFICER)
    said = words(desk.draft(found.procedure, done, done.documents[0], by=OFFICER))
    assert "草稿，未编号" in said
    assert "信禾助剂有限公司" in said
    assert kept(store) == 0


def test_the_order_to_rectify_binds_the_plan_and_the_finding_of_the_recheck_names_it(desk: Desk) -> None:
    code = report(desk, OFFICER)
    step(desk, code, "grade_general", OFFICER)
    with pytest.raises(StepRefusedError, match="晚于今天"):
        step(desk, code, "order", OFFICER, order_until=date(2026, 3, 1), description="破损")
    step(desk, code, "order", OFFICER, order_until=date(2026, 3, 20), description="破损")
    order = desk.issued(HIDDEN_DANGER, code, scope=OFFICER.scope)[0]
    assert "于2026年3月20日前整改完毕" in words(content(desk, order))
    five = {"measures": "换", "funds": 1.0, "person": "赵", "contingency": "停"}
    with pytest.raises(StepRefusedError, match="2026-03-20"):
        step(desk, code, "plan", WORKER, mend_by=date(2026, 4, 1), **five)
    step(desk, code, "plan", WORKER, mend_by=date(2026, 3, 18), **five)
    with desk._cabinet.draft([b"\x89PNG\r\n\x1a\n" + b"x" * 60], "现场.png") as draft:
        desk.attach(HIDDEN_DANGER, code, draft, by=WORKER)
    step(desk, code, "finish", WORKER, outcome="已更换")
    step(desk, code, "accept", COLLEAGUE, recheck="现场核对合格")
    papers = desk.issued(HIDDEN_DANGER, code, scope=OFFICER.scope)
    assert [one.document for one in papers] == ["order", "review"], "a general danger was never listed"
    said = words(content(desk, papers[1]))
    assert order.number in said
    assert "准予销号" in said


def test_a_demo_seal_says_that_it_is_none() -> None:
    from PIL import Image

    seal = Image.open(io.BytesIO(demo_seal(BUREAU, FONT)))
    assert seal.size == (520, 520)
    assert seal.getpixel((0, 0))[3] == 0, "what lies under the seal stays readable"  # type: ignore[index]
