"""The devices that carry the points: who may report for which, what is overdue for calibration, who was last heard."""

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from core.clock import CHINA, Clock
from core.scope import SYSTEM_SCOPE
from core.units import Second
from layers.catalogue import DEVICES
from monitoring.quality.parameters import practice
from store.identity.devices import DeviceSecrets, Seen
from store.protocol import Store
from store.query import Query

RETIRED = "retired"
FIELDS = (DEVICES.key, "mn", "state", "enterprise", "points", "calibrated_until")


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """A device as doors need it, and the points it carries."""

    code: str
    mn: str = ""
    retired: bool = False
    enterprise: str = ""
    points: frozenset[str] = frozenset()
    calibrated_until: date | None = None

    def overdue_from(self) -> datetime | None:
        """When its calibration counts as overdue; None where no end of it is registered."""
        if self.calibrated_until is None:
            return None
        grace = timedelta(seconds=practice()["calibration_grace", ""])
        return datetime.combine(self.calibrated_until + timedelta(days=1), time(), CHINA) + grace


@dataclass(frozen=True, slots=True)
class Devices:
    """All of them by code, by MN, and by the point they carry; a point that two carry is the first one's."""

    by_code: Mapping[str, Carrier] = field(default_factory=dict)
    by_mn: Mapping[str, Carrier] = field(default_factory=dict)
    by_point: Mapping[str, Carrier] = field(default_factory=dict)

    def names(self, device: str) -> tuple[str, ...]:
        """What a device may be called by where one of its names stands: by its MN too, where that is known."""
        carrier = self.by_code.get(device)
        return (device, carrier.mn) if carrier is not None and carrier.mn else (device,)

    def overdue_from(self, point: str) -> Second | None:
        """When the calibration of what carries a point counts as overdue, in seconds since 1970."""
        carrier = self.by_point.get(point)
        moment = None if carrier is None else carrier.overdue_from()
        return None if moment is None else moment.timestamp()


def devices(store: Store, named: Iterable[tuple[str, str]]) -> Devices:
    """What is registered now; `named` are points, each with the device it names by code or MN."""
    rows = store.read(DEVICES, Query(fields=FIELDS, geometry=False), scope=SYSTEM_SCOPE).to_pylist()
    if not rows:
        return Devices()
    code_of = {row["mn"]: row["code"] for row in rows if row["mn"]} | {row["code"]: row["code"] for row in rows}
    carried: dict[str, set[str]] = {row["code"]: set(row["points"] or ()) for row in rows}
    for point, device in named:
        if device in code_of:
            carried[code_of[device]].add(point)
    found = [
        Carrier(
            code=row["code"], mn=row["mn"] or "", retired=row["state"] == RETIRED, enterprise=row["enterprise"] or "",
            points=frozenset(carried[row["code"]]), calibrated_until=row["calibrated_until"],
        )
        for row in rows
    ]  # fmt: skip
    working = [one for one in found if not one.retired]
    return Devices(
        {one.code: one for one in found},
        {one.mn: one for one in found if one.mn},
        {point: one for one in reversed(working) for point in one.points},
    )


class LastHeard:
    """When each device was last heard: noted of every batch that was kept, written down now and then."""

    def __init__(self, secrets: DeviceSecrets, clock: Clock) -> None:
        self._secrets = secrets
        self._clock = clock
        self._lock = threading.Lock()
        self._heard: dict[str, Seen] = {}

    def note(self, batch: pa.Table, known: Devices) -> None:
        """A batch was kept: whoever carries its points was heard."""
        if not known.by_point:
            return
        now = self._clock()
        pairs = batch.select(["key", "source"]).group_by(["key", "source"], use_threads=False).aggregate([])
        sources = pc.cast(pairs["source"], pa.string()).to_pylist()
        carriers = (known.by_point.get(point) for point in pc.cast(pairs["key"], pa.string()).to_pylist())
        heard = {one.code: Seen(now, source) for one, source in zip(carriers, sources, strict=True) if one is not None}
        with self._lock:
            self._heard |= heard

    def write_down(self) -> None:
        """Keep what was noted since."""
        with self._lock:
            heard, self._heard = self._heard, {}
        if heard:
            self._secrets.see(heard)
