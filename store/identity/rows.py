"""Rows of the identity tables as values, and back."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.caller import Right, UserClass
from core.clock import from_iso, iso
from core.scope import Sensitivity
from core.texts import Lang, Text
from store.identity.values import Account, Key, Kiosk, Post, Role, Session, Stage

Row = sa.RowMapping


def moment(text: str | None) -> datetime | None:
    """A kept moment."""
    return None if text is None else from_iso(text)


def kept(at: datetime | None) -> str | None:
    """A moment as it is kept."""
    return None if at is None else iso(at)


def names(found: Iterable[str] | None) -> list[str] | None:
    """A set of names as it is kept; None stays None."""
    return None if found is None else sorted(found)


def _set(found: Iterable[str] | None) -> frozenset[str] | None:
    return None if found is None else frozenset(found)


def account_of(row: Row) -> Account:
    """An account."""
    return Account(
        id=row["id"],
        login=row["login"],
        name=row["name"],
        user_class=UserClass(row["user_class"]),
        password_hash=row["password_hash"],
        password_at=moment(row["password_at"]),
        must_change=row["must_change"],
        earlier_hashes=tuple(row["earlier_hashes"]),
        sealed_totp=row["sealed_totp"],
        totp_step=row["totp_step"],
        issuer=row["issuer"],
        subject=row["subject"],
        lang=Lang(row["lang"]),
        theme=row["theme"],
        demo=row["demo"],
        disabled=row["disabled"],
        valid_until=moment(row["valid_until"]),
        created_at=moment(row["created_at"]),
    )


def account_row(account: Account, at: datetime) -> dict[str, Any]:
    """An account as it is kept."""
    return {
        "id": account.id,
        "login": account.login,
        "name": account.name,
        "user_class": str(account.user_class),
        "password_hash": account.password_hash,
        "password_at": iso(account.password_at or at),
        "must_change": account.must_change,
        "earlier_hashes": list(account.earlier_hashes),
        "sealed_totp": account.sealed_totp,
        "totp_step": account.totp_step,
        "issuer": account.issuer,
        "subject": account.subject,
        "lang": str(account.lang),
        "theme": account.theme,
        "demo": account.demo,
        "disabled": account.disabled,
        "valid_until": kept(account.valid_until),
        "created_at": iso(account.created_at or at),
    }


def role_of(row: Row) -> Role:
    """A role; rights of newer code that this one does not know are left out."""
    known = {str(right) for right in Right}
    return Role(
        id=row["id"],
        title=Text(row["title_zh"], row["title_en"]),
        user_class=UserClass(row["user_class"]),
        rights=frozenset(Right(name) for name in row["rights"] if name in known),
        clearance=Sensitivity(row["clearance"]),
        layers=_set(row["layers"]),
        hidden=frozenset((layer, name) for layer, name in row["hidden"]),
        writable=_set(row["writable"]),
        second_factor=row["second_factor"],
        builtin=row["builtin"],
    )


def role_row(role: Role) -> dict[str, Any]:
    """A role as it is kept."""
    return {
        "id": role.id,
        "title_zh": role.title.zh,
        "title_en": role.title.en,
        "user_class": str(role.user_class),
        "rights": sorted(str(right) for right in role.rights),
        "clearance": int(role.clearance),
        "layers": names(role.layers),
        "hidden": sorted([layer, name] for layer, name in role.hidden),
        "writable": names(role.writable),
        "second_factor": role.second_factor,
        "builtin": role.builtin,
    }


def post_of(row: Row) -> Post:
    """A post."""
    return Post(
        id=row["id"],
        account=row["account"],
        group=row["group_id"],
        role=row["role"],
        areas=tuple(row["areas"]),
        enterprises=_set(row["enterprises"]),
        since=from_iso(row["since"]),
        until=moment(row["until"]),
        reason=row["reason"],
        given_by=row["given_by"],
        given_at=from_iso(row["given_at"]),
        ended_at=moment(row["ended_at"]),
        ended_by=row["ended_by"],
    )


def post_row(post: Post) -> dict[str, Any]:
    """A post as it is kept."""
    return {
        "id": post.id,
        "account": post.account,
        "group_id": post.group,
        "role": post.role,
        "areas": list(post.areas),
        "enterprises": names(post.enterprises),
        "since": iso(post.since),
        "until": kept(post.until),
        "reason": post.reason,
        "given_by": post.given_by,
        "given_at": iso(post.given_at),
        "ended_at": kept(post.ended_at),
        "ended_by": post.ended_by,
    }


def session_of(row: Row) -> Session:
    """A session."""
    return Session(
        id=row["id"],
        account=row["account"],
        post=row["post"],
        stage=Stage(row["stage"]),
        how=row["how"],
        created_at=from_iso(row["created_at"]),
        seen_at=from_iso(row["seen_at"]),
        expires_at=from_iso(row["expires_at"]),
        idle=row["idle"],
        agent=row["agent"],
        address=row["address"],
        ended_at=moment(row["ended_at"]),
        ended_by=row["ended_by"],
    )


def key_of(row: Row) -> Key:
    """A key."""
    return Key(
        id=row["id"],
        name=row["name"],
        account=row["account"],
        layers=_set(row["layers"]),
        writable=frozenset(row["writable"] or ()),
        per_minute=row["per_minute"],
        given_by=row["given_by"],
        created_at=from_iso(row["created_at"]),
        expires_at=moment(row["expires_at"]),
        used_at=moment(row["used_at"]),
        revoked_at=moment(row["revoked_at"]),
    )


def kiosk_of(row: Row) -> Kiosk:
    """A kiosk."""
    return Kiosk(
        id=row["id"],
        name=row["name"],
        screen=row["screen"],
        role=row["role"],
        areas=tuple(row["areas"]),
        lang=Lang(row["lang"]),
        given_by=row["given_by"],
        created_at=from_iso(row["created_at"]),
        used_at=moment(row["used_at"]),
        revoked_at=moment(row["revoked_at"]),
    )
