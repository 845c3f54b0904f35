"""Everybody, and what they hold, at one moment: what rules about administrators are asked of."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from core.caller import Right
from store.identity import Account, Group, Identity, Post, Role

ADMINISTERS = frozenset({Right.ACCOUNTS, Right.KEYS})
GUARDED = ADMINISTERS | {Right.AUDIT}
"""Rights over other people; what holds them is in the hands of whole-city administrators alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """Accounts, groups, roles, and the posts that are not over: those in force and those to come."""

    at: datetime
    accounts: dict[str, Account]
    groups: dict[str, Group]
    roles: dict[str, Role]
    posts: tuple[Post, ...]
    past: dict[str, tuple[Post, ...]]

    def held(self, account: str) -> list[Post]:
        """The posts of an account, its groups' among them."""
        mine = {group.id for group in self.groups.values() if account in group.members}
        return [post for post in self.posts if post.account == account or post.group in mine]

    def of_group(self, group: str) -> list[Post]:
        """The posts a group holds."""
        return [post for post in self.posts if post.group == group]

    def rights(self, posts: Collection[Post]) -> frozenset[Right]:
        """What posts let somebody do, together."""
        return frozenset(right for post in posts for right in self.roles[post.role].rights)

    def holders(self, post: Post) -> frozenset[str]:
        """The accounts that act under a post."""
        if post.account is not None:
            return frozenset({post.account})
        return self.groups[post.group or ""].members

    def with_account(self, account: Account) -> "Staff":
        """As it would be with this account so."""
        return replace(self, accounts={**self.accounts, account.id: account})

    def with_group(self, group: Group) -> "Staff":
        """As it would be with this group so."""
        return replace(self, groups={**self.groups, group.id: group})

    def with_role(self, role: Role) -> "Staff":
        """As it would be with this role so."""
        return replace(self, roles={**self.roles, role.id: role})

    def with_post(self, post: Post) -> "Staff":
        """As it would be with one more post."""
        return replace(self, posts=(*self.posts, post))

    def without_posts(self, ended: Collection[str]) -> "Staff":
        """As it would be without some posts."""
        return replace(self, posts=tuple(post for post in self.posts if post.id not in ended))


def staff_of(identity: Identity, at: datetime) -> Staff:
    """Read everybody, in five queries."""
    every = identity.posts.posts()
    over = [post for post in every if post.ended_at is not None or (post.until is not None and post.until <= at)]
    past: dict[str, list[Post]] = {}
    for post in over:
        if post.account is not None:
            past.setdefault(post.account, []).append(post)
    ended = {post.id for post in over}
    return Staff(
        at=at,
        accounts={account.id: account for account in identity.people.all()},
        groups={group.id: group for group in identity.people.groups()},
        roles={role.id: role for role in identity.posts.roles()},
        posts=tuple(post for post in every if post.id not in ended),
        past={account: tuple(posts) for account, posts in past.items()},
    )
