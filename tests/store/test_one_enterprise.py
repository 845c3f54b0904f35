"""Two records of an enterprise merged: page, card, lists, statistics and licences show one; un-merged, two again."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import shapely

from app.doors.case_lists import Lists
from app.systems import FUNCTIONS, SYSTEMS
from casework.procedures import Procedures
from core.actors import SYSTEM_ACTOR, Actor
from core.caller import Caller, UserClass
from core.errors import NotFoundError
from core.scope import SYSTEM_SCOPE, Scope, Sensitivity
from core.texts import Lang
from dashboards.queries import firmcases
from dashboards.queries.card import card
from dashboards.queries.dossier import dossier
from dashboards.queries.firmcases import Firm
from layers.catalogue import CATALOGUE, DANGERS, ENTERPRISES, RISK_SCORES
from layers.catalogue.complaints import Complaint
from layers.catalogue.dangers import Danger
from layers.catalogue.enforcement import Penalty
from layers.catalogue.enterprises import Enterprise, Site
from layers.catalogue.licences import Licence
from layers.catalogue.risk import RiskScore
from layers.record import Record
from store.audit import AuditLog
from store.feed import Put
from store.merging import Desk, merge
from store.protocol import Store
from store.query import EVERYTHING
from store.unmerging import unmerge
from tests.store.conftest import Opened

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
KEEP, DROP, OTHER = "91990106MATYEK5E8U", "91990106MAGULL427N", "91990106MAOTHER00X"
AREA, HERE = "990106201", shapely.Point(121.8, 33.2)
CITY = Scope(areas=("9901",), clearance=Sensitivity.SENSITIVE)
PART: dict[str, Any] = {"area": AREA, "geometry": HERE, "sensitivity": Sensitivity.INTERNAL}


def put(store: Store, *rows: tuple[str, Record]) -> None:
    edits = [Put(layer=layer, record=record) for layer, record in rows]
    store.commit(edits, actor=SYSTEM_ACTOR, reason="登记", scope=SYSTEM_SCOPE)


def firm(uscc: str, name: str) -> tuple[str, Record]:
    return "enterprises", Enterprise(uscc=uscc, name=name, short_name=name, sector="hazchem", area=AREA, geometry=HERE)


def running(code: str, of: str, title: str, **more: Any) -> dict[str, Any]:
    return {
        "code": code, "title": title, "enterprise": of, "enterprise_name": f"立案时的{of[-3:]}", "sector": "hazchem",
        "turn": "officer", "opened_at": NOW - timedelta(days=9), "opened_month": "2026-11",
        "state_since": NOW - timedelta(days=9), "steps": 1, **PART, **more,
    }  # fmt: skip


def danger(number: int, of: str, **more: Any) -> tuple[str, Record]:
    about = {"found_at": NOW - timedelta(days=9), "place": "罐区", "state": "reported"}
    return "dangers", Danger(**running(f"YH2026-{number:06d}", of, f"隐患{number}", **about | more))


def penalty(number: int, of: str, amount: float) -> tuple[str, Record]:
    told = running(f"CF2026-{number:06d}", of, f"处罚{number}", state="archived", turn="", decided_at=NOW,
                   closed_at=NOW, amount=amount)  # fmt: skip
    return "penalties", Penalty(**told)


def licence(number: int, of: str, until: date) -> tuple[str, Record]:
    return "licences", Licence(
        code=f"ZZ2026-{number:06d}", number=f"证{number}", kind="hazchem-operation", enterprise=of,
        valid_until=until, **PART,
    )  # fmt: skip


def site(code: str, of: str) -> tuple[str, Record]:
    ground = shapely.MultiPolygon([HERE.buffer(0.001).envelope])
    return "sites", Site(code=code, name=f"厂区{code}", enterprise=of, **PART | {"geometry": ground})


def graded(of: str, score: float = 10.0) -> tuple[str, Record]:
    return "risk_scores", RiskScore(enterprise=of, model="2026-1", label="试", computed_at=NOW, score=score, **PART)


@pytest.fixture
def city(opened: Opened) -> Store:
    store = opened(CATALOGUE)
    put(
        store, firm(KEEP, "信禾助剂有限公司"), firm(DROP, "信禾助剂(老档)"), firm(OTHER, "海星化工"),
        site("S1", KEEP), site("S2", DROP), licence(1, KEEP, NOW.date() + timedelta(days=400)),
        licence(2, DROP, NOW.date() + timedelta(days=20)), licence(3, DROP, NOW.date() - timedelta(days=3)),
        danger(1, KEEP), danger(2, DROP, due_at=NOW - timedelta(days=2)), danger(3, OTHER),
        penalty(1, DROP, 20_000.0), penalty(2, KEEP, 5_000.0), graded(KEEP), graded(DROP),
    )  # fmt: skip
    put(store, graded(KEEP, 12.0))  # computed more often than the other's
    return store


def asking(store: Store, key: str, scope: Scope = CITY) -> Firm:
    states = Procedures(store, lambda: NOW, FUNCTIONS).titles_of
    return Firm(store=store, key=key, now=NOW, scope=scope, lang=Lang.ZH, states=states)


def told_of(store: Store, key: str, scope: Scope = CITY, **asked: Any) -> dict[str, Any]:
    return dossier(asking(store, key, scope), SYSTEMS, None, **asked)


def seen(store: Store, tmp_path: Path, key: str) -> dict[str, Any]:
    """What each place says of one enterprise: keys of rows and counts."""
    told = told_of(store, key)
    officer = Caller(actor=Actor(id="o", name="周敏", door="page"), scope=CITY, user_class=UserClass.REGULATOR)
    audit = AuditLog(f"sqlite:///{tmp_path / 'audit.db'}")
    lists = Lists(store=store, systems=SYSTEMS, procedures=Procedures(store, lambda: NOW, FUNCTIONS), audit=audit,
                  clock=lambda: NOW)  # fmt: skip
    listed = lists.listed(officer, {"system": "hidden-danger", "enterprise": key})
    shown = card(store, None, ENTERPRISES, key, NOW, scope=CITY, lang=Lang.ZH, systems=SYSTEMS)
    cases = {one["system"]: one for one in told.get("cases", [])}
    sections = {one["id"]: one for one in told.get("sections", [])}
    on_card = {one["system"]: one for one in shown["cases"]}
    permits = next(one for one in shown["sections"] if one["id"] == "permits")
    return {
        "dangers": sorted(row["code"] for row in cases["hidden-danger"]["rows"]) if cases else [],
        "listed": sorted(row["code"] for row in listed["rows"]),
        "names": {row["enterprise_name"] for row in listed["rows"]},
        "fines": cases["penalty"]["fines"] if cases else 0,
        "licences": sorted(row["key"] for row in sections["licences"]["rows"]) if sections else [],
        "sites": sorted(row["key"] for row in sections["sites"]["rows"]) if sections else [],
        "card": (on_card["hidden-danger"]["total"], on_card["penalty"]["closed"], permits["total"]),
        "statistics": lists.statistics(officer, {"system": "hidden-danger"})["total"],
        "into": None if told["into"] is None else told["into"]["key"],
    }


APART = {
    "dangers": ["YH2026-000001"], "listed": ["YH2026-000001"], "names": {"信禾助剂有限公司"}, "fines": 5_000.0,
    "licences": ["ZZ2026-000001"], "sites": ["S1"], "card": (1, 1, 1), "statistics": 3, "into": None,
}  # fmt: skip


def test_every_system_shows_one_enterprise_after_a_merge_and_two_again_after_it_is_undone(
    city: Store, tmp_path: Path
) -> None:
    assert seen(city, tmp_path, KEEP) == APART
    clerk = Desk(store=city, layer=ENTERPRISES, actor=SYSTEM_ACTOR, scope=SYSTEM_SCOPE)
    merge(clerk, KEEP, DROP, reason="重复建档")
    assert seen(city, tmp_path, KEEP) == {
        "dangers": ["YH2026-000001", "YH2026-000002"], "listed": ["YH2026-000001", "YH2026-000002"],
        "names": {"信禾助剂有限公司"}, "fines": 25_000.0, "sites": ["S1", "S2"],
        "licences": ["ZZ2026-000001", "ZZ2026-000002", "ZZ2026-000003"], "card": (2, 2, 3), "statistics": 3,
        "into": None,
    }  # fmt: skip
    gone = seen(city, tmp_path, DROP)
    assert (gone["into"], gone["dangers"], gone["listed"], gone["card"]) == (KEEP, [], [], (0, 0, 0))
    history = told_of(city, KEEP)["history"]
    assert [(one["version"], one["change"]) for one in history] == [(2, "并档"), (1, "台账修改")]
    assert [row["key"] for row in told_of(city, KEEP)["merged"]["rows"]] == [DROP]
    assert city.verify().findings == ()
    unmerge(clerk, DROP, reason="并错了")
    assert seen(city, tmp_path, KEEP) == APART
    assert seen(city, tmp_path, DROP)["dangers"] == ["YH2026-000002"]
    assert city.verify().findings == ()
    assert city.count(RISK_SCORES, EVERYTHING, scope=SYSTEM_SCOPE) == 2


def test_what_is_late_comes_first_and_a_system_or_a_year_leaves_only_its_own(city: Store) -> None:
    put(city, danger(4, KEEP, due_at=NOW - timedelta(hours=1)), danger(5, KEEP, closed_at=NOW, turn=""),
        danger(6, KEEP, opened_at=NOW - timedelta(days=400)))  # fmt: skip
    told = told_of(city, KEEP)
    dangers = next(one for one in told["cases"] if one["system"] == "hidden-danger")
    counts = {name: dangers[name] for name in ("total", "open", "overdue", "standing", "closed")}
    assert counts == {"total": 4, "open": 3, "overdue": 1, "standing": 0, "closed": 1}
    assert (dangers["rows"][0]["code"], dangers["rows"][-1]["code"]) == ("YH2026-000004", "YH2026-000005")
    assert dangers["years"] == [2026, 2025]
    assert [one["system"] for one in told_of(city, KEEP, system="penalty")["cases"]] == ["penalty"]
    earlier = told_of(city, KEEP, year=2025)["cases"]
    assert sum(one["total"] for one in earlier) == 1
    assert {one["id"]: one["total"] for one in told["sections"]}["accidents"] == 0, "said, not left out"


def test_of_more_cases_than_are_read_the_counts_are_those_of_all_and_open_ones_are_told(
    city: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(firmcases, "MOST", 3)
    put(city, *(danger(1000 + n, OTHER, closed_at=NOW, turn="", opened_at=NOW) for n in range(5)))
    dangers = next(one for one in told_of(city, OTHER)["cases"] if one["system"] == "hidden-danger")
    assert (dangers["total"], dangers["open"], dangers["closed"]) == (6, 1, 5)
    assert [row["code"] for row in dangers["rows"]] == ["YH2026-000003"]


def test_an_account_of_an_enterprise_meets_its_own_alone_and_what_is_kept_is_not_counted(city: Store) -> None:
    own = Scope(areas=("990106",), clearance=Sensitivity.SENSITIVE, enterprises=frozenset({OTHER}))
    put(city, ("complaints", Complaint(**running("JB2026-000001", "", "举报", accused=OTHER, place="厂区"))))
    counts = {one["system"]: one["total"] for one in told_of(city, OTHER)["cases"]}
    assert counts["complaint"] == 1
    theirs = told_of(city, OTHER, own)
    assert theirs["name"] == "海星化工"
    assert "complaint" not in {one["system"] for one in theirs["cases"]}, "not even that there are none"
    with pytest.raises(NotFoundError):
        told_of(city, KEEP, own)
    outside = Scope(areas=("990104",), clearance=Sensitivity.SENSITIVE)
    with pytest.raises(NotFoundError):
        told_of(city, KEEP, outside)
    fewer = Scope(areas=("9901",), clearance=Sensitivity.INTERNAL, layers=frozenset({"enterprises", DANGERS.id}))
    told = told_of(city, KEEP, fewer)
    assert [one["system"] for one in told["cases"]] == ["hidden-danger"]
    assert told["sections"] == []
