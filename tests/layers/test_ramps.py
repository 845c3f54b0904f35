"""Colours of rasters: told apart in any colour vision, by round numbers, with people per cell and per km²."""

import numpy as np
import pytest

from core.clock import utc_now
from gis.shapes import Bounds
from layers.catalogue.rasters import Raster
from layers.coverage import COVERAGES, POPULATION, TERRAIN, Coverage, Kind
from layers.ramps import PEOPLE_PER_KM2, cell_area, steps
from layers.rasterfacts import resolution_text, told

MACHADO = {
    "normal": [1, 0, 0, 0, 1, 0, 0, 0, 1],
    "protanopia": [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
    "deuteranopia": [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881],
    "tritanopia": [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900],
}
"""Machado, Oliveira and Fernandes (2009), severity 1.0, on linear RGB."""


def raster(coverage: Coverage = POPULATION, *, least: float = 0.0, most: float = 400.0, step: float = 0.001) -> Raster:
    return Raster(
        code=coverage.id, title=coverage.title.zh, file=f"{coverage.id}-{'0' * 64}.tif", sha256="0" * 64, size=1,
        crs="EPSG:4490", width=10, height=10, bands=1, resolution_lon=step, resolution_lat=step, least=least, most=most,
        cells=100, kept_by="t", kept_at=utc_now(), geometry=Bounds(121.0, 33.0, 121.01, 33.01).polygon,
        source="统计局",
    )  # fmt: skip


def lightness(colours: list[str], matrix: np.ndarray) -> np.ndarray:
    """CIE L* of colours as an eye with this matrix sees them."""
    rgb = np.array([[int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)] for colour in colours])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(linear @ matrix.T, 0, 1)
    y = seen @ np.array([0.2126, 0.7152, 0.0722])
    return np.where(y > 0.008856, 116 * np.cbrt(y) - 16, 903.3 * y)


@pytest.mark.parametrize("eye", MACHADO)
@pytest.mark.parametrize("night", [True, False])
@pytest.mark.parametrize("coverage", [POPULATION, TERRAIN], ids=lambda one: one.id)
def test_a_ramp_goes_one_way_in_lightness_for_every_eye(coverage: Coverage, night: bool, eye: str):
    colours = [step.colour for step in steps(coverage, raster(coverage), night=night)]
    apart = np.diff(lightness(colours, np.reshape(MACHADO[eye], (3, 3))))
    assert (np.sign(apart) == np.sign(apart[0])).all()
    assert np.abs(apart).min() > 3.0


def test_a_class_says_people_on_a_square_kilometre_and_in_a_cell():
    ground = cell_area(raster()) / 1e6
    assert ground == pytest.approx(0.0934 * 0.1109, rel=0.002)
    found = steps(POPULATION, raster(), night=False)
    assert [step.low for step in found] == pytest.approx([low * ground for low in PEOPLE_PER_KM2])
    assert found[2].text.zh == "500 至 2,000"
    assert found[2].more is not None
    assert found[2].more.zh == "5.2 至 21"
    assert found[0].text.zh == "100 以下"
    assert found[-1].text.zh == "20,000 以上"


@pytest.mark.parametrize(("least", "most"), [(0, 381.8), (-154.0, 50.0), (2.0, 2.5), (100.0, 8848.0), (0.0, 0.0)])
def test_heights_are_told_by_round_numbers_that_reach_from_low_to_high(least: float, most: float):
    found = [step.low for step in steps(TERRAIN, raster(TERRAIN, least=least, most=most), night=True)]
    assert found[0] <= max(least, 0.0)
    assert found[-1] >= most
    assert np.ptp(np.diff(found)) == pytest.approx(0, abs=1e-9)


def test_a_picture_needs_no_ramp_and_every_raster_says_where_it_comes_from():
    pictures = [one for one in COVERAGES if one.kind is Kind.PICTURE]
    assert [steps(one, raster(one), night=False) for one in pictures] == [()]
    assert told(raster()).zh == "统计局·未注明·约 93 × 110 m·未核实"
    assert resolution_text(raster(step=1 / 120)).zh == "约 780 × 920 m"
