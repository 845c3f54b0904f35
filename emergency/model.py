"""A model: one published method as a pure function of SI numbers, with a card that says how far to trust it."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import numpy as np

from core.errors import BadInputError
from core.texts import Text
from core.units import Unit
from emergency.evidence import Tier
from emergency.formula import Formula
from emergency.quantities import QUANTITIES, Quantity


class OutsideValidityError(BadInputError):
    """A model was asked for what cannot be, or for what its method was not made for."""

    code = "outside-validity"
    status = 422

    def __init__(self, *, model: str, parameter: str, value: float | str, low: float, high: float, unit: str) -> None:
        title = QUANTITIES[parameter].title if parameter in QUANTITIES else Text(parameter, parameter)
        spelt = f"{low:g}–{high:g} {unit}" if np.isfinite(high) else f"> {low:g} {unit}"
        super().__init__(
            Text(
                f"模型 {model}:{title.zh}({parameter})为 {value} {unit},允许 {spelt}",
                f"model {model}: {title.en} ({parameter}) is {value} {unit}, allowed {spelt}",
            ),
            model=model, parameter=parameter, value=value, low=low, high=high, unit=unit,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """A parameter of a model; `choices` where it is not a number."""

    name: str
    title: Text
    unit: str
    required: bool
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One condition of a method's validity and whether it holds here."""

    parameter: str
    title: Text
    value: float
    low: float
    high: float
    unit: str
    holds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What a reviewer wants to know of a model before its number.

    `source` cites author, year, equation or page; `how` says in two sentences what is computed and `formula` with which
    relations; `valid` are the ranges the method was published for; `neglects` what it leaves out; `cases` the golden
    models that test it, `tier` the best kind of evidence among them.
    """

    id: str
    title: Text
    source: str
    how: Text
    formula: Formula
    version: str = "1"
    valid: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    neglects: tuple[Text, ...] = ()
    cases: tuple[str, ...] = ()
    tier: Tier = Tier.NONE
    inputs: tuple[Input, ...] = ()

    @property
    def verified(self) -> bool:
        """Something was there to compare with."""
        return self.tier < Tier.NONE


class Model[**P, R]:
    """A model to call: what cannot exist is refused before the method sees it."""

    def __init__(self, card: Card, method: Callable[P, R]) -> None:
        self.card = card
        self.method = method
        self.__doc__ = method.__doc__
        self.__name__ = method.__name__
        self.__wrapped__ = method
        self._signature = inspect.signature(method)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """The method's answer.

        Raises `OutsideValidityError` for a number that cannot exist or is none.
        """
        self._refuse_impossible(self._signature.bind(*args, **kwargs).arguments)
        return self.method(*args, **kwargs)

    def checks(self, *args: P.args, **kwargs: P.kwargs) -> tuple[Check, ...]:
        """The method's published ranges beside the inputs that were given; arrays by the value farthest out."""
        given = self._signature.bind(*args, **kwargs)
        given.apply_defaults()
        found = []
        for parameter, (low, high) in self.card.valid.items():
            if given.arguments[parameter] is None:
                continue
            values = np.asarray(given.arguments[parameter], dtype=float)
            least, most = float(values.min()), float(values.max())
            quantity = QUANTITIES[parameter]
            found.append(
                Check(
                    parameter=parameter, title=quantity.title, value=least if least < low else most, low=low, high=high,
                    unit=quantity.unit, holds=low <= least and most <= high,
                )
            )  # fmt: skip
        return tuple(found)

    def checked(self, *args: P.args, **kwargs: P.kwargs) -> tuple[R, tuple[Check, ...]]:
        """The answer, and whether it was asked within the published ranges."""
        return self(*args, **kwargs), self.checks(*args, **kwargs)

    def _refuse_impossible(self, given: Mapping[str, object]) -> None:
        for name, value in given.items():
            if (quantity := QUANTITIES.get(name)) is None or value is None:
                continue
            try:
                values = np.asarray(value, dtype=float)
            except (TypeError, ValueError):
                self._refuse(name, str(value), quantity)
            if values.size == 0:
                continue
            least, most = float(values.min()), float(values.max())
            if not (np.isfinite(least) and np.isfinite(most) and quantity.allows(least, most)):
                self._refuse(name, least if not quantity.allows(least, least) else most, quantity)

    def _refuse(self, name: str, value: float | str, quantity: Quantity) -> None:
        raise OutsideValidityError(
            model=self.card.id, parameter=name, value=value, low=quantity.low, high=quantity.high, unit=quantity.unit
        )


MODELS: dict[str, Model[..., Any]] = {}
"""Every model declared, by id, in the order of their files."""


def model[**P, R](
    *,
    id: str,
    title: Text,
    source: str,
    how: Text,
    formula: Formula,
    version: str = "1",
    valid: Mapping[str, tuple[float, float]] | None = None,
    neglects: tuple[Text, ...] = (),
    cases: tuple[str, ...] = (),
    tier: Tier = Tier.NONE,
) -> Callable[[Callable[P, R]], Model[P, R]]:
    """Declare a function as the model of a published method; a wrong declaration fails at import."""

    def declare(method: Callable[P, R]) -> Model[P, R]:
        card = Card(
            id=id, title=title, source=source, how=how, formula=formula, version=version, valid=dict(valid or {}),
            neglects=neglects, cases=cases, tier=tier, inputs=inputs_of(method),
        )  # fmt: skip
        _declared_well(card)
        declared = Model(card, method)
        MODELS[id] = declared
        return declared

    return declare


def inputs_of(method: Callable[..., object]) -> tuple[Input, ...]:
    """The parameters of a method, titled by the quantities; choices by their members."""
    hints = get_type_hints(method, include_extras=True)
    found = []
    for name, parameter in inspect.signature(method).parameters.items():
        plain: Any = hints.get(name)
        if type(None) in get_args(plain):
            plain = next(one for one in get_args(plain) if one is not type(None))
        required = parameter.default is inspect.Parameter.empty
        if get_origin(plain) is Annotated:
            unit = next(one.symbol for one in plain.__metadata__ if isinstance(one, Unit))
            title = QUANTITIES[name].title if name in QUANTITIES else Text(name, name)
            found.append(Input(name=name, title=title, unit=unit, required=required))
        else:
            choices = tuple(plain) if isinstance(plain, type) and issubclass(plain, StrEnum) else ()
            found.append(Input(name=name, title=Text(name, name), unit="", required=required, choices=choices))
    return tuple(found)


def _declared_well(card: Card) -> None:
    wrong = []
    if card.id in MODELS:
        wrong.append("declared twice")
    names = {one.name: one for one in card.inputs}
    for one in card.inputs:
        if one.unit and one.name not in QUANTITIES:
            wrong.append(f"{one.name} is no quantity of emergency.quantities")
        elif one.unit and one.unit != QUANTITIES[one.name].unit:
            wrong.append(f"{one.name} is in {one.unit}, its quantity in {QUANTITIES[one.name].unit}")
    wrong += [f"valid names {name}, which is no parameter" for name in card.valid if name not in names]
    if (card.tier is Tier.NONE) == bool(card.cases):
        wrong.append("a tier needs cases, and cases a tier")
    if wrong:
        raise ValueError(f"model {card.id}: {'; '.join(wrong)}")
