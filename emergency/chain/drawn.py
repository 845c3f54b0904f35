"""Zones of a cloud that are put on the ground only when somebody looks at them."""

from collections.abc import Sequence
from functools import cached_property
from typing import overload

from core.units import Degree
from emergency.model import Check
from emergency.models.dispersion import zone as cut_out
from emergency.zones import Cut, Level, Zone, downwind_zone, nested
from gis.shapes import LonLat


class CloudZones(Sequence[Zone]):
    """The zones of the levels, nested, worst first; many weathers ask for `cloud` and `aims`, never for a drawing."""

    def __init__(
        self, cloud: cut_out.Cloud, levels: Sequence[Level], aims: Sequence[float], source: LonLat, wind_from: Degree,
        model: str, checks: tuple[Check, ...],
    ) -> None:  # fmt: skip
        self.levels = tuple(levels)
        self.model = model
        self.checks = checks
        self.cloud, self.aims = cloud, tuple(aims)
        self._source, self._wind_from = source, wind_from

    @cached_property
    def drawn(self) -> tuple[Zone, ...]:
        """On the ground."""
        return nested(
            [
                downwind_zone(
                    level, self._source, self._wind_from, zone.outline, model=self.model, checks=self.checks,
                    cut=Cut.NONE if zone.cut is None else Cut.MODEL_RANGE,
                )
                for level, zone in zip(self.levels, cut_out.zones(self.cloud, self.aims), strict=True)
            ]
        )  # fmt: skip

    @overload
    def __getitem__(self, index: int) -> Zone: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Zone, ...]: ...
    def __getitem__(self, index: int | slice) -> Zone | tuple[Zone, ...]:
        return self.drawn[index]

    def __len__(self) -> int:
        return len(self.levels)
