"""The PostgreSQL/PostGIS back end: one schema of one database, writers in turn, readers in snapshots of their own."""

from store.postgis.store import DEFAULT_SCHEMA, PostGisStore, open_postgis

__all__ = ["DEFAULT_SCHEMA", "PostGisStore", "open_postgis"]
