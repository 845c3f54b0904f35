"""Facts of the feed that people are told of: cases due, licences running out, warnings published. Each is told once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.directory import Directory
from app.messages.audience import of_areas, of_case
from app.messages.receipts import about
from casework.casetype import REMIND, CaseType
from casework.reminders import Tier
from core.caller import UserClass
from core.clock import CHINA, Clock
from core.errors import NotFoundError
from core.scope import SYSTEM_SCOPE
from core.texts import Text
from layers.catalogue import CASE_STEPS, DOCUMENT_DELIVERIES, LICENCES, WARNINGS
from layers.catalogue.casework import CaseRow, CaseStep
from layers.catalogue.licences import Licence
from layers.catalogue.official import DocumentDelivery
from layers.catalogue.warnings import EarlyWarning
from layers.codes import code_list
from store.feed import Entry
from store.identity import Identity, Standing
from store.identity.messages import Channel, Letter
from store.protocol import Store

FACTS = frozenset({CASE_STEPS.id, LICENCES.id, WARNINGS.id, DOCUMENT_DELIVERIES.id})
NEWS = timedelta(days=2)
"""What is older is no news any more: a server that stood still for longer does not tell it."""
BACK = 20_000
"""Entries a server looks back over that has never told anything."""
STRIDE = 500
"""Entries without a fact that may be looked through again before the cursor is moved past them."""
CURSOR = "messages"


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """Reads the feed on from where it was left, and writes a letter for each fact that is one."""

    store: Store
    identity: Identity
    systems: tuple[CaseType, ...]
    clock: Clock
    channels: frozenset[Channel]
    directory: Directory

    def tell(self) -> int:
        """Everything since the last time; how many messages were written."""
        book = self.identity.messages
        after, head = book.told_up_to(CURSOR), self.store.head()
        if after is None:
            after = max(0, head - BACK)
        written = 0
        while entries := self.store.feed(after=after, scope=SYSTEM_SCOPE, layers=FACTS):
            now = self.clock()
            fresh = [one for one in entries if one.new_version is not None and one.at >= now - NEWS]
            if fresh:
                written += self._written(fresh, now)
            after = entries[-1].seq
            book.tell_up_to(CURSOR, after)
        if head - after > STRIDE:  # nothing of it concerned anybody: it is not looked through again
            book.tell_up_to(CURSOR, head)
        return written

    def _written(self, entries: Sequence[Entry], now: datetime) -> int:
        accounts = [one for one in self.identity.people.all() if one.open(now)]
        held = self.identity.posts.standings_of(accounts, at=now)
        standings = [one for some in held.values() for one in some]
        written = 0
        for entry in entries:
            ask = {
                CASE_STEPS.id: self._case, LICENCES.id: self._licence, WARNINGS.id: self._warning,
                DOCUMENT_DELIVERIES.id: self._delivery,
            }[entry.layer]  # fmt: skip
            found = ask(entry, standings)
            if found is not None:
                letter, to = found
                written += self.identity.messages.post(letter, self._ways(to), at=now)
        return written

    def _ways(self, accounts: Sequence[str]) -> dict[str, tuple[Channel, ...]]:
        given = self.identity.messages.contacts_of(accounts)
        return {
            one: (Channel.PORTAL, *(way for way in given[one] if way in self.channels)) for one in accounts
        }  # fmt: skip

    def _case(self, entry: Entry, standings: Sequence[Standing]) -> tuple[Letter, list[str]] | None:
        try:
            step = self.store.get(CASE_STEPS, entry.key, scope=SYSTEM_SCOPE).record
            assert isinstance(step, CaseStep)
            of = next((one for one in self.systems if one.register.id == step.of_layer), None)
            if step.step != REMIND or of is None:
                return None
            row = self.store.get(of.register, step.of_key, scope=SYSTEM_SCOPE).record
        except NotFoundError:  # erased meanwhile
            return None
        assert isinstance(row, CaseRow)
        if row.closed_at is not None:
            return None
        to = of_case(
            standings, register=of.register.id, area=row.area or "", enterprise=row.enterprise,
            sensitivity=row.sensitivity, told=Tier(row.told),
        )  # fmt: skip
        return of_reminder(of, step, now=self.clock()), to

    def _licence(self, entry: Entry, standings: Sequence[Standing]) -> tuple[Letter, list[str]] | None:
        """What its ladder has come to: the holder's own accounts, and the authority once it has run out."""
        try:
            row = self.store.get(LICENCES, entry.key, scope=SYSTEM_SCOPE).record
        except NotFoundError:
            return None
        assert isinstance(row, Licence)
        if row.told_at is None or not row.reminded or row.told_at < self.clock() - NEWS:
            return None
        told = Tier(row.told)
        if told is Tier.ENTERPRISE:
            standings = [one for one in standings if one.role.user_class is UserClass.ENTERPRISE]
        to = of_case(
            standings, register=LICENCES.id, area=row.area or "", enterprise=row.enterprise,
            sensitivity=row.sensitivity, told=told,
        )  # fmt: skip
        return of_licence(row), to

    def _warning(self, entry: Entry, standings: Sequence[Standing]) -> tuple[Letter, list[str]] | None:
        try:
            warning = self.store.get(WARNINGS, entry.key, scope=SYSTEM_SCOPE).record
        except NotFoundError:
            return None
        assert isinstance(warning, EarlyWarning)
        return of_warning(warning), of_areas(standings, warning.areas)

    def _delivery(self, entry: Entry, standings: Sequence[Standing]) -> tuple[Letter, list[str]] | None:
        """A document that was sent: everybody to whom the address leads, once."""
        try:
            row = self.store.get(DOCUMENT_DELIVERIES, entry.key, scope=SYSTEM_SCOPE).record
        except NotFoundError:
            return None
        assert isinstance(row, DocumentDelivery)
        known = {one.account.id for one in standings}
        to = [account for account in self.directory.reached(row.to, standings) if account in known]
        return of_delivery(row), to


def of_delivery(row: DocumentDelivery) -> Letter:
    """That a document came: its number and organ, not its title, for it may leave the system."""
    title = Text("收到公文", "A document came")
    rush = {"urgent": Text("(加急)", " (urgent)"), "extra": Text("(特急)", " (extra urgent)")}.get(row.urgency)
    body = Text(
        f"{row.organ}发来公文 {row.number}{rush.zh if rush else ''},请签收。",
        f"{row.organ} sent {row.number}{rush.en if rush else ''}: sign for it.",
    )
    return Letter(about=f"delivery/{row.code}", title=title, body=body, link=f"home?document={row.code}")


def of_licence(row: Licence) -> Letter:
    """That a licence runs out or has: its code and day; no person and no firm, for it may leave the system."""
    over = row.state == "expired"
    title = Text("证照已过期", "Licence has run out") if over else Text("证照到期提醒", "Licence runs out")
    kind = next((one.title for one in code_list("permit_kind") if one.code == row.kind), Text("证照", "licence"))
    body = (
        Text(
            f"{kind.zh} {row.code} 已于 {row.valid_until} 届满。", f"{kind.en} {row.code} ran out on {row.valid_until}."
        )
        if over
        else Text(
            f"{kind.zh} {row.code} 有效期至 {row.valid_until},需要延续的请按提前量申请。",
            f"{kind.en} {row.code} runs until {row.valid_until}: ask for renewal as long ahead as its kind says.",
        )
    )
    about = f"{LICENCES.id}/{row.code}/{row.valid_until}/{row.reminded}"
    return Letter(about=about, title=title, body=body, link=f"map?sel={LICENCES.id}:{row.code}")


def of_reminder(of: CaseType, step: CaseStep, *, now: datetime) -> Letter:
    """A reminder in a sentence: number, system and deadline; no person and no firm, for it may leave the system."""
    due = step.due_at
    over = due is not None and due <= now
    day = "" if due is None else due.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
    title = Text("逾期提醒", "Overdue") if over else Text("临期提醒", "Soon due")
    body = (
        Text(f"{of.title.zh} {step.of_key} 已于 {day} 逾期,请尽快办理。", f"{of.title.en} {step.of_key} was due {day}.")
        if over
        else Text(
            f"{of.title.zh} {step.of_key} 将于 {day} 到期,请及时办理。", f"{of.title.en} {step.of_key} is due {day}."
        )
    )
    return Letter(about=step.code, title=title, body=body, link=f"cases?system={of.id}&code={step.of_key}")


def of_warning(warning: EarlyWarning) -> Letter:
    """A warning published, changed or lifted, as it is public."""
    lifted = warning.lifted_at is not None
    title = Text("预警解除", "Warning lifted") if lifted else Text("预警发布", "Warning")
    body = Text(warning.title, warning.title_en or warning.title)
    return Letter(about=about(warning), title=title, body=body, link=f"map?sel={WARNINGS.id}:{warning.code}")
