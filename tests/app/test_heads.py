"""The running server signs heads; the command line signs and compares them."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from app.heads import keep_signing
from app.repeating import Chores
from app.settings import Settings
from app.site import build
from app.wiring import assemble
from core.clock import utc_now
from tests.app.test_commands import onemap
from tests.waiting import until


def apart(work: Coroutine[Any, Any, None]) -> None:
    """Run to the end in a thread of its own: a browser test in the same process leaves a loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, work).result()


def test_a_head_is_signed_at_once_and_again_and_a_failure_does_not_end_it() -> None:
    signed: list[int] = []
    chores = Chores(utc_now)

    async def until_three() -> None:
        enough = asyncio.Event()

        def sign() -> None:
            signed.append(len(signed))
            if len(signed) == 2:
                raise OSError("the disk is full")
            if len(signed) == 3:
                loop.call_soon_threadsafe(enough.set)

        loop = asyncio.get_running_loop()
        task = asyncio.create_task(keep_signing(sign, chores, every=0.0))
        await asyncio.wait_for(enough.wait(), 20)
        task.cancel()

    apart(until_three())
    assert len(signed) >= 3


def test_the_server_signs_where_the_settings_say(tmp_path: Path) -> None:
    system = assemble(Settings(data=tmp_path / "data", heads=tmp_path / "vault", render_workers=1))

    async def serving() -> None:
        site = build(system)
        async with site.router.lifespan_context(site):
            await asyncio.to_thread(until_signed, tmp_path / "vault")

    try:
        apart(asyncio.wait_for(serving(), 60))
    finally:
        system.close()


def until_signed(folder: Path) -> None:
    until(lambda: list(folder.glob("*.jsonl")), bool)


def test_heads_are_signed_and_compared_from_the_command_line(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert "没有签名头" in onemap("audit", "verify", "--data", str(data)).stdout
    signed = onemap("audit", "sign", "--data", str(data))
    assert signed.returncode == 0, signed.stderr
    assert len(list((data / "heads").glob("*.jsonl"))) == 1
    verified = onemap("audit", "verify", "--data", str(data))
    assert verified.returncode == 0, verified.stdout
    assert "签名头 / heads: 1 个" in verified.stdout
    path = next((data / "heads").glob("*.jsonl"))
    path.write_text(path.read_text().replace('"previous":"0', '"previous":"1'))
    assert onemap("audit", "verify", "--data", str(data)).returncode == 1
