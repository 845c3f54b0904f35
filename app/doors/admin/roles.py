"""Roles: the built-in ones to read, a city's own to make, change and remove."""

from app.doors.admin import told
from app.doors.admin.desk import ADDED, Desk
from app.doors.admin.fields import Given, flag, matching, one_of, only, refused, several, words
from app.doors.admin.reach import NOT_ONESELF, ROLES_CITY_ONLY, SEPARATED, Reach
from app.doors.admin.staff import ADMINISTERS, GUARDED
from core.caller import Caller, Right, UserClass
from core.errors import ConflictError, ForbiddenError, NotFoundError
from core.scope import Sensitivity
from core.texts import Text
from store.identity import Role

ID = r"[a-z][a-z0-9-]{1,39}"
FIELDS = ("title", "class", "rights", "clearance", "layers", "hidden", "writable", "second_factor")
LEVELS = {level.name.lower(): level for level in Sensitivity}
BUILT_IN = Text("内置角色只读", "a built-in role is read-only")
FACTOR = Text(
    "含账号、密钥或审计权限的角色须双因素登录(second_factor 为 true)",
    "a role over accounts, keys or the audit needs second_factor",
)


def listed(desk: Desk, caller: Caller, _: Given) -> Given:
    """GET /api/admin/roles: every role and how many posts use it."""
    staff = desk.reach(caller).staff
    used = [post.role for post in staff.posts]
    return {"roles": [told.of_role(role) | {"posts": used.count(role.id)} for role in staff.roles.values()]}


def add(desk: Desk, caller: Caller, given: Given) -> Given:
    """POST /api/admin/roles: a role of the city's own."""
    only(given, "id", *FIELDS)
    reach = _city(desk, caller)
    form = Text("小写字母开头的 2 至 40 个小写字母、数字和 -", "2 to 40 small letters, digits and -, a letter first")
    role = _role(desk, given, matching(given, "id", ID, form))
    if role.id in reach.staff.roles:
        raise ConflictError(Text(f"角色“{role.id}”已存在", f"role {role.id!r} exists already"))
    desk.record(caller, "roles", role.id, ADDED, after=told.of_role(role))
    desk.identity.posts.put_roles([role])
    return told.of_role(role)


def change(desk: Desk, caller: Caller, given: Given, role: str) -> Given:
    """POST /api/admin/roles/ID: what is not sent stays; everybody in the role is changed with it."""
    only(given, *FIELDS)
    reach = _city(desk, caller)
    before = _own(reach, role)
    if any(post.role == role for post in reach.staff.held(caller.account)):
        raise ForbiddenError(NOT_ONESELF)
    said = told.of_role(before)
    after = _role(desk, {name: said[name] for name in FIELDS} | given, role)
    staff = reach.staff.with_role(after)
    reach.accept(staff, staff.accounts)
    desk.record(caller, "roles", role, "changed", before=said, after=told.of_role(after))
    desk.identity.posts.put_roles([after])
    return told.of_role(after)


def remove(desk: Desk, caller: Caller, given: Given, role: str) -> Given:
    """POST /api/admin/roles/ID/remove: one that no post and no wall screen uses, past ones included."""
    only(given)
    reach = _city(desk, caller)
    found = _own(reach, role)
    kept = {kiosk.role for kiosk in desk.identity.keys.kiosks()} | {one.role for one in desk.identity.posts.posts()}
    if role in kept:
        raise ConflictError(Text("仍有任职或大屏(含已结束的)使用该角色", "posts or wall screens use this role, or did"))
    desk.record(caller, "roles", role, "removed", before=told.of_role(found))
    desk.identity.posts.remove_role(role)
    return {"removed": role}


def _city(desk: Desk, caller: Caller) -> Reach:
    reach = desk.reach(caller)
    if not reach.city:
        raise ForbiddenError(ROLES_CITY_ONLY)
    return reach


def _own(reach: Reach, role: str) -> Role:
    found = reach.staff.roles.get(role)
    if found is None:
        raise NotFoundError(Text(f"没有角色“{role[:40]}”", f"no role {role[:40]!r}"))
    if found.builtin:
        raise ForbiddenError(BUILT_IN)
    return found


def _role(desk: Desk, given: Given, role_id: str) -> Role:
    layers = {layer.id for layer in desk.catalogue}
    fields = {f"{layer.id}.{name}" for layer in desk.catalogue for name in layer.fields}
    title = given.get("title")
    if not isinstance(title, dict):
        raise refused("title", title, Text(' {"zh": …, "en": …}', '{"zh": …, "en": …}'))
    rights = frozenset(Right(one) for one in several(given, "rights", tuple(str(one) for one in Right)))
    if rights & ADMINISTERS and Right.AUDIT in rights:
        raise ConflictError(SEPARATED)
    second_factor = flag(given, "second_factor")
    if rights & GUARDED and not second_factor:
        raise refused("second_factor", second_factor, FACTOR)
    hidden = several(given, "hidden", fields) if given.get("hidden") else frozenset()
    return Role(
        id=role_id,
        title=Text(words(title, "zh", longest=40), words(title, "en", longest=60)),
        user_class=UserClass(one_of(given, "class", tuple(str(one) for one in UserClass))),
        rights=rights,
        clearance=LEVELS[one_of(given, "clearance", tuple(LEVELS))],
        layers=None if given.get("layers") is None else several(given, "layers", layers),
        hidden=frozenset((layer, name) for layer, _, name in (one.partition(".") for one in hidden)),
        writable=None if given.get("writable", []) is None else several({"writable": [], **given}, "writable", layers),
        second_factor=second_factor,
    )
