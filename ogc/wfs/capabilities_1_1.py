"""GetCapabilities of version 1.1.0, for clients that know no newer one.

Type names are qualified by a default namespace, not by a prefix: QGIS looks a layer up by the very text that stands
here, and what people give it for this version has no prefix.
"""

from xml.sax.saxutils import quoteattr

from core.caller import Caller
from layers.layer import THEMES, Layer
from ogc.counts import Figures
from ogc.editing import editable
from ogc.encode.crs import CGCS2000, SPOKEN
from ogc.encode.gml import NAMESPACE, PREFIX
from ogc.encode.gmlforms import GML_3_1
from ogc.services import Services
from ogc.wfs.capabilities import ABOUT, TITLE
from ogc.wfs.editions import V1_1
from ogc.wfs.names import DECLARATION, OGC, XLINK, XSI, element, offered, published

OWS = "http://www.opengis.net/ows"
OPERATIONS = ("GetCapabilities", "DescribeFeatureType", "GetFeature")
_OPERANDS = ("gml:Envelope", "gml:Point", "gml:LineString", "gml:Polygon")
_RELATIONS = (
    "BBOX", "Equals", "Disjoint", "Intersects", "Touches", "Crosses", "Within", "Contains", "Overlaps", "Beyond",
    "DWithin",
)  # fmt: skip
_COMPARISONS = (
    "LessThan", "GreaterThan", "LessThanEqualTo", "GreaterThanEqualTo", "EqualTo", "NotEqualTo", "Like", "Between",
    "NullCheck",
)  # fmt: skip


def capabilities(caller: Caller, services: Services, figures: Figures, base_url: str) -> str:
    """The whole document, in the caller's language, with the caller's layers."""
    layers = published(services.catalogue, caller.scope)
    written = editable(services.catalogue, caller)
    types = "".join(_feature_type(layer, caller, figures, edits=layer in written) for layer in layers)
    return (
        f'{DECLARATION}<wfs:WFS_Capabilities version="1.1.0" xmlns:wfs="{V1_1.namespace}" xmlns:ows="{OWS}"'
        f' xmlns:ogc="{OGC}" xmlns:gml="{GML_3_1.namespace}" xmlns:xlink="{XLINK}" xmlns:xsi="{XSI}"'
        f' xmlns:{PREFIX}="{NAMESPACE}" xsi:schemaLocation="{V1_1.namespace} {V1_1.schema}">'
        "<ows:ServiceIdentification>"
        f"{element('ows:Title', TITLE.of(caller.lang))}{element('ows:Abstract', ABOUT.of(caller.lang))}"
        "<ows:ServiceType>WFS</ows:ServiceType><ows:ServiceTypeVersion>1.1.0</ows:ServiceTypeVersion>"
        "<ows:Fees>NONE</ows:Fees><ows:AccessConstraints>NONE</ows:AccessConstraints></ows:ServiceIdentification>"
        "<ows:ServiceProvider><ows:ProviderName>OneMap 安全生产一张图</ows:ProviderName>"
        "<ows:ServiceContact/></ows:ServiceProvider>"
        f"{_operations(base_url, edits=bool(written))}<wfs:FeatureTypeList>"
        "<wfs:Operations><wfs:Operation>Query</wfs:Operation>"
        f"</wfs:Operations>{types}</wfs:FeatureTypeList>{_filters()}</wfs:WFS_Capabilities>"
    )


def _parameter(name: str, values: tuple[str, ...]) -> str:
    return f'<ows:Parameter name="{name}">{"".join(element("ows:Value", value) for value in values)}</ows:Parameter>'


def _operations(base_url: str, *, edits: bool) -> str:
    own = {
        "GetCapabilities": _parameter("AcceptVersions", ("1.1.0",)),
        "DescribeFeatureType": _parameter("outputFormat", (GML_3_1.media_type,)),
        "GetFeature": _parameter("resultType", ("results", "hits")) + _parameter("outputFormat", offered(V1_1)),
    }
    doors = (
        f"<ows:DCP><ows:HTTP><ows:Get xlink:href={quoteattr(base_url + '?')}/>"
        f"<ows:Post xlink:href={quoteattr(base_url)}/></ows:HTTP></ows:DCP>"
    )
    offer = (*OPERATIONS, *(["Transaction"] if edits else []))
    listed = "".join(f'<ows:Operation name="{name}">{doors}{own.get(name, "")}</ows:Operation>' for name in offer)
    return f"<ows:OperationsMetadata>{listed}</ows:OperationsMetadata>"


def _feature_type(layer: Layer, caller: Caller, figures: Figures, *, edits: bool) -> str:
    extent = figures.extent(layer, caller.scope)
    box = ""
    if extent is not None:
        box = (
            f"<ows:WGS84BoundingBox><ows:LowerCorner>{extent.west} {extent.south}</ows:LowerCorner>"
            f"<ows:UpperCorner>{extent.east} {extent.north}</ows:UpperCorner></ows:WGS84BoundingBox>"
        )
    others = "".join(element("wfs:OtherSRS", crs.urn) for crs in SPOKEN if crs is not CGCS2000)
    word = element("ows:Keyword", THEMES[layer.theme].of(caller.lang))
    acts = "".join(element("wfs:Operation", act) for act in ("Query", "Insert", "Update", "Delete"))
    may = f"<wfs:Operations>{acts}</wfs:Operations>" if edits else ""
    formats = "".join(element("wfs:Format", name) for name in offered(V1_1))
    return (
        f"<wfs:FeatureType>{element('wfs:Name', layer.id, xmlns=NAMESPACE)}"
        f"{element('wfs:Title', layer.title.of(caller.lang))}"
        f"{element('wfs:Abstract', layer.about_to(caller.scope).of(caller.lang))}<ows:Keywords>{word}</ows:Keywords>"
        f"{element('wfs:DefaultSRS', CGCS2000.urn)}{others}{may}<wfs:OutputFormats>{formats}</wfs:OutputFormats>"
        f"{box}</wfs:FeatureType>"
    )


def _filters() -> str:
    operands = "".join(element("ogc:GeometryOperand", name) for name in _OPERANDS)
    relations = "".join(f'<ogc:SpatialOperator name="{name}"/>' for name in _RELATIONS)
    comparisons = "".join(element("ogc:ComparisonOperator", name) for name in _COMPARISONS)
    return (
        "<ogc:Filter_Capabilities><ogc:Spatial_Capabilities>"
        f"<ogc:GeometryOperands>{operands}</ogc:GeometryOperands>"
        f"<ogc:SpatialOperators>{relations}</ogc:SpatialOperators></ogc:Spatial_Capabilities>"
        "<ogc:Scalar_Capabilities><ogc:LogicalOperators/>"
        f"<ogc:ComparisonOperators>{comparisons}</ogc:ComparisonOperators></ogc:Scalar_Capabilities>"
        "<ogc:Id_Capabilities><ogc:EID/><ogc:FID/></ogc:Id_Capabilities></ogc:Filter_Capabilities>"
    )
