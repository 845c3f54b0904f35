"""A cone frustum of flame anywhere in space, cut into small surfaces for what a target sees of it."""

from dataclasses import dataclass

import numpy as np

from core.units import Metre
from emergency.models.fire.view import Floats, View, gauss, in_blocks, seen

AROUND, ALONG, ACROSS = 36, 24, 5
"""Surfaces round the frustum, along it, and from the middle of an end to its rim."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """Small surfaces of a flame: where, and outward normals as long as their areas."""

    places: Floats
    normals: Floats


def frustum(start: Floats, axis: Floats, length: Metre, base_radius: Metre, tip_radius: Metre) -> Surface:
    """The side and both ends of a frustum from a place along a unit axis."""
    aside = np.cross(axis, [0.0, 0.0, 1.0] if abs(axis[2]) < 0.9 else [1.0, 0.0, 0.0])
    aside /= np.linalg.norm(aside)
    other = np.cross(axis, aside)
    turns = 2 * np.pi * (np.arange(AROUND) + 0.5) / AROUND
    outward = np.cos(turns)[:, None] * aside + np.sin(turns)[:, None] * other
    steps, weights = gauss(ALONG)
    radii = base_radius + (tip_radius - base_radius) * steps
    places = start + (length * steps)[:, None, None] * axis + radii[:, None, None] * outward
    leaning = outward * length - (tip_radius - base_radius) * axis
    normals = leaning * (weights * radii * 2 * np.pi / AROUND)[:, None, None]
    rings, ring_weights = gauss(ACROSS)
    ends, faces = [places.reshape(-1, 3)], [normals.reshape(-1, 3)]
    for centre, radius, face in ((start, base_radius, -axis), (start + length * axis, tip_radius, axis)):
        ends.append((centre + (radius * rings)[:, None, None] * outward).reshape(-1, 3))
        pieces = np.repeat(ring_weights * rings * radius**2 * 2 * np.pi / AROUND, AROUND)
        faces.append(pieces[:, None] * face)
    return Surface(places=np.concatenate(ends), normals=np.concatenate(faces))


def surface_view(surface: Surface, targets: Floats) -> tuple[View, Floats]:
    """What each target, shape (…, 3), sees of a surface, and how far the nearest of it is."""
    (px, py, pz), (nx, ny, nz) = surface.places.T, surface.normals.T
    flat = targets.reshape(-1, 3)
    nearest = np.empty(len(flat))

    def look(number: Floats) -> View:
        at = flat[number.astype(int)]
        dx, dy, dz = px - at[:, :1], py - at[:, 1:2], pz - at[:, 2:]
        away = np.maximum(dx * dx + dy * dy + dz * dz, 1e-6)
        nearest[number.astype(int)] = np.sqrt(away.min(axis=1))
        weight = np.maximum(-(dx * nx + dy * ny + dz * nz), 0.0) / (np.pi * away * away)
        return seen(dx, dy, dz, weight)

    shape = targets.shape[:-1]
    view = in_blocks(look, np.arange(len(flat), dtype=float).reshape(shape))
    return view, nearest.reshape(shape)
