"""One scenario in many weathers: how far each level reaches in each of them, as a table, batch by batch.

Weathers that differ in the wind's direction alone are computed once and turned. Nothing is drawn on the ground unless
people are counted, and no more than a few batches are in memory.
"""

import json
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from itertools import batched, islice
from multiprocessing import get_context

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from shapely.geometry.base import BaseGeometry

from core.canonical import canonical_json, sha256
from emergency.chain import part_of
from emergency.chain.drawn import CloudZones
from emergency.scenario import Scenario, Weather
from emergency.weather_answers import NO_NUMBER, Reached, Row, computed_rows
from emergency.weathers import checked, weathers
from emergency.zones import Cut, Level
from gis.placing import turned
from gis.zonal import Inside

FORM = "onemap-sweep/1"
BATCH = 250
Counting = Callable[[Sequence[BaseGeometry]], Sequence[Inside]]
"""People inside shapes, as `emergency.population.residents` of one raster gives them."""

Touching = Callable[[Sequence[BaseGeometry]], npt.NDArray[np.int64]]
"""How many protection targets each shape touches, as `emergency.targets.touching` of one moment counts them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """The next rows, and how many of all are done with them."""

    table: pa.Table
    done: int
    total: int


def sweep(
    scenario: Scenario, table: pa.Table, *, code_version: str, people: Counting | None = None,
    targets: Touching | None = None, batch: int = BATCH, workers: int = 1, after: int = 0,
) -> Generator[Batch, None, None]:  # fmt: skip
    """The table of a scenario in the weathers of another table, a batch at a time, in order.

    `workers` above one compute in processes of their own; `people` and `targets` count in this one. A weather that a
    model refuses has its row, with the model's sentence and no numbers. Close the iterator to stop early; `after` goes
    on behind rows that are done.
    Raises FaultsError for rows that are no weather, BadInputError where the scenario itself cannot be computed.
    """
    total, levels = checked(scenario, table), levels_of(scenario)
    said, shapes = json.dumps(scenario.inputs()), people is not None or targets is not None
    about = _about(scenario, table, levels, code_version)
    done = after
    pieces = batched(islice(weathers(scenario, table), after, None), batch)
    for rows, answers in _answers(said, pieces, shapes, workers):
        done += len(rows)
        found = _table(rows, answers, levels, done - len(rows))
        if shapes:
            drawn = _facing(rows, answers, scenario)
            for name, column in _counted(drawn, answers, len(levels), people, targets).items():
                found = found.append_column(name, column)
        yield Batch(table=found.replace_schema_metadata(about), done=done, total=total)


def levels_of(scenario: Scenario) -> tuple[Level, ...]:
    """The levels a scenario is drawn for, worst first. Raises BadInputError where it cannot be computed."""
    zones = part_of(scenario).zones
    return zones.levels if isinstance(zones, CloudZones) else tuple(zone.level for zone in zones)


Weathers = Sequence[tuple[Weather, float]]


def _answers(
    said: str, pieces: Iterator[tuple[tuple[Weather, float], ...]], shapes: bool, workers: int
) -> Iterator[tuple[Weathers, list[Row]]]:
    """Batches with their answers, in order; with workers twice as many batches as there are of them are under way."""
    if workers <= 1:
        for rows in pieces:
            yield rows, computed_rows(said, [one for one, _ in rows], shapes)
        return
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"))
    under_way: deque[tuple[Weathers, Future[list[Row]]]] = deque()
    try:
        for rows in pieces:
            under_way.append((rows, pool.submit(computed_rows, said, [one for one, _ in rows], shapes)))
            if len(under_way) > 2 * workers:
                first, answer = under_way.popleft()
                yield first, answer.result()
        while under_way:
            first, answer = under_way.popleft()
            yield first, answer.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _table(rows: Weathers, answers: Sequence[Row], levels: Sequence[Level], before: int) -> pa.Table:
    air = [one for one, _ in rows]
    columns: dict[str, pa.Array] = {
        "row": pa.array(range(before + 1, before + 1 + len(rows)), pa.int64()),
        "wind_speed_m_s": _numbers([one.wind_speed for one in air]),
        "wind_from_deg": _numbers([one.wind_from for one in air]),
        "wind_height_m": _numbers([one.wind_height for one in air]),
        "stability": pa.array([str(one.stability) for one in air]),
        "ambient_temperature_K": _numbers([one.ambient_temperature for one in air]),
        "relative_humidity": _numbers([one.relative_humidity for one in air]),
        "ambient_pressure_Pa": _numbers([one.ambient_pressure for one in air]),
        "mixing_height_m": pa.array([one.mixing_height for one in air], pa.float64()),
        "frequency": _numbers([share for _, share in rows]),
        "model": pa.array([one.model for one in answers]),
        "mass_rate_kg_s": _numbers([one.mass_rate for one in answers]),
        "valid": pa.array([not one.outside and not one.error_zh for one in answers]),
        "outside": pa.array([one.outside for one in answers]),
        "error_zh": pa.array([one.error_zh for one in answers]),
        "error_en": pa.array([one.error_en for one in answers]),
    }
    nothing = Reached(distance=NO_NUMBER, area=NO_NUMBER, half_width=NO_NUMBER, cut=Cut.NONE)
    for number in range(1, len(levels) + 1):
        each = [one.reached[number - 1] if one.reached else nothing for one in answers]
        columns[f"level_{number}_distance_m"] = _numbers([one.distance for one in each])
        columns[f"level_{number}_area_m2"] = _numbers([one.area for one in each])
        columns[f"level_{number}_half_width_m"] = _numbers([one.half_width for one in each])
        columns[f"level_{number}_cut"] = pa.array([one.cut.value for one in each])
    return pa.table(columns)


def _facing(rows: Weathers, answers: Sequence[Row], scenario: Scenario) -> list[BaseGeometry]:
    """Every zone of the batch, turned to where the wind of its weather goes."""
    source = scenario.place.point
    return [
        shape if shape.is_empty else turned(shape, source, air.wind_from)
        for (air, _), answer in zip(rows, answers, strict=True)
        for shape in answer.shapes
    ]


def _counted(
    shapes: Sequence[BaseGeometry], answers: Sequence[Row], levels: int, people: Counting | None,
    targets: Touching | None,
) -> dict[str, pa.Array]:  # fmt: skip
    """People and targets inside every zone of the batch, each in one pass; null where a model refused."""
    drawn = np.asarray([bool(answer.shapes) for answer in answers], dtype=np.bool_)
    columns: dict[str, pa.Array] = {}
    if people is not None:
        found = people(shapes)
        for name, values in (("residents", [one.total for one in found]), ("known", [one.known for one in found])):
            columns |= _spread(name, np.asarray(values, dtype=np.float64), drawn, levels, pa.float64())
    if targets is not None:
        columns |= _spread("targets", targets(shapes).astype(np.float64), drawn, levels, pa.int64())
    return dict(sorted(columns.items(), key=lambda one: one[0].split("_")[1]))


def _spread(
    name: str, values: npt.NDArray[np.float64], drawn: npt.NDArray[np.bool_], levels: int, kind: pa.DataType
) -> dict[str, pa.Array]:
    """A value for each zone as a column for each level."""
    whole = np.full((drawn.size, levels), NO_NUMBER)
    whole[drawn] = values.reshape(-1, levels)
    return {
        f"level_{number}_{name}": pa.array(whole[:, number - 1], pa.float64(), from_pandas=True).cast(kind)
        for number in range(1, levels + 1)
    }


def _numbers(values: Sequence[float]) -> pa.Array:
    """Numbers, null where there is none."""
    return pa.array(values, pa.float64(), from_pandas=True)


def _about(scenario: Scenario, table: pa.Table, levels: Sequence[Level], code_version: str) -> dict[bytes, bytes]:
    """What a reader of the table alone must know, in its schema."""
    rows = sha256(table.combine_chunks().to_pandas().to_csv(index=False).encode())
    inputs = scenario.inputs()
    said = {
        "form": FORM, "title": scenario.title, "scenario": sha256(canonical_json(inputs)), "weathers": rows,
        "fingerprint": sha256(canonical_json({"scenario": inputs, "weathers": rows})), "code_version": code_version,
        "levels": [
            {
                "level": number, "zh": one.name.zh, "en": one.name.en, "value": one.value, "unit": one.unit,
                "averaging_time_s": one.averaging_time, "verified": one.verified, "source": one.source,
            }
            for number, one in enumerate(levels, start=1)
        ],
    }  # fmt: skip
    return {b"onemap": json.dumps(said, ensure_ascii=False).encode()}


def swept(
    scenario: Scenario, table: pa.Table, *, code_version: str, people: Counting | None = None,
    targets: Touching | None = None, workers: int = 1,
) -> pa.Table:  # fmt: skip
    """The whole table at once."""
    batches = sweep(scenario, table, code_version=code_version, people=people, targets=targets, workers=workers)
    with closing(batches):
        return pa.concat_tables([one.table for one in batches])


__all__ = ["BATCH", "FORM", "Batch", "Counting", "Touching", "levels_of", "sweep", "swept"]
