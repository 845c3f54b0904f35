"""Evidence goes when its time is over, and what is true, bound or still wanted stays."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import shapely

from app.settings import Settings
from app.upkeep import clear_evidence
from app.video.recording import Recorder
from app.video.retention import BATCH, EVIDENCE, SWEPT, Retention, Terms
from app.video.standing import ANALYST
from app.wiring import assemble
from core.scope import SYSTEM_SCOPE
from core.texts import Lang
from dashboards.queries.violations import one_event
from layers.catalogue import CAMERAS, CATALOGUE, VIOLATIONS
from layers.catalogue.incidents import INCIDENT_LOG, IncidentEntry
from layers.catalogue.sensing import Camera
from layers.catalogue.violations import Violation
from store.attachments import Cabinet
from store.feed import Put
from store.opening import open_store
from store.protocol import Store
from store.turns import open_turn
from video.messages import Ended, Raised
from video.rules.rule import Kind

NOW = datetime(2026, 11, 29, 6, 0, tzinfo=UTC)
ROOM = 1000
"""Bytes of the disk."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = open_store(tmp_path, None, CATALOGUE, lambda: NOW)
    row = Camera(
        code="C1", name="东门", area="990106201", sensitivity=CAMERAS.sensitivity, geometry=shapely.Point(121.9, 33.1)
    )
    made.commit([Put(layer=CAMERAS.id, record=row)], actor=ANALYST, reason="test", scope=SYSTEM_SCOPE)
    yield made
    made.close()


def event(store: Store, cabinet: Cabinet, days: float, body: bytes, *, over: bool = True, **told: object) -> str:
    """An event of so many days ago with a picture, and what a person said of it."""
    recorder = Recorder(store, cabinet, lambda: NOW - timedelta(days=days), monotonic=lambda: 10.0)
    row = recorder.take(
        Raised(camera="C1", rule="r", kind=Kind.FIRE, zone="z", began=9, at=10, why={}, snapshot=body, boxes=())
    )
    assert row is not None
    if over:
        recorder.take(Ended(camera="C1", rule="r", held=10.0))
    kept = store.get(VIOLATIONS, row.code, scope=SYSTEM_SCOPE)
    assert isinstance(kept.record, Violation)
    record = kept.record.model_copy(update={"film": "kept", **told})
    edit = Put(layer=VIOLATIONS.id, record=record, expected=kept.version)
    store.commit([edit], actor=ANALYST, reason="test", scope=SYSTEM_SCOPE)
    return row.code


def files(cabinet: Cabinet, code: str) -> int:
    return sum(one.path.is_file() for one in cabinet.of(VIOLATIONS, code, scope=SYSTEM_SCOPE))


def test_what_is_false_or_unjudged_goes_after_its_days_and_then_the_oldest_false_beyond_the_share_of_the_disk(
    store: Store, tmp_path: Path
) -> None:
    cabinet, now = Cabinet(store, tmp_path / "files", lambda: NOW, largest=10_000), [0.0]
    terms = Terms(days={"rejected": 30, "pending": 180}, share=0.3)
    alike = b"\xff\xd8" + 98 * b"a"
    false = event(store, cabinet, 31, alike, verdict="rejected")
    old = event(store, cabinet, 200, b"\xff\xd8" + 98 * b"b")
    stays = [
        event(store, cabinet, 900, alike, verdict="confirmed"),
        event(store, cabinet, 900, b"\xff\xd8c", verdict="rejected", case_code="JC1"),
        event(store, cabinet, 900, b"\xff\xd8d", over=False),
        event(store, cabinet, 100, b"\xff\xd8e"),
    ]
    named = event(store, cabinet, 900, b"\xff\xd8f", verdict="rejected")
    line = IncidentEntry(
        code="SJ20261129-0001/0001", incident="SJ20261129-0001", number=1, kind="note", at=NOW, happened_at=NOW,
        by="值班员", text="见视频", refs=(f"violations/{named}",), area="990106201",
    )  # fmt: skip
    store.commit([Put(layer=INCIDENT_LOG.id, record=line)], actor=ANALYST, reason="test", scope=SYSTEM_SCOPE)
    retention = Retention(store, cabinet, lambda: NOW, terms, disk=lambda: ROOM, monotonic=lambda: now[0])

    assert retention.step() == 2 <= BATCH
    assert retention.step() == retention.step() == 0, "and nothing is looked for until the next sweep"
    assert [files(cabinet, one) for one in (false, old, *stays, named)] == [0, 0, 1, 1, 1, 1, 1]
    told = one_event(store, cabinet, false, scope=SYSTEM_SCOPE, lang=Lang.ZH, now=NOW)
    assert (told["cleared"]["rule"], told["files"]) == ("误报满 30 天", [])
    row = store.get(VIOLATIONS, old, scope=SYSTEM_SCOPE).record
    assert isinstance(row, Violation)
    assert (row.cleared_at, row.cleared_by, row.film) == (NOW, "pending 180", "cleared")
    last = store.feed(after=store.head() - 1, scope=SYSTEM_SCOPE)[0]
    assert last.actor == ANALYST.id

    first = event(store, cabinet, 3, b"\xff\xd8" + 98 * b"g", verdict="rejected")
    second = event(store, cabinet, 2, b"\xff\xd8" + 148 * b"h", verdict="rejected")
    assert retention.step() == 0
    now[0] += SWEPT
    assert retention.step() == 1, "the oldest false one makes room enough: 362 bytes of 300 that may be"
    assert [files(cabinet, one) for one in (first, second, *stays, named)] == [0, 1, 1, 1, 1, 1, 1]


def test_a_file_of_two_events_stays_until_the_later_one_lets_it_go(store: Store, tmp_path: Path) -> None:
    cabinet = Cabinet(store, tmp_path / "files", lambda: NOW, largest=10_000)
    terms = Terms(days={"rejected": 30, "pending": 180}, share=1.0)
    body = b"\xff\xd8alike"
    first = event(store, cabinet, 31, body, verdict="rejected")
    later = event(store, cabinet, 20, body, verdict="rejected")
    path = cabinet.of(VIOLATIONS, later, scope=SYSTEM_SCOPE)[0].path
    now = Retention(store, cabinet, lambda: NOW, terms, disk=lambda: ROOM)
    then = Retention(store, cabinet, lambda: NOW + timedelta(days=11), terms, disk=lambda: ROOM)

    assert (now.sweep(), files(cabinet, first), files(cabinet, later), path.is_file()) == (1, 0, 1, True)
    assert (then.sweep(), files(cabinet, later), path.is_file()) == (1, 0, False)


def test_a_server_beside_which_nothing_is_analysed_clears_what_is_due_unless_another_process_does(
    tmp_path: Path,
) -> None:
    system = assemble(Settings(data=tmp_path / "data", render_workers=1), clock=lambda: NOW)
    try:
        row = Camera(
            code="C1", name="东门", area="990106201", sensitivity=CAMERAS.sensitivity,
            geometry=shapely.Point(121.9, 33.1),
        )  # fmt: skip
        system.store.commit([Put(layer=CAMERAS.id, record=row)], actor=ANALYST, reason="test", scope=SYSTEM_SCOPE)
        code = event(system.store, system.cabinet, 31, b"\xff\xd8a", verdict="rejected")
        other = open_turn(system.settings.data, system.settings.database_url, EVIDENCE)
        assert other.held()
        assert (clear_evidence(system), files(system.cabinet, code)) == (0, 1)
        other.release()
        assert (clear_evidence(system), files(system.cabinet, code), clear_evidence(system)) == (1, 0, 0)
    finally:
        system.close()
