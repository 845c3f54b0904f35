"""What is harmless alone and grave together: declared conditions over signals near each other in place and time."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from core.errors import BadInputError
from core.texts import Text
from core.units import Fraction, Metre
from gis.measure import distances
from gis.shapes import LonLat
from monitoring.risk.counting import GAS

FILE = Path(__file__).with_name("data") / "compounds.json"

SIGNALS = pa.schema(
    [
        ("signal", pa.string()),
        ("code", pa.string()),
        ("enterprise", pa.string()),
        ("lon", pa.float64()),
        ("lat", pa.float64()),
        ("from", pa.timestamp("us", "UTC")),
        ("to", pa.timestamp("us", "UTC")),
    ]
)
"""One row for each thing seen: a ticket, a point whose gas rises, a person on video. `to` is null while it lasts."""

CODES_SAID = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A signal that must be there too: how near, and how long ago it may have ended.

    None metres: anywhere at the anchor's own enterprise. `others`: what the anchor itself shows does not count.
    """

    signal: str
    metres: Metre | None
    lately: timedelta
    others: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """All parts together about one anchor."""

    id: str
    title: Text
    level: int
    anchor: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rising:
    """Gas rises where a straight line through the last minutes gains this share of the high limit in that time."""

    minutes: float
    share: Fraction
    fewest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """The conditions, what each signal is called, and what rising means; all of it ours, as `source` says."""

    source: Text
    signals: Mapping[str, Text]
    rising: Rising
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compound:
    """A condition that holds: about what, where, since when, and why in words; `sources` are the rows it rests on."""

    condition: Condition
    anchor: str
    enterprise: str
    place: LonLat
    since: datetime
    cause: Text
    sources: tuple[str, ...]


@cache
def declared() -> Declared:
    """As shipped; a condition about a signal that has no words is refused."""
    given = json.loads(FILE.read_text(encoding="utf-8"))
    conditions = tuple(
        Condition(
            id=one["id"], title=Text(*one["title"]), level=one["level"], anchor=one["anchor"],
            parts=tuple(
                Part(
                    signal=part["signal"], metres=part["metres"], lately=timedelta(minutes=part["minutes"]),
                    others=part.get("others", False),
                )
                for part in one["parts"]
            ),
        )
        for one in given["conditions"]
    )  # fmt: skip
    named = {name for one in conditions for name in (one.anchor, *(part.signal for part in one.parts))}
    if not named <= set(given["signals"]):
        raise ValueError(f"signals without words: {sorted(named - set(given['signals']))}")
    rising = given["gas_rising"]
    return Declared(
        source=Text(*given["source"]),
        signals={name: Text(*words) for name, words in given["signals"].items()},
        rising=Rising(minutes=rising["minutes"], share=rising["share_of_high"], fewest=rising["fewest"]),
        conditions=conditions,
    )


def compounds(signals: pa.Table, at: datetime, rules: Declared | None = None) -> list[Compound]:
    """Every condition that holds at a moment, the gravest first; anchors are few, all near one is found at once."""
    rules = rules or declared()
    lacking = [name for name in SIGNALS.names if name not in signals.column_names]
    if lacking:
        raise BadInputError(Text(f"缺少列 {lacking[0]}", f"column {lacking[0]} is missing"), field=lacking[0])
    frame = signals.select(SIGNALS.names).to_pandas()
    now = pd.Timestamp(at)
    frame = frame[frame["from"] <= now]
    found = [
        held
        for condition in rules.conditions
        for anchor in frame[(frame["signal"] == condition.anchor) & _since(frame, now)].itertuples(
            index=False, name=None
        )
        if (held := _held(condition, anchor, frame, now, rules)) is not None
    ]
    return sorted(found, key=lambda one: (one.condition.level, one.since))


def _since(frame: pd.DataFrame, now: pd.Timestamp) -> "pd.Series[bool]":
    return frame["to"].isna() | (frame["to"] > now)


def _held(
    condition: Condition, anchor: tuple[Any, ...], frame: pd.DataFrame, now: pd.Timestamp, rules: Declared
) -> Compound | None:
    signal, code, enterprise, lon, lat, begun, _ = anchor
    place = LonLat(float(lon), float(lat))
    said = [_words(rules, signal, [code], None)]
    since, sources = begun, [code]
    for part in condition.parts:
        near = frame[(frame["signal"] == part.signal) & _since(frame, now - part.lately)]
        if part.others:
            near = near[near["code"] != code]
        if part.metres is None:
            near = near[near["enterprise"] == enterprise]
        else:
            near = near[distances(place, near["lon"], near["lat"]) <= part.metres]
        if not len(near):
            return None
        codes = list(dict.fromkeys(near["code"]))
        said.append(_words(rules, part.signal, codes, part.metres))
        since, sources = max(since, near["from"].min()), sources + codes
    zh, en = (join.join(words) for join, words in ((",", [one.zh for one in said]), ("; ", [one.en for one in said])))
    return Compound(
        condition=condition, anchor=str(code), enterprise=str(enterprise), place=place, since=since.to_pydatetime(),
        cause=Text(f"{condition.title.zh}:{zh}", f"{condition.title.en}: {en}"), sources=tuple(sources),
    )  # fmt: skip


def _words(rules: Declared, signal: str, codes: list[str], metres: Metre | None) -> Text:
    near = Text("", "") if metres is None else Text(f"{metres:g} 米内", f" within {metres:g} m")
    more = len(codes) - CODES_SAID
    zh = {"codes": "、".join(codes[:CODES_SAID]), "near": near.zh}
    en = {"codes": ", ".join(codes[:CODES_SAID]), "near": near.en}
    if more > 0:
        zh["codes"], en["codes"] = f"{zh['codes']}等 {len(codes)} 处", f"{en['codes']} and {more} more"
    words = rules.signals[signal]
    return Text(words.zh.format(**zh), words.en.format(**en))


def gas_rising(readings: pa.Table, sensors: pa.Table, at: datetime, rising: Rising | None = None) -> pa.Table:
    """Signals of the gas detectors whose readings (`key, at, value`) rise; bad ones and too few tell nothing.

    `sensors` has `code, enterprise, kind, high, lon, lat`. A straight line by least squares for each point at once.
    """
    rising = rising or declared().rising
    about = sensors.select(["code", "enterprise", "kind", "high", "lon", "lat"]).to_pandas()
    about = about[about["kind"].isin(GAS) & about["high"].notna()].reset_index(drop=True)
    frame = readings.select(["key", "at", "value"]).to_pandas()
    begin = pd.Timestamp(at) - timedelta(minutes=rising.minutes)
    place = pd.Index(about["code"]).get_indexer(frame["key"].astype(str))
    used = (place >= 0) & (frame["at"] > begin) & (frame["at"] <= pd.Timestamp(at)) & frame["value"].notna()
    place, minute = place[used], (frame["at"][used] - begin).dt.total_seconds().to_numpy(dtype=float) / 60
    value, count = frame["value"][used].to_numpy(dtype=float), len(about)

    def total(weights: np.ndarray) -> np.ndarray:
        return np.bincount(place, weights, minlength=count)

    many = total(np.ones(len(place)))
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = total(minute * minute) - total(minute) ** 2 / many
        slope = (total(minute * value) - total(minute) * total(value) / many) / spread
    high = about["high"].to_numpy(dtype=float)
    hit = (many >= rising.fewest) & (slope * rising.minutes >= rising.share * high)
    rows = about[np.nan_to_num(hit).astype(bool)]
    return pa.table(
        {
            "signal": pa.array(["gas_rising"] * len(rows), pa.string()),
            "code": pa.array(rows["code"], pa.string()),
            "enterprise": pa.array(rows["enterprise"], pa.string()),
            "lon": pa.array(rows["lon"], pa.float64()),
            "lat": pa.array(rows["lat"], pa.float64()),
            "from": pa.array([begin.to_pydatetime()] * len(rows), SIGNALS.field("from").type),
            "to": pa.array([None] * len(rows), SIGNALS.field("to").type),
        }
    )
