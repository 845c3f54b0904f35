"""House rules that hold over the whole tree."""

import re
import subprocess
from importlib.metadata import distributions, packages_distributions
from pathlib import Path

import pytest

from app.settings import Settings
from core.texts import Text
from layers.catalogue import CATALOGUE
from tests.conftest import ROOT

ROOMS = ("core", "gis", "layers", "store", "casework", "monitoring", "video", "emergency", "ogc", "dashboards", "app")
CORE = {
    "__init__", "actors", "caller", "canonical", "clock", "errors", "ids", "scope", "texts", "units",
}  # fmt: skip
GPL_ALLOWED = {
    # name: why it may stay although its metadata names a GPL: dual-licensed, or a tool that is never imported
    "text-unidecode": "dual-licensed, used under the Artistic License",
    "docutils": "public domain and BSD but for one tool that is not imported",
}


def tracked(*patterns: str) -> list[Path]:
    out = subprocess.run(["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / line for line in out.splitlines() if (ROOT / line).exists()]


def test_no_source_file_is_longer_than_500_lines() -> None:
    files = [path for path in tracked("*.py", "*.js", "*.css") if "vendor" not in path.parts]
    long = {str(p.relative_to(ROOT)): n for p in files if (n := len(p.read_text().splitlines())) > 500}
    assert not long


def test_no_file_has_a_name_that_says_nothing() -> None:
    nameless = re.compile(r"(^|/)(utils?|helpers?|common|misc)(\.py|/)")
    assert not [str(p) for p in tracked() if nameless.search(p.relative_to(ROOT).as_posix())]


def test_what_scripts_share_has_one_owner() -> None:
    owners: dict[str, list[str]] = {}
    for script in sorted((ROOT / "dashboards" / "assets").glob("*.js")):
        for name in set(
            re.findall(r"window\.OneMap\.(\w+) = (?!\(?window\.OneMap\.\1 \|\|)", script.read_text("utf-8"))
        ):
            owners.setdefault(name, []).append(script.name)
    assert {name: files for name, files in owners.items() if len(files) > 1} == {}


def test_core_is_a_closed_list() -> None:
    assert {path.stem for path in (ROOT / "core").glob("*.py")} == CORE


LOOKS_INTO_DELIVERED_FILES = "layers/readers/geopackages.py"
"""Reads the table of contents of somebody else's GeoPackage, immutable, in the confined reading process."""


def test_only_the_store_opens_databases() -> None:
    opening = re.compile(r"^\s*(import|from) (sqlite3|psycopg|sqlalchemy|duckdb)\b", re.MULTILINE)
    rooms = [path for path in tracked("*.py") if path.relative_to(ROOT).parts[0] in ROOMS]
    found = {str(p.relative_to(ROOT)) for p in rooms if opening.search(p.read_text())}
    assert {name for name in found if not name.startswith("store/")} == {LOOKS_INTO_DELIVERED_FILES}


IMPORTED_IN_OTHER_PROCESSES = {"layers/readers/sheets.py", "ogc/render/painting.py"}
"""Modules of the processes that read delivered files and draw: their own are imported when they start."""


def test_a_server_at_rest_holds_no_library_of_computing_rasters_or_sheets() -> None:
    needless = re.compile(r"^(import|from) (scipy|rasterio|openpyxl)\b", re.MULTILINE)
    rooms = [path for path in tracked("*.py") if path.relative_to(ROOT).parts[0] in ROOMS]
    found = {path.relative_to(ROOT).as_posix() for path in rooms if needless.search(path.read_text())}
    assert found == IMPORTED_IN_OTHER_PROCESSES


PLUGINS = {"ogc/processes/plugin.py", "ogc/edr/provider.py", "ogc/oapi/provider.py"}
"""What pygeoapi calls: imported by pygeoapi, which names them, once a document of the OGC API is asked for."""


def test_a_server_loads_pygeoapi_and_sums_over_rasters_when_they_are_first_asked_for() -> None:
    late = re.compile(r"^(import|from) (pygeoapi|pygeofilter|exactextract)\b", re.MULTILINE)
    plugins = "|".join(name.removesuffix(".py").replace("/", ".").replace(".", r"\.") for name in PLUGINS)
    theirs = re.compile(rf"^(import|from) ({plugins}|gis\.outlines)\b", re.MULTILINE)
    rooms = [path for path in tracked("*.py") if path.relative_to(ROOT).parts[0] in ROOMS]
    texts = {path.relative_to(ROOT).as_posix(): path.read_text() for path in rooms}
    assert {name for name, text in texts.items() if late.search(text)} == {*PLUGINS, "gis/outlines.py"}
    assert {name for name, text in texts.items() if theirs.search(text)} == set()


def test_no_installed_distribution_provides_one_of_our_names() -> None:
    owners = packages_distributions()
    assert {room: owners.get(room) for room in ROOMS if set(owners.get(room) or ["onemap"]) != {"onemap"}} == {}


def test_no_dependency_is_gpl_or_agpl() -> None:
    found = {}
    for distribution in distributions():
        name = distribution.metadata["Name"]
        licence = " ".join(
            [
                distribution.metadata.get("License-Expression") or "",
                (distribution.metadata.get("License") or "")[:200],
                *(c for c in distribution.metadata.get_all("Classifier") or [] if c.startswith("License")),
            ]
        )
        strong = re.search(r"\bA?GPL|General Public License", licence)
        lesser = re.search(r"LGPL|Lesser|Library General", licence)
        if strong and not lesser and name not in GPL_ALLOWED:
            found[name] = licence[:120]
    assert not found


def test_every_setting_is_documented() -> None:
    page = (ROOT / "docs" / "settings.md").read_text()
    assert not [name for name in Settings.model_fields if f"ONEMAP_{name.upper()}" not in page]


def test_every_layer_says_itself_in_both_languages() -> None:
    for layer in CATALOGUE:
        texts = [layer.title, layer.about, layer.owner, *(spec.title for spec in layer.fields.values())]
        assert all(isinstance(text, Text) and text.zh and text.en for text in texts), layer.id


def test_both_readmes_name_the_two_commands_and_the_same_pictures() -> None:
    pages = [(ROOT / name).read_text() for name in ("README.md", "README.zh-CN.md")]
    for page in pages:
        assert "make demo" in page
        assert "make test" in page
    pictures = [set(re.findall(r"docs/images/[a-z-]+\.png", page)) for page in pages]
    assert pictures[0] == pictures[1]


@pytest.mark.parametrize("page", [p.relative_to(ROOT).as_posix() for p in tracked("*.md")])
def test_links_in_documents_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text()
    for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", text):
        assert ((ROOT / page).parent / target).exists(), target


@pytest.mark.parametrize("page", [p.relative_to(ROOT).as_posix() for p in tracked("*.md")])
def test_tests_named_in_documents_exist(page: str) -> None:
    for file, name in re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", (ROOT / page).read_text()):
        assert (ROOT / file).exists(), file
        assert not name or f"def {name}(" in (ROOT / file).read_text(), f"{file}::{name}"
