"""`onemap demo`: load the demo city if it is not there, and serve it on the loopback address."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from app.commands.options import Data, Port, settings_with
from app.demo.histories import LOADED, Histories
from app.holding import hold
from app.settings import Settings
from core.clock import utc_now

if TYPE_CHECKING:  # imported by whoever serves, once the histories are under way
    from app.demo.loader import Loading
    from app.wiring import System

DEFAULT_DATA = Path(".onemap/demo")


def demo(port: Port = None, data: Data = None) -> None:
    """装入演示城市并启动 / Load the demo city and serve it."""
    settings = settings_with(port=port, data=data or DEFAULT_DATA)
    with closing(hold(settings.data)), _begun(settings) as histories:
        from app.commands.serve import run_held

        loading: list[Loading] = []

        def first(system: "System") -> Callable[[], None]:
            loading.append(_fill(system, histories))

            def finish() -> None:
                loading[0].needed()
                _tell(settings)

            return finish

        run_held(settings, first, lambda system: _beside(system, loading[0]))


@contextmanager
def _beside(system: "System", loading: "Loading") -> Iterator[None]:
    """While pages are served: the rest of the load, then what points and cameras report."""
    from app.demo.alive import alive
    from app.demo.first_sight import WALL, draw_first_sight
    from app.demo.scenario import compute_scenario
    from app.video.beside import analysing

    settings, whole = system.settings, Event()

    def later() -> None:
        draw_first_sight(system)
        loading.later()
        whole.set()
        if settings.demo_scenario:
            compute_scenario(system)
        draw_first_sight(system, WALL)

    with ExitStack() as held:
        if settings.demo_video:
            held.enter_context(analysing(settings, whole))
        held.enter_context(alive(system, later, every=settings.demo_seconds))
        yield


def prepare(settings: Settings) -> None:
    """Bring the data folder to the state of a loaded demo; quick when it already is."""
    with closing(hold(settings.data)), _begun(settings) as histories:
        from app.wiring import assemble

        with closing(assemble(settings)) as system:
            loading = _fill(system, histories)
            loading.needed()
            loading.later()


def _begun(settings: Settings) -> Histories:
    """What the city measured is computed by another process from here on, while this one imports and loads."""
    histories = Histories(settings.data / "series", utc_now())
    if not (settings.data / LOADED).exists():
        histories.begin()
    return histories


def _fill(system: "System", histories: Histories) -> "Loading":
    from app.demo.loader import load_demo
    from app.demo_accounts import add_demo_accounts

    with ThreadPoolExecutor(1) as beside:  # hashing passwords does not hold the interpreter
        accounts = beside.submit(add_demo_accounts, system.identity, system.clock)
        loading = load_demo(system, histories)
        accounts.result()
    return loading


def _tell(settings: Settings) -> None:
    from app.demo_accounts import DEMO_ACCOUNTS, DEMO_KEY, GATEWAY_KEY, NOTIFIER_KEY

    host, number = settings.host, settings.port
    print(f"\n  地图 / map         http://{host}:{number}/map")
    print(f"  大屏 / hall        http://{host}:{number}/hall")
    print(f"  WMS · WFS · API    http://{host}:{number}/ogc/k/{DEMO_KEY}/wms  (…/wfs  …/api)")
    for account in DEMO_ACCOUNTS:
        print(f"  账号 / account     {account.login:<10} 口令 / password {account.password:<16} {account.name}")
    print(f"  共享密钥 / key     {DEMO_KEY}")
    print(f"  上报密钥 / reports {GATEWAY_KEY}")
    print(f"  通报密钥 / CAP in  {NOTIFIER_KEY}\n", flush=True)
