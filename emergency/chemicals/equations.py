"""The forms in which handbooks print a property over temperature, for one temperature in kelvin or many."""

from collections.abc import Callable

import numpy as np

from core.units import Numbers

GAS_CONSTANT = 8.31446261815324
"""J/(mol.K), exact since 2019."""


def dippr100(t: Numbers, *a: float) -> Numbers:
    """A polynomial: a0 + a1 T + a2 T² …"""
    return sum((one * t**power for power, one in enumerate(a)), np.zeros_like(t))


def dippr101(t: Numbers, a: float, b: float, c: float, d: float, e: float) -> Numbers:
    """exp(A + B/T + C ln T + D T^E)."""
    return np.exp(a + b / t + c * np.log(t) + d * t**e)


def dippr105(t: Numbers, a: float, b: float, c: float, d: float) -> Numbers:
    """A / B^(1 + (1 - T/C)^D)."""
    return a / b ** (1 + _left(t, c) ** d)


def dippr106(t: Numbers, tc: float, a: float, b: float, c: float, d: float) -> Numbers:
    """A (1 - Tr)^(B + C Tr + D Tr²)."""
    tr = t / tc
    return a * _left(t, tc) ** (b + c * tr + d * tr**2)


def dippr114(t: Numbers, tc: float, a: float, b: float, c: float, d: float) -> Numbers:
    """A²/x + B - 2 A C x - A D x² - C² x³/3 - C D x⁴/2 - D² x⁵/5, x = 1 - Tr."""
    x = _left(t, tc)
    return (
        a * a / x + b - 2 * a * c * x - a * d * x**2 - c * c * x**3 / 3 - c * d * x**4 / 2 - d * d * x**5 / 5
    )  # fmt: skip


def dippr116(t: Numbers, tc: float, a: float, b: float, c: float, d: float, e: float) -> Numbers:
    """A + B x^0.35 + C x^(2/3) + D x + E x^(4/3), x = 1 - Tr."""
    x = _left(t, tc)
    return a + b * x**0.35 + c * x ** (2 / 3) + d * x + e * x ** (4 / 3)


def wagner25(t: Numbers, tc: float, pc: float, a: float, b: float, c: float, d: float) -> Numbers:
    """Pc exp((A x + B x^1.5 + C x^2.5 + D x^5) / Tr), x = 1 - Tr."""
    x = _left(t, tc)
    return pc * np.exp((a * x + b * x**1.5 + c * x**2.5 + d * x**5) * tc / t)


def wagner36(t: Numbers, tc: float, pc: float, a: float, b: float, c: float, d: float) -> Numbers:
    """Pc exp((A x + B x^1.5 + C x^3 + D x^6) / Tr), x = 1 - Tr."""
    x = _left(t, tc)
    return pc * np.exp((a * x + b * x**1.5 + c * x**3 + d * x**6) * tc / t)


def antoine(t: Numbers, a: float, b: float, c: float) -> Numbers:
    """exp(A - B / (T + C))."""
    return np.exp(a - b / (t + c))


def antoine10(t: Numbers, a: float, b: float, c: float) -> Numbers:
    """10^(A - B / (T + C))."""
    return np.power(10.0, a - b / (t + c))


def ppds12(t: Numbers, tc: float, a: float, b: float, c: float, d: float, e: float) -> Numbers:
    """R Tc (A x^(1/3) + B x^(2/3) + C x + D x² + E x⁶), x = 1 - Tr."""
    x = _left(t, tc)
    return GAS_CONSTANT * tc * (a * x ** (1 / 3) + b * x ** (2 / 3) + c * x + d * x**2 + e * x**6)


def watson(t: Numbers, tc: float, tb: float, at_boiling: float) -> Numbers:
    """The value at the boiling point times ((Tc - T) / (Tc - Tb))^0.38."""
    return at_boiling * (_left(t, tc) / (1 - tb / tc)) ** 0.38


def lee_kesler(t: Numbers, tc: float, pc: float, omega: float) -> Numbers:
    """Vapour pressure from the critical point and the acentric factor alone."""
    tr = t / tc
    simple = 5.92714 - 6.09648 / tr - 1.28862 * np.log(tr) + 0.169347 * tr**6
    acentric = 15.2518 - 15.6875 / tr - 13.4721 * np.log(tr) + 0.43577 * tr**6
    return pc * np.exp(simple + omega * acentric)


def yamada_gunn(t: Numbers, tc: float, pc: float, omega: float) -> Numbers:
    """Molar density of the saturated liquid, Pc / (R Tc) (0.29056 - 0.08775 ω)^-(1 + (1 - Tr)^(2/7))."""
    return pc / (GAS_CONSTANT * tc) * (0.29056 - 0.08775 * omega) ** -(1 + _left(t, tc) ** (2 / 7))


def pitzer(t: Numbers, tc: float, omega: float) -> Numbers:
    """Molar latent heat, R Tc (7.08 x^0.354 + 10.95 ω x^0.456), x = 1 - Tr."""
    x = _left(t, tc)
    return GAS_CONSTANT * tc * (7.08 * x**0.354 + 10.95 * omega * x**0.456)


def poling(t: Numbers, *a: float) -> Numbers:
    """R times a polynomial."""
    return GAS_CONSTANT * dippr100(t, *a)


def trc(
    t: Numbers, a0: float, a1: float, a2: float, a3: float, a4: float, a5: float, a6: float, a7: float
) -> Numbers:  # fmt: skip
    """R (a0 + a1/T² exp(-a2/T) + a3 y² + (a4 - a5/(T - a7)²) y⁸), y = (T - a7)/(T + a6) above a7, else 0."""
    above = np.where(np.asarray(t) > a7, t - a7, np.inf)
    y = np.where(np.isfinite(above), (t - a7) / (t + a6), 0.0)
    rest = np.where(np.isfinite(above), (a4 - a5 / above**2) * y**8, 0.0)
    return GAS_CONSTANT * (a0 + a1 / np.square(t) * np.exp(-a2 / t) + a3 * y**2 + rest)


def _left(t: Numbers, tc: float) -> Numbers:
    """1 - T/Tc, nought beyond the critical temperature."""
    return np.maximum(1 - t / tc, 0.0)


EQUATIONS: dict[str, Callable[..., Numbers]] = {
    one.__name__: one
    for one in (
        dippr100, dippr101, dippr105, dippr106, dippr114, dippr116, wagner25, wagner36, antoine, antoine10, ppds12,
        watson, poling, trc, lee_kesler, yamada_gunn, pitzer,
    )
}  # fmt: skip
