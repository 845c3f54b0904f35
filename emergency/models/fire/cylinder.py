"""View factors of a cylinder of flame: the closed forms of the Yellow Book, and the sum that holds everywhere."""

import numpy as np

from core.texts import Text
from core.units import Degree, Degrees, Fractions, Metre, Metres
from emergency.evidence import Tier
from emergency.formula import Meanings, formula, means
from emergency.model import model
from emergency.models.fire.view import ALONG, AROUND, Floats, View, gauss, in_blocks, inside, seen

FINENESS = ((-np.inf, 1.0, AROUND, ALONG), (1.0, 3.0, 16, 20), (3.0, np.inf, 12, 12))
"""From which to which distance, in radii of the flame (or eighths of its length), how many pieces round and along it.

Half as many each way a radius away is off by less than 5e-5, and fewer still three away by less than 5e-5, up to a tilt
of 70 degrees and a length of eight radii.
"""

NEGLECTS = (Text("顶面与火焰的透明", "the top of the flame, and that it is not opaque"),)


FACTORS: Meanings = {
    "Fh": means("水平微元的视角系数", "view factor of an element lying flat", "1"),
    "Fv": means("竖直微元的视角系数", "view factor of an upright element", "1"),
    "Fm": means("最大视角系数", "greatest view factor", "1"),
}


@model(
    id="view-factor-vertical-cylinder",
    title=Text("直立圆柱火焰视角系数(闭式)", "View factor of an upright cylinder, closed form"),
    source="TNO Yellow Book (2005) eq. 6.A.6 to 6.A.11 (Raj), as quoted in petrolord-engines oracle_consequence.py",
    how=Text(
        "地面上竖直与水平微元对直立圆柱侧面的视角系数,以半径为单位。",
        "What an upright and a flat element on the ground see of the side of an upright cylinder, in radii.",
    ),
    formula=formula(
        "A = (x + 1)² + h²",
        "B = (x − 1)² + h²",
        "K = arctan(√((x − 1)·A/((x + 1)·B)))/√(A·B)",
        "Fh = max(arctan(√((x + 1)/(x − 1))) − (x² − 1 + h²)·K, 0)/π",
        "Fv = max(arctan(h/√(x² − 1))/x + h·(A − 2·x)/x·K − h/x·arctan(√((x − 1)/(x + 1))), 0)/π",
        "Fm = √(Fv² + Fh²)",
        where={
            "A": means("几何量", "a length squared, in radii", "1"),
            "x": "distance_over_radius",
            "h": "length_over_radius",
            "B": means("几何量", "a length squared, in radii", "1"),
            "K": means("共同项", "a term of both", "1"),
            **FACTORS,
        },
    ),
    neglects=NEGLECTS,
    cases=("view_factor_vertical_cylinder",),
    tier=Tier.DOCUMENT,
)
def vertical_cylinder(distance_over_radius: Fractions, length_over_radius: Fractions) -> View:
    """The closed form of Raj; within the cylinder all is flame."""
    given, h = np.asarray(distance_over_radius, dtype=float), np.asarray(length_over_radius, dtype=float)
    x = np.where(given > 1.0, given, 2.0)
    a, b = (x + 1) ** 2 + h**2, (x - 1) ** 2 + h**2
    bend = np.arctan(np.sqrt((x - 1) * a / ((x + 1) * b))) / np.sqrt(a * b)
    flat = np.arctan(np.sqrt((x + 1) / (x - 1))) - (x**2 - 1 + h**2) * bend
    upright = np.arctan(h / np.sqrt(x**2 - 1)) / x + h * (a - 2 * x) / x * bend
    upright = upright - h / x * np.arctan(np.sqrt((x - 1) / (x + 1)))
    return _outside(np.maximum(upright, 0.0) / np.pi, np.maximum(flat, 0.0) / np.pi, given)


@model(
    id="view-factor-tilted-cylinder",
    title=Text("倾斜圆柱火焰视角系数(闭式)", "View factor of a tilted cylinder, closed form"),
    source=(
        "TNO Yellow Book (2005) eq. 6.A.14, 6.A.15 (Mudan), square roots restored from its worked example 6.6.3, as "
        "quoted in petrolord-engines oracle_consequence.py"
    ),
    how=Text(
        "火焰倾向目标时,下风向地面微元的视角系数。火焰悬于目标上方时此式失效,应使用数值求和。",
        "What an element on the ground downwind sees of a flame leaning to it. Where the flame hangs over it the form "
        "is wrong: take the sum.",
    ),
    formula=formula(
        "A = √(a² + (b + 1)² − 2·a·(b + 1)·sin(θ))",
        "B = √(a² + (b − 1)² − 2·a·(b − 1)·sin(θ))",
        "C = √(1 + (b² − 1)·cos(θ)²)",
        "D = √((b − 1)/(b + 1))",
        "E = a·cos(θ)/(b − a·sin(θ))",
        "F = √(b² − 1)",
        "G = arctan((a·b − F²·sin(θ))/(F·C)) + arctan(F·sin(θ)/C)",
        "K = arctan(A·D/B)/(A·B)",
        "Fv = max(−E·arctan(D) + E·(a² + (b + 1)² − 2·b·(1 + a·sin(θ)))·K + cos(θ)/C·G, 0)/π",
        "Fh = max(arctan(1/D) + sin(θ)/C·G − (a² + (b + 1)² − 2·(b + 1 + a·b·sin(θ)))·K, 0)/π",
        "Fm = √(Fv² + Fh²)",
        where={
            "a": "length_over_radius",
            "b": "distance_over_radius",
            "θ": "tilt",
            **{one: means("中间量", "an intermediate value", "1") for one in "ABCDEFGK"},
            **FACTORS,
        },
    ),
    neglects=(*NEGLECTS, Text("目标不在下风向时", "targets not downwind")),
    cases=("view_factor_tilted_cylinder",),
    tier=Tier.DOCUMENT,
)
def tilted_cylinder(distance_over_radius: Fractions, length_over_radius: Fractions, tilt: Degrees) -> View:
    """The closed form of Mudan; `overhangs` says where not to use it."""
    a, given = np.asarray(length_over_radius, dtype=float), np.asarray(distance_over_radius, dtype=float)
    b = np.where(given > 1.0, given, 2.0)
    sine, cosine = np.sin(np.radians(tilt)), np.cos(np.radians(tilt))
    far = np.sqrt(a**2 + (b + 1) ** 2 - 2 * a * (b + 1) * sine)
    near = np.sqrt(a**2 + (b - 1) ** 2 - 2 * a * (b - 1) * sine)
    c, d = np.sqrt(1 + (b**2 - 1) * cosine**2), np.sqrt((b - 1) / (b + 1))
    e, f = a * cosine / (b - a * sine), np.sqrt(b**2 - 1)
    arcs = np.arctan((a * b - f**2 * sine) / (f * c)) + np.arctan(f * sine / c)
    bend = np.arctan(far * d / near) / (far * near)
    vertical = -e * np.arctan(d) + e * (a**2 + (b + 1) ** 2 - 2 * b * (1 + a * sine)) * bend + cosine / c * arcs
    horizontal = np.arctan(1 / d) + sine / c * arcs - (a**2 + (b + 1) ** 2 - 2 * (b + 1 + a * b * sine)) * bend
    return _outside(np.maximum(vertical, 0.0) / np.pi, np.maximum(horizontal, 0.0) / np.pi, given)


def _outside(vertical: Fractions, horizontal: Fractions, distance: Floats) -> View:
    """A closed form, which holds outside the cylinder; nothing but flame is seen from within."""
    view = View(vertical=vertical, horizontal=horizontal, maximum=np.hypot(vertical, horizontal))
    return inside(view, distance <= 1.0)


def overhangs(distance_over_radius: Fractions, length_over_radius: Fractions, tilt: Degrees) -> Fractions:
    """Whether the flame reaches over the target, where the closed form must not be used."""
    reach = length_over_radius * np.sin(np.radians(tilt)) + 1
    return np.asarray(reach >= distance_over_radius)


@model(
    id="view-factor-cylinder-sum",
    title=Text("圆柱火焰视角系数(数值求和)", "View factor of a cylinder of flame, summed"),
    source="cos β1 cos β2 / (π s²) summed over the seen side of the sheared cylinder (TNO Yellow Book appendix 6.1)",
    how=Text(
        "对可见侧面作高斯求和,适用于任意方向、任意高度和火焰悬于目标上方的情形;面向火焰的竖直面之后的部分不计。",
        "Gauss points over the side that is seen: any direction, any height, also under a flame that leans over the "
        "target; what is behind an upright surface is not counted.",
    ),
    formula=formula(
        "Δx = ζ·tan(θ) + r·cos(φ) − x, 0 ≤ ζ ∧ ζ ≤ L·cos(θ)",
        "Δy = r·sin(φ) − y",
        "Δz = ζ − z",
        "k = max((x − z·tan(θ))·cos(φ) + y·sin(φ) − r, 0)·r/(π·(Δx² + Δy² + Δz²)²)",
        "Fv = ∫∫(k·max(Δx·cos(ω) + Δy·sin(ω), 0))dφ dζ",
        "Fh = max(∫∫(k·max(Δz, 0))dφ dζ, ∫∫(k·max(−Δz, 0))dφ dζ)",
        "Fm = min(√(Fv² + Fh²), 1)",
        where={
            "Δx": means("受体到火焰面元,顺风向", "from the target to a piece of flame, downwind", "m"),
            "ζ": means("面元高度", "height of the piece", "m"),
            "θ": "tilt",
            "r": "flame_radius",
            "φ": means("面元方位", "direction of the piece from the axis", "rad"),
            "x": "downwind",
            "L": "flame_length",
            "Δy": means("同上,横风向", "the same, crosswind", "m"),
            "y": "crosswind",
            "Δz": means("同上,向上", "the same, upwards", "m"),
            "z": "height",
            "k": means("面元的权重,每弧度每米", "weight of the piece, for each radian and metre", "1/m2"),
            **FACTORS,
            "ω": means("火焰所在的水平方向", "level direction to the flame", "rad"),
        },
    ),
    neglects=NEGLECTS,
    cases=("view_factor_vertical_cylinder", "view_factor_tilted_cylinder"),
    tier=Tier.DOCUMENT,
)
def cylinder_view(
    downwind: Metres,
    crosswind: Metres,
    flame_radius: Metre,
    flame_length: Metre,
    tilt: Degree = 0.0,
    height: Metres = 0.0,
) -> View:
    """What targets see of a flame that stands on the ground at the origin and leans downwind."""
    places = np.broadcast_arrays(*(np.asarray(one, dtype=float) for one in (downwind, crosswind, height)))
    x, y, z = (one.reshape(-1) for one in places)
    radius, lean = float(flame_radius), float(np.tan(np.radians(tilt)))
    top = float(flame_length * np.cos(np.radians(tilt)))
    foot = np.clip(x, min(top * lean, 0.0), max(top * lean, 0.0))
    away = (np.hypot(x - foot, y) - radius) / max(radius, float(flame_length) / 8)
    found = np.empty((3, x.size))
    for nearest, beyond, around, along in FINENESS:
        some = (away >= nearest) & (away < beyond)
        if some.any():
            view = summed(x[some], y[some], z[some], radius, top, lean, around, along)
            found[:, some] = view.vertical, view.horizontal, view.maximum
    vertical, horizontal, maximum = found.reshape(3, *places[0].shape)
    return View(vertical=vertical, horizontal=horizontal, maximum=maximum)


def summed(
    downwind: Floats, crosswind: Floats, height: Floats, radius: float, top: float, lean: float, around: int, count: int
) -> View:
    """What targets see of the side of a flame cut into so many pieces round and along it."""
    (turns, round_weights), (steps, along_weights) = gauss(around), gauss(count)
    along = np.tile(top * steps**3, around)
    piece = np.outer(2 * round_weights, 3 * top * steps**2 * along_weights).reshape(-1) * radius / np.pi

    def look(x: Floats, y: Floats, z: Floats) -> View:
        from_axis = np.hypot(x - z * lean, y)
        within = (from_axis <= radius) & (z <= top)
        half = np.arccos(radius / np.maximum(from_axis, radius * (1 + 1e-9)))
        angles = np.arctan2(y, x - z * lean)[:, None] + half[:, None] * (2 * turns - 1)
        east, north = (np.repeat(one, count, axis=1) for one in (np.cos(angles), np.sin(angles)))
        facing = (x - z * lean)[:, None] * east + y[:, None] * north - radius
        dx = radius * east + (along * lean - x[:, None])
        dy = radius * north - y[:, None]
        dz = along - z[:, None]
        away = dx * dx + dy * dy + dz * dz
        weight = np.maximum(facing, 0.0) * (half[:, None] * piece) / (away * away)
        return inside(seen(dx, dy, dz, weight), within)

    return in_blocks(look, downwind, crosswind, height)
