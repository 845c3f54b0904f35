"""What every OGC door is given and what it answers: values that know nothing of HTTP servers."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import pyarrow as pa

from core.caller import Caller
from core.clock import Clock, utc_now
from core.scope import Scope
from layers.layer import Catalogue, Layer
from ogc.counts import Figures
from ogc.processes.process import Process
from ogc.render.request import MapRequest
from store.protocol import Store
from store.query import Query
from store.rasters import RasterShelf, Shelved


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One answer; a body that is an iterator is sent as it comes, so a whole layer never sits in memory."""

    status: int = 200
    media_type: str
    body: bytes | Iterator[bytes]
    headers: Mapping[str, str] = field(default_factory=dict)

    def content(self) -> bytes:
        """The whole body, for those who need it at once."""
        return self.body if isinstance(self.body, bytes) else b"".join(self.body)


class Renderer(Protocol):
    """Draws layers under a scope."""

    def draw(self, request: MapRequest) -> bytes:
        """One encoded picture."""


class AtHand(Protocol):
    """Pages of rows that need not be asked of the store."""

    def page(self, layer: Layer, query: Query, scope: Scope) -> tuple[pa.Table, int] | None:
        """The rows the store would give and how many match in all; None where it has to be asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Everything the doors share: declarations, rows, rasters, figures, processes and, where it runs, the renderer."""

    catalogue: Catalogue
    store: Store
    renderer: Renderer | None = None
    at_hand: AtHand | None = None
    shelf: RasterShelf | None = None
    clock: Clock = utc_now
    processes: Mapping[str, Process] = field(default_factory=dict)
    refused: Callable[[Caller], None] = field(default=lambda _: None)
    """Told of a caller who wanted to write what is not theirs, for the record."""
    figures: Figures = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "figures", Figures(self.store))

    def rasters(self, scope: Scope) -> tuple[Shelved, ...]:
        """The rasters in use that a caller may see; none where there is no shelf."""
        return () if self.shelf is None else self.shelf.seen(scope)
