"""What happened to a layer's fields between two schema versions: declared, so that kept rows can follow.

Additions need no step. A step stays declared for ever, because versions kept from before it are read through it. Within
one schema version renames come first. Values are the plain ones of canonical JSON: dates and times as text.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.clock import from_iso, iso
from core.errors import Fault
from core.texts import Text
from layers.fields import Kind

SEPARATORS = "、;;,,"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rename:
    """A field has a new name; rows are not written anew."""

    id: str
    schema_version: int
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Retype:
    """A field's kind changed; each value is converted by the usual rule, or by a function of one plain value.

    A value that cannot be converted raises ValueError, and the whole start-up is refused with every such row.
    """

    id: str
    schema_version: int
    field: str
    was: Kind
    now: Kind
    convert: Callable[[Any], Any] | None = None


@dataclass(frozen=True, slots=True)
class Split:
    """One code became several: which one is told by the start of another text field, longest first."""

    by: str
    under: Mapping[str, str]
    otherwise: str

    def code(self, value: str | None) -> str:
        """The new code of a row whose other field holds this value."""
        text = value or ""
        matching = [prefix for prefix in self.under if text.startswith(prefix)]
        return self.under[max(matching, key=len)] if matching else self.otherwise


@dataclass(frozen=True, slots=True, kw_only=True)
class Recode:
    """Codes of a field were replaced or split; codes not named stay."""

    id: str
    schema_version: int
    field: str
    codes: Mapping[str, str | Split]


Step = Rename | Retype | Recode


def undeclared(
    steps: Iterable[Step], fields: Mapping[str, Kind], fixed: Iterable[str], schema_version: int
) -> list[Fault]:
    """What is wrong with a layer's steps, given its fields as they are now; `fixed` ones are never rewritten."""
    ordered = list(steps)
    faults: list[Fault] = []

    def wrong(step: Step, zh: str, en: str) -> None:
        faults.append(Fault(field="steps", value=step.id, rule=Text(zh, en)))

    versions = [(step.schema_version, not isinstance(step, Rename)) for step in ordered]
    if versions != sorted(versions):
        wrong(ordered[0], "步骤须按结构版本排列,同版先改名", "steps go by schema version, renames first")
    names = dict(fields)
    kept = set(fixed)
    for step in reversed(ordered):
        if sum(other.id == step.id for other in ordered) > 1:
            wrong(step, "步骤编号重复", "the id is used twice")
        if not 2 <= step.schema_version <= schema_version:
            wrong(step, f"结构版本应在 2 至 {schema_version}", f"schema version must be 2 to {schema_version}")
        if isinstance(step, Rename):
            if step.new not in names or step.old in names:
                wrong(step, "新名须是字段,旧名不得再是字段", "the new name must be a field and the old one none")
            else:
                names[step.old] = names.pop(step.new)
                kept = {step.old if name == step.new else name for name in kept}
            continue
        if step.field not in names or step.field in kept:
            wrong(step, "须是可改写的字段", "must be a field that may be rewritten")
        elif isinstance(step, Retype):
            if names[step.field] is not step.now:
                wrong(step, f"字段应为 {step.now.value}", f"the field must be {step.now.value}")
            if step.convert is None and (step.was, step.now) not in USUAL:
                wrong(step, "这两种类型之间须给出转换函数", "needs a function between these kinds")
            names[step.field] = step.was
        elif names[step.field] is not Kind.TEXT:
            wrong(step, "代码字段须为文本", "codes are text")
    return faults


def converted(step: Retype, value: Any) -> Any:
    """One plain value after a retype; ValueError where there is none."""
    if value is None:
        return None
    found = (step.convert or USUAL[step.was, step.now])(value)
    if found is not None and not _FITS[step.now](found):
        raise ValueError(found)
    return found


def recoded(step: Recode, values: list[Any], others: Mapping[str, list[Any]]) -> list[Any]:
    """A column of codes after a recode; `others` holds the columns that splits look at."""
    found = list(values)
    for place, value in enumerate(values):
        new = step.codes.get(value) if isinstance(value, str) else None
        if new is not None:
            found[place] = new.code(others[new.by][place]) if isinstance(new, Split) else new
    return found


def looked_at(step: Recode) -> set[str]:
    """The other fields a recode needs."""
    return {new.by for new in step.codes.values() if isinstance(new, Split)}


def _number(text: str) -> float | None:
    return float(text.replace(",", "").replace(",", "")) if text.strip() else None


def _integer(text: str) -> int | None:
    number = _number(text)
    return None if number is None else _whole(number)


def _whole(number: float) -> int:
    if not float(number).is_integer():
        raise ValueError(number)
    return int(number)


def _boolean(text: str) -> bool | None:
    lowered = text.strip().lower()
    if not lowered:
        return None
    if lowered not in _YES | _NO:
        raise ValueError(text)
    return lowered in _YES


def _list(text: str) -> list[str]:
    for separator in SEPARATORS[1:]:
        text = text.replace(separator, SEPARATORS[0])
    return [part.strip() for part in text.split(SEPARATORS[0]) if part.strip()]


_YES = frozenset({"true", "1", "yes", "y", "是", "有"})
_NO = frozenset({"false", "0", "no", "n", "否", "无"})

USUAL: dict[tuple[Kind, Kind], Callable[[Any], Any]] = {
    (Kind.TEXT, Kind.INTEGER): _integer,
    (Kind.TEXT, Kind.REAL): _number,
    (Kind.TEXT, Kind.BOOLEAN): _boolean,
    (Kind.TEXT, Kind.DATE): lambda text: date.fromisoformat(text.strip()).isoformat() if text.strip() else None,
    (Kind.TEXT, Kind.DATETIME): lambda text: iso(from_iso(text.strip())) if text.strip() else None,
    (Kind.TEXT, Kind.LIST): _list,
    (Kind.INTEGER, Kind.TEXT): str,
    (Kind.REAL, Kind.TEXT): repr,
    (Kind.DATE, Kind.TEXT): str,
    (Kind.DATETIME, Kind.TEXT): str,
    (Kind.LIST, Kind.TEXT): SEPARATORS[0].join,
    (Kind.INTEGER, Kind.REAL): float,
    (Kind.REAL, Kind.INTEGER): _whole,
    (Kind.BOOLEAN, Kind.INTEGER): int,
}
"""Conversions that need no function of their own."""

_FITS: dict[Kind, Callable[[Any], bool]] = {
    Kind.TEXT: lambda value: isinstance(value, str),
    Kind.INTEGER: lambda value: isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**63,
    Kind.REAL: lambda value: isinstance(value, float) and value - value == 0,
    Kind.BOOLEAN: lambda value: isinstance(value, bool),
    Kind.DATE: lambda value: bool(date.fromisoformat(value)),
    Kind.DATETIME: lambda value: iso(from_iso(value)) == value,
    Kind.LIST: lambda value: isinstance(value, list) and all(isinstance(part, str) for part in value),
}
