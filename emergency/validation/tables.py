"""Lines of Markdown that the pages of trials share: statistics a model, a cell a ratio."""

from collections.abc import Sequence

import numpy as np

from emergency.validation.statistics import agreement

Pair = tuple[float, float]
"""Observed, predicted."""


def scores(rows: Sequence[tuple[str, Sequence[Pair]]]) -> str:
    """A line a model, by the measures of Chang and Hanna; FB and MG are observed over predicted."""
    lines = ["| model | n | FAC2 | FB | NMSE | MG | VG |", "|---|---|---|---|---|---|---|"]
    for name, pairs in rows:
        one = agreement(np.array([seen for seen, _ in pairs]), np.array([said for _, said in pairs]))
        lines.append(
            f"| {name} | {one.count} | {one.fac2:.2f} | {one.fb:+.3f} | {one.nmse:.2f} | {one.mg:.3f} | {one.vg:.2f} |"
        )
    return "\n".join(lines) + "\n"


def within_two(pairs: Sequence[Pair]) -> int:
    """How many predictions are within a factor of two."""
    return sum(0.5 <= said / seen <= 2.0 for seen, said in pairs)


def ratio(seen: float, said: float) -> str:
    """Predicted over observed; in bold where it is less than half, the unsafe side."""
    found = said / seen
    return f"**{found:.2f}**" if found < 0.5 else f"{found:.2f}"
