"""Layers: declarations, code lists, validation, import."""
