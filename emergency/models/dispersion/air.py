"""The air a cloud spreads in, in the words all methods share: classes of stability and kinds of terrain."""

from enum import StrEnum


class Stability(StrEnum):
    """Pasquill's classes, from very unstable to stable."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"
    F = "F"

    @property
    def stable(self) -> bool:
        """Air that damps what moves up or down."""
        return self in (Stability.E, Stability.F)


class Terrain(StrEnum):
    """Ground as dispersion curves tell it apart."""

    RURAL = "rural"
    URBAN = "urban"
