"""`onemap import` of a ledger as CSV: `python -m benchmarks.import_ --rows 100000 1000000`.

The CSV comes from `scripts/make_city.py --scale`, headed in Chinese as a clerk has it, and goes the whole way: another
process reads it, every rule is checked, one transaction keeps it. Peak memory is that of the command and its reader.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
import shapely

from layers.catalogue import ENTERPRISES
from scripts.make_city import make

LEFT_OUT = ("geometry", "source", "scope_of_business", "reg_address")
"""Not in the table: the place is in two columns; with the long texts a million rows pass the 500 MB of a file."""
COMMAND = [sys.executable, "-c", "from app.cli import main; main()"]


def clerks_table(folder: Path, rows: int) -> Path:
    """The ledger of a city of so many enterprises, as CSV with Chinese headings and longitude, latitude."""
    make(folder, rows)
    ledger, target = pq.ParquetFile(folder / "enterprises.parquet"), folder / "企业台账.csv"
    titles = {name: spec.title.zh for name, spec in ENTERPRISES.fields.items()}
    names = [name for name in ledger.schema_arrow.names if name not in LEFT_OUT]
    schema = pa.schema(
        [*((titles[name], pa.string()) for name in names), ("经度", pa.float64()), ("纬度", pa.float64())]
    )
    with pa.csv.CSVWriter(target, schema) as out:
        for batch in ledger.iter_batches(50_000):
            xy = shapely.get_coordinates(shapely.from_wkb(batch["geometry"].to_numpy(zero_copy_only=False)))
            columns = [pc.cast(batch[name], pa.string()) for name in names]
            out.write_table(pa.table([*columns, pa.array(xy[:, 0]), pa.array(xy[:, 1])], schema=schema))
    return target


def imported(file: Path, data: Path, *options: str) -> str:
    """One import as a process of its own; what it took, or what it said when it failed."""
    measured = ["/usr/bin/time", "-f", "peak %M kB", *COMMAND] if Path("/usr/bin/time").exists() else COMMAND
    command = [*measured, "import", str(file), "--layer", "enterprises", "--data", str(data), *options]
    started = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ)
    spent = time.perf_counter() - started
    rows = re.search(r"共 (\d+) 行,合格 (\d+)", done.stdout)
    if done.returncode or rows is None:
        return f"failed: {done.stdout[-600:]} {done.stderr[-600:]}"
    peak = re.search(r"peak (\d+) kB", done.stderr)
    memory = f", peak {int(peak[1]) / 1000:.0f} MB (the larger of the two processes)" if peak else ""
    return f"{spent:.1f} s, {int(rows[1]) / spent:,.0f} rows/s, {rows[2]} good{memory}"


def main() -> None:
    """Make, import, import again, check only."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000, 1_000_000])
    for rows in parser.parse_args().rows:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            file = clerks_table(folder / "city", rows)
            columns = pa.csv.open_csv(file).schema.names
            print(f"{rows:,} rows of {len(columns)} columns, {file.stat().st_size / 1e6:.0f} MB of CSV", flush=True)
            print(f"  check only:       {imported(file, folder / 'data', '--dry-run')}", flush=True)
            print(f"  import:           {imported(file, folder / 'data')}", flush=True)
            print(f"  again, unchanged: {imported(file, folder / 'data')}", flush=True)


if __name__ == "__main__":
    main()
