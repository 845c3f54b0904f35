"""A raster into the data folder."""

import os
import shutil
from pathlib import Path

from core.ids import new_id
from layers.coverage import RasterFacts, checked_raster, coverage


def import_raster(file: Path, coverage_id: str, data: Path, *, dry_run: bool = False) -> RasterFacts:
    """A GeoTIFF checked and put in place of the old one at once: readers see the old or the new, never a half."""
    declared = coverage(coverage_id)
    facts = checked_raster(declared, file)
    if dry_run:
        return facts
    folder = data / "rasters"
    folder.mkdir(parents=True, exist_ok=True)
    half = folder / f".{declared.id}-{new_id()}.part"
    try:
        shutil.copyfile(file, half)
        with half.open("rb") as copy:
            os.fsync(copy.fileno())
        half.replace(folder / f"{declared.id}.tif")
    finally:
        half.unlink(missing_ok=True)
    return facts
