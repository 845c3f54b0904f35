"""Readings kept apart from the feature store: recent batches in SQLite, the rest in Parquet files of days."""

from store.series.days import KEPT, READINGS
from store.series.readings import GOOD, Series, open_series

__all__ = ["GOOD", "KEPT", "READINGS", "Series", "open_series"]
