"""A server for devices that speak HJ 212-2017: each message is answered once its readings are kept, and not before."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from core.clock import Clock
from core.errors import BusyError
from core.units import Second
from monitoring.devices import Carrier
from monitoring.formats.hj212 import Frames, Message, message, readings
from monitoring.readings import entered
from monitoring.taking import Taker

MOST_CONNECTIONS = 2000
IDLE: Second = 600.0
"""A device that says nothing for so long is cut off; it connects again when it has something to say."""

_log = logging.getLogger(__name__)


class Hj212:
    """The server's state: who may report, and how many messages could not be used."""

    def __init__(
        self, inbox: Taker, clock: Clock, known: Callable[[str, str], Carrier | None], *, most: int = MOST_CONNECTIONS
    ) -> None:
        self.damaged = 0
        self.strangers = 0
        self._inbox = inbox
        self._clock = clock
        self._known = known
        self._most = most
        self._connections: set[asyncio.StreamWriter] = set()

    @asynccontextmanager
    async def serving(self, host: str, port: int) -> AsyncIterator[asyncio.Server]:
        """Listen while this is open."""
        server = await asyncio.start_server(self._connected, host, port)
        try:
            yield server
        finally:
            server.close()
            for writer in tuple(self._connections):
                writer.close()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self._connections) >= self._most:
            writer.close()
            return
        self._connections.add(writer)
        frames = Frames()
        try:
            while True:
                async with asyncio.timeout(IDLE):
                    more = await reader.read(65536)
                if not more:
                    break
                before = frames.damaged
                for data in frames.fed(more):
                    answer = await self._answer(data)
                    if answer is not None:
                        writer.write(answer)
                        await writer.drain()
                self.damaged += frames.damaged - before
        except (TimeoutError, ConnectionError):
            pass
        finally:
            self._connections.discard(writer)
            writer.close()

    async def _answer(self, data: str) -> bytes | None:
        """The answer to a message, or none: it could not be read, is nobody's, or could not be kept now."""
        given = message(data)
        if given is None:
            self.damaged += 1
            return None
        device = await asyncio.to_thread(self._known, given.device, given.password)
        if device is None:
            self.strangers += 1
            return None
        if given.real_time and not await self._kept(given):
            return None
        return given.answer() if given.wants_answer else None

    async def _kept(self, given: Message) -> bool:
        register = self._inbox.register
        found = readings(given, await asyncio.to_thread(register.tags))
        batch = entered(found, register.known(), source=f"hj212:{given.device}", arrived=self._clock())
        self._inbox.refused(found.faults.count)
        try:
            await asyncio.wrap_future(self._inbox.offer(batch))
        except BusyError:
            return False
        except Exception:
            _log.exception("readings of %s could not be kept", given.device)
            return False
        return True
