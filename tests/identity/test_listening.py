"""Who listens on is asked for all together: in a handful of questions, and nobody stays who is no longer let in."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from core.canonical import sha256
from core.ids import new_id
from store.identity import Session, Stage
from tests.identity.conftest import Office


class Watch:
    """The process's own clock, turned by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    made = Watch()
    monkeypatch.setattr("app.auth.callers.time", made)
    return made


def listening(office: Office, login: str, *roles: str) -> str:
    """The cookie of somebody new."""
    account, now, token = office.hire(login, *roles), office.clock(), f"token-of-{login}"
    one = Session(
        id=new_id(), account=account.id, stage=Stage.OPEN, how="password+totp", created_at=now, seen_at=now,
        expires_at=now + timedelta(hours=8), idle=7200, agent="t", address="10.0.0.1",
    )  # fmt: skip
    office.identity.sessions.start(one, sha256(token.encode()))
    return token


def test_all_who_listen_are_asked_for_together(office: Office, watch: Watch) -> None:
    tokens = [listening(office, f"u{n}", "committee" if n % 2 else "regulator") for n in range(40)]
    alone = {token: office.doorman.by_session(token) for token in tokens}
    watch.now += 2
    for token in tokens:
        office.doorman.still(token)
    asked: list[str] = []
    sa.event.listen(office.identity._engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    watch.now += 2
    assert {token: office.doorman.still(token) for token in tokens} == alone
    assert None not in alone.values()
    assert 0 < len(asked) <= 6, asked


def test_who_is_shut_out_is_so_within_the_second_and_the_others_stay(office: Office, watch: Watch) -> None:
    left, stays, demoted = (listening(office, login, "regulator") for login in ("left", "stays", "demoted"))
    for token in (left, stays, demoted):
        assert office.doorman.still(token) is not None
    other = office.again()
    other.people.disable("left", at=office.clock())
    account = other.people.find("demoted")
    assert account is not None
    (post,) = other.posts.standings(account, at=office.clock())
    other.posts.end(post.post.id, by="t", at=office.clock())
    other.close()
    watch.now += 1.1
    assert office.doorman.still(stays) is not None
    assert office.doorman.still(left) is None
    assert office.doorman.still(demoted) is None
    assert office.doorman.at_once("cookie", left) is None


def test_who_listens_no_more_is_not_asked_for(office: Office, watch: Watch) -> None:
    gone, stays = listening(office, "gone", "regulator"), listening(office, "stays", "regulator")
    office.doorman.still(gone)
    watch.now += 60
    office.doorman.still(stays)
    assert office.doorman.at_once("cookie", gone) is None
    assert office.doorman.at_once("cookie", stays) is not None
