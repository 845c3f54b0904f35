"""Tiles at hand: the last ones in memory, more on disk, none that a change of the data has touched."""

import threading
from collections import OrderedDict, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import orjson
import shapely

from core.scope import SYSTEM_SCOPE
from gis.shapes import Bounds
from layers.filters import GEOMETRY
from layers.layer import Layer
from store.feed import BATCHES, Change, Entry
from store.protocol import Store
from store.tilecache import Drop, NewTile, TileCache, tag_of

ONE_BY_ONE = 200
"""So many changes of a layer at once are placed; of more it is said that the layer changed."""

REMEMBERED = 500
"""Placed changes of a layer that are held against the tiles in memory; older tiles are fetched or drawn again."""

_PLACED = frozenset(set(Change) - BATCHES - {Change.ERASE})
_DEGREES_PER_METRE = 1 / 50_000
"""Generous: the public meets a place up to a cell away from where it is."""


@dataclass(slots=True)
class Held:
    """A tile with its tag; `as_of` is the newest entry of the feed it is known to hold for."""

    body: bytes
    tag: str
    layers: tuple[str, ...]
    bounds: Bounds
    as_of: int


@dataclass(frozen=True, slots=True)
class _Change:
    seq: int
    box: Bounds


class KeptTiles:
    """Memory in front of the disk, over one feed; `largest` bounds the bytes in memory."""

    def __init__(self, store: Store, disk: TileCache, *, largest: int = 64_000_000) -> None:
        self._store = store
        self._disk = disk
        self._largest = largest
        self._held: OrderedDict[str, Held] = OrderedDict()
        self._bytes = 0
        self._guard = threading.Lock()
        self._following = threading.Lock()
        self._floors: dict[str, int] = {}
        self._changes: dict[str, list[_Change]] = defaultdict(list)
        self._head = self._begin()
        self._unwatch = store.watch(self._moved)
        self.follow()

    def _moved(self, _: int) -> None:
        self.follow()

    def _begin(self) -> int:
        """Where the disk's tiles stand in this feed; of another feed, or of one that went back, they all go."""
        known, head = self._disk.as_of(), self._store.head()
        if known is not None and known[0] <= head and known[1] == self._chain(known[0]):
            return known[0]
        self._disk.settle(head, self._chain(head), (), everything=True)
        return head

    def _chain(self, seq: int) -> str:
        found = self._store.feed(after=seq - 1, scope=SYSTEM_SCOPE, limit=1) if seq > 0 else ()
        return found[0].chain if found and found[0].seq == seq else ""

    def at_hand(self, name: str) -> Held | None:
        """A tile in memory that still holds."""
        with self._guard:
            found = self._held.get(name)
            if found is None:
                return None
            if self._holds(found):
                self._held.move_to_end(name)
                return found
            self._forget(name)
            return None

    def find(self, name: str, layers: tuple[str, ...], bounds: Bounds) -> Held | None:
        """A tile in memory or on disk."""
        found = self.at_hand(name)
        if found is not None:
            return found
        row = self._disk.get(name)
        if row is None:
            return None
        held = Held(body=row[0], tag=row[1], layers=layers, bounds=bounds, as_of=row[2])
        with self._guard:
            if not self._holds(held):
                return None
            self._remember(name, held)
        return held

    def keep(self, tiles: Sequence[tuple[str, bytes, Bounds]], layers: tuple[str, ...], as_of: int) -> list[Held]:
        """Tiles drawn from the data of `as_of` or newer; kept unless something changed meanwhile."""
        self.follow()
        held = [Held(body=b, tag=tag_of(b), layers=layers, bounds=box, as_of=as_of) for _, b, box in tiles]
        with self._guard:
            head = self._head
            fresh = [self._holds(one) for one in held]
            for (name, _, _), one, holds in zip(tiles, held, fresh, strict=True):
                if holds:
                    self._remember(name, one)
        self._disk.put(
            [
                NewTile(name=name, layers=layers, bounds=box, tag=one.tag, body=body)
                for (name, body, box), one, holds in zip(tiles, held, fresh, strict=True)
                if holds
            ],
            as_of=head,
        )
        return held

    def follow(self) -> int:
        """Learn what changed since; the newest entry known."""
        with self._following:
            head = self._store.head()
            if head == self._head:
                return head
            if head < self._head:
                self._start_again(head)
                return head
            entries: list[Entry] = []
            after, chain = self._head, ""
            while found := self._store.feed(after=after, scope=SYSTEM_SCOPE):
                entries += found
                after, chain = found[-1].seq, found[-1].chain
            self._learn(entries, after, chain)
            return after

    def _start_again(self, head: int) -> None:
        self._disk.settle(head, self._chain(head), (), everything=True)
        with self._guard:
            self._held.clear()
            self._changes.clear()
            self._floors.clear()
            self._bytes, self._head = 0, head

    def _learn(self, entries: Sequence[Entry], head: int, chain: str) -> None:
        by_layer: dict[str, list[Entry]] = defaultdict(list)
        for entry in entries:
            by_layer[entry.layer].append(entry)
        drops: list[Drop] = []
        floors: dict[str, int] = {}
        placed: dict[str, list[_Change]] = {}
        for name, some in by_layer.items():
            few = name in self._store.catalogue and len(some) <= ONE_BY_ONE
            boxes = self._placed(self._store.catalogue[name], some) if few else None
            if boxes is None:
                floors[name] = some[-1].seq
                drops.append((name, None))
            else:
                placed[name] = boxes
                drops += [(name, change.box) for change in boxes]
        with self._guard:
            self._floors |= floors
            for name, changes in placed.items():
                known = self._changes[name]
                known += changes
                if len(known) > REMEMBERED:
                    self._floors[name] = max(self._floors.get(name, 0), known[-REMEMBERED - 1].seq)
                    del known[:-REMEMBERED]
            self._head = head
        self._disk.settle(head, chain, drops)

    def _placed(self, layer: Layer, entries: Sequence[Entry]) -> list[_Change] | None:
        """Where each change was, before and after; None where one of them cannot be placed."""
        found: list[_Change] = []
        room = layer.cell * _DEGREES_PER_METRE
        for entry in entries:
            if entry.change not in _PLACED:
                return None
            wanted = {entry.old_version, entry.new_version} - {None}
            kept = self._store.versions(layer, entry.key, scope=SYSTEM_SCOPE)
            bodies = [version.body for version in kept if version.version in wanted]
            if len(bodies) != len(wanted):
                return None
            for body in bodies:
                place = orjson.loads(body).get(GEOMETRY)
                if place:
                    west, south, east, north = shapely.from_wkb(place).bounds
                    found.append(_Change(entry.seq, Bounds(west - room, south - room, east + room, north + room)))
        return found

    def _holds(self, held: Held) -> bool:
        """No change since touches the tile; under the guard. What was looked through is not looked through again."""
        if held.as_of == self._head:
            return True
        for layer in held.layers:
            if held.as_of < self._floors.get(layer, 0):
                return False
            for change in reversed(self._changes.get(layer, ())):
                if change.seq <= held.as_of:
                    break
                if _meet(change.box, held.bounds):
                    return False
        held.as_of = max(held.as_of, self._head)
        return True

    def _remember(self, name: str, held: Held) -> None:
        self._forget(name)
        self._held[name] = held
        self._bytes += len(held.body)
        while self._bytes > self._largest:
            _, gone = self._held.popitem(last=False)
            self._bytes -= len(gone.body)

    def _forget(self, name: str) -> None:
        gone = self._held.pop(name, None)
        if gone is not None:
            self._bytes -= len(gone.body)

    def close(self) -> None:
        """Stop following and close the file."""
        self._unwatch()
        self._disk.close()


def _meet(one: Bounds, other: Bounds) -> bool:
    return one.west <= other.east and one.east >= other.west and one.south <= other.north and one.north >= other.south
