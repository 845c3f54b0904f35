"""Write docs/validation/index.md and its plots: `python scripts/validate_models.py DIR` with the folder of golden cases."""

import sys
from pathlib import Path

import matplotlib as mpl

mpl.use("svg")
import matplotlib.pyplot as plt
import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from emergency.evidence import Tier  # noqa: E402
from emergency.golden import Outcome, Result, read_cases, run_all  # noqa: E402
from emergency.validation.evidence_page import held, page, ratios  # noqa: E402

DOCS = ROOT / "docs" / "validation"
IMAGES = DOCS / "images"
LEAST, MOST = 0.05, 20.0
"""Ratios beyond are drawn at the edge."""


def plot(results: list[Result], tier: Tier) -> None:
    """A line a golden model, a point a value: computed over expected; hollow where the case is not met."""
    mpl.rcParams.update({"svg.hashsalt": "onemap", "svg.fonttype": "none", "font.size": 8})
    found = held(results, tier)
    figure, axes = plt.subplots(figsize=(6.4, 0.19 * len(found) + 1.0))
    for place, one in enumerate(reversed(found)):
        for result in one.results:
            values = np.clip(ratios(result), LEAST, MOST)
            met = result.outcome is Outcome.PASSED
            axes.plot(
                values, np.full(len(values), float(place)), "o", markersize=3.5, markeredgewidth=0.8,
                color="#0B6B74" if met else "#C4314B", fillstyle="full" if met else "none",
            )  # fmt: skip
    for ratio, style in ((1.0, "-"), (0.5, ":"), (2.0, ":")):
        axes.axvline(ratio, color="#5A6B78", linewidth=0.7, linestyle=style)
    axes.set_xscale("log")
    axes.set_xlim(LEAST * 0.9, MOST * 1.1)
    axes.set_xticks([0.1, 0.5, 1, 2, 10], ["0.1", "0.5", "1", "2", "10"])
    axes.minorticks_off()
    axes.set_xlabel("computed / expected; hollow: the case is not met")
    axes.set_yticks(range(len(found)), [one.model for one in reversed(found)])
    axes.set_ylim(-0.7, len(found) - 0.3)
    axes.set_title(tier.title.en, loc="left", fontsize=9)
    figure.savefig(IMAGES / f"tier-{int(tier)}.svg", bbox_inches="tight", metadata={"Date": None, "Creator": None})
    plt.close(figure)


def main() -> None:
    """Run the cases, write the page and the plots."""
    results = list(run_all(read_cases(Path(sys.argv[1]))))
    IMAGES.mkdir(parents=True, exist_ok=True)
    for tier in Tier:
        if held(results, tier):
            plot(results, tier)
    (DOCS / "index.md").write_text(page(results, (one.stem for one in DOCS.glob("*.md"))), encoding="utf-8")
    print(DOCS / "index.md")


if __name__ == "__main__":
    main()
