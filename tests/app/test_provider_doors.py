"""Signing in with an identity provider, followed from the button to the map as a browser would."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from app.auth.opening import open_identity
from core.clock import utc_now
from store.audit import Kind
from store.audit.search import Sought
from store.opening import open_audit
from tests.issuer import Issuer, issuer_running
from tests.server import configured_server

RULES = [{"claim": "groups", "value": "yj-city", "role": "regulator", "areas": ["9901"]}]
PAGE = {"accept": "text/html"}


class Town:
    """A server of an empty city, the provider it trusts, and its data folder."""

    def __init__(self, server: str, issuer: Issuer, data: Path) -> None:
        self.server, self.issuer, self.data = server, issuer, data

    def browser(self) -> httpx.Client:
        return httpx.Client(base_url=self.server, timeout=60, headers={"accept": "text/html", "accept-language": "zh"})

    def sent_back(self, browser: httpx.Client, subject: str) -> str:
        """The address the provider sends the browser to, which it has not followed yet."""
        asked = browser.get("/signin/provider?next=/hall")
        assert asked.status_code == 303, asked.text
        return self.issuer.consented(asked.headers["location"], subject)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    data = tmp_path_factory.mktemp("provider")
    with issuer_running() as issuer:
        given = {"oidc_issuer": issuer.address, "oidc_client": "onemap", "oidc_secret": "s3cret-of-the-client"}
        with configured_server(data, oidc_rules=json.dumps(RULES), **given) as server:
            issuer.knows("u-1", name="张晓", preferred_username="zhangxiao", groups=["yj-city"])
            issuer.knows("u-2", name="<b>路人</b>", groups=["canteen"])
            issuer.knows("u-3", name="李", preferred_username="li", groups=["yj-city"])
            yield Town(server, issuer, data)


def refusals(town: Town) -> list[str]:
    audit = open_audit(town.data, None)
    found = [one.entry.where for one in audit.search(Sought(kinds=(Kind.REFUSED,)))]
    audit.close()
    return found


def test_the_button_leads_through_the_provider_to_the_page_that_was_wanted(town: Town) -> None:
    with town.browser() as browser:
        assert "/signin/provider?next=/" in browser.get("/signin").text
        back = browser.get(town.sent_back(browser, "u-1"))
        assert (back.status_code, back.headers["location"]) == (303, "/hall")
        me = browser.get("/api/me").json()
        assert (me["login"], me["name"], me["role"], me["areas"]) == ("zhangxiao", "张晓", "regulator", ["9901"])
        assert "onemap_provider" not in browser.cookies


def test_the_cookie_kept_meanwhile_is_sealed_and_no_script_reads_it(town: Town) -> None:
    with town.browser() as browser:
        line = browser.get("/signin/provider").headers["set-cookie"]
    assert "HttpOnly" in line
    assert "SameSite=lax" in line
    assert "verifier" not in line


def test_what_another_browser_began_is_not_finished_here(town: Town) -> None:
    with town.browser() as one, town.browser() as other:
        address = town.sent_back(one, "u-1")
        stolen = other.get(address)
        assert stolen.status_code == 403
        assert "未能核实您的身份" in stolen.text
        town.sent_back(other, "u-1")
        assert other.get(address).status_code == 403
        assert other.get("/api/me").status_code == 401
    assert refusals(town)[:2] == ["state", "no sign-in under way"]


def test_an_address_that_was_used_is_spent(town: Town) -> None:
    with town.browser() as browser:
        address = town.sent_back(browser, "u-1")
        kept = browser.cookies["onemap_provider"]
        browser.get(address)
        again = httpx.get(address, cookies={"onemap_provider": kept}, headers=PAGE)
        assert again.status_code == 403
        assert "onemap_session" not in again.cookies


def test_who_has_no_post_is_told_so_by_name_and_let_in_nowhere(town: Town) -> None:
    with town.browser() as browser:
        answer = browser.get(town.sent_back(browser, "u-2"))
        assert answer.status_code == 403
        assert "没有岗位" in answer.text
        assert "&lt;b&gt;路人" in answer.text
        assert browser.get("/api/me").status_code == 401
    assert refusals(town)[0] == "no mapped claim"


def test_who_refuses_at_the_provider_comes_back_to_the_sign_in(town: Town) -> None:
    with town.browser() as browser:
        town.sent_back(browser, "u-1")
        state = dict(httpx.URL(browser.get("/signin/provider").headers["location"]).params)["state"]
        answer = browser.get(f"/signin/provider/back?error=access_denied&state={state}")
    assert answer.status_code == 403
    assert 'href="/signin"' in answer.text


def test_an_account_disabled_here_is_out_though_the_provider_knows_it(town: Town) -> None:
    with town.browser() as browser:
        browser.get(town.sent_back(browser, "u-3"))
        identity = open_identity(town.data, None)
        identity.people.disable("li", at=utc_now())
        identity.close()
        answer = browser.get(town.sent_back(browser, "u-3"))
    assert answer.status_code == 403
    assert "已停用" in answer.text


def test_a_claim_taken_away_ends_the_open_session(town: Town) -> None:
    town.issuer.knows("u-4", name="赵", groups=["yj-city"])
    with town.browser() as browser, town.browser() as elsewhere:
        browser.get(town.sent_back(browser, "u-4"))
        assert browser.get("/api/me").status_code == 200
        town.issuer.knows("u-4", name="赵", groups=[])
        elsewhere.get(town.sent_back(elsewhere, "u-4"))
        assert browser.get("/api/me").status_code == 401


def test_without_a_provider_there_is_no_such_door(server: str) -> None:
    for path in ("/signin/provider", "/signin/provider/back?code=x"):
        assert httpx.get(server + path).status_code == 404
    assert "/signin/provider" not in httpx.get(server + "/signin").text


def test_a_provider_that_is_down_leaves_the_password_door_open(tmp_path: Path) -> None:
    given = {"oidc_issuer": "http://127.0.0.1:9", "oidc_client": "onemap", "oidc_rules": json.dumps(RULES)}
    said: list[str] = []
    with configured_server(tmp_path, said, **given) as server:
        down = httpx.get(server + "/signin/provider", headers={"accept-language": "zh"})
        assert down.status_code == 502
        assert "账号口令登录" in down.text
        password = next(line for line in said if "初始口令" in line).split("初始口令 ")[1].split("(")[0]
        form = {"login": "admin", "password": password}
        answer = httpx.post(server + "/signin", data=form, headers={"origin": server})
        assert answer.headers["location"].startswith("/signin/renew")
