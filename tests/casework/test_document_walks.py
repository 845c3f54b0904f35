"""Random walks that issue: whatever people do, no document, number or file is lost and the chain of the feed holds."""

import io
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pypdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.desk import Desk
from casework.engine import StepRefusedError
from casework.issuing import DOCX, PDF
from casework.systems.hidden_danger import HIDDEN_DANGER
from core.canonical import sha256
from core.scope import SYSTEM_SCOPE
from layers.catalogue import ISSUED_DOCUMENTS
from layers.catalogue.documents import IssuedDocument
from store.protocol import Store
from store.query import EVERYTHING
from store.rows import record_of
from tests.casework.test_desk import COLLEAGUE, HEAD, OFFICER, PNG, WORKER, Day, day, photograph, report, store
from tests.casework.test_issuing import content, desk_of, press

__all__ = ["day", "store"]

PEOPLE = (OFFICER, COLLEAGUE, WORKER, HEAD)
FILLED: dict[str, Any] = {
    "criteria": ("HC-12",), "description": "外壳开裂", "harm": "可能点燃", "listed_by": "盐港新区应急管理局",
    "order_until": date(2026, 4, 1), "measures": "更换", "funds": 1.0, "person": "赵强", "mend_by": date(2026, 4, 1),
    "contingency": "停用", "outcome": "已更换", "extend_to": date(2026, 4, 20), "extend_why": "备件未到",
    "recheck": "现场核对,已整改", "graded_why": "",
}  # fmt: skip


def blank(_: str) -> bytes:
    """A page, quickly: what is on it is asked elsewhere."""
    writer, file = pypdf.PdfWriter(), io.BytesIO()
    writer.add_blank_page(595, 842)
    writer.write(file)
    return file.getvalue()


@pytest.fixture
def desk(store: Store, tmp_path: Path, day: Day) -> Iterator[Desk]:
    return desk_of(store, tmp_path / "files", day, press(blank))


def issued(store: Store) -> list[IssuedDocument]:
    rows = store.read(ISSUED_DOCUMENTS, EVERYTHING, scope=SYSTEM_SCOPE).to_pylist()
    found = [record_of(ISSUED_DOCUMENTS, row, SYSTEM_SCOPE) for row in rows]
    return [one for one in found if isinstance(one, IssuedDocument)]


def walked(desk: Desk, data: st.DataObject, n: int) -> list[str]:
    """One case taken some way by chance; the documents its steps made, in order."""
    code, made = report(desk, WORKER, title=f"漫步{n}"), []
    for _ in range(data.draw(st.integers(2, 9))):
        by = data.draw(st.sampled_from(PEOPLE))
        found = desk.find(HIDDEN_DANGER, code, scope=by.scope)
        valid = [one for one in desk.issued(HIDDEN_DANGER, code, scope=SYSTEM_SCOPE) if one.state == "valid"]
        if valid and by in (OFFICER, COLLEAGUE) and data.draw(st.integers(0, 3)) == 0:
            again = data.draw(st.booleans())
            done = desk.end_document(
                HIDDEN_DANGER, code, found.version, valid[-1].code, again=again, by=by, reason="有误"
            )
            made += [document for document in done.event.documents if again]
            continue
        steps = [one.step for one in desk.options(found, who=by.who)]
        if not steps:
            continue
        chosen = data.draw(st.sampled_from(sorted(steps, key=lambda one: (not one.documents, one.name))))
        left = data.draw(st.integers(0, 9))
        values = {name: FILLED[name] for k, name in enumerate(chosen.asks) if name in FILLED and k != left}
        if chosen.files:
            photograph(desk, code, by, PNG + f"照片{n}{len(made)}{left}".encode())
        try:
            desk.take(HIDDEN_DANGER, code, found.version, chosen.name, values, by=by, reason="依规定办理")
        except StepRefusedError:
            continue
        made += list(desk.log(HIDDEN_DANGER, code, scope=SYSTEM_SCOPE)[-1].documents)
    return made


@given(data=st.data())
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_walk_loses_a_document_a_number_or_a_file(desk: Desk, store: Store, day: Day, data: st.DataObject) -> None:
    before = {one.code: one for one in issued(store)}
    made = walked(desk, data, len(before))
    day.now += timedelta(minutes=1)
    now = {one.code: one for one in issued(store)}
    assert set(now) - set(before) == set(made)
    assert len(made) == len(set(made))
    numbers = defaultdict(list)
    for one in now.values():
        assert sha256(content(desk, one, PDF)) == one.sha256
        assert content(desk, one, DOCX).startswith(b"PK")
        assert one.code in {
            code for step in desk.log(HIDDEN_DANGER, one.of_key, scope=SYSTEM_SCOPE) for code in step.documents
        }
        word, _, number = one.code.rpartition("-")
        numbers[word].append(int(number))
    assert all(sorted(found) == list(range(1, len(found) + 1)) for found in numbers.values())
    assert all(now[code].number == one.number and now[code].sha256 == one.sha256 for code, one in before.items())
    assert store.verify().findings == ()
