"""The page of cases over many of them: `python -m benchmarks.cases [--cases 100000] [--entries 1000000] [--postgis]`.

The cases are those of the demo city, told by the engine and then repeated; the log holds every step of each. The feed
is filled with an entry for each row written, as single steps would have left it (their chain is not computed).
"""

import argparse
import contextlib
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import psycopg
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from app.demo.cases import table_of, told_cases
from app.doors.case_drafts import CaseDrafts
from app.doors.case_lists import Lists
from app.doors.cases import Cases
from app.settings import Settings
from app.systems import SYSTEMS
from app.wiring import System, assemble
from benchmarks.store_load import ledger
from casework.rows import log_line
from casework.systems.hidden_danger import HIDDEN_DANGER
from core.actors import SYSTEM_ACTOR, Actor
from core.caller import Caller, Right, UserClass
from core.scope import SYSTEM_SCOPE, Scope, Sensitivity
from dashboards.queries.dossier import dossier
from dashboards.queries.firmcases import Firm, cases_of
from layers.catalogue import AREAS, CASE_STEPS, DANGERS, ENTERPRISES
from layers.catalogue.areas import Area
from layers.catalogue.casework import CaseRow
from store.feed import Put

FIRMS = 5_000
AT_ONCE = 50_000
DISTRICTS = {"990102": "澜州区", "990106": "盐港新区", "990104": "听涛新区", "990121": "青屿县"}
ENTRY = (
    "seq, at, actor, door, stream, layer, key, change, area, sensitivity, new_version, rows, row_hash, reason, chain"
)
MANY = (
    f"INSERT INTO om_feed ({ENTRY}) SELECT {{head}} + n, {{at}}, 'bench', 'api', 'supervision', 'dangers',"
    " 'YH2026-000001', 'put', '990106201', 1, 1, 1, '', '办理', '' FROM {many}"
)


def caller(name: str, area: str) -> Caller:
    """An officer of an area."""
    scope = Scope(areas=(area,), clearance=Sensitivity.INTERNAL)
    return Caller(
        actor=Actor(id=name, name=name, door="page"), scope=scope, rights=frozenset(Right), role="regulator",
        user_class=UserClass.REGULATOR, account=name,
    )  # fmt: skip


@contextlib.contextmanager
def opened(*, postgis: bool) -> Iterator[tuple[System, str | None]]:
    """A system with nothing in it, on either engine."""
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        url = None
        if postgis:
            from tests.postgres import DURABLE, cluster

            url = stack.enter_context(cluster(DURABLE))
        system = assemble(Settings(data=Path(folder) / "data", database_url=url, render_workers=1))
        try:
            yield system, url
        finally:
            system.close()


def fill(system: System, cases: int) -> int:
    """Firms, areas, cases and their logs; how many steps there are."""
    areas = [Area(code=code, name=name, level="district", area=code) for code, name in DISTRICTS.items()]
    edits = [Put(layer=AREAS.id, record=one) for one in areas]
    system.store.commit(edits, actor=SYSTEM_ACTOR, reason="benchmark", scope=SYSTEM_SCOPE)
    firms = ledger(FIRMS)
    system.store.load(ENTERPRISES, firms, actor=SYSTEM_ACTOR, reason="benchmark", scope=SYSTEM_SCOPE)
    procedure = system.cases.current(HIDDEN_DANGER)
    about = [
        {**row, "enterprise_name": row["name"], "geometry": shapely.from_wkb(row["geometry"])}
        for row in firms.slice(0, 400).to_pylist()
    ]
    about[0]["uscc"] = "91990106MATYEK5E8U"  # the firm that has a case in each state
    told = [(case.row, case.log) for case in told_cases(procedure, about, system.clock(), "0" * 64) if case.row]
    rows, logs = [row for row, _ in told], [log_line(procedure, row, one) for row, log in told for one in log]
    base, lines = table_of(DANGERS, rows), table_of(CASE_STEPS, logs)
    of_case = pc.index_in(lines["of_key"], pa.array([row.code for row in rows])).to_numpy()
    rng, steps = np.random.default_rng(7), 0
    for begun in range(0, cases, AT_ONCE):
        numbers = np.arange(begun, min(begun + AT_ONCE, cases))
        some = repeated(base, numbers, rng, firms, rows)
        system.store.load(DANGERS, some, actor=SYSTEM_ACTOR, reason="benchmark", scope=SYSTEM_SCOPE)
        chosen = [np.flatnonzero(of_case == n) for n in range(len(rows))]
        lengths = np.array([len(one) for one in chosen])[numbers % len(rows)]
        log = lines.take(np.concatenate([chosen[n % len(rows)] for n in numbers]))
        keys = pa.array(np.repeat(some["code"].to_numpy(zero_copy_only=False), lengths))
        log = column(log, "of_key", keys)
        parts = (
            pa.scalar(f"{DANGERS.id}/"),
            keys,
            pa.scalar("/"),
            pc.utf8_lpad(log["number"].cast(pa.string()), 4, "0"),
        )
        log = column(log, "code", pc.binary_join_element_wise(*parts, ""))
        log = column(log, "area", pa.array(np.repeat(some["area"].to_numpy(zero_copy_only=False), lengths)))
        system.store.load(CASE_STEPS, log, actor=SYSTEM_ACTOR, reason="benchmark", scope=SYSTEM_SCOPE)
        steps += log.num_rows
    return steps


def repeated(
    base: pa.Table, numbers: np.ndarray, rng: np.random.Generator, firms: pa.Table, rows: list[CaseRow]
) -> pa.Table:
    """The told cases again and again under numbers of their own, at firms anywhere; closed ones of two years."""
    table = base.take(numbers % len(rows))
    firm = firms.take(rng.integers(FIRMS, size=len(numbers)))
    codes = pa.array([f"YH{2024 + n // 60_000}-{n % 60_000 + 1:06d}" for n in numbers.tolist()])
    back = (
        rng.integers(0, 24, len(numbers)) * np.array([row.closed_at is not None for row in rows])[numbers % len(rows)]
    )
    moved = pc.subtract(table["opened_at"], pa.array(back * timedelta(days=30), pa.duration("us")))
    table = column(column(table, "code", codes), "opened_at", moved)
    table = column(table, "opened_month", pc.strftime(moved, "%Y-%m").cast(pa.string()))
    for name, of in (("enterprise", "uscc"), ("enterprise_name", "name"), ("sector", "sector"), ("area", "area")):
        table = column(table, name, firm[of])
    return column(table, "geometry", firm["geometry"])


def column(table: pa.Table, name: str, values: Any) -> pa.Table:
    """The table with another column of that name."""
    return table.set_column(table.column_names.index(name), name, values)


def fill_feed(system: System, url: str | None, entries: int) -> None:
    """Entries of single steps, so that the feed is as long as it would be."""
    head = system.store.head()
    if url is not None:
        many, at = f"generate_series(1, {entries - head}) AS n", "now()"
        with psycopg.connect(url, options="-c search_path=onemap,public") as db:
            db.execute(MANY.format(head=head, at=at, many=many).encode())
        with psycopg.connect(url, autocommit=True, options="-c search_path=onemap,public") as db:
            db.execute("VACUUM ANALYZE")  # as the server's own would have, of rows that came one by one
        return
    import sqlite3

    up = f"SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < {entries - head}"
    many = f"(WITH RECURSIVE up (n) AS ({up}) SELECT n FROM up)"
    with contextlib.closing(sqlite3.connect(system.settings.data / "city.gpkg")) as db:
        db.execute(MANY.format(head=head, at="'2026-11-01T00:00:00.000000Z'", many=many))
        db.commit()


def settle() -> None:
    """Wait until this process has read the feed it was given: who follows it takes turns from who is timed."""
    idle = 0
    while idle < 3:
        used = time.process_time()
        time.sleep(1)
        idle = idle + 1 if time.process_time() - used < 0.05 else 0


def timed(name: str, ask: Callable[[], Any], most: float) -> None:
    """Median and worst of nine, the first apart: it warms what a server at work has warm."""
    first = once(ask)
    times = [once(ask) for _ in range(9)]
    middle = statistics.median(times)
    mark = "" if middle <= most else f"   over {most:.0f}"
    print(f"{name:<58}{middle:>9.0f}{max(times):>9.0f}{first:>9.0f}{mark}", flush=True)


def once(ask: Callable[[], Any]) -> float:
    """Milliseconds until the answer is spelt."""
    started = time.perf_counter()
    orjson.dumps(ask())
    return (time.perf_counter() - started) * 1000


def main() -> None:
    """Fill, then ask as the page does."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--postgis", action="store_true", help="a PostgreSQL of its own, durable settings")
    given = parser.parse_args()
    with opened(postgis=given.postgis) as (system, url):
        started = time.perf_counter()
        steps = fill(system, given.cases)
        fill_feed(system, url, given.entries)
        print(f"{given.cases:,} cases, {steps:,} steps, {system.store.head():,} entries in the feed: "
              f"{time.perf_counter() - started:.0f} s")  # fmt: skip
        settle()
        lists = Lists(
            store=system.store,
            systems=SYSTEMS,
            procedures=system.cases.procedures,
            audit=system.audit,
            clock=system.clock,
        )
        drafts = CaseDrafts(desk=system.cases, lists=lists, drafts=system.identity.drafts, clock=system.clock)
        page = Cases(desk=system.cases, lists=lists, cabinet=system.cabinet, drafts=drafts, clock=system.clock)
        print(f"{'':<58}{'median':>9}{'worst':>9}{'first':>9}  ms")
        for name, one in (("city", caller("city", "99")), ("district", caller("district", "990106"))):
            asked(name, one, lists, page)


def asked(name: str, one: Caller, lists: Lists, page: Cases) -> None:
    """What the page asks for one officer."""
    system = {"system": HIDDEN_DANGER.id}
    listed = lambda **more: lambda: lists.listed(one, system | more)  # noqa: E731
    timed(f"{name}: folders with their counts", lambda: lists.overview(one, {}), 300)
    timed(f"{name}: list, to do, by deadline", listed(view="todo"), 300)
    timed(f"{name}: list, all, by deadline", listed(view="all"), 300)
    timed(f"{name}: list, overdue, page 21", listed(view="overdue", offset="1000"), 300)
    timed(f"{name}: list, open, one state and kind", listed(view="open", state="mending", kind="fire"), 300)
    timed(f"{name}: list, newest first", listed(view="open", sort="opened_at", desc="1"), 300)
    timed(f"{name}: list, a word", listed(view="all", q="安全阀"), 300)
    code = lists.listed(one, system | {"view": "open"})["rows"][0]["code"]
    timed(f"{name}: case page", lambda: page.one(one, system | {"code": code}), 300)
    firm = lists.listed(one, system | {"view": "open"})["rows"][0]["enterprise"]
    asking = Firm(store=lists.store, key=firm, now=lists.clock(), scope=one.scope, lang=one.lang,
                  states=lists.procedures.titles_of)  # fmt: skip
    in_turn = [{"system": of.id, "view": "open", "enterprise": firm, "limit": "4"} for of in SYSTEMS
               if of.register.visible(one.scope)]  # fmt: skip
    timed(f"{name}: page of one enterprise", lambda: dossier(asking, SYSTEMS, None), 300)
    timed(f"{name}: its cases on the card", lambda: cases_of(asking, SYSTEMS, listed=4), 300)
    timed(f"{name}: the same by the list of each system", lambda: [lists.listed(one, ask) for ask in in_turn], 1000)
    timed(f"{name}: statistics", lambda: lists.statistics(one, system), 1000)
    timed(f"{name}: supervision", lambda: lists.supervision(one, system), 1000)


if __name__ == "__main__":
    main()
