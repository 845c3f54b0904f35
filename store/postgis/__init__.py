"""The PostgreSQL/PostGIS back end: one schema of one database, writers in turn, readers in snapshots of their own."""

from store.postgis.store import PostGisStore, open_postgis

__all__ = ["PostGisStore", "open_postgis"]
