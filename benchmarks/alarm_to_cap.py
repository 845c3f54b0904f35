"""From an alarm to a drafted CAP warning and a dispatch proposal: `python -m benchmarks.alarm_to_cap [--rounds 5]`.

Through the doors of a demo server that it starts (`--address` asks one that runs), as the officer of a district: the
alarm becomes an incident, its scenario is prefilled, what registers do not say is typed, zones are computed and kept, a
warning is drafted in the zone that the rule takes, its CAP message read, and the nearest teams proposed by road.
Seconds of each step and of all, median and worst; the aim of all is ten. People's own time (checking, choosing a level)
is not in it.
"""

import argparse
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx

from app.demo_accounts import DEMO_ACCOUNTS
from core.ids import new_id
from monitoring.warnings.cap import read
from tests.server import demo_server

AIM = 10.0
LOGIN = "district"
TYPED: dict[str, float | str] = {
    "chemical": "7782-50-5", "release.mass_rate": 2.0, "release.hole_diameter": 0.012, "release.duration": 1800.0,
    "weather.stability": "D", "weather.wind_speed": 3.0, "weather.wind_from": 90.0,
    "weather.ambient_temperature": 293.15,
}  # fmt: skip
"""What a person would type where registers and stations say nothing."""


def once(client: httpx.Client, alarm: str | None) -> dict[str, float]:
    """Seconds of each step for one alarm; without one, of a place on the map."""
    seconds: dict[str, float] = {}

    def timed(name: str, ask: Callable[[], httpx.Response]) -> httpx.Response:
        since = time.perf_counter()
        answer = ask()
        seconds[name] = time.perf_counter() - since
        if answer.is_error:
            raise SystemExit(f"{name}: {answer.status_code} {answer.text[:400]}")
        return answer

    began: dict[str, Any] = {"command": new_id(), "title": "量测:报警到预警", "kind": "leak", "text": "量测"}
    where = {"layer": "alarms", "key": alarm} if alarm else {"origin": "map", "lon": 121.9306, "lat": 33.2045}
    code = timed("alarm to incident", lambda: client.post("/api/incidents/open", json=began | where)).json()["code"]
    ask = {"code": code}
    filled = timed("prefill", lambda: client.get("/api/incidents/prefill", params=ask)).json()
    values = {one["name"]: one["value"] for one in filled["fields"]}
    values |= {name: value for name, value in TYPED.items() if name in values and values[name] in (None, "")}
    body = {"command": new_id(), "code": code, "kind": filled["kind"], "values": values}
    timed("zones computed and kept", lambda: client.post("/api/incidents/compute", json=body))
    draft = {"command": new_id(), "code": code, "level": 2, "responses": ["Shelter", "Avoid"]}
    paper = timed("warning drafted", lambda: client.post("/api/incidents/warnings/draft", json=draft)).json()
    cap = timed("CAP message", lambda: client.get("/api/warnings/cap", params={"code": paper["code"]}))
    told = read(cap.content)
    if not told.infos[0].areas[0].polygons or paper["missing"]:
        raise SystemExit(f"the draft is not whole: {paper['missing']}")
    timed("dispatch proposed", lambda: client.get("/api/incidents/orders/proposal", params=ask))
    return seconds | {"all": sum(seconds.values())}


def main() -> None:
    """The table; a round beyond the aim says so."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--address", help="a demo server that runs; left out, one is started")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    password = next(one.password for one in DEMO_ACCOUNTS if one.login == LOGIN)
    with ExitStack() as held:
        address = given.address
        if address is None:
            folder = Path(held.enter_context(tempfile.TemporaryDirectory()))
            address = held.enter_context(demo_server(folder))
        client = held.enter_context(httpx.Client(base_url=address, headers={"origin": address}, timeout=120))
        if client.post("/signin", data={"login": LOGIN, "password": password, "next": "/map"}).status_code != 303:
            raise SystemExit("could not sign in")
        columns = client.get("/api/alarms").json()["columns"]
        states = [columns["state"]["of"][n] for n in columns["state"]["at"]]
        known = zip(columns["code"], columns["lon"], states, strict=True)
        open_ = [code for code, lon, state in known if state not in ("cleared", "false") and lon is not None]
        of = "/api/incidents/of"
        alarms = [one for one in open_ if not client.get(of, params={"layer": "alarms", "key": one}).json()["link"]]
        found: dict[str, list[float]] = defaultdict(list)
        for n in range(given.rounds):
            for name, value in once(client, alarms[n] if n < len(alarms) else None).items():
                found[name].append(value)
    print(f"{min(len(alarms), given.rounds)} of {given.rounds} rounds from an alarm, the rest from a place on the map")
    print("| step | median, s | worst, s |\n|---|---|---|")
    for name, values in found.items():
        late = f" (aim {AIM:g})" if name == "all" and max(values) > AIM else ""
        print(f"| {name} | {statistics.median(values):.2f} | {max(values):.2f}{late} |")


if __name__ == "__main__":
    main()
