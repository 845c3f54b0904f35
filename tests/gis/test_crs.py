"""Reference systems: spellings, axis order, and Gauss-Krüger truths computed elsewhere."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.errors import BadInputError
from gis.crs import CRS84, Crs, moved, parse_crs, zones


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("EPSG:4490", 4490),
        ("epsg:3857", 3857),
        ("urn:ogc:def:crs:EPSG::4326", 4326),
        ("http://www.opengis.net/def/crs/EPSG/0/4549", 4549),
        ("CRS:84", CRS84),
        ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", CRS84),
    ],
)
def test_every_spelling_is_understood(text: str, code: int) -> None:
    assert parse_crs(text) == Crs(code)


@pytest.mark.parametrize("text", ["EPSG:999999", "EPSG:2154", "4490", "", "EPSG:4490; DROP TABLE"])
def test_other_spellings_are_refused_by_name(text: str) -> None:
    with pytest.raises(BadInputError, match="4490"):
        parse_crs(text)


def test_geographic_systems_put_latitude_first_and_others_do_not() -> None:
    assert Crs(4326).flipped
    assert Crs(4490).flipped
    assert not Crs(3857).flipped
    assert not Crs(CRS84).flipped


def test_every_gauss_kruger_truth_is_met(test_data: Path) -> None:
    truths = pd.read_csv(test_data / "coords" / "cgcs2000_gk_truth_pyproj.csv")
    assert len(truths) == 256
    for code, rows in truths.groupby("epsg"):
        xy = moved(rows[["lon", "lat"]].to_numpy(), 4490, int(code))
        np.testing.assert_allclose(xy, rows[["easting_m", "northing_m"]].to_numpy(), atol=0.01)
        assert set(rows["official_axis_order"]) == {"XY"}, "Gauss-Krüger X is the northing, and EPSG lists it first"
        assert Crs(int(code)).flipped


def test_zoned_eastings_name_their_zone(test_data: Path) -> None:
    truths = pd.read_csv(test_data / "coords" / "cgcs2000_gk_truth_pyproj.csv")
    zoned = truths[truths["kind"].str.contains("zoned")]
    for code, rows in zoned.groupby("epsg"):
        assert set(zones(rows["easting_m"], rows["northing_m"])) == {code}
    assert zones([500000.0, np.nan], [3320113.0, 1.0]).tolist() == [0, 0]
