"""A file of OpenStreetMap read for one layer."""

from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyogrio
import shapely

from core.texts import Text
from layers.readers.delimited import Progress
from layers.readers.osm.presets import CONFIGURATION, RANKS, Preset, selected
from layers.readers.osm.tags import backwards
from layers.readers.vectors import columns

SOURCE = "OpenStreetMap(© OpenStreetMap 贡献者,ODbL 1.0)"
_LETTERS = {"points": "n", "lines": "w"}
MEASURED = {
    "lanes": "lanes",
    "speed_limit": "maxspeed",
    "height_limit": "maxheight",
    "floors": "building:levels",
    "height": "height",
    "beds": "beds",
}
"""Fields made from tags that may be written in ways nobody can convert."""
LEAST_MEMORY, MOST_MEMORY = 64, 1000
"""Megabytes in which GDAL keeps nodes, cleared before it begins; what goes beyond is kept in a file."""

EXPANDED = 50
"""Bytes of memory for a byte of a file in which each node is far from the next one's number."""


def objects(path: Path, wanted: Preset, progress: Progress) -> tuple[pa.Table, list[Text]]:
    """Columns by field name with `geometry` in WGS 84, one row an object; the key is its type and number (`w123`)."""
    memory = min(MOST_MEMORY, LEAST_MEMORY + EXPANDED * path.stat().st_size // 1_000_000)
    pyogrio.set_gdal_config_options({"OSM_MAX_TMPFILE_SIZE": str(memory)})
    tables, read = [], 0
    notes: list[Text] = []
    for source in wanted.sources:
        table, _ = columns(path, source, partial(_onward, progress, read), CONFIG_FILE=str(CONFIGURATION))
        read += table.num_rows
        taken, codes = selected(wanted.layer, table)
        tables.append(_rows(wanted, source, table.filter(pa.array(taken)), codes, notes))
    found = pa.concat_tables(tables)
    notes.append(
        Text(f"从 {read} 个对象中选出 {found.num_rows} 个", f"{found.num_rows} of {read} objects belong to the layer")
    )
    return found, notes


def _onward(progress: Progress, before: int, count: int) -> None:
    progress(before + count)


def _rows(wanted: Preset, source: str, table: pa.Table, codes: pa.Array | None, notes: list[Text]) -> pa.Table:
    made: dict[str, pa.Array] = {"code": _keys(source, table)}
    if codes is not None:
        made["kind"] = codes
        if wanted.layer == "places":
            ranks = pa.array(list(RANKS.values()), pa.int64())
            made["rank"] = pc.fill_null(ranks.take(pc.index_in(codes, value_set=pa.array(list(RANKS)))), 5)
    for field, make in wanted.fields.items():
        made[field] = make(table)
        tag = MEASURED.get(field)
        if tag is not None and tag in table.column_names:
            lost = pc.sum(pc.and_(pc.is_valid(table[tag].combine_chunks()), pc.is_null(made[field]))).as_py()
            if lost:
                notes.append(
                    Text(f"标签 {tag} 有 {lost} 个值无法换算,未填", f"{lost} values of {tag} could not be converted")
                )
    made["source"] = pa.repeat(pa.scalar(SOURCE, pa.string()), table.num_rows)
    made["source_datum"] = pa.repeat(pa.scalar("WGS84", pa.string()), table.num_rows)
    if "osm_timestamp" in table.column_names:
        made["observed_at"] = table["osm_timestamp"].cast(pa.timestamp("us", "UTC"))
    shapes = shapely.from_wkb(table["geometry"].to_numpy(), on_invalid="ignore")
    if wanted.layer == "roads":
        against = backwards(table)
        shapes[against] = shapely.reverse(shapes[against])
    if wanted.points:
        shapes = np.asarray(shapely.point_on_surface(shapes))
    made["geometry"] = pa.array(shapely.to_wkb(shapes).tolist(), pa.binary())
    return pa.table(made)


def _keys(source: str, table: pa.Table) -> pa.Array:
    number = table["osm_id"].combine_chunks().cast(pa.string())
    if source != "multipolygons":
        return pc.binary_join_element_wise(_LETTERS[source], number, "")
    way = table["osm_way_id"].combine_chunks().cast(pa.string())
    relation = pc.binary_join_element_wise("r", number, "")
    return pc.if_else(pc.is_valid(way), pc.binary_join_element_wise("w", way, ""), relation)
