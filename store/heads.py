"""Signed heads: where every stream and the audit stood at a moment, written where the database cannot write.

One line of canonical JSON a head, one file a day, each line naming the hash of the line before it and carrying an
HMAC-SHA256 under a key that only the system's own user may read. A feed that was cut, or rewritten with a chain that
fits itself, still contradicts the heads.
"""

import fcntl
import hmac
import os
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import orjson

from core.canonical import canonical_json, sha256
from core.clock import from_iso, iso
from core.errors import BadInputError, ConflictError
from core.texts import Text
from store.audit.entries import STREAM as AUDIT
from store.chain import GENESIS
from store.verifying import Seal

KEY_BYTES = 32

Streams = Mapping[str, tuple[int, str]]
"""The newest entry of each stream: its number and its chain value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What was signed at one moment; `restart` says why heads before it bind no longer (a restored backup)."""

    at: datetime
    streams: Streams
    previous: str
    restart: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """Heads as found, and what is wrong with the files themselves."""

    heads: tuple[Head, ...]
    faults: tuple[Text, ...]

    @property
    def restarted(self) -> Head | None:
        """The newest head that began anew."""
        return next((head for head in reversed(self.heads) if head.restart), None)

    @property
    def seals(self) -> tuple[Seal, ...]:
        """What the feed must still say: every head since it last began anew."""
        since = self.heads.index(self.restarted) if self.restarted else 0
        return tuple(
            Seal(seq=seq, stream=stream, chain=chain, at=head.at)
            for head in self.heads[since:]
            for stream, (seq, chain) in head.streams.items()
        )

    @property
    def of_feed(self) -> tuple[Seal, ...]:
        """The seals of the feed's streams."""
        return tuple(seal for seal in self.seals if seal.stream != AUDIT)

    @property
    def of_audit(self) -> tuple[Seal, ...]:
        """The seals of the audit."""
        return tuple(seal for seal in self.seals if seal.stream == AUDIT)


class Heads:
    """The heads in one folder; several processes may sign in turn."""

    def __init__(self, folder: Path, key: Path) -> None:
        self.folder = folder
        self._key = key

    def sign(self, streams: Streams, *, at: datetime, restart: str = "") -> Head:
        """Append a head and do not come back before it is on the disk."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            head = Head(at=at, streams=streams, previous=self._last(), restart=restart)
            line = canonical_json({**_members(head), "mac": _mac(self._made_key(), head)})
            path = self.folder / f"{iso(at)[:10]}.jsonl"
            fresh = not path.exists()
            torn = not fresh and not path.read_bytes().endswith(b"\n")
            with path.open("ab") as file:
                file.write((b"\n" if torn else b"") + line + b"\n")
                file.flush()
                os.fsync(file.fileno())
            if fresh:
                _sync_folder(self.folder)
        return head

    def read(self) -> Read:
        """Every head, oldest first, each compared with its signature and with the one before."""
        heads: list[Head] = []
        faults: list[Text] = []
        previous = GENESIS
        key = self._known_key() if any(self._files()) else b""
        for path in self._files():
            for number, line in enumerate(path.read_bytes().splitlines(), start=1):
                place = f"{path.name}:{number}"
                try:
                    members = orjson.loads(line)
                    head = _head(members)
                    signature = str(members["mac"])
                except (ValueError, KeyError, TypeError):
                    faults.append(Text(f"签名头 {place} 无法读取", f"head {place} cannot be read"))
                    previous = sha256(line)
                    continue
                if not hmac.compare_digest(signature, _mac(key, head)):
                    faults.append(Text(f"签名头 {place} 的签名不符", f"the signature of head {place} does not fit"))
                if head.previous != previous:
                    faults.append(
                        Text(f"签名头 {place} 与前一个不相接", f"head {place} does not follow the one before it")
                    )
                previous = sha256(line)
                heads.append(head)
        return Read(tuple(heads), tuple(faults))

    def covering(self, stream: str, seq: int, since: datetime) -> tuple[Head, str] | None:
        """The first head since a moment that says where a stream stood at or after an entry, with the hash of its line.

        The hash is what the next head names as the one before it. None where there is none yet, or its signature does
        not fit.
        """
        key = self._known_key() if any(self._files()) else b""
        for path in self._files():
            if path.stem < iso(since)[:10]:
                continue
            for line in path.read_bytes().splitlines():
                try:
                    members = orjson.loads(line)
                    head, signature = _head(members), str(members["mac"])
                except (ValueError, KeyError, TypeError):
                    continue
                if head.at >= since and head.streams.get(stream, (0, ""))[0] >= seq:
                    return (head, sha256(line)) if hmac.compare_digest(signature, _mac(key, head)) else None
        return None

    def _files(self) -> list[Path]:
        return sorted(self.folder.glob("????-??-??.jsonl"))

    def _last(self) -> str:
        for path in reversed(self._files()):
            lines = path.read_bytes().splitlines()
            if lines:
                return sha256(lines[-1])
        return GENESIS

    def _made_key(self) -> bytes:
        if not self._key.exists():
            if any(self._files()):
                raise _no_key(self._key)
            self._key.parent.mkdir(parents=True, exist_ok=True)
            half = self._key.with_name(f"{self._key.name}.{os.getpid()}.part")
            with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(secrets.token_bytes(KEY_BYTES).hex().encode())
                file.flush()
                os.fsync(file.fileno())
            half.rename(self._key)
        return self._known_key()

    def _known_key(self) -> bytes:
        if not self._key.exists():
            raise _no_key(self._key)
        if self._key.stat().st_mode & 0o077:
            raise ConflictError(
                Text(
                    f"签名密钥 {self._key} 可被他人读取,请执行 chmod 600",
                    f"the signing key {self._key} can be read by others; chmod 600 it",
                )
            )
        try:
            return bytes.fromhex(self._key.read_text().strip())
        except ValueError as error:
            raise BadInputError(
                Text(f"签名密钥 {self._key} 已损坏", f"the signing key {self._key} is damaged"), field="heads_key"
            ) from error


def _no_key(path: Path) -> ConflictError:
    return ConflictError(
        Text(
            f"已有签名头,但缺少密钥 {path};请放回密钥,或另选 ONEMAP_HEADS 目录",
            f"there are signed heads but no key {path}; put it back, or choose another ONEMAP_HEADS folder",
        )
    )


def _members(head: Head) -> dict[str, object]:
    return {
        "at": iso(head.at),
        "streams": {stream: [seq, chain] for stream, (seq, chain) in sorted(head.streams.items())},
        "previous": head.previous,
        "restart": head.restart or None,
    }


def _head(members: dict[str, object]) -> Head:
    return Head(
        at=from_iso(str(members["at"])),
        streams=dict(_streams(members["streams"])),
        previous=str(members["previous"]),
        restart=str(members.get("restart") or ""),
    )


def _streams(value: object) -> Iterator[tuple[str, tuple[int, str]]]:
    if not isinstance(value, dict):
        raise TypeError(value)
    for stream, (seq, chain) in value.items():
        yield str(stream), (int(seq), str(chain))


def _mac(key: bytes, head: Head) -> str:
    return hmac.new(key, canonical_json(_members(head)), "sha256").hexdigest()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
