"""Zones of a picture: who stands inside, with an edge that a trembling box does not cross twice."""

import math
from dataclasses import dataclass, field, replace

import numpy as np
import shapely
from numpy.typing import NDArray

from core.errors import BadInputError
from core.texts import Text
from gis.placing import along_and_left
from gis.shapes import LonLat
from video.detections import Floats, feet
from video.geometry.ground import GroundPlane, Size
from video.thresholds import threshold

SLACK = threshold("zones.slack")
POLYGON = Text("须为三个以上角点、边不相交的多边形", "must be a polygon of three corners or more, no edges crossing")
Corner = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """A polygon in pixels of the frame, or one on the ground. Raises: BadInputError where it is none.

    `size` is that of the picture the pixels were drawn on, None where they are the frame's own. On the ground `places`
    are its corners and `plane` takes a foot to metres, in which it is judged; `corners` are then how it looks.
    """

    id: str
    corners: tuple[Corner, ...]
    size: Size | None = None
    plane: GroundPlane | None = field(default=None, compare=False, repr=False)
    places: tuple[LonLat, ...] = ()
    shape: shapely.Polygon = field(init=False, compare=False, repr=False)
    wider: shapely.Polygon = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """The shape is made once."""
        corners = self.corners if self.plane is None else _metres(self.plane, self.places)
        shape = shapely.Polygon(corners) if len(corners) >= 3 else shapely.Polygon()
        if not shape.is_valid or shape.area <= 0:
            raise BadInputError(
                Text(f"区域 {self.id}:{POLYGON.zh}", f"zone {self.id}: {POLYGON.en}"), field=f"zones.{self.id}"
            )
        object.__setattr__(self, "shape", shape)
        object.__setattr__(self, "wider", shape.buffer(SLACK * math.sqrt(shape.area)))

    def of(self, size: Size) -> "Zone":
        """The same zone of the same picture in another size."""
        if self.size is None or self.size == size:
            return self
        wide, high = size[0] / self.size[0], size[1] / self.size[1]
        corners = tuple((x * wide, y * high) for x, y in self.corners)
        return replace(self, corners=corners, size=size, plane=None if self.plane is None else self.plane.of(size))

    def shown(self, size: Size) -> bool:
        """Some of it is in a picture of that size."""
        seen = self.shape if self.plane is None else shapely.Polygon(self.corners)
        return bool(not seen.is_valid or seen.intersects(shapely.box(0, 0, *size)))

    def holds(self, points: NDArray[np.floating], *, already: bool = False) -> NDArray[np.bool_]:
        """Which points (n, 2) of the frame lie inside; `already` asks by the wider edge."""
        flat = points if self.plane is None else self.plane.metres(np.asarray(points, float))
        found: NDArray[np.bool_] = shapely.contains_xy(self.wider if already else self.shape, flat[:, 0], flat[:, 1])
        return found

    def meets(self, boxes: Floats) -> NDArray[np.bool_]:
        """Which boxes have their foot or their middle inside: a person behind a table has no foot.

        On the ground the foot alone: nobody's middle stands there.
        """
        if not len(boxes):
            return np.zeros(0, bool)
        if self.plane is not None:
            return self.holds(feet(boxes))
        middles = (boxes[:, :2] + boxes[:, 2:]) / 2
        return self.holds(feet(boxes)) | self.holds(middles)

    def mask(self, height: int, width: int, scale: float) -> NDArray[np.uint8]:
        """The zone as pixels of a frame drawn at `scale`: 255 inside, shape (height, width)."""
        import cv2

        drawn = np.zeros((height, width), np.uint8)
        corners = np.clip(np.asarray(self.corners) * scale, -32000, 32000).round().astype(np.int32)
        cv2.fillPoly(drawn, [corners.reshape(-1, 1, 2)], 255)
        return drawn


def zone_on_ground(id: str, places: tuple[LonLat, ...], plane: GroundPlane) -> Zone:
    """A zone drawn on the map, of a camera that is calibrated.

    Raises: BadInputError where it is no polygon, or a corner lies behind the camera, where no picture shows it.
    """
    seen = plane.pixels(np.array([one.lon for one in places]), np.array([one.lat for one in places]))
    if not np.isfinite(seen).all():
        raise BadInputError(
            Text(f"区域 {id}:有角点在摄像机后方,画面不可能看到", f"zone {id}: a corner lies behind the camera"),
            field=f"zones.{id}",
        )
    corners = tuple((float(x), float(y)) for x, y in seen)
    return Zone(id=id, corners=corners, size=plane.size, plane=plane, places=places)


def _metres(plane: GroundPlane, places: tuple[LonLat, ...]) -> list[Corner]:
    north, west = along_and_left(plane.origin, 0.0, [one.lon for one in places], [one.lat for one in places])
    return [(float(a), float(b)) for a, b in zip(north, west, strict=True)]
