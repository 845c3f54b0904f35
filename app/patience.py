"""A connection that does not say what it wants in time is closed: nobody holds the server by sending slowly."""

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from core.units import Second

LARGEST_HEAD = 65_536
"""Bytes of a request's first lines while they arrive; what is whole by then is judged by `app/bounds.py`."""

LARGEST_TAIL = 64 << 20
"""Bytes of a body that still arrive after its answer: read and dropped, so that the answer is not lost."""

REFUSAL = b"HTTP/1.1 %s\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
TOO_SLOW, TOO_LARGE = b"408 Request Timeout", b"431 Request Header Fields Too Large"


class Patient(HttpToolsProtocol):
    """HTTP under a clock that runs from the first byte of a request, or from the connection, to its last header."""

    patience: Second = 20.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """The clock runs before anything is said."""
        super().connection_made(transport)
        self._clock: asyncio.TimerHandle | None = None
        self._heard = 0
        self._asked = False
        self._owed = False
        self._under_way: list[RequestResponseCycle] = []
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is waited for or answered any more; of several requests uvicorn tells the last one alone."""
        self._rest()
        for one in self._under_way:
            one.disconnected = True
            one.message_event.set()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Bytes of a request nobody answers yet set the clock going; its headers stop it."""
        if self._clock is None and (self.cycle is None or self.cycle.response_complete):
            self._wait()
        owed = self._owed
        super().data_received(data)
        if self._clock is None or owed != self._owed:
            return
        self._heard += len(data)
        if self._heard > (LARGEST_TAIL if owed else LARGEST_HEAD):
            self._give_up(TOO_LARGE)

    def on_headers_complete(self) -> None:
        """What is wanted is known; how long its body may take is for `app/bounds.py`."""
        self._rest()
        self._asked = self._owed = True
        super().on_headers_complete()
        self._under_way = [one for one in self._under_way if not one.response_complete]
        if self.cycle is not None:
            self._under_way.append(self.cycle)

    def on_message_complete(self) -> None:
        """The body is whole; if it was answered before, the clock runs for whatever is asked next."""
        self._owed = False
        if self._clock is not None:
            self._rest()
            self._wait()
        super().on_message_complete()

    def _wait(self) -> None:
        self._heard = 0
        self._clock = self.loop.call_later(self.patience, self._give_up, TOO_SLOW)

    def _rest(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None

    def _give_up(self, status: bytes) -> None:
        self._rest()
        if not self.transport.is_closing():
            if not self._asked:
                self.transport.write(REFUSAL % status)
            self.transport.close()


def patient(patience: Second) -> type[HttpToolsProtocol]:
    """The protocol with a patience of its own."""
    return type("Patient", (Patient,), {"patience": patience})
