"""Which format a message is in, by the media type it came with."""

from collections.abc import Callable

from core.errors import BadInputError
from core.texts import Text
from monitoring.formats.arrow import from_arrow
from monitoring.formats.csv import from_csv
from monitoring.formats.json import from_json
from monitoring.readings import Sent

FORMATS: dict[str, Callable[[bytes], Sent]] = {
    "application/json": from_json,
    "text/csv": from_csv,
    "application/vnd.apache.arrow.stream": from_arrow,
    "application/vnd.apache.arrow.file": from_arrow,
}


def parsed(body: bytes, media_type: str) -> Sent:
    """What a message holds; a media type nobody reads is refused with those that are."""
    kind = media_type.partition(";")[0].strip().lower()
    if kind not in FORMATS:
        raise BadInputError(
            Text(
                f"Content-Type“{kind}”不能识别,可用:{'、'.join(FORMATS)}",
                f"Content-Type {kind!r} is not read; allowed: {', '.join(FORMATS)}",
            ),
            field="Content-Type",
        )
    return FORMATS[kind](body)
