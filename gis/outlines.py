"""Shapes as exactextract takes them; apart from the rest so that it is loaded only where something is summed."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import shapely
from exactextract.feature import Feature, FeatureSource


class _Outline(Feature):  # type: ignore[misc]  # exactextract carries no types
    """A shape handed over as WKB: by way of GeoJSON, as frames of geopandas are, it costs four times the sum."""

    def __init__(self, wkb: bytes) -> None:
        super().__init__()
        self._wkb = wkb

    def geometry(self) -> bytes:
        return self._wkb

    def fields(self) -> list[str]:
        return []


class Outlines(FeatureSource):  # type: ignore[misc]  # exactextract carries no types
    """Shapes in one reference system, in their order."""

    def __init__(self, shapes: npt.NDArray[np.object_], wkt: str) -> None:
        super().__init__()
        self._wkb = shapely.to_wkb(shapes)
        self._wkt = wkt

    def count(self) -> int:
        return len(self._wkb)

    def __iter__(self) -> Iterator[_Outline]:
        return map(_Outline, self._wkb)

    def srs_wkt(self) -> str:
        return self._wkt
