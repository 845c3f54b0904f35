"""Namespaces, document openings and type names of the feature service."""

from xml.sax.saxutils import escape, quoteattr

from core.scope import Scope
from core.texts import Text
from layers.layer import Catalogue, Layer, Publish
from ogc.encode.gml import GML, NAMESPACE, PREFIX
from ogc.kvp import InvalidParameterError

WFS = "http://www.opengis.net/wfs/2.0"
FES = "http://www.opengis.net/fes/2.0"
OWS = "http://www.opengis.net/ows/1.1"
XLINK = "http://www.w3.org/1999/xlink"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
WFS_XSD = "http://schemas.opengis.net/wfs/2.0/wfs.xsd"
GML_XSD = "http://schemas.opengis.net/gml/3.2.1/gml.xsd"
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
BY_ID = "urn:ogc:def:query:OGC-WFS::GetFeatureById"

PAGE = 1000
"""CountDefault: GDAL pages by it."""

GML_FORMAT = "application/gml+xml; version=3.2"
JSON_FORMAT = "application/geo+json"
FORMATS = {
    "application/gml+xml; version=3.2": GML_FORMAT,
    "application/gml+xml;version=3.2": GML_FORMAT,
    "application/gml+xml": GML_FORMAT,
    "text/xml; subtype=gml/3.2": GML_FORMAT,
    "text/xml; subtype=gml/3.2.1": GML_FORMAT,
    "text/xml;subtype=gml/3.2.1": GML_FORMAT,
    "gml3": GML_FORMAT,
    "gml32": GML_FORMAT,
    "application/json": JSON_FORMAT,
    "application/geo+json": JSON_FORMAT,
    "geojson": JSON_FORMAT,
    "json": JSON_FORMAT,
}
"""What a client may write for `outputFormat`, folded; a blank that was a plus sign is mended before."""


def output_format(asked: str) -> str:
    """The format a client means, or a refusal that lists what there is."""
    folded = asked.strip().lower().replace("gml xml", "gml+xml").replace("geo json", "geo+json")
    if folded not in FORMATS:
        allowed = f"{GML_FORMAT}, {JSON_FORMAT}, application/json"
        raise InvalidParameterError("outputFormat", asked, Text(f"可用:{allowed}", f"use {allowed}"))
    return FORMATS[folded]


def published(catalogue: Catalogue, scope: Scope) -> list[Layer]:
    """The layers this caller finds here."""
    return [layer for layer in catalogue.seen_by(scope) if layer.publish is Publish.FEATURES]


def type_name(layer: Layer) -> str:
    """The qualified name of a layer's features."""
    return f"{PREFIX}:{layer.id}"


def layer_named(name: str, catalogue: Catalogue, scope: Scope, parameter: str = "typeNames") -> Layer:
    """The layer of a type name, prefix optional."""
    bare = name.strip().strip("()")
    prefix, _, local = bare.rpartition(":")
    layer = catalogue.find(local, scope) if prefix in ("", PREFIX, "tns", "feature", "ns1") else None
    if layer is None or layer.publish is not Publish.FEATURES:
        raise InvalidParameterError(parameter, name, Text("没有这种要素", "no such feature type"))
    return layer


def schema_url(base_url: str, layers: tuple[Layer, ...]) -> str:
    """Where the application schema of these layers is found."""
    names = ",".join(type_name(layer) for layer in layers)
    return f"{base_url}?service=WFS&version=2.0.0&request=DescribeFeatureType&typeNames={names}"


def collection_opening(tag: str, base_url: str, layers: tuple[Layer, ...], attributes: dict[str, str]) -> str:
    """The start tag of a document of members, namespaces and schemas declared."""
    places = f"{WFS} {WFS_XSD} {GML} {GML_XSD} {NAMESPACE} {schema_url(base_url, layers)}"
    given = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
    return (
        f'<{tag} xmlns:wfs="{WFS}" xmlns:gml="{GML}" xmlns:{PREFIX}="{NAMESPACE}" xmlns:xsi="{XSI}"'
        f' xmlns:xlink="{XLINK}" xsi:schemaLocation={quoteattr(places)}{given}>'
    )


def element(tag: str, text: str, **attributes: str) -> str:
    """One element with escaped text."""
    given = "".join(f" {name.replace('__', ':')}={quoteattr(value)}" for name, value in attributes.items())
    return f"<{tag}{given}>{escape(text)}</{tag}>"
