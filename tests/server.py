"""A real server over the demo city in a process of its own, for tests that come from outside.

One takes as long as a hundred tests, so a module asks for a server that runs (fixtures in `tests.conftest`):
`server` where it only reads, `written` where it adds rows, accounts or files of its own. Others have written there too:
count what is new, not what there is, and leave what you found as it was. A server of one's own, made here, is for other
settings, for stopping it, and for breaking its data.
"""

import fcntl
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from app.auth.opening import open_identity
from app.demo_accounts import DEMO_ACCOUNTS
from core.canonical import sha256
from core.clock import utc_now
from core.ids import new_id
from store.identity import Key
from tests.commands import Program, run
from tests.conftest import run_folder
from tests.hashes import light_hash
from tests.postgres import own_database
from tests.tracebacks import Heard

PASSWORDS = {one.login: one.password for one in DEMO_ACCOUNTS}

SELDOM = "30"
"""Seconds between two deliveries of the demo city's readings: a server costs a third while nobody asks it anything."""


class Served(NamedTuple):
    """A running server: its address and its data folder."""

    address: str
    data: Path


class CityCopies(NamedTuple):
    """The demo city on PostgreSQL, its address and the folder beside it, to be copied: nobody is connected to it."""

    database: str
    data: Path

    @contextmanager
    def copied(self, data: Path) -> Iterator[str]:
        """The address of a copy, the folder beside it filled; dropped at the end."""
        url, _, name = self.database.rpartition("/")
        shutil.copytree(self.data, data, dirs_exist_ok=True, copy_function=_copied)
        with own_database(f"{url}/onemap", template=name) as database:
            yield database


def _loaded_city() -> Path:
    """The demo city, loaded by the first process of the run that asks; who wants their own begins with a copy."""
    folder = run_folder() / "city"
    with (run_folder() / "city.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the other processes wait here until it is whole
        if not folder.exists():
            loading = folder.with_name("city-loading")
            shutil.rmtree(loading, ignore_errors=True)
            _load(loading, {})
            _lighten(loading, None)
            loading.rename(folder)
    return folder


def load_database(database_url: str, data: Path) -> None:
    """The demo city in an empty database, and what lies beside it in a folder.

    Its histories lie beside both engines and are those of the city that was loaded already.
    """
    shutil.copytree(_loaded_city() / "series", data / "series", copy_function=_copied)
    _load(data, {"ONEMAP_DATABASE_URL": database_url})
    _lighten(data, database_url)


def _load(data: Path, settings: dict[str, str]) -> None:
    """Load it, and draw the base map that a server draws ahead: eight seconds of processor for each that finds none."""
    lines = (
        "from contextlib import closing", "from pathlib import Path", "from app.commands.demo import prepare",
        "from app.demo.first_sight import SEEN, WALL, draw_first_sight", "from app.settings import Settings",
        "from app.wiring import assemble", f"settings = Settings(data=Path({str(data)!r}))", "prepare(settings)",
        "with closing(assemble(settings)) as system: draw_first_sight(system, SEEN + WALL)",
    )  # fmt: skip
    loaded = run("-c", "\n".join(lines), environment=settings, timeout=600)
    assert loaded.returncode == 0, loaded.stderr


def _lighten(data: Path, database_url: str | None) -> None:
    """Give the demo's accounts hashes that are checked at once: tests sign in some five hundred times."""
    identity = open_identity(data, database_url)
    try:
        for login, password in PASSWORDS.items():
            account = identity.people.find(login)
            assert account is not None, login
            identity.people.change(replace(account, password_hash=light_hash(password)), at=utc_now())
    finally:
        identity.close()


def demo_city(data: Path) -> Path:
    """Fill a folder that is empty, or not there, with the loaded demo city."""
    if not data.exists() or not any(data.iterdir()):
        shutil.copytree(_loaded_city(), data, dirs_exist_ok=True, copy_function=_copied)
    return data


def _copied(source: str, target: str) -> None:
    """A copy, or for the hundreds of files of old days, which nobody writes again, the same file by another name."""
    if source.endswith(".parquet"):
        os.link(source, target)
    else:
        shutil.copy2(source, target)


def give_key(data: Path, login: str, key: str, writable: frozenset[str] = frozenset()) -> None:
    """A service key of a demo account, as its administrator would give one while the server runs."""
    identity = open_identity(data, None)
    try:
        owner = identity.people.find(login)
        assert owner is not None, login
        made = Key(
            id=new_id(),
            name="k",
            account=owner.id,
            layers=None,
            writable=writable,
            per_minute=600,
            given_by="t",
            created_at=utc_now(),
        )
        identity.keys.add(made, sha256(key.encode()))
    finally:
        identity.close()


def demo_server(data: Path, database_url: str | None = None) -> AbstractContextManager[str]:
    """The base address of a demo server over a data folder (and a database) that is filled if it is empty."""
    if database_url is None:
        demo_city(data)
    return _server("demo", data, environment={} if database_url is None else {"ONEMAP_DATABASE_URL": database_url})


def set_server(data: Path, **settings: str) -> AbstractContextManager[str]:
    """The address of a demo server under settings of one's own, as the environment gives them."""
    demo_city(data)
    return _server("demo", data, environment=settings)


def prefixed_server(data: Path, prefix: str) -> AbstractContextManager[str]:
    """The address of a server as a proxy that strips the prefix would reach it."""
    return _server("serve", data, "--root-path", prefix)


def overheard_server(data: Path, said: list[str]) -> AbstractContextManager[str]:
    """The address of a server whose every line is kept in `said`."""
    return _server("serve", data, said=said)


def configured_server(data: Path, said: list[str] | None = None, **settings: str) -> AbstractContextManager[str]:
    """The address of a server with settings of the test's own (`oidc_issuer="…"`), its lines kept in `said`."""
    given = {f"ONEMAP_{name.upper()}": value for name, value in settings.items()}
    return _server("serve", data, environment=given, said=said)


@contextmanager
def _server(
    command: str, data: Path, *arguments: str, environment: dict[str, str] | None = None, said: list[str] | None = None
) -> Iterator[str]:
    """The base address of a server; its last words are shown when it does not come up."""
    given = {
        **os.environ,
        "ONEMAP_DEMO_SECONDS": SELDOM,
        "ONEMAP_DEMO_VIDEO": "false",
        "ONEMAP_DEMO_SCENARIO": "false",
        **(environment or {}),
    }
    reading, writing = os.pipe()
    try:
        process = Program((command, "--port", "0", "--data", str(data), *arguments), given, writing, writing)
    finally:
        os.close(writing)
    output = open(reading, encoding="utf-8", errors="replace")  # noqa: SIM115
    said = [] if said is None else said
    heard = Heard(said)
    address = ""
    for line in output:
        said.append(line)
        found = re.search(r"^OneMap: (https?://[^/]+)/", line)
        if found:
            address = found[1]
            break
    if not address:
        heard.over = True
        process.wait(timeout=10)
        output.close()
        raise AssertionError("the demo server did not start:\n" + "".join(said[-30:]))
    drain = threading.Thread(target=lambda: said.extend(output), daemon=True)
    drain.start()
    try:
        yield address
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(timeout=5)
        drain.join(timeout=30)
        heard.over = True
        if process.returncode == 0:  # it was told to stop, not killed
            assert not drain.is_alive(), "a process that the server started outlives it"
        output.close()
