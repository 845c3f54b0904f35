"""A raster onto the shelf."""

from pathlib import Path

from core.actors import Actor
from layers.coverage import RasterFacts, coverage
from layers.readers.formats import regular
from layers.readers.process import accepted_raster
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

    What is checked is the shelf's own copy, so that what was checked is what is kept; it is opened by a process that
    can do nothing else.
    """
    declared = coverage(coverage_id)
    if dry_run:
        return accepted_raster(declared.id, file)
    with shelf.draft(regular(file)) as draft:
        facts = accepted_raster(declared.id, draft.path, reduce=True)
        shelf.keep(declared, draft, facts, about, actor=actor, reason=f"导入 {file.name}")
    return facts
