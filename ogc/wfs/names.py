"""Namespaces, document openings, output formats and type names of the feature service."""

from enum import StrEnum
from xml.sax.saxutils import escape, quoteattr

from core.scope import Scope
from core.texts import Text
from layers.layer import Catalogue, Layer, Publish
from ogc.encode.gml import NAMESPACE, PREFIX
from ogc.kvp import InvalidParameterError
from ogc.wfs.editions import V1_0, V1_1, V2_0, Edition

FES = "http://www.opengis.net/fes/2.0"
OGC = "http://www.opengis.net/ogc"
OWS = "http://www.opengis.net/ows/1.1"
XLINK = "http://www.w3.org/1999/xlink"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
BY_ID = "urn:ogc:def:query:OGC-WFS::GetFeatureById"
STORED_QUERIES = (
    BY_ID,
    BY_ID.replace("query:", "storedQuery:"),
    "http://www.opengis.net/def/query/OGC-WFS/0/GetFeatureById",
    "GetFeatureById",
)
"""The names under which the one stored query is asked for."""
JSON_FORMAT = "application/geo+json"
CSV_FORMAT = "text/csv; charset=utf-8"
GEOPACKAGE_FORMAT = "application/geopackage+sqlite3"


class Output(StrEnum):
    """What features are written as."""

    GML = "gml"
    GEOJSON = "geojson"
    CSV = "csv"
    GEOPACKAGE = "gpkg"


_GML_NAMES = {
    V2_0.number: (
        "application/gml+xml; version=3.2", "application/gml+xml;version=3.2", "application/gml+xml",
        "text/xml; subtype=gml/3.2", "text/xml; subtype=gml/3.2.1", "text/xml;subtype=gml/3.2.1", "gml3", "gml32",
    ),
    V1_1.number: ("text/xml; subtype=gml/3.1.1", "text/xml;subtype=gml/3.1.1", "text/xml", "gml3", "gml31"),
    V1_0.number: ("gml2", "text/xml; subtype=gml/2.1.2", "text/xml;subtype=gml/2.1.2", "text/xml"),
}  # fmt: skip
_OTHER_NAMES = {
    "application/json": Output.GEOJSON,
    "application/geo+json": Output.GEOJSON,
    "geojson": Output.GEOJSON,
    "json": Output.GEOJSON,
    "text/csv": Output.CSV,
    "csv": Output.CSV,
    "application/geopackage+sqlite3": Output.GEOPACKAGE,
    "geopackage": Output.GEOPACKAGE,
    "gpkg": Output.GEOPACKAGE,
}


def output_of(asked: str, edition: Edition) -> Output:
    """The format a client means, a blank that was a plus sign mended, or a refusal that lists what there is."""
    folded = (
        asked.strip()
        .lower()
        .removesuffix("; charset=utf-8")
        .replace("gml xml", "gml+xml")
        .replace("geo json", "geo+json")
        .replace("geopackage sqlite3", "geopackage+sqlite3")
    )
    if not folded or folded in _GML_NAMES[edition.number]:
        return Output.GML
    if folded not in _OTHER_NAMES:
        allowed = ", ".join(offered(edition))
        raise InvalidParameterError("outputFormat", asked[:80], Text(f"可用:{allowed}", f"use {allowed}"))
    return _OTHER_NAMES[folded]


def offered(edition: Edition) -> tuple[str, ...]:
    """The formats a capabilities document lists, GML first."""
    others = (JSON_FORMAT, "application/json", "text/csv", GEOPACKAGE_FORMAT)
    if edition is V2_0:
        return (edition.form.media_type, "text/xml; subtype=gml/3.2", *others)
    return (edition.form.media_type, *others)


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


def schema_url(base_url: str, layers: tuple[Layer, ...], edition: Edition) -> str:
    """Where the application schema of these layers is found."""
    names = ",".join(type_name(layer) for layer in layers)
    parameter = "typeNames" if edition is V2_0 else "typeName"
    return f"{base_url}?service=WFS&version={edition.number}&request=DescribeFeatureType&{parameter}={names}"


def collection_opening(
    tag: str, base_url: str, layers: tuple[Layer, ...], attributes: dict[str, str], edition: Edition = V2_0
) -> str:
    """The start tag of a document of members, namespaces and schemas declared."""
    form = edition.form
    places = f"{edition.namespace} {edition.schema} {NAMESPACE} {schema_url(base_url, layers, edition)}"
    if edition is V2_0:
        places = f"{form.namespace} {form.schema} {places}"
    given = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
    return (
        f'<{tag} xmlns:wfs="{edition.namespace}" xmlns:gml="{form.namespace}" xmlns:{PREFIX}="{NAMESPACE}"'
        f' xmlns:xsi="{XSI}" xmlns:xlink="{XLINK}" xsi:schemaLocation={quoteattr(places)}{given}>'
    )


def element(tag: str, text: str, **attributes: str) -> str:
    """One element with escaped text."""
    given = "".join(f" {name.replace('__', ':')}={quoteattr(value)}" for name, value in attributes.items())
    return f"<{tag}{given}>{escape(text)}</{tag}>"
