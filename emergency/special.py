"""The error function, the normal distribution and a root, from scipy: imported when one of them is first asked.

That holds 39 MB and takes half a second of every start; most processes of the product never compute an accident.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]


def erf(value: npt.ArrayLike) -> Numbers:
    """The error function."""
    from scipy import special

    found: Numbers = special.erf(value)
    return found


def ndtr(value: npt.ArrayLike) -> Numbers:
    """The share of a standard normal distribution below a value."""
    from scipy import special

    found: Numbers = special.ndtr(value)
    return found


def ndtri(share: npt.ArrayLike) -> Numbers:
    """The value below which a share of a standard normal distribution lies."""
    from scipy import special

    found: Numbers = special.ndtri(share)
    return found


def root(function: Callable[[float], float], low: float, high: float) -> float:
    """Where a function is nought between two places at which its signs differ, by Brent's method."""
    from scipy.optimize import brentq

    return float(brentq(function, low, high))
