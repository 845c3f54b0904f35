"""The ground field as a file: true to the field cell by cell, the same bytes each time, valid for those who check."""

import subprocess
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.features import rasterize
from rasterio.io import MemoryFile

from core.errors import BadInputError
from emergency.chain import computed, field_of
from emergency.grids import Ground, cog, ground, round_step
from emergency.scenario import scenario
from gis.measure import distances
from gis.placing import along_and_left
from gis.shapes import LonLat
from tests.emergency.test_chain import AT
from tests.emergency.test_field import KINDS, asked
from tests.emergency.test_scenario import with_change

DEBIAN = Path("/usr/bin/python3")


def drawn(kind: str) -> Ground:
    return ground(asked(kind), code_version="test")


@pytest.mark.parametrize("kind", KINDS)
def test_a_cell_is_the_field_at_its_centre_and_the_zones_are_where_the_cells_say(kind: str) -> None:
    wish, found = asked(kind), drawn(kind)
    scale = 1e6 if found.unit == "ppm" else 1.0
    with MemoryFile(cog(found)) as memory, memory.open() as raster:
        assert raster.crs.to_epsg() == 4490
        assert raster.transform.a > 0 > raster.transform.e
        values, transform = raster.read(1), raster.transform
        rows, columns = (np.linspace(0, size - 1, 9).astype(int) for size in raster.shape)
    lon, lat = transform @ (columns + 0.5, rows + 0.5)
    x, y = along_and_left(wish.place.point, wish.weather.wind_from + 180.0, lon, lat)
    there = values[rows, columns]
    known = ~np.isnan(there)
    assert there[known] == pytest.approx(scale * field_of(wish).at(x, y)[known], rel=1e-5, abs=1e-30)
    for zone in computed(wish, at=AT, code_version="test").zones:
        if zone.level.unit != found.unit or zone.cut != "none":
            continue
        covered = rasterize([zone.shape], out_shape=values.shape, transform=transform).astype(bool)
        above = values >= zone.level.value
        assert np.count_nonzero(covered ^ above) <= 0.05 * above.sum() + 4 * zone.distance / found.cell


def test_cells_are_square_in_metres_at_the_source_and_north_is_true() -> None:
    wish, found = asked("passive"), drawn("passive")
    rows, columns = found.grid.values.shape
    box = found.grid.bounds
    wide, high = (box.east - box.west) / columns, (box.north - box.south) / rows
    source = wish.place.point
    east, north = distances(source, [source.lon + wide, source.lon], [source.lat, source.lat + high])
    assert east == pytest.approx(found.cell, rel=1e-6)
    assert north == pytest.approx(found.cell, rel=1e-4)


def test_the_file_has_the_same_bytes_each_time_and_says_what_it_is() -> None:
    data = cog(drawn("passive"))
    assert data == cog(drawn("passive"))
    with MemoryFile(data) as memory, memory.open() as raster:
        tags = raster.tags()
        assert raster.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert raster.overviews(1) == [2]
        assert np.isnan(raster.nodata)
        assert raster.units == ("ppm",)
        whole = raster.read(1)
        coarse = raster.read(1, out_shape=(raster.height // 2 + 1, raster.width // 2 + 1))
    assert set(np.unique(coarse)) <= set(np.unique(whole))  # overviews invent no value
    receipt = computed(asked("passive"), at=AT, code_version="test").receipt
    assert tags["ONEMAP_FINGERPRINT"] == receipt.fingerprint
    assert tags["ONEMAP_MODELS"].split(",") == [one.id for one in receipt.models]
    assert tags["ONEMAP_AVERAGING_TIME_SECONDS"] == "180"
    assert tags["ONEMAP_VERIFIED"].startswith("no")
    assert tags["ONEMAP_CODE_VERSION"] == "test"


def test_beyond_the_models_distance_there_is_no_data() -> None:
    strong = {"kind": "direct", "mass_rate": "500 kg/s", "duration": "1 h"}
    wish = scenario(with_change(release=strong, model="passive"))
    found = ground(wish, code_version="test")
    box = found.grid.bounds
    corner = LonLat(box.west, box.south)  # the farthest downwind, the wind from the north-east
    x, _ = along_and_left(wish.place.point, 225.0, [corner.lon], [corner.lat])
    assert x[0] > 10_000
    assert np.isnan(found.grid.values[-1, 0])
    assert not np.isnan(found.grid.values[0, -1])


def test_without_any_level_reached_there_is_nothing_to_draw() -> None:
    own = [{"name": "极高", "value": 1e6, "unit": "W/m2"}]
    with pytest.raises(BadInputError, match="level"):
        ground(scenario(with_change(**KINDS["fireball"], levels=own)), code_version="test")


@pytest.mark.parametrize(
    ("least", "step"), [(0.9, 1.0), (1.0, 1.0), (1.1, 2.0), (2.3, 5.0), (13.0, 20.0), (60.0, 100.0)]
)
def test_cells_have_round_sizes(least: float, step: float) -> None:
    assert round_step(least) == pytest.approx(step)


@pytest.mark.system
@pytest.mark.parametrize("kind", ["passive", "fireball", "tnt"])
def test_gdals_own_validator_accepts_the_file(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "one.tif"
    path.write_bytes(cog(drawn(kind)))
    checker = [str(DEBIAN), "-m", "osgeo_utils.samples.validate_cloud_optimized_geotiff", "-q", str(path)]
    found = subprocess.run(checker, check=False, capture_output=True, text=True)
    assert found.returncode == 0, found.stdout + found.stderr
    with rasterio.open(path) as raster:
        assert raster.block_shapes == [(128, 128)]
