"""The ground field of a scenario as a raster: a Cloud Optimized GeoTIFF in EPSG:4490, true north up.

No value is resampled: each cell's is the field's at its centre, by the true distance and bearing from the source.
Longitude and latitude are kept, as of all the house's rasters, rather than a Gauss-Krüger zone: north is true, no
zone's edge cuts a grid, and the steps are chosen so that cells are square in metres at the source.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from core.canonical import canonical_json, sha256
from core.errors import BadInputError
from core.texts import Text
from core.units import Metre
from emergency.chain import field_in, part_of
from emergency.chain.part import Part
from emergency.evidence import Tier
from emergency.field import Field, Measure
from emergency.models.dispersion.zone import LIMIT
from emergency.scenario import Scenario
from gis.measure import ELLIPSOID
from gis.placing import along_and_left
from gis.shapes import Bounds
from gis.zonal import Grid

CELLS = {Measure.CONCENTRATION: 400, Measure.PRESSURE: 400, Measure.HEAT: 60}
"""Cells to the reach of the mildest level; a flame is a sum of hundreds of terms a cell, so it has fewer."""

STEPS = (1.0, 2.0, 5.0, 10.0)
MARGIN = 0.1
"""Of the reach, drawn round the zones."""

BLOCK = 128
"""Cells of a tile's edge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """The highest that passes over the ground: values in `unit`, NaN where the model says nothing; what it is by."""

    grid: Grid
    cell: Metre
    measure: Measure
    unit: str
    tags: Mapping[str, str]


def ground(scenario: Scenario, *, code_version: str) -> Ground:
    """The field over the box of the zones and a tenth of their reach around it.

    A cell is the round number of metres (1, 2 or 5 times a power of ten) at or above a 400th of the reach, a 60th for a
    fire; beyond the distance a cloud's model is good for there is no data.
    Raises BadInputError where no level is reached, so that there is no reach to draw.
    """
    part = part_of(scenario)
    field, source, away = field_in(part, scenario), scenario.place.point, scenario.weather.wind_from + 180.0
    reach = max((zone.distance for zone in part.zones), default=0.0)
    if reach <= 0.0:
        raise BadInputError(
            Text("没有达到任何限值,无网格可绘", "no level is reached: there is no grid to draw"), field="levels"
        )
    cell = round_step(reach / CELLS[field.measure])
    _, lat, _ = ELLIPSOID.fwd([source.lon] * 2, [source.lat] * 2, [0.0, 180.0], [1e3] * 2)
    lon, _, _ = ELLIPSOID.fwd([source.lon] * 2, [source.lat] * 2, [90.0, 270.0], [1e3] * 2)
    wide, high = (lon[0] - lon[1]) / 2e3 * cell, (lat[0] - lat[1]) / 2e3 * cell
    west, south, east, north = shapely.total_bounds([zone.shape for zone in part.zones if zone.reached])
    more = MARGIN * reach / cell
    columns = np.arange(np.floor((west - source.lon) / wide - more), np.ceil((east - source.lon) / wide + more))
    rows = np.arange(np.floor((south - source.lat) / high - more), np.ceil((north - source.lat) / high + more))[::-1]
    lons, lats = np.meshgrid(source.lon + (columns + 0.5) * wide, source.lat + (rows + 0.5) * high)
    x, y = along_and_left(source, away, lons.ravel(), lats.ravel())
    values = np.asarray(field.at(x, y), dtype=float).reshape(lons.shape)
    unit = field.measure.unit
    if field.measure is Measure.CONCENTRATION:
        values, unit = np.where(x.reshape(lons.shape) > LIMIT, np.nan, values * 1e6), "ppm"
    box = Bounds(
        source.lon + columns[0] * wide, source.lat + rows[-1] * high, source.lon + (columns[-1] + 1) * wide,
        source.lat + (rows[0] + 1) * high,
    )  # fmt: skip
    return Ground(
        grid=Grid(values, box), cell=cell, measure=field.measure, unit=unit,
        tags=_tags(scenario, part, field, unit, cell, code_version),
    )  # fmt: skip


def cog(drawn: Ground) -> bytes:
    """The grid as a Cloud Optimized GeoTIFF; the same grid has the same bytes.

    Overviews take single cells, never averages, which would lower the peaks. Values are 32-bit floats, NaN is no data.
    """
    from rasterio.io import MemoryFile
    from rasterio.transform import from_bounds

    values: NDArray[np.float32] = drawn.grid.values.astype(np.float32)
    rows, columns = values.shape
    with MemoryFile() as memory:
        with memory.open(
            driver="COG", width=columns, height=rows, count=1, dtype="float32", crs="EPSG:4490", nodata=np.nan,
            transform=from_bounds(*drawn.grid.bounds, columns, rows), compress="DEFLATE", predictor="FLOATING_POINT",
            blocksize=BLOCK, overview_resampling="NEAREST", num_threads="1",
        ) as out:  # fmt: skip
            out.write(values, 1)
            out.set_band_description(1, drawn.measure.text.en)
            out.set_band_unit(1, drawn.unit)
            out.update_tags(**drawn.tags)
        return bytes(memory.read())


def round_step(least: Metre) -> Metre:
    """The smallest of 1, 2 and 5 times a power of ten that is not below."""
    power = 10.0 ** np.floor(np.log10(least))
    return float(next(power * step for step in STEPS if power * step >= least * (1 - 1e-9)))


def _tags(scenario: Scenario, part: Part, field: Field, unit: str, cell: Metre, code_version: str) -> dict[str, str]:
    """What a reader of the file alone must know."""
    averaged = getattr(field, "averaging_time", None)
    weakest = max((card.tier for card in part.models), default=Tier.NONE)
    verified = (
        all(zone.verified for zone in part.zones) and all(one.verified for one in part.data) and weakest < Tier.NONE
    )
    said = {
        "TITLE": scenario.title, "QUANTITY": field.measure.value, "UNIT": unit, "CELL_METRES": f"{cell:g}",
        "AVERAGING_TIME_SECONDS": "not stated by the model" if averaged is None else f"{averaged:g}",
        "STATISTIC": "highest that passes", "MODELS": ",".join(dict.fromkeys(card.id for card in part.models)),
        "EVIDENCE": weakest.title.en, "FINGERPRINT": sha256(canonical_json(scenario.inputs())),
        "CODE_VERSION": code_version, "VERIFIED": "yes" if verified else "no (未核实)",
        "NOT_FOR": "not validated by any authority for evacuation decisions",
    }  # fmt: skip
    return {f"ONEMAP_{name}": value for name, value in said.items()}
