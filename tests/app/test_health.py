"""What the server says of itself to whoever watches it."""

import asyncio
import sqlite3
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx

from app.settings import Settings
from app.site import build
from app.wiring import assemble
from tests.app.test_commands import onemap


def apart(work: Callable[[], Coroutine[Any, Any, str]]) -> str:
    """In a thread of its own: a browser test in the same process leaves a loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(work())).result()


def test_a_missing_index_is_told_until_the_next_start_has_made_it(tmp_path: Path) -> None:
    system = assemble(Settings(data=tmp_path, render_workers=1))
    transport = httpx.ASGITransport(build(system))

    async def health() -> str:
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return str((await client.get("/healthz")).json()["indexes"])

    try:
        assert apart(health) == "ok"
        with closing(sqlite3.connect(tmp_path / "city.gpkg")) as db:
            db.execute("DROP INDEX enterprises_tally")
        assert apart(health) == "missing"
        assert "缺少索引" not in onemap("audit", "verify", "--data", str(tmp_path)).stdout
        assert apart(health) == "ok"
    finally:
        system.close()
