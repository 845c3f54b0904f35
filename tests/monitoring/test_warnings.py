import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from app.auth.roles import BUILT_IN
from core.actors import Actor
from core.clock import CHINA, utc_now
from core.errors import BadInputError, ConflictError, FaultsError
from core.scope import SYSTEM_SCOPE, Scope, Sensitivity
from core.texts import Lang
from dashboards.queries.warnings import warnings_standing
from layers.catalogue import WARNING_PAPERS, WARNINGS
from layers.codes import code_list
from monitoring.warnings import Case, Person, State, Step, drafted, message, taken
from monitoring.warnings.cap import (
    CATEGORY,
    CERTAINTY,
    MESSAGE,
    RESPONSE,
    SCOPE,
    SEVERITY,
    STATUS,
    URGENCY,
    Alert,
    Area,
    Info,
    read,
    written,
)  # fmt: skip
from monitoring.warnings.levels import levels
from monitoring.warnings.life import ITEMS, NEXT
from store.feed import Put
from store.query import EVERYTHING
from tests.blank import blank_city

NOON = datetime(2026, 11, 28, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)
WANG, LI = Person(account="wang", name="王敏"), Person(account="li", name="李强")
OFFICIAL = Path(os.environ.get("ONEMAP_TEST_DATA", "-")) / "cap" / "CAP-v1.2.xsd"
ITEMS_GIVEN = {
    "title": "盐港化工园区液氯泄漏预警", "kind": "hazchem", "level": 2, "starts_at": NOON, "ends_at": NOON + 6 * HOUR,
    "extent": "盐港化工园区及下风向 2 公里", "cautions": "液氯储罐压力持续升高,可能泄漏",
    "measures": "关闭门窗,向上风向撤离",
    "issuer": "云澜市应急管理局", "areas": ("990106201", "990106001"), "responses": ("Shelter", "Evacuate"),
    "title_en": "Chlorine release possible, Yangang park", "contact": "12350",
    "geometry": shapely.MultiPolygon([
        shapely.box(121.7, 33.1, 121.72, 33.12), shapely.box(121.8, 33.1, 121.9, 33.2),
        shapely.Polygon([(121.75, 33.1), (121.75022, 33.10054), (121.750001, 33.100001)]),  # left where one was cut
    ]),
}  # fmt: skip


def valid(body: bytes) -> None:
    document = etree.fromstring(body)
    etree.RelaxNG(etree.parse(Path(__file__).with_name("cap12.rng"))).assertValid(document)
    if OFFICIAL.exists():
        etree.XMLSchema(etree.parse(OFFICIAL)).assertValid(document)


def published() -> Case:
    case = drafted("YJ20261128-0001", WANG, NOON, **ITEMS_GIVEN)
    return taken(taken(case, Step.APPROVE, LI, NOON), Step.PUBLISH, LI, NOON + timedelta(minutes=5))


def test_a_warning_without_one_of_the_eight_items_is_not_approved() -> None:
    assert len(ITEMS) == 8
    for name in ("starts_at", "extent", "cautions", "measures", "issuer"):
        items = {key: value for key, value in ITEMS_GIVEN.items() if key != name}
        with pytest.raises(FaultsError) as refused:
            taken(drafted("YJ20261128-0002", WANG, NOON, **items), Step.APPROVE, LI, NOON)
        assert [fault.field for fault in refused.value.faults] == [name]


def test_who_drafts_does_not_approve_and_a_change_needs_approval_again() -> None:
    case = drafted("YJ20261128-0003", WANG, NOON, **ITEMS_GIVEN)
    with pytest.raises(ConflictError, match="拟稿人"):
        taken(case, Step.APPROVE, WANG, NOON)
    with pytest.raises(ConflictError, match="draft"):
        taken(case, Step.PUBLISH, LI, NOON)
    changed = taken(published(), Step.CHANGE, LI, NOON + HOUR, level=1)
    with pytest.raises(ConflictError):
        taken(changed, Step.PUBLISH, LI, NOON + HOUR)
    with pytest.raises(ConflictError, match="拟稿人"):
        taken(changed, Step.APPROVE, LI, NOON + HOUR)


def test_while_a_change_is_in_hand_the_warning_before_stands() -> None:
    case = published()
    assert case.in_force(NOON + HOUR)
    changed = taken(case, Step.CHANGE, WANG, NOON + HOUR, level=1)
    assert (changed.standing, changed.paper.level) == (case.standing, 1)
    dropped = taken(changed, Step.WITHDRAW, WANG, NOON + HOUR)
    assert (dropped.state, dropped.paper.level) == (State.PUBLISHED, 2)
    again = taken(taken(changed, Step.APPROVE, LI, NOON + HOUR), Step.PUBLISH, LI, NOON + HOUR)
    assert again.standing is not None
    assert (again.standing.level, again.standing.revision) == (1, 2)
    lifted = taken(changed, Step.LIFT, LI, NOON + 2 * HOUR, why="压力已恢复正常")
    assert lifted.standing is not None
    assert (lifted.standing.level, lifted.standing.state, lifted.steps) == (2, "lifted", ())
    assert not lifted.in_force(NOON + 2 * HOUR)
    with pytest.raises(FaultsError, match="解除事由"):
        taken(case, Step.LIFT, LI, NOON + HOUR)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(Step), max_size=12))
def test_whatever_is_tried_what_stands_was_approved_by_another_and_is_whole(steps: list[Step]) -> None:
    case = drafted("YJ20261128-0004", WANG, NOON, **ITEMS_GIVEN)
    for step in steps:
        items = {"level": case.paper.level % 4 + 1} if step in (Step.EDIT, Step.CHANGE) else {}
        by = LI if step is Step.APPROVE else WANG
        before = case
        try:
            case = taken(case, step, by, NOON + HOUR, why="危险已解除" if step is Step.LIFT else "", **items)
        except ConflictError:
            assert (before.state, step) not in NEXT
            continue
        assert case.state is NEXT[before.state, step]
        if case.standing is not None and case.standing is not before.standing:
            assert step in (Step.PUBLISH, Step.LIFT)
            assert all(getattr(case.standing, name) for name in ITEMS)
            assert step is Step.LIFT or before.paper.approved_account == "li"
            valid(written(message(case.standing, "yjj.yunlan.example")))


def test_update_and_cancel_name_the_messages_before_them() -> None:
    case = published()
    assert case.standing is not None
    first = message(case.standing, "yjj.yunlan.example")
    assert (first.message, first.references, len(first.infos)) == ("Alert", (), 2)
    zh, en = first.infos
    assert (zh.language, zh.severity, zh.categories, zh.urgency) == (
        "zh-CN",
        "Severe",
        ("CBRNE", "Safety"),
        "Immediate",
    )
    assert zh.headline == "二级(橙色) 盐港化工园区液氯泄漏预警"
    assert en.headline == "Level II (orange) Chlorine release possible, Yangang park"
    assert [len(area.polygons) for area in zh.areas] == [2]
    assert zh.areas[0].polygons[0][0] == (33.1, 121.72)
    assert zh.areas[0].geocodes == (("GB/T 2260", "990106201"), ("GB/T 2260", "990106001"))
    changed = taken(taken(taken(case, Step.CHANGE, WANG, NOON + HOUR, level=1), Step.APPROVE, LI, NOON + HOUR),
                    Step.PUBLISH, LI, NOON + HOUR)  # fmt: skip
    lifted = taken(changed, Step.LIFT, LI, NOON + 2 * HOUR, why="压力已恢复正常")
    assert changed.standing is not None
    assert lifted.standing is not None
    update, cancel = (message(one, "yjj.yunlan.example") for one in (changed.standing, lifted.standing))
    assert (update.message, update.references) == ("Update", ((first.sender, first.identifier, first.sent),))
    assert (cancel.message, len(cancel.references)) == ("Cancel", 2)
    assert cancel.references[1] == (update.sender, update.identifier, update.sent)
    assert cancel.infos[0].responses == ("AllClear",)
    for one in (first, update, cancel):
        valid(written(one))
        assert read(written(one)) == one
        assert b"Z<" not in written(one)


def test_only_what_is_published_is_public(tmp_path: Path) -> None:
    store = blank_city(tmp_path / "city.gpkg", utc_now)
    actor = Actor(id="test", name="测试", door="cli")
    draft = drafted("YJ20261128-0009", WANG, NOON, **ITEMS_GIVEN)
    rows = [*draft.rows, *published().rows]
    store.commit([Put(layer=layer, record=row) for layer, row in rows], actor=actor, reason="预警", scope=SYSTEM_SCOPE)
    public = Scope(areas=("",), clearance=Sensitivity.PUBLIC)
    firm = Scope(areas=("",), clearance=Sensitivity.SENSITIVE, enterprises=frozenset({"A"}))
    for scope in (public, firm):
        assert store.read(WARNINGS, EVERYTHING, scope=scope)["code"].to_pylist() == ["YJ20261128-0001"]
        assert not WARNING_PAPERS.visible(scope)
    assert store.count(WARNING_PAPERS, EVERYTHING, scope=SYSTEM_SCOPE) == 2
    assert "drafted_by" not in WARNINGS.fields
    (shown,) = warnings_standing(store, scope=public, lang=Lang.ZH, now=NOON + timedelta(days=400))
    assert shown["ends_at"].endswith("已过,尚未解除")
    (shown,) = warnings_standing(store, scope=public, lang=Lang.ZH, now=NOON)
    assert shown["ends_at"].startswith("20")
    assert "已过" not in shown["ends_at"]
    assert {role.id for role in BUILT_IN if role.layers and "warning_papers" in role.layers} == set()
    store.close()


def test_kinds_levels_and_states_are_those_of_the_code_lists() -> None:
    assert set(levels().levels) == {1, 2, 3, 4}
    assert set(levels().categories) == {one.code for one in code_list("warning_kind")}
    assert set(State) == {one.code for one in code_list("warning_state")}
    assert set(RESPONSE) == {one.code for one in code_list("warning_response")}


words = st.text(
    st.characters(min_codepoint=32, max_codepoint=0x9FFF, exclude_categories=("Cs", "Cc")), min_size=1, max_size=20
)
maybe = st.just("") | words
names = st.from_regex(r"[A-Za-z0-9._-]{1,20}", fullmatch=True)
times = st.integers(946_684_800, 4_102_444_800).map(lambda second: datetime.fromtimestamp(second, CHINA))
degrees = st.integers(-8_900_000, 8_900_000).map(lambda n: n / 100_000)
rings = st.lists(st.tuples(degrees, degrees), min_size=3, max_size=5).map(lambda ring: (*ring, ring[0]))
pairs = st.lists(st.tuples(words, maybe), max_size=2).map(tuple)
areas = st.builds(Area, description=words, polygons=st.lists(rings, max_size=2).map(tuple), geocodes=pairs)
infos = st.builds(
    Info, language=st.sampled_from(("zh-CN", "en-US")), event=words, urgency=st.sampled_from(URGENCY),
    categories=st.lists(st.sampled_from(CATEGORY), min_size=1, max_size=2).map(tuple),
    responses=st.lists(st.sampled_from(RESPONSE), max_size=2).map(tuple), severity=st.sampled_from(SEVERITY),
    certainty=st.sampled_from(CERTAINTY), onset=st.none() | times, expires=st.none() | times, sender_name=maybe,
    headline=maybe, description=maybe, instruction=maybe, contact=maybe, parameters=pairs,
    areas=st.lists(areas, max_size=2).map(tuple),
)  # fmt: skip
alerts = st.builds(
    Alert, identifier=names, sender=names, sent=times, status=st.sampled_from(STATUS), message=st.sampled_from(MESSAGE),
    scope=st.sampled_from(SCOPE), note=maybe,
    references=st.lists(st.tuples(names, names, times), max_size=2).map(tuple),
    infos=st.lists(infos, max_size=2).map(tuple),
)  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(alerts)
def test_any_message_is_valid_and_reads_back_the_same(alert: Alert) -> None:
    body = written(alert)
    valid(body)
    assert read(body) == alert


@pytest.mark.parametrize(
    ("was", "now", "field"),
    [
        (b"<status>Actual", b"<status>Actuall", "status"),
        (b"+08:00</sent>", b"Z</sent>", "sent"),
        (b"33.10000,121.72000 ", b"93.1,121.72 ", "polygon"),
        (b"<event>", b"<happening>", "alert"),
        (b"<?xml version='1.0' encoding='UTF-8'?>", b"<!DOCTYPE alert [<!ENTITY a 'b'>]>", "alert"),
        (b"urn:oasis:names:tc:emergency:cap:1.2", b"urn:oasis:names:tc:emergency:cap:1.1", "alert"),
    ],
)
def test_what_is_wrong_in_a_message_is_named(was: bytes, now: bytes, field: str) -> None:
    standing = published().standing
    assert standing is not None
    body = written(message(standing, "yjj.yunlan.example"))
    assert was in body
    with pytest.raises(BadInputError) as refused:
        read(body.replace(was, now))
    assert refused.value.facts["field"] == field
    with pytest.raises(BadInputError, match="sender"):
        replace(read(body), sender="a, b")
