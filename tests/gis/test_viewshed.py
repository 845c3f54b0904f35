"""What is seen from a place, held against GDAL's view sheds over the same terrain and against plain lines of sight."""

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.viewshed import Seat, seen
from tests.absent import absent

METRES = 30.0


@pytest.fixture(scope="module")
def hills(test_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """12 by 18 km of hills and coast in metres (UTM 51N), made by GDAL itself."""
    if shutil.which("gdal_viewshed") is None:
        absent("gdal_viewshed (gdal-bin)")
    made = tmp_path_factory.mktemp("hills") / "hills.tif"
    box = ("-te", "122.17", "36.80", "122.37", "36.91")
    subprocess.run(
        ["gdalwarp", "-q", "-t_srs", "EPSG:32651", "-tr", "30", "30", "-r", "bilinear", "-te_srs", "EPSG:4326", *box,
         str(test_data / "dem" / "ASTGTMV003_N36E122_dem.tif"), str(made)],
        check=True,
    )  # fmt: skip
    return made


@pytest.mark.system
@pytest.mark.parametrize(
    ("row", "column", "eye", "reach", "target"),
    [(200, 300, 20.0, 3000.0, 0.0), (120, 420, 6.0, 5000.0, 1.7), (260, 150, 45.0, 8000.0, 0.0)],
)
def test_within_two_in_a_hundred_cells_it_is_what_gdal_sees(
    hills: Path, tmp_path: Path, row: int, column: int, eye: float, reach: float, target: float
) -> None:
    import rasterio

    with rasterio.open(hills) as raster:
        heights, transform = raster.read(1).astype(float), raster.transform
    x, y = transform @ (column + 0.5, row + 0.5)
    out = tmp_path / "seen.tif"
    subprocess.run(
        ["gdal_viewshed", "-q", "-ox", str(x), "-oy", str(y), "-oz", str(eye), "-tz", str(target), "-md", str(reach),
         "-cc", str(1 - 1 / 7), str(hills), str(out)],
        check=True,
    )  # fmt: skip
    theirs = np.zeros(heights.shape, bool)
    with rasterio.open(out) as raster:
        first = (
            round((raster.transform.f - transform.f) / transform.e),
            round((raster.transform.c - transform.c) / METRES),
        )
        theirs[first[0] : first[0] + raster.height, first[1] : first[1] + raster.width] = raster.read(1) > 0
    ours = seen(heights, Seat(row=row, column=column, eye=eye), (METRES, METRES), reach, target=target)
    rows, columns = np.indices(heights.shape)
    within = np.hypot(rows - row, columns - column) * METRES <= reach
    assert 0.02 < ours[within].mean() < 0.98, "something is seen and something hidden, or the comparison says nothing"
    assert (ours != theirs)[within].mean() < 0.02
    assert not ours[~within].any()


def test_on_level_ground_all_is_seen_until_the_earth_curves_away() -> None:
    sea = np.zeros((1, 2001))
    found = seen(sea, Seat(row=0, column=0, eye=2.0), (10.0, 10.0), 20_000.0)[0]
    # The horizon of an eye h above a sphere of radius R, light bent by 1/7: sqrt(2 h R / (1 - 1/7)).
    assert found.sum() * 10.0 == pytest.approx(np.sqrt(2 * 2.0 * 6_378_137.0 * 7 / 6), rel=0.01)
    assert seen(sea, Seat(row=0, column=0, eye=2.0), (10.0, 10.0), 20_000.0, refraction=None).all()


def test_a_wall_hides_what_is_behind_it_and_no_more() -> None:
    yard = np.zeros((1, 30))
    yard[0, 10] = 10.0
    found = seen(yard, Seat(row=0, column=0, eye=20.0), (1.0, 1.0), 100.0, refraction=None)[0]
    assert found[:11].all()
    assert not found[11:20].any()  # the line from 20 over 10 at column 10 meets the ground at column 20
    assert found[20:].all()


def test_unknown_ground_is_not_seen_and_hides_nothing() -> None:
    yard = np.zeros((5, 9))
    yard[:, 4] = np.nan
    found = seen(yard, Seat(row=2, column=0, eye=3.0), (1.0, 1.0), 100.0, refraction=None)
    assert not found[:, 4].any()
    assert found[:, 5:].all()
    with pytest.raises(ValueError, match="no height is known"):
        seen(yard, Seat(row=2, column=4, eye=3.0), (1.0, 1.0), 100.0)


@given(st.integers(0, 2**32 - 1), st.integers(0, 11), st.integers(0, 11), st.floats(0.5, 30.0))
def test_who_stands_higher_sees_no_less_and_turning_the_ground_turns_what_is_seen(
    seed: int, row: int, column: int, eye: float
) -> None:
    ground = np.random.default_rng(seed).uniform(0.0, 20.0, (12, 12))
    low = seen(ground, Seat(row=row, column=column, eye=eye), (5.0, 5.0), 1000.0)
    high = seen(ground, Seat(row=row, column=column, eye=eye + 5.0), (5.0, 5.0), 1000.0)
    tall = seen(ground, Seat(row=row, column=column, eye=eye), (5.0, 5.0), 1000.0, target=5.0)
    assert not (low & ~tall).any()
    assert not (low & ~high).any()
    turned = seen(np.rot90(ground), Seat(row=11 - column, column=row, eye=eye), (5.0, 5.0), 1000.0)
    assert (np.rot90(low) == turned).all()
