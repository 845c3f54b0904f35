"""Who may enter and as what: accounts, roles, the posts that join them, sessions, keys and kiosks."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.caller import Right, UserClass
from core.scope import Scope, Sensitivity
from core.texts import Lang, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One person or system that may sign in; what it may see and do comes from its posts.

    `must_change` until the password is their own; `totp` once a second factor is enrolled; `issuer` and `subject` name
    the person at an identity provider.
    """

    id: str
    login: str
    name: str
    user_class: UserClass
    password_hash: str = ""
    password_at: datetime | None = None
    must_change: bool = False
    earlier_hashes: tuple[str, ...] = ()
    sealed_totp: str | None = None
    totp_step: int | None = None
    issuer: str | None = None
    subject: str | None = None
    lang: Lang = Lang.ZH
    theme: str = "auto"
    demo: bool = False
    disabled: bool = False
    valid_until: datetime | None = None
    created_at: datetime | None = None

    def open(self, at: datetime) -> bool:
        """Neither disabled nor past its end."""
        return not self.disabled and (self.valid_until is None or self.valid_until > at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """What somebody in this role may do and how far they see; where they may is the post's matter.

    `layers` None means every layer within the clearance, `writable` None every layer they see; a role that needs a
    `second_factor` is entered only with one.
    """

    id: str
    title: Text
    user_class: UserClass
    rights: frozenset[Right]
    clearance: Sensitivity
    layers: frozenset[str] | None = None
    hidden: frozenset[tuple[str, str]] = frozenset()
    writable: frozenset[str] | None = frozenset()
    second_factor: bool = False
    builtin: bool = False

    def scope(self, areas: tuple[str, ...], enterprises: frozenset[str] | None) -> Scope:
        """What the role opens in these areas, for these enterprises."""
        return Scope(
            areas=areas, clearance=self.clearance, layers=self.layers, hidden=self.hidden, writable=self.writable,
            enterprises=enterprises,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """An appointment: an account, or every member of a group, holds a role in some areas from one moment to another."""

    id: str
    role: str
    areas: tuple[str, ...]
    since: datetime
    given_by: str
    given_at: datetime
    account: str | None = None
    group: str | None = None
    enterprises: frozenset[str] | None = None
    until: datetime | None = None
    reason: str = ""
    ended_at: datetime | None = None
    ended_by: str | None = None

    def active(self, at: datetime) -> bool:
        """In force: begun, not past its end, not taken away."""
        return self.since <= at and (self.until is None or self.until > at) and self.ended_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An account acting under one of its posts."""

    account: Account
    post: Post
    role: Role

    @property
    def scope(self) -> Scope:
        """What the post opens."""
        return self.role.scope(self.post.areas, self.post.enterprises)


class Stage(StrEnum):
    """How far a sign-in has come; only OPEN enters."""

    CODE = "code"
    RENEW = "renew"
    ENROL = "enrol"
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One sign-in of one browser; `idle` is the seconds it lives without being used."""

    id: str
    account: str
    stage: Stage
    how: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    idle: int
    agent: str
    address: str
    post: str | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """An agency's key: sees what its account sees, of these layers only (None: of all), so often a minute.

    It writes what its account may write of the layers in `writable`, as a rule none.
    """

    id: str
    name: str
    account: str
    layers: frozenset[str] | None
    per_minute: int
    given_by: str
    created_at: datetime
    writable: frozenset[str] = frozenset()
    expires_at: datetime | None = None
    used_at: datetime | None = None
    revoked_at: datetime | None = None

    def open(self, at: datetime) -> bool:
        """Neither revoked nor expired."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kiosk:
    """A wall screen that is let in without a person: read-only, one screen, until it is revoked."""

    id: str
    name: str
    screen: str
    role: str
    areas: tuple[str, ...]
    given_by: str
    created_at: datetime
    lang: Lang = Lang.ZH
    used_at: datetime | None = None
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Accounts that hold posts together."""

    id: str
    name: str
    members: frozenset[str] = frozenset()
