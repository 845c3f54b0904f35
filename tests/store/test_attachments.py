"""Files attached to records: kept once, seen only with the record, proved by their hash. On both engines."""

import io
import os
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import BadInputError, ForbiddenError, NotFoundError
from core.scope import SYSTEM_SCOPE, Sensitivity
from layers.catalogue.attachments import ATTACHMENTS
from layers.layer import Catalogue
from store.attachments import Attached, Cabinet
from store.feed import Delete, Put
from store.protocol import Store
from tests.store.cityscape import CITY, CLERK, DISTRICT, NOTES, PUBLIC, ROADS, SHOPS, TANKS, Clock, Road, Tank, shop
from tests.store.conftest import Opened

CABINET_TOWN = Catalogue(SHOPS, TANKS, ROADS, NOTES, ATTACHMENTS)
PNG = b"\x89PNG\r\n\x1a\n" + b"picture" * 100
PDF = b"%PDF-1.7\n" + b"plan" * 100


class Room:
    def __init__(self, store: Store, folder: Path) -> None:
        self.store = store
        self.folder = folder
        self.cabinet = Cabinet(store, folder, Clock(), largest=100_000)
        edits = [
            Put(layer="shops", record=shop("S1", "330102001")),
            Put(layer="shops", record=shop("S2", "330105003")),
            Put(layer="tanks", record=Tank(code="T1", area="330102001", geometry=shop().geometry)),
            Put(layer="roads", record=Road(code="R1", area="330105003")),
        ]
        store.commit(edits, actor=CLERK, reason="登记", scope=SYSTEM_SCOPE)

    def attach(self, key: str = "S1", content: bytes = PNG, name: str = "现场.png", **more: object) -> Attached:
        layer = CABINET_TOWN[str(more.pop("layer", "shops"))]
        given = {"actor": CLERK, "scope": CITY, **more}
        with self.cabinet.draft([content[:9], content[9:]], name) as draft:
            return self.cabinet.keep(layer, key, draft, **given)  # type: ignore[arg-type]

    def files(self) -> list[Path]:
        return [path for path in self.folder.rglob("*") if path.is_file() and path.name != ".lock"]


@pytest.fixture
def room(opened: Opened, tmp_path: Path) -> Room:
    return Room(opened(CABINET_TOWN), tmp_path / "files")


def test_a_file_is_found_again_at_its_record(room: Room) -> None:
    kept = room.attach(note="东门")
    (found,) = room.cabinet.of(SHOPS, "S1", scope=CITY)
    assert found.record == kept.record
    assert found.path.read_bytes() == PNG
    assert (found.record.media_type, found.record.size, found.record.added_by) == ("image/png", len(PNG), "王芳")
    assert found.record.area == "330102001"
    assert room.cabinet.of(SHOPS, "S2", scope=CITY) == ()


def test_the_same_content_is_kept_once(room: Room) -> None:
    room.attach("S1")
    room.attach("S2", name="另一个名字.png")
    assert len(room.files()) == 1
    assert list(room.cabinet.mismatches()) == []


def test_who_may_not_see_the_record_may_not_know_of_its_files(room: Room) -> None:
    other, tank = room.attach("S2"), room.attach("T1", layer="tanks", sensitivity=Sensitivity.PUBLIC)
    for scope, hidden in ((DISTRICT, other), (PUBLIC, tank), (PUBLIC, other)):
        with pytest.raises(NotFoundError):
            room.cabinet.find(hidden.record.id, scope=scope)
    with pytest.raises(NotFoundError):
        room.cabinet.of(SHOPS, "S2", scope=DISTRICT)
    assert room.cabinet.find(tank.record.id, scope=DISTRICT) == tank
    without_tanks = replace(CITY, layers=frozenset({"shops", "attachments"}))
    with pytest.raises(NotFoundError):
        room.cabinet.find(tank.record.id, scope=without_tanks)


def test_leave_to_see_the_record_is_enough_without_leave_for_the_register(room: Room) -> None:
    kept = room.attach()
    assert room.cabinet.find(kept.record.id, scope=replace(CITY, layers=frozenset({"shops"}))) == kept


def test_an_internal_file_at_a_public_record_stays_internal(room: Room) -> None:
    inside, open_to_all = room.attach(), room.attach(sensitivity=Sensitivity.PUBLIC, content=PDF, name="公示.pdf")
    assert room.cabinet.of(SHOPS, "S1", scope=PUBLIC) == (open_to_all,)
    with pytest.raises(NotFoundError):
        room.cabinet.find(inside.record.id, scope=PUBLIC)


def test_only_who_may_change_the_record_attaches_and_removes(room: Room) -> None:
    reader = replace(CITY, writable=frozenset({"roads"}))
    with pytest.raises(ForbiddenError, match="商户"):
        room.attach(scope=reader)
    assert room.files() == []
    kept = room.attach()
    with pytest.raises(ForbiddenError):
        room.cabinet.remove(kept.record.id, actor=CLERK, reason="误传", scope=reader)
    with pytest.raises(ForbiddenError):
        room.attach("R1", layer="roads", scope=DISTRICT, content=PDF)  # a shared row, seen but of another district
    assert [path.name for path in room.files()] == [kept.record.sha256]


def test_a_removed_file_stays_for_the_versions_that_name_it_until_it_is_erased(room: Room) -> None:
    kept = room.attach()
    room.attach("S2")
    room.cabinet.remove(kept.record.id, actor=CLERK, reason="误传", scope=CITY)
    assert room.cabinet.of(SHOPS, "S1", scope=CITY) == ()
    assert len(room.files()) == 1
    assert room.cabinet.erase(kept.record.sha256, actor=CLERK, reason="个人信息保护法第四十七条") == 1
    assert room.files() == []
    assert list(room.cabinet.mismatches()) == []
    assert room.store.verify().findings == ()


def test_a_record_that_is_gone_takes_its_files_out_of_sight(room: Room) -> None:
    kept = room.attach()
    room.store.commit([Delete(layer="shops", key="S1")], actor=CLERK, reason="注销", scope=CITY)
    with pytest.raises(NotFoundError):
        room.cabinet.find(kept.record.id, scope=CITY)


def test_a_changed_or_missing_file_is_reported(room: Room) -> None:
    changed, missing = room.attach(), room.attach(content=PDF, name="图纸.pdf")
    changed.path.write_bytes(b"something else")
    missing.path.unlink()
    told = {one.attachment: one.text.zh for one in room.cabinet.mismatches()}
    assert "哈希不符" in told[changed.record.id]
    assert "缺失" in told[missing.record.id]


def test_a_file_is_sound_until_somebody_touches_it_and_again_once_it_is_put_right(room: Room) -> None:
    kept = room.attach()
    content = kept.path.read_bytes()
    assert room.cabinet.sound(kept)
    facts = kept.path.stat()
    kept.path.write_bytes(content[:-1] + b"?")
    os.utime(kept.path, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    assert not room.cabinet.sound(kept), "of the same length, with its old time"
    kept.path.write_bytes(content)
    assert room.cabinet.sound(kept)
    kept.path.unlink()
    assert not room.cabinet.sound(kept)


def test_a_spoilt_file_is_put_right_when_its_content_comes_again(room: Room) -> None:
    room.attach().path.write_bytes(b"spoilt")
    room.attach("S2")
    assert list(room.cabinet.mismatches()) == []


def office(*names: str) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return written.getvalue()


def test_a_file_is_what_its_content_is_whatever_its_name(room: Room) -> None:
    assert room.attach(content=PDF, name="照片.jpg").record.media_type == "application/pdf"
    sheet = room.attach(content=office("[Content_Types].xml", "xl/workbook.xml"), name="台账.xlsx")
    assert sheet.record.media_type.endswith("spreadsheetml.sheet")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.png", b"<html><script>alert(1)</script>"),
        ("plan.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("macro.xlsx", office("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin")),
        ("archive.docx", office("anything.exe")),
        ("broken.docx", b"PK\x03\x04broken"),
        ("program.pdf", b"MZ\x90\x00"),
    ],
)
def test_what_could_run_is_refused(room: Room, name: str, content: bytes) -> None:
    with pytest.raises(BadInputError, match=name):
        room.attach(content=content, name=name)
    assert room.files() == []


@pytest.mark.parametrize(("content", "said"), [(b"", "是空的"), (PNG + b"x" * 100_000, "超过")])
def test_empty_and_too_large_files_are_refused_and_leave_nothing(room: Room, content: bytes, said: str) -> None:
    with pytest.raises(BadInputError, match=said):
        room.attach(content=content)
    assert room.files() == []
    assert room.cabinet.of(SHOPS, "S1", scope=CITY) == ()
