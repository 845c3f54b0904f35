"""The OpenAPI document: every rule of the site is in it, and it is one that others' software reads."""

import re
from typing import Any

import jsonschema
import pytest

from app.openapi import KEY_IN_PATH, document
from app.openapi_parameters import BODIES, NO_BODY, PARAMETERS
from app.openapi_words import IN_PATH, SUMMARIES
from app.policy import RULES, Access
from core.caller import Right
from tests.matrix.conftest import Site


@pytest.fixture(scope="module")
def told(site: Site) -> dict[str, Any]:
    answer = site.of("city").get("/api/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def operations(told: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {(path, method): one for path, given in told["paths"].items() for method, one in given.items()}


def test_every_rule_is_told_with_what_it_needs(told: dict[str, Any]) -> None:
    found = operations(told)
    for rule in RULES:
        path = rule.path.replace(":path}", "}")
        for method in rule.methods - {"HEAD"}:
            one = found.pop((path, method.lower()))
            if rule.needs is Access.EVERYONE:
                assert one["x-public"] is True, path
                assert one["security"] == [], path
                continue
            assert "x-public" not in one, path
            rights = [] if rule.needs is Access.SIGNED_IN else sorted(rule.needs)
            assert one["x-rights"] == rights, path
            assert {"session": []} in one["security"]
            assert ({"basic": []} in one["security"]) == path.startswith("/ogc/")
            assert one.get("x-key-in-path", KEY_IN_PATH) == KEY_IN_PATH
    assert not found


def test_it_is_openapi_3_1_and_schemathesis_reads_every_operation(told: dict[str, Any]) -> None:
    import schemathesis  # every worker collects, and one asks

    assert told["openapi"] == "3.1.0"
    schema = schemathesis.openapi.from_dict(told)
    schema.validate()  # against the JSON Schema of OpenAPI 3.1 that schemathesis brings
    read = [one.ok() for one in schema.get_all_operations()]
    assert len(read) == len(operations(told))


def test_every_schema_in_it_is_one_and_no_operation_is_called_like_another(told: dict[str, Any]) -> None:
    found = operations(told)
    names = [one["operationId"] for one in found.values()]
    assert len(names) == len(set(names))
    for (path, _), one in found.items():
        assert one["summary"], path
        assert one["responses"], path
        named = {given["name"] for given in one["parameters"] if given["in"] == "path"}
        assert all("{" + name + "}" in path for name in named)
        assert path.count("{") == len(named)
        for given in one["parameters"]:
            jsonschema.Draft202012Validator.check_schema(given["schema"])
        for body in one.get("requestBody", {}).get("content", {}).values():
            jsonschema.Draft202012Validator.check_schema(body["schema"])


def test_every_path_parameter_is_described_and_every_summary_has_both_languages(told: dict[str, Any]) -> None:
    for (path, method), one in operations(told).items():
        zh, _, en = one["summary"].partition(" / ")
        assert zh.strip(), (method, path)
        assert en.strip(), (method, path)
        for given in one["parameters"]:
            if given["in"] == "path":
                assert given["required"] is True
                assert " / " in given["description"], (path, given["name"])


def test_every_change_has_a_body_or_says_that_it_has_none(told: dict[str, Any]) -> None:
    for (path, method), one in operations(told).items():
        if method == "get":
            assert "requestBody" not in one, path
            continue
        assert ("requestBody" in one) != one.get("x-no-body", False), (method, path)


def test_nothing_is_told_of_a_door_that_is_none() -> None:
    paths = {rule.path for rule in RULES}
    doors = {f"{method} {rule.path}" for rule in RULES for method in rule.methods - {"HEAD"}}
    assert set(SUMMARIES) == doors
    assert set(PARAMETERS) <= doors | paths
    posted = {rule.path for rule in RULES if "POST" in rule.methods}
    written = {door for door in doors if door.startswith(("PUT ", "PATCH "))}
    assert set(BODIES) | NO_BODY == posted | written
    assert set(BODIES).isdisjoint(NO_BODY)
    named = {name for rule in RULES for name in re.findall(r"\{([a-z_]+)", rule.path)}
    assert named == set(IN_PATH)


def test_rights_are_named_as_roles_hold_them() -> None:
    told = document(RULES)
    named = {right for one in operations(told).values() for right in one.get("x-rights", ())}
    assert named <= {str(right) for right in Right}
