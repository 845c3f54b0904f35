"""A batch as long work: one scenario in many weathers, a part at a time, so that a restart goes on where it stood."""

import json
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from importlib.metadata import version
from math import prod
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from shapely.geometry.base import BaseGeometry

from app.jobs.kinds import Kind, Order, Product, Workshop
from core.caller import Right
from core.canonical import canonical_json, sha256
from core.clock import CHINA
from core.errors import BadInputError, ForbiddenError, NotFoundError
from core.ids import new_id
from core.texts import Text
from emergency.population import residents
from emergency.scenario import Choice, Scenario, scenario
from emergency.sweep import Counting, Touching, sweep
from emergency.sweep_summary import summary
from emergency.targets import touching
from emergency.weathers import checked, every_combination
from emergency.wind_rose import Rose, Roses
from emergency.wind_rose import told as rose_told
from gis.zonal import Inside
from layers.coverage import POPULATION

MOST, MOST_INTEGRAL = 10_000, 500
"""Weathers of one batch: of algebraic models, and of those that integrate, a thousand times slower."""

AT_ONCE, AT_ONCE_INTEGRAL = 250, 10
"""Weathers between two reports, and of one part: a second or two of work."""

ALGEBRAIC = frozenset({Choice.AUTO, Choice.PASSIVE, Choice.DENSE})
COMPUTING = Text("计算", "computing")
ONE_OF = Text("weathers、vary、rose 三者须给出且只给出一项", "give exactly one of weathers, vary and rose")


def _spelt(given: dict[str, Any]) -> dict[str, Any]:
    return scenario(given).inputs()


class SweepAsked(BaseModel):
    """A scenario and its weathers: a list, every combination of some values, or the nearest station's wind rose."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    scenario: Annotated[dict[str, Any], AfterValidator(_spelt)]
    weathers: tuple[dict[str, Any], ...] | None = None
    vary: dict[str, Annotated[tuple[Any, ...], Field(min_length=1)]] | None = None
    rose: bool = False
    people: bool = False
    targets: bool = False
    format: Literal["parquet", "csv"] = "csv"

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if (self.weathers is not None) + (self.vary is not None) + self.rose != 1:
            raise BadInputError(ONE_OF, field="weathers")
        wish = scenario(self.scenario)
        if self.weathers is not None:
            _refuse_too_many(wish, len(self.weathers))
            checked(wish, _table(self.weathers))
        if self.vary is not None:
            _refuse_too_many(wish, prod(len(values) for values in self.vary.values()))
            for name, values in self.vary.items():
                checked(wish, _table([{name: value} for value in values]))
        return self


def title(asked: SweepAsked) -> Text:
    """What the owner reads in the list of jobs."""
    name = asked.scenario["title"]
    if asked.rose:
        return Text(f"批量推演:{name}(风玫瑰)", f"Batch: {name} (wind rose)")
    number = len(asked.weathers or ()) or prod(len(values) for values in (asked.vary or {}).values())
    return Text(f"批量推演:{name}({number:,} 种气象)", f"Batch: {name} ({number:,} weathers)")


def run(asked: SweepAsked, order: Order, workshop: Workshop) -> Product:
    """The table and its summary in one archive; parts that an earlier attempt finished are not computed again."""
    wish = scenario(asked.scenario)
    table, rose = _weathers(asked, wish, order, workshop)
    _refuse_too_many(wish, table.num_rows)
    people, raster = _counting(order, workshop) if asked.people else (None, "")
    targets, places = _touching(order, workshop) if asked.targets else (None, "")
    code = version("onemap")
    parts = _Parts(order.parts, wish, table, f"{code} {raster} {places}".rstrip())
    order.report(parts.done, table.num_rows, COMPUTING)
    if parts.done < table.num_rows:
        batches = sweep(
            wish, table, code_version=code, people=people, targets=targets, batch=_at_once(wish), after=parts.done
        )
        with closing(batches):
            for one in batches:
                parts.keep(one.table, one.done)
                order.report(one.done, one.total, COMPUTING)
    found = parts.whole()
    told = summary(found) | ({} if rose is None else {"rose": rose_told(rose)})
    file = order.folder / f"批量推演_{workshop.clock().astimezone(CHINA):%Y%m%d-%H%M%S}.zip"
    _pack(file, found, told, asked)
    zh, en = _said(told)
    return Product(Text(zh, en), file, "application/zip")


class _Parts:
    """Finished stretches of one batch, each a file named by its rows; those of other inputs or code are not met."""

    def __init__(self, folder: Path, wish: Scenario, table: pa.Table, by: str) -> None:
        rows = sha256(table.combine_chunks().to_pandas().to_csv(index=False).encode())
        self._folder = folder / sha256(canonical_json({"scenario": wish.inputs(), "rows": rows, "by": by}))[:32]
        self._folder.mkdir(parents=True, exist_ok=True)
        self._files = list(self._unbroken())
        self.done = self._ends(self._files[-1])[1] if self._files else 0

    def keep(self, table: pa.Table, done: int) -> None:
        """Add the stretch that ends here: in place whole or not at all."""
        target = self._folder / f"{done - table.num_rows:06}-{done:06}.parquet"
        draft = target.with_suffix(f".{new_id()}.draft")
        pq.write_table(table, draft)
        draft.replace(target)
        self._files.append(target)

    def whole(self) -> pa.Table:
        """All of it, in order."""
        return pa.concat_tables([pq.read_table(file) for file in self._files])

    def _unbroken(self) -> Iterator[Path]:
        end = 0
        for file in sorted(self._folder.glob("*.parquet")):
            first, last = self._ends(file)
            if first == end:
                yield file
                end = last

    @staticmethod
    def _ends(file: Path) -> tuple[int, int]:
        first, _, last = file.stem.partition("-")
        return int(first), int(last)


def _weathers(asked: SweepAsked, wish: Scenario, order: Order, workshop: Workshop) -> tuple[pa.Table, Rose | None]:
    """The weathers, and the rose where they are of one."""
    if asked.weathers is not None:
        return _table(asked.weathers), None
    if asked.vary is not None:
        return every_combination({name: list(values) for name, values in asked.vary.items()}), None
    if workshop.series is None:
        raise NotFoundError(Text("没有气象历史", "there is no history of weather"))
    roses = Roses(workshop.store, workshop.series)
    rose = roses.near(wish.place.point, at=workshop.clock(), scope=order.scope)
    return rose.table, rose


def _touching(order: Order, workshop: Workshop) -> tuple[Touching, str]:
    found = touching(workshop.store, order.scope)
    if found is None:
        raise ForbiddenError(Text("没有您可见的保护目标", "no protection target is open to you"))
    return found


def _counting(order: Order, workshop: Workshop) -> tuple[Counting, str]:
    raster = None if workshop.shelf is None else workshop.shelf.find(POPULATION.id, order.scope)
    if raster is None:
        raise ForbiddenError(Text("没有您可见的人口数据", "no data on people is open to you"))

    def count(shapes: Sequence[BaseGeometry]) -> Sequence[Inside]:
        return residents(raster, shapes)

    return count, raster.record.sha256


def _table(rows: Sequence[dict[str, Any]]) -> pa.Table:
    names = dict.fromkeys(name for row in rows for name in row)
    try:
        return pa.table({name: pa.array([row.get(name) for row in rows]) for name in names})
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise BadInputError(
            Text(
                f"气象表同一列的值须同为数或同为文本:{error}", f"values of one column are all numbers or texts: {error}"
            ),
            field="weathers",
        ) from error


def _at_once(wish: Scenario) -> int:
    return AT_ONCE if wish.model in ALGEBRAIC else AT_ONCE_INTEGRAL


def _refuse_too_many(wish: Scenario, rows: int) -> None:
    most = MOST if wish.model in ALGEBRAIC else MOST_INTEGRAL
    if not 0 < rows <= most:
        raise BadInputError(
            Text(f"{rows:,} 种气象,应为 1–{most:,} 种", f"{rows:,} weathers, 1 to {most:,} are allowed"),
            field="weathers", value=rows,
        )  # fmt: skip


def _pack(file: Path, table: pa.Table, told: dict[str, Any], asked: SweepAsked) -> None:
    rows = file.with_name(f"weathers.{asked.format}")
    if asked.format == "parquet":
        pq.write_table(table, rows)
    else:
        pacsv.write_csv(table, rows)
    with zipfile.ZipFile(file, "x", zipfile.ZIP_DEFLATED) as packed:
        packed.write(rows, rows.name)
        packed.writestr("summary.json", json.dumps(told, ensure_ascii=False, indent=1))
        packed.writestr("scenario.json", json.dumps(asked.scenario, ensure_ascii=False, indent=1))
    rows.unlink()


def _said(told: dict[str, Any]) -> tuple[str, str]:
    """One line for the list of jobs: how many weathers, and how far the worst level reaches in the worst of them."""
    zh, en = f"{told['weathers']:,} 种气象", f"{told['weathers']:,} weathers"
    if told["refused"]:
        zh, en = f"{zh},{told['refused']:,} 种未能计算", f"{en}, {told['refused']:,} could not be computed"
    for level in told["levels"]:
        if level["distance_m"] is not None:
            least = "≥ " if level["cut"] else ""
            far, mark = f"{least}{level['distance_m']['max']:,.0f} m", "" if level["verified"] else "(未核实)"
            zh += f";{level['zh']}最远 {far}{mark}"
            en += f"; {level['en']} up to {far}{'' if level['verified'] else ' (unverified)'}"
    return zh, en


SWEEP = Kind(id="scenario-sweep", title=title, asked=SweepAsked, run=run, needs=Right.PLAN)
