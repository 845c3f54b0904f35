"""Distances of the Emergency Response Guidebook's green table, from a file that a site supplies with its edition."""

import csv
import io
import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from core.errors import BadInputError, Fault, FaultsError
from core.texts import Text
from core.units import Metre
from emergency.chemicals import Substance

NAME = "erg.csv"
"""The file in the data folder. None is shipped: no edition was at hand to copy from."""
COLUMNS = ("un", "name", "spill", "isolation_m", "protect_day_m", "protect_night_m", "edition", "source")
LARGEST = 4 * 1024 * 1024
FARTHEST: Metre = 100_000.0
_UN = re.compile(r"[0-9]{4}")
_DISTANCE = re.compile(r"([0-9]+(?:\.[0-9]+)?)(\+?)")


class Spill(StrEnum):
    """How much got out: from a small package or a small leak, or more."""

    SMALL = "small"
    LARGE = "large"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """A distance; `more` where the guidebook prints "+" behind it."""

    metres: Metre
    more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Guidance:
    """One row: isolate all round, then protect downwind by day and by night."""

    un: str
    name: str
    spill: Spill
    isolation: Reach
    protect_day: Reach
    protect_night: Reach


@dataclass(frozen=True, slots=True, kw_only=True)
class GreenTable:
    """The rows of one edition and where the site copied them from."""

    edition: str
    source: str
    rows: tuple[Guidance, ...]

    def of(self, gas: Substance) -> tuple[Guidance, ...]:
        """The rows of a substance's UN numbers, small spills first."""
        found = [one for one in self.rows if one.un in gas.un]
        return tuple(sorted(found, key=lambda one: (one.un, one.name, one.spill is Spill.LARGE)))


def green_table(file: Path) -> GreenTable | None:
    """The table of a file, None where there is none.

    Raises FaultsError with every row and column that is wrong.
    """
    if not file.exists():
        return None
    if file.stat().st_size > LARGEST:
        raise BadInputError(
            Text(f"{file.name} 超过 {LARGEST // 1024 // 1024} MB", f"{file.name} is larger than {LARGEST} bytes"),
            field=file.name,
        )  # fmt: skip
    try:
        return green_table_of(file.read_text("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadInputError(Text(f"{file.name} 应为 UTF-8", f"{file.name} must be UTF-8"), field=file.name) from error


def green_table_of(text: str) -> GreenTable:
    """The table that a text of comma-separated rows spells. Raises FaultsError."""
    reader = csv.DictReader(io.StringIO(text))
    if missing := [name for name in COLUMNS if name not in (reader.fieldnames or [])]:
        rule = Text("缺少这一列", "this column is missing")
        raise FaultsError([Fault(field=name, value="", rule=rule) for name in missing])
    faults: list[Fault] = []
    rows: list[Guidance] = []
    editions: set[tuple[str, str]] = set()
    for n, row in enumerate(reader, start=2):
        cells = {name: (row.get(name) or "").strip() for name in COLUMNS}
        wrong = _wrong(cells, n)
        faults += wrong
        editions.add((cells["edition"], cells["source"]))
        if not wrong:
            rows.append(_guidance(cells))
    faults += _whole(rows, editions)
    if faults:
        raise FaultsError(faults)
    edition, source = next(iter(editions))
    return GreenTable(edition=edition, source=source, rows=tuple(rows))


def _wrong(cells: dict[str, str], n: int) -> list[Fault]:
    def fault(name: str, zh: str, en: str) -> Fault:
        return Fault(field=name, value=cells[name][:100], rule=Text(zh, en), row=n)

    found = []
    if not _UN.fullmatch(cells["un"]):
        found.append(fault("un", "应为 4 位数字", "must be four digits"))
    if cells["spill"] not in list(Spill):
        found.append(fault("spill", "应为 small 或 large", "must be small or large"))
    for name in ("isolation_m", "protect_day_m", "protect_night_m"):
        said = _DISTANCE.fullmatch(cells[name])
        if not said or not 0.0 < float(said[1]) <= FARTHEST:
            limit = f"{FARTHEST:.0f}"
            found.append(
                fault(name, f"应为 0 到 {limit} 的米数,可带“+”", f"must be metres up to {limit}, with + if more")
            )
    found += [fault(name, "必须填写", "is required") for name in ("name", "edition", "source") if not cells[name]]
    return found


def _guidance(cells: dict[str, str]) -> Guidance:
    def reach(name: str) -> Reach:
        return Reach(metres=float(cells[name].rstrip("+")), more=cells[name].endswith("+"))

    return Guidance(
        un=cells["un"], name=cells["name"], spill=Spill(cells["spill"]), isolation=reach("isolation_m"),
        protect_day=reach("protect_day_m"), protect_night=reach("protect_night_m"),
    )  # fmt: skip


def _whole(rows: list[Guidance], editions: set[tuple[str, str]]) -> list[Fault]:
    """What is wrong of the table as a whole: no rows, rows twice, more than one edition."""
    found = []
    if not rows and not editions:
        found.append(Fault(field="un", value="", rule=Text("表中没有行", "the table has no rows")))
    if len(editions) > 1:
        rule = Text("全表应为同一版本和出处", "one edition and source for the whole table")
        found.append(Fault(field="edition", value=", ".join(sorted(one for one, _ in editions))[:100], rule=rule))
    seen: set[tuple[str, str, Spill]] = set()
    for one in rows:
        mark = (one.un, one.name, one.spill)
        if mark in seen:
            rule = Text("同一 UN 号、名称和泄漏量出现两次", "the same UN number, name and spill twice")
            found.append(Fault(field="un", value=f"{one.un} {one.name} {one.spill}", rule=rule))
        seen.add(mark)
    return found
