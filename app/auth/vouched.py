"""What a person the identity provider vouches for is here: an account of their own, and the posts their claims give."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from app.auth.callers import Doorman
from app.auth.person import Person
from app.settings import ClaimRule
from core.caller import current_address
from core.canonical import canonical_json
from core.errors import ConflictError, ForbiddenError
from core.ids import new_id
from core.texts import Text
from store.audit import AuditEntry, Kind, Outcome
from store.identity import Account, Identity, Post

GIVER = "oidc"
"""Who gave the posts that come from claims; only these end with the claims."""

LONGEST_LOGIN = 48


class Vouched:
    """Turns persons into accounts by the operator's table of claims."""

    def __init__(self, doorman: Doorman, rules: Sequence[ClaimRule]) -> None:
        self.doorman = doorman
        self.identity: Identity = doorman.identity
        self.rules = rules

    def account(self, person: Person) -> Account:
        """Their account, its posts as the claims have them now. Raises ForbiddenError for somebody with no place here.

        It is found by issuer and subject alone: nobody becomes a local account by bearing its login or e-mail.
        """
        granted = [rule for rule in self.rules if rule.value in claimed(person, rule.claim)]
        known = self.identity.people.by_subject(person.issuer, person.subject)
        if known is not None and not known.open(self.doorman.clock()):
            self._refuse(person, "account disabled", known)
            raise ForbiddenError(Text("该账号已停用,请联系管理员", "this account is disabled; ask your administrator"))
        account = known
        if account is None and granted:
            account = self._made(person, granted)
        if account is not None:
            self._settle(account, granted)
        if account is None or not granted:
            self._refuse(person, "no mapped claim", account)
            raise ForbiddenError(
                Text(
                    f"已核实您的身份({person.name[:40]}),但您在本系统没有岗位,请联系管理员授权",
                    f"you are known ({person.name[:40]}), but hold no post here; ask your administrator",
                )
            )
        if account.name != person.name[:80]:
            account = replace(account, name=person.name[:80])
            self.identity.people.change(account, at=self.doorman.clock())
        return account

    def _made(self, person: Person, granted: Sequence[ClaimRule]) -> Account:
        base = re.sub(r"[^\w.@-]", "-", person.login)[:LONGEST_LOGIN] or "person"
        now = self.doorman.clock()
        role = self.identity.posts.role(granted[0].role)
        for number in range(1, 1000):
            login = base if number == 1 else f"{base}-{number}"
            account = Account(
                id=new_id(), login=login, name=person.name[:80], user_class=role.user_class,
                issuer=person.issuer, subject=person.subject,
            )  # fmt: skip
            try:
                self.identity.people.add(account, at=now)
            except ConflictError:
                continue
            self._record(account, "account made by single sign-on", detail=_told(person))
            return self.identity.people.get(account.id)
        raise ConflictError(Text(f"账号“{base}”重名过多", f"too many accounts are called {base!r}"))

    def _settle(self, account: Account, granted: Iterable[ClaimRule]) -> None:
        """Ends what the claims no longer give and gives what is new."""
        now, posts = self.doorman.clock(), self.identity.posts
        wanted = {(rule.role, rule.areas, rule.enterprises): rule for rule in granted}
        held = {
            (post.role, post.areas, post.enterprises): post
            for post in posts.posts(account=account.id)
            if post.given_by == GIVER and post.active(now)
        }
        for lost in held.keys() - wanted.keys():
            self._record(account, f"post ended: {lost[0]}", post=held[lost].id)
            posts.end(held[lost].id, by=GIVER, at=now)
        for role, areas, enterprises in wanted.keys() - held.keys():
            rule = wanted[role, areas, enterprises]
            post = Post(
                id=new_id(), account=account.id, role=role, areas=areas, enterprises=enterprises, since=now,
                given_by=GIVER, given_at=now, reason=f"{rule.claim}={rule.value}"[:200],
            )  # fmt: skip
            self._record(account, f"post given: {role}", post=post.id)
            posts.give(post)
        if held.keys() != wanted.keys():
            self.doorman.forget()

    def _record(self, account: Account, where: str, *, post: str = "", detail: str = "") -> None:
        entry = AuditEntry(
            at=self.doorman.clock(), kind=Kind.ADMIN, actor=GIVER, door="page", account=account.id, post=post,
            address=current_address.get(), what=account.login, where=where, detail=detail,
        )  # fmt: skip
        self.doorman.audit.record(entry)

    def _refuse(self, person: Person, why: str, account: Account | None) -> None:
        entry = AuditEntry(
            at=self.doorman.clock(), kind=Kind.REFUSED, actor=GIVER, door="page",
            account="" if account is None else account.id, address=current_address.get(),
            what="account" if account is None else account.login, where=why, outcome=Outcome.REFUSED,
            detail=_told(person),
        )  # fmt: skip
        self.doorman.audit.record(entry)


def claimed(person: Person, claim: str) -> frozenset[str]:
    """The values of a claim, one or a list; a dotted name may also lead into an object, as `realm_access.roles`."""
    value: object = person.claims.get(claim)
    if value is None:
        value = person.claims
        for step in claim.split("."):
            value = value.get(step) if isinstance(value, dict) else None
    return frozenset({str(one) for one in (value if isinstance(value, list) else [value]) if one is not None})


def _told(person: Person) -> str:
    return canonical_json({"issuer": person.issuer, "subject": person.subject}).decode()
