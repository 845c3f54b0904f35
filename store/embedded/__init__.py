"""The embedded back end: one GeoPackage in WAL mode, one writer at a time, readers that never wait."""

from store.embedded.store import EmbeddedStore, open_embedded

__all__ = ["EmbeddedStore", "open_embedded"]
