"""Many weathers at once: a table, read from a file or made of every combination; a row is a scenario's weather."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
from pydantic import ValidationError

from core.errors import BadInputError, Fault, FaultsError
from core.texts import Text
from emergency.scenario import Scenario, Weather, fault_of

MOST = 100_000
"""Rows of a table."""

FREQUENCY = "frequency"
COLUMNS = (*(name for name in Weather.model_fields if name not in ("source", "observed_at")), FREQUENCY)
"""What a table may say of each weather; what it leaves out is the scenario's own."""

NAMED = 20
"""Faults that are told at once."""


def every_combination(values: Mapping[str, Sequence[Any]]) -> pa.Table:
    """The table of every combination, the last column changing fastest."""
    _refuse_unknown(list(values))
    total = int(np.prod([len(one) for one in values.values()])) if values else 0
    _refuse_number(total)
    grid = np.meshgrid(*(np.arange(len(one)) for one in values.values()), indexing="ij")
    return pa.table(
        {
            name: pa.array(list(given)).take(pa.array(place.ravel()))
            for (name, given), place in zip(values.items(), grid, strict=True)
        }
    )


def read_weathers(file: Path) -> pa.Table:
    """A CSV or Parquet table of weathers; values are SI, or texts with a unit as in a scenario's file."""
    try:
        table = pq.read_table(file) if file.suffix == ".parquet" else pacsv.read_csv(file)
    except (OSError, pa.ArrowInvalid) as error:
        raise BadInputError(
            Text(f"不能读取 {file.name}:{error}", f"cannot read {file.name}: {error}"), field="weathers"
        ) from error
    _refuse_unknown(table.column_names)
    _refuse_number(table.num_rows)
    return table


def weathers(scenario: Scenario, table: pa.Table) -> Iterator[tuple[Weather, float]]:
    """Each row as a weather with its frequency (NaN where none is said).

    Raises FaultsError at the first row that is wrong.
    """
    for found in _each(scenario, table):
        if isinstance(found, list):
            raise FaultsError(found)
        yield found


def checked(scenario: Scenario, table: pa.Table) -> int:
    """How many weathers there are, every one of them looked at. Raises FaultsError with the faults of many rows."""
    _refuse_number(table.num_rows)
    wrong = (found for found in _each(scenario, table) if isinstance(found, list))
    if faults := [fault for row in islice(wrong, NAMED) for fault in row]:
        raise FaultsError(faults)
    return int(table.num_rows)


def _each(scenario: Scenario, table: pa.Table) -> Iterator[tuple[Weather, float] | list[Fault]]:
    """Each row, or what is wrong with it."""
    _refuse_unknown(table.column_names)
    own = scenario.weather.model_dump()
    rows = (row for part in table.to_batches(max_chunksize=1000) for row in part.to_pylist())
    for number, row in enumerate(rows, start=1):
        share = row.pop(FREQUENCY, None)
        if not (share is None or (isinstance(share, int | float) and 0.0 <= share <= 1.0)):
            rule = Text("应为 0–1 的数", "must be a number from 0 to 1")
            yield [Fault(field=FREQUENCY, value=str(share)[:100], rule=rule, row=number)]
            continue
        said = {name: value for name, value in row.items() if value is not None}
        try:
            weather = Weather.model_validate(own | said)
        except ValidationError as error:
            yield [replace(fault_of(one), row=number) for one in error.errors(include_url=False)]
            continue
        yield weather, float("nan") if share is None else float(share)


def _refuse_unknown(names: Sequence[str]) -> None:
    wrong = [name for name in names if name not in COLUMNS]
    if wrong or not names:
        said, allowed = ", ".join(wrong) or "—", ", ".join(COLUMNS)
        raise BadInputError(
            Text(f"气象表没有列 {said},可用 {allowed}", f"a table of weathers has no column {said}, only {allowed}"),
            field="weathers", value=said,
        )  # fmt: skip


def _refuse_number(rows: int) -> None:
    if not 0 < rows <= MOST:
        raise BadInputError(
            Text(f"气象表有 {rows} 行,应为 1–{MOST} 行", f"{rows} rows of weathers, 1 to {MOST} are allowed"),
            field="weathers", value=rows,
        )  # fmt: skip
