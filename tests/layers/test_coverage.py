"""Rasters are checked before they are kept, and read as GDAL reads them."""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

from core.errors import BadInputError, FaultsError, NotFoundError
from layers.coverage import COVERAGES, POPULATION, TERRAIN, checked_raster, coverage, raster_facts, reduce_raster
from tests.absent import absent
from tests.rasterfiles import geotiff


def gdalinfo(path: Path) -> dict[str, object]:
    """What GDAL itself says, in its own process."""
    if shutil.which("gdalinfo") is None:
        absent("gdal-bin")
    done = subprocess.run(["gdalinfo", "-json", "-mm", str(path)], capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


@pytest.mark.system
@pytest.mark.parametrize("name", ["population/burundi_worldpop.tif", "dem/ASTGTMV003_N36E122_dem.tif"])
def test_a_real_raster_is_read_as_gdal_reads_it(test_data: Path, name: str):
    facts, told = raster_facts(test_data / name), gdalinfo(test_data / name)
    band = told["bands"][0]  # type: ignore[index]
    corners = told["cornerCoordinates"]
    assert [facts.width, facts.height] == told["size"]
    assert (facts.least, facts.most) == (band["computedMin"], band["computedMax"])
    assert facts.nodata == band.get("noDataValue")
    assert list(facts.bounds) == pytest.approx([*corners["lowerLeft"], *corners["upperRight"]])  # type: ignore[index]


def test_a_real_population_and_a_real_terrain_are_taken(test_data: Path):
    assert checked_raster(POPULATION, test_data / "population/burundi_worldpop.tif").total == pytest.approx(9_131_486)
    assert checked_raster(TERRAIN, test_data / "dem/ASTGTMV003_N36E122_dem.tif").most == 506


def test_a_terrain_offered_as_population_is_refused(test_data: Path):
    with pytest.raises(FaultsError, match="nodata"):
        checked_raster(POPULATION, test_data / "dem/ASTGTMV003_N36E122_dem.tif")


def test_every_fault_of_a_raster_is_listed(tmp_path: Path):
    path = tmp_path / "bad.tif"
    shape = {"driver": "GTiff", "width": 2, "height": 2, "count": 1, "dtype": "float32"}
    with rasterio.open(path, "w", crs="EPSG:3857", transform=from_origin(0, 2, 1, 1), **shape) as raster:
        raster.write(np.full((2, 2), -5, np.float32), 1)
    with pytest.raises(FaultsError) as caught:
        checked_raster(POPULATION, path)
    assert {fault.field for fault in caught.value.faults} == {"crs", "nodata", "values"}


@pytest.mark.parametrize("content", [b"", b"rubbish" * 100, b"<VRTDataset rasterXSize='1' rasterYSize='1'/>"])
def test_what_is_not_a_geotiff_is_refused_whatever_its_name(tmp_path: Path, content: bytes):
    path = tmp_path / "fake.tif"
    path.write_bytes(content)
    with pytest.raises(BadInputError, match=r"fake\.tif"):
        raster_facts(path)


def test_an_unknown_coverage_is_said_with_those_there_are():
    with pytest.raises(NotFoundError, match="population"):
        coverage("moon")
    assert all(one.title.zh and one.title.en for one in COVERAGES)


def test_a_large_raster_gets_reduced_copies_that_average(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("layers.coverage.UNREDUCED", 64)
    heights = np.tile(np.array([[0.0, 10.0], [20.0, 30.0]], np.float32), (16, 16))
    path = geotiff(tmp_path / "t.tif", heights, nodata=None)
    before = path.read_bytes()
    reduce_raster(TERRAIN, path)
    assert path.read_bytes() == before
    with rasterio.open(path, overview_level=0) as reduced:
        assert set(np.unique(reduced.read(1))) == {15.0}


def test_whole_counts_are_not_reduced_because_their_averages_would_be_rounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("layers.coverage.UNREDUCED", 64)
    path = geotiff(tmp_path / "p.tif", np.ones((32, 32), np.int32))
    reduce_raster(POPULATION, path)
    assert [file.name for file in tmp_path.iterdir()] == ["p.tif"]
