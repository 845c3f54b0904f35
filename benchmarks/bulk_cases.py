"""Rows a second of a bulk import of cases: `python -m benchmarks.bulk_cases [ROWS] [SYSTEM]`, on the embedded store."""

import sys
import tempfile
import time
from pathlib import Path

from app.systems import FUNCTIONS, GATHERS, system
from casework.bulk import Bulk, Wish
from casework.calendar import china
from casework.casetype import Role
from casework.desk import Desk
from casework.engine import Who
from casework.following import Signed
from core.actors import SYSTEM_ACTOR
from core.clock import utc_now
from core.scope import SYSTEM_SCOPE
from layers.catalogue import CATALOGUE, ENTERPRISES
from layers.catalogue.enterprises import Enterprise
from layers.readers.delivery import Stated
from layers.readers.process import read
from store.attachments import Cabinet
from store.embedded import open_embedded
from store.feed import Put

FIRM = "91990106MATYEK5E8U"
HEADS = {
    "hidden-danger": "名称,企业代码,发现时间,隐患部位,发现方式,隐患类别",
    "expert": "名称,行政区划,专业领域,联系电话",
}
ROWS = {
    "hidden-danger": f"接线盒破损 {{n}},{FIRM},2026-03-02 08:00,二车间,监督检查,电气防爆",
    "expert": "专家 {n},990106,危化,1990{n:06d}",
}


def main(rows: int = 10_000, name: str = "hidden-danger") -> None:
    """One file, checked, kept, and sent again."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_embedded(Path(folder) / "city.gpkg", CATALOGUE, utc_now)
        firm = Enterprise(uscc=FIRM, name="信禾助剂有限公司", area="990106201", sector="hazchem")
        store.commit([Put(layer=ENTERPRISES.id, record=firm)], actor=SYSTEM_ACTOR, reason="bench", scope=SYSTEM_SCOPE)
        desk = Desk(store, Cabinet(store, Path(folder) / "files", utc_now, largest=1), china(), utc_now, FUNCTIONS,
                    gathers=GATHERS)  # fmt: skip
        path = Path(folder) / "file.csv"
        path.write_text("\n".join((HEADS[name], *(ROWS[name].format(n=n) for n in range(rows)))), encoding="utf-8")
        by = Signed(who=Who(account="bench", name="bench", role=Role.OFFICER), scope=SYSTEM_SCOPE, actor=SYSTEM_ACTOR)
        bulk = Bulk(desk, utc_now)
        begun = time.perf_counter()
        delivery = read(path, Stated())
        _told("read", rows, begun)
        for word, wish in (("checked", Wish(dry_run=True)), ("kept", Wish()), ("sent again", Wish())):
            begun = time.perf_counter()
            done = bulk.take(system(name), delivery, wish, by=by, name="file.csv")
            _told(f"{word} ({done.good} good, {done.kept} kept, {done.known} there)", rows, begun)
        store.close()


def _told(what: str, rows: int, begun: float) -> None:
    took = time.perf_counter() - begun
    print(f"{what}: {took:.2f} s, {rows / took:,.0f} rows/s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000, sys.argv[2] if len(sys.argv) > 2 else "hidden-danger")
