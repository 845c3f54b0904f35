"""The screens' view of the series: points they have already found under the caller's scope, in the shape they draw."""

from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from core.scope import SYSTEM_SCOPE
from layers.layer import Layer
from store.series import Series


class SensorReadings:
    """Implements what `dashboards` asks of a series; the points asked for come from a scoped read of the layer."""

    def __init__(self, series: Series, layer: Layer) -> None:
        self._series = series
        self._layer = layer

    def stamp(self) -> str:
        """Another text whenever readings came in."""
        return self._series.stamp()

    def latest(self, points: list[str]) -> pa.Table:
        """The newest reading of each, whatever it is worth: point, at, value, quality, flags."""
        table = self._series.latest(self._layer, points, scope=SYSTEM_SCOPE)
        table = table.filter(pc.equal(table["element"], "value"))
        columns = ("at", "value", "quality", "flags")
        return table.select(["key", *columns]).rename_columns(["point", *columns])

    def window(self, point: str, start: datetime, end: datetime, buckets: int) -> pa.Table:
        """At and value (the last of each span) of one point."""
        table = self._series.read(
            self._layer, [point], start=start, end=end, scope=SYSTEM_SCOPE, element="value", buckets=buckets
        )
        return table.select(["at", "last"]).rename_columns(["at", "value"])
