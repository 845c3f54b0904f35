"""What a model answers, as outputs: every number that has a unit, by name; parts of parts joined by a dot."""

import dataclasses
from collections.abc import Callable, Iterator
from enum import Enum
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import numpy as np
from numpy.typing import NDArray

from core.texts import Lang, Text
from core.units import Unit
from emergency.models.dispersion.britter_mcquaid import Decay
from emergency.models.dispersion.gaussian_plume import Plume
from emergency.models.dispersion.zone import Cloud
from emergency.models.sources.release import Release
from ogc.processes.process import Json, Part, Value
from ogc.processes.words import title_of

Places = NDArray[np.float64]

PLACES: Places = np.geomspace(1.0, 10_000.0, 41)
"""Metres downwind at which a cloud is told where nobody says which."""

WHOLE = "result"
AXIS = "centreline_at"
NUMBER: Json = {"oneOf": [{"type": "number"}, {"type": "array", "items": {"type": ["number", "null"]}}]}
INTERNAL = (Decay,)
"""Records that mean nothing without the code."""


@dataclasses.dataclass(frozen=True, slots=True)
class Reading:
    """One output and how it is read from an answer, with the places at which a cloud is asked about."""

    part: Part
    of: Callable[[Any, Places], Any]


def readings(answer: Any) -> tuple[Reading, ...]:
    """The outputs of a method by the type it returns."""
    plain, unit = _plain(answer)
    if _is_record(plain):
        return tuple(_read(plain, (), lambda whole: whole))
    schema: Json = {**NUMBER, "x-ogc-unit": unit}
    if isinstance(plain, type) and issubclass(plain, Enum):
        schema = {"type": "string", "enum": [str(one.value) for one in plain]}
    elif get_origin(plain) is np.ndarray:
        schema = {"type": "array", "items": {}}
    return (Reading(Part(name=WHOLE, title=title_of(WHOLE), schema=schema), lambda whole, _: whole),)


def value_of(one: Any, part: Part, *, valid: bool, lang: Lang) -> Value:
    """What was read, for JSON; a number that is none is null and not valid."""
    if isinstance(one, Text):
        return Value(value=one.of(lang))
    if isinstance(one, Enum):
        return Value(value=str(one.value))
    values = np.asarray(one)
    if isinstance(one, bool | str) or values.dtype.kind not in "fiu":
        return Value(value=values.tolist())
    finite = np.isfinite(values.astype(float))
    told = values.tolist() if finite.all() else np.where(finite, values.astype(object), np.array(None)).tolist()
    return Value(value=told, unit=str(part.schema.get("x-ogc-unit", "")), valid=valid and bool(finite.all()))


def _read(record: type, path: tuple[str, ...], reach: Callable[[Any], Any]) -> Iterator[Reading]:
    hints = get_type_hints(record, include_extras=True)
    for one in dataclasses.fields(record):
        plain, unit = _plain(hints[one.name])
        here, inside = (*path, one.name), _inside(reach, one.name)
        schema = _schema(plain, unit)
        if schema is not None:
            yield _reading(here, schema, inside)
        elif plain is Cloud:
            yield from _axis(here, "1", inside)
        elif _is_record(plain) and plain not in INTERNAL:
            yield from _read(plain, here, inside)
    for name, one in vars(record).items():
        if isinstance(one, property) and one.fget is not None:
            _, unit = _plain(get_type_hints(one.fget, include_extras=True).get("return"))
            if unit:
                yield _reading((*path, name), {**NUMBER, "x-ogc-unit": unit}, _inside(reach, name))
    if record is Release:
        yield _reading((*path, "sustained"), {**NUMBER, "x-ogc-unit": "kg/s"}, lambda whole: reach(whole).sustained())
    if hasattr(record, "centreline"):
        yield from _axis(path, "kg/m3" if record is Plume else "1", reach)


def _schema(plain: Any, unit: str) -> Json | None:
    if unit:
        return {**NUMBER, "x-ogc-unit": unit}
    if plain is bool:
        return {"type": "boolean"}
    if plain in (str, Text):
        return {"type": "string"}
    if isinstance(plain, type) and issubclass(plain, Enum):
        return {"type": "string", "enum": [str(one.value) for one in plain]}
    return None


def _axis(path: tuple[str, ...], unit: str, reach: Callable[[Any], Any]) -> Iterator[Reading]:
    """A cloud as it is met on the axis."""
    before = "".join(name + "." for name in path)
    where = Part(
        name=before + AXIS, title=Text("轴线上的距离", "distances on the axis"), schema={**NUMBER, "x-ogc-unit": "m"}
    )
    title = Text("轴线体积分数", "part of volume on the axis")
    if unit != "1":
        title = Text("轴线浓度", "concentration on the axis")
    what = Part(name=before + "centreline", title=title, schema={**NUMBER, "x-ogc-unit": unit})
    yield Reading(where, lambda _, places: places)
    yield Reading(what, lambda whole, places: reach(whole).centreline(places))


def _reading(path: tuple[str, ...], schema: Json, reach: Callable[[Any], Any]) -> Reading:
    titles = [title_of(name) for name in path]
    title = Text(":".join(one.zh for one in titles), ": ".join(one.en for one in titles))
    return Reading(Part(name=".".join(path), title=title, schema=schema), lambda whole, _: reach(whole))


def _inside(reach: Callable[[Any], Any], name: str) -> Callable[[Any], Any]:
    def reached(whole: Any) -> Any:
        outer = reach(whole)
        return None if outer is None else getattr(outer, name)

    return reached


def _plain(hint: Any) -> tuple[Any, str]:
    """A type without its None and its annotation, and the unit that stood in it."""
    if get_origin(hint) in (Union, UnionType) and type(None) in get_args(hint):
        hint = next(one for one in get_args(hint) if one is not type(None))
    if get_origin(hint) is Annotated:
        unit = next((one.symbol for one in hint.__metadata__ if isinstance(one, Unit)), "")
        return get_args(hint)[0], unit
    return hint, ""


def _is_record(plain: Any) -> bool:
    return isinstance(plain, type) and dataclasses.is_dataclass(plain)
