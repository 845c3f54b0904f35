"""GetCapabilities of version 1.0.0, the one QGIS desktop edits by; longitude first throughout."""

from xml.sax.saxutils import quoteattr

from core.caller import Caller
from layers.layer import THEMES, Layer
from ogc.counts import Figures
from ogc.editing import editable
from ogc.encode.gml import NAMESPACE, PREFIX
from ogc.services import Services
from ogc.wfs.capabilities import ABOUT, TITLE
from ogc.wfs.editions import V1_0
from ogc.wfs.names import DECLARATION, OGC, XSI, element, published, type_name

CAPABILITIES_XSD = "http://schemas.opengis.net/wfs/1.0.0/WFS-capabilities.xsd"
_RELATIONS = (
    "BBOX", "Equals", "Disjoint", "Intersect", "Touches", "Crosses", "Within", "Contains", "Overlaps", "Beyond",
    "DWithin",
)  # fmt: skip


def capabilities(caller: Caller, services: Services, figures: Figures, base_url: str) -> str:
    """The whole document, in the caller's language, with the caller's layers."""
    layers = published(services.catalogue, caller.scope)
    written = editable(services.catalogue, caller)
    types = "".join(_feature_type(layer, caller, figures, edits=layer in written) for layer in layers)
    return (
        f'{DECLARATION}<WFS_Capabilities version="1.0.0" xmlns="{V1_0.namespace}" xmlns:ogc="{OGC}"'
        f' xmlns:xsi="{XSI}" xmlns:{PREFIX}="{NAMESPACE}" xsi:schemaLocation="{V1_0.namespace} {CAPABILITIES_XSD}">'
        f"<Service><Name>WFS</Name>{element('Title', TITLE.of(caller.lang))}"
        f"{element('Abstract', ABOUT.of(caller.lang))}{element('OnlineResource', base_url)}"
        "<Fees>NONE</Fees><AccessConstraints>NONE</AccessConstraints></Service>"
        f"<Capability><Request>{_requests(base_url, edits=bool(written))}</Request></Capability>"
        f"<FeatureTypeList><Operations><Query/></Operations>{types}</FeatureTypeList>{_filters()}</WFS_Capabilities>"
    )


def _requests(base_url: str, *, edits: bool) -> str:
    doors = "".join(
        f"<DCPType><HTTP><{method} onlineResource={quoteattr(address)}/></HTTP></DCPType>"
        for method, address in (("Get", base_url + "?"), ("Post", base_url))
    )
    transacting = f"<Transaction>{doors}</Transaction>" if edits else ""
    language = "<SchemaDescriptionLanguage><XMLSCHEMA/></SchemaDescriptionLanguage>"
    return (
        f"<GetCapabilities>{doors}</GetCapabilities><DescribeFeatureType>{language}{doors}</DescribeFeatureType>"
        f"<GetFeature><ResultFormat><GML2/></ResultFormat>{doors}</GetFeature>"
        f"{transacting}"
    )


def _feature_type(layer: Layer, caller: Caller, figures: Figures, *, edits: bool) -> str:
    extent = figures.extent(layer, caller.scope)
    may = "<Operations><Query/><Insert/><Update/><Delete/></Operations>" if edits else ""
    box = ""
    if extent is not None:
        box = (
            f'<LatLongBoundingBox minx="{extent.west}" miny="{extent.south}" maxx="{extent.east}"'
            f' maxy="{extent.north}"/>'
        )
    return (
        f"<FeatureType>{element('Name', type_name(layer))}{element('Title', layer.title.of(caller.lang))}"
        f"{element('Abstract', layer.about_to(caller.scope).of(caller.lang))}"
        f"{element('Keywords', THEMES[layer.theme].of(caller.lang))}{element('SRS', V1_0.crs.name)}"
        f"{may}{box}</FeatureType>"
    )


def _filters() -> str:
    relations = "".join(f"<ogc:{name}/>" for name in _RELATIONS)
    return (
        "<ogc:Filter_Capabilities><ogc:Spatial_Capabilities>"
        f"<ogc:Spatial_Operators>{relations}</ogc:Spatial_Operators></ogc:Spatial_Capabilities>"
        "<ogc:Scalar_Capabilities><ogc:Logical_Operators/><ogc:Comparison_Operators><ogc:Simple_Comparisons/>"
        "<ogc:Like/><ogc:Between/><ogc:NullCheck/></ogc:Comparison_Operators></ogc:Scalar_Capabilities>"
        "</ogc:Filter_Capabilities>"
    )
