"""Who looked at an event on video and who said what of it, in the order of time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO

import orjson
from PIL import Image

from app.video.standing import ANALYST
from core.clock import iso
from core.errors import NotFoundError
from core.scope import Scope, Sensitivity
from core.texts import Lang, Text
from layers.catalogue import VIOLATIONS
from layers.wording import code_label
from store.attachments import Attached, Cabinet
from store.audit import AuditLog, Kind, Sought
from store.identity import Account
from store.protocol import Store

MOST = 200
"""Entries of the audit that are read of one file."""

TOGETHER = timedelta(minutes=10)
"""A film is read in pieces: reads of one person so close to each other are one look."""

THUMBNAIL = (192, 108)
LOOKED = {"image": Text("查看画面", "looked at the picture"), "video": Text("查看录像", "looked at the film")}
Told = dict[str, str]


def named(find: Callable[[str], Account | None]) -> Callable[[str], str]:
    """The name of an actor: a person's, ours, or what the audit calls it."""

    def name(actor: str) -> str:
        account = None if actor == ANALYST.id else find(actor)
        return ANALYST.name if actor == ANALYST.id else actor if account is None else account.name

    return name


@dataclass(frozen=True, slots=True, kw_only=True)
class Traces:
    """What is known of who dealt with an event; `named` gives the name of an actor."""

    store: Store
    cabinet: Cabinet
    audit: AuditLog
    named: Callable[[str], str]

    def of(self, code: str, *, scope: Scope, lang: Lang) -> list[Told]:
        """Looks and versions, oldest first. Raises: NotFoundError where the event is not open to the reader."""
        files = self.cabinet.of(VIOLATIONS, code, scope=scope)
        found = [*(one for file in files for one in self._looks(file, lang)), *self._versions(code, scope, lang)]
        return [{"at": iso(at), "who": who, "what": what} for at, who, what in sorted(found)]

    def _looks(self, file: Attached, lang: Lang) -> Iterator[tuple[datetime, str, str]]:
        what = LOOKED.get(file.record.media_type.partition("/")[0], Text("查看附件", "looked at a file")).of(lang)
        sought = Sought(kinds=(Kind.READ,), what="attachments", key=file.record.id)
        last: dict[str, datetime] = {}
        for one in reversed(self.audit.search(sought, limit=MOST)):
            if one.possibly:
                continue
            actor, at = one.entry.actor, one.entry.at
            if actor not in last or at - last[actor] > TOGETHER:
                yield at, self.named(actor), what
            last[actor] = at

    def _versions(self, code: str, scope: Scope, lang: Lang) -> Iterator[tuple[datetime, str, str]]:
        """What each version changed that a person or the analysis said; others are passed over."""
        before = ("", "")
        for one in self.store.versions(VIOLATIONS, code, scope=scope):
            body = orjson.loads(one.body)
            now = (str(body.get("verdict", "pending")), str(body.get("state", "standing")))
            feed = self.store.feed(after=one.from_seq - 1, scope=scope, layers=frozenset({VIOLATIONS.id}), limit=1)
            if feed and feed[0].seq == one.from_seq and now != before:
                yield feed[0].at, self.named(feed[0].actor), _said(before, now, body, lang)
            before = now


def _said(before: tuple[str, str], now: tuple[str, str], body: dict[str, object], lang: Lang) -> str:
    if not before[0]:
        return Text("报出事件", "reported the event").of(lang)
    if now[0] == before[0]:
        return code_label("violation_state", now[1], lang)
    if now[0] == "pending":
        return Text("撤回结论", "took the verdict back").of(lang)
    reason, case = str(body.get("reason") or ""), str(body.get("case_code") or "")
    more = case or (code_label("violation_reason", reason, lang) if reason else "")
    return " ".join(part for part in (code_label("violation_verdict", now[0], lang), more) if part)


def thumbnail(cabinet: Cabinet, code: str, *, scope: Scope) -> tuple[bytes, str]:
    """The picture of an event, too small to know anybody by, and its hash: what a list shows, and no look is recorded.

    Raises: NotFoundError where there is none, it cannot be read, or the event is sensitive: that one is opened.
    """
    for file in cabinet.of(VIOLATIONS, code, scope=scope):
        record = file.record
        if record.media_type == "image/jpeg" and record.sensitivity <= Sensitivity.INTERNAL:
            try:
                with Image.open(file.path) as picture:
                    picture.draft("RGB", THUMBNAIL)
                    picture.thumbnail(THUMBNAIL)
                    made = BytesIO()
                    picture.convert("RGB").save(made, "JPEG", quality=70)
                return made.getvalue(), record.sha256
            except OSError:
                break
    raise NotFoundError(Text("没有可显示的缩略图", "there is no thumbnail"), code=code)
