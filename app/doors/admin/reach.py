"""How far an administrator reaches: their own areas, never themselves, and never across the separation of duty."""

from collections.abc import Callable, Collection, Iterable

from app.doors.admin.staff import ADMINISTERS, GUARDED, Staff
from core.caller import Caller, Right
from core.errors import ConflictError, ForbiddenError, NotFoundError
from core.texts import Text
from store.identity import Account, Group, Post, Role

OUTSIDE = Text("超出您的管辖范围", "outside your own areas")
CITY_ONLY = Text(
    "涉及账号、密钥或审计权限,只有管辖全市的系统管理员可以办理",
    "rights over accounts, keys or the audit are handled only by administrators of the whole city",
)
ROLES_CITY_ONLY = Text(
    "角色全市共用,只有管辖全市的系统管理员可以改", "roles are the whole city's: only its administrators change them"
)
NOT_ONESELF = Text("不能给自己任职或改动自己的任职,请由另一位管理员办理", "nobody gives or changes a post of their own")
SEPARATED = Text(
    "职责分离:同一账号不能既有账号、密钥管理权限又有审计权限",
    "separation of duty: one account cannot hold rights over accounts or keys and over the audit",
)
LAST = Text("这样全市将没有系统管理员,不能办理", "the city would be left without an administrator")


class Reach:
    """One caller over the staff of one moment."""

    def __init__(
        self, caller: Caller, staff: Staff, areas: dict[str, str], made: Callable[[str], frozenset[str]]
    ) -> None:
        self.caller = caller
        self.staff = staff
        self.areas = areas
        self.city = self.whole(caller.scope.areas) and caller.scope.enterprises is None
        self._made_by_me = made
        self._made: dict[str, frozenset[str]] = {}

    def whole(self, areas: Collection[str]) -> bool:
        """These areas are the whole city."""
        everywhere = "" in areas
        return everywhere or (bool(self.areas) and all(code.startswith(tuple(areas)) for code in self.areas))

    def covers(self, post: Post) -> bool:
        """A post lies within the caller's areas, and enterprises if those are limited."""
        scope = self.caller.scope
        if scope.enterprises is not None and not (
            post.enterprises is not None and post.enterprises <= scope.enterprises
        ):
            return False
        return all(scope.covers(area) for area in post.areas)

    def sees(self, account: Account) -> bool:
        """All posts lie within; without any, who added it sees it, and whoever reaches over all it once had."""
        if self.city:
            return True
        held = self.staff.held(account.id) or self.staff.past.get(account.id, ())
        if held:
            return all(self.covers(post) for post in held)
        return account.id in self.made("accounts")

    def sees_group(self, group: Group) -> bool:
        """All its posts and members lie within; an empty one is seen by who added it."""
        if self.city:
            return True
        posts, members = self.staff.of_group(group.id), [self.staff.accounts[one] for one in group.members]
        if not posts and not members:
            return group.id in self.made("groups")
        return all(self.covers(post) for post in posts) and all(self.sees(one) for one in members)

    def sees_holder(self, post: Post) -> bool:
        """Who holds a post is within reach."""
        if post.account is not None:
            return self.sees(self.staff.accounts[post.account])
        return self.sees_group(self.staff.groups[post.group or ""])

    def made(self, what: str) -> frozenset[str]:
        """Ids of what the caller added."""
        if what not in self._made:
            self._made[what] = self._made_by_me(what)
        return self._made[what]

    def account(self, account_id: str) -> Account:
        """An account within reach; what is not might as well not exist."""
        found = self.staff.accounts.get(account_id)
        if found is None or not self.sees(found):
            raise NotFoundError(Text("没有这个账号,或不在您的管辖范围", "no such account, or not within your areas"))
        return found

    def changeable(self, account_id: str) -> Account:
        """The same to be changed: those with rights over others only by the whole city's administrators."""
        found = self.account(account_id)
        if found.id != self.caller.account:
            self.allows(self.staff.rights(self.staff.held(found.id)))
        return found

    def group(self, group_id: str) -> Group:
        """A group within reach."""
        found = self.staff.groups.get(group_id)
        if found is None or not self.sees_group(found):
            raise NotFoundError(Text("没有这个分组,或不在您的管辖范围", "no such group, or not within your areas"))
        return found

    def role(self, role_id: str) -> Role:
        """A role, to be given: those over people only by the whole city's administrators."""
        role = self.staff.roles[role_id]
        self.allows(role.rights)
        return role

    def allows(self, rights: frozenset[Right]) -> None:
        """The caller may handle what holds these rights."""
        if rights & GUARDED and not self.city:
            raise ForbiddenError(CITY_ONLY)

    def accept(self, after: Staff, accounts: Iterable[str]) -> None:
        """What would be, is allowed: these accounts keep duties apart, and the city keeps an administrator."""
        for account in accounts:
            rights = after.rights(after.held(account))
            if rights & ADMINISTERS and Right.AUDIT in rights:
                login = after.accounts[account].login
                raise ConflictError(Text(f"{SEPARATED.zh}({login})", f"{SEPARATED.en} ({login})"))
        if self._administrators(self.staff) and not self._administrators(after):
            raise ConflictError(LAST)

    def others(self, accounts: Iterable[str]) -> None:
        """None of the accounts is the caller's own."""
        if self.caller.account in accounts:
            raise ForbiddenError(NOT_ONESELF)

    def _administrators(self, staff: Staff) -> set[str]:
        """Open accounts that run accounts over the whole city, with no end to it."""
        found = set()
        for post in staff.posts:
            lasting = post.active(staff.at) and post.until is None
            if lasting and Right.ACCOUNTS in staff.roles[post.role].rights and self.whole(post.areas):
                holders = [staff.accounts[one] for one in staff.holders(post)]
                found |= {one.id for one in holders if not one.disabled and one.valid_until is None}
        return found
