"""Accounts: listed, added, changed, given a new password, freed of a second factor, signed out."""

from collections import Counter
from dataclasses import replace

from app.auth.limits import limits
from app.auth.passwords import hash_password, made_up
from app.doors.admin import told
from app.doors.admin.desk import ADDED, Desk
from app.doors.admin.fields import Given, flag, matching, moment, number, one_of, only, words
from app.doors.admin.reach import Reach
from core.caller import Caller, UserClass
from core.errors import ConflictError, ForbiddenError, NotFoundError
from core.ids import new_id
from core.texts import Text, whole
from store.identity import Account

LOGIN = r"[a-z0-9][a-z0-9._-]{1,31}"
STATES = ("open", "disabled", "expired", "no-post")
PAGE, MOST = 50, 200
OWN = Text("不能停用自己的账号或给它设期限", "nobody disables their own account or gives it an end")
SELF = Text("自己的口令和动态口令请在个人中心修改", "change your own password and second factor in your profile")
DEMO = Text("演示账号不能改口令", "a demo account keeps its password")
CLASSES = tuple(str(one) for one in UserClass)


def listed(desk: Desk, caller: Caller, given: Given) -> Given:
    """GET /api/admin/accounts?q&class&state&role&group&offset&limit: those within reach, by login."""
    only(given, "q", "class", "state", "role", "offset", "limit")
    q = words(given, "q", longest=60, empty=True).casefold()
    chosen = {name: given[name] for name in ("class", "state", "role") if given.get(name)}
    reach = desk.reach(caller)
    for name, allowed in (("class", CLASSES), ("state", STATES), ("role", tuple(reach.staff.roles))):
        if name in chosen:
            one_of(chosen, name, allowed)
    offset, limit = _page(given)
    entries = [_told(reach, account) for account in reach.staff.accounts.values() if reach.sees(account)]
    counts = Counter(entry["state"] for entry in entries)
    found = [
        entry
        for entry in entries
        if q in f"{entry['login']}\n{entry['name']}".casefold()
        and chosen.get("class") in (None, entry["class"])
        and _in_state(entry, chosen.get("state"))
        and ("role" not in chosen or any(post["role"] == chosen["role"] for post in entry["posts"]))
    ]
    seen = desk.identity.sessions.latest()
    page = [entry | {"last": told.at(seen.get(entry["id"]))} for entry in found[offset : offset + limit]]
    return {"accounts": page, "total": len(found), "within_reach": len(entries), "states": counts, "offset": offset}


def shown(desk: Desk, caller: Caller, _: Given, account: str) -> Given:
    """GET /api/admin/accounts/ID: one, with its posts that are over too."""
    reach = desk.reach(caller)
    found = reach.account(account)
    over = [told.of_post(one, reach.staff.roles[one.role], reach.staff.at) for one in reach.staff.past.get(account, ())]
    seen = desk.identity.sessions.latest().get(account)
    return _told(reach, found) | {"over": over, "last": told.at(seen)}


def add(desk: Desk, caller: Caller, given: Given) -> Given:
    """POST /api/admin/accounts: a new account without posts; its password is in this answer and nowhere else."""
    only(given, "login", "name", "class", "valid_until")
    now = desk.doorman.clock()
    form = Text("小写字母、数字和 . _ - 的 2 至 32 个字符", "2 to 32 small letters, digits and . _ -")
    password = made_up()
    account = Account(
        id=new_id(), login=matching(given, "login", LOGIN, form), name=words(given, "name", longest=60),
        user_class=UserClass(one_of(given, "class", CLASSES)), valid_until=moment(given, "valid_until", after=now),
        must_change=True, created_at=now, password_at=now,
    )  # fmt: skip
    if desk.identity.people.find(account.login) is not None:
        raise ConflictError(Text(f"账号“{account.login}”已存在", f"account {account.login!r} exists already"))
    after = told.of_account(account, now)
    account = replace(account, password_hash=hash_password(password))
    desk.record(caller, "accounts", account.id, ADDED, after=after)
    desk.identity.people.add(account, at=now)
    return after | {"posts": [], "password": password}


def change(desk: Desk, caller: Caller, given: Given, account: str) -> Given:
    """POST /api/admin/accounts/ID: name, class, end, disabled; what is not sent stays."""
    only(given, "name", "class", "valid_until", "disabled")
    reach = desk.reach(caller)
    before, now = reach.changeable(account), reach.staff.at
    after = before
    if "name" in given:
        after = replace(after, name=words(given, "name", longest=60))
    if "class" in given:
        after = replace(after, user_class=UserClass(one_of(given, "class", CLASSES)))
    if "valid_until" in given:
        after = replace(after, valid_until=moment(given, "valid_until", after=now))
    if "disabled" in given:
        after = replace(after, disabled=flag(given, "disabled"))
    if account == caller.account and (after.disabled or after.valid_until != before.valid_until):
        raise ForbiddenError(OWN)
    reach.accept(reach.staff.with_account(after), ())
    old, new = told.of_account(before, now), told.of_account(after, now)
    desk.record(caller, "accounts", account, "changed", before=old, after=new)
    desk.identity.people.change(after, at=now)
    return shown(desk, caller, {}, account)


def reset_password(desk: Desk, caller: Caller, given: Given, account: str) -> Given:
    """POST /api/admin/accounts/ID/password: a new one, said in this answer only; every session ends."""
    only(given)
    found = _not_oneself(desk, caller, account)
    if found.demo:
        raise ForbiddenError(DEMO)
    password, now = made_up(), desk.doorman.clock()
    encoded = hash_password(password)
    desk.record(caller, "accounts", account, "password reset", after={"login": found.login})
    desk.identity.people.set_password(account, encoded, at=now, must_change=True, kept=limits().password_history)
    return {"login": found.login, "password": password}


def remove_factor(desk: Desk, caller: Caller, given: Given, account: str) -> Given:
    """POST /api/admin/accounts/ID/totp/remove: for somebody who lost their phone; every session ends."""
    only(given)
    found = _not_oneself(desk, caller, account)
    if found.sealed_totp is None:
        raise NotFoundError(Text("未绑定动态口令", "there is no second factor"))
    desk.record(caller, "accounts", account, "second factor removed", after={"login": found.login})
    desk.identity.people.set_totp(account, None)
    desk.identity.sessions.end_all(account, by=caller.actor.id, at=desk.doorman.clock())
    return shown(desk, caller, {}, account)


def sessions(desk: Desk, caller: Caller, _: Given, account: str) -> Given:
    """GET /api/admin/accounts/ID/sessions: where somebody is signed in now."""
    found = desk.reach(caller).account(account)
    live = desk.identity.sessions.of(found.id, at=desk.doorman.clock())
    return {"sessions": [told.of_session(one) | {"this": one.id == caller.session} for one in live]}


def end_session(desk: Desk, caller: Caller, given: Given, account: str, session: str) -> Given:
    """POST /api/admin/accounts/ID/sessions/SESSION/end: sign out; `all` ends every session."""
    only(given)
    found = desk.reach(caller).changeable(account)
    now, by = desk.doorman.clock(), caller.actor.id
    live = {one.id for one in desk.identity.sessions.of(account, at=now)}
    if session != "all" and session not in live:
        raise NotFoundError(Text("没有这个会话或已结束", "no such session, or it has ended"))
    desk.record(caller, "sessions", account, "ended", before={"login": found.login, "session": session})
    if session == "all":
        return {"ended": desk.identity.sessions.end_all(account, by=by, at=now)}
    desk.identity.sessions.end(session, account=account, by=by, at=now)
    return {"ended": 1}


def _not_oneself(desk: Desk, caller: Caller, account: str) -> Account:
    found = desk.reach(caller).changeable(account)
    if found.id == caller.account:
        raise ForbiddenError(SELF)
    return found


def _page(given: Given) -> tuple[int, int]:
    asked = {name: whole(given[name]) if isinstance(given.get(name), str) else given.get(name) for name in given}
    given = {name: given[name] if asked[name] is None else asked[name] for name in given}
    offset = number(given, "offset", 0, 10_000_000) if "offset" in given else 0
    return offset, number(given, "limit", 1, MOST) if "limit" in given else PAGE


def _in_state(entry: Given, state: str | None) -> bool:
    if state == "no-post":
        return not any(post["state"] == "active" for post in entry["posts"])
    return state in (None, entry["state"])


def _told(reach: Reach, account: Account) -> Given:
    staff = reach.staff
    posts = [told.of_post(post, staff.roles[post.role], staff.at) for post in staff.held(account.id)]
    groups = [{"id": one.id, "name": one.name} for one in staff.groups.values() if account.id in one.members]
    mine = {"posts": posts, "groups": groups, "this": account.id == reach.caller.account}
    return told.of_account(account, staff.at) | mine
