"""What the doors take, as data: the query parameters and the bodies that `/api/openapi.json` tells of."""

from typing import Any

from app import (
    openapi_camera_rules,
    openapi_cases,
    openapi_desk,
    openapi_devices,
    openapi_messages,
    openapi_notices,
    openapi_rules,
    openapi_violations,
    openapi_warnings,
)
from app.auditing import ASKED
from app.doors.me import THEMES
from app.exports import Format
from app.jobs.catalogue import KINDS
from app.jobs.sweeping import MOST
from app.keeping import POINTS
from app.language import PAGES
from app.openapi_administration import CHANGES, NOTHING_ASKED, QUERIES
from dashboards.handout.contents import Format as Handouts
from dashboards.public.lookup import LOOKUPS
from dashboards.queries.standings import REASONS
from dashboards.questions import LARGEST_CIRCLE, MOST_LAYERS
from emergency.limits import TABLES, State
from layers.writers.columns import Headings
from layers.writers.delimited import Encoding
from monitoring.quality import State as Standing
from store.audit import By

Json = dict[str, Any]
Parameters = tuple[tuple[str, Json], ...]

TEXT: Json = {"type": "string"}
WHOLE: Json = {"type": "integer", "minimum": 0, "maximum": 99_999_999}
GRADES: Json = {"type": "string", "pattern": "^[1-4](,[1-4])*$"}
CODE: Json = {"type": "string", "pattern": "^[A-Za-z0-9_-]{0,24}$"}
DAY: Json = {"type": "string", "format": "date"}
AT: Json = {"type": "string", "format": "date-time"}
BOX: Json = {"type": "string", "examples": ["121.8,33.1,121.9,33.2"]}
NUMBER: Json = {"type": "number"}

SELECTION: Parameters = (
    ("area", CODE), ("sector", CODE), ("industry", CODE), ("risk", GRADES), ("hazard", GRADES), ("since", DAY),
    ("until", DAY),
    ("checks", {"type": "string", "pattern": "^([0-9]{4}-[0-9]{2}-[0-9]{2}|[A-Z]{2}[0-9]{4}-[0-9]{6})$"}),
)  # fmt: skip
AUDIT: Parameters = tuple((name, TEXT) for name in ASKED)
RECORD: Parameters = (("layer", TEXT), ("key", TEXT))
OAPI: Parameters = (("f", {"type": "string", "enum": ["json", "html"]}), ("lang", {"enum": ["zh", "en"]}))

EDR: Parameters = (
    ("f", {"enum": ["json", "covjson", "csv"]}), ("lang", {"enum": ["zh", "en"]}), ("datetime", TEXT),
    ("parameter-name", TEXT), ("crs", TEXT),
)  # fmt: skip

LANG: Parameters = (("lang", {"enum": ["zh", "en"]}),)
MAPS: Parameters = (
    ("f", {"enum": ["png", "png8", "jpeg", "webp"]}), *LANG, ("bbox", BOX), ("bbox-crs", TEXT), ("crs", TEXT),
    ("width", WHOLE), ("height", WHOLE), ("transparent", {"type": "boolean"}), ("datetime", TEXT), ("filter", TEXT),
    ("theme", {"enum": ["day", "night"]}),
)  # fmt: skip
NEXT: Parameters = (("next", {"type": "string", "examples": ["/map"]}),)
LOOK: Parameters = (*LANG, ("theme", {"enum": ["day", "night"]}))
SOUGHT: Json = {"type": "string", "minLength": 2, "maxLength": 40}

PARAMETERS: dict[str, Parameters] = {
    **{f"GET {page}": LANG for page in PAGES},
    **QUERIES,
    **openapi_notices.QUERIES,
    **openapi_warnings.QUERIES,
    **openapi_cases.QUERIES,
    **openapi_desk.QUERIES,
    **openapi_rules.QUERIES,
    **openapi_camera_rules.QUERIES,
    **openapi_devices.QUERIES,
    **openapi_violations.QUERIES,
    "GET /signin": (*LANG, *NEXT),
    "GET /signin/code": NEXT,
    "GET /signin/renew": NEXT,
    "GET /signin/enrol": NEXT,
    "/signin/provider": NEXT,
    "/signin/provider/back": (("state", TEXT), ("code", TEXT), ("iss", TEXT), ("error", TEXT)),
    "/public": (*LANG, ("of", {"enum": list(LOOKUPS)}), ("q", SOUGHT)),
    **dict.fromkeys(("GET /public/report", "GET /public/report/progress"), LANG),
    "GET /public/cap/receipt/{token}": LANG,
    "/api/public/lookup/{of}": (("q", SOUGHT),),
    "/verify": (*LANG, ("code", TEXT)),
    "/api/verify": (("code", TEXT),),
    "/api/portal/todos": (("all", {"enum": ["1"]}),),
    "/api/chemicals": (("q", TEXT),),
    "/api/chemicals/card": (("id", TEXT),),
    "/api/grading": (("key", TEXT),),
    "/api/cameras/sight": (("key", TEXT), ("reach", {"enum": ["200", "500", "1000", "2000"]})),
    "/api/cameras/picture": (("code", TEXT), ("last", {"enum": ["1"]})),
    "/api/cameras/stream": (("code", TEXT),),
    "/api/cameras/state": (("codes", TEXT),),
    "/api/cameras/near": (("lon", NUMBER), ("lat", NUMBER), ("most", {"type": "integer", "minimum": 1, "maximum": 12})),
    "/api/points": (
        ("state", {"enum": [one.value for one in Standing]}), ("why", {"enum": list(REASONS)}), ("kind", CODE),
        ("area", CODE), ("enterprise", CODE), ("q", {"type": "string", "maxLength": 40}), ("all", {"enum": ["1"]}),
        ("from", WHOLE),
    ),
    "/api/points/{layer}/{key:path}/trend": (("from", AT), ("to", AT), ("element", TEXT), ("width", WHOLE)),
    "/api/points/{layer}/{key:path}/hints": (("from", AT), ("to", AT), ("element", TEXT), ("width", WHOLE)),
    "/api/limits": (("table", {"enum": list(TABLES)}), ("state", {"enum": list(State)}), ("q", TEXT), ("from", WHOLE)),
    "/api/limits/row": (("id", TEXT),),
    "GET /api/alarms": (("codes", TEXT),),
    "/api/remote/{id}/features": (("bbox", BOX),),
    "/api/live": (("after", WHOLE), ("readings", TEXT), ("exercise", TEXT)),
    "/api/layers": SELECTION,
    "/api/map/{layer}": (*SELECTION, ("theme", {"enum": ["permits", "danger_states"]})),
    "/api/shapes/{layer}": (("bbox", BOX),),
    "/api/table/{layer}": (*SELECTION, ("offset", WHOLE)),
    "/api/planner/source": (("layer", {"enum": ["tanks", "hazard_sources"]}), ("key", TEXT)),
    "/api/planner/air": (("lon", NUMBER), ("lat", NUMBER)),
    "/api/planner/rose": (("lon", NUMBER), ("lat", NUMBER)),
    "/api/planner/compute": (("step", {"enum": ["first"]}),),
    "/api/search": (("q", {"type": "string", "maxLength": 100}),),
    "/tiles/coverage/{id}/{z}/{x}/{row}": (("theme", {"enum": ["day", "night"]}), ("v", WHOLE)),
    "GET /api/files": RECORD,
    "POST /api/files": (
        *RECORD, ("name", {"type": "string", "minLength": 1, "maxLength": 120}),
        ("note", {"type": "string", "maxLength": 400}),
    ),
    "/api/files/{attachment}/remove": (("reason", {"type": "string", "minLength": 2, "maxLength": 200}),),
    "GET /api/scenarios": (
        ("q", {"type": "string", "maxLength": 100}), ("hazard_source", TEXT), ("enterprise", TEXT),
        ("state", {"enum": ["current", "withdrawn"]}), ("from", WHOLE),
    ),
    "/api/audit": (*AUDIT, ("before", WHOLE), ("limit", WHOLE)),
    "/api/audit/totals": (*AUDIT, ("by", {"enum": [str(by) for by in By]})),
    "/api/audit/export": AUDIT,
    "/ogc/wms": (
        ("service", {"enum": ["WMS"]}), ("version", {"enum": ["1.1.1", "1.3.0"]}),
        ("request", {"enum": ["GetCapabilities", "GetMap", "GetFeatureInfo", "GetLegendGraphic", "GetStyles",
                              "GetSymbol"]}), ("layers", TEXT),
        ("styles", TEXT), ("crs", TEXT), ("bbox", BOX), ("width", WHOLE), ("height", WHOLE), ("format", TEXT),
        ("query_layers", TEXT), ("info_format", TEXT), ("i", WHOLE), ("j", WHOLE), ("layer", TEXT), ("time", TEXT),
        ("cql_filter", TEXT), ("sld_body", TEXT),
    ),
    "/ogc/wcs": (
        ("service", {"enum": ["WCS"]}), ("version", {"enum": ["2.0.1"]}),
        ("request", {"enum": ["GetCapabilities", "DescribeCoverage", "GetCoverage"]}), ("coverageId", TEXT),
        ("subset", TEXT), ("subsettingCrs", TEXT), ("outputCrs", TEXT), ("scaleFactor", TEXT), ("scaleAxes", TEXT),
        ("scaleSize", TEXT), ("scaleExtent", TEXT),
        ("rangeSubset", TEXT), ("format", TEXT),
    ),
    "/ogc/wmts": (
        ("service", {"enum": ["WMTS"]}), ("version", {"enum": ["1.0.0"]}),
        ("request", {"enum": ["GetCapabilities", "GetTile", "GetFeatureInfo"]}), ("layer", TEXT), ("style", TEXT),
        ("format", TEXT), ("tileMatrixSet", {"enum": ["WebMercatorQuad", "CGCS2000Quad"]}), ("tileMatrix", WHOLE),
        ("tileRow", WHOLE), ("tileCol", WHOLE), ("i", WHOLE), ("j", WHOLE), ("infoFormat", TEXT), *LOOK,
    ),
    "/ogc/wmts/1.0.0/WMTSCapabilities.xml": LOOK,
    "/ogc/wmts/1.0.0/{layer}/{style}/{set}/{level}/{row}/{column}": LOOK,
    "/ogc/wfs": (
        ("service", {"enum": ["WFS"]}), ("version", {"enum": ["1.0.0", "1.1.0", "2.0.0"]}),
        ("request", {"enum": ["GetCapabilities", "DescribeFeatureType", "GetFeature", "GetPropertyValue",
                              "ListStoredQueries", "DescribeStoredQueries"]}),
        ("typeNames", TEXT), ("count", WHOLE), ("startIndex", WHOLE), ("resultType", {"enum": ["results", "hits"]}),
        ("bbox", BOX), ("filter", TEXT), ("cql_filter", TEXT), ("sortBy", TEXT), ("srsName", TEXT),
        ("propertyName", TEXT), ("resourceId", TEXT), ("valueReference", TEXT), ("outputFormat", TEXT),
        ("storedquery_id", TEXT), ("after", TEXT), ("language", {"enum": ["zh", "en"]}),
    ),
    "/ogc/api/collections/{layer_id}/items": (
        *OAPI, ("limit", WHOLE), ("offset", WHOLE), ("after", TEXT), ("bbox", BOX), ("bbox-crs", TEXT), ("crs", TEXT),
        ("datetime", TEXT), ("filter", TEXT), ("filter-lang", {"enum": ["cql2-text", "cql2-json"]}), ("sortby", TEXT),
        ("properties", TEXT),
    ),
    "/ogc/api/collections/{layer_id}/locations": (*OAPI, ("bbox", BOX), ("limit", WHOLE), ("crs", TEXT)),
    "/ogc/api/collections/{layer_id}/locations/{key:path}": EDR,
    "/ogc/api/collections/{layer_id}/position": (*EDR, ("coords", TEXT)),
    "/ogc/api/collections/{layer_id}/area": (*EDR, ("coords", TEXT)),
    "/ogc/api/collections/{layer_id}/radius": (
        *EDR, ("coords", TEXT), ("within", TEXT), ("within-units", {"enum": ["m", "km"]}),
    ),
    "/ogc/api/collections/{layer_id}/cube": (*EDR, ("bbox", BOX)),
    "/ogc/api/collections/{layer_id}/coverage": (
        ("f", {"enum": ["tiff", "json", "covjson"]}), *LANG, ("bbox", BOX), ("subset", TEXT), ("crs", TEXT),
        ("properties", TEXT), ("scale-factor", TEXT), ("scale-size", TEXT),
    ),
    "/ogc/api/collections/{layer_id}/map": MAPS,
    "/ogc/api/map": (*MAPS, ("collections", TEXT)),
    "/ogc/api/collections/{layer_id}/items/{key:path}": (*OAPI, ("crs", TEXT)),
    **{
        f"{method} /ogc/api/collections/{{layer_id}}/items/{{key:path}}": OAPI
        for method in ("PUT", "PATCH", "DELETE", "OPTIONS")
    },
    "OPTIONS /ogc/api/collections/{layer_id}/items": OAPI,
    **{
        "/ogc/api" + tail: OAPI
        for tail in ("", "/", "/openapi", "/conformance", "/collections", "/collections/{layer_id}",
                     "/collections/{layer_id}/schema", "/collections/{layer_id}/queryables",
                     "/processes/{process_id}", "/processes/{process_id}/execution", "/jobs/{job}",
                     "/jobs/{job}/results")
    },
    "/ogc/api/tileMatrixSets": (("f", {"enum": ["json"]}), *LANG),
    "/ogc/api/tileMatrixSets/{set}": (("f", {"enum": ["json"]}), *LANG),
    "/ogc/api/collections/{layer_id}/tiles": (("f", {"enum": ["json"]}), *LANG),
    "/ogc/api/collections/{layer_id}/tiles/{set}": (("f", {"enum": ["json", "tilejson"]}), *LANG),
    "/ogc/api/collections/{layer_id}/tiles/{set}/{level}/{row}/{column}": (("f", {"enum": ["mvt", "png"]}), *LOOK),
    "/ogc/api/jobs": (*OAPI, ("limit", WHOLE), ("offset", WHOLE)),
    "/ogc/api/processes": (*OAPI, ("limit", WHOLE), ("offset", WHOLE)),
}  # fmt: skip

JSON, GEOJSON, MERGE_PATCH, FORM, ANY_FILE, XML = (
    "application/json",
    "application/geo+json",
    "application/merge-patch+json",
    "application/x-www-form-urlencoded",
    "application/octet-stream",
    "text/xml",
)
POSITION: Json = {"type": "array", "items": NUMBER, "minItems": 2, "maxItems": 2}
_SHAPE: Json = {
    "type": "object",
    "required": ["layers"],
    "properties": {
        "layers": {"type": "array", "items": TEXT, "maxItems": MOST_LAYERS},
        "circle": {
            "type": "object",
            "required": ["lon", "lat", "radius"],
            "properties": {
                "lon": NUMBER, "lat": NUMBER,
                "radius": {"type": "number", "exclusiveMinimum": 0, "maximum": LARGEST_CIRCLE},
            },
        },
        "polygon": {"type": "array", "items": POSITION, "minItems": 3, "maxItems": 500},
    },
}  # fmt: skip


_EXPORT: Json = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "layers": {"type": "array", "items": TEXT, "maxItems": 60},
        "format": {"enum": [str(one) for one in Format]},
        "headings": {"enum": [str(one) for one in Headings]},
        "encoding": {"enum": [str(one) for one in Encoding]},
        "filters": {"type": "object", "additionalProperties": False, "properties": dict(SELECTION)},
    },
}


_SCENARIO: Json = {"type": "object", "required": ["title", "place", "chemical", "release", "weather"]}

_SWEEP: Json = {
    "type": "object",
    "additionalProperties": False,
    "required": ["scenario"],
    "properties": {
        "scenario": _SCENARIO,
        "weathers": {"type": "array", "items": {"type": "object"}, "maxItems": MOST},
        "vary": {"type": "object", "additionalProperties": {"type": "array", "minItems": 1}},
        "rose": {"type": "boolean"},
        "people": {"type": "boolean"},
        "format": {"enum": ["parquet", "csv"]},
    },
}


_FEATURE: Json = {
    "type": "object",
    "properties": {
        "type": {"enum": ["Feature"]}, "id": TEXT, "geometry": {"type": ["object", "null"]},
        "properties": {"type": "object"},
    },
}  # fmt: skip


def _object(*names: str) -> Json:
    return {"type": "object", "required": list(names), "properties": dict.fromkeys(names, TEXT)}


_READ: dict[str, list[str]] = {
    "point": ["string"], "ts": ["string", "integer"], "v": ["number", "null"], "q": ["integer"], "element": ["string"],
    "layer": ["string"],
}  # fmt: skip
_READING: Json = {
    "type": "object",
    "required": ["point", "ts", "v"],
    "properties": {name: {"type": kinds} for name, kinds in _READ.items()},
}

BODIES: dict[str, tuple[str, Json]] = {
    **{path: (JSON, schema) for path, schema in (
        CHANGES | openapi_notices.CHANGES | openapi_rules.CHANGES | openapi_devices.CHANGES
        | openapi_messages.CHANGES | openapi_violations.CHANGES | openapi_desk.CHANGES
        | openapi_camera_rules.CHANGES
    ).items()},
    "/api/incidents/cap": ("application/cap+xml", openapi_desk.XML),
    "/public/cap/receipt/{token}": ("application/cap+xml", openapi_desk.XML),
    "/signin": (
        FORM,
        {
            "type": "object",
            "required": ["login", "password"],
            "properties": {"login": TEXT, "password": TEXT, "next": TEXT, "duty": {"enum": ["1"]}},
        },
    ),
    "/public/report": (FORM, _object("key", "kind", "area", "place", "description")),
    "/public/report/progress": (FORM, _object("code")),
    "/signin/code": (FORM, _object("code")),
    "/signin/renew": (FORM, _object("password", "repeated")),
    "/signin/enrol": (FORM, _object("sealed", "code")),
    "/api/me": (JSON, {"type": "object", "properties": {"lang": {"enum": ["zh", "en"]}, "theme": {"enum": [*THEMES]}}}),
    "/api/me/post": (JSON, _object("post")),
    "/api/me/password": (JSON, _object("old", "new")),
    "/api/me/totp": (JSON, _object("sealed", "code")),
    "/api/me/totp/remove": (JSON, _object("code")),
    "/api/within": (JSON, _SHAPE),
    "/api/brief": (JSON, _SHAPE),
    "/api/planner/compute": (JSON, _SCENARIO),
    "/api/planner/opinions": (JSON, _SCENARIO),
    "/api/planner/history": (
        JSON,
        {
            "type": "object",
            "required": ["scenario", "lon", "lat"],
            "properties": {"scenario": _SCENARIO, "lon": NUMBER, "lat": NUMBER, "air_changes": NUMBER},
        },
    ),
    "/api/scenarios": (
        JSON,
        {
            "type": "object",
            "required": ["scenario"],
            "properties": {
                "scenario": _SCENARIO, "enterprise": TEXT,
                "points": {
                    "type": "array",
                    "maxItems": POINTS,
                    "items": {
                        "type": "object", "required": ["lon", "lat"], "properties": {"lon": NUMBER, "lat": NUMBER}
                    },
                },
            },
        },
    ),
    "/api/scenarios/{scenario}/withdraw": (JSON, _object("reason")),
    "/api/remote": (
        JSON,
        {"type": "object", "required": ["url", "kind", "name", "title", "attribution", "fresh_seconds"],
         "properties": {"url": TEXT, "kind": TEXT, "name": TEXT, "title": TEXT, "attribution": TEXT,
                        "fresh_seconds": {"type": "integer", "minimum": 10, "maximum": 604_800}}},
    ),
    "/api/remote/look": (
        JSON, {"type": "object", "required": ["url", "kind"], "properties": {"url": TEXT, "kind": TEXT}},
    ),
    "/api/remote/remove": (
        JSON, {"type": "object", "required": ["id", "version"], "properties": {"id": TEXT, "version": WHOLE}},
    ),
    **{path: (JSON, body) for path, body in openapi_warnings.BODIES.items()},
    **{path: (JSON, body) for path, body in openapi_cases.BODIES.items()},
    "/api/limits/read": (
        JSON,
        {
            "type": "object",
            "required": ["row", "version", "document", "page", "numbers"],
            "additionalProperties": False,
            "properties": {
                "row": TEXT, "version": WHOLE, "document": TEXT, "page": TEXT,
                "numbers": {"type": "object", "additionalProperties": TEXT},
            },
        },
    ),
    "/api/limits/withdraw": (
        JSON,
        {
            "type": "object",
            "required": ["row", "version", "reason"],
            "additionalProperties": False,
            "properties": {"row": TEXT, "version": WHOLE, "reason": TEXT},
        },
    ),
    "/api/points/export": (
        JSON,
        {
            "type": "object", "required": ["points"],
            "properties": {
                "points": {
                    "type": "array", "minItems": 1, "maxItems": 6,
                    "items": {
                        "type": "object", "required": ["layer", "code"],
                        "properties": {"layer": TEXT, "code": TEXT, "element": TEXT},
                    },
                },
                "from": AT, "to": AT, "width": WHOLE,
            },
        },
    ),
    **{
        f"/api/alarms/{{code}}/{act}": (
            JSON,
            {
                "type": "object", "required": ["version", *fields], "additionalProperties": False,
                "properties": {"version": WHOLE, **fields},
            },
        )
        for act, fields in (
            ("ack", {}), ("unshelve", {}), ("close", {"outcome": TEXT}), ("false", {"reason": TEXT}), ("unfalse", {}),
            ("shelve", {"reason": TEXT, "until": {"type": "string", "format": "date-time"}}), ("receive", {}),
        )
    },
    "/api/alarms/{code}/answer": (
        JSON,
        {
            "type": "object", "required": ["version", "cause", "measure"], "additionalProperties": False,
            "properties": {
                "version": WHOLE, "cause": TEXT, "measure": TEXT, "until": {"type": "string", "format": "date-time"}
            },
        },
    ),
    "/api/planner/export": (
        JSON,
        {
            "type": "object", "required": ["format", "scenario"],
            "properties": {"format": {"enum": [*Handouts]}, "scenario": _SCENARIO, "second": _SCENARIO},
        },
    ),
    "/api/jobs": (
        JSON,
        {
            "type": "object",
            "required": ["kind"],
            "properties": {
                "kind": {"enum": list(KINDS)},
                "asked": {"anyOf": [_EXPORT, _SWEEP, openapi_rules.REPLAY]},
            },
        },
    ),
    "/api/weather/manual": (
        JSON,
        {
            "type": "object",
            "required": ["place", "lon", "lat", "wind_from", "wind_speed"],
            "properties": {
                "place": TEXT, "lon": {"type": "number"}, "lat": {"type": "number"},
                "wind_from": {"type": "number", "minimum": 0, "maximum": 360},
                "wind_speed": {"type": "number", "minimum": 0, "maximum": 120},
                "at": TEXT, "height": {"type": "number"}, "minutes": WHOLE,
            },
        },
    ),
    "/api/readings": (
        JSON,
        {
            "oneOf": [
                {"type": "array", "items": _READING},
                {"type": "object", "properties": {name: {"type": ["array", *kinds]} for name, kinds in _READ.items()}},
            ]
        },
    ),
    "/ogc/wfs": (XML, TEXT),
    **dict.fromkeys(("/api/files", "/api/field/photo"), (ANY_FILE, {"type": "string", "format": "binary"})),
    "/api/verify": (ANY_FILE, {"type": "string", "format": "binary"}),
    "/api/cases/files": (ANY_FILE, {"type": "string", "format": "binary"}),
    "/api/cases/import": (ANY_FILE, {"type": "string", "format": "binary"}),
    "/ogc/wms": (FORM, {"type": "object", "properties": dict(PARAMETERS["/ogc/wms"])}),
    "/ogc/api/collections/{layer_id}/items": (JSON, {"type": "object"}),
    "PUT /ogc/api/collections/{layer_id}/items/{key:path}": (GEOJSON, _FEATURE),
    "PATCH /ogc/api/collections/{layer_id}/items/{key:path}": (MERGE_PATCH, _FEATURE),
    "/ogc/api/processes/{process_id}/execution": (
        JSON,
        {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "inputs": {"type": "object"}, "outputs": {"type": "object"}, "response": {"enum": ["document", "raw"]},
            },
        },
    ),
    "/_dash-update-component": (
        JSON,
        {
            "type": "object",
            "required": ["output", "inputs"],
            "properties": {
                "output": TEXT, "outputs": {}, "inputs": {"type": "array"}, "state": {"type": "array"},
                "changedPropIds": {"type": "array", "items": TEXT},
            },
        },
    ),
}  # fmt: skip

NO_BODY = frozenset(
    {
        *NOTHING_ASKED, "/signout", "/api/me/active", "/api/me/sessions/{session}/end", "/api/me/totp/begin",
        "/api/scenarios/{scenario}/again",
        "/api/jobs/{job}/cancel", "/api/files/{attachment}/remove", "/api/{rest:path}", "/ogc/{rest:path}",
    }
)  # fmt: skip
"""Doors that read no body."""
