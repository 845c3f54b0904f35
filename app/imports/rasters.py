"""A raster onto the shelf."""

from pathlib import Path

from core.actors import Actor
from layers.coverage import RasterFacts, checked_raster, coverage, reduce_raster
from store.rasters import Provenance, RasterShelf


def import_raster(
    shelf: RasterShelf,
    file: Path,
    coverage_id: str,
    about: Provenance,
    *,
    actor: Actor,
    dry_run: bool = False,
) -> RasterFacts:
    """A GeoTIFF checked and put into use at once: readers see the old or the new, never a half.

    What is checked is the shelf's own copy, so that what was checked is what is kept.
    """
    declared = coverage(coverage_id)
    if dry_run:
        return checked_raster(declared, file)
    with shelf.draft(file) as draft:
        facts = checked_raster(declared, draft.path)
        reduce_raster(declared, draft.path)
        shelf.keep(declared, draft, facts, about, actor=actor, reason=f"导入 {file.name}")
    return facts
