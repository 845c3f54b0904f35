"""What comes over one place in time: outdoors, in a closed house, and what anybody there takes in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict, TypeAdapter

from core.canonical import canonical_json, sha256
from core.errors import BadInputError
from core.texts import Text
from core.units import Fraction, Metre, Second
from emergency.chain import field_in, part_of
from emergency.chain.doses import Dose, doses
from emergency.chain.drawn import CloudZones
from emergency.chain.toxic_levels import part_of_volume
from emergency.chain.wind import reference_wind
from emergency.chemicals import substance
from emergency.field import Field, Measure, UntimedField
from emergency.model import Card, Check
from emergency.models.dispersion.zone import LIMIT
from emergency.models.harm.indoor_course import indoor_course
from emergency.models.harm.infiltration import infiltration_time
from emergency.quantities import QUANTITIES
from emergency.result import CardUsed, Curve, Figure
from emergency.scenario import Scenario
from emergency.zones import Level, Zone
from gis.placing import along_and_left
from gis.shapes import LonLat

HOUR: Second = 3600.0
EACH = 81
"""Moments in each of the stretches a course is looked at: the whole, either end of the cloud, the airing after it."""

SHOWN: Second = 600.0
"""How long a fire is shown whose end nobody knows."""

AIRED = 5.0
"""Time constants after which a house counts as aired: e^-5 is left."""

MOST_AIR_CHANGES = 60.0
"""An hour: windows and doors wide open and a wind; more is no house."""

OUTDOORS, INDOORS = Text("室外", "outdoors"), Text("室内", "indoors")
AIR_FROM_MODEL = Text(
    "换气次数由风、气温按门窗关闭的住宅推算(ALOHA 渗风模型),未计开窗和机械通风",
    "air changes follow from wind and temperature for a closed house (ALOHA's infiltration); no open windows, no fans",
)
NO_EXPONENT = Text("该物质没有毒性负荷指数,未计算剂量", "no toxic exponent of this substance is known: no dose")
AIR_GIVEN = Text("换气次数由使用者给定", "air changes are the user's")

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Above:
    """From when to when a level is reached, None where it never is; seconds from the start of the release."""

    level: Text
    unit: str
    value: float
    verified: bool
    outdoors: tuple[Second, Second] | None
    indoors: tuple[Second, Second] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """One place in time. `arrival` and `departure` are the middles of the cloud's ends, None where nobody can say.

    `fingerprint` is that of the scenario's inputs, as its result's receipt has it.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(ser_json_inf_nan="strings", arbitrary_types_allowed=True)

    place: LonLat
    distance: Metre
    downwind: Metre
    crosswind: Metre
    outdoors: Curve
    indoors: Curve | None
    arrival: Second | None
    departure: Second | None
    figures: tuple[Figure, ...]
    above: tuple[Above, ...]
    doses: tuple[Dose, ...]
    checks: tuple[Check, ...]
    notes: tuple[Text, ...]
    models: tuple[CardUsed, ...]
    fingerprint: str

    @property
    def reached(self) -> bool:
        """Anything comes there at all."""
        return max(self.outdoors.y) > 0.0

    def to_json(self) -> bytes:
        """The whole as JSON."""
        return _FORM.dump_json(self)


_FORM = TypeAdapter(History)


def history(scenario: Scenario, place: LonLat, *, air_changes: float | None = None) -> History:
    """What a scenario brings to a place in time; `air_changes` an hour of the house, None: those of a closed one.

    Raises BadInputError for air changes that cannot be, and for a kind of release without a field.
    """
    if air_changes is not None and not 0.0 < air_changes <= MOST_AIR_CHANGES:
        raise BadInputError(
            Text(
                f"换气次数 {air_changes:g} 次/小时不在 0–{MOST_AIR_CHANGES:g} 内",
                f"{air_changes:g} air changes an hour are not within 0–{MOST_AIR_CHANGES:g}",
            ),
            field="air_changes", value=air_changes,
        )  # fmt: skip
    part, source = part_of(scenario), scenario.place.point
    field = field_in(part, scenario)
    along, left = along_and_left(source, scenario.weather.wind_from + 180.0, [place.lon], [place.lat])
    x, y = float(along[0]), float(left[0])
    gas = field.measure is Measure.CONCENTRATION
    airing, aired_by = _airing(scenario, air_changes) if gas else (0.0, ())
    times = moments(field, x, y, airing)
    values = np.asarray(field.at(x, y, time=times), dtype=float)
    inside = indoor_course(times, values, airing) if gas else None
    first = next((one.id for one in part.models), "given")
    outdoors, indoors = _curve("outdoors", OUTDOORS, field.measure, times, values, first), None
    if inside is not None:
        indoors = _curve("indoors", INDOORS, field.measure, times, inside, infiltration_time.card.id)
    there, comes = field.passage(x, y), bool(values.max() > 0.0) and not isinstance(field, UntimedField)
    end = float(np.asarray(there.departure))
    taken = () if inside is None else doses(scenario, times, values, inside)
    notes = [field.timing]
    if gas:
        notes.append(AIR_FROM_MODEL if air_changes is None else AIR_GIVEN)
        notes += [] if taken else [NO_EXPONENT]
    checks = part.checks
    if gas:
        checks = (*checks, _within(x))
    return History(
        place=place, distance=float(np.hypot(x, y)), downwind=x, crosswind=y, outdoors=outdoors, indoors=indoors,
        arrival=float(np.asarray(there.arrival)) if comes else None,
        departure=end if comes and np.isfinite(end) else None,
        figures=_figures(field.measure, values, inside, airing, first),
        above=tuple(_above(one, scenario, field.measure, times, values, inside) for one in _levels(part.zones)),
        doses=taken,
        checks=checks, notes=(*notes, *part.notes),
        models=tuple({one.id: CardUsed.of(one) for one in (*part.models, *aired_by)}.values()),
        fingerprint=sha256(canonical_json(scenario.inputs())),
    )  # fmt: skip


def moments(field: Field, downwind: Metre, crosswind: Metre, airing: Second) -> Floats:
    """Times to look at: closest where a cloud's ends pass, and until a house is aired again."""
    there = field.passage(downwind, crosswind)
    first, come, gone, last = (
        float(np.asarray(one)) for one in (there.first, there.arrival, there.departure, there.last)
    )
    if not np.isfinite(last):
        return np.linspace(0.0, SHOWN, EACH)
    blur = max(last - gone, 1e-6 * (1.0 + last))
    ends = [np.linspace(middle - blur, middle + blur, EACH) for middle in (come, gone)]
    after = last + AIRED * airing * np.linspace(0.0, 1.0, EACH) ** 2
    every = np.concatenate([[0.0, first, come, gone, last], np.linspace(first, last, EACH), *ends, after])
    return np.unique(every[every >= 0.0])


def _airing(scenario: Scenario, air_changes: float | None) -> tuple[Second, tuple[Card, ...]]:
    """The time constant of the house and the card it is by."""
    if air_changes is not None:
        return HOUR / air_changes, ()
    air = scenario.weather
    wind, _ = reference_wind(scenario)
    found = infiltration_time(
        wind_speed=wind, ambient_temperature=air.ambient_temperature, stability=air.stability,
        roughness=scenario.ground.roughness,
    )  # fmt: skip
    return found, (infiltration_time.card,)


def _curve(name: str, where: Text, measure: Measure, times: Floats, values: Floats, model: str) -> Curve:
    """A course in the unit people read it in: ppm for gases."""
    scale, unit = (1e6, "ppm") if measure is Measure.CONCENTRATION else (1.0, measure.unit)
    title = Text(f"{where.zh}{measure.text.zh}", f"{measure.text.en} {where.en}")
    return Curve(
        name=name, title=title, x_title=Text("释放后时间", "time since release"), x_unit="s", y_unit=unit,
        x=tuple(times.tolist()), y=tuple((scale * values).tolist()), model=model,
    )  # fmt: skip


def _figures(
    measure: Measure, values: Floats, inside: Floats | None, airing: Second, model: str
) -> tuple[Figure, ...]:  # fmt: skip
    highest = Figure(
        name="peak", title=Text("室外最大值", "highest outdoors"), value=float(values.max()), unit=measure.unit,
        model=model,
    )  # fmt: skip
    if inside is None:
        return (highest,)
    house = infiltration_time.card.id
    return (
        highest,
        Figure(
            name="peak_indoors", title=Text("室内最大值", "highest indoors"), value=float(inside.max()),
            unit=measure.unit, model=house,
        ),
        Figure(
            name="air_changes", title=Text("换气次数", "air changes an hour"), value=HOUR / airing, unit="1/h",
            model=house,
        ),
    )  # fmt: skip


def _levels(zones: Sequence[Zone]) -> tuple[Level, ...]:
    return zones.levels if isinstance(zones, CloudZones) else tuple(one.level for one in zones)


def _above(
    level: Level, scenario: Scenario, measure: Measure, times: Floats, values: Floats, inside: Floats | None
) -> Above:
    limit = level.value
    if measure is Measure.CONCENTRATION:
        limit = part_of_volume(level, substance(scenario.chemical), scenario.weather)
    return Above(
        level=level.name, unit=level.unit, value=level.value, verified=level.verified,
        outdoors=_stretch(times, values, limit), indoors=None if inside is None else _stretch(times, inside, limit),
    )  # fmt: skip


def _stretch(times: Floats, values: Floats, limit: float) -> tuple[Second, Second] | None:
    """The first and the last moment at a level, between two samples in proportion."""
    at = np.flatnonzero(values >= limit)
    if not at.size:
        return None
    begin, end = int(at[0]), int(at[-1])
    return _crossing(times, values, limit, begin - 1, begin), _crossing(times, values, limit, end + 1, end)


def _crossing(times: Floats, values: Floats, limit: float, below: int, above: int) -> Second:
    if not 0 <= below < len(times):
        return float(times[above])
    share: Fraction = float((limit - values[below]) / (values[above] - values[below]))
    return float(times[below] + share * (times[above] - times[below]))


def _within(downwind: Metre) -> Check:
    return Check(
        parameter="downwind", title=QUANTITIES["downwind"].title, value=downwind, low=0.0, high=LIMIT, unit="m",
        holds=downwind <= LIMIT,
    )  # fmt: skip
