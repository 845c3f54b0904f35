"""What one part of a request wants done to one feature, read from any format; faults found on the way go with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Any, Final

from shapely.geometry.base import BaseGeometry

from core.errors import Fault
from core.scope import Scope
from core.texts import Text
from layers.fields import FieldSpec, Kind
from layers.layer import Layer

Value = str | list[str] | None
"""A field's value as text, whose conversion is the validation's; lists stay lists, None takes the value away."""

SHOWN = 80
NAMED = 40
"""Fields an error message lists."""


class Act(StrEnum):
    """What is to become of a feature."""

    CREATE = "create"
    REPLACE = "replace"
    UPDATE = "update"
    DELETE = "delete"


class _Kept(Enum):
    KEPT = "kept"


KEPT: Final = _Kept.KEPT
"""The place is not spoken of and stays."""

Shape = BaseGeometry | None | _Kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One feature to be created, replaced, updated or deleted; `row` counts the features of the request from 1.

    `shape` is EPSG:4490 lon-lat; `seen` the version the caller had before them, None where they do not say.
    """

    layer: Layer
    act: Act
    row: int
    key: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)
    shape: Shape = KEPT
    seen: int | None = None
    faults: tuple[Fault, ...] = ()


def unknown_field(name: str, layer: Layer, scope: Scope, row: int, key: str) -> Fault:
    """A field the layer does not have, or not for this caller."""
    known = ["geometry", *layer.fields_in(scope)]
    listed = ", ".join(known[:NAMED]) + (" …" if len(known) > NAMED else "")
    rule = Text(f"图层“{layer.title.zh}”没有此字段,可用:{listed}", f"is no field of {layer.id}; there are: {listed}")
    return Fault(field=name[:SHOWN], value="", rule=rule, row=row, key=key or None)


def wrong_type(spec: FieldSpec, value: object, expected: Text, row: int, key: str) -> Fault:
    """A value of another JSON type than the schema says."""
    return Fault(field=spec.name, value=shown(value), rule=expected, row=row, key=key or None)


def shown(value: object) -> str:
    """A value as an error message quotes it."""
    text = str(value)
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"


def as_text(spec: FieldSpec, value: Any) -> Value:
    """A value the store holds, as the text that is converted back to it."""
    if value is None:
        return None
    if spec.kind is Kind.LIST:
        return [str(item) for item in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value)
    if spec.kind is Kind.INTEGER:
        return str(int(value))
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
