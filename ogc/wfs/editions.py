"""The versions of the service that are spoken: 2.0.0, and 1.1.0 and 1.0.0 for clients that know no newer one."""

from dataclasses import dataclass

from core.texts import Text
from ogc.encode.crs import OgcCrs, wfs_crs
from ogc.encode.gmlforms import GML_2, GML_3_1, GML_3_2, Form
from ogc.exceptions import OgcError
from ogc.kvp import KVP, InvalidParameterError

PAGE = 1000
"""CountDefault of 2.0.0: GDAL pages by it. The older versions have no links to a next page, so they send everything."""
MOST = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One version: its namespaces, its GML, the system unnamed coordinates are in, and how much an answer holds."""

    number: str
    namespace: str
    schema: str
    form: Form
    crs: OgcCrs
    member: str
    page: int
    ows: str | None
    """The version of OWS Common its reports are written in; 1.0.0 has reports of its own."""


V2_0 = Edition(
    number="2.0.0",
    namespace="http://www.opengis.net/wfs/2.0",
    schema="http://schemas.opengis.net/wfs/2.0/wfs.xsd",
    form=GML_3_2,
    crs=wfs_crs("urn:ogc:def:crs:EPSG::4490"),
    member="wfs:member",
    page=PAGE,
    ows="1.1",
)
V1_1 = Edition(
    number="1.1.0",
    namespace="http://www.opengis.net/wfs",
    schema="http://schemas.opengis.net/wfs/1.1.0/wfs.xsd",
    form=GML_3_1,
    crs=wfs_crs("urn:ogc:def:crs:EPSG::4490"),
    member="gml:featureMember",
    page=MOST,
    ows="1.0",
)
V1_0 = Edition(
    number="1.0.0",
    namespace="http://www.opengis.net/wfs",
    schema="http://schemas.opengis.net/wfs/1.0.0/WFS-basic.xsd",
    form=GML_2,
    crs=wfs_crs("EPSG:4490"),
    member="gml:featureMember",
    page=MOST,
    ows=None,
)
EDITIONS = {"2.0.0": V2_0, "2.0.2": V2_0, "1.1.0": V1_1, "1.0.0": V1_0}
VERSIONS = ("2.0.0", "1.1.0", "1.0.0")


def edition_of(kvp: KVP) -> Edition:
    """The version a request is in; unsaid it is 2.0.0."""
    version = kvp.text("version", V2_0.number)
    if version not in EDITIONS:
        allowed = ", ".join(VERSIONS)
        raise InvalidParameterError("version", version[:40], Text(f"可用:{allowed}", f"use {allowed}"))
    return EDITIONS[version]


def negotiated(kvp: KVP) -> Edition:
    """The version GetCapabilities answers in.

    Of `AcceptVersions` the first that is spoken (OWS Common); by `version` the newest that is not above it (WFS 1.0.0,
    6.2.4); without either the newest.
    """
    accepted = kvp.items_of("acceptversions")
    if accepted:
        for version in accepted:
            if version in EDITIONS:
                return EDITIONS[version]
        allowed = ", ".join(VERSIONS)
        raise OgcError(
            "VersionNegotiationFailed",
            Text(f"仅支持版本 {allowed}", f"only the versions {allowed} are spoken"),
            locator="AcceptVersions",
        )
    asked = kvp.text("version", V2_0.number)
    try:
        wanted = tuple(int(part) for part in asked.split("."))
    except ValueError:
        return V2_0
    known = [version for version in VERSIONS if tuple(map(int, version.split("."))) <= wanted]
    return EDITIONS[known[0] if known else VERSIONS[-1]]
