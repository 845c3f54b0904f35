"""A handout in each of the forms it can have."""

from dashboards.brief.window import BasePicture
from dashboards.handout.contents import Format, Handout
from layers.layer import Catalogue

MEDIA_TYPES = {
    Format.GPKG: "application/geopackage+sqlite3",
    Format.KML: "application/vnd.google-earth.kml+xml",
    Format.HTML: "text/html",
    Format.PDF: "application/pdf",
}


def written(handout: Handout, form: Format, catalogue: Catalogue, picture: BasePicture | None) -> bytes:
    """The whole file; `picture` draws the base map of those that show one."""
    # What a form is made with is loaded when the first is asked for: folium is half a second of each start.
    match form:
        case Format.GPKG:
            from dashboards.handout.geopackage import geopackage

            return geopackage(handout, catalogue)
        case Format.KML:
            from dashboards.handout.kml import kml

            return kml(handout)
        case Format.HTML:
            from dashboards.handout.offline import offline

            return offline(handout, catalogue, picture)
        case Format.PDF:
            from dashboards.handout.printed import printed

            return printed(handout, catalogue, picture)
