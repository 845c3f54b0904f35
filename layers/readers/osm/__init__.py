"""OpenStreetMap objects as rows of our layers: which ones (`kinds.csv`), and what of their tags becomes which field."""

from layers.readers.osm.presets import PRESETS, Preset, preset, selected

__all__ = ["PRESETS", "Preset", "preset", "selected"]
