"""The book of messages: told once, sent by one, tried again in time, read by its reader alone."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from core.caller import UserClass
from core.texts import Text
from store.identity import Account, Identity
from store.identity.leases import LEASE
from store.identity.messages import WAITS, Channel, Delivery, Letter

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
OUT = (Channel.MAIL,)


def letter(about: str = "a") -> Letter:
    return Letter(about=about, title=Text("题", "title"), body=Text("文", "body"), link="home")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgis)])
def identity(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Identity]:
    if request.param == "sqlite":
        opened = Identity(f"sqlite:///{tmp_path / 'identity.db'}")
    else:
        url, schema = (request.getfixturevalue(name) for name in ("postgres_url", "postgres_schema"))
        with psycopg.connect(url, autocommit=True) as db:
            db.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        opened = Identity("postgresql+psycopg://" + url.partition("://")[2], schema=schema)
    for name in ("zhao", "qian"):
        opened.people.add(Account(id=name, login=name, name=name, user_class=UserClass.REGULATOR), at=NOW)
        opened.messages.set_contact(name, Channel.MAIL, f"sealed-{name}", at=NOW)
    yield opened
    opened.close()


def test_a_fact_is_told_once_to_each_on_each_channel_whoever_tells_it(identity: Identity) -> None:
    book = identity.messages
    to = {"zhao": (Channel.PORTAL, Channel.MAIL), "qian": (Channel.PORTAL,)}
    with ThreadPoolExecutor(4) as several:
        told = list(several.map(lambda _: book.post(letter(), to, at=NOW), range(4)))
    assert len(book.of("zhao", most=9)) == len(book.of("qian", most=9)) == 1
    assert len(book.sending(state=None, most=9)) == 1
    assert max(told) == 3
    assert book.post(letter("b"), {"qian": (Channel.PORTAL,)}, at=NOW) == 1
    assert [book.unread("zhao"), book.unread("qian")] == [1, 2]


def test_of_several_processes_one_sends_and_who_dies_is_followed_after_the_lease(identity: Identity) -> None:
    book = identity.messages
    for about in "abcdef":
        book.post(letter(about), {"zhao": OUT}, at=NOW)
    with ThreadPoolExecutor(4) as several:
        taken = [one.id for some in several.map(lambda _: book.take(OUT, at=NOW, most=4), range(4)) for one in some]
    taken += [one.id for one in book.take(OUT, at=NOW, most=9)]
    assert sorted(taken) == sorted({one.id for one in book.sending(state=None, most=9)}), "each by one"
    assert book.take(OUT, at=NOW + LEASE / 2, most=9) == []
    again = book.take(OUT, at=NOW + LEASE, most=9)
    assert sorted(one.id for one in again) == sorted(taken)
    assert {one.sealed for one in again} == {"sealed-zhao"}


def test_what_is_not_taken_is_tried_again_ever_later_until_it_has_failed(
    identity: Identity,
) -> None:
    book, at = identity.messages, NOW
    book.post(letter(), {"zhao": OUT}, at=at)
    for wait in (*WAITS, timedelta(0)):
        (one,) = book.take(OUT, at=at, most=9)
        book.missed(one, "网关不可用", at=at, for_good=False)
        assert book.take(OUT, at=at + wait - timedelta(seconds=1), most=9) == []
        at += wait
    (failed,) = book.sending(state=Delivery.FAILED, most=9)
    assert (failed.tries, failed.said) == (len(WAITS) + 1, "网关不可用")
    assert book.again(failed.id, at=at)
    assert not book.again(failed.id, at=at), "it waits"
    (one,) = book.take(OUT, at=at, most=9)
    book.sent(one.id, at=at)
    assert book.sending(state=Delivery.SENT, most=9)[0].sent_at == at
    assert book.take(OUT, at=at + timedelta(days=9), most=9) == []


def test_what_is_refused_for_good_is_not_tried_again(identity: Identity) -> None:
    book = identity.messages
    book.post(letter(), {"zhao": OUT}, at=NOW)
    (one,) = book.take(OUT, at=NOW, most=9)
    book.missed(one, "查无此号", at=NOW, for_good=True)
    assert book.take(OUT, at=NOW + timedelta(days=1), most=9) == []
    assert [one.said for one in book.sending(state=Delivery.FAILED, most=9)] == ["查无此号"]


def test_who_turns_a_channel_off_gets_nothing_more_by_it(identity: Identity) -> None:
    book = identity.messages
    book.post(letter(), {"zhao": OUT, "qian": OUT}, at=NOW)
    book.set_contact("zhao", Channel.MAIL, "", at=NOW)
    assert book.contacts("zhao") == {}
    assert [one.account for one in book.take(OUT, at=NOW, most=9)] == ["qian"]
    assert [one.account for one in book.sending(state=Delivery.FAILED, most=9)] == ["zhao"]


def test_only_its_reader_reads_a_message_and_old_ones_go(identity: Identity) -> None:
    book = identity.messages
    book.post(letter(), {"zhao": (Channel.PORTAL,)}, at=NOW)
    (mine,) = book.of("zhao", most=9)
    assert book.read("qian", [mine.id], at=NOW) == 0
    assert book.read("zhao", [mine.id, "none"], at=NOW) == 1
    assert book.read("zhao", None, at=NOW) == 0
    assert book.of("zhao", most=9)[0].read_at == NOW
    assert book.forget(before=NOW) == 0
    assert book.forget(before=NOW + timedelta(seconds=1)) == 1


def test_a_teller_that_is_behind_does_not_turn_another_back(identity: Identity) -> None:
    book = identity.messages
    assert book.told_up_to("x") is None
    for seq in (5, 9, 7):
        book.tell_up_to("x", seq)
    assert book.told_up_to("x") == 9
