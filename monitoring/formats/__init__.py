"""Ways a message of readings may be written; each becomes the same columns, and says what it could not read."""

from monitoring.formats.reading import FORMATS, parsed

__all__ = ["FORMATS", "parsed"]
