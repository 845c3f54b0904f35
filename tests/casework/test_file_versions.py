"""Licence and filing materials: each row keeps its files and their versions; what is replaced stays and is opened."""

from pathlib import Path
from typing import Any

import pytest

from app.doors.case_told import versioned
from app.systems import FUNCTIONS, GATHERS
from casework.calendar import china
from casework.desk import Desk
from casework.systems.filing import FILING
from core.canonical import sha256
from core.errors import ForbiddenError
from layers.catalogue import FILINGS
from store.attachments import Cabinet
from store.protocol import Store
from tests.casework.test_desk import FIRM, OFFICER, PNG, WORKER, Day, day, store

__all__ = ["day", "store"]


def test_a_file_that_is_replaced_keeps_the_older_and_each_step_names_its_own(
    store: Store, tmp_path: Path, day: Day
) -> None:
    cabinet = Cabinet(store, tmp_path / "files", day, largest=100_000)
    desk = Desk(store, cabinet, china(), day, FUNCTIONS, gathers=GATHERS)
    given = {"title": "应急预案备案", "enterprise": FIRM, "kind": "emergency_plan"}
    code = desk.open(FILING, given, by=WORKER).row.code

    def take(name: str, by: Any, reason: str = "", **values: Any) -> None:
        version = desk.find(FILING, code, scope=by.scope).version
        desk.take(FILING, code, version, name, values, by=by, reason=reason)

    contents = [PNG + word for word in (b"one", b"two")]
    for content in contents:
        take("send_back", OFFICER, "请更换预案文本")
        with cabinet.draft([content], "应急预案.png") as draft:
            desk.attach(FILING, code, draft, by=WORKER)
        take("correct", WORKER)
    take("register", OFFICER, checked="齐全")
    take("renew", WORKER)

    found = cabinet.of(FILINGS, code, scope=OFFICER.scope)
    assert [one.path.read_bytes() for one in found] == contents
    told = versioned(found)
    assert [(one["name"], one["version"], one["versions"]) for one in told] == [
        ("应急预案.png", 1, 2), ("应急预案.png", 2, 2),
    ]  # fmt: skip
    log = desk.log(FILING, code, scope=OFFICER.scope)
    assert [one.files for one in log if one.step == "correct"] == [(sha256(content),) for content in contents]
    assert [one.step for one in log] == ["lodge", "send_back", "correct", "send_back", "correct", "register", "renew"]
    assert desk.find(FILING, code, scope=OFFICER.scope).version == len(log)  # the row has a version for each step
    with pytest.raises(ForbiddenError, match="已写入办理记录"):
        cabinet.remove(found[0].record.id, actor=OFFICER.actor, reason="换新", scope=OFFICER.scope)
    assert list(cabinet.mismatches()) == []
