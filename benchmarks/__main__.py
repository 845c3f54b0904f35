"""`make bench`: every benchmark as a process of its own, one table after the other; ratios count more than seconds."""

import argparse
import subprocess
import sys
from pathlib import Path

OTHERS = frozenset({"__main__", "__init__", "drill", "hostile", "hostile_inputs", "peers", "soak", "writer"})


def main() -> int:
    """Run those asked for, or all; the number that failed."""
    names = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in OTHERS)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*names, []], help=f"of {', '.join(names)}")
    asked = parser.parse_args().names or names
    failed = 0
    for name in asked:
        print(f"\n== {name}", flush=True)
        failed += subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode != 0
    return failed


if __name__ == "__main__":
    sys.exit(main())
