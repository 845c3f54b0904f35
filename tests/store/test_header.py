"""Other libraries read the head of the GeoPackage from the file itself, whatever the log beside it still holds."""

import subprocess
import sys
from pathlib import Path

from layers.catalogue import CATALOGUE
from store.embedded import open_embedded
from tests.store.cityscape import Clock

OPENED_BY_GDAL = "import sys, pyogrio; print(len(pyogrio.list_layers(sys.argv[1])))"


def test_a_new_file_is_a_geopackage_to_gdal_while_the_store_is_open(tmp_path: Path) -> None:
    path = tmp_path / "city.gpkg"
    store = open_embedded(path, CATALOGUE, Clock())
    try:
        command = [sys.executable, "-W", "error", "-c", OPENED_BY_GDAL, str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    finally:
        store.close()
    assert (done.returncode, done.stderr) == (0, "")
    assert int(done.stdout) >= len(list(CATALOGUE))
    assert path.read_bytes()[68:72] == b"GPKG"
