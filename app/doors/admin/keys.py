"""Agencies' keys: issued once, listed without their secret, revoked."""

import secrets

from app.auth.limits import limits
from app.doors.admin import told
from app.doors.admin.desk import Desk
from app.doors.admin.fields import Given, moment, number, only, refused, several, words
from app.doors.admin.reach import Reach
from core.caller import Caller, UserClass
from core.canonical import sha256
from core.errors import ConflictError, NotFoundError
from core.ids import new_id
from core.texts import Text
from ogc.limits import declared
from store.identity import Account, Key

FASTEST = 60_000
"""Requests a minute: what can be written, not what is wise."""

NO_AGENCY = Text(
    "密钥只发给数据共享单位:该账号目前的任职须全部是系统类角色",
    "keys are for agencies: every post of the account must be of a system role",
)


def listed(desk: Desk, caller: Caller, _: Given) -> Given:
    """GET /api/admin/keys: those of accounts within reach, revoked ones too, and what one request may ask for."""
    reach = desk.reach(caller)
    now, accounts = reach.staff.at, reach.staff.accounts
    found = [key for key in desk.identity.keys.all() if reach.sees(accounts[key.account])]
    return {
        "keys": [told.of_key(key, now) | {"login": accounts[key.account].login} for key in found],
        "limits": [one.told(caller.lang) for one in declared()],
    }


def agencies(reach: Reach) -> list[Account]:
    """Accounts within reach that a key may be issued to."""
    return [one for one in reach.staff.accounts.values() if reach.sees(one) and _is_agency(reach, one)]


def issue(desk: Desk, caller: Caller, given: Given) -> Given:
    """POST /api/admin/keys: the key is in this answer and nowhere else; only its hash is kept."""
    only(given, "name", "account", "layers", "writable", "per_minute", "expires_at")
    reach = desk.reach(caller)
    now = reach.staff.at
    account = reach.changeable(words(given, "account", longest=60))
    if not _is_agency(reach, account):
        raise ConflictError(NO_AGENCY)
    rate = number(given, "per_minute", 1, FASTEST) if "per_minute" in given else limits().key_per_minute
    expires = moment(given, "expires_at", after=now)
    if expires is None:
        raise refused("expires_at", None, Text("将来的时刻:密钥须有期限", "a time to come: a key has an end"))
    layers = None
    if given.get("layers") is not None:
        layers = several(given, "layers", {layer.id for layer in desk.catalogue})
    kept_by_people = {one.id for one in desk.catalogue if one.made_by is None}
    seen = kept_by_people if layers is None else kept_by_people & layers
    writable = several({"writable": [], **given}, "writable", seen)
    secret = secrets.token_urlsafe(32)
    key = Key(
        id=new_id(), name=words(given, "name", longest=60), account=account.id, layers=layers, writable=writable,
        per_minute=rate, given_by=caller.actor.id, created_at=now, expires_at=expires,
    )  # fmt: skip
    said = told.of_key(key, now) | {"login": account.login}
    desk.record(caller, "keys", key.id, "issued", after=said)
    desk.identity.keys.add(key, sha256(secret.encode()))
    return said | {"key": secret}


def revoke(desk: Desk, caller: Caller, given: Given, key: str) -> Given:
    """POST /api/admin/keys/ID/revoke: it opens nothing from this moment on."""
    only(given)
    reach = desk.reach(caller)
    found = desk.identity.keys.get(key)
    if not reach.sees(reach.staff.accounts[found.account]):
        raise NotFoundError(Text("没有这个密钥", "no such key"))
    desk.record(caller, "keys", key, "revoked", before=told.of_key(found, reach.staff.at))
    desk.identity.keys.revoke(key, at=reach.staff.at)
    return {"revoked": key}


def _is_agency(reach: Reach, account: Account) -> bool:
    posts = [post for post in reach.staff.held(account.id) if post.active(reach.staff.at)]
    system = all(reach.staff.roles[post.role].user_class is UserClass.SYSTEM for post in posts)
    return bool(posts) and system and account.open(reach.staff.at)
