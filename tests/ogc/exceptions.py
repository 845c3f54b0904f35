"""Every exception code the standards name, the request that brings it here, and what is answered.

`python -m tests.ogc.exceptions` writes the table of docs/exceptions.md from these rows; a test compares the two.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "exceptions.md"
BEGIN, END = "<!-- codes -->", "<!-- end of codes -->"
FES = 'xmlns:fes="http://www.opengis.net/fes/2.0" xmlns:gml="http://www.opengis.net/gml/3.2"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One request and its answer; `words` stand in the message in both languages: the field, the value or what may be.

    `sent` is laid over a request of the service that is right (None takes a word out of it).
    """

    service: str
    version: str
    code: str
    sent: dict[str, str | None] = field(default_factory=dict)
    body: str = ""
    status: int = 400
    locator: str | None = None
    words: str = ""
    when: str


def _wms(version: str, code: str, when: str, words: str = "", locator: str | None = None, /, **sent: str | None) -> Row:
    if version == "1.1.1":
        locator = None  # its reports have no place for one
    return Row(
        service="WMS", version=version, code=code, sent=sent, status=200, locator=locator, words=words, when=when
    )


def _maps() -> Iterator[Row]:
    for version in ("1.3.0", "1.1.1"):
        crs = "crs" if version == "1.3.0" else "srs"
        at = ("i", "j") if version == "1.3.0" else ("x", "y")
        info: dict[str, str | None] = {
            "request": "GetFeatureInfo",
            "query_layers": "enterprises",
            at[0]: "1",
            at[1]: "1",
        }
        yield _wms(version, "InvalidFormat", "a `FORMAT` not offered", "image/webp", "format", format="image/gif")
        yield _wms(
            version,
            "InvalidFormat",
            "an `INFO_FORMAT` not offered",
            "text/html",
            "info_format",
            **info,
            info_format="image/gif",
        )
        yield _wms(
            version,
            "InvalidCRS" if version == "1.3.0" else "InvalidSRS",
            "a system not offered",
            "EPSG:4490",
            crs,
            **{crs: "EPSG:2000"},
        )
        yield _wms(
            version,
            "LayerNotDefined",
            "a layer that is not there, or not for this caller",
            "nowhere",
            "layers",
            layers="nowhere",
        )
        yield _wms(version, "StyleNotDefined", "a style the layer has not", "clusters", "styles", styles="nostyle")
        yield _wms(
            version,
            "LayerNotQueryable",
            "`QUERY_LAYERS` names the base map",
            "basemap",
            "query_layers",
            **info | {"query_layers": "basemap"},
        )
        yield _wms(version, "InvalidPoint", "a pixel outside the picture", "999", at[0], **info | {at[0]: "999"})
        yield _wms(
            version,
            "InvalidDimensionValue",
            "a `TIME` that is none",
            "yesterday",
            "time",
            layers="accidents",
            time="yesterday",
        )
        yield _wms(
            version,
            "CurrentUpdateSequence",
            "`UPDATESEQUENCE` is the one in force",
            "",
            "updatesequence",
            request="GetCapabilities",
            updatesequence="{head}",
        )
        yield _wms(
            version,
            "InvalidUpdateSequence",
            "`UPDATESEQUENCE` lies ahead, or is no number",
            "99999999",
            "updatesequence",
            request="GetCapabilities",
            updatesequence="99999999",
        )
        yield _wms(
            version, "OperationNotSupported", "an operation not offered", "GetWeather", "request", request="GetWeather"
        )
        yield _wms(version, "MissingParameterValue", "a parameter that must be there", "bbox", "bbox", bbox=None)
        yield _wms(
            version,
            "InvalidParameterValue",
            "a value out of bounds: a picture over 4,096 pixels",
            "4096",
            "width",
            width="16385",
        )
        yield _wms(
            version,
            "InvalidParameterValue",
            "a filter, a style of one's own, a colour that cannot be read",
            "nothing",
            "cql_filter",
            cql_filter="nothing = 1",
        )


def _wfs(
    version: str,
    code: str,
    when: str,
    words: str = "",
    locator: str | None = None,
    /,
    *,
    status: int = 400,
    body: str = "",
    **sent: str | None,
) -> Row:
    return Row(
        service="WFS",
        version=version,
        code=code,
        sent=sent,
        body=body,
        status=status,
        locator=locator,
        words=words,
        when=when,
    )


def _transaction(action: str) -> str:
    return (
        f'<wfs:Transaction xmlns:wfs="http://www.opengis.net/wfs/2.0" {FES} service="WFS" version="2.0.0">{action}'
        "</wfs:Transaction>"
    )


def _features() -> Iterator[Row]:
    for version in ("2.0.0", "1.1.0", "1.0.0"):
        yield _wfs(
            version,
            "OperationNotSupported",
            "an operation not offered in this version",
            "GetWeather",
            "request",
            request="GetWeather",
        )
        yield _wfs(
            version, "MissingParameterValue", "a parameter that must be there", "typeNames", "typeNames", typenames=None
        )
        yield _wfs(
            version,
            "InvalidParameterValue",
            "a type that is not there, or not for this caller",
            "nowhere",
            "typeNames",
            typenames="nowhere",
        )
        yield _wfs(
            version,
            "InvalidParameterValue",
            "a value out of bounds, a filter that cannot be read",
            "nothing",
            "cql_filter",
            cql_filter="nothing = 1",
        )
        yield _wfs(
            version,
            "OptionNotSupported",
            "more than one type in a query: no joins",
            "",
            "typeNames",
            typenames="enterprises,roads",
        )
    yield _wfs("2.0.0", "InvalidParameterValue", "a version not spoken", "1.1.0", "version", version="3.0.0")
    yield _wfs(
        "2.0.0",
        "VersionNegotiationFailed",
        "`ACCEPTVERSIONS` names none that is spoken",
        "2.0.0",
        "AcceptVersions",
        request="GetCapabilities",
        acceptversions="9.0.0",
    )
    yield _wfs(
        "2.0.0",
        "OperationParsingFailed",
        "a body that is no XML, or brings a document type",
        "DTD|document types",
        "request",
        body="<!DOCTYPE a><GetFeature/>",
    )
    yield _wfs(
        "2.0.0",
        "NotFound",
        "`GetFeatureById` of a feature that is not there, or not for this caller",
        "enterprises.0",
        "id",
        status=404,
        storedquery_id="urn:ogc:def:query:OGC-WFS::GetFeatureById",
        id="enterprises.0",
    )
    insert = "<wfs:Insert><shelters><code>S1</code><name>a</name><places>many</places></shelters></wfs:Insert>"
    yield _wfs(
        "2.0.0",
        "InvalidValue",
        "a transaction brings a value that the schema of the layer does not take",
        "many",
        "places",
        body=_transaction(insert),
    )
    forbidden = (
        f'<wfs:Delete typeName="roads"><fes:Filter {FES}><fes:ResourceId rid="roads.R1"/></fes:Filter></wfs:Delete>'
    )
    yield _wfs(
        "2.0.0",
        "OperationProcessingFailed",
        "a transaction that the caller may not carry out, or that met another's",
        "",
        "Transaction",
        status=403,
        body=_transaction(forbidden),
    )


def _tiles() -> Iterator[Row]:
    def row(code: str, when: str, words: str, locator: str | None, status: int = 400, **sent: str | None) -> Row:
        return Row(
            service="WMTS",
            version="1.0.0",
            code=code,
            sent=sent,
            status=status,
            locator=locator,
            words=words,
            when=when,
        )

    info: dict[str, str | None] = {"request": "GetFeatureInfo", "i": "1", "j": "1", "infoformat": "text/html"}
    yield row("OperationNotSupported", "an operation not offered", "getweather", "Request", 501, request="GetWeather")
    yield row("MissingParameterValue", "a parameter that must be there", "TileRow", "TileRow", tilerow=None)
    yield row(
        "InvalidParameterValue",
        "a layer that is not there, or not for this caller",
        "nowhere",
        "Layer",
        layer="nowhere",
    )
    yield row(
        "InvalidParameterValue",
        "a matrix set, level, style or format not offered",
        "WebMercatorQuad",
        "TileMatrixSet",
        tilematrixset="Mine",
    )
    yield row("TileOutOfRange", "a row or column beyond the level", "", "TileRow", tilerow="99999999")
    yield row("PointIJOutOfRange", "a pixel outside the tile", "255", "J", **info | {"j": "256"})
    yield row(
        "VersionNegotiationFailed",
        "`ACCEPTVERSIONS` names none that is spoken",
        "1.0.0",
        "AcceptVersions",
        request="GetCapabilities",
        acceptversions="9.0.0",
    )
    yield row(
        "InvalidUpdateSequence",
        "`UPDATESEQUENCE` lies ahead, or is no number",
        "99999999",
        "updatesequence",
        request="GetCapabilities",
        updatesequence="99999999",
    )


def _coverages() -> Iterator[Row]:
    def row(code: str, when: str, words: str, locator: str | None, status: int = 404, **sent: str | None) -> Row:
        return Row(
            service="WCS", version="2.0.1", code=code, sent=sent, status=status, locator=locator, words=words, when=when
        )

    yield row("OperationNotSupported", "an operation not offered", "getweather", "request", 400, request="GetWeather")
    yield row(
        "MissingParameterValue", "a parameter that must be there", "coverageid", "coverageid", 400, coverageid=None
    )
    yield row(
        "InvalidParameterValue", "a format or version not offered", "image/tiff", "format", 400, format="image/gif"
    )
    yield row(
        "VersionNegotiationFailed",
        "`ACCEPTVERSIONS` names none that is spoken",
        "2.0.1",
        "acceptVersions",
        400,
        request="GetCapabilities",
        acceptversions="9.0.0",
    )
    yield row(
        "InvalidUpdateSequence",
        "`UPDATESEQUENCE` lies ahead, or is no number",
        "99999999",
        "updatesequence",
        400,
        request="GetCapabilities",
        updatesequence="99999999",
    )
    yield row(
        "NoSuchCoverage",
        "a coverage that is not there, or not for this caller",
        "nowhere",
        "coverageId",
        coverageid="nowhere",
    )
    yield row(
        "emptyCoverageIdList",
        "`DescribeCoverage` without ids",
        "COVERAGEID",
        "coverageId",
        request="DescribeCoverage",
        coverageid=None,
    )
    yield row(
        "InvalidAxisLabel", "a subset of an axis that there is not, or of one twice", "Long", "subset", subset="z(1,2)"
    )
    yield row("InvalidSubsetting", "a subset outside, reversed, or a slice", "", "subset", subset="Lat(10,11)")
    yield row(
        "SubsettingCrs-NotSupported",
        "`SUBSETTINGCRS` not spoken",
        "EPSG:4490",
        "subsettingcrs",
        subsettingcrs="EPSG:2000",
    )
    yield row("OutputCrs-NotSupported", "`OUTPUTCRS` not spoken", "EPSG:4490", "outputcrs", outputcrs="EPSG:2000")
    yield row("InvalidScaleFactor", "a factor or a size that cannot be", "-2", "scale", scalefactor="-2")
    yield row("ScaleAxisUndefined", "an axis to scale that there is not", "Long", "scaleaxes", scaleaxes="z(2)")
    yield row("InvalidExtent", "an extent to scale to that is none", "9:1", "scaleextent", scaleextent="Long(9:1)")
    yield row("NoSuchField", "a band that there is not", "band1", "rangeSubset", rangesubset="band9")
    yield row(
        "InvalidFieldSequence",
        "bands from the last to the first",
        "band3:band1",
        "rangeSubset",
        coverageid="imagery",
        rangesubset="band3:band1",
    )


def _api() -> Iterator[Row]:
    def row(part: str, code: str, when: str, path: str, status: int, words: str, body: str = "") -> Row:
        return Row(
            service="OGC API",
            version=part,
            code=code,
            sent={"path": path},
            status=status,
            words=words,
            when=when,
            body=body,
        )

    items = "/collections/enterprises/items"
    wrong = "InvalidParameterValue"
    yield row("Features 1", wrong, "a parameter nobody offers", f"{items}?colour=red", 400, "colour")
    yield row("Features 1", wrong, "a value out of bounds", f"{items}?limit=0", 400, "limit")
    yield row("Features 1", wrong, "a box that is none", f"{items}?bbox=1,2,3", 400, "bbox")
    yield row("Features 1", wrong, "a time that is none", f"{items}?datetime=soon", 400, "soon")
    yield row("Features 1", wrong, "a format not offered", f"{items}?f=xml", 400, "json")
    yield row(
        "Features 1",
        "NotFound",
        "a collection that is not there, or not for this caller",
        "/collections/nowhere",
        404,
        "nowhere",
    )
    yield row("Features 1", "NotFound", "a feature likewise", f"{items}/0", 404, "0")
    yield row("Features 2", wrong, "a system not spoken", f"{items}?crs=EPSG:2000", 400, "EPSG:2000")
    yield row(
        "Features 3",
        wrong,
        "a filter that cannot be read, or names what there is not",
        f"{items}?filter=nothing%3D1",
        400,
        "nothing",
    )
    yield row(
        "Features 3",
        wrong,
        "a filter language not offered",
        f"{items}?filter=risk%3D1&filter-lang=sql",
        400,
        "cql2-text",
    )
    yield row(
        "Features 4",
        "Forbidden",
        "a layer the caller may not write",
        "/collections/roads/items",
        403,
        "",
        '{"type": "Feature", "geometry": null, "properties": {}}',
    )
    yield row(
        "Features 4",
        wrong,
        "values the layer does not take, each named",
        "/collections/shelters/items",
        422,
        "places",
        '{"type": "Feature", "geometry": null, "properties": {"code": "S1", "name": "a", "places": "many"}}',
    )
    yield row("Maps", wrong, "a picture over 4,096 pixels", "/collections/enterprises/map?width=16385", 400, "4096")
    yield row("Maps", "NotFound", "a collection that is not there", "/collections/nowhere/map", 404, "nowhere")
    yield row("Coverages", wrong, "a subset outside", "/collections/terrain/coverage?subset=Lat(10:11)", 400, "")
    yield row("Coverages", wrong, "a format not offered", "/collections/terrain/coverage?f=gif", 400, "tiff")
    yield row("Records", wrong, "a parameter nobody offers", "/collections/records/items?colour=red", 400, "colour")


NOT_RAISED = (
    ("WMS 1.1.1, 1.3.0", "MissingDimensionValue", "without `TIME` every row is shown, those without a time too"),
    (
        "WFS 2.0.0",
        "CannotLockAllFeatures, FeaturesNotLocked, InvalidLockId, LockHasExpired",
        "nothing is locked: a lock is refused with OperationNotSupported",
    ),
    (
        "WFS 2.0.0",
        "DuplicateStoredQueryIdValue, DuplicateStoredQueryParameterName",
        "stored queries are not made by clients: OperationNotSupported",
    ),
    ("WFS 2.0.0", "ResponseCacheExpired", "pages are read anew, nothing is kept to expire"),
    ("WFS", "InvalidUpdateSequence", "the capabilities tell no sequence"),
    ("all", "NoApplicableCode", "a fault of ours (500), or overload (503 with `Retry-After`)"),
)

ROWS = (*_maps(), *_features(), *_tiles(), *_coverages(), *_api())


def table() -> str:
    """The rows as the page shows them; versions that answer alike share a line."""
    lines = ["| service | code | HTTP | locator | brought by |", "|---|---|---|---|---|"]
    seen: dict[tuple[str, ...], list[str]] = {}
    for row in ROWS:
        key = (row.service, row.code, str(row.status), f"`{row.locator}`" if row.locator else "", row.when)
        seen.setdefault(key, []).append(row.version)
    for (service, code, status, locator, when), versions in seen.items():
        lines.append(f"| {service} {', '.join(versions)} | {code} | {status} | {locator} | {when} |")
    lines += ["", "| never | code | why |", "|---|---|---|"]
    lines += [f"| {service} | {code} | {why} |" for service, code, why in NOT_RAISED]
    return "\n".join(lines)


if __name__ == "__main__":
    text = PAGE.read_text("utf-8")
    head, _, rest = text.partition(BEGIN)
    PAGE.write_text(f"{head}{BEGIN}\n{table()}\n{END}{rest.partition(END)[2]}", "utf-8")
