"""What a brief says: gathered once, under the rights of whoever makes it, with the state of the data it shows."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.caller import Caller
from core.clock import CHINA
from core.texts import Lang, Text
from dashboards.brief.signs import RISK_SHAPES
from dashboards.queries.card import card
from dashboards.queries.people import people_inside
from dashboards.queries.points import grades, symbols
from dashboards.queries.tree import grade_words
from dashboards.queries.within import Found, Reach, asked, found, phone_fields, phones, placed
from dashboards.queries.wording import area_names, code_label, length
from dashboards.questions import Question, bad, layer_of
from dashboards.screens import Screens
from layers.layer import Layer
from store.snapshots import Snapshot

MOST_ROWS = 300
"""Objects of one layer listed and drawn; what is left out is counted and said."""

MOST_LAYERS = 12
_SOURCES_NAMED = 3
_WHAT_EVERY_CITY_HAS = re.compile(r"(安全生产一张图|\s*work-safety map)$", re.IGNORECASE)
_DISTRICT = 6
"""Digits of a code down to the district: the prefix 9901 stands for the city 990100."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """The objects of one layer inside, nearest first, column by column; `count` is all of them, listed or not."""

    layer: str
    title: str
    count: int
    keys: list[str]
    names: list[str]
    addresses: list[str]
    phone: list[str | None]
    phone_kept: bool
    has_phone: bool
    grade: list[int]
    grade_words: list[str]
    symbol: list[str]
    distance: list[float]
    bearing: list[float]
    lon: list[float]
    lat: list[float]
    owner: str
    sources: str
    newest: datetime | None

    @property
    def left_out(self) -> int:
        """How many are counted but not listed."""
        return self.count - len(self.names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The object a brief was made about: its name, layer and what its card says first."""

    name: str
    layer: str
    layer_title: str
    key: str
    pairs: list[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """Everything in the document, words already in the reader's language."""

    lang: Lang
    city: str
    place: str
    what: str
    reach: Reach
    subject: Subject | None
    blocks: list[Block]
    without: list[str]
    people: dict[str, Any] | None
    made_at: datetime
    maker: str
    areas: str
    clearance: str
    head: int
    written_at: datetime | None
    demo: bool
    approval: str

    @property
    def count(self) -> int:
        """Objects inside."""
        return sum(block.count for block in self.blocks)

    @property
    def listed(self) -> int:
        """Objects in the document."""
        return sum(len(block.names) for block in self.blocks)

    @property
    def filename(self) -> str:
        """`简报_云澜市_20261127-2350.html`, by local time."""
        moment = self.made_at.astimezone(CHINA).strftime("%Y%m%d-%H%M")
        return f"{Text('简报', 'brief').of(self.lang)}_{self.place}_{moment}.html"


def gather(screens: Screens, question: Question, caller: Caller) -> Brief:
    """The brief on a question: all objects as of one moment, the one that the document names."""
    if len(question.layers) > MOST_LAYERS:
        rule = Text(f"一份简报最多 {MOST_LAYERS} 个图层", f"a brief holds {MOST_LAYERS} layers at most")
        raise bad("layers", str(len(question.layers)), rule)
    with screens.store.snapshot() as moment:
        head, (blocks, without) = moment.head, _blocks(moment, question, caller)
    lang, scope = caller.lang, caller.scope
    people = people_inside(screens.shelf, question.reach.outline, scope=scope, lang=lang)
    last = screens.store.feed(after=head - 1, scope=scope, limit=1)
    subject = _subject(screens, question, caller)
    return Brief(
        lang=lang,
        city=screens.title.of(lang),
        place=place_of(screens.title, lang),
        what=_what(question.reach, subject, lang),
        reach=question.reach,
        subject=subject,
        blocks=blocks,
        without=without,
        people=people,
        made_at=screens.clock(),
        maker=caller.actor.name,
        areas=areas_told(screens, caller),
        clearance=code_label("sensitivity", int(scope.clearance), lang),
        head=head,
        written_at=last[0].at if last and last[0].seq == head else None,
        demo=screens.demo,
        approval=screens.map_approval_no,
    )


def place_of(title: Text, lang: Lang) -> str:
    """The city in a screen's title, fit for a file's name."""
    short = _WHAT_EVERY_CITY_HAS.sub("", title.of(lang)) or title.of(lang)
    return "".join(c if c.isalnum() else "-" for c in short).strip("-") or "OneMap"


def _what(reach: Reach, subject: Subject | None, lang: Lang) -> str:
    if reach.radius is None:
        return Text("多边形范围", "Inside a polygon").of(lang)
    radius = length(reach.radius)
    if subject is None:
        return Text(f"半径 {radius} 范围", f"Within {radius}").of(lang)
    return Text(f"{subject.name}周边 {radius}", f"Within {radius} of {subject.name}").of(lang)


def areas_told(screens: Screens, caller: Caller) -> str:
    """The areas whose rows the caller sees, by name, and whether of one enterprise only."""
    own = "" if caller.scope.enterprises is None else Text(";仅本企业数据", "; own enterprise only").of(caller.lang)
    if caller.scope.everywhere:
        return Text("全部行政区划", "every area").of(caller.lang) + own
    names = area_names(screens.store, caller.scope)
    listed = (names.get(code) or names.get(code.ljust(_DISTRICT, "0"), code) for code in caller.scope.areas)
    return "、".join(listed) + own


def _subject(screens: Screens, question: Question, caller: Caller) -> Subject | None:
    about = question.body.get("subject")
    if about is None:
        return None
    if not isinstance(about, dict) or not isinstance(about.get("key"), str):
        raise bad("subject", str(about)[:60], Text("须有 layer 与 key", "must have layer and key"))
    layer = layer_of(screens, caller, str(about.get("layer")))
    told = card(screens.store, None, layer, about["key"], screens.clock(), scope=caller.scope, lang=caller.lang)
    pairs = [pair for part in told["sections"] if part["id"] == "basics" for pair in part["pairs"]]
    title = told["layer_title"]
    return Subject(name=told["title"], layer=layer.id, layer_title=title, key=about["key"], pairs=pairs)


def _blocks(moment: Snapshot, question: Question, caller: Caller) -> tuple[list[Block], list[str]]:
    """A block for each layer that has something inside, and the titles of those that have nothing."""
    scope, lang = caller.scope, caller.lang
    blocks, without = [], []
    for layer in placed(question.layers):
        more = (layer.style.grade, layer.style.by, "address", "source", "observed_at")
        query = asked(layer, question.reach, scope, tuple(name for name in more if name))
        table = pa.Table.from_batches(list(moment.batches(layer, query, scope=scope)))
        every = found(layer, table, question.reach)
        if every.table.num_rows:
            blocks.append(_block(every, caller))
        else:
            without.append(layer.title.of(lang))
    return blocks, without


def _block(every: Found, caller: Caller) -> Block:
    layer, lang = every.layer, caller.lang
    shown, said = every.nearest(MOST_ROWS), layer.told_precision(caller.scope)
    fields, kept = phone_fields(layer, caller.scope)
    graded = layer.style.grade is not None and layer.style.grade in shown.table.column_names
    levels = grades(shown.table, layer.style.grade).tolist()
    column = every.table.column_names
    address = shown.table["address"].to_pylist() if "address" in column else [""] * len(levels)
    return Block(
        layer=layer.id,
        title=layer.title.of(lang) + (f"({said.of(lang)})" if said is not None else ""),
        count=every.table.num_rows,
        keys=shown.table[layer.key].to_pylist(),
        names=[str(name) for name in shown.labels],
        addresses=[str(words or "") for words in address],
        phone=phones(shown.table, fields),
        phone_kept=kept,
        has_phone=kept or bool(fields),
        grade=levels,
        grade_words=[word.of(lang) for word in grade_words(layer)] if graded else [],
        symbol=_symbol(layer, shown, levels if graded else None),
        distance=shown.distance.tolist(),
        bearing=shown.bearing.tolist(),
        lon=shown.lon.round(6).tolist(),
        lat=shown.lat.round(6).tolist(),
        owner=layer.owner.of(lang),
        sources=_sources(every, lang),
        newest=pc.max(every.table["observed_at"]).as_py() if "observed_at" in column else None,
    )


def _symbol(layer: Layer, shown: Found, levels: list[int] | None) -> list[str]:
    """The symbol of the kind, which has its own badge where the kind is the grade; for all other grades the shape."""
    names, picked = symbols(layer, shown.table)
    own: list[str] = np.array(names, dtype=object)[picked].tolist()
    if levels is None or layer.style.grade == layer.style.by:
        return own
    return [RISK_SHAPES[level] for level in levels]


def _sources(every: Found, lang: Lang) -> str:
    if "source" not in every.table.column_names:
        return ""
    named = sorted(filter(None, pc.unique(every.table["source"]).to_pylist()))
    rest = len(named) - _SOURCES_NAMED
    words = "、".join(named[:_SOURCES_NAMED]) or Text("未注明", "not stated").of(lang)
    return words + (Text(f" 等 {len(named)} 个", f" and {rest} more").of(lang) if rest > 0 else "")
