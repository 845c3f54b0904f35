"""The scenario as a printed plan: what its pages say, whose type they are set in, and what happens without Pango."""

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pypdf
import pytest

from core.texts import Lang
from dashboards.brief.carried import FONT
from dashboards.handout.contents import LIMITS, Handout
from dashboards.handout.leaflet import home
from dashboards.handout.printed import page, printed
from dashboards.handout.sheet import frame_round
from dashboards.handout.typeset import FACE, PACKAGES
from gis.measure import ELLIPSOID
from layers.catalogue import CATALOGUE
from tests.conftest import ROOT
from tests.handout.conftest import BLAST, CHLORINE, Bench
from tests.handout.test_offline import NASTY, grey


@pytest.fixture(scope="module")
def plan(both: Handout) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(printed(both, CATALOGUE, grey)))


def said(reader: pypdf.PdfReader) -> list[str]:
    """Each page without its white space, which a page sets as it likes."""
    return [re.sub(r"\s+", "", one.extract_text()) for one in reader.pages]


def test_limits_fingerprint_and_number_are_on_every_page(both: Handout, plan: pypdf.PdfReader) -> None:
    pages = said(plan)
    for number, text in enumerate(pages, start=1):
        assert re.sub(r"\s+", "", LIMITS.zh) in text
        assert f"{number}/{len(pages)}" in text
        assert all(side.result.receipt.fingerprint[:16] in text for side in both.sides)


def test_zones_people_targets_models_and_receipts_are_printed(both: Handout, plan: pypdf.PdfReader) -> None:
    whole = "".join(said(plan))
    for side in both.sides:
        assert re.sub(r"\s+", "", side.result.receipt.fingerprint) in whole
        for zone in side.result.zones:
            people = side.people(zone)
            assert people is not None
            assert zone.level.name.zh.replace(" ", "") in whole
            assert f"{round(people[0]):,}" in whole
        for used in side.result.receipt.models:
            assert re.sub(r"\s+", "", used.source) in whole
            assert used.tier.title.zh in whole
        assert side.inside.targets is not None
        assert all(name in whole for name in side.inside.targets["name"].tolist())
    assert whole.count("未核实") > 6
    assert whole.count("随距离变化") == len(both.sides)
    assert "不可比" in whole


def test_it_is_a4_and_carries_its_chinese_type(plan: pypdf.PdfReader) -> None:
    first = plan.pages[0]
    assert (round(float(first.mediabox.width)), round(float(first.mediabox.height))) == (595, 842)
    fonts = {str(font.get_object()["/BaseFont"]) for font in first["/Resources"]["/Font"].values()}  # type: ignore[index,union-attr]
    assert any("Noto-Sans-SC" in name for name in fonts)


def test_the_face_that_is_quickly_unpacked_is_the_one_of_the_screens() -> None:
    from fontTools.ttLib import TTFont

    with TTFont(FACE) as quick, TTFont(FONT) as screens:
        assert quick.keys() == screens.keys()
        assert quick.getBestCmap() == screens.getBestCmap()
        for table in ("name", "hmtx", "GSUB"):
            assert quick.reader[table] == screens.reader[table], table


def test_the_map_carries_north_wind_hatching_and_a_true_scale(chlorine: Handout) -> None:
    text = page(chlorine, CATALOGUE, grey)
    assert 'class="north"' in text
    assert "rotate(225)" in text
    assert 'fill="url(#unverified)"' in text
    (bar,) = re.findall(r'class="bar" d="M[\d.]+ [\d.]+v6h([\d.]+)v-6"', text)
    (words,) = re.findall(r'text-anchor="middle" fill="#16202A">([\d.]+) km</text>', text)
    box = home(chlorine)
    frame, (west, _, east, _), middle = frame_round(box), box.bounds, box.centroid.y
    ends = frame.at(np.array([[west, middle], [east, middle]]))
    _, _, metres = ELLIPSOID.inv(west, middle, east, middle)
    per_unit = metres / (ends[1, 0] - ends[0, 0])
    assert float(bar) * per_unit == pytest.approx(1000 * float(words), rel=0.01)


def test_the_english_reader_gets_english(bench: Bench) -> None:
    handout = bench.handout(BLAST | {"title": "blast"}, lang=Lang.EN)
    text = page(handout, CATALOGUE, None)
    assert LIMITS.en in text
    assert "影响区" not in text
    assert "未核实" not in text


def test_a_hostile_title_is_only_words_and_fetches_nothing(bench: Bench) -> None:
    nasty = CHLORINE | {"title": NASTY, "note": '<img src="file:///etc/hostname">'}
    whole = "".join(said(pypdf.PdfReader(io.BytesIO(printed(bench.handout(nasty), CATALOGUE, None)))))
    assert re.sub(r"\s+", "", NASTY) in whole
    assert '<imgsrc="file:///etc/hostname">' in whole


def test_without_the_systems_library_it_says_which_package_to_install(tmp_path: Path) -> None:
    (tmp_path / "weasyprint").mkdir()
    refusal = "raise OSError(\"cannot load library 'libpango-1.0-0'\")"
    (tmp_path / "weasyprint" / "__init__.py").write_text(refusal)
    script = "from dashboards.handout.typeset import NoPrinterError, setter\ntry:\n    setter()\n"
    script += "except NoPrinterError as missing:\n    print(missing.status, missing.text.zh, missing.text.en)"
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}:{ROOT}"}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("503 ")
    assert done.stdout.count(PACKAGES) == 2
