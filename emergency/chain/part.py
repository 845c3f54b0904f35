"""What one kind of release comes to: the parts of a result, before the receipt is written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.texts import Text
from emergency.field import Field
from emergency.model import Card, Check
from emergency.result import Curve, DataUsed, Figure
from emergency.scenario import Scenario
from emergency.zones import Zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Zones, figures and curves with the models and data they rest on.

    `field` is what the zones were cut from, to be asked for any place and time; it is not kept with the result.
    """

    zones: Sequence[Zone] = ()
    figures: tuple[Figure, ...] = ()
    curves: tuple[Curve, ...] = ()
    checks: tuple[Check, ...] = ()
    notes: tuple[Text, ...] = ()
    models: tuple[Card, ...] = ()
    data: tuple[DataUsed, ...] = ()
    field: Field | None = None


Chain = Callable[[Scenario], Part]
