"""What judges readings, and the servers that devices reach beside the web: begun and ended with it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress

from starlette.concurrency import run_in_threadpool

from app.monitoring.dropped import Dropped
from app.monitoring.hj212 import Hj212
from app.monitoring.mqtt import Broker, Mqtt
from app.monitoring.observing import keep_observing
from app.repeating import Chore, Chores
from app.wiring import System
from core.texts import Text
from core.units import Second
from monitoring.devices import LastHeard

WRITTEN_DOWN: Second = 10.0
"""So often it is kept when devices were last heard."""

HEARD = Chore(Text("记录设备最近上报时间", "When devices were last heard"), "when devices were last heard was not kept")
_log = logging.getLogger(__name__)


async def enter_reporting(system: System) -> AsyncExitStack:
    """Begin the judging of alarms and the servers the settings ask for; closing the answer ends it."""
    held = AsyncExitStack()
    held.enter_context(system.watching.run())
    settings = system.settings
    register = system.inbox.register
    system.inbox.listen(lambda batch: system.heard.note(batch, register.devices()))
    await held.enter_async_context(_writing_down(system.heard, system.chores))
    await held.enter_async_context(_going_on(keep_observing(system.store, system.series, system.chores)))
    if settings.hj212_port is not None:
        await held.enter_async_context(
            Hj212(system.inbox, system.clock, system.gate.by_password).serving(settings.host, settings.hj212_port)
        )
    if settings.drop_folder is not None:
        held.enter_context(
            Dropped(
                system.inbox, system.clock, settings.drop_folder, largest=settings.largest_upload, chores=system.chores
            ).serving()
        )
    if settings.mqtt_url.get_secret_value():
        broker = Broker(
            url=settings.mqtt_url.get_secret_value(),
            topic=settings.mqtt_topic,
            client=settings.mqtt_client,
            ca=settings.mqtt_ca,
        )
        subscriber = Mqtt(system.inbox, system.clock, broker)
        system.condition.broker = subscriber.connected.is_set
        held.enter_context(subscriber.serving())
    return held


@asynccontextmanager
async def _writing_down(heard: LastHeard, chores: Chores) -> AsyncIterator[None]:
    async def each() -> None:
        while True:
            await asyncio.sleep(WRITTEN_DOWN)
            with chores.tried(_log, HEARD):
                await run_in_threadpool(heard.write_down)

    async with _going_on(each()):
        try:
            yield
        finally:
            await run_in_threadpool(heard.write_down)


@asynccontextmanager
async def _going_on(work: Coroutine[None, None, None]) -> AsyncIterator[None]:
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
