"""Readings kept apart from the feature store: recent ones in SQLite, whole old days as Parquet."""

from store.series.days import READINGS
from store.series.readings import GOOD, Series, open_series

__all__ = ["GOOD", "READINGS", "Series", "open_series"]
