"""GML by version: 3.2.1 for WFS 2.0.0, 3.1.1 for 1.1.0, 2.1.2 for 1.0.0, each with its words for the same shapes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One version: its namespace, its words for the same shapes, and what it writes an id by.

    `named_shapes` geometries carry ids of their own; `coordinates` separates the numbers of a vertex.
    """

    namespace: str
    schema: str
    media_type: str
    identifier: str
    named_shapes: bool
    dimension: bool
    coordinates: str
    pos: str
    pos_list: str
    curves: tuple[str, str]
    surfaces: tuple[str, str]
    rings: tuple[str, str]
    feature: str
    feature_type: str
    shape_types: dict[str, str]


_BY_CURVES = {
    "point": "gml:PointPropertyType",
    "multilinestring": "gml:MultiCurvePropertyType",
    "multipolygon": "gml:MultiSurfacePropertyType",
}

GML_3_2 = Form(
    namespace="http://www.opengis.net/gml/3.2",
    schema="http://schemas.opengis.net/gml/3.2.1/gml.xsd",
    media_type="application/gml+xml; version=3.2",
    identifier="gml:id",
    named_shapes=True,
    dimension=True,
    coordinates=" ",
    pos="gml:pos",
    pos_list="gml:posList",
    curves=("gml:MultiCurve", "gml:curveMember"),
    surfaces=("gml:MultiSurface", "gml:surfaceMember"),
    rings=("gml:exterior", "gml:interior"),
    feature="gml:AbstractFeature",
    feature_type="gml:AbstractFeatureType",
    shape_types=_BY_CURVES,
)
GML_3_1 = Form(
    namespace="http://www.opengis.net/gml",
    schema="http://schemas.opengis.net/gml/3.1.1/base/gml.xsd",
    media_type="text/xml; subtype=gml/3.1.1",
    identifier="gml:id",
    named_shapes=False,
    dimension=True,
    coordinates=" ",
    pos="gml:pos",
    pos_list="gml:posList",
    curves=("gml:MultiCurve", "gml:curveMember"),
    surfaces=("gml:MultiSurface", "gml:surfaceMember"),
    rings=("gml:exterior", "gml:interior"),
    feature="gml:_Feature",
    feature_type="gml:AbstractFeatureType",
    shape_types=_BY_CURVES,
)
GML_2 = Form(
    namespace="http://www.opengis.net/gml",
    schema="http://schemas.opengis.net/gml/2.1.2/feature.xsd",
    media_type="text/xml; subtype=gml/2.1.2",
    identifier="fid",
    named_shapes=False,
    dimension=False,
    coordinates=",",
    pos="gml:coordinates",
    pos_list="gml:coordinates",
    curves=("gml:MultiLineString", "gml:lineStringMember"),
    surfaces=("gml:MultiPolygon", "gml:polygonMember"),
    rings=("gml:outerBoundaryIs", "gml:innerBoundaryIs"),
    feature="gml:_Feature",
    feature_type="gml:AbstractFeatureType",
    shape_types={
        "point": "gml:PointPropertyType",
        "multilinestring": "gml:MultiLineStringPropertyType",
        "multipolygon": "gml:MultiPolygonPropertyType",
    },
)
