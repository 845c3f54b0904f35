"""Noise that is a function of seed, point and time, so that a run may begin anywhere and still tell the same story."""

import hashlib
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ids = NDArray[np.uint64]

_ODD = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
_QUARTER = np.uint64(0xFFFF)


def ids(names: Iterable[str]) -> Ids:
    """Sixty-four bits of each name: a point keeps its noise whichever others it stands among."""
    digests = (hashlib.blake2b(name.encode(), digest_size=8).digest() for name in names)
    return np.frombuffer(b"".join(digests), dtype="<u8").astype(np.uint64)


def _mixed(seed: int, points: Ids, steps: NDArray[np.int64]) -> Ids:
    """SplitMix64 over point and step (Steele, Lea, Flood 2014); shapes broadcast."""
    with np.errstate(over="ignore"):
        state: Ids = points + np.uint64(seed % 2**64) * _ODD[1] + steps.astype(np.uint64) * _ODD[0]
        state = (state ^ (state >> np.uint64(30))) * _ODD[1]
        state = (state ^ (state >> np.uint64(27))) * _ODD[2]
        last: Ids = state ^ (state >> np.uint64(31))
    return last


def uniform(seed: int, points: Ids) -> Floats:
    """One number of [0, 1) for each point."""
    return (_mixed(seed, points, np.zeros(1, dtype=np.int64)) >> np.uint64(11)) / 2.0**53


def white(seed: int, points: Ids, steps: NDArray[np.int64]) -> Floats:
    """Independent noise of mean 0 and deviation 1: four uniform numbers summed, never beyond 3.5; shapes broadcast."""
    bits = _mixed(seed, points, steps)
    total = np.zeros(bits.shape)
    for part in range(4):
        total += (bits >> np.uint64(16 * part)) & _QUARTER
    return np.asarray((total / 65535 - 2) * np.sqrt(3))


def wander(seed: int, points: Ids, seconds: Floats, period: float) -> Floats:
    """Noise that returns to its mean within about a period: white noise at steps of it, smoothly joined.

    `seconds` of shape (time, 1) and points of shape (point,) give (time, point). Deviation about 0.86.
    """
    place = seconds / period + uniform(seed, points)
    step = np.floor(place)
    part = place - step
    part = part * part * (3 - 2 * part)
    before, after = (white(seed, points, (step + more).astype(np.int64)) for more in (0, 1))
    return before + (after - before) * part
