"""A handout in each of the forms it can have."""

from collections.abc import Callable

from dashboards.brief.window import BasePicture
from dashboards.handout.contents import Format, Handout
from dashboards.handout.kml import kml

MEDIA_TYPES = {
    Format.KML: "application/vnd.google-earth.kml+xml",
}

_WRITERS: dict[Format, Callable[[Handout, BasePicture | None], bytes]] = {
    Format.KML: lambda handout, _: kml(handout),
}


def written(handout: Handout, form: Format, picture: BasePicture | None) -> bytes:
    """The whole file."""
    return _WRITERS[form](handout, picture)
