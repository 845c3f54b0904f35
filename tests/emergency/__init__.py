"""Consequence models: declarations, golden cases, invariants."""
