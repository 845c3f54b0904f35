"""What one request to the services may ask for, read from `limits.json` with why: none of it stands in code."""

from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

import orjson

from core.texts import Lang

FILE = Path(__file__).with_name("limits.json")
STATUSES = {"local": "本系统取值 / our choice", "standard": "标准规定 / by the standard"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Counts, bytes and seconds as the declaration says of each."""

    request_bytes: int
    parameters: int
    filter_text: int
    filter_document: int
    filter_depth: int
    filter_parts: int
    filter_values: int
    xml_depth: int
    json_depth: int
    shape_vertices: int
    shape_vertices_measured: int
    shape_crowding: int
    shape_crowding_edges: int
    pattern_wildcards: int
    features_edited: int
    items_page: int
    map_side: int
    map_layers: int
    map_pixels: int
    map_times: int
    map_condition_features: int
    style_bytes: int
    style_rules: int
    info_features: int
    tile_features: int
    tile_corners: int
    coverage_cells: int
    coverage_side: int
    coverage_json_cells: int
    edr_points: int
    edr_readings: int
    process_bytes: int
    process_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One limit as it is declared; its words in Chinese and English, parted by a stroke."""

    id: str
    value: int
    unit: str
    title: str
    source: str
    status: str

    def told(self, lang: Lang) -> dict[str, object]:
        """For a table."""
        words = {name: _in(lang, getattr(self, name)) for name in ("unit", "title", "source")}
        return {"id": self.id, "value": self.value, **words, "status": _in(lang, STATUSES[self.status])}


@cache
def declared() -> tuple[Limit, ...]:
    """The limits in force, in order; one that is missing, unknown or without a reason stops the start."""
    found = tuple(Limit(**entry) for entry in orjson.loads(FILE.read_bytes()))
    wanted = [field.name for field in fields(Limits)]
    if sorted(one.id for one in found) != sorted(wanted):
        raise ValueError(f"limits.json must name exactly {wanted}, each once")
    for one in found:
        words = (one.unit, one.title, one.source)
        if not isinstance(one.value, int) or one.value < 1 or one.status not in STATUSES or not all(map(_both, words)):
            raise ValueError(f"limits.json: {one.id} must have a whole value, a status and words in two languages")
    return found


def table() -> str:
    """The limits as docs/services.md has them."""
    said = (one.told(Lang.EN) for one in declared())
    rows = (f"| {one['title']} | {one['value']:,} {one['unit']} | {one['source']} |" for one in said)
    return "\n".join(("| of one request | at most | why |", "|---|---|---|", *rows))


def _both(words: str) -> bool:
    return len(words.split(" / ")) == 2


def _in(lang: Lang, words: str) -> str:
    zh, en = words.split(" / ")
    return en if lang is Lang.EN else zh


LIMITS = Limits(**{one.id: one.value for one in declared()})
