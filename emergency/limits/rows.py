"""Every limit and legal number that is shipped, as a row with the numbers a reader finds in its source."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from core.canonical import canonical_json, sha256
from core.errors import NotFoundError
from core.texts import Text
from emergency.chemicals.levels import Status
from emergency.chemicals.registry import substances

DATA = files("emergency") / "data"
NOT_RECOMMENDED = "NR"

TABLES: dict[str, Text] = {
    "toxicity": Text("毒性限值", "Toxicity levels"),
    "effects": Text("热辐射与超压限值", "Levels of heat and pressure"),
    "gb18218-1": Text("GB 18218 表1 临界量", "GB 18218 table 1, thresholds"),
    "gb18218-2": Text("GB 18218 表2、表4 类别", "GB 18218 tables 2 and 4, categories"),
    "gb18218-3": Text("GB 18218 表3 毒性气体 β", "GB 18218 table 3, beta of toxic gases"),
    "gb18218-5": Text("GB 18218 表5 人数修正 α", "GB 18218 table 5, alpha"),
    "probits": Text("毒性概率函数", "Toxic probits"),
    "loads": Text("危险毒性负荷", "Dangerous toxic loads"),
    "societal": Text("社会风险基准", "Societal risk criteria"),
}


@dataclass(frozen=True, slots=True)
class Number:
    """One number of a row as it is shipped; NR is what a body writes that recommends none."""

    name: str
    title: Text
    value: str
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitRow:
    """One row; `source` is where we have it from, which a reader holds against the document that sets it."""

    id: str
    table: str
    title: Text
    numbers: tuple[Number, ...]
    source: str
    status: Status
    note: str = ""

    @property
    def digest(self) -> str:
        """Of what was read: another number or unit makes every earlier reading lapse."""
        return sha256(canonical_json({one.name: [one.value, one.unit] for one in self.numbers}))[:16]


@cache
def limit_rows() -> dict[str, LimitRow]:
    """Every row by its id, in the order of the tables."""
    made = (_toxicity, _effects, _named, _categories, _gases, _people, _probits, _loads, _societal)
    every = [row for rows in made for row in rows()]
    found = {row.id: row for row in every}
    if len(found) != len(every):
        raise ValueError("two limits have one id")
    return found


def limit_row(row_id: str) -> LimitRow:
    """A row by its id."""
    found = limit_rows().get(row_id)
    if found is None:
        raise NotFoundError(Text(f"没有限值“{row_id}”", f"there is no limit {row_id!r}"), row=row_id)
    return found


def _toxicity() -> Iterator[LimitRow]:
    names = {one.cas: one.name for one in substances().values()}
    sources = dict(csv.reader((DATA / "toxicity_sources.csv").read_text("utf-8").splitlines()))
    for row in _csv("toxicity_levels.csv"):
        name = names.get(row["cas"], Text("", ""))
        minutes = row["averaging_min"]
        yield LimitRow(
            id="/".join(("toxicity", row["cas"], row["quantity"], minutes, row["source"])), table="toxicity",
            title=Text(
                f"{name.zh} {row['cas']} {row['quantity']} {minutes} 分".strip(),
                f"{name.en} {row['cas']} {row['quantity']} {minutes} min".strip(),
            ),
            numbers=(Number("value", Text("限值", "limit"), row["value"], row["unit"]),),
            source=sources[row["source"]], status=Status(row["status"]), note=row["note"],
        )  # fmt: skip


def _effects() -> Iterator[LimitRow]:
    read = json.loads((DATA / "effect_levels.json").read_text("utf-8"))
    for quantity, said in read.items():
        for row in said["rows"]:
            yield LimitRow(
                id=f"effects/{quantity}/{row['value']:g}", table="effects", title=Text(row["zh"], row["en"]),
                numbers=(Number("value", Text("限值", "level"), f"{row['value']:g}", said["unit"]),),
                source=said["source"], status=Status.VERIFIED if said["verified"] else Status.UNVERIFIED,
            )  # fmt: skip


def _named() -> Iterator[LimitRow]:
    for row in _csv("gb18218_table1.csv"):
        yield _row(
            "gb18218-1", row["serial"], Text(f"序号 {row['serial']} {row['zh']}", f"row {row['serial']} {row['zh']}"),
            row, Number("threshold_t", Text("临界量", "threshold"), row["threshold_t"], "t"),
        )  # fmt: skip


def _categories() -> Iterator[LimitRow]:
    for row in _csv("gb18218_table2.csv"):
        words = f"{row['symbol']} {row['hazard']} {row['description']}"
        yield _row(
            "gb18218-2", row["symbol"], Text(words, words), row,
            Number("threshold_t", Text("临界量", "threshold"), row["threshold_t"], "t"),
            Number("beta", Text("校正系数 β", "beta"), row["beta"], "1"),
        )  # fmt: skip


def _gases() -> Iterator[LimitRow]:
    for row in _csv("gb18218_table3.csv"):
        words = f"{row['zh']} {row['cas']}"
        yield _row(
            "gb18218-3", row["cas"], Text(words, words), row,
            Number("beta", Text("校正系数 β", "beta"), row["beta"], "1"),
        )  # fmt: skip


def _people() -> Iterator[LimitRow]:
    for row in _csv("gb18218_table5.csv"):
        yield _row(
            "gb18218-5", row["people_from"],
            Text(f"厂外人数 {row['people_from']} 人起", f"from {row['people_from']} people outside"), row,
            Number("alpha", Text("校正系数 α", "alpha"), row["alpha"], "1"),
        )  # fmt: skip


def _probits() -> Iterator[LimitRow]:
    for row in _csv("toxic_probits.csv"):
        words = f"{row['substance']} {row['cas']} ({row['set']}, {row['unit']}, min)"
        numbers = (Number(name, Text(name, name), row[name], "1") for name in ("a", "b", "n"))
        yield _row("probits", f"{row['set']}/{row['cas']}", Text(words, words), row, *numbers)


def _loads() -> Iterator[LimitRow]:
    for row in _csv("toxic_loads.csv"):
        words = f"{row['substance']} {row['cas']} {row['level']}"
        yield _row(
            "loads", f"{row['set']}/{row['cas']}/{row['level']}", Text(words, words), row,
            Number("n", Text("指数 n", "exponent n"), row["n"], "1"),
            Number("value", Text("负荷", "load"), row["value"], f"{row['unit']}^n.min"),
        )  # fmt: skip


def _societal() -> Iterator[LimitRow]:
    for one in json.loads((DATA / "risk_criteria.json").read_text("utf-8"))["societal"]:
        numbers = [Number("slope", Text("斜率", "slope"), f"{one['slope']:g}", "1")]
        for name, title in (("upper", Text("上线", "upper line")), ("lower", Text("下线", "lower line"))):
            if one[name] is not None:
                at = f"{one[name]['fatalities']:g}"
                anchor = Text(f"{title.zh} N={at} 处频率", f"{title.en}, frequency at N={at}")
                numbers.append(Number(name, anchor, f"{one[name]['frequency']:g}", "1/a"))
        yield LimitRow(
            id=f"societal/{one['id']}", table="societal", title=Text(**one["title"]), numbers=tuple(numbers),
            source=one["source"], status=Status.VERIFIED if one["verified"] else Status.UNVERIFIED,
        )  # fmt: skip


def _row(table: str, name: str, title: Text, row: dict[str, str], *numbers: Number) -> LimitRow:
    status = Status(row["status"]) if row["status"] in set(Status) else Status.UNVERIFIED
    return LimitRow(
        id=f"{table}/{name}", table=table, title=title, numbers=numbers, source=row["source"], status=status,
        note="" if row["status"] in set(Status) else row["status"],
    )  # fmt: skip


def _csv(name: str) -> Iterator[dict[str, str]]:
    yield from csv.DictReader((DATA / name).read_text("utf-8").splitlines())
