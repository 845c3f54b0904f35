"""The newest value of each point, told to live streams: what changed since a stream last looked, of points it may see.

A stream that is slow meets the newest value the next time it looks: values in between are passed over, points are not.
"""

import threading
from collections.abc import Callable
from time import monotonic

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from app.monitoring.sights import Sights
from core.clock import Clock, iso
from core.scope import Scope
from core.units import Second
from monitoring.inbox import Inbox

ROUND: Second = 0.25
"""What comes within it is told together."""

ALONE = "value"
"""The element of a point that has no other."""

Wanted = frozenset[str]


class Newest:
    """Filled by the writer of the inbox, asked by streams; nothing is kept while nobody listens."""

    def __init__(self, sights: Sights, inbox: Inbox, clock: Clock) -> None:
        self._clock = clock
        self._sights = sights
        self._guard = threading.Lock()
        self._numbers: dict[tuple[str, str, str], int] = {}
        self._names: list[tuple[str, str, str]] = []
        self._stamp = np.zeros(1024, np.int64)
        self._at = np.zeros(1024, np.int64)
        self._value = np.full(1024, np.nan)
        self._quality = np.zeros(1024, np.int8)
        self._streams = 0
        self._fresh = False
        self._told = -ROUND
        self.round = 0
        self.ring: Callable[[Second], None] = lambda _: None
        """Told that in so many seconds a round may be closed."""
        inbox.listen(self.hear)

    def enter(self, scope: Scope) -> int:
        """A stream begins to listen; the round it has seen.

        That its points are read is recorded for whoever listens, as far as they are sensitive.
        """
        self._sights.read(scope)
        with self._guard:
            self._streams += 1
            return self.round

    def leave(self) -> None:
        """A stream has ended."""
        with self._guard:
            self._streams -= 1

    def hear(self, batch: pa.Table) -> None:
        """A batch was kept (schema BATCH)."""
        if not self._streams:
            return
        at = pc.cast(batch["at"], pa.int64()).to_numpy()
        with self._guard:
            points = self._points(batch)
            order = np.lexsort((at, points))
            last = order[np.append(points[order][1:] != points[order][:-1], True)]
            last = last[at[last] >= self._at[points[last]]]
            hit = points[last]
            self._at[hit] = at[last]
            self._value[hit] = batch["value"].to_numpy()[last]
            self._quality[hit] = batch["quality"].to_numpy()[last]
            self._stamp[hit] = self.round + 1
            first, self._fresh = not self._fresh, True
            wait = max(0.0, self._told + ROUND - monotonic())
        if first:
            self.ring(wait)

    def close_round(self) -> None:
        """What came since the last round is a round of its own now."""
        with self._guard:
            if self._fresh:
                self._fresh, self._told = False, monotonic()
                self.round += 1

    def since(self, scope: Scope, seen: int, wanted: Wanted, until: int | None = None) -> tuple[bytes, int]:
        """An event with the newest value of every point that changed after a round, and the round it goes up to.

        Empty where none of them is the scope's. Up to an earlier round: without what changed again since, which is told
        with the round it changed in.
        """
        with self._guard:
            until = self.round if until is None else until  # first: what is named later has not been told in it
        shown = self._sights.seen(scope, self._names)
        with self._guard:
            stamp = self._stamp[: len(shown)]
            hit = np.flatnonzero((stamp > seen) & (stamp <= until) & shown)
            at, value, quality = self._at[hit] // 1000, self._value[hit], self._quality[hit]
            names = [self._names[n] for n in hit.tolist()]
        layers = {}
        for layer in sorted(wanted):
            rows = [n for n, name in enumerate(names) if name[0] == layer]
            if rows:
                columns = {"at": at[rows], "value": value[rows], "quality": quality[rows]}
                elements = [names[n][2] for n in rows]
                layers[layer] = {"key": [names[n][1] for n in rows], **columns}
                if any(element != ALONE for element in elements):
                    layers[layer]["element"] = elements
        if not layers:
            return b"", until
        body = {"at": iso(self._clock()), "passed": until - seen - 1, "layers": layers}
        told = orjson.dumps(body, option=orjson.OPT_SERIALIZE_NUMPY)
        return b"event: readings\ndata: " + told + b"\n\n", until

    def _points(self, batch: pa.Table) -> NDArray[np.int64]:
        """The number of each row's point, given when it is met."""
        words, codes = [], []
        for word in ("layer", "key", "element"):
            column = batch[word].combine_chunks()
            column = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
            words.append(column.dictionary.to_pylist())
            codes.append(column.indices.to_numpy(zero_copy_only=False).astype(np.int64))
        code = (codes[0] * len(words[1]) + codes[1]) * len(words[2]) + codes[2]
        found, inverse = np.unique(code, return_inverse=True)
        numbers = np.empty(len(found), np.int64)
        for place, one in enumerate(found.tolist()):
            rest, element = divmod(one, len(words[2]))
            layer, key = divmod(rest, len(words[1]))
            name = (words[0][layer], words[1][key], words[2][element])
            number = self._numbers.get(name)
            if number is None:
                number = self._numbers[name] = len(self._names)
                self._names.append(name)
            numbers[place] = number
        self._grow()
        return numbers[inverse]

    def _grow(self) -> None:
        size, count = len(self._stamp), len(self._names)
        if count > size:
            for name in ("_stamp", "_at", "_value", "_quality"):
                old = getattr(self, name)
                new = np.zeros(max(count, 2 * size), old.dtype)
                new[:size] = old
                setattr(self, name, new)
