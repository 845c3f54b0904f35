"""Where the level of a point changed: ruptures over robustly scaled values, in hindsight over a whole span."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from monitoring.hints.declared import numbers
from monitoring.hints.evenly import Even

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
LEVEL, SLOPE = "l2", "clinear"
"""Costs of ruptures: pieces of one level each; straight pieces that hang together."""

JUMP = 3
QUARTILES = 1.349
"""Of a normal distribution, between its quartiles, in standard deviations."""


def scaled(value: Floats) -> Floats:
    """About nought, the middle half as wide as a standard deviation's; what never moves stays nought."""
    low, middle, high = np.percentile(value, [25, 50, 75])
    spread = (high - low) / QUARTILES or float(np.std(value)) or 1.0
    return np.asarray((value - middle) / spread)


def changes(values: Sequence[Floats], penalty: float, cost: str = LEVEL) -> Ints:
    """The columns at which a new piece begins, of one series or of several that change together."""
    import ruptures  # heavy, and only for who asks

    signal = np.column_stack([scaled(value) for value in values])
    least = int(numbers()["least"])
    if len(signal) < 2 * least + 1:
        return np.empty(0, np.int64)
    toll = penalty * float(np.log(len(signal))) * signal.shape[1]
    if cost == LEVEL:
        found = ruptures.KernelCPD(kernel="linear", min_size=least).fit(signal).predict(pen=toll)
    else:
        found = ruptures.Pelt(model=cost, min_size=least, jump=JUMP).fit(signal).predict(pen=toll)
    return np.asarray(found[:-1], np.int64)


def marked(even: Even) -> Ints:
    """When the level of a point changed, in microseconds, by the declared penalty."""
    return even.at(changes([even.value], numbers()["penalty"]))
