"""The layers OpenStreetMap can fill; `kinds.csv` says by which tags, with the page that defines each of them."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.errors import BadInputError
from core.texts import Text
from layers.readers.osm.tags import Column, first, given, implied_oneway, metres, number, speed, yes

FOLDER = Path(__file__).parent
CONFIGURATION = FOLDER / "conf.ini"
ANY = "*"
RANKS = {"city": 1, "district": 2, "town": 3, "village": 4}
"""Label ranks of places; every other kind is 5."""

ADDRESS = first("addr:full", ("addr:city", "addr:street", "addr:housenumber"))
NAME = first("name:zh", "name")


@dataclass(frozen=True, kw_only=True)
class Preset:
    """Where a layer's objects are among what GDAL reports, and how each field is made from their tags."""

    layer: str
    sources: tuple[str, ...]
    fields: dict[str, Column]
    points: bool = False


PRESETS: dict[str, Preset] = {
    one.layer: one
    for one in (
        Preset(
            layer="roads",
            sources=("lines",),
            fields={
                "name": NAME,
                "ref": first("ref"),
                "lanes": number("lanes", most=20),
                "oneway": implied_oneway,
                "speed_limit": speed("maxspeed"),
                "bridge": yes("bridge"),
                "tunnel": yes("tunnel"),
                "height_limit": metres("maxheight", most=20),
                "hazchem_banned": given("hazmat", "no"),
            },
        ),
        Preset(
            layer="buildings",
            sources=("multipolygons",),
            fields={
                "name": NAME,
                "floors": number("building:levels", most=200),
                "height": metres("height", most=1000),
                "address": ADDRESS,
            },
        ),
        Preset(
            layer="water",
            sources=("multipolygons",),
            fields={"name": NAME, "drinking": given("drinking_water", "yes")},
        ),
        Preset(layer="landuse", sources=("multipolygons",), fields={"name": NAME}),
        Preset(layer="places", sources=("points",), fields={"name": NAME, "name_en": first("name:en")}),
        Preset(
            layer="hospitals",
            sources=("points", "multipolygons"),
            points=True,
            fields={
                "name": NAME,
                "beds": number("beds", most=20_000),
                "emergency_phone": first("phone", "contact:phone"),
                "address": ADDRESS,
            },
        ),
        Preset(
            layer="fire_stations",
            sources=("points", "multipolygons"),
            points=True,
            fields={"name": NAME, "duty_phone": first("phone", "contact:phone"), "address": ADDRESS},
        ),
        Preset(
            layer="protection_targets",
            sources=("points", "multipolygons"),
            points=True,
            fields={"name": NAME, "contact_phone": first("phone", "contact:phone"), "address": ADDRESS},
        ),
    )
}


def preset(layer: str | None) -> Preset:
    """The preset of a layer; BadInputError lists those there are."""
    found = PRESETS.get(layer or "")
    if found is None:
        known = "、".join(PRESETS)
        raise BadInputError(
            Text(f"OpenStreetMap 不能装入“{layer}”,可用:{known}", f"OpenStreetMap cannot fill {layer!r} but {known}"),
            field="layer", value=layer or "",
        )  # fmt: skip
    return found


@cache
def kinds(layer: str) -> tuple[dict[str, str], ...]:
    """The rows of `kinds.csv` for a layer, in the order they count."""
    with (FOLDER / "kinds.csv").open(encoding="utf-8", newline="") as file:
        return tuple(row for row in csv.DictReader(file) if row["layer"] == layer)


def selected(layer: str, table: pa.Table) -> tuple[np.ndarray, pa.Array | None]:
    """Which objects belong to a layer, and the code each has for the layer's kind, if it has one.

    The first line of the table that fits decides; a line without a code leaves the object out.
    """
    codes = pa.nulls(table.num_rows, pa.string())
    for row in kinds(layer):
        if row["key"] not in table.column_names:
            continue
        value = table[row["key"]].combine_chunks()
        fits = pc.is_valid(value) if row["value"] == ANY else pc.equal(value, row["value"])
        codes = pc.if_else(pc.and_(pc.is_null(codes), pc.fill_null(fits, False)), row["code"], codes)
    taken = np.asarray(pc.fill_null(pc.greater(pc.utf8_length(codes), 0), False).to_numpy(zero_copy_only=False), bool)
    coded = any(row["field"] for row in kinds(layer))
    return taken, codes.filter(pa.array(taken)) if coded else None
