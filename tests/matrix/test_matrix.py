"""Every rule of the policy and everybody who may come: let in exactly when the rule says so, asked from outside."""

from contextlib import nullcontext

import httpx
import pytest

from app.auth.opening import open_identity
from app.policy import RULES, Access, Rule
from app.problems import NOT_YOURS, SIGN_IN
from tests.matrix.conftest import Site
from tests.matrix.examples import EXAMPLES, Example
from tests.matrix.people import Person, client, session

DOORS = [(method, rule) for rule in RULES for method in EXAMPLES if method in rule.methods]
NAMES = [f"{method} {rule.path}" for method, rule in DOORS]
CHANGES = [(method, rule) for method, rule in DOORS if method not in ("GET", "OPTIONS")]
EVERYBODY = (
    "city", "duty", "district", "north", "town", "committee", "enterprise", "intermediary", "public", "admin",
    "auditor", "team", "agency", "gateway", "notifier", "agency-in-path", "kiosk", "gone", "lapsed", "stranger",
    "forger", "forger-of-keys",
)  # fmt: skip


FIRST = [next(pair for pair in DOORS if pair[1].needs == needs) for needs in {rule.needs: None for _, rule in DOORS}]
"""A door of each right there is."""


def callers(site: Site, method: str, rule: Rule) -> list[Person]:
    """Everybody who is asked to try a door.

    One guard stands at all doors; what the second engine decides is who somebody is and what a door finds. So there
    everybody tries one door of each right, and the others are tried by one who may enter and one whose time is over.
    """
    everybody = [one for one in site.people.values() if rule.path.startswith("/ogc/") or not one.in_path]
    if site.database is None or (method, rule) in FIRST:
        return everybody
    return [next(one for one in everybody if may_enter(one, rule)), site.people["lapsed"]]


def may_enter(person: Person, rule: Rule) -> bool:
    """What the rule says of somebody, told from their rights alone."""
    if rule.needs is Access.EVERYONE:
        return True
    if person.rights is None:
        return False
    return rule.needs is Access.SIGNED_IN or bool(person.rights & rule.needs)


def asked(browser: httpx.Client, person: Person, method: str, example: Example) -> tuple[bool, int]:
    """Whether the guard let a request in, and the status; a stream is left at its first words."""
    path = example.path.replace("/ogc", f"/ogc/k/{person.key}", 1) if person.in_path else example.path
    address = path + ("?" + example.query if example.query else "")
    with browser.stream(method, address, json=example.body) as answer:
        stream = answer.headers.get("content-type", "").startswith("text/event-stream")
        body = "" if stream else answer.read().decode("utf-8", "replace")
        refused = (
            answer.status_code == 401 and (SIGN_IN.zh in body or "Basic" in answer.headers.get("www-authenticate", ""))
        ) or (answer.status_code == 403 and NOT_YOURS.zh in body)
        return not refused, answer.status_code


def test_everybody_is_in_the_matrix(site: Site) -> None:
    assert set(site.people) == set(EVERYBODY)


@pytest.mark.parametrize(("method", "rule"), DOORS, ids=NAMES)
def test_a_door_lets_in_whom_its_rule_names_and_nobody_else(site: Site, method: str, rule: Rule) -> None:
    example = EXAMPLES[method].get(rule.path)
    assert example is not None, f"tests/matrix/examples.py has no example of {method} {rule.path}"
    wrong, broken = [], []
    for person in callers(site, method, rule):
        with _throwaway(site, person) if example.own else nullcontext(site.of(person.name)) as browser:
            entered, status = asked(browser, person, method, example)
        if entered != may_enter(person, rule):
            wrong.append(f"{person.name}: {status}, though the rule says {'in' if may_enter(person, rule) else 'out'}")
        if status >= 500:
            broken.append(f"{person.name}: {status}")
    assert not wrong
    assert not broken


@pytest.mark.parametrize(("method", "rule"), CHANGES, ids=[f"{method} {rule.path}" for method, rule in CHANGES])
def test_no_door_takes_a_change_that_comes_from_another_site(site: Site, method: str, rule: Rule) -> None:
    example = EXAMPLES[method][rule.path]
    where = example.path + ("?" + example.query if example.query else "")
    for headers in ({"origin": "http://evil.example"}, {"sec-fetch-site": "cross-site"}, {}):
        cookies = {"onemap_session": site.people["city"].cookie}
        answer = httpx.request(
            method, site.address + where, json=example.body, headers=headers, cookies=cookies, timeout=60
        )
        assert answer.status_code == 403, headers


def test_no_example_is_of_a_rule_that_is_gone() -> None:
    rules = {(method, rule.path) for method, rule in DOORS}
    assert {(method, path) for method, found in EXAMPLES.items() for path in found} <= rules


def _throwaway(site: Site, person: Person) -> httpx.Client:
    """The same person with a session that may end."""
    if not person.cookie or person.rights is None or person.name == "kiosk":
        return client(site.address, person)
    identity = open_identity(site.data, site.database)
    try:
        return client(site.address, Person(person.name, person.rights, cookie=session(identity, person.name)))
    finally:
        identity.close()
