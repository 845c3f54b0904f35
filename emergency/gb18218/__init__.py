"""Identification and grading of major hazard sources by GB 18218-2018.

The tables are copies from public secondary sources, not compared with the printed standard: `SOURCE` says so.
"""

from emergency.gb18218.grading import (
    FORMULA,
    SOURCE,
    Grading,
    Holding,
    Step,
    correction,
    grade,
    hazard_level,
)
from emergency.gb18218.tables import Category, Entry, categories, entries, entry, named_gases

__all__ = [
    "FORMULA", "SOURCE", "Category", "Entry", "Grading", "Holding", "Step", "categories", "correction", "entries",
    "entry", "grade", "hazard_level", "named_gases",
]  # fmt: skip
