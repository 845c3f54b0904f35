"""The application schema of a layer (DescribeFeatureType), made from its declaration."""

from collections.abc import Iterable
from xml.sax.saxutils import escape

from core.scope import Scope
from layers.codes.further import further_codes
from layers.fields import FieldSpec, Kind
from layers.layer import Geometry, Layer
from ogc.encode.gml import NAMESPACE, PREFIX
from ogc.encode.gmlforms import GML_3_2, Form
from ogc.wfs.names import DECLARATION

_TYPES = {
    Kind.TEXT: "xsd:string",
    Kind.INTEGER: "xsd:long",
    Kind.REAL: "xsd:double",
    Kind.BOOLEAN: "xsd:boolean",
    Kind.DATE: "xsd:date",
    Kind.DATETIME: "xsd:dateTime",
    Kind.LIST: "xsd:string",
}


def schema(layers: Iterable[Layer], scope: Scope, form: Form = GML_3_2) -> str:
    """One schema document; a field beyond the scope is not in it."""
    parts = [
        f'{DECLARATION}<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:gml="{form.namespace}"'
        f' xmlns:{PREFIX}="{NAMESPACE}" targetNamespace="{NAMESPACE}" elementFormDefault="qualified" version="1.0">'
        f'<xsd:import namespace="{form.namespace}" schemaLocation="{form.schema}"/>'
    ]
    for layer in layers:
        members = "".join(_member(spec) for spec in layer.fields_in(scope).values())
        shape, about = "", layer.about_to(scope)
        if layer.geometry is not Geometry.NONE:
            shape = f'<xsd:element name="geometry" type="{form.shape_types[layer.geometry]}" minOccurs="0"/>'
        parts.append(
            f'<xsd:element name="{layer.id}" type="{PREFIX}:{layer.id}Type" substitutionGroup="{form.feature}">'
            f"{_about(layer.title.zh, layer.title.en, about.zh, about.en)}</xsd:element>"
            f'<xsd:complexType name="{layer.id}Type"><xsd:complexContent>'
            f'<xsd:extension base="{form.feature_type}"><xsd:sequence>{shape}{members}'
            "</xsd:sequence></xsd:extension></xsd:complexContent></xsd:complexType>"
        )
    parts.append("</xsd:schema>")
    return "".join(parts)


def _member(spec: FieldSpec) -> str:
    many = ' maxOccurs="unbounded"' if spec.kind is Kind.LIST else ""
    notes = [spec.about.zh if spec.about else "", spec.about.en if spec.about else ""]
    notes.append(f"unit: {spec.unit}" if spec.unit else "")
    notes.append(f"codes: {spec.codes}" if spec.codes else "")
    further = further_codes(spec.codes) if spec.codes else {}
    notes += [f"{code}: {text.zh} {text.en}" for code, text in further.items()]
    notes.append(spec.standard or "")
    return (
        f'<xsd:element name="{spec.name}" type="{_TYPES[spec.kind]}" minOccurs="0"{many}>'
        f"{_about(spec.title.zh, spec.title.en, *notes)}</xsd:element>"
    )


def _about(*texts: str) -> str:
    said = escape("; ".join(text for text in texts if text))
    return f"<xsd:annotation><xsd:documentation>{said}</xsd:documentation></xsd:annotation>"
