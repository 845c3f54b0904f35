"""What the states say that administrators added to procedures, wherever a value of a register is put into words."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from starlette.types import ASGIApp, Receive, Scope, Send

from app.systems import FUNCTIONS, SYSTEMS
from casework.procedures import Procedures
from core.clock import Clock
from core.texts import Text
from layers.codes.further import Further, current_further
from store.protocol import Store

LISTS = {of.state_list: of for of in SYSTEMS}


def added_states(procedures: Procedures) -> Further:
    """Of the code list of a register's states, those that published versions added."""

    def further(list_id: str) -> Mapping[str, Text]:
        of = LISTS.get(list_id)
        if of is None:
            return {}
        declared = set(of.state_codes)
        return {code: text for code, text in procedures.titles(of).items() if code not in declared}

    return further


@contextmanager
def spoken(store: Store, clock: Clock) -> Iterator[None]:
    """The same in a command or a job, which no request came for."""
    token = current_further.set(added_states(Procedures(store, clock, FUNCTIONS)))
    try:
        yield
    finally:
        current_further.reset(token)


class Spoken:
    """Pure ASGI: within a request the words of this system's own procedures are known."""

    def __init__(self, app: ASGIApp, further: Further) -> None:
        self.app = app
        self.further = further

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        token = current_further.set(self.further)
        try:
            await self.app(scope, receive, send)
        finally:
            current_further.reset(token)
