"""How exactly the public meets the places of a layer, said by the layer with its reason."""

from dataclasses import dataclass

from core.texts import Text
from core.units import Metre

SMALLEST = 10.0
"""Metres; a finer cell is no protection, and its middle could be rounded out of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Precision:
    """The side of the cell in whose middle the public meets a place; 0 is the place itself.

    The number is this software's decision for the reason given, not taken from a regulation.
    """

    metres: Metre
    reason: Text

    @property
    def said(self) -> Text:
        """What a map, a card or a service's description tells of it."""
        side = f"{self.metres:g}"
        return Text(f"位置已按 {side} 米概略化", f"Place rounded to {side} m")


BLOCK = 500.0
"""The one cell of all rounded layers: cells of several sizes, laid over each other, would tell more than each."""

FOUND = Precision(
    metres=0.0,
    reason=Text("公众须能找到并到达", "The public must be able to find and reach it"),
)
FRAME = Precision(
    metres=0.0,
    reason=Text("栅格的外框,不是任何对象的位置", "The frame of a raster, which is no object's place"),
)
GROUND = Precision(
    metres=0.0,
    reason=Text("公开的底图要素,实地可见", "Part of the public base map and to be seen on the ground"),
)
