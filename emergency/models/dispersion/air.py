"""The air a cloud spreads in, in the words all methods share: classes of stability and kinds of terrain."""

from enum import StrEnum

from emergency.formula import means


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


CLASSES = {
    "S": means("稳定度", "stability class"),
    "A": means("极不稳定", "very unstable"),
    "B": means("不稳定", "unstable"),
    "C": means("弱不稳定", "slightly unstable"),
    "D": means("中性", "neutral"),
    "E": means("弱稳定", "slightly stable"),
    "F": means("稳定", "stable"),
}
"""The classes as formulas print them."""
