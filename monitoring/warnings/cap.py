"""CAP 1.2 messages as values: written as XML that the schema of the standard accepts, and read back.

OASIS Common Alerting Protocol Version 1.2 (1 July 2010). Digital signatures are neither written nor kept.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from core.clock import CHINA
from core.errors import BadInputError
from core.texts import Text

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
LARGEST = 2_000_000
STATUS = ("Actual", "Exercise", "System", "Test", "Draft")
MESSAGE = ("Alert", "Update", "Cancel", "Ack", "Error")
SCOPE = ("Public", "Restricted", "Private")
CATEGORY = (
    "Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra", "CBRNE", "Other",
)  # fmt: skip
RESPONSE = ("Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None")
URGENCY = ("Immediate", "Expected", "Future", "Past", "Unknown")
SEVERITY = ("Extreme", "Severe", "Moderate", "Minor", "Unknown")
CERTAINTY = ("Observed", "Likely", "Possible", "Unlikely", "Unknown")
_NAME = re.compile(r"[^\s,<&]+")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d")

Ring = tuple[tuple[float, float], ...]
"""Latitude and longitude of each corner, the first again at the end."""
Pair = tuple[str, str]
"""A valueName and its value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """Where it holds: in words, as rings, by codes."""

    description: str
    polygons: tuple[Ring, ...] = ()
    geocodes: tuple[Pair, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Info:
    """What it says, in one language."""

    language: str
    categories: tuple[str, ...]
    event: str
    responses: tuple[str, ...] = ()
    urgency: str = "Unknown"
    severity: str = "Unknown"
    certainty: str = "Unknown"
    onset: datetime | None = None
    expires: datetime | None = None
    sender_name: str = ""
    headline: str = ""
    description: str = ""
    instruction: str = ""
    contact: str = ""
    parameters: tuple[Pair, ...] = ()
    areas: tuple[Area, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One message; `references` name earlier ones as sender, identifier and time sent. Times are to the second."""

    identifier: str
    sender: str
    sent: datetime
    status: str = "Actual"
    message: str = "Alert"
    scope: str = "Public"
    note: str = ""
    references: tuple[tuple[str, str, datetime], ...] = ()
    infos: tuple[Info, ...] = ()

    def __post_init__(self) -> None:
        names = [("identifier", self.identifier), ("sender", self.sender)]
        names += [
            (f"references.{what}", name)
            for one in self.references
            for what, name in zip(("sender", "identifier"), one[:2], strict=True)
        ]
        for field, name in names:
            if not _NAME.fullmatch(name):
                raise BadInputError(
                    Text(
                        f"CAP 的 {field} 不得为空,不得含空格、逗号、< 和 &",
                        f"{field} of CAP is not empty and has no spaces, commas, < or &",
                    ),
                    field=field, value=name,
                )  # fmt: skip


def written(alert: Alert) -> bytes:
    """The message as XML in UTF-8."""
    root = etree.fromstring(f'<alert xmlns="{NAMESPACE}"/>')
    _put(root, "identifier", alert.identifier)
    _put(root, "sender", alert.sender)
    _put(root, "sent", moment(alert.sent))
    _put(root, "status", alert.status)
    _put(root, "msgType", alert.message)
    _put(root, "scope", alert.scope)
    _maybe(root, "note", alert.note)
    _maybe(root, "references", " ".join(f"{who},{name},{moment(at)}" for who, name, at in alert.references))
    for info in alert.infos:
        _info(etree.SubElement(root, f"{{{NAMESPACE}}}info"), info)
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True))


def read(body: bytes) -> Alert:
    """A message from XML; BadInputError names the element that is missing or means nothing."""
    if len(body) > LARGEST:
        raise _wrong("alert", f"{len(body)} B", Text(f"不得超过 {LARGEST} 字节", f"at most {LARGEST} bytes"))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise _wrong("alert", str(error)[:100], Text("不是有效的 XML", "is no well-formed XML")) from error
    if b"<!DOCTYPE" in body or root.tag != f"{{{NAMESPACE}}}alert":
        raise _wrong(
            "alert", str(root.tag), Text("须为 CAP 1.2 的 alert,且不带 DTD", "must be a CAP 1.2 alert, no DTD")
        )
    return Alert(
        identifier=_need(root, "identifier"),
        sender=_need(root, "sender"),
        sent=_moment("sent", _need(root, "sent")),
        status=_one_of(root, "status", STATUS),
        message=_one_of(root, "msgType", MESSAGE),
        scope=_one_of(root, "scope", SCOPE),
        note=_text(root, "note"),
        references=tuple(_reference(one) for one in _text(root, "references").split()),
        infos=tuple(_read_info(one) for one in _all(root, "info")),
    )


def moment(at: datetime) -> str:
    """A time as CAP writes it: to the second, with an offset and never Z; China's."""
    return at.astimezone(CHINA).isoformat(timespec="seconds")


def _info(node: "etree._Element", info: Info) -> None:
    _put(node, "language", info.language)
    for category in info.categories:
        _put(node, "category", category)
    _put(node, "event", info.event)
    for response in info.responses:
        _put(node, "responseType", response)
    _put(node, "urgency", info.urgency)
    _put(node, "severity", info.severity)
    _put(node, "certainty", info.certainty)
    for name, at in (("onset", info.onset), ("expires", info.expires)):
        if at is not None:
            _put(node, name, moment(at))
    _maybe(node, "senderName", info.sender_name)
    _maybe(node, "headline", info.headline)
    _maybe(node, "description", info.description)
    _maybe(node, "instruction", info.instruction)
    _maybe(node, "contact", info.contact)
    for pair in info.parameters:
        _pair(node, "parameter", pair)
    for area in info.areas:
        place = etree.SubElement(node, f"{{{NAMESPACE}}}area")
        _put(place, "areaDesc", area.description)
        for ring in area.polygons:
            _put(place, "polygon", " ".join(f"{lat:.5f},{lon:.5f}" for lat, lon in ring))
        for pair in area.geocodes:
            _pair(place, "geocode", pair)


def _read_info(node: "etree._Element") -> Info:
    onset, expires = _text(node, "onset"), _text(node, "expires")
    return Info(
        language=_text(node, "language") or "en-US",
        categories=tuple(_checked("category", one, CATEGORY) for one in _texts(node, "category")),
        event=_need(node, "event"),
        responses=tuple(_checked("responseType", one, RESPONSE) for one in _texts(node, "responseType")),
        urgency=_one_of(node, "urgency", URGENCY),
        severity=_one_of(node, "severity", SEVERITY),
        certainty=_one_of(node, "certainty", CERTAINTY),
        onset=_moment("onset", onset) if onset else None,
        expires=_moment("expires", expires) if expires else None,
        sender_name=_text(node, "senderName"),
        headline=_text(node, "headline"),
        description=_text(node, "description"),
        instruction=_text(node, "instruction"),
        contact=_text(node, "contact"),
        parameters=tuple(_read_pair(one) for one in _all(node, "parameter")),
        areas=tuple(
            Area(
                description=_need(one, "areaDesc"),
                polygons=tuple(_ring(text) for text in _texts(one, "polygon")),
                geocodes=tuple(_read_pair(pair) for pair in _all(one, "geocode")),
            )
            for one in _all(node, "area")
        ),
    )


def _put(node: "etree._Element", name: str, text: str) -> None:
    etree.SubElement(node, f"{{{NAMESPACE}}}{name}").text = text


def _maybe(node: "etree._Element", name: str, text: str) -> None:
    if text:
        _put(node, name, text)


def _pair(node: "etree._Element", name: str, pair: Pair) -> None:
    held = etree.SubElement(node, f"{{{NAMESPACE}}}{name}")
    _put(held, "valueName", pair[0])
    _put(held, "value", pair[1])


def _read_pair(node: "etree._Element") -> Pair:
    return _need(node, "valueName"), _text(node, "value")


def _all(node: "etree._Element", name: str) -> "Iterator[etree._Element]":
    return node.iterchildren(f"{{{NAMESPACE}}}{name}")


def _texts(node: "etree._Element", name: str) -> list[str]:
    return ["".join(str(part) for part in one.itertext()) for one in _all(node, name)]


def _text(node: "etree._Element", name: str) -> str:
    return next(iter(_texts(node, name)), "")


def _need(node: "etree._Element", name: str) -> str:
    found = _text(node, name)
    if not found:
        raise _wrong(name, "", Text("缺少该元素", "is missing"))
    return found


def _one_of(node: "etree._Element", name: str, known: tuple[str, ...]) -> str:
    return _checked(name, _need(node, name), known)


def _checked(name: str, given: str, known: tuple[str, ...]) -> str:
    if given not in known:
        raise _wrong(name, given, Text(f"须为 {'、'.join(known)} 之一", f"must be one of {', '.join(known)}"))
    return given


def _moment(name: str, text: str) -> datetime:
    rule = Text("须为带偏移的时间,如 2026-11-28T20:00:00+08:00", "must be a time with its offset, never Z")
    if not _TIME.fullmatch(text):
        raise _wrong(name, text, rule)
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise _wrong(name, text, rule) from error


def _reference(text: str) -> tuple[str, str, datetime]:
    parts = text.split(",")
    if len(parts) != 3:
        raise _wrong("references", text, Text("每条须为“发送者,编号,时间”", "each is sender,identifier,sent"))
    return parts[0], parts[1], _moment("references", parts[2])


def _ring(text: str) -> Ring:
    rule = Text("须为首尾相同的“纬度,经度”序列,至少四点", "must be latitude,longitude of four corners or more, closed")
    try:
        pairs = [part.split(",") for part in text.split()]
        ring = tuple((float(lat), float(lon)) for lat, lon in pairs)
    except ValueError as error:
        raise _wrong("polygon", text[:60], rule) from error
    inside = all(abs(lat) <= 90 and abs(lon) <= 180 for lat, lon in ring)
    if len(ring) < 4 or ring[0] != ring[-1] or not inside:
        raise _wrong("polygon", text[:60], rule)
    return ring


def _wrong(field: str, value: str, rule: Text) -> BadInputError:
    return BadInputError(
        Text(f"CAP 的 {field}“{value}”{rule.zh}", f"{field} {value!r} of CAP {rule.en}"), field=field, value=value
    )
