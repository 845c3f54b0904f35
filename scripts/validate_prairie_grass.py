"""Write docs/validation/prairie-grass.md: `python scripts/validate_prairie_grass.py FOLDER` with the two CSV files."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from emergency.validation.prairie_grass import read_arcs  # noqa: E402
from emergency.validation.report import page  # noqa: E402

PAGE = ROOT / "docs" / "validation" / "prairie-grass.md"


def main() -> None:
    """Read, compare, write."""
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(read_arcs(Path(sys.argv[1]))), encoding="utf-8")
    print(PAGE)


if __name__ == "__main__":
    main()
