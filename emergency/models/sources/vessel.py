"""Vessels: how much liquid stands at a level, and at what level it stands."""

from enum import StrEnum

import numpy as np

from core.units import CubicMetre, CubicMetres, Metre, Metres, Numbers
from emergency.formula import Meanings, means


class Shape(StrEnum):
    """Cylinders have flat ends; a sphere has no length."""

    HORIZONTAL = "horizontal cylinder"
    VERTICAL = "vertical cylinder"
    SPHERE = "sphere"


def height(shape: Shape, diameter: Metre, length: Metre) -> Metre:
    """From the bottom to the top."""
    return length if shape is Shape.VERTICAL else diameter


def capacity(shape: Shape, diameter: Metre, length: Metre) -> CubicMetre:
    """The whole volume."""
    return float(volume(shape, diameter, length, height(shape, diameter, length)))


def volume(shape: Shape, diameter: Metre, length: Metre, level: Metres) -> CubicMetres:
    """Liquid below a level, which is held between bottom and top."""
    h: Numbers = np.clip(level, 0.0, height(shape, diameter, length))
    r = diameter / 2
    if shape is Shape.VERTICAL:
        return np.pi * r**2 * h
    if shape is Shape.SPHERE:
        return np.pi * np.square(h) * (r - h / 3)
    part = np.clip(1 - h / r, -1.0, 1.0)
    below: Numbers = length * r**2 * (np.arccos(part) - part * np.sqrt(np.maximum(1 - part**2, 0.0)))
    return below


def level(shape: Shape, diameter: Metre, length: Metre, filled: CubicMetres) -> Metres:
    """The inverse of `volume`, by bisection."""
    low = np.zeros_like(np.asarray(filled, dtype=float))
    high = low + height(shape, diameter, length)
    for _ in range(60):
        middle = (low + high) / 2
        below = volume(shape, diameter, length, middle) < filled
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return (low + high) / 2


VESSEL: Meanings = {
    "Vt": means("容器容积", "volume of the vessel", "m3"),
    "D": "vessel_diameter",
    "Lt": "vessel_length",
    "v": means("按形状:圆柱 π/4·D²·Lt,球 π/6·D³", "by shape: a cylinder π/4·D²·Lt, a sphere π/6·D³"),
}
