"""What every test may ask for; the suite runs with the network blocked but for the loopback range."""

import atexit
import contextlib
import csv
import fcntl
import gc
import importlib
import ipaddress
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import certifi
import hypothesis
import pytest
from httpx._config import DEFAULT_TIMEOUT_CONFIG
from hypothesis.internal.conjecture import providers
from xdist.scheduler.loadfile import LoadFileScheduling

from tests.absent import absent
from tests.chromium import chromium
from tests.postgres import (
    _postgres_tables,
    own_database,
    postgres_catalogue,
    postgres_database,
    postgres_schema,
    postgres_url,
)
from tests.tracebacks import unexpected

if TYPE_CHECKING:
    from tests.server import CityCopies, Served

__all__ = [
    "_postgres_tables", "chromium", "postgres_catalogue", "postgres_database", "postgres_schema", "postgres_url",
]  # fmt: skip

ROOT = Path(__file__).resolve().parent.parent
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # each command that a test runs would compile every package anew


def run_folder() -> Path:
    """What the processes of one run share: the first makes it and takes it away, its workers inherit the name."""
    named = os.environ.get("ONEMAP_TEST_RUN")
    if named is not None:
        return Path(named)
    made = tempfile.mkdtemp(prefix="onemap-tests-")
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    os.environ["ONEMAP_TEST_RUN"] = made
    return Path(made)


def _trust_one() -> None:
    """One certificate to read instead of a hundred and forty, a tenth of a second for each client that is made.

    Whoever speaks TLS in a test names the certificate of the server it speaks to.
    """
    file = run_folder() / "one.pem"
    if not file.exists():
        first, end, _ = Path(certifi.where()).read_text().partition("-----END CERTIFICATE-----\n")
        file.write_text(first + end)
    os.environ["SSL_CERT_FILE"] = str(file)


_trust_one()  # here, in the process that starts the workers

PATIENCE = 60.0
"""Seconds that a request of a test may wait, unless it says otherwise; httpx gives up after five, which a map that is
drawn for the first time takes where four workers share two processors."""

for _part in ("connect", "read", "write", "pool"):
    setattr(DEFAULT_TIMEOUT_CONFIG, _part, PATIENCE)


def _test_data() -> Path | None:
    named = os.environ.get("ONEMAP_TEST_DATA")
    for folder in ([Path(named)] if named else []) + [ROOT.parent / "shared" / "data"]:
        if folder.is_dir():
            return folder
    return None


# A slow machine is not a fault of the code. `pytest --hypothesis-profile=long` asks forty times as many examples.
hypothesis.settings.register_profile("onemap", deadline=None, max_examples=50)
hypothesis.settings.register_profile("long", deadline=None, max_examples=2000)
hypothesis.settings.load_profile("onemap")


read_constants = providers._get_local_constants


def constants() -> Any:
    """What Hypothesis tries besides random values, read from the product in eight seconds and then kept on disk.

    It would have each worker read at the end of collecting, at once with the others. So the first that draws a value
    reads, those that draw one meanwhile wait, and all others find it done.
    """
    providers._get_local_constants = read_constants
    with (run_folder() / "constants.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return read_constants()


providers._get_local_constants = providers.Constants  # none while it collects


@pytest.fixture(scope="session")
def test_data() -> Path:
    """The folder of third-party test data; absent, the test is skipped, and in CI it fails."""
    folder = _test_data()
    if folder is None:
        absent("third-party test data: set ONEMAP_TEST_DATA")
    return folder


COSTS = ROOT / "tests" / "costs.csv"
"""Processor seconds of what is dealt out together, as `make durations KEEP=1` wrote them down."""

UNMEASURED = 20.0
"""What something is taken to cost that nobody has measured: it is begun before what is known to be short."""


def together(nodeid: str) -> str:
    """What a test is dealt out with: its file, or all that is asked of the city on one engine, to load it once."""
    matrix = nodeid.startswith("tests/matrix/")
    if nodeid.startswith("tests/system/test_postgis") or (matrix and "[postgis" in nodeid):
        return "city on PostgreSQL"
    return "matrix" if matrix else nodeid.partition("::")[0]


BESIDE = "ONEMAP_TEST_BESIDE"
"""Names, for the processes of a run, the worker that computes in what time the others leave while they wait."""

COMPUTING = tuple(
    f"tests/{name}/" for name in ("casework", "dashboards", "emergency", "gis", "layers", "ogc", "samples")
)
"""Folders whose tests wait for nobody and are waited for by nobody."""

TIMED = {"tests/ogc/test_wms_styles.py"}
"""Files there that ask how long something takes."""

SHORT = 15.0
"""The dearest it begins, in processor seconds: there it takes several times as long, and nobody is to wait for it."""

KINDNESS = 5
"""Beside two that compute it has a seventh of a processor; pages that are looked at for two seconds hardly notice."""


class ByCity(LoadFileScheduling):
    """What belongs together stays in one process.

    The dearest is begun first, not what has the most tests: the last ones are short, so that no process ends minutes
    after the others.
    """

    def __init__(self, config: pytest.Config, log: Any = None) -> None:
        config.option.loadscopereorder = False
        super().__init__(config, log)
        self.costs = recorded_costs()

    def _split_scope(self, nodeid: str) -> str:
        return together(nodeid)

    def _is_beside(self, node: Any) -> bool:
        return bool(node.gateway.id == os.environ.get(BESIDE))

    def _for_beside(self, scope: str) -> bool:
        return (
            scope.startswith(COMPUTING) and scope not in TIMED and self.costs.get(scope, UNMEASURED) <= SHORT
        )  # fmt: skip

    def _assign_work_unit(self, node: Any) -> None:
        if self._is_beside(node):
            fitting = next(filter(self._for_beside, self.workqueue), None)
            if fitting is None:
                node.shutdown()
                return
            self.workqueue.move_to_end(fitting, last=False)
        super()._assign_work_unit(node)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByCity | None:
    """How tests are dealt out under `--dist loadfile`."""
    return ByCity(config, log) if config.getvalue("dist") == "loadfile" else None


MEMORY = 4 * 10**9
"""Bytes that a worker may need with its servers and its browser."""

MEMORY_BESIDE = 10**9


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One more than there are processors, if memory allows, because tests wait for timers, pages and streams.

    In a whole run another one comes beside them; with two more that open pages these came too late on two processors.
    """
    room = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    processors = len(os.sched_getaffinity(0))
    workers = max(1, min(processors + 1, max(processors, room // MEMORY)))
    most = config.getoption("maxprocesses") or workers + 1
    if is_whole(config) and workers < most and room >= workers * MEMORY + MEMORY_BESIDE:
        os.environ[BESIDE] = f"gw{workers}"
        return workers + 1
    return workers


def pytest_configure(config: pytest.Config) -> None:
    """Have the workers of a run forked from one process that has imported the product, in five seconds of processor."""
    if config.option.dist == "no" or hasattr(config, "workerinput"):
        return
    from tests.commands import begin_zygote
    from tests.forked import ZYGOTE

    os.environ[ZYGOTE] = begin_zygote()
    forked = f"popen//python={sys.executable} -I -S {ROOT / 'tests' / 'forked.py'}"
    config.option.tx = [forked if one == "popen" else one for one in config.option.tx]


def is_whole(config: pytest.Config) -> bool:
    """Whether every test is asked for, so that there is work of every kind."""
    return bool(config.args == config.getini("testpaths"))


def pytest_collection_finish(session: pytest.Session) -> None:
    """What was collected stays, so the collector of garbage need not look at it again and again.

    The worker beside gives way to the others once it has collected, for which they would wait.
    """
    providers._get_local_constants = constants
    gc.freeze()
    gc.enable()
    worker: dict[str, Any] = getattr(session.config, "workerinput", {})
    if worker and worker["workerid"] == os.environ.get(BESIDE):
        os.nice(KINDNESS)


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """Hardly anything becomes garbage, and looking for it takes a sixth of the time.

    In a whole run each worker begins to import elsewhere among the files of tests.

    pytest writes every assertion of theirs anew and keeps the result, half of the time that collecting takes in a fresh
    clone; so each worker does this for a share of the files and finds the rest done by the others.
    """
    gc.disable()
    worker: dict[str, Any] | None = getattr(session.config, "workerinput", None)
    if worker is None or not is_whole(session.config):
        return
    files = sorted((ROOT / "tests").rglob("test_*.py"))
    first = len(files) * int(worker["workerid"].removeprefix("gw")) // worker["workercount"]
    for file in files[first:] + files[:first]:
        with contextlib.suppress(Exception, pytest.skip.Exception):  # the collection itself tells of it
            importlib.import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown() -> Iterator[None]:
    """Fail a test in whose time a server logged a traceback (`tests.tracebacks.expected` says that it is to)."""
    yield
    found = unexpected()
    if found:
        pytest.fail(f"a server logged during this test, or just before it:\n{found}", pytrace=False)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Order the files for `ByCity`; one process alone goes through them as they are listed."""
    if hasattr(config, "workerinput"):
        costs = recorded_costs()
        items.sort(key=lambda item: -costs.get(together(item.nodeid), UNMEASURED))


def recorded_costs() -> dict[str, float]:
    """Processor seconds by what is dealt out together."""
    with COSTS.open(encoding="utf-8", newline="") as file:
        return {row["together"]: float(row["seconds"]) for row in csv.DictReader(file)}


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of one demo server, shared by every test that only reads."""
    from tests.server import demo_server

    with demo_server(tmp_path_factory.mktemp("demo")) as address:
        yield address


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Served"]:
    """One demo server for every test that writes: each adds what is its own and leaves the rest as it was."""
    from tests.server import Served, demo_server

    data = tmp_path_factory.mktemp("written")
    with demo_server(data) as address:
        yield Served(address, data)


@pytest.fixture(scope="session")
def postgres_city(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator["CityCopies"]:
    """The demo city on PostgreSQL, loaded once for every server that begins with a copy of it."""
    from tests.server import CityCopies, load_database

    data = tmp_path_factory.mktemp("postgres-city")
    with own_database(postgres_url) as database:
        load_database(database, data)
        yield CityCopies(database, data)


def pytest_report_header() -> str:
    return f"third-party test data: {_test_data() or 'absent, those tests are skipped'}"


_connect = socket.socket.connect


def _loopback_only(self: socket.socket, address: Any) -> Any:
    if self.family in (socket.AF_INET, socket.AF_INET6):
        host = address[0]
        loopback = host == "localhost" or ipaddress.ip_address(host.split("%")[0]).is_loopback
        if not loopback:
            raise PermissionError(f"a test tried to reach {address}; the suite runs without network")
    return _connect(self, address)


socket.socket.connect = _loopback_only  # type: ignore[method-assign]
