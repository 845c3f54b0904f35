"""Write docs/validation/lng.md and dense-gas.md with a plot each: `python scripts/validate_dense.py`."""

import sys
from pathlib import Path

import matplotlib as mpl

mpl.use("svg")
import matplotlib.pyplot as plt
import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from emergency.validation import dense, lng  # noqa: E402
from emergency.validation.predicted import Rival  # noqa: E402
from emergency.validation.trials import trials  # noqa: E402

DOCS = ROOT / "docs" / "validation"
IMAGES = DOCS / "images"
LOOKS = {
    Rival.FIRST: ("#5A6B78", "s"),
    Rival.DEGADIS: ("#C98A00", "^"),
    Rival.SLAB: ("#0B6B74", "o"),
}
LEAST, MOST = 0.03, 12.0
"""Ratios beyond are drawn at the edge."""


def plot(rows: list[tuple[str, dict[Rival, float]]], file: Path) -> None:
    """A line an observation, a mark a model: predicted over measured."""
    mpl.rcParams.update({"svg.hashsalt": "onemap", "svg.fonttype": "none", "font.size": 8})
    figure, axes = plt.subplots(figsize=(6.4, 0.24 * len(rows) + 1.2))
    for rival, (colour, mark) in LOOKS.items():
        values = np.clip([said[rival] for _, said in reversed(rows)], LEAST, MOST)
        axes.plot(values, range(len(rows)), mark, color=colour, markersize=4.5, label=rival.heading.en)
    for ratio, style in ((1.0, "-"), (0.5, ":"), (2.0, ":")):
        axes.axvline(ratio, color="#5A6B78", linewidth=0.7, linestyle=style)
    axes.set_xscale("log")
    axes.set_xlim(LEAST * 0.9, MOST * 1.1)
    axes.set_xticks([0.1, 0.5, 1, 2, 10], ["0.1", "0.5", "1", "2", "10"])
    axes.minorticks_off()
    axes.set_xlabel("predicted / measured")
    axes.set_yticks(range(len(rows)), [name for name, _ in reversed(rows)])
    axes.set_ylim(-0.7, len(rows) - 0.3)
    axes.legend(loc="lower center", bbox_to_anchor=(0.4, 1.0), ncols=3, frameon=False)
    figure.savefig(file, bbox_inches="tight", metadata={"Date": None, "Creator": None})
    plt.close(figure)


def main() -> None:
    """Compare, write, draw."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    (DOCS / "lng.md").write_text(lng.page(), encoding="utf-8")
    told = {rival: dict(lng.pairs(rival)) for rival in Rival}
    plot(
        [
            (name, {rival: said / seen for rival in Rival for seen, said in (told[rival][name],)})
            for name in told[Rival.SLAB]
        ],
        IMAGES / "lng.svg",
    )
    (DOCS / "dense-gas.md").write_text(dense.page(), encoding="utf-8")
    rows = []
    for kind, (title, _) in dense.KINDS.items():
        for trial in trials().values():
            every = {rival: dense.pairs(rival, trial, kind) for rival in Rival}
            rows += [
                (
                    f"{trial.id}, {title} at {seen.distance:g} m",
                    {rival: every[rival][place][1][1] / seen.value for rival in Rival},
                )
                for place, (seen, _) in enumerate(every[Rival.SLAB])
            ]
    plot(rows, IMAGES / "dense-gas.svg")
    print(DOCS / "lng.md", DOCS / "dense-gas.md")


if __name__ == "__main__":
    main()
