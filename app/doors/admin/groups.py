"""Groups: accounts that hold posts together."""

from app.doors.admin import told
from app.doors.admin.desk import ADDED, Desk
from app.doors.admin.fields import Given, only, several, words
from app.doors.admin.reach import Reach
from core.caller import Caller
from core.errors import ConflictError
from core.ids import new_id
from core.texts import Text
from store.identity import Group


def listed(desk: Desk, caller: Caller, _: Given) -> Given:
    """GET /api/admin/groups: those within reach, with members and posts."""
    reach = desk.reach(caller)
    return {"groups": [_told(reach, group) for group in reach.staff.groups.values() if reach.sees_group(group)]}


def add(desk: Desk, caller: Caller, given: Given) -> Given:
    """POST /api/admin/groups: a new one."""
    only(given, "name", "members")
    reach = desk.reach(caller)
    group = Group(id=new_id(), name=_name(given, reach, ""), members=_members(given, reach, frozenset()))
    desk.record(caller, "groups", group.id, ADDED, after=told.of_group(group))
    desk.identity.people.add_group(group, at=reach.staff.at)
    return told.of_group(group) | {"posts": []}


def change(desk: Desk, caller: Caller, given: Given, group: str) -> Given:
    """POST /api/admin/groups/ID: its name, and who belongs to it from now on."""
    only(given, "name", "members")
    reach = desk.reach(caller)
    before = reach.group(group)
    name = _name(given, reach, group) if "name" in given else before.name
    members = _members(given, reach, before.members) if "members" in given else before.members
    after = Group(id=group, name=name, members=members)
    moved = before.members ^ members
    if moved:
        reach.allows(reach.staff.rights(reach.staff.of_group(group)))
    reach.accept(reach.staff.with_group(after), members)
    desk.record(caller, "groups", group, "changed", before=told.of_group(before), after=told.of_group(after))
    desk.identity.people.change_group(after)
    return told.of_group(after)


def remove(desk: Desk, caller: Caller, given: Given, group: str) -> Given:
    """POST /api/admin/groups/ID/remove: the posts it holds end with it."""
    only(given)
    reach = desk.reach(caller)
    found, posts = reach.group(group), reach.staff.of_group(group)
    reach.others(found.members)
    reach.allows(reach.staff.rights(posts))
    reach.accept(reach.staff.without_posts({post.id for post in posts}), ())
    desk.record(caller, "groups", group, "removed", before=_told(reach, found))
    desk.identity.people.remove_group(group)
    return {"removed": group}


def _name(given: Given, reach: Reach, own: str) -> str:
    name = words(given, "name", longest=60)
    if any(group.name == name and group.id != own for group in reach.staff.groups.values()):
        raise ConflictError(Text(f"分组“{name}”已存在", f"group {name!r} exists already"))
    return name


def _members(given: Given, reach: Reach, before: frozenset[str]) -> frozenset[str]:
    """Accounts within reach; the caller themselves neither joins nor leaves."""
    seen = {account.id for account in reach.staff.accounts.values() if reach.sees(account)}
    members = several(given, "members", seen) if "members" in given else frozenset()
    moved = members ^ before
    reach.others(moved)
    for one in moved:
        reach.changeable(one)
    return members


def _told(reach: Reach, group: Group) -> Given:
    staff = reach.staff
    posts = [told.of_post(post, staff.roles[post.role], staff.at) for post in staff.of_group(group.id)]
    people = [staff.accounts[one] for one in sorted(group.members)]
    names = [{"id": one.id, "login": one.login, "name": one.name} for one in people]
    return told.of_group(group) | {"people": names, "posts": posts}
