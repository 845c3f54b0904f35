"""What the service and its coverages say of themselves: GetCapabilities and DescribeCoverage of WCS 2.0.1."""

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from core.texts import Lang, Text
from gis.shapes import Bounds
from layers.rasterfacts import told
from ogc.coverage.cutting import GEOTIFF, extent
from ogc.encode.crs import CGCS2000, SPOKEN
from ogc.wcs.asking import CONFORMANT
from store.rasters import Shelved

TITLE = Text("安全生产一张图 栅格服务", "OneMap coverage service")
ABOUT = Text("人口、地形、影像栅格,按调用者权限提供", "Population, terrain and imagery within the caller's rights")
SUBTYPE = "RectifiedGridCoverage"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACES = (
    'xmlns:wcs="http://www.opengis.net/wcs/2.0" xmlns:ows="http://www.opengis.net/ows/2.0" '
    'xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:gmlcov="http://www.opengis.net/gmlcov/1.0" '
    'xmlns:swe="http://www.opengis.net/swe/2.0" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'xmlns:crs="http://www.opengis.net/wcs/crs/1.0" xmlns:int="http://www.opengis.net/wcs/interpolation/1.0" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xsi:schemaLocation="http://www.opengis.net/wcs/2.0 http://schemas.opengis.net/wcs/2.0/wcsAll.xsd"'
)
_OPERATIONS = ("GetCapabilities", "DescribeCoverage", "GetCoverage")
_NIL = "http://www.opengis.net/def/nil/OGC/0/missing"


def capabilities(rasters: Sequence[Shelved], base_url: str, sequence: int, lang: Lang, sections: set[str]) -> str:
    """The whole document, or the sections asked for."""
    every = not sections or "all" in sections
    parts = {
        "serviceidentification": _identification(lang),
        "serviceprovider": "<ows:ServiceProvider><ows:ProviderName>OneMap</ows:ProviderName>"
        "<ows:ServiceContact/></ows:ServiceProvider>",
        "operationsmetadata": _operations(base_url),
        "servicemetadata": _metadata(),
        "contents": f"<wcs:Contents>{''.join(_summary(one) for one in rasters)}</wcs:Contents>",
    }
    body = "".join(text for name, text in parts.items() if every or name in sections)
    return (
        f'{_DECLARATION}<wcs:Capabilities version="2.0.1" updateSequence="{sequence}" {_SPACES}>'
        f"{body}</wcs:Capabilities>"
    )


def _identification(lang: Lang) -> str:
    profiles = "".join(f"<ows:Profile>{name}</ows:Profile>" for name in CONFORMANT)
    return (
        f"<ows:ServiceIdentification><ows:Title>{escape(TITLE.of(lang))}</ows:Title>"
        f"<ows:Abstract>{escape(ABOUT.of(lang))}</ows:Abstract><ows:ServiceType>OGC WCS</ows:ServiceType>"
        f"<ows:ServiceTypeVersion>2.0.1</ows:ServiceTypeVersion>{profiles}<ows:Fees>none</ows:Fees>"
        "<ows:AccessConstraints>none</ows:AccessConstraints></ows:ServiceIdentification>"
    )


def _operations(base_url: str) -> str:
    href = quoteattr(base_url + ("&" if "?" in base_url else "?"))
    parts = "".join(
        f'<ows:Operation name="{name}"><ows:DCP><ows:HTTP><ows:Get xlink:href={href}/></ows:HTTP></ows:DCP>'
        "</ows:Operation>"
        for name in _OPERATIONS
    )
    return f"<ows:OperationsMetadata>{parts}</ows:OperationsMetadata>"


def _metadata() -> str:
    systems = "".join(f"<crs:crsSupported>{one.url}</crs:crsSupported>" for one in SPOKEN)
    return (
        f"<wcs:ServiceMetadata><wcs:formatSupported>{GEOTIFF}</wcs:formatSupported>"
        f"<wcs:Extension><crs:CrsMetadata>{systems}</crs:CrsMetadata></wcs:Extension></wcs:ServiceMetadata>"
    )


def _summary(one: Shelved) -> str:
    box = extent(one)
    return (
        f"<wcs:CoverageSummary><ows:WGS84BoundingBox><ows:LowerCorner>{box.west:.9g} {box.south:.9g}</ows:LowerCorner>"
        f"<ows:UpperCorner>{box.east:.9g} {box.north:.9g}</ows:UpperCorner></ows:WGS84BoundingBox>"
        f"<wcs:CoverageId>{one.declared.id}</wcs:CoverageId><wcs:CoverageSubtype>{SUBTYPE}</wcs:CoverageSubtype>"
        f"<ows:BoundingBox crs={quoteattr(CGCS2000.url)}>"
        f"<ows:LowerCorner>{box.south:.9g} {box.west:.9g}</ows:LowerCorner>"
        f"<ows:UpperCorner>{box.north:.9g} {box.east:.9g}</ows:UpperCorner></ows:BoundingBox></wcs:CoverageSummary>"
    )


def descriptions(rasters: Sequence[Shelved], lang: Lang) -> str:
    """Grid, values and what must be told of each."""
    body = "".join(_description(one, lang) for one in rasters)
    return f"{_DECLARATION}<wcs:CoverageDescriptions {_SPACES}>{body}</wcs:CoverageDescriptions>"


def _description(one: Shelved, lang: Lang) -> str:
    box, name = extent(one), one.declared.id
    about = f"{one.declared.about.of(lang)}。{told(one.record).of(lang)}"
    return (
        f'<wcs:CoverageDescription gml:id="{name}">'
        f"<gml:description>{escape(about)}</gml:description><gml:name>{escape(one.declared.title.of(lang))}</gml:name>"
        f'<gml:boundedBy><gml:Envelope srsName="{CGCS2000.url}" axisLabels="Lat Long" uomLabels="deg deg" '
        f'srsDimension="2"><gml:lowerCorner>{box.south:.9f} {box.west:.9f}</gml:lowerCorner>'
        f"<gml:upperCorner>{box.north:.9f} {box.east:.9f}</gml:upperCorner></gml:Envelope></gml:boundedBy>"
        f"<wcs:CoverageId>{name}</wcs:CoverageId>{_domain(one, box)}{_range(one, lang)}"
        f"<wcs:ServiceParameters><wcs:CoverageSubtype>{SUBTYPE}</wcs:CoverageSubtype>"
        f"<wcs:nativeFormat>{GEOTIFF}</wcs:nativeFormat></wcs:ServiceParameters></wcs:CoverageDescription>"
    )


def _domain(one: Shelved, box: Bounds) -> str:
    """Rows from the north and columns from the west; the origin is the middle of the first cell."""
    record, name = one.record, one.declared.id
    across, down = record.resolution_lon, record.resolution_lat
    return (
        f'<gml:domainSet><gml:RectifiedGrid gml:id="{name}-grid" dimension="2"><gml:limits><gml:GridEnvelope>'
        f"<gml:low>0 0</gml:low><gml:high>{record.width - 1} {record.height - 1}</gml:high></gml:GridEnvelope>"
        "</gml:limits>"
        f'<gml:axisLabels>i j</gml:axisLabels><gml:origin><gml:Point gml:id="{name}-origin" srsName="{CGCS2000.url}">'
        f"<gml:pos>{box.north - down / 2:.12g} {box.west + across / 2:.12g}</gml:pos></gml:Point></gml:origin>"
        f'<gml:offsetVector srsName="{CGCS2000.url}">0 {across:.12g}</gml:offsetVector>'
        f'<gml:offsetVector srsName="{CGCS2000.url}">{-down:.12g} 0</gml:offsetVector>'
        "</gml:RectifiedGrid></gml:domainSet>"
    )


def _range(one: Shelved, lang: Lang) -> str:
    record, declared = one.record, one.declared
    nil = ""
    if record.nodata is not None:
        nil = (
            f'<swe:nilValues><swe:NilValues><swe:nilValue reason="{_NIL}">{record.nodata:g}</swe:nilValue>'
            "</swe:NilValues></swe:nilValues>"
        )
    unit = escape(declared.unit or "1", {'"': "&quot;"})
    least, most = record.least, record.most
    fields = "".join(
        f'<swe:field name="band{band}"><swe:Quantity><swe:label>{escape(declared.title.of(lang))}</swe:label>'
        f'<swe:description>{escape(declared.about.of(lang))}</swe:description>{nil}<swe:uom code="{unit}"/>'
        f"<swe:constraint><swe:AllowedValues><swe:interval>{least:.9g} {most:.9g}</swe:interval></swe:AllowedValues>"
        "</swe:constraint></swe:Quantity></swe:field>"
        for band in range(1, record.bands + 1)
    )
    return f"<gmlcov:rangeType><swe:DataRecord>{fields}</swe:DataRecord></gmlcov:rangeType>"
