"""Dash tells everybody of every callback: each asks for its own right, and takes only what it declares."""

from pathlib import Path
from typing import Any

import pytest
from starlette.routing import Mount, Route, WebSocketRoute

from app.callbacks import unguarded
from app.policy import GET, RULES, Access, Policy, Rule
from app.problems import NOT_YOURS
from app.settings import Settings
from app.site import build
from app.wiring import assemble
from core.caller import Right
from tests.matrix.conftest import Site

HALL = "..hall-top.children...hall-side.children.."
REFRESH: dict[str, Any] = {
    "output": HALL,
    "outputs": [{"id": "hall-top", "property": "children"}, {"id": "hall-side", "property": "children"}],
    "inputs": [{"id": "beat", "property": "data", "value": 1}],
    "changedPropIds": ["beat.data"],
    "state": [],
}
DOOR = "/_dash-update-component"


def test_a_route_without_a_rule_is_named() -> None:
    async def nothing(_: object) -> None: ...

    policy = Policy([Rule("/known", GET, Access.EVERYONE)])
    routes = [
        Route("/known", nothing), Route("/known", nothing, methods=["POST"]), Route("/new/{key}", nothing),
        Mount("/folder", nothing), WebSocketRoute("/socket", nothing),
    ]  # fmt: skip
    assert policy.uncovered(routes) == [
        "POST /known", "GET /new/{key}", "HEAD /new/{key}", "GET /folder/{rest:path}",
    ]  # fmt: skip


def test_no_two_rules_contradict_each_other() -> None:
    named = [(rule.path, method) for rule in RULES for method in rule.methods]
    assert len(named) == len(set(named))


def test_every_callback_of_the_site_says_whom_it_is_for(tmp_path: Path) -> None:
    system = assemble(Settings(data=tmp_path))
    try:
        site = build(system)
        (callbacks,) = [one.kwargs["callbacks"] for one in site.user_middleware if one.cls.__name__ == "CallbackDoor"]
    finally:
        system.close()
    assert HALL in callbacks
    assert not unguarded(callbacks)
    assert callbacks[HALL]["callback"].needs == {Right.HALL}


def test_a_callback_that_names_nobody_is_found() -> None:
    def shown() -> None: ...

    assert unguarded({"a.children": {"callback": shown}, "in-the-browser.children": {}}) == ["a.children"]


def test_the_hall_answers_who_may_open_it(site: Site) -> None:
    for name in ("city", "district", "kiosk"):
        answer = site.of(name).post(DOOR, json=REFRESH)
        assert answer.status_code == 200, (name, answer.text)
        assert "hall-side" in answer.text


@pytest.mark.parametrize("name", ["admin", "auditor", "enterprise", "intermediary", "agency"])
def test_the_halls_callback_is_refused_without_its_right_and_leaks_nothing(site: Site, name: str) -> None:
    answer = site.of(name).post(DOOR, json=REFRESH)
    assert answer.status_code == 403
    assert answer.json()["title"] == NOT_YOURS.zh
    assert "hall" not in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"output": "none.children"}, 404), ({"output": 7}, 404), ({"output": None}, 404),
        ({"inputs": []}, 400), ({"inputs": "x"}, 400), ({"inputs": [7]}, 400), ({"inputs": None}, 400),
        ({"inputs": [{"id": "other", "property": "data", "value": 1}]}, 400),
        ({"state": [{"id": "x", "property": "y"}]}, 400), ({"changedPropIds": [1]}, 400),
        ({"changedPropIds": "beat.data"}, 400), ({"outputs": []}, 400), ({"outputs": [1, 2]}, 400),
        ({"outputs": {"id": "hall-top", "property": "children"}}, 400),
    ],
)  # fmt: skip
def test_what_a_callback_does_not_declare_is_refused(site: Site, change: dict[str, Any], status: int) -> None:
    answer = site.of("city").post(DOOR, json={**REFRESH, **change})
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"7", b'"x"', b"\xff", b"{}", b"x" * (1 << 20)])
def test_what_is_no_callback_is_refused(site: Site, body: bytes) -> None:
    answer = site.of("city").post(DOOR, content=body, headers={"content-type": "application/json"})
    assert answer.status_code in (400, 404, 413), answer.text


@pytest.mark.parametrize("where", [7, None, {"a": 1}, ["/map"], "/none"])
def test_a_page_that_is_none_is_said_to_be_none(site: Site, where: object) -> None:
    body = {
        "output": "page.children", "outputs": {"id": "page", "property": "children"},
        "state": [{"id": "at", "property": "search", "value": ""}],
        "inputs": [{"id": "at", "property": "pathname", "value": where}], "changedPropIds": ["at.pathname"],
    }  # fmt: skip
    assert site.of("city").post(DOOR, json=body).status_code == 200
