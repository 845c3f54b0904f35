"""One story told by several events: a vessel that warms and gains pressure, leaks, and at last the accident."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from core.errors import BadInputError
from core.texts import Text
from monitoring.simulate.events import Event, EventKind, event
from monitoring.simulate.park import Park
from monitoring.simulate.simulator import microseconds

GAINS = timedelta(minutes=75)
LEAKS = timedelta(minutes=20)
LASTS = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """Where and when the accident comes, and what can be seen before it."""

    enterprise: str
    at: datetime
    events: tuple[Event, ...]


def incident(park: Park, enterprise: str, at: datetime) -> Incident:
    """The story at an enterprise that has a pressure and a gas detector with limits.

    Pressure passes its limits within the hour before; gas shows some twenty minutes before; at the accident every
    point of the enterprise goes over.
    """
    limited = (park.enterprises == enterprise) & ~np.isnan(park.limits["high"])
    pressures = np.flatnonzero(limited & (park.kinds == "pressure"))
    detectors = np.flatnonzero(limited & park.gas)
    if not len(pressures) or not len(detectors):
        raise BadInputError(
            Text(
                f"企业“{enterprise}”没有带限值的压力点和气体点,不能模拟该事故",
                f"enterprise {enterprise!r} has no pressure and gas points with limits to tell the story by",
            ),
            field="enterprise", value=enterprise,
        )  # fmt: skip
    pressure, gas = str(park.keys[pressures[0]]), str(park.keys[detectors[0]])
    end = microseconds(at + LASTS)
    told = (
        event(park, EventKind.DRIFT, pressure, microseconds(at - GAINS), microseconds(at), size=1.2),
        event(park, EventKind.LEAK, gas, microseconds(at - LEAKS), end, size=1.6),
        event(park, EventKind.FLOOD, pressure, microseconds(at), end, size=1.3),
    )
    return Incident(enterprise=enterprise, at=at, events=told)
