"""Panels: pure functions from query answers to components; no callback, no store, no clock of their own."""
