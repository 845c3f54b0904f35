"""A handout in each of the forms it can have."""

from dashboards.brief.window import BasePicture
from dashboards.handout.contents import Format, Handout
from dashboards.handout.geopackage import geopackage
from dashboards.handout.kml import kml
from dashboards.handout.offline import offline
from dashboards.handout.printed import printed
from layers.layer import Catalogue

MEDIA_TYPES = {
    Format.GPKG: "application/geopackage+sqlite3",
    Format.KML: "application/vnd.google-earth.kml+xml",
    Format.HTML: "text/html",
    Format.PDF: "application/pdf",
}


def written(handout: Handout, form: Format, catalogue: Catalogue, picture: BasePicture | None) -> bytes:
    """The whole file; `picture` draws the base map of those that show one."""
    match form:
        case Format.GPKG:
            return geopackage(handout, catalogue)
        case Format.KML:
            return kml(handout)
        case Format.HTML:
            return offline(handout, catalogue, picture)
        case Format.PDF:
            return printed(handout, catalogue, picture)
