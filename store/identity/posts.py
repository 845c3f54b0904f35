"""Roles, the posts that give them to people, and what somebody may act as at a moment."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa

from core.clock import iso
from core.errors import ConflictError, NotFoundError
from core.texts import Text
from store.identity.database import Database
from store.identity.rows import post_of, post_row, role_of, role_row
from store.identity.tables import MEMBERS, POSTS, ROLES
from store.identity.values import Account, Post, Role, Standing


class Posts:
    """Typed access to roles and posts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put_roles(self, roles: Iterable[Role]) -> None:
        """Write roles as they are now, new ones and known ones; equal ones are left alone."""
        known = {role.id: role for role in self.roles()}
        changed = [role for role in roles if known.get(role.id) != role]
        if not changed:
            return
        with self._database.begin() as db:
            for role in changed:
                if role.id in known:
                    db.execute(ROLES.update().where(ROLES.c.id == role.id).values(role_row(role)))
                else:
                    db.execute(ROLES.insert().values(role_row(role)))

    def roles(self) -> list[Role]:
        """Every role, built-in ones first."""
        with self._database.connect() as db:
            found = db.execute(sa.select(ROLES).order_by(ROLES.c.builtin.desc(), ROLES.c.id))
            return [role_of(row) for row in found.mappings()]

    def role(self, role_id: str) -> Role:
        """The role of an id; NotFoundError when there is none."""
        with self._database.connect() as db:
            row = db.execute(sa.select(ROLES).where(ROLES.c.id == role_id)).mappings().first()
        if row is None:
            raise NotFoundError(Text(f"没有角色“{role_id[:40]}”", f"no role {role_id[:40]!r}"))
        return role_of(row)

    def remove_role(self, role_id: str) -> None:
        """Delete a role nobody holds; built-in ones stay."""
        if self.role(role_id).builtin:
            raise ConflictError(Text("内置角色不能删除", "a built-in role cannot be removed"))
        try:
            with self._database.begin() as db:
                held = sa.select(sa.func.count()).select_from(POSTS).where(POSTS.c.role == role_id)
                if db.execute(held).scalar_one():
                    raise ConflictError(Text("仍有任职使用该角色", "posts still use this role"))
                db.execute(ROLES.delete().where(ROLES.c.id == role_id))
        except sa.exc.IntegrityError as error:
            raise ConflictError(Text("仍有任职使用该角色", "posts still use this role")) from error

    def give(self, post: Post) -> None:
        """Appoint somebody."""
        if (post.account is None) == (post.group is None):
            raise ValueError("a post is held by an account or by a group")
        with self._database.begin() as db:
            db.execute(POSTS.insert().values(post_row(post)))

    def end(self, post_id: str, *, by: str, at: datetime) -> Post:
        """Take a post away at once; the one it was."""
        found = self.post(post_id)
        running = sa.and_(POSTS.c.id == post_id, POSTS.c.ended_at.is_(None))
        with self._database.begin() as db:
            db.execute(POSTS.update().where(running).values(ended_at=iso(at), ended_by=by))
        return found

    def post(self, post_id: str) -> Post:
        """The post of an id; NotFoundError when there is none."""
        with self._database.connect() as db:
            row = db.execute(sa.select(POSTS).where(POSTS.c.id == post_id)).mappings().first()
        if row is None:
            raise NotFoundError(Text("没有这项任职", "no such post"))
        return post_of(row)

    def posts(self, *, account: str | None = None, group: str | None = None) -> list[Post]:
        """Posts, ended ones too, oldest first; of an account (not its groups') or of a group."""
        wanted = sa.select(POSTS).order_by(POSTS.c.since, POSTS.c.id)
        if account is not None:
            wanted = wanted.where(POSTS.c.account == account)
        if group is not None:
            wanted = wanted.where(POSTS.c.group_id == group)
        with self._database.connect() as db:
            return [post_of(row) for row in db.execute(wanted).mappings()]

    def standings(self, account: Account, *, at: datetime) -> list[Standing]:
        """What an account may act as now: lasting posts first, then its own before its groups', oldest first."""
        return self.standings_of([account], at=at)[account.id]

    def standings_of(self, accounts: Sequence[Account], *, at: datetime) -> dict[str, list[Standing]]:
        """The same of several by their ids, in three questions however many there are."""
        of = {account.id: account for account in accounts}
        posts: dict[str, list[Post]] = {one: [] for one in of}
        with self._database.connect() as db:
            inside = sa.select(MEMBERS.c.group_id, MEMBERS.c.account).where(MEMBERS.c.account.in_(list(of)))
            members: dict[str, list[str]] = {}
            for group, account in db.execute(inside):
                members.setdefault(group, []).append(account)
            wanted = (
                sa.select(POSTS)
                .where(sa.or_(POSTS.c.account.in_(list(of)), POSTS.c.group_id.in_(list(members))))
                .where(POSTS.c.ended_at.is_(None), POSTS.c.since <= iso(at))
                .where(sa.or_(POSTS.c.until.is_(None), POSTS.c.until > iso(at)))
            )
            for row in db.execute(wanted).mappings():
                post = post_of(row)
                held_by = [post.account] if post.account is not None else members.get(row["group_id"], [])
                for account in held_by:
                    posts[account].append(post)
            held = {post.role for some in posts.values() for post in some}
            roles = {
                row["id"]: role_of(row) for row in db.execute(sa.select(ROLES).where(ROLES.c.id.in_(held))).mappings()
            }
        for some in posts.values():
            some.sort(key=lambda post: (post.until is not None, post.account is None, post.since, post.id))
        return {
            one: [Standing(account=of[one], post=post, role=roles[post.role]) for post in some]
            for one, some in posts.items()
        }
