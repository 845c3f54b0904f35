"""Backup of an embedded data folder into a fresh folder, full or incremental, and restore with every hash compared.

Databases are copied through SQLite's own backup while the server runs, so a copy is one moment of each database; files
that never change once written (days of readings, rasters, attachments) are copied, and an incremental backup links to
what the backup before it already holds.
"""

import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from core.clock import iso
from core.errors import BadInputError, ConflictError
from core.texts import Text
from store.postgis import DEFAULT_SCHEMA
from store.postgis.dumping import bring_back, dump

DATABASES = ("city.gpkg", "identity.db", "audit.db", "series/recent.db")
FOLDERS = ("series/days", "rasters", "files", "seals")
SINGLE_FILES = ("demo.json",)
MANIFEST = "manifest.json"
DUMP = "database.dump"


@dataclass(frozen=True, slots=True)
class Saved:
    """What a backup or restore handled: files, bytes, of which copied anew, and rows of each feature table."""

    files: int
    size: int
    copied: int
    rows: dict[str, int]


def backup(
    data: Path, target: Path, *, at: datetime, since: Path | None = None, database_url: str | None = None
) -> Saved:
    """Write a backup of `data` to `target`, which must not exist; `since` is an older backup to build on.

    With PostgreSQL the rows, accounts and the audit are dumped by its own program, whole each time.
    """
    if target.exists():
        raise ConflictError(Text(f"备份目录 {target} 已存在", f"the backup folder {target} exists already"))
    if database_url is None and not (data / "city.gpkg").exists():
        raise BadInputError(Text(f"{data} 不是数据目录", f"{data} is not a data folder"), field="data")
    known = _entries(since) if since is not None else {}
    partial = target.with_name(target.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    entries: dict[str, dict[str, object]] = {}
    copied = 0
    for name in DATABASES:
        if (data / name).exists():
            (partial / name).parent.mkdir(parents=True, exist_ok=True)
            _copy_database(data / name, partial / name)
            copied += 1
    copied += _copy_plain(data, partial, since, known)
    if database_url is None:
        rows = _rows(partial / "city.gpkg")
    else:
        rows = dump(database_url, DEFAULT_SCHEMA, partial / DUMP)
        copied += 1
    for path in sorted(p for p in partial.rglob("*") if p.is_file()):
        entries[path.relative_to(partial).as_posix()] = {"size": path.stat().st_size, "sha256": _digest(path)}
    manifest = {"at": iso(at), "since": None if since is None else since.name, "rows": rows, "files": entries}
    (partial / MANIFEST).write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n")
    partial.rename(target)
    return Saved(len(entries), sum(int(str(e["size"])) for e in entries.values()), copied, rows)


def restore(source: Path, data: Path, *, database_url: str | None = None) -> Saved:
    """Put a backup into a fresh data folder (and database), then compare every hash and row count with the manifest."""
    if data.exists() and any(data.iterdir()):
        raise ConflictError(Text(f"恢复目标 {data} 不是空目录", f"the folder to restore into, {data}, is not empty"))
    entries = _entries(source)
    if (DUMP in entries) != (database_url is not None):
        raise BadInputError(
            Text(
                "备份与恢复目标不是同一种存储:含数据库转储的备份须设 ONEMAP_DATABASE_URL,其余不得设",
                "a backup with a database dump needs ONEMAP_DATABASE_URL, any other must not have it",
            ),
            field="database_url",
        )
    wrong = [name for name, entry in entries.items() if not _intact(source / name, str(entry["sha256"]))]
    if wrong:
        raise BadInputError(
            Text(f"备份已损坏:{'、'.join(wrong[:5])}", f"the backup is damaged: {', '.join(wrong[:5])}"), field="source"
        )
    files = [name for name in entries if name != DUMP]
    for name in files:
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source / name, data / name)
    wrong = [name for name in files if not _intact(data / name, str(entries[name]["sha256"]))]
    if database_url is None:
        rows = _rows(data / "city.gpkg")
    else:
        rows = bring_back(database_url, DEFAULT_SCHEMA, source / DUMP)
    if wrong or rows != json.loads((source / MANIFEST).read_text())["rows"]:
        raise ConflictError(Text("恢复后比对不一致", "the restored folder differs from the backup"), files=wrong)
    return Saved(len(entries), sum(int(str(e["size"])) for e in entries.values()), len(entries), rows)


def _entries(source: Path) -> dict[str, dict[str, object]]:
    if not (source / MANIFEST).exists():
        raise BadInputError(Text(f"{source} 不是备份目录", f"{source} is not a backup"), field="source")
    files: dict[str, dict[str, object]] = json.loads((source / MANIFEST).read_text())["files"]
    return files


def _plain_files(data: Path) -> Iterator[str]:
    for name in SINGLE_FILES:
        if (data / name).is_file():
            yield name
    for folder in FOLDERS:
        for path in sorted((data / folder).rglob("*")):
            inside = path.relative_to(data)
            if path.is_file() and not any(part.startswith(".") for part in inside.parts):
                yield inside.as_posix()


def _copy_plain(data: Path, partial: Path, since: Path | None, known: dict[str, dict[str, object]]) -> int:
    """Copy what is no database, or link what an older backup has; the number copied.

    Files of readings grow together while this goes on; what was one of them stands in a file that is listed anew.
    """
    done: set[str] = set()
    copied = 0
    gone = True
    while gone:
        gone = False
        for name in _plain_files(data):
            if name in done:
                continue
            (partial / name).parent.mkdir(parents=True, exist_ok=True)
            before = known.get(name)
            try:
                same = before is not None and before["size"] == (data / name).stat().st_size
                if same and since is not None and before is not None and before["sha256"] == _digest(data / name):
                    _link(since / name, partial / name)
                else:
                    shutil.copy2(data / name, partial / name)
                    copied += 1
            except FileNotFoundError:
                gone = True
                continue
            done.add(name)
    return copied


def _copy_database(source: Path, target: Path) -> None:
    reading, writing = sqlite3.connect(source), sqlite3.connect(target)
    try:
        reading.backup(writing)
        writing.execute("PRAGMA journal_mode = DELETE")
    finally:
        reading.close()
        writing.close()


def _rows(gpkg: Path) -> dict[str, int]:
    db = sqlite3.connect(gpkg)
    try:
        names = [row[0] for row in db.execute("SELECT table_name FROM gpkg_contents ORDER BY table_name")]
        found = {name: int(db.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]) for name in names}
        found["feed"] = int(db.execute("SELECT count(*) FROM om_feed").fetchone()[0])
        return found
    finally:
        db.close()


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _intact(path: Path, digest: str) -> bool:
    return path.is_file() and _digest(path) == digest
