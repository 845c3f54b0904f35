"""Declared steps on data that an older declaration wrote: rename, new kind, split codes, each on both engines."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import orjson
import pyarrow as pa
import pytest
from pydantic import Field

from core.actors import SYSTEM_ACTOR
from core.errors import ConflictError, FaultsError
from core.scope import SYSTEM_SCOPE, Scope, Sensitivity
from core.texts import Text
from layers.fields import Kind, Private, Title
from layers.filters import Compare, Op
from layers.layer import Catalogue, Geometry, Layer, Theme
from layers.record import Record
from layers.steps import Recode, Rename, Retype, Split, Step
from store.embedded import open_embedded
from store.feed import Change, Put
from store.protocol import Store
from store.query import EVERYTHING, Order, Query
from tests.conftest import ROOT
from tests.store.cityscape import Clock

GIVEN = {"actor": SYSTEM_ACTOR, "reason": "test", "scope": SYSTEM_SCOPE}
TEST = Text("测试", "Test")
DISTRICT = Scope(areas=("",), clearance=Sensitivity.INTERNAL)
Opened = Callable[[Catalogue], Store]


class Old(Record):
    """As it was declared at first."""

    code: Annotated[str, Title("编码", "Code"), Field(min_length=1)]
    tel: Annotated[str, Title("电话", "Phone"), Private(Sensitivity.SENSITIVE)] = ""
    staff: Annotated[str, Title("人数", "Staff")] = ""
    sector: Annotated[str, Title("行业", "Sector")] = ""
    industry: Annotated[str, Title("小类", "Industry")] = ""


class New(Record):
    """As it is declared now."""

    number: Annotated[str, Title("编号", "Number"), Field(min_length=1)]
    phone: Annotated[str, Title("电话", "Phone"), Private(Sensitivity.SENSITIVE)] = ""
    staff: Annotated[int | None, Title("人数", "Staff")] = None
    sector: Annotated[str, Title("行业", "Sector")] = ""
    industry: Annotated[str, Title("小类", "Industry")] = ""
    note: Annotated[str, Title("备注", "Note")] = "无"


def layer(record: type[Record], key: str, search: tuple[str, ...], *steps: Step, version: int = 1) -> Layer:
    return Layer(
        id="firms", title=TEST, about=TEST, record=record, key=key, geometry=Geometry.POINT, owner=TEST,
        theme=Theme.SUPERVISION, search=search, schema_version=version, steps=steps,
    )  # fmt: skip


RENAMES = (
    Rename(id="tel-phone", schema_version=2, old="tel", new="phone"),
    Rename(id="code-number", schema_version=2, old="code", new="number"),
)
COUNTED = Retype(id="staff-number", schema_version=2, field="staff", was=Kind.TEXT, now=Kind.INTEGER)
SPLIT = Recode(
    id="sector-split",
    schema_version=3,
    field="sector",
    codes={"trade": Split("industry", {"C13": "food", "C17": "textile"}, "other"), "mining": "mine"},
)
BEFORE = layer(Old, "code", ("code", "tel"))
AFTER = layer(New, "number", ("number", "phone", "sector"), *RENAMES, COUNTED, SPLIT, version=3)


def firms(count: int) -> pa.Table:
    return pa.table(
        {
            "code": [f"F{n:06d}" for n in range(count)],
            "tel": [f"139{n:08d}" for n in range(count)],
            "staff": [str(n) if n % 3 else "" for n in range(count)],
            "sector": [("trade", "mining", "metal")[n % 3] for n in range(count)],
            "industry": ["C1310" if n % 2 else "H61" for n in range(count)],
        }
    )


def written(opened: Opened, count: int = 30) -> None:
    """Data of the old declaration: a load, and one row changed since."""
    store = opened(Catalogue(BEFORE))
    store.load(BEFORE, firms(count), **GIVEN)  # type: ignore[arg-type]
    store.commit([Put(layer="firms", record=Old(code="F000004", tel="110", staff="7", sector="trade"))], **GIVEN)  # type: ignore[arg-type]


def test_rows_follow_every_step_and_verification_still_finds_nothing(opened: Opened) -> None:
    written(opened)
    store = opened(Catalogue(AFTER))
    table = store.read(AFTER, Query(order=(Order("number"),)), scope=SYSTEM_SCOPE)
    assert table["number"].to_pylist()[:2] == ["F000000", "F000001"]
    assert table["phone"].to_pylist()[3:5] == ["13900000003", "110"]
    assert table["staff"].to_pylist()[:6] == [None, 1, 2, None, 7, 5]
    assert table["sector"].to_pylist()[:5] == ["other", "mine", "metal", "food", "other"]
    assert set(table["note"].to_pylist()) == {"无"}
    assert store.verify().findings == ()
    assert opened(Catalogue(AFTER)).verify().findings == ()


def test_every_step_is_an_entry_over_the_rows_it_wrote(opened: Opened) -> None:
    written(opened)
    store = opened(Catalogue(AFTER))
    entries = store.feed(after=2, scope=SYSTEM_SCOPE)
    assert [(e.change, e.key, e.rows) for e in entries] == [
        (Change.STEP, "tel-phone", 0),
        (Change.STEP, "code-number", 0),
        (Change.STEP, "staff-number", 30),
        (Change.STEP, "sector-split", 20),
    ]
    assert "staff" in entries[2].reason
    assert opened(Catalogue(AFTER)).head() == store.head()


def test_old_versions_stay_as_written_and_are_read_under_the_names_of_today(opened: Opened) -> None:
    written(opened)
    store = opened(Catalogue(AFTER))
    versions = store.versions(AFTER, "F000004", scope=SYSTEM_SCOPE)
    assert [v.schema_version for v in versions] == [1, 1, 2, 3]
    bodies = [orjson.loads(v.body) for v in versions]
    assert (bodies[0]["tel"], bodies[0]["code"], bodies[0]["staff"]) == ("13900000004", "F000004", "4")
    assert "phone" not in bodies[0]
    assert [bodies[2][name] for name in ("phone", "number", "staff", "sector")] == ["110", "F000004", 7, "trade"]
    then = store.read(AFTER, Query(at_seq=1, where=Compare("number", Op.EQ, "F000004")), scope=SYSTEM_SCOPE).to_pylist()
    assert [(row["phone"], row["staff"], row["sector"], row["note"]) for row in then] == [
        ("13900000004", 4, "mining", "无")
    ]
    assert store.count(AFTER, Query(at_seq=2, where=Compare("staff", Op.EQ, 7)), scope=SYSTEM_SCOPE) == 2


def test_a_renamed_field_stays_hidden_in_old_versions(opened: Opened) -> None:
    written(opened)
    store = opened(Catalogue(AFTER))
    bodies = b"".join(v.body for v in store.versions(AFTER, "F000004", scope=DISTRICT))
    assert b"F000004" in bodies
    assert b"139" not in bodies
    assert b"110" not in bodies


def test_a_renamed_field_is_erased_from_versions_written_under_its_old_name(opened: Opened) -> None:
    written(opened)
    store = opened(Catalogue(AFTER))
    store.erase(AFTER, ["F000004"], ["phone"], **GIVEN)  # type: ignore[arg-type]
    bodies = b"".join(v.body for v in store.versions(AFTER, "F000004", scope=SYSTEM_SCOPE))
    assert b"13900000004" not in bodies
    assert b'"110"' not in bodies
    assert store.verify().findings == ()


def test_rows_are_written_and_loaded_after_the_steps_as_ever(opened: Opened) -> None:
    written(opened)
    store = opened(Catalogue(AFTER))
    store.commit([Put(layer="firms", record=New(number="F000003", staff=4, note="新"))], **GIVEN)  # type: ignore[arg-type]
    store.load(AFTER, pa.table({"number": ["F000002", "NEW"], "staff": [9, 9]}), **GIVEN)  # type: ignore[arg-type]
    assert store.versions(AFTER, "F000003", scope=SYSTEM_SCOPE)[-1].schema_version == 3
    assert store.count(AFTER, EVERYTHING, scope=SYSTEM_SCOPE) == 31
    assert store.verify().findings == ()


def test_words_are_indexed_anew_when_the_search_fields_change(opened: Opened) -> None:
    written(opened)
    store = opened(Catalogue(AFTER))
    assert [hit.key for hit in store.search("13900000003", scope=SYSTEM_SCOPE)] == ["F000003"]
    assert len(store.search("mine", scope=SYSTEM_SCOPE)) == 9
    assert store.search("mining", scope=SYSTEM_SCOPE) == ()
    store.commit([Put(layer="firms", record=New(number="F000003", phone="112"))], **GIVEN)  # type: ignore[arg-type]
    assert store.search("13900000003", scope=SYSTEM_SCOPE) == ()
    assert [hit.key for hit in store.search("112", scope=SYSTEM_SCOPE)] == ["F000003"]


def test_a_value_that_cannot_be_converted_refuses_the_start_and_names_every_row(opened: Opened) -> None:
    store = opened(Catalogue(BEFORE))
    table = pa.table({"code": ["A", "B", "C"], "staff": ["12", "很多", "3.5"]})
    store.load(BEFORE, table, **GIVEN)  # type: ignore[arg-type]
    with pytest.raises(FaultsError) as caught:
        opened(Catalogue(AFTER))
    assert [(f.key, f.value) for f in caught.value.faults] == [("B", "很多"), ("C", "3.5")]
    store = opened(Catalogue(BEFORE))
    assert store.read(BEFORE, EVERYTHING, scope=SYSTEM_SCOPE)["staff"].to_pylist() == ["12", "很多", "3.5"]
    assert store.head() == 1
    assert store.verify().findings == ()


def lenient(text: str) -> int | None:
    """Staff as clerks wrote it."""
    digits = "".join(c for c in text if c.isdigit())
    return int(digits) if digits else None


def test_a_step_may_bring_its_own_conversion(opened: Opened) -> None:
    store = opened(Catalogue(BEFORE))
    store.load(BEFORE, pa.table({"code": ["A", "B"], "staff": ["约12人", "不详"]}), **GIVEN)  # type: ignore[arg-type]
    own = Retype(id="own", schema_version=2, field="staff", was=Kind.TEXT, now=Kind.INTEGER, convert=lenient)
    after = layer(New, "number", (), *RENAMES, own, version=2)
    store = opened(Catalogue(after))
    assert store.read(after, EVERYTHING, scope=SYSTEM_SCOPE)["staff"].to_pylist() == [12, None]
    assert store.verify().findings == ()


def test_a_column_added_before_a_step_says_nothing_in_older_hashes(opened: Opened) -> None:
    class Middle(Old):
        rating: Annotated[str, Title("评级", "Rating")] = "3"

    class Last(Old):
        grade: Annotated[int, Title("评级", "Grade")] = 0

    middle = layer(Middle, "code", (), version=2)
    steps = (
        Rename(id="rating-grade", schema_version=3, old="rating", new="grade"),
        Retype(id="grade", schema_version=3, field="grade", was=Kind.TEXT, now=Kind.INTEGER),
    )
    last = layer(Last, "code", (), *steps, version=3)
    written(opened)
    store = opened(Catalogue(middle))
    store.commit([Put(layer="firms", record=Middle(code="M", rating="5"))], **GIVEN)  # type: ignore[arg-type]
    store = opened(Catalogue(last))
    assert sorted(set(store.read(last, EVERYTHING, scope=SYSTEM_SCOPE)["grade"].to_pylist())) == [3, 5]
    assert [e.rows for e in store.feed(after=3, scope=SYSTEM_SCOPE)] == [0, 1]
    assert store.verify().findings == ()


def test_a_store_made_by_todays_code_has_no_steps_to_take(opened: Opened) -> None:
    store = opened(Catalogue(AFTER))
    store.commit([Put(layer="firms", record=New(number="A", sector="trade"))], **GIVEN)  # type: ignore[arg-type]
    store = opened(Catalogue(AFTER))
    assert store.head() == 1
    assert store.read(AFTER, EVERYTHING, scope=SYSTEM_SCOPE)["sector"].to_pylist() == ["trade"]
    assert store.verify().findings == ()


def test_data_of_newer_code_and_steps_forgotten_by_the_code_are_refused(opened: Opened) -> None:
    written(opened)
    opened(Catalogue(AFTER))
    with pytest.raises(ConflictError, match="请升级程序"):
        opened(Catalogue(BEFORE))
    with pytest.raises(ConflictError, match="sector-split"):
        opened(Catalogue(layer(New, "number", ("number",), *RENAMES, COUNTED, version=3)))


def test_a_change_without_a_step_is_refused(opened: Opened) -> None:
    written(opened)
    with pytest.raises(ConflictError, match="没有声明迁移步骤"):
        opened(Catalogue(layer(New, "number", (), version=2)))


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ((Rename(id="a", schema_version=2, old="x", new="nowhere"),), "new name must be a field"),
        ((Rename(id="a", schema_version=2, old="sector", new="phone"),), "the old one none"),
        ((Rename(id="a", schema_version=4, old="x", new="phone"),), "schema version must be 2 to 3"),
        ((Recode(id="a", schema_version=2, field="number", codes={}),), "may be rewritten"),
        ((Recode(id="a", schema_version=2, field="staff", codes={}),), "codes are text"),
        ((Retype(id="a", schema_version=2, field="staff", was=Kind.DATE, now=Kind.INTEGER),), "needs a function"),
        ((Retype(id="a", schema_version=2, field="staff", was=Kind.TEXT, now=Kind.REAL),), "must be real"),
        ((COUNTED, COUNTED), "used twice"),
        ((COUNTED, *RENAMES), "renames first"),
    ],
)
def test_steps_declared_wrongly_are_refused_at_import(steps: tuple[Step, ...], said: str) -> None:
    with pytest.raises(FaultsError) as caught:
        layer(New, "number", (), *steps, version=3)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("was", "now", "value", "expected"),
    [
        (Kind.TEXT, Kind.INTEGER, "1,200", 1200),
        (Kind.TEXT, Kind.REAL, " 2.5", 2.5),
        (Kind.TEXT, Kind.BOOLEAN, "是", True),
        (Kind.TEXT, Kind.DATE, "2026-01-02", "2026-01-02"),
        (Kind.TEXT, Kind.DATETIME, "2026-01-02T08:00:00+08:00", "2026-01-02T00:00:00.000000Z"),
        (Kind.TEXT, Kind.LIST, "液氨、硫酸;盐酸", ["液氨", "硫酸", "盐酸"]),
        (Kind.LIST, Kind.TEXT, ["液氨", "硫酸"], "液氨、硫酸"),
        (Kind.INTEGER, Kind.REAL, 3, 3.0),
        (Kind.REAL, Kind.INTEGER, 3.0, 3),
        (Kind.TEXT, Kind.INTEGER, "", None),
    ],
)
def test_usual_conversions_say_what_a_clerk_would(was: Kind, now: Kind, value: Any, expected: Any) -> None:
    from layers.steps import converted

    assert converted(Retype(id="a", schema_version=2, field="x", was=was, now=now), value) == expected


KILLED = """
import os, signal, sys
from pathlib import Path
from dataclasses import replace
from layers.layer import Catalogue
from store.embedded import open_embedded, stepping
from tests.store.cityscape import Clock
from tests.store.test_steps import COUNTED, New, RENAMES, SPLIT, layer
stepping.PAGE = 500
seen = []
def convert(text):
    seen.append(text)
    if len(seen) == 600:
        print("half way", flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    return int(text) if text else None
after = layer(New, "number", ("number",), *RENAMES, replace(COUNTED, convert=convert), SPLIT, version=3)
open_embedded(Path(sys.argv[1]), Catalogue(after), Clock())
"""


def test_a_start_killed_in_the_middle_of_a_step_leaves_the_data_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.embedded.stepping.PAGE", 500)
    path = tmp_path / "city.gpkg"
    store = open_embedded(path, Catalogue(BEFORE), Clock())
    store.load(BEFORE, firms(700), **GIVEN)  # type: ignore[arg-type]
    store.close()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(path)], capture_output=True, text=True, env=environment, check=False
    )
    assert (done.stdout, done.returncode) == ("half way\n", -signal.SIGKILL), done.stderr
    store = open_embedded(path, Catalogue(BEFORE), Clock())
    assert store.read(BEFORE, Query(limit=3), scope=SYSTEM_SCOPE)["staff"].to_pylist() == ["", "1", "2"]
    assert store.verify().findings == ()
    store.close()
    store = open_embedded(path, Catalogue(AFTER), Clock())
    assert [e.rows for e in store.feed(after=1, scope=SYSTEM_SCOPE)][2:4] == [500, 200]
    assert store.verify().findings == ()
    store.close()


def test_a_file_of_the_release_before_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "city.gpkg"
    store = open_embedded(path, Catalogue(BEFORE), Clock())
    store.load(BEFORE, firms(3), **GIVEN)  # type: ignore[arg-type]
    store.close()
    db = sqlite3.connect(path)
    db.executescript("DROP TABLE om_schemas; UPDATE om_file SET value = '2' WHERE name = 'schema'")
    db.close()
    store = open_embedded(path, Catalogue(AFTER), Clock())
    assert store.count(AFTER, EVERYTHING, scope=SYSTEM_SCOPE) == 3
    assert store.verify().findings == ()
    store.close()
