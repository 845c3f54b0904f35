"""Every system a file may be in comes back to degrees, or is refused for a reason."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyproj
import pytest

from core.errors import BadInputError
from layers.readers.references import Reference, parsed, reference_of, stated_reference
from layers.record import Datum


def test_every_gauss_kruger_system_comes_back_to_degrees(test_data: Path):
    truths = pd.read_csv(test_data / "coords/cgcs2000_gk_truth_pyproj.csv")
    for code, rows in truths.groupby("epsg"):
        for crs in (parsed(f"EPSG:{code}"), parsed(pyproj.CRS.from_epsg(code).to_wkt("WKT1_ESRI"))):
            found = reference_of(crs)
            assert found.datum is Datum.GAUSS_KRUGER
            degrees = found.degrees(rows[["easting_m", "northing_m"]].to_numpy())
            np.testing.assert_allclose(degrees, rows[["lon", "lat"]].to_numpy(), atol=1e-8)


def test_zones_in_the_eastings_need_no_system(test_data: Path):
    truths = pd.read_csv(test_data / "coords/cgcs2000_gk_truth_pyproj.csv")
    zoned = truths[truths["kind"].str.contains("zoned")]
    degrees = Reference(Datum.GAUSS_KRUGER).degrees(zoned[["easting_m", "northing_m"]].to_numpy())
    np.testing.assert_allclose(degrees, zoned[["lon", "lat"]].to_numpy(), atol=1e-8)


@pytest.mark.parametrize(("code", "datum"), [(4490, "CGCS2000"), (4326, "WGS84"), (4979, "WGS84"), (32650, "WGS84")])
def test_what_the_earths_frame_is_is_told(code: int, datum: str):
    assert reference_of(pyproj.CRS.from_epsg(code)).datum.value == datum


OLD = {
    2437: "1954 北京坐标系",
    4214: "1954 北京坐标系",
    2385: "1980 西安坐标系",
    4610: "1980 西安坐标系",
    4555: "新 1954",
    4269: "不是 CGCS2000",
}


@pytest.mark.parametrize(("code", "said"), OLD.items())
def test_frames_that_need_local_parameters_are_refused(code: int, said: str):
    with pytest.raises(BadInputError, match=said):
        reference_of(pyproj.CRS.from_epsg(code))


def test_a_shifted_datum_may_lie_on_a_projected_map():
    web = pyproj.Transformer.from_crs(4326, 3857, always_xy=True)
    shifted = stated_reference(Datum.GCJ02, None)
    assert shifted is not None
    projected = stated_reference(Datum.GCJ02, "EPSG:3857")
    assert projected is not None
    xy = np.array([[121.5, 31.2]])
    flat = np.column_stack(web.transform(xy[:, 0], xy[:, 1]))
    np.testing.assert_allclose(projected.degrees(flat), shifted.degrees(xy), atol=1e-9)


def test_a_bare_number_is_an_epsg_code_and_nonsense_is_refused():
    assert parsed("4549") == pyproj.CRS.from_epsg(4549)
    with pytest.raises(BadInputError, match="看不懂坐标系"):
        parsed("三度带")
