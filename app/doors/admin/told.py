"""Accounts, posts, groups, roles, keys and wall screens as JSON says them; no secret and no hash is among it."""

from datetime import datetime
from typing import Any

from core.clock import iso
from store.identity import Account, Group, Key, Kiosk, Post, Role, Session

Members = dict[str, Any]


def at(moment: datetime | None) -> str | None:
    """A moment, or nothing."""
    return None if moment is None else iso(moment)


def of_account(account: Account, now: datetime) -> Members:
    """An account without what it holds."""
    state = "open" if account.open(now) else "disabled" if account.disabled else "expired"
    return {
        "id": account.id, "login": account.login, "name": account.name, "class": str(account.user_class),
        "state": state, "disabled": account.disabled, "valid_until": at(account.valid_until),
        "second_factor": account.sealed_totp is not None, "must_change": account.must_change, "demo": account.demo,
        "external": account.issuer is not None, "created_at": at(account.created_at),
    }  # fmt: skip


def of_post(post: Post, role: Role, now: datetime) -> Members:
    """A post and where it stands."""
    state = "active" if post.active(now) else "coming" if post.ended_at is None and post.since > now else "over"
    return {
        "id": post.id, "account": post.account, "group": post.group, "role": post.role,
        "title": {"zh": role.title.zh, "en": role.title.en}, "areas": list(post.areas),
        "enterprises": None if post.enterprises is None else sorted(post.enterprises), "since": iso(post.since),
        "until": at(post.until), "reason": post.reason, "given_by": post.given_by, "given_at": iso(post.given_at),
        "ended_at": at(post.ended_at), "state": state,
    }  # fmt: skip


def of_group(group: Group) -> Members:
    """A group and its members' ids."""
    return {"id": group.id, "name": group.name, "members": sorted(group.members)}


def of_role(role: Role) -> Members:
    """A role."""
    return {
        "id": role.id, "title": {"zh": role.title.zh, "en": role.title.en}, "class": str(role.user_class),
        "rights": sorted(str(right) for right in role.rights), "clearance": role.clearance.name.lower(),
        "layers": _names(role.layers), "hidden": sorted(f"{layer}.{name}" for layer, name in role.hidden),
        "writable": _names(role.writable), "second_factor": role.second_factor, "builtin": role.builtin,
    }  # fmt: skip


def of_key(key: Key, now: datetime) -> Members:
    """A key; what opens with it was said once."""
    over = key.expires_at is not None and key.expires_at <= now
    return {
        "id": key.id, "name": key.name, "account": key.account, "layers": _names(key.layers),
        "writable": sorted(key.writable), "per_minute": key.per_minute,
        "given_by": key.given_by, "created_at": iso(key.created_at),
        "expires_at": at(key.expires_at), "used_at": at(key.used_at), "revoked_at": at(key.revoked_at),
        "state": "revoked" if key.revoked_at is not None else "expired" if over else "active",
    }  # fmt: skip


def of_kiosk(kiosk: Kiosk) -> Members:
    """A wall screen; its address was said once."""
    return {
        "id": kiosk.id, "name": kiosk.name, "screen": kiosk.screen, "role": kiosk.role, "areas": list(kiosk.areas),
        "lang": str(kiosk.lang), "given_by": kiosk.given_by, "created_at": iso(kiosk.created_at),
        "used_at": at(kiosk.used_at), "revoked_at": at(kiosk.revoked_at),
        "state": "active" if kiosk.revoked_at is None else "revoked",
    }  # fmt: skip


def of_session(session: Session) -> Members:
    """A sign-in."""
    return {
        "id": session.id, "begun": iso(session.created_at), "seen": iso(session.seen_at),
        "until": iso(session.expires_at), "agent": session.agent, "address": session.address, "how": session.how,
    }  # fmt: skip


def _names(found: frozenset[str] | None) -> list[str] | None:
    return None if found is None else sorted(found)
