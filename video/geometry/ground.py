"""Where a pixel lies on the ground: a homography from places clicked in the picture and on the map.

A plane seen by a camera without lens distortion maps to the picture by eight numbers (R. Hartley and A. Zisserman,
Multiple View Geometry in Computer Vision, 2nd ed. 2004, ch. 4), so four pairs give a map and say nothing about how good
it is. More pairs are fitted by least squares; each is then left out in turn and foretold from the others, which is how
far off the next click will be.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.errors import BadInputError
from core.texts import Text
from core.units import Metre
from gis.measure import Floats
from gis.placing import along_and_left, placed
from gis.shapes import LonLat
from video.thresholds import threshold

FEWEST = 4
"""Pairs without which there is no homography."""

WORST: Metre = threshold("ground.worst")
"""The largest error of the pairs (root mean square) with which a ground plane is taken."""

CLICK = threshold("ground.click")
"""Pixels by which a click is taken to be off, for the radius told with a place."""

FARTHEST: Metre = threshold("ground.farthest")
"""Clicks further apart than this are not of one camera."""

Size = tuple[int, int]
"""Width and height of a picture in pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Click:
    """One place as it stands in the picture, in pixels from the upper left, and on the map."""

    x: float
    y: float
    place: LonLat


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GroundPlane:
    """`matrix` (3, 3) takes pixels to metres north and west of `origin`; positive scale is the ground's side of the
    horizon.

    `rms` is the error of the pairs it was fitted to, `foretold` that of each pair foretold from the others, root mean
    square; both None where there were four pairs, which fit whatever they say. `size` is that of the picture its pixels
    are of, None where that is not known.
    """

    matrix: Floats
    origin: LonLat
    rms: Metre | None
    foretold: Metre | None
    size: Size | None = None

    def of(self, size: Size) -> "GroundPlane":
        """The same plane for the same picture in another size."""
        if self.size is None or self.size == size:
            return self
        smaller = np.diag([self.size[0] / size[0], self.size[1] / size[1], 1.0])
        return replace(self, matrix=self.matrix @ smaller, size=size)

    def metres(self, pixels: Floats) -> Floats:
        """Pixels (n, 2) as metres north and west of the origin, (n, 2); NaN at the horizon, above, and too far off."""
        flat, _ = _mapped(self.matrix, pixels)
        return np.where((np.hypot(flat[:, 0], flat[:, 1]) <= FARTHEST)[:, None], flat, np.nan)

    def horizon(self) -> tuple[float, float, float]:
        """The line a x + b y + c = 0 of the picture where the ground ends; positive on the side of the ground."""
        a, b, c = (float(one) for one in self.matrix[2])
        return a, b, c

    def places(self, pixels: Floats, off: float = CLICK) -> tuple[Floats, Floats, Floats]:
        """Longitudes, latitudes and radii of accuracy in metres of pixels (n, 2), each (n,); NaN at the horizon and
        above.

        The radius is that of a pixel `off` by so many, with the error of the plane itself.
        """
        flat, scale = _mapped(self.matrix, pixels)
        # A step of the pixel by the larger stretch of the map there (largest singular value of its derivative).
        derivative = (self.matrix[None, :2, :2] - flat[:, :, None] * self.matrix[None, 2:, :2]) / scale[:, None, None]
        usable = np.isfinite(derivative).all((1, 2))
        stretch = np.full(len(flat), np.nan)
        if usable.any():
            stretch[usable] = np.linalg.norm(derivative[usable], 2, axis=(1, 2))
        lon, lat = np.full(len(flat), np.nan), np.full(len(flat), np.nan)
        near = usable & (np.hypot(flat[:, 0], flat[:, 1]) <= FARTHEST)
        if near.any():
            lon[near], lat[near] = placed(self.origin, 0.0, flat[near, 0], flat[near, 1])
        radius = np.hypot(stretch * off, self.foretold or self.rms or 0.0)
        return lon, lat, np.where(near, radius, np.nan)

    def pixels(self, lon: Floats, lat: Floats) -> Floats:
        """Where places of the ground (n,) stand in the picture, (n, 2) pixels, outside it too.

        NaN behind the camera.
        """
        north, west = along_and_left(self.origin, 0.0, lon, lat)
        back = np.linalg.inv(self.matrix)
        flat = np.column_stack([north, west])
        found = (flat @ back[:2, :2].T + back[:2, 2]) / (flat @ back[2, :2] + back[2, 2])[:, None]
        _, scale = _mapped(self.matrix, found)  # what lies behind the camera would stand above the horizon
        return np.where(np.isfinite(scale)[:, None], found, np.nan)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fit:
    """A plane and how far each pair is off it, in metres (n,), however far that is."""

    plane: GroundPlane
    errors: Floats

    @property
    def rms(self) -> Metre:
        """Root mean square of the errors; nothing is said by it where there are but four."""
        return float(np.sqrt(np.mean(self.errors**2)))

    def fault(self) -> Text | None:
        """Why the plane is not good enough; None where it is, or four pairs cannot say."""
        if len(self.errors) == FEWEST or self.rms <= WORST:
            return None
        most = int(np.argmax(self.errors))
        return Text(
            f"标定误差 {self.rms:.2f} 米(均方根),须不超过 {WORST:g} 米;"
            f"第 {most + 1} 对点偏差最大,{self.errors[most]:.2f} 米",
            f"the pairs are off by {self.rms:.2f} m (root mean square), {WORST:g} m at most; most of all "
            f"pair {most + 1}, {self.errors[most]:.2f} m",
        )


def ground_plane(clicks: tuple[Click, ...], size: Size | None = None) -> GroundPlane:
    """The plane through what was clicked.

    Raises: BadInputError for fewer than four pairs, pairs on a line, places not all on one side of the horizon, or
    pairs that are off by more than `WORST`; what is wrong with which pair is said.
    """
    fit = fitted(clicks, size)
    if (fault := fit.fault()) is not None:
        raise BadInputError(fault, field="clicks")
    return fit.plane


def fitted(clicks: tuple[Click, ...], size: Size | None = None) -> Fit:
    """The plane that fits best, and how well.

    Raises: BadInputError for fewer than four pairs, pairs on a line, places not all on one side of the horizon.
    """
    if len(clicks) < FEWEST:
        raise _refused(f"至少标定 {FEWEST} 对点,现有 {len(clicks)} 对", f"{FEWEST} pairs at least, not {len(clicks)}")
    origin = clicks[0].place
    pixels = np.array([(one.x, one.y) for one in clicks], float)
    north, west = along_and_left(origin, 0.0, [c.place.lon for c in clicks], [c.place.lat for c in clicks])
    flat = np.column_stack([north, west])
    if np.ptp(flat, axis=0).max() > FARTHEST:
        raise _refused(f"地图点相距超过 {FARTHEST:.0f} 米", f"places further apart than {FARTHEST:.0f} m")
    matrix = _fitted(pixels, flat)
    errors = _errors(matrix, pixels, flat)
    few = len(clicks) == FEWEST
    plane = GroundPlane(
        matrix=matrix, origin=origin, rms=None if few else float(np.sqrt(np.mean(errors**2))),
        foretold=None if few else _left_out(pixels, flat), size=size,
    )  # fmt: skip
    return Fit(plane=plane, errors=errors)


def _left_out(pixels: Floats, flat: Floats) -> Metre | None:
    """How far each pair is from where the others put it; None where the others are on a line."""
    errors = []
    for one in range(len(pixels)):
        others = np.arange(len(pixels)) != one
        try:
            matrix = _fitted(pixels[others], flat[others])
        except BadInputError:
            return None
        errors.append(_errors(matrix, pixels[[one]], flat[[one]])[0])
    return float(np.sqrt(np.mean(np.square(errors))))


def _fitted(pixels: Floats, flat: Floats) -> Floats:
    import cv2

    for points in (pixels, flat):
        if _spread(points) < 1e-3:
            raise _refused("标定点几乎在一条直线上,须铺开", "the pairs lie on one line, or nearly")
    found, _ = cv2.findHomography(pixels, flat, 0)
    if found is None or not np.isfinite(found).all():
        raise _refused("标定点不能确定地面", "no ground plane follows from these pairs")
    scales = pixels @ found[2, :2] + found[2, 2]
    if np.ptp(np.sign(scales)) > 0:
        raise _refused(
            "标定点分处地平线两侧,须全部落在地面",
            "the pairs lie on both sides of the horizon; all must be on the ground",
        )
    return np.asarray(found * np.sign(scales[0]), float)


def _spread(points: Floats) -> float:
    """Of the points, how wide they lie across their longest direction, as a share of it; 0 where all are one."""
    widths = np.linalg.svd(points - points.mean(0), compute_uv=False)
    return float(widths[1] / widths[0]) if widths[0] > 0 else 0.0


def _errors(matrix: Floats, pixels: Floats, flat: Floats) -> NDArray[np.float64]:
    found, _ = _mapped(matrix, pixels)
    off = np.hypot(*(found - flat).T)
    return np.where(np.isfinite(off), off, np.inf)


def _mapped(matrix: Floats, points: Floats) -> tuple[Floats, Floats]:
    """Points (n, 2) by a homography, and their scales (n,); NaN where the scale is not positive."""
    scale = points @ matrix[2, :2] + matrix[2, 2]
    scale = np.where(scale > 0, scale, np.nan)
    return (points @ matrix[:2, :2].T + matrix[:2, 2]) / scale[:, None], scale


def _refused(zh: str, en: str) -> BadInputError:
    return BadInputError(Text(zh, en), field="clicks")
