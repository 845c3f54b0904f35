"""What this service says of itself (GetCapabilities): no more than it does."""

from xml.sax.saxutils import escape, quoteattr

from core.caller import Caller
from core.texts import Lang, Text
from layers.layer import THEMES, Layer
from ogc.counts import Figures
from ogc.editing import editable
from ogc.encode.crs import CGCS2000, SPOKEN
from ogc.encode.gml import NAMESPACE, PREFIX
from ogc.encode.gmlforms import GML_3_2
from ogc.services import Services
from ogc.wfs.editions import PAGE, V2_0, VERSIONS
from ogc.wfs.names import BY_ID, DECLARATION, FES, OWS, XLINK, XSI, element, offered, published, type_name

TITLE = Text("安全生产一张图要素服务", "OneMap feature service")
ABOUT = Text(
    "监管对象、应急资源、事故与监测设备的要素,按调用者权限提供",
    "Supervised enterprises, resources, accidents and devices, as far as the caller's rights reach",
)
OPERATIONS = (
    "GetCapabilities",
    "DescribeFeatureType",
    "GetFeature",
    "GetPropertyValue",
    "ListStoredQueries",
    "DescribeStoredQueries",
)
TRANSACTIONAL = "ImplementsTransactionalWFS"
"""True for who may edit something."""

_CONFORMANCE = {
    "ImplementsBasicWFS": True,
    TRANSACTIONAL: False,
    "ImplementsLockingWFS": False,
    "KVPEncoding": True,
    "XMLEncoding": True,
    "SOAPEncoding": False,
    "ImplementsInheritance": False,
    "ImplementsRemoteResolve": False,
    "ImplementsResultPaging": True,
    "ImplementsStandardJoins": False,
    "ImplementsSpatialJoins": False,
    "ImplementsTemporalJoins": False,
    "ImplementsFeatureVersioning": False,
    "ManageStoredQueries": False,
}
_FILTERING = {
    "ImplementsQuery": True,
    "ImplementsAdHocQuery": True,
    "ImplementsFunctions": False,
    "ImplementsResourceId": True,
    "ImplementsMinStandardFilter": True,
    "ImplementsStandardFilter": True,
    "ImplementsMinSpatialFilter": True,
    "ImplementsSpatialFilter": True,
    "ImplementsMinTemporalFilter": True,
    "ImplementsTemporalFilter": True,
    "ImplementsVersionNav": False,
    "ImplementsSorting": True,
    "ImplementsExtendedOperators": False,
    "ImplementsMinimumXPath": True,
    "ImplementsSchemaElementFunc": False,
}
_COMPARISONS = (
    "PropertyIsEqualTo",
    "PropertyIsNotEqualTo",
    "PropertyIsLessThan",
    "PropertyIsGreaterThan",
    "PropertyIsLessThanOrEqualTo",
    "PropertyIsGreaterThanOrEqualTo",
    "PropertyIsLike",
    "PropertyIsNull",
    "PropertyIsNil",
    "PropertyIsBetween",
)
_RELATIONS = (
    "BBOX", "Equals", "Disjoint", "Intersects", "Touches", "Crosses", "Within", "Contains", "Overlaps", "DWithin",
    "Beyond",
)  # fmt: skip
_OPERANDS = ("Envelope", "Point", "MultiPoint", "LineString", "MultiCurve", "Polygon", "MultiSurface")
_TEMPORAL = ("After", "Before", "During", "TEquals", "Begins", "Ends")


def capabilities(caller: Caller, services: Services, figures: Figures, base_url: str) -> str:
    """The whole document, in the caller's language, with the caller's layers."""
    layers = published(services.catalogue, caller.scope)
    types = "".join(_feature_type(layer, caller, figures) for layer in layers)
    edits = bool(editable(services.catalogue, caller))
    return (
        f'{DECLARATION}<wfs:WFS_Capabilities version="2.0.0" xmlns:wfs="{V2_0.namespace}" xmlns:ows="{OWS}"'
        f' xmlns:fes="{FES}" xmlns:gml="{GML_3_2.namespace}" xmlns:xlink="{XLINK}" xmlns:xsi="{XSI}"'
        f' xmlns:{PREFIX}="{NAMESPACE}" xsi:schemaLocation="{V2_0.namespace} {V2_0.schema}">'
        "<ows:ServiceIdentification>"
        f"{element('ows:Title', TITLE.of(caller.lang))}{element('ows:Abstract', ABOUT.of(caller.lang))}"
        "<ows:ServiceType>WFS</ows:ServiceType><ows:ServiceTypeVersion>2.0.0</ows:ServiceTypeVersion>"
        "<ows:Fees>NONE</ows:Fees><ows:AccessConstraints>NONE</ows:AccessConstraints></ows:ServiceIdentification>"
        "<ows:ServiceProvider><ows:ProviderName>OneMap 安全生产一张图</ows:ProviderName>"
        "<ows:ServiceContact/></ows:ServiceProvider>"
        f"{_operations(base_url, edits=edits)}<wfs:FeatureTypeList>{types}</wfs:FeatureTypeList>"
        f"{_filters()}</wfs:WFS_Capabilities>"
    )


def _parameter(name: str, values: tuple[str, ...]) -> str:
    allowed = "".join(element("ows:Value", value) for value in values)
    return f'<ows:Parameter name="{name}"><ows:AllowedValues>{allowed}</ows:AllowedValues></ows:Parameter>'


def _truth(tag: str, name: str, value: str) -> str:
    return f'<{tag} name="{name}"><ows:NoValues/><ows:DefaultValue>{value}</ows:DefaultValue></{tag}>'


def _operations(base_url: str, *, edits: bool) -> str:
    formats = offered(V2_0)
    paged = _truth("ows:Constraint", "CountDefault", str(PAGE))
    own = {
        "GetCapabilities": _parameter("AcceptVersions", VERSIONS),
        "DescribeFeatureType": _parameter("outputFormat", (GML_3_2.media_type,)),
        "GetFeature": _parameter("resultType", ("results", "hits")) + _parameter("outputFormat", formats) + paged,
        "GetPropertyValue": _parameter("outputFormat", (GML_3_2.media_type,)),
    }
    address = quoteattr(base_url + "?")
    doors = (
        f'<ows:DCP><ows:HTTP><ows:Get xlink:type="simple" xlink:href={address}/>'
        f'<ows:Post xlink:type="simple" xlink:href={quoteattr(base_url)}/></ows:HTTP></ows:DCP>'
    )
    listed = "".join(
        f'<ows:Operation name="{name}">{doors}{own.get(name, "")}</ows:Operation>'
        for name in (*OPERATIONS, *(["Transaction"] if edits else []))
    )
    constraints = "".join(
        _truth("ows:Constraint", name, "TRUE" if value else "FALSE")
        for name, value in {**_CONFORMANCE, TRANSACTIONAL: edits}.items()
    )
    return (
        f"<ows:OperationsMetadata>{listed}{_parameter('version', ('2.0.0',))}{constraints}"
        f"{paged}"
        '<ows:Constraint name="QueryExpressions"><ows:AllowedValues><ows:Value>wfs:Query</ows:Value>'
        "<ows:Value>wfs:StoredQuery</ows:Value></ows:AllowedValues></ows:Constraint></ows:OperationsMetadata>"
    )


def _feature_type(layer: Layer, caller: Caller, figures: Figures) -> str:
    lang = caller.lang
    other = Lang.EN if lang is Lang.ZH else Lang.ZH
    extent = figures.extent(layer, caller.scope)
    box = ""
    if extent is not None:
        box = (
            f"<ows:WGS84BoundingBox><ows:LowerCorner>{extent.west} {extent.south}</ows:LowerCorner>"
            f"<ows:UpperCorner>{extent.east} {extent.north}</ows:UpperCorner></ows:WGS84BoundingBox>"
        )
    others = "".join(element("wfs:OtherCRS", crs.urn) for crs in SPOKEN if crs is not CGCS2000)
    words = element("ows:Keyword", THEMES[layer.theme].of(lang)) + element("ows:Keyword", layer.title.of(other))
    return (
        f"<wfs:FeatureType>{element('wfs:Name', type_name(layer))}{element('wfs:Title', layer.title.of(lang))}"
        f"{element('wfs:Abstract', layer.about_to(caller.scope).of(lang))}<ows:Keywords>{words}</ows:Keywords>"
        f"{element('wfs:DefaultCRS', CGCS2000.urn)}{others}"
        "<wfs:OutputFormats>"
        f"{''.join(element('wfs:Format', name) for name in offered(V2_0))}</wfs:OutputFormats>"
        f"{box}</wfs:FeatureType>"
    )


def _filters() -> str:
    constraints = "".join(
        _truth("fes:Constraint", name, "TRUE" if value else "FALSE") for name, value in _FILTERING.items()
    )
    comparisons = "".join(f'<fes:ComparisonOperator name="{name}"/>' for name in _COMPARISONS)
    operands = "".join(f'<fes:GeometryOperand name="gml:{name}"/>' for name in _OPERANDS)
    relations = "".join(f'<fes:SpatialOperator name="{name}"/>' for name in _RELATIONS)
    times = "".join(f'<fes:TemporalOperator name="{name}"/>' for name in _TEMPORAL)
    return (
        f"<fes:Filter_Capabilities><fes:Conformance>{constraints}</fes:Conformance>"
        '<fes:Id_Capabilities><fes:ResourceIdentifier name="fes:ResourceId"/></fes:Id_Capabilities>'
        "<fes:Scalar_Capabilities><fes:LogicalOperators/>"
        f"<fes:ComparisonOperators>{comparisons}</fes:ComparisonOperators></fes:Scalar_Capabilities>"
        f"<fes:Spatial_Capabilities><fes:GeometryOperands>{operands}</fes:GeometryOperands>"
        f"<fes:SpatialOperators>{relations}</fes:SpatialOperators></fes:Spatial_Capabilities>"
        '<fes:Temporal_Capabilities><fes:TemporalOperands><fes:TemporalOperand name="gml:TimeInstant"/>'
        '<fes:TemporalOperand name="gml:TimePeriod"/></fes:TemporalOperands>'
        f"<fes:TemporalOperators>{times}</fes:TemporalOperators></fes:Temporal_Capabilities></fes:Filter_Capabilities>"
    )


def list_stored(layers: list[Layer]) -> str:
    """ListStoredQueries: the one that every WFS has."""
    returned = "".join(element("wfs:ReturnFeatureType", type_name(layer)) for layer in layers)
    return (
        f'{DECLARATION}<wfs:ListStoredQueriesResponse xmlns:wfs="{V2_0.namespace}" xmlns:{PREFIX}="{NAMESPACE}">'
        f'<wfs:StoredQuery id="{BY_ID}"><wfs:Title>GetFeatureById</wfs:Title>{returned}</wfs:StoredQuery>'
        "</wfs:ListStoredQueriesResponse>"
    )


def describe_stored(layers: list[Layer]) -> str:
    """DescribeStoredQueries."""
    types = escape(" ".join(type_name(layer) for layer in layers))
    return (
        f'{DECLARATION}<wfs:DescribeStoredQueriesResponse xmlns:wfs="{V2_0.namespace}" xmlns:{PREFIX}="{NAMESPACE}"'
        ' xmlns:xsd="http://www.w3.org/2001/XMLSchema">'
        f'<wfs:StoredQueryDescription id="{BY_ID}"><wfs:Title>GetFeatureById</wfs:Title>'
        '<wfs:Parameter name="id" type="xsd:string"/>'
        f'<wfs:QueryExpressionText returnFeatureTypes="{types}" isPrivate="true"'
        ' language="urn:ogc:def:queryLanguage:OGC-WFS::WFS_QueryExpression"/>'
        "</wfs:StoredQueryDescription></wfs:DescribeStoredQueriesResponse>"
    )
