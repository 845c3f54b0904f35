"""What a record's fields mean: titles, codes, standards, sensitivity, units, read from the annotations."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from core.scope import Sensitivity
from core.texts import Text
from core.units import Unit


@dataclass(frozen=True, slots=True)
class Title:
    """The field's name for people, Chinese first; `about` is one sentence for the data dictionary."""

    zh: str
    en: str
    about: Text | None = None

    @property
    def text(self) -> Text:
        """Both languages."""
        return Text(self.zh, self.en)


@dataclass(frozen=True, slots=True)
class Codes:
    """The field holds codes of this list (`layers/codes`)."""

    list_id: str


@dataclass(frozen=True, slots=True)
class Standard:
    """The standard or law that defines the field, as the data dictionary prints it."""

    name: str


@dataclass(frozen=True, slots=True)
class Private:
    """The field is more sensitive than its row: phones, persons, exact stocks."""

    level: Sensitivity


@dataclass(frozen=True, slots=True)
class Refers:
    """The field holds the key of a row of another layer; a merge of two enterprises rewrites it.

    With `merged` it refers to the row of the same layer that this one was merged into.
    """

    layer: str
    merged: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """Other column headings under which clerks deliver this field; matching ignores case, spaces and brackets."""

    names: tuple[str, ...]

    def __init__(self, *names: str) -> None:
        object.__setattr__(self, "names", names)


class Kind(StrEnum):
    """How a field is kept and exchanged."""

    TEXT = "text"
    INTEGER = "integer"
    REAL = "real"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    LIST = "list"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSpec:
    """One field as every consumer needs it: store, import, OGC schema, form, dictionary."""

    name: str
    kind: Kind
    title: Text
    required: bool
    about: Text | None = None
    unit: str | None = None
    codes: str | None = None
    standard: str | None = None
    sensitivity: Sensitivity = Sensitivity.PUBLIC
    refers: str | None = None
    merged: bool = False
    headers: tuple[str, ...] = ()
    constraints: tuple[Any, ...] = field(default=(), compare=False)
    default: Any = field(default=None, compare=False)


_KINDS: dict[type, Kind] = {
    str: Kind.TEXT,
    bool: Kind.BOOLEAN,
    int: Kind.INTEGER,
    float: Kind.REAL,
    date: Kind.DATE,
    datetime: Kind.DATETIME,
}


def _kind(annotation: Any) -> Kind:
    if get_origin(annotation) in (Union, UnionType):
        inner = [a for a in get_args(annotation) if a is not NoneType]
        return _kind(inner[0])
    if get_origin(annotation) in (tuple, list):
        return Kind.LIST
    if hasattr(annotation, "__metadata__"):
        return _kind(get_args(annotation)[0])
    for base in getattr(annotation, "__mro__", ()):
        if base in _KINDS:
            return _KINDS[base]
    raise TypeError(f"no kind of field for {annotation!r}")


def _metadata(info: FieldInfo) -> list[Any]:
    found = list(info.metadata)
    args = get_args(info.annotation) if get_origin(info.annotation) in (Union, UnionType) else ()
    for arg in args:
        found.extend(getattr(arg, "__metadata__", ()))
    return found


def _one(found: list[Any], kind: type) -> Any:
    return next((m for m in found if isinstance(m, kind)), None)


@cache
def fields(record: type[BaseModel]) -> dict[str, FieldSpec]:
    """Every field of a record but `geometry`, in the order declared, base fields last."""
    own = [n for n in record.model_fields if n not in _BASE and n != "geometry"]
    specs = {}
    for name in [*own, *(n for n in _BASE if n in record.model_fields)]:
        info = record.model_fields[name]
        found = _metadata(info)
        title, codes = _one(found, Title), _one(found, Codes)
        if title is None:
            raise TypeError(f"{record.__name__}.{name} has no Title")
        unit, standard = _one(found, Unit), _one(found, Standard)
        private, refers, header = _one(found, Private), _one(found, Refers), _one(found, Header)
        known = (Title, Codes, Unit, Standard, Private, Refers, Header)
        specs[name] = FieldSpec(
            name=name,
            kind=_kind(info.annotation),
            title=title.text,
            about=title.about,
            required=info.is_required(),
            unit=unit.symbol if unit else None,
            codes=codes.list_id if codes else None,
            standard=standard.name if standard else None,
            sensitivity=private.level if private else Sensitivity.PUBLIC,
            refers=refers.layer if refers else None,
            merged=refers.merged if refers else False,
            headers=header.names if header else (),
            constraints=tuple(m for m in found if not isinstance(m, known)),
            default=None if info.is_required() else info.get_default(call_default_factory=True),
        )
    return specs


_BASE = ("area", "sensitivity", "source", "source_datum", "observed_at")
