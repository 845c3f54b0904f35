"""Posts: given to an account or a group, for good or for a time, and ended."""

from app.doors.admin import told
from app.doors.admin.areas import areas_of, enterprises_of
from app.doors.admin.desk import Desk
from app.doors.admin.fields import Given, moment, one_of, only, refused, words
from app.doors.admin.reach import Reach
from core.caller import Caller, Right, UserClass
from core.errors import ConflictError, NotFoundError
from core.ids import new_id
from core.texts import Text
from store.identity import Post, Role

FIRMS = (UserClass.ENTERPRISE, UserClass.INTERMEDIARY)
"""Who acts for enterprises must say for which; who goes out with a team names it in the same place."""


def give(desk: Desk, caller: Caller, given: Given) -> Given:
    """POST /api/admin/posts: appoint; with `until` it ends by itself and needs a reason."""
    only(given, "account", "group", "role", "areas", "enterprises", "since", "until", "reason")
    reach = desk.reach(caller)
    now = reach.staff.at
    account, group = _holder(given, reach)
    role = reach.role(one_of(given, "role", tuple(reach.staff.roles)))
    since = moment(given, "since") or now
    if since < now:
        since = now
    until = moment(given, "until", after=since)
    post = Post(
        id=new_id(), account=account, group=group, role=role.id, areas=areas_of(given, reach),
        enterprises=enterprises_of(given, reach, needed=_named(role)), since=since, until=until,
        reason=words(given, "reason", longest=200, empty=until is None), given_by=caller.actor.id, given_at=now,
    )  # fmt: skip
    after = reach.staff.with_post(post)
    reach.others(after.holders(post))
    for one in after.holders(post):
        reach.changeable(one)
    reach.accept(after, after.holders(post))
    said = told.of_post(post, role, now)
    desk.record(caller, "posts", post.id, "given", after=said)
    desk.identity.posts.give(post)
    return said


def end(desk: Desk, caller: Caller, given: Given, post: str) -> Given:
    """POST /api/admin/posts/ID/end: from this moment on nothing is done under it."""
    only(given)
    reach = desk.reach(caller)
    found = next((one for one in reach.staff.posts if one.id == post), None)
    if found is None or not reach.sees_holder(found):
        raise NotFoundError(Text("没有这项任职,或已结束", "no such post, or it has ended"))
    reach.role(found.role)
    reach.others(reach.staff.holders(found))
    reach.accept(reach.staff.without_posts({post}), ())
    before = told.of_post(found, reach.staff.roles[found.role], reach.staff.at)
    desk.record(caller, "posts", post, "ended", before=before)
    desk.identity.posts.end(post, by=caller.actor.id, at=reach.staff.at)
    return {"ended": post}


def _holder(given: Given, reach: Reach) -> tuple[str | None, str | None]:
    """The account, or the group, that gets it: one of the two."""
    account, group = given.get("account"), given.get("group")
    if (account is None) == (group is None):
        raise refused("account", account, Text("账号标识,或改填 group,二者择一", "an account's id, or else `group`"))
    if account is not None:
        found = reach.changeable(words(given, "account", longest=60))
        if found.disabled:
            raise ConflictError(Text("账号已停用,先启用再任职", "the account is disabled; enable it first"))
        return found.id, None
    return None, reach.group(words(given, "group", longest=60)).id


def _named(role: Role) -> bool:
    """The post says for whom: for enterprises, or with which team."""
    return role.user_class in FIRMS or Right.FIELD in role.rights
