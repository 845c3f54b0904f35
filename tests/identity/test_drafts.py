"""Drafts: private, bounded, forgotten in time, and never wiped out by another device without a word."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.caller import UserClass
from core.errors import BadInputError, ConflictError
from store.identity import Account, Identity

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
SINCE = NOW - timedelta(days=30)


@pytest.fixture
def identity(tmp_path: Path) -> Iterator[Identity]:
    opened = Identity(f"sqlite:///{tmp_path / 'identity.db'}")
    for name in ("zhao", "qian"):
        account = Account(id=name, login=name, name=name, user_class=UserClass.REGULATOR, demo=name == "qian")
        opened.people.add(account, at=NOW)
    yield opened
    opened.close()


def keep(identity: Identity, of: str, seen: str = "", account: str = "zhao", at: datetime = NOW) -> str:
    return identity.drafts.keep(account, of, "{}", seen=seen, at=at, since=SINCE, most=2).mark


def test_a_draft_is_its_writers_alone_and_goes_with_the_account(identity: Identity) -> None:
    keep(identity, "a")
    keep(identity, "a", account="qian")
    assert [one.of for one in identity.drafts.all("zhao", since=SINCE)] == ["a"]
    identity.people.remove_demo()
    assert identity.drafts.all("qian", since=SINCE) == []
    assert identity.drafts.drop("zhao", "a")
    assert not identity.drafts.drop("zhao", "a")


def test_of_two_devices_the_second_is_told(identity: Identity) -> None:
    first = keep(identity, "a")
    with pytest.raises(ConflictError):
        keep(identity, "a")
    second = keep(identity, "a", seen=first)
    with pytest.raises(ConflictError):
        keep(identity, "a", seen=first)
    identity.drafts.drop("zhao", "a")
    third = keep(identity, "a", seen=second)  # dropped meanwhile: what is typed here is not lost
    found = identity.drafts.find("zhao", "a", since=SINCE)
    assert found is not None
    assert found.mark == third


def test_they_are_bounded_and_forgotten(identity: Identity) -> None:
    keep(identity, "a", at=NOW - timedelta(days=31))
    assert identity.drafts.find("zhao", "a", since=SINCE) is None
    keep(identity, "b")
    keep(identity, "c")  # the forgotten one takes no room
    with pytest.raises(BadInputError, match="草稿已有 2 份"):
        keep(identity, "d")
    assert identity.drafts.forget(before=NOW + timedelta(days=1)) == 2
