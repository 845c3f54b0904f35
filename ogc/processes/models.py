"""Every consequence model as a process: inputs from its card, outputs from what it returns, validity beside both."""

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, get_args, get_type_hints

import numpy as np

from core.caller import Caller
from core.errors import BadInputError, Fault, FaultsError, NotFoundError
from core.texts import Text
from core.units import Numbers
from emergency import models
from emergency.chemicals import substance
from emergency.model import MODELS, Check, Input, Model
from emergency.quantities import QUANTITIES
from ogc.processes.answers import AXIS, PLACES, Places, Reading, readings, value_of
from ogc.processes.process import Json, Part, Process, Value, Values
from ogc.processes.quantities import evened, numbers, quantity_of, schema, uneven
from ogc.processes.words import title_of

VALIDITY = Part(
    name="validity", title=Text("适用性检查", "checks of validity"),
    about=Text("方法公布的适用范围与所给输入", "the ranges the method was published for, beside what was given"),
    schema={
        "type": "array",
        "items": {
            "type": "object",
            "required": ["parameter", "value", "low", "high", "unit", "holds"],
            "properties": {
                "parameter": {"type": "string"}, "title": {"type": "string"}, "value": {"type": "number"},
                "low": {"type": ["number", "null"]}, "high": {"type": ["number", "null"]}, "unit": {"type": "string"},
                "holds": {"type": "boolean"},
            },
        },
    },
)  # fmt: skip
EVIDENCE = Part(
    name="evidence", title=Text("模型与证据等级", "model and evidence"),
    about=Text("模型卡:版本、来源、证据等级", "the model's card: version, source, tier of evidence"),
    schema={"type": "object"},
)  # fmt: skip


def model_processes() -> dict[str, Process]:
    """One process for each model card."""
    assert models.__all__  # declared by import
    return {name: _process(one) for name, one in MODELS.items()}


@dataclass(frozen=True, slots=True)
class _Taken:
    """An input of a model: from its card, with what its signature says of it."""

    input: Input
    many: bool
    default: object

    def read(self, given: Any) -> Any:
        """What was given, as the method takes it."""
        one = self.input
        if one.unit:
            return numbers(one.name, given, one.unit, many=self.many)
        if not isinstance(given, str):
            raise _refused(one.name, given, Text("应为文本", "must be a text"))
        if one.choices:
            found = next((choice for choice in one.choices if str(choice) == given), None)
            if found is None:
                allowed = ", ".join(one.choices)
                raise _refused(one.name, given, Text(f"应为 {allowed} 之一", f"must be one of {allowed}"))
            return found
        return substance(given[:100])

    def part(self, card: Mapping[str, tuple[float, float]]) -> Part:
        """The input as a client is told of it."""
        one = self.input
        facts: Json = {}
        if one.name in card:
            low, high = card[one.name]
            facts["validFrom"], facts["validTo"] = _finite(low), _finite(high)
        told: Json = {"type": "string", "minLength": 1, "maxLength": 100}
        if one.unit:
            told = schema(quantity_of(one.name), one.unit, many=self.many)
        elif one.choices:
            told = {"type": "string", "enum": [str(choice) for choice in one.choices]}
        default = self.default
        if isinstance(default, Enum):
            default = str(default.value)
        if isinstance(default, int | float | str) and default == default:
            told = {**told, "default": default}
        title = one.title if one.unit else title_of(one.name)
        return Part(name=one.name, title=title, schema=told, required=one.required, facts=facts)


def _process(model: Model[..., Any]) -> Process:
    card = model.card
    hints = get_type_hints(model.method, include_extras=True)
    given = inspect.signature(model.method).parameters
    taken = {
        one.name: _Taken(
            one, Numbers in get_args(hints[one.name]) or _is_many(hints[one.name]), given[one.name].default
        )
        for one in card.inputs
        if one.unit or one.choices or one.name == "substance"
    }
    read = readings(hints["return"])
    cloudy = any(one.part.name.endswith(AXIS) for one in read)
    inputs = tuple(one.part(card.valid) for one in taken.values())
    if cloudy:
        inputs = (*inputs, _where())

    def run(asked: Json, caller: Caller) -> Values:
        return _answered(model, taken, read, asked, caller)

    return Process(
        id=card.id, title=card.title, about=card.how, version=card.version, inputs=inputs,
        outputs=(*(one.part for one in read), VALIDITY, EVIDENCE), run=run, always=(VALIDITY.name, EVIDENCE.name),
        facts={
            "source": card.source, "evidenceTier": int(card.tier), "evidence": card.tier.title,
            "verified": card.verified, "goldenCases": list(card.cases), "neglects": list(card.neglects),
        },
        details={
            "formula": list(card.formula.lines),
            "symbols": [
                {
                    "symbol": one.letter, "title": one.title, "unit": one.unit, "value": one.value,
                    "input": one.quantity if one.quantity in taken else None,
                }
                for one in card.formula.symbols
            ],
        },
    )  # fmt: skip


def _where() -> Part:
    told = schema(QUANTITIES["downwind"], "m", many=True)
    return Part(
        name=AXIS, title=Text("轴线上的距离", "distances on the axis"), schema=told, required=False,
        about=Text("不填时取 1 m 至 10 km 的 41 点", "41 places from 1 m to 10 km unless given"),
    )  # fmt: skip


def _answered(
    model: Model[..., Any], taken: dict[str, _Taken], read: tuple[Reading, ...], asked: Json, caller: Caller
) -> Values:
    given, faults = {}, []
    places = PLACES
    for name, said in asked.items():
        try:
            if name == AXIS:
                places = np.atleast_1d(numbers("downwind", said, "m", many=True))
            else:
                given[name] = taken[name].read(said)
        except (BadInputError, NotFoundError) as wrong:
            faults.append(_fault(name, said, wrong))
    if faults := [*faults, *uneven(given)]:
        raise FaultsError(faults)
    given = evened(given, [name for name in given if taken[name].many])
    checks = model.checks(**given)
    valid = all(one.holds for one in checks)
    with np.errstate(all="ignore"):
        told = _tried(model, given, read, places)
    values = {
        name: value_of(value, part, valid=valid, lang=caller.lang)
        for name, (value, part) in told.items()
        if value is not None
    }
    card = model.card
    return {
        **values,
        VALIDITY.name: Value(value=[_told(one, caller) for one in checks]),
        EVIDENCE.name: Value(
            value={
                "model": card.id, "title": card.title.of(caller.lang), "version": card.version, "source": card.source,
                "tier": int(card.tier), "evidence": card.tier.title.of(caller.lang), "verified": card.verified,
            }
        ),
    }  # fmt: skip


def _tried(
    model: Model[..., Any], given: dict[str, Any], read: tuple[Reading, ...], places: Places
) -> dict[str, tuple[Any, Part]]:
    """All that is read from the answer. A method that has none for numbers which can all exist says so."""
    try:
        answer = model(**given)
        return {one.part.name: (one.of(answer, places), one.part) for one in read}
    except NotFoundError as error:
        raise BadInputError(error.text, field="inputs") from error
    except (ArithmeticError, LookupError, ValueError) as error:
        name = model.card.id
        raise BadInputError(
            Text(f"模型 {name} 在这些输入下没有解:{error}", f"{name} has no answer for these inputs: {error}"),
            field="inputs",
        ) from error


def _fault(name: str, said: Any, wrong: BadInputError | NotFoundError) -> Fault:
    rule = wrong.facts.get("rule")
    return Fault(field=name, value=str(said)[:100], rule=rule if isinstance(rule, Text) else wrong.text)


def _refused(name: str, value: Any, rule: Text) -> BadInputError:
    said = str(value)[:60]
    return BadInputError(Text(f"{name}“{said}”{rule.zh}", f"{name}={said!r} {rule.en}"), field=name, rule=rule)


def _is_many(hint: Any) -> bool:
    """The parameter takes numpy arrays, whatever else it takes."""
    return any(Numbers == one or Numbers in get_args(one) for one in (hint, *get_args(hint)))


def _told(one: Check, caller: Caller) -> Json:
    return {
        "parameter": one.parameter, "title": one.title.of(caller.lang), "value": one.value, "low": _finite(one.low),
        "high": _finite(one.high), "unit": one.unit, "holds": one.holds,
    }  # fmt: skip


def _finite(number: float) -> float | None:
    return number if np.isfinite(number) else None
