"""Scenes made by script, as a camera of a works would show them: for the demo and for tests; no place is real."""
