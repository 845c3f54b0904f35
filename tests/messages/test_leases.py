"""Sending takes longer than a lease: each message goes out by one process all the same."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.auth.sealing import Sealer
from app.directory import Directory
from app.messages.carriers import Parcel
from app.messages.delivering import AT_ONCE, PostRoom
from app.messages.telling import Teller
from layers.catalogue import AREAS
from layers.layer import Catalogue
from store.embedded import open_embedded
from store.identity import Identity
from store.identity.leases import LEASE
from store.identity.messages import Channel
from tests.messages.test_book import NOW, OUT, identity, letter
from tests.waiting import until

__all__ = ["identity"]


class Counting:
    """A clock that counts how often it is asked."""

    now, asked = NOW, 0

    def __call__(self) -> datetime:
        self.asked += 1
        return self.now


@dataclass
class Slow:
    """A mail server that takes its time."""

    taking: Callable[[], None]
    got: list[str] = field(default_factory=list)

    def send(self, parcel: Parcel) -> None:
        self.got.append(parcel.id)
        self.taking()


@dataclass
class World:
    identity: Identity
    day: Counting
    sealer: Sealer
    teller: Teller

    def room(self, slow: Slow, beat: float = 20.0) -> PostRoom:
        """What another process has too."""
        return PostRoom(
            identity=self.identity, teller=self.teller, carriers={Channel.MAIL: slow}, sealer=self.sealer,
            clock=self.day, address="https://m.cn", beat=beat,
        )  # fmt: skip


@pytest.fixture
def world(identity: Identity, tmp_path: Path) -> World:
    day, sealer = Counting(), Sealer(tmp_path / "key").for_purpose("contacts")
    store = open_embedded(tmp_path / "city.gpkg", Catalogue(AREAS), day)
    directory = Directory(store=store, identity=identity, organs=tuple, clock=day)
    teller = Teller(store=store, identity=identity, systems=(), clock=day, channels=frozenset(OUT), directory=directory)
    identity.messages.set_contact("zhao", Channel.MAIL, sealer.seal("zhao@x.cn"), at=NOW)
    return World(identity, day, sealer, teller)


def test_a_round_that_outlasts_the_lease_sends_nothing_that_another_process_sends(world: World) -> None:
    for number in range(AT_ONCE):
        world.identity.messages.post(letter(str(number)), {"zhao": OUT}, at=NOW)
    quick = Slow(lambda: None)

    def taking() -> None:
        world.day.now += LEASE / 4
        if len(slow.got) == AT_ONCE // 2:
            assert world.room(quick).deliver() == AT_ONCE // 2, "what nobody has in hand"

    slow = Slow(taking)
    assert world.room(slow).deliver() == AT_ONCE // 2
    assert len({*slow.got, *quick.got}) == len(slow.got) + len(quick.got) == AT_ONCE


def test_one_message_that_takes_longer_than_its_lease_stays_with_who_sends_it(world: World) -> None:
    world.identity.messages.post(letter(), {"zhao": OUT}, at=NOW)
    other = Slow(lambda: None)

    def taking() -> None:
        world.day.now = NOW + LEASE - timedelta(seconds=1)
        asked = world.day.asked
        until(lambda: world.day.asked, lambda now: now > asked + 1)  # at the second beat the first one is kept
        world.day.now = NOW + LEASE + timedelta(seconds=1)
        with ThreadPoolExecutor(1) as another:
            assert another.submit(world.room(other).deliver).result() == 0

    slow = Slow(taking)
    assert world.room(slow, beat=0.01).deliver() == 1
    assert (len(slow.got), other.got) == (1, [])
