"""`onemap demo`: load the demo city if it is not there, and serve it on the loopback address."""

from pathlib import Path

from app.commands.options import Data, Port, settings_with
from app.commands.serve import run
from app.demo_accounts import DEMO_ACCOUNTS, DEMO_KEY, GATEWAY_KEY, add_demo_accounts
from app.settings import Settings
from app.wiring import assemble, hold

DEFAULT_DATA = Path(".onemap/demo")


def demo(port: Port = None, data: Data = None) -> None:
    """装入演示城市并启动 / Load the demo city and serve it."""
    settings = settings_with(port=port, data=data or DEFAULT_DATA)
    prepare(settings)
    host, number = settings.host, settings.port
    print(f"\n  地图 / map         http://{host}:{number}/map")
    print(f"  大屏 / hall        http://{host}:{number}/hall")
    print(f"  WMS · WFS · API    http://{host}:{number}/ogc/k/{DEMO_KEY}/wms  (…/wfs  …/api)")
    for account in DEMO_ACCOUNTS:
        print(f"  账号 / account     {account.login:<10} 口令 / password {account.password:<16} {account.name}")
    print(f"  共享密钥 / key     {DEMO_KEY}")
    print(f"  上报密钥 / reports {GATEWAY_KEY}\n", flush=True)
    from app.demo.alive import alive

    run(settings, alive)


def prepare(settings: Settings) -> None:
    """Bring the data folder to the state of a loaded demo; quick when it already is."""
    from app.demo.loader import load_demo

    lock = hold(settings.data)
    system = assemble(settings)
    try:
        add_demo_accounts(system.identity, system.clock)
        load_demo(system)
    finally:
        system.close()
        lock.close()
