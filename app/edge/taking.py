"""The buffer as the doors see it: takes any point's readings, since only the centre knows which there are."""

from collections.abc import Iterator, Mapping
from concurrent.futures import Future

import pyarrow as pa
import pyarrow.compute as pc

from core.clock import Clock
from monitoring.devices import Devices
from monitoring.readings import Known
from store.forwarding import Forwarding

SENT_ON = {"layer": "layer", "key": "point", "element": "element", "at": "ts", "value": "v", "quality": "q"}
"""Columns of a batch, and what the centre's door calls them."""


class AnyPoint(Known):
    """Every code may be a point; the layer is told only where the source told it."""

    def layer_of(self, layer: str | None, key: str) -> str | None:
        """What was said."""
        return layer or ""


class _Ours(Mapping[str, str]):
    """Whatever point is asked for is this site's enterprise's."""

    def __init__(self, enterprise: str) -> None:
        self._enterprise = enterprise

    def __getitem__(self, point: str) -> str:
        return self._enterprise

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


class SitePoints:
    """What a site knows of points: the tags of its HJ 212 devices, and whose they all are."""

    def __init__(self, tags: Mapping[tuple[str, str], str], enterprise: str) -> None:
        self._tags = tags
        self._owners = _Ours(enterprise)

    def known(self) -> Known:
        """Any."""
        return AnyPoint({})

    def tags(self) -> Mapping[tuple[str, str], str]:
        """Of the HJ 212 devices."""
        return self._tags

    def owners(self) -> Mapping[str, str]:
        """One enterprise."""
        return self._owners

    def devices(self) -> Devices:
        """None: the centre knows them."""
        return Devices()


class SiteInbox:
    """Takes batches into the buffer; the answer comes once they are on the disk."""

    def __init__(self, held: Forwarding, points: SitePoints, clock: Clock) -> None:
        self.register = points
        self.refused_rows = 0
        self._held = held
        self._clock = clock

    def offer(self, batch: pa.Table) -> Future[int]:
        """Hold a batch. Raises BusyError when the buffer is full."""
        if batch.num_rows:
            self._held.put(message_of(batch), batch.num_rows, at=self._clock())
        answer: Future[int] = Future()
        answer.set_result(batch.num_rows)
        return answer

    def refused(self, count: int) -> None:
        """Rows that could not be read here."""
        self.refused_rows += count


def message_of(batch: pa.Table) -> bytes:
    """A batch as the centre's door reads it."""
    columns = {name: batch[own] for own, name in SENT_ON.items()}
    for name in ("layer", "point", "element"):
        columns[name] = columns[name].cast(pa.string())
    columns["layer"] = pc.if_else(pc.equal(columns["layer"], ""), pa.scalar(None, pa.string()), columns["layer"])
    return _stream(pa.table(columns))


def joined(messages: list[bytes]) -> bytes:
    """Several messages as one."""
    return _stream(pa.concat_tables([pa.ipc.open_stream(one).read_all() for one in messages]))


def _stream(table: pa.Table) -> bytes:
    out = pa.BufferOutputStream()
    with pa.ipc.new_stream(out, table.schema) as stream:
        stream.write_table(table.combine_chunks())
    return bytes(out.getvalue())
