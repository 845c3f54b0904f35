"""What a door needs of whoever takes its readings: the inbox of the centre, or the buffer of a site before it."""

from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any, Protocol

import pyarrow as pa

from monitoring.devices import Devices
from monitoring.readings import Known


class Points(Protocol):
    """The points there are, as doors ask for them."""

    def known(self) -> Known:
        """The points there are now."""

    def tags(self) -> Mapping[tuple[str, str], str]:
        """The code of the point that each device and tag stand for."""

    def owners(self) -> Mapping[str, str]:
        """The enterprise of each point."""

    def devices(self) -> Devices:
        """What carries the points."""


class Taker(Protocol):
    """Takes batches of readings, and answers each once it will not lose it."""

    @property
    def register(self) -> Points:
        """The points there are."""

    def offer(self, batch: pa.Table) -> Future[Any]:
        """Take a batch (schema BATCH). Raises BusyError when there is no room."""

    def refused(self, count: int) -> None:
        """Some rows were refused at the door for what they said."""
