"""What one caller may read and write. Every read takes a scope; there is no overload without it."""

from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache

from core.canonical import sha256


class Sensitivity(IntEnum):
    """How far a layer, a row or a field may travel; a caller sees what is at or under their clearance."""

    PUBLIC = 0
    INTERNAL = 1
    SENSITIVE = 2
    SECRET = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Areas, layers, rows and fields open to one caller.

    `areas` are GB/T 2260 code prefixes ("" is everywhere); `layers` None means every layer within the clearance;
    `hidden` takes (layer, field) pairs away beyond the clearance; `writable` None means every readable layer.
    `enterprises` None sets no limit; else rows that belong to an enterprise are open only if it is one of these, while
    those of shared layers stay open to read, and nothing may be written but rows of these (docs/subsystems/store.md).
    """

    areas: tuple[str, ...]
    clearance: Sensitivity
    layers: frozenset[str] | None = None
    hidden: frozenset[tuple[str, str]] = frozenset()
    writable: frozenset[str] | None = field(default=frozenset())
    enterprises: frozenset[str] | None = None

    @property
    def everywhere(self) -> bool:
        """No area limits this caller."""
        return "" in self.areas

    def covers(self, area: str) -> bool:
        """The area code lies inside this scope."""
        return any(area.startswith(prefix) for prefix in self.areas)

    def may_write(self, layer: str) -> bool:
        """The caller may change rows of this layer (inside their areas)."""
        if self.layers is not None and layer not in self.layers:
            return False
        return self.writable is None or layer in self.writable

    @property
    def digest(self) -> str:
        """Sixteen characters that name this scope in cache keys and ETags."""
        return _digest(self)


@lru_cache(maxsize=4096)
def _digest(scope: Scope) -> str:
    """Live streams ask for it with every value they tell."""
    parts = (
        ",".join(sorted(scope.areas)),
        str(int(scope.clearance)),
        "*" if scope.layers is None else ",".join(sorted(scope.layers)),
        ",".join(sorted(f"{layer}.{name}" for layer, name in scope.hidden)),
        *([] if scope.enterprises is None else ["=" + ",".join(sorted(scope.enterprises))]),
    )
    return sha256("|".join(parts).encode())[:16]


SYSTEM_SCOPE = Scope(areas=("",), clearance=Sensitivity.SECRET, writable=None)
"""For the system's own upkeep only: migrations, backup, verification, the demo loader."""
