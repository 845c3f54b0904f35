"""How long one search over cases, plans and laws takes among many rows, on both engines.

    python -m benchmarks.knowledge_search [ROWS] [--engine embedded|postgis|both]

Fills an empty store with ROWS rows (100,000 by default: articles, steps of plans, cases; sentences put together of the
shipped articles and the demo's plans and cases), asks ten questions as the page does, five times each, and prints the
median and the slowest of each in milliseconds. PostgreSQL is a cluster of its own with durable settings, asked once the
rows are loaded and again after VACUUM ANALYZE. The door's own work and the network are not in it.
"""

import argparse
import statistics
import tempfile
import time
from datetime import date
from pathlib import Path

import numpy as np
import psycopg
import pyarrow as pa

from app.demo.knowledge import demo_cases
from app.demo.plans import demo_plans
from core.actors import Actor
from core.clock import utc_now
from core.scope import SYSTEM_SCOPE
from core.texts import Lang
from dashboards.queries.knowledge import UNASKED, found
from emergency.knowledge.laws import articles
from layers.catalogue import EMERGENCY_CASES, EMERGENCY_PLANS, LAW_ARTICLES, PLAN_STEPS
from layers.layer import Catalogue
from store.embedded import open_embedded
from store.postgis import open_postgis
from store.protocol import Store
from tests.postgres import DURABLE, cluster

ASKED = (
    "液氨",
    "氯气 泄漏",
    "应急救援",
    "疏散",
    "有限空间",
    "第十七条",
    "泡沫",
    "上风向",
    "重大危险源",
    "不存在的词语",
)
ACTOR = Actor(id="benchmark", name="benchmark", door="cli")
SMALL = Catalogue(EMERGENCY_CASES, EMERGENCY_PLANS, PLAN_STEPS, LAW_ARTICLES)
BATCH = 20_000


def fill(store: Store, rows: int) -> None:
    """Half of the rows are articles, three tenths steps of plans, the rest cases."""
    rng = np.random.default_rng(7)
    plans, steps = demo_plans(date(2026, 11, 29))
    cases = demo_cases(date(2026, 11, 29))
    laws = [one.text[:400] for one in articles()]
    said = [f"{one.text}。{one.detail}" for one in steps]
    told = [f"{one.summary}{one.course}{one.lessons}" for one in cases]
    names = [one.chemical_names for one in cases]

    def mixed(texts: list[str], n: int) -> list[str]:
        return [f"{texts[i]}{texts[j]}" for i, j in rng.integers(len(texts), size=(n, 2)).tolist()]

    def load(layer: object, columns: dict[str, list[object]]) -> None:
        table = pa.table(columns)
        for start in range(0, table.num_rows, BATCH):
            store.load(layer, table.slice(start, BATCH), actor=ACTOR, reason="benchmark", scope=SYSTEM_SCOPE)  # type: ignore[arg-type]

    n = rows // 2
    load(LAW_ARTICLES, {
        "code": [f"law{i // 999}/{i % 999 + 1:03d}" for i in range(n)], "title": [f"条例 第{i}条" for i in range(n)],
        "law": [f"条例{i // 999}" for i in range(n)], "number": [i % 999 + 1 for i in range(n)],
        "text": mixed(laws, n), "status": ["own"] * n,
    })  # fmt: skip
    n = rows * 3 // 10
    load(EMERGENCY_PLANS, {
        "code": [one.code for one in plans], "title": [one.title for one in plans],
        "summary": [one.summary for one in plans], "chemical_names": [list(one.chemical_names) for one in plans],
    })  # fmt: skip
    load(PLAN_STEPS, {
        "code": [f"P{i // 999}/{i % 999 + 1:03d}" for i in range(n)],
        "plan": [plans[i % len(plans)].code for i in range(n)],
        "number": [i % 999 + 1 for i in range(n)], "phase": ["control"] * n, "unit": ["消防救援大队"] * n,
        "text": [one[:190] for one in mixed(said, n)],
    })  # fmt: skip
    n = rows // 5
    load(EMERGENCY_CASES, {
        "code": [f"AL-{i:06d}" for i in range(n)], "title": [f"案例 {i}" for i in range(n)], "kind": ["leak"] * n,
        "chemical_names": [list(names[i % len(names)]) for i in range(n)], "summary": mixed(told, n),
    })  # fmt: skip


def filled(store: Store, rows: int, name: str) -> None:
    """Filled, with how long it took."""
    began = time.perf_counter()
    fill(store, rows)
    print(f"{name}  {rows:,} rows loaded in {time.perf_counter() - began:.0f} s")


def ask(store: Store, name: str) -> None:
    """Each question five times."""
    slowest = 0.0
    for words in ASKED:
        took = []
        for _ in range(5):
            began = time.perf_counter()
            answer = found(store, words, UNASKED, scope=SYSTEM_SCOPE, lang=Lang.ZH)
            took.append((time.perf_counter() - began) * 1000)
        slowest = max(slowest, *took)
        print(f"{name}  {words}  {answer['total']} 条  中位 {statistics.median(took):.0f} ms  最慢 {max(took):.0f} ms")
    print(f"{name}  slowest {slowest:.0f} ms")


def main() -> None:
    """The engines that are asked for, one after the other."""
    parser = argparse.ArgumentParser()
    parser.add_argument("rows", nargs="?", type=int, default=100_000)
    parser.add_argument("--engine", choices=("embedded", "postgis", "both"), default="embedded")
    asked = parser.parse_args()
    if asked.engine != "postgis":
        with tempfile.TemporaryDirectory() as folder:
            store: Store = open_embedded(Path(folder) / "knowledge.gpkg", SMALL, utc_now)
            filled(store, asked.rows, "GeoPackage")
            ask(store, "GeoPackage")
            store.close()
    if asked.engine != "embedded":
        with cluster(DURABLE) as address:
            store = open_postgis(address, SMALL, utc_now, "knowledge_benchmark")
            filled(store, asked.rows, "PostgreSQL")
            ask(store, "PostgreSQL")
            with psycopg.connect(address, autocommit=True) as db:
                db.execute("VACUUM ANALYZE")
            ask(store, "PostgreSQL, analysed")
            store.close()


if __name__ == "__main__":
    main()
