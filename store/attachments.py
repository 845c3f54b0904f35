"""The cabinet: files attached to records, kept once under the hash of their content, with a register row for each.

Who may not see a record may not know of its files. A file is on the disk before its row is committed; it stays when the
row is deleted, because the row's versions still name it, until it is erased.
"""

import hashlib
import re
import shutil
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from core.actors import Actor
from core.clock import Clock
from core.errors import BadInputError, ForbiddenError, NotFoundError
from core.ids import new_id
from core.scope import SYSTEM_SCOPE, Scope, Sensitivity
from core.texts import Text
from layers.catalogue.attachments import ATTACHMENTS, Attachment
from layers.catalogue.casework import CASE_STEPS, CaseRow
from layers.catalogue.incidents import EXERCISES, INCIDENT_LOG, INCIDENTS, KEPT
from layers.filters import And, Between, Compare, In, Op, every
from layers.layer import Layer, Publish
from layers.media import media_type
from layers.record import Record
from store.durable import locked, settle, write
from store.feed import Delete, Edit, Put
from store.protocol import Store, Stored
from store.query import Order, Query
from store.rights import owned, theirs

HASH = re.compile("[0-9a-f]{64}")
PER_RECORD = 200
"""Files one record may have."""

REMEMBERED = 4096
"""Files of which a process knows that they were whole when it last read them."""

SETTLED = 2_000_000_000
"""Nanoseconds: what was touched so lately may be touched again within one tick of the disk's clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A file received and hashed, not yet attached to anything."""

    path: Path
    name: str
    media_type: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """One attachment: its row and where its file is."""

    record: Attachment
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """A file that is not as its row says."""

    attachment: str
    text: Text


class Cabinet:
    """The files under `folder` and the register rows of the store; `largest` is the most bytes of one file."""

    def __init__(self, store: Store, folder: Path, clock: Clock, *, largest: int) -> None:
        self._store = store
        self._folder = folder
        self._clock = clock
        self.largest = largest
        self._sound: dict[str, tuple[int, int, int]] = {}

    @property
    def folder(self) -> Path:
        """Where the files lie."""
        return self._folder

    def of(self, layer: Layer, key: str, *, scope: Scope) -> tuple[Attached, ...]:
        """The attachments of a record, oldest first; NotFoundError when the caller may not know of the record."""
        self._record(layer, key, scope)
        where = every(Compare("of_layer", Op.EQ, layer.id), Compare("of_key", Op.EQ, key))
        query = Query(where=where, fields=("id",), geometry=False, order=(Order("id"),), limit=PER_RECORD)
        ids = self._store.read(ATTACHMENTS, query, scope=_reading(scope))["id"].to_pylist()
        return tuple(self._row(one, scope) for one in ids)

    def find(self, attachment: str, *, scope: Scope) -> Attached:
        """One attachment; NotFoundError when it, or the record it belongs to, is not open to the caller."""
        try:
            found = self._row(attachment, scope)
            layer = self._store.catalogue.find(found.record.of_layer, scope)
            if layer is None:
                raise _no_attachment(attachment)
            self._record(layer, found.record.of_key, scope)
        except NotFoundError as error:
            raise _no_attachment(attachment) from error
        return found

    def sound(self, found: Attached) -> bool:
        """The file is there with the content that was kept; it is read again whenever somebody has touched it."""
        sha256 = found.record.sha256
        try:
            facts = found.path.stat()
        except FileNotFoundError:
            return False
        seen = (facts.st_ino, facts.st_ctime_ns, facts.st_size)
        if self._sound.get(sha256) != seen:
            if self._digest(sha256) != sha256:
                return False
            if len(self._sound) >= REMEMBERED:
                self._sound.clear()
            if time.time_ns() - facts.st_ctime_ns > SETTLED:
                self._sound[sha256] = seen
        return True

    def may_change(self, layer: Layer, key: str, *, scope: Scope) -> bool:
        """The caller may attach to this record and take off: it is theirs to change."""
        record = self._record(layer, key, scope).record
        return scope.may_write(layer.id) and theirs(layer, _enterprise(layer, record), scope)

    @contextmanager
    def draft(self, blocks: Iterable[bytes], name: str) -> Iterator[Draft]:
        """A received file, checked for size and kind; gone afterwards unless it was kept."""
        room = self._folder / f".draft-{new_id()}"
        room.mkdir(parents=True)
        try:
            path = room / "content"
            sha256, size = write(path, self._measured(blocks, name))
            if size == 0:
                raise BadInputError(Text(f"文件“{name}”是空的", f"file {name!r} is empty"), field="file", value=name)
            yield Draft(path=path, name=name, media_type=media_type(path, name), sha256=sha256, size=size)
        finally:
            shutil.rmtree(room, ignore_errors=True)

    def _measured(self, blocks: Iterable[bytes], name: str) -> Iterator[bytes]:
        size = 0
        for block in blocks:
            size += len(block)
            if size > self.largest:
                most = f"{self.largest / 1e6:.0f} MB"
                raise BadInputError(
                    Text(f"文件“{name}”超过 {most}", f"file {name!r} is larger than {most}"), field="file", value=name
                )
            yield block

    @contextmanager
    def made(self, content: bytes, name: str, media_type: str) -> Iterator[Draft]:
        """A file that the system itself has made, of whatever kind; gone afterwards unless it was kept."""
        room = self._folder / f".draft-{new_id()}"
        room.mkdir(parents=True)
        try:
            sha256, size = write(room / "content", iter((content,)))
            yield Draft(path=room / "content", name=name, media_type=media_type, sha256=sha256, size=size)
        finally:
            shutil.rmtree(room, ignore_errors=True)

    def keep_with(
        self, edits: Sequence[Edit], owned: Sequence[tuple[Layer, Record, Sequence[Draft]]], *, actor: Actor,
        reason: str, scope: Scope,
    ) -> tuple[Attached, ...]:  # fmt: skip
        """Rows and the files of some of them in one commit: all or nothing.

        Whether the caller may write the rows is the scope's matter; whose firm they are the caller of this has asked.
        """
        files = [
            (draft, self._of(layer, str(getattr(owner, layer.key)), owner, draft, actor))
            for layer, owner, drafts in owned
            for draft in drafts
        ]
        puts = [Put(layer=ATTACHMENTS.id, record=row, expected=0) for _, row in files]
        wider = replace(
            scope, layers=None if scope.layers is None else scope.layers | {ATTACHMENTS.id}, enterprises=None,
            writable=None if scope.writable is None else scope.writable | {ATTACHMENTS.id},
        )  # fmt: skip
        with locked(self._folder):
            new = [draft for draft, _ in files if self._shelve(draft)]
            try:
                self._store.commit([*edits, *puts], actor=actor, reason=reason, scope=wider)
            except BaseException:
                for draft in new:
                    self._path(draft.sha256).unlink()
                raise
        return tuple(Attached(record=row, path=self._path(row.sha256)) for _, row in files)

    def taken_along(
        self, found: Iterable[Attached], layer: Layer, owner: Record, *, actor: Actor, note: str
    ) -> list[Put]:  # fmt: skip
        """Rows by which files of one record are another's too, for the commit that makes the other."""
        return [
            Put(
                layer=ATTACHMENTS.id, expected=0,
                record=self._of(
                    layer, str(getattr(owner, layer.key)), owner,
                    Draft(path=one.path, name=one.record.name, media_type=one.record.media_type,
                          sha256=one.record.sha256, size=one.record.size),
                    actor, note, one.record.sensitivity,
                ),
            )
            for one in found
        ]  # fmt: skip

    def _of(
        self, layer: Layer, key: str, owner: Record, draft: Draft, actor: Actor, note: str = "",
        sensitivity: Sensitivity = Sensitivity.PUBLIC,
    ) -> Attachment:  # fmt: skip
        return Attachment(
            id=new_id(), of_layer=layer.id, of_key=key, name=draft.name, note=note, media_type=draft.media_type,
            sha256=draft.sha256, size=draft.size, added_by=actor.name, added_at=self._clock(), area=owner.area,
            sensitivity=max(layer.sensitivity, owner.sensitivity, sensitivity),
        )  # fmt: skip

    def keep(
        self,
        layer: Layer,
        key: str,
        draft: Draft,
        *,
        note: str = "",
        sensitivity: Sensitivity = Sensitivity.INTERNAL,
        actor: Actor,
        scope: Scope,
    ) -> Attached:
        """Attach a draft to a record the caller may change; it travels no further than the record does."""
        owner = self._record(layer, key, scope).record
        if not scope.may_write(layer.id):
            raise ForbiddenError(
                Text(f"您不能修改{layer.title.zh},不能为其添加附件", f"you may not change {layer.title.en}")
            )
        _of_people(layer)
        owned(layer, key, _enterprise(layer, owner), scope)
        if len(self.of(layer, key, scope=scope)) >= PER_RECORD:
            raise BadInputError(
                Text(f"每条记录最多 {PER_RECORD} 个附件", f"a record has {PER_RECORD} attachments at most"),
                field="file",
            )
        record = self._of(layer, key, owner, draft, actor, note, sensitivity)
        edit = Put(layer=ATTACHMENTS.id, record=record, expected=0)
        with locked(self._folder):
            new = self._shelve(draft)
            try:
                self._store.commit([edit], actor=actor, reason="添加附件", scope=_writing(scope, layer))
            except BaseException:
                if new:
                    self._path(draft.sha256).unlink()
                raise
        return Attached(record=record, path=self._path(record.sha256))

    def remove(self, attachment: str, *, actor: Actor, reason: str, scope: Scope) -> None:
        """Take an attachment off its record; the file stays, for the versions that name it."""
        found = self.find(attachment, scope=scope)
        layer = self._store.catalogue[found.record.of_layer]
        _of_people(layer)
        owner = self._record(layer, found.record.of_key, scope).record
        owned(layer, found.record.of_key, _enterprise(layer, owner), scope)
        if found.record.sha256 in self.logged(layer, found.record.of_key):
            raise ForbiddenError(
                Text(
                    f"附件“{found.record.name}”已写入办理记录,不能移除;依法须删除的,由管理员按擦除程序办理",
                    f"{found.record.name!r} stands in the log of the case and stays; by law alone it can be erased",
                ),
                attachment=attachment,
            )
        self._store.commit(
            [Delete(layer=ATTACHMENTS.id, key=attachment)], actor=actor, reason=reason, scope=_writing(scope, layer)
        )

    def logged(self, layer: Layer, key: str) -> frozenset[str]:
        """The hashes of files that steps of a case or lines of an incident's log name, whoever may see those."""
        if layer.id in (INCIDENTS.id, EXERCISES.id) and INCIDENT_LOG.id in self._store.catalogue:
            query = Query(where=Compare("incident", Op.EQ, key), fields=("refs",), geometry=False)
            rows = self._store.read(INCIDENT_LOG, query, scope=SYSTEM_SCOPE)["refs"].to_pylist()
            return frozenset(ref.removeprefix(KEPT) for refs in rows for ref in refs or () if ref.startswith(KEPT))
        if CASE_STEPS.id not in self._store.catalogue or not issubclass(layer.record, CaseRow):
            return frozenset()
        prefix = f"{layer.id}/{key}/"
        query = Query(where=Between("code", prefix, prefix + "9999"), fields=("files",), geometry=False)
        rows = self._store.read(CASE_STEPS, query, scope=SYSTEM_SCOPE)["files"].to_pylist()
        return frozenset(one for files in rows for one in files or ())

    def let_go(self, edits: Sequence[Edit], hashes: Iterable[str], *, actor: Actor, reason: str, scope: Scope) -> None:
        """Commit edits that take attachments off, then destroy those of their files that nothing else has attached."""
        with locked(self._folder):
            self._store.commit(list(edits), actor=actor, reason=reason, scope=scope)
            gone = tuple(dict.fromkeys(hashes))
            query = Query(where=In("sha256", gone), fields=("sha256",), geometry=False)
            held = set(self._store.read(ATTACHMENTS, query, scope=SYSTEM_SCOPE)["sha256"].to_pylist()) if gone else ()
            for one in gone:
                if one not in held:
                    self._path(one).unlink(missing_ok=True)

    def erase(self, sha256: str, *, actor: Actor, reason: str) -> int:
        """Destroy a file by law, wherever it is attached; the number of attachments it was taken off."""
        query = Query(where=Compare("sha256", Op.EQ, sha256), fields=("id",), geometry=False)
        with locked(self._folder):
            ids = self._store.read(ATTACHMENTS, query, scope=SYSTEM_SCOPE)["id"].to_pylist()
            if not ids and not (HASH.fullmatch(sha256) and self._path(sha256).is_file()):
                raise NotFoundError(Text(f"没有内容哈希为 {sha256} 的文件", f"no file with hash {sha256}"))
            if ids:
                edits = [Delete(layer=ATTACHMENTS.id, key=one) for one in ids]
                self._store.commit(edits, actor=actor, reason=reason, scope=SYSTEM_SCOPE)
            self._path(sha256).unlink(missing_ok=True)
        return len(ids)

    def mismatches(self) -> Iterator[Mismatch]:
        """Every present row whose file is missing or has other content than the row says; reads every file once."""
        query = Query(fields=("id", "name", "sha256"), geometry=False, order=(Order("sha256"),))
        known: dict[str, str | None] = {}
        for batch in self._store.batches(ATTACHMENTS, query, scope=SYSTEM_SCOPE):
            for row in batch.to_pylist():
                if row["sha256"] not in known:
                    known = {row["sha256"]: self._digest(row["sha256"])}
                found = known[row["sha256"]]
                if found is None:
                    text = Text(f"附件“{row['name']}”的文件缺失", f"the file of {row['name']!r} is missing")
                    yield Mismatch(attachment=row["id"], text=text)
                elif found != row["sha256"]:
                    text = Text(f"附件“{row['name']}”的内容与登记哈希不符", f"{row['name']!r} differs from its hash")
                    yield Mismatch(attachment=row["id"], text=text)

    def _shelve(self, draft: Draft) -> bool:
        """Put the content in its place; False when it was there already, whole or spoilt."""
        target = self._path(draft.sha256)
        there = self._digest(draft.sha256)
        if there != draft.sha256:
            target.parent.mkdir(parents=True, exist_ok=True)
            draft.path.replace(target)
            settle(target.parent)
        return there is None

    def _path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256

    def _digest(self, sha256: str) -> str | None:
        try:
            with self._path(sha256).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError:
            return None

    def _record(self, layer: Layer, key: str, scope: Scope) -> Stored:
        return self._store.get(layer, key, scope=scope)

    def _row(self, attachment: str, scope: Scope) -> Attached:
        record = self._store.get(ATTACHMENTS, attachment, scope=_reading(scope)).record
        if not isinstance(record, Attachment):
            raise TypeError(type(record))
        return Attached(record=record, path=self._path(record.sha256))


def attached_to(
    store: Store, records: Collection[tuple[str, str]], *, scope: Scope, limit: int
) -> list[dict[str, Any]]:
    """Rows of the newest files at any of these records, layer and key, all of which the caller has met."""
    if not records:
        return []
    layers, keys = zip(*sorted(records), strict=True)
    where = And((In("of_key", tuple(dict.fromkeys(keys))), In("of_layer", tuple(dict.fromkeys(layers)))))
    query = Query(where=where, order=(Order("added_at", descending=True),), limit=limit, geometry=False)
    rows = store.read(ATTACHMENTS, query, scope=_reading(scope)).to_pylist()
    return [row for row in rows if (row["of_layer"], row["of_key"]) in records]


def _no_attachment(attachment: str) -> NotFoundError:
    return NotFoundError(Text(f"没有附件“{attachment}”", f"no attachment {attachment!r}"), attachment=attachment)


def _of_people(layer: Layer) -> None:
    """A register that the system alone writes and no door publishes takes no files of people and gives none up."""
    if layer.made_by is not None and layer.publish is Publish.NONE:
        raise ForbiddenError(
            Text(f"{layer.title.zh}的文件由系统写入,不能增减", f"files of {layer.title.en} are the system's own"),
            layer=layer.id,
        )


def _enterprise(layer: Layer, record: Record) -> str | None:
    return None if layer.enterprise_field is None else getattr(record, layer.enterprise_field)


def _reading(scope: Scope) -> Scope:
    """Leave to see a record is leave to see its files, within area and clearance, register or no register.

    Whose the record is was decided when it was read; the register itself names no enterprise.
    """
    return replace(scope, layers=frozenset({ATTACHMENTS.id}), hidden=frozenset(), enterprises=None)


def _writing(scope: Scope, layer: Layer) -> Scope:
    """Leave to change a record is leave to change its files."""
    writable = frozenset({ATTACHMENTS.id}) if scope.may_write(layer.id) else frozenset[str]()
    return replace(_reading(scope), writable=writable)
