"""Requests nobody would write, drawn from the OpenAPI document and a list of nasty words, and what must not come back.

The same seed asks the same requests. A short run is among the tests, the long one is `python -m tests.matrix.fuzz`.
"""

import argparse
import json
import random
import re
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from core.scope import Sensitivity
from layers.catalogue import CATALOGUE
from layers.layer import Publish
from tests.matrix.people import client, people
from tests.server import demo_server

NASTY = (
    "",
    " ",
    "0",
    "-1",
    "1e999",
    "NaN",
    "Infinity",
    "99999999999999999999",
    "0x10",
    "١٢",
    "½",
    "null",
    "true",
    "[]",
    "{}",
    "\x00",
    "a\x00b",
    "\r\nSet-Cookie: a=b",
    "'",
    '"',
    "';--",
    "' OR '1'='1",
    "<script>",
    "&lt;",
    "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
    "../../etc/passwd",
    "..%2f..%2fetc",
    "/vsicurl/http://a",
    "%",
    "%00",
    "%ff",
    "_",
    "*",
    "中文",
    "\u202e",
    "\ufeff",
    "😀",
    "é" * 300,
    "a" * 5000,
    "(" * 200,
    "${7*7}",
    "{{7*7}}",
    "1,2,3,4",
    "1,2",
    "121.8,33.1,121.9,33.2",
    "9,9,1,1",
    "EPSG:4326",
    "EPSG:0",
    "CRS:84",
    "urn:ogc:def:crs:EPSG::4490",
    "image/png",
    "application/json",
    "text/html",
    "2026-11-28",
    "2026-13-40",
    "../..",
    "risk = 1",
    "risk <",
    "name LIKE '%'",
    "area = 990104",
    "NOT NOT NOT",
    "S_INTERSECTS(geometry, POINT(1 2))",
    "GetMap",
    "GetFeature",
    "WMS",
    "default",
    "dark",
)
LEFT_OUT = {"/signout", "/api/live", "/api/field/live", "/api/me", "/api/me/sessions/{session}/end", "/api/me/post"}
"""What ends or changes the session that asks, and what never ends; each has tests of its own."""

NOT_OFFERED = 'exceptionCode="OperationNotSupported"'
"""WMTS wants a 501 for an operation it does not have (OGC 07-057r7, table 28); there it is an answer, not a fault."""

TRACE = re.compile(r"Traceback|File \"/|sqlalchemy|psycopg|sqlite3\.|site-packages", re.IGNORECASE)
FIELD = "properties"
OWN = re.compile(r"[a-z_]+")
"""A word of the system, such as the login name of an account, which is that of a layer too."""

SHORTEST = 9
"""Letters of a text that is told apart from any other."""


@dataclass
class Report:
    """How many were asked, what came, and every request whose answer was wrong."""

    asked: int = 0
    cut: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    leaked: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Wanted:
    """One request."""

    method: str
    path: str
    query: dict[str, str]
    content: bytes | None
    kind: str

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.query} {(self.content or b'')[:300]!r}"


def private(city: httpx.Client) -> set[str]:
    """Texts that the city's regulator sees in private layers, long enough to be told apart."""
    return _texts(city, sensitive=True)


def secrets(known: set[str], caller: httpx.Client) -> set[str]:
    """Those of the private texts that this caller does not see."""
    told = caller.get("/api/public/notices").text  # an authority may sign what it publishes by a name kept elsewhere
    told += caller.get("/api/documents").text  # documents that were sent to this caller
    return {text for text in known - _texts(caller, sensitive=False) if text not in told}


@dataclass(frozen=True)
class Hidden:
    """Texts a caller may not meet, found in an answer by how they begin: they are thousands and answers may be long."""

    texts: set[str]

    @cached_property
    def by_head(self) -> dict[str, list[str]]:
        """The texts by their first letters."""
        found: dict[str, list[str]] = {}
        for text in self.texts:
            found.setdefault(text[:SHORTEST], []).append(text)
        return found

    def within(self, body: str) -> list[str]:
        """Those that are anywhere in it."""
        if not self.texts:
            return []
        met = {body[place : place + SHORTEST] for place in range(len(body) - SHORTEST + 1)} & self.by_head.keys()
        return [text for head in met for text in self.by_head[head] if text in body]


def _texts(browser: httpx.Client, *, sensitive: bool) -> set[str]:
    found: set[str] = set()
    asked = {"service": "WFS", "version": "2.0.0", "request": "GetFeature", "outputFormat": "application/json"}
    for layer in CATALOGUE:
        if layer.publish is not Publish.FEATURES or (sensitive and layer.shared):
            continue
        answer = browser.get("/ogc/wfs", params={**asked, "typeNames": f"onemap:{layer.id}", "count": "5000"})
        names = {layer.key, "name"} | {
            n for n, s in layer.fields.items() if s.sensitivity > Sensitivity.PUBLIC and s.codes is None
        }  # a code is a word of the system's own, like the name of a layer
        for one in answer.json()["features"] if answer.status_code == 200 else ():
            given = one[FIELD].items()
            found |= {
                v
                for n, v in given
                if (n in names or not sensitive) and isinstance(v, str) and len(v) >= SHORTEST and not OWN.fullmatch(v)
            }
    return found


def requests(document: dict[str, Any], words: tuple[str, ...], seed: int, count: int) -> Iterator[Wanted]:
    """So many requests; every operation comes about as often as the others, OGC keywords twice."""
    draw = random.Random(seed)
    operations = [
        (path, method, one)
        for path, given in document["paths"].items()
        for method, one in given.items()
        if path not in LEFT_OUT
    ]
    operations += [one for one in operations if one[0].startswith("/ogc/")]
    for _ in range(count):
        path, method, one = draw.choice(operations)
        query: dict[str, str] = {}
        for parameter in one["parameters"]:
            value = _value(draw, parameter["schema"], words)
            if parameter["in"] == "path":
                path = path.replace("{" + parameter["name"] + "}", quote(value, safe="") or "_")
            elif draw.random() < 0.5:
                query[parameter["name"] if draw.random() < 0.95 else draw.choice(words)] = value
        body, kind = None, ""
        if "requestBody" in one:
            ((kind, given),) = one["requestBody"]["content"].items()
            body = _body(draw, kind, given["schema"], words)
        yield Wanted(method.upper(), path, query, body, kind)


def _value(draw: random.Random, schema: dict[str, Any], words: tuple[str, ...]) -> str:
    if draw.random() < 0.4:
        return draw.choice(NASTY)
    if "enum" in schema:
        return str(draw.choice(schema["enum"]))
    if "examples" in schema:
        return str(draw.choice(schema["examples"]))
    if schema.get("type") == "integer":
        return str(draw.choice((0, 1, 2, 10, 100, 256, 5000, 10**7)))
    return draw.choice(words)


def _json(draw: random.Random, schema: dict[str, Any], words: tuple[str, ...]) -> Any:
    if draw.random() < 0.15:
        return draw.choice((None, True, 0, -1, 1e308, [], {}, [[]], {"a": {"b": [1]}}, *NASTY[:20]))
    match schema.get("type"):
        case "object":
            given = schema.get("properties", {})
            return {name: _json(draw, one, words) for name, one in given.items() if draw.random() < 0.8}
        case "array":
            return [_json(draw, schema.get("items", {}), words) for _ in range(draw.randrange(5))]
        case "number":
            return draw.choice((0, 33.2, 121.9, 500.0, -181, 1e9, 3))
    return _value(draw, schema, words)


def _body(draw: random.Random, kind: str, schema: dict[str, Any], words: tuple[str, ...]) -> bytes:
    if draw.random() < 0.2:
        return draw.choice(NASTY).encode("utf-8", "replace") + draw.randbytes(draw.randrange(20))
    given = _json(draw, schema, words)
    if kind == "application/x-www-form-urlencoded" and isinstance(given, dict):
        return httpx.QueryParams({str(name): str(value) for name, value in given.items()}).__str__().encode()
    return json.dumps(given).encode("utf-8", "replace")


def ask(browser: httpx.Client, wanted: Wanted, report: Report, hidden: Hidden) -> None:
    """Ask one and look at what comes back."""
    headers = {"content-type": wanted.kind} if wanted.kind else {}
    try:
        answer = browser.request(
            wanted.method, wanted.path, params=wanted.query, content=wanted.content, headers=headers
        )
    except (httpx.InvalidURL, UnicodeError):
        return
    except httpx.TransportError:  # an answer that came before the whole request was sent ends the connection
        report.cut += 1
        return
    report.asked += 1
    report.statuses[answer.status_code] += 1
    body = answer.text if answer.headers.get("content-type", "").split(";")[0] not in ("image/png",) else ""
    unknown = answer.status_code == 501 and NOT_OFFERED in body
    if (answer.status_code >= 500 and not unknown) or TRACE.search(body):
        report.broken.append(f"{answer.status_code} {wanted} -> {body[:200]}")
    said = f"{wanted.path} {wanted.query} {(wanted.content or b'').decode('utf-8', 'replace')}"
    found = [text for text in hidden.within(body) if text not in said]
    if found:
        report.leaked.append(f"{wanted} -> {found[:3]}")


CALLERS = ("city", "enterprise", "public", "district")


def main() -> int:
    """Ask so many requests of a server of its own, as four callers at once; 1 when any answer was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=600)
    parser.add_argument("--data", type=Path, default=None)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, demo_server(given.data or Path(folder)) as address:
        until = time.monotonic() + given.minutes * 60
        known = people(given.data or Path(folder))
        with client(address, known["city"]) as city:
            document = city.get("/api/openapi.json").json()

        def run(number: int) -> Report:
            report, name = Report(), CALLERS[number]
            with client(address, known["city"]) as city, client(address, known[name]) as browser:
                hidden = Hidden(set() if name == "city" else secrets(private(city), browser))
                words = ("enterprises", "hospitals", "onemap:enterprises", "tanks", *sorted(hidden.texts)[:20])
                for wanted in requests(document, words, given.seed + number, given.count // len(CALLERS)):
                    ask(browser, wanted, report, hidden)
                    if time.monotonic() > until:
                        break
            return report

        with ThreadPoolExecutor(len(CALLERS)) as pool:
            reports = list(pool.map(run, range(len(CALLERS))))
    for name, report in zip(CALLERS, reports, strict=True):
        print(
            name,
            report.asked,
            report.cut,
            dict(sorted(report.statuses.items())),
            len(report.broken),
            len(report.leaked),
        )
        print(*report.broken, *report.leaked, sep="\n")
    return int(any(report.broken or report.leaked for report in reports))


if __name__ == "__main__":
    raise SystemExit(main())
