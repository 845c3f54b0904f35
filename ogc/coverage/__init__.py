"""Cells of rasters for others' software: the same cut for WCS and for OGC API Coverages."""
