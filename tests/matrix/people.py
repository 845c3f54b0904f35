"""Everybody who may come to a door: each role, a stranger, machines, and people whose time is over."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx

from app.auth.callers import KEY_RIGHTS, KIOSK_PREFIX
from app.auth.opening import open_identity
from app.auth.roles import BUILT_IN
from app.demo_accounts import CITY, DEMO_ACCOUNTS, DEMO_KEY, GATEWAY_KEY, NOTIFIER_KEY
from core.caller import Right, UserClass
from core.canonical import sha256
from core.clock import utc_now
from core.ids import new_id
from store.identity import Account, Identity, Kiosk, Post, Session, Stage

ROLES = {role.id: role for role in BUILT_IN}
NORTH = "990104"
"""A second district, beside the demo's own."""
WALL = KIOSK_PREFIX + "wall-of-the-matrix"
COOKIE = "onemap_session"


@dataclass(frozen=True)
class Person:
    """Who comes, what they show, and the rights they have; None for whom no door knows."""

    name: str
    rights: frozenset[Right] | None
    cookie: str = ""
    key: str = ""
    in_path: bool = False


def people(data: Path, database_url: str | None = None) -> dict[str, Person]:
    """Everybody, with open sessions where they have any, in the identity of a data folder or a database."""
    identity = open_identity(data, database_url)
    try:
        demos = [demo for demo in DEMO_ACCOUNTS if not demo.login.startswith("team-")]  # one team stands for all
        found = [_signed_in(identity, demo.login, demo.role) for demo in demos]
        hire(identity, "north", areas=(NORTH,))
        found.append(_signed_in(identity, "north", "regulator"))
        hire(identity, "gone", disabled=True)
        found.append(_signed_in(identity, "gone", None))
        hire(identity, "lapsed", hours=-1)
        found.append(_signed_in(identity, "lapsed", None))
        wall = Kiosk(
            id=new_id(), name="matrix", screen="/hall", role="kiosk", areas=(CITY,), given_by="t", created_at=utc_now()
        )
        if identity.keys.kiosk(sha256(WALL.encode()), at=utc_now()) is None:
            identity.keys.add_kiosk(wall, sha256(WALL.encode()))
    finally:
        identity.close()
    agency = ROLES["agency"].rights & KEY_RIGHTS
    found += [
        Person("kiosk", frozenset({Right.HALL, Right.LIVE}), cookie=WALL),
        Person("agency", agency, key=DEMO_KEY),
        Person("gateway", frozenset({Right.REPORT}), key=GATEWAY_KEY),
        Person("notifier", frozenset({Right.SEND_CAP}), key=NOTIFIER_KEY),
        Person("agency-in-path", agency, key=DEMO_KEY, in_path=True),
        Person("stranger", None),
        Person("forger", None, cookie="A" * 43),
        Person("forger-of-keys", None, key="not-a-real-key-at-all"),
    ]
    return {person.name: person for person in found}


def session(identity: Identity, login: str) -> str:
    """The cookie of a new open session of an account, whether or not it may still enter."""
    account, now, token = identity.people.find(login), utc_now(), f"{login}-{new_id()}-token-of-the-matrix"
    assert account is not None, login
    one = Session(
        id=new_id(), account=account.id, stage=Stage.OPEN, how="password", created_at=now, seen_at=now,
        expires_at=now + timedelta(hours=2), idle=7200, agent="matrix", address="127.0.0.1",
    )  # fmt: skip
    identity.sessions.start(one, sha256(token.encode()))
    return token


def client(server: str, person: Person) -> httpx.Client:
    """A browser, or a program, in somebody's hands; its requests come from our own pages."""
    headers = {"origin": server, "accept": "*/*"}
    if person.key and not person.in_path:
        headers["authorization"] = f"Bearer {person.key}"
    cookies = {COOKIE: person.cookie} if person.cookie else {}
    return httpx.Client(base_url=server, headers=headers, cookies=cookies, timeout=60)


def hire(identity: Identity, login: str, areas: tuple[str, ...] = (CITY,), hours: int = 0, **more: bool) -> None:
    """An account with a post of a regulator, unless there is one of that name."""
    if identity.people.find(login) is not None:
        return
    now = utc_now()
    account = Account(id=new_id(), login=login, name=login, user_class=UserClass.REGULATOR, demo=True, **more)
    identity.people.add(account, at=now)
    post = Post(
        id=new_id(), account=account.id, role="regulator", areas=areas, since=now - timedelta(days=2),
        until=now + timedelta(hours=hours) if hours else None, given_by="t", given_at=now,
    )  # fmt: skip
    identity.posts.give(post)


def _signed_in(identity: Identity, login: str, role: str | None) -> Person:
    return Person(login, None if role is None else ROLES[role].rights, cookie=session(identity, login))
