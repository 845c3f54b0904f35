"""A round of an incident's scenario: spelt of what a person checked, each input with where it is from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.incidents.prefill import DEFAULT, Origin, Prefill, fields_of
from app.planning import Computed
from core.clock import iso
from core.errors import BadInputError, NotFoundError
from core.texts import Text
from dashboards.planner.choices import KINDS
from emergency.chain import ROUND
from emergency.chemicals import substance
from emergency.exposure import People
from emergency.incidents.changes import Value
from emergency.incidents.front import Front
from emergency.zones import Cut
from gis.shapes import LonLat
from layers.catalogue.incidents import Incident

Json = dict[str, Any]
CHECKED = ("chemical", "place", "release.", "weather.wind_speed", "weather.wind_from", "weather.stability",
           "weather.ambient_temperature")  # fmt: skip
"""What a round is held against: the release, and the air that carries it."""
CARRIED = ("weather.wind_speed", "weather.wind_from", "weather.stability")
"""What only matters to what the wind carries or bends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a person checked: the kind of release, of which row and station, and every value as it was sent."""

    kind: str
    values: Mapping[str, Any]
    source: tuple[str, str] | None = None
    station: str | None = None
    begun_at: datetime | None = None
    note: str = ""


def spelt_out(row: Incident, asked: Asked, filled: Prefill) -> Json:
    """The scenario a person checked, as the form reads it; the air is a station's where its wind was left as read."""
    given: Json = {"title": row.title[:180], "release": {"kind": asked.kind}, "place": {}, "weather": {}, "ground": {}}
    for name, value in asked.values.items():
        if value is None or value == "":
            continue
        part, _, rest = name.partition(".")
        if rest:
            if part not in ("release", "place", "weather", "ground") or rest == "kind":
                raise BadInputError(Text(f"没有输入“{name[:40]}”", f"no input {name[:40]!r}"), field="values")
            given[part][rest] = value
        elif name in ("chemical", "period", "levels", "model"):
            given[name] = value
        else:
            raise BadInputError(Text(f"没有输入“{name[:40]}”", f"no input {name[:40]!r}"), field="values")
    if filled.hazard_source:
        given["hazard_source"] = filled.hazard_source
    wind = [filled.of(f"weather.{name}") for name in ("wind_speed", "wind_from")]
    if all(one is not None and same(asked.values.get(one.name), one.value) for one in wind):
        origin = wind[0].origin if wind[0] is not None else None
        if origin is not None and origin.at is not None:
            given["weather"] |= {"source": filled.station_title, "observed_at": iso(origin.at)}
    return given


def same(sent: object, known: object) -> bool:
    """What was sent is what was offered."""
    if isinstance(sent, int | float) and isinstance(known, int | float) and not isinstance(sent, bool):
        return abs(sent - known) <= 1e-9 * max(abs(known), 1.0)
    return sent == known


def origins(one: Computed, filled: Prefill, asked: Asked) -> list[Json]:
    """Every input that was used, with where it came from: offered and left so, a default of the form, or typed."""
    found = []
    usual = {f"release.{one['name']}": one.get("default") for one in fields_of(asked.kind)}
    for name, value in asked.values.items():
        if value is None or value == "":
            continue
        known = filled.of(name)
        left = known is not None and known.value is not None and same(value, known.value)
        used = used_of(one, name)
        origin = known.origin if left and known is not None else None
        if known is None and usual.get(name) is not None and same(value, usual[name]):
            origin = Origin(text=DEFAULT, default=True)  # nobody wrote what the form began with
        found.append({"name": name, "value": value if used is None else used, "typed": origin is None} | (
            {} if origin is None else origin_told(origin)) | (
            {} if left or known is None or known.value is None else {"offered": known.value}))  # fmt: skip
    return found


def used_of(one: Computed, name: str) -> Any:
    """The value of an input as the model had it, in SI."""
    given: Any = one.scenario.inputs()
    for part in name.split("."):
        given = given.get(part) if isinstance(given, dict) else None
    return given


def origin_told(origin: Origin) -> Json:
    """Where a value is from, in both languages."""
    return {
        "zh": origin.text.zh, "en": origin.text.en, "layer": origin.layer, "key": origin.key,
        "at": None if origin.at is None else iso(origin.at), "stale": origin.stale, "default": origin.default,
        "note_zh": "" if origin.note is None else origin.note.zh,
        "note_en": "" if origin.note is None else origin.note.en,
    }  # fmt: skip


def compared(values: Mapping[str, Any], release: str = "") -> dict[str, Value]:
    """What registers and stations said, as far as a round is held against it: the place as one.

    A turned wind changes nothing of zones that are the same whatever it does.
    """
    left = CARRIED if release in ROUND else ()
    found: dict[str, Value] = {n: v for n, v in values.items()
                               if n.startswith(CHECKED) and not n.startswith("place.") and n not in left}  # fmt: skip
    if "place.lon" in values and "place.lat" in values:
        found["place"] = LonLat(float(values["place.lon"]), float(values["place.lat"]))
    return found


def named(cas: str) -> str:
    """What a substance is called, blank where it is none of ours."""
    try:
        return substance(cas).name.zh
    except NotFoundError:
        return ""


def said(one: Computed, most: Sequence[People] | None, number: int) -> str:
    """A round in a line of the log."""
    zones = sorted(one.result.zones, key=lambda zone: zone.level.severity)
    counted = {each.severity: each.residents for each in one.inside.people or ()}
    upper = {each.severity: each.residents for each in most or ()}
    parts = []
    for zone in zones:
        people = counted.get(zone.level.severity)
        reach = f"{'' if zone.cut is Cut.NONE else '至少 '}{zone.distance:,.0f} m" if zone.reached else "未达到"
        words = f"{zone.level.name.zh} {reach}"
        if people is not None and zone.reached:
            words += f",{people:,.0f} 人(上限 {max(upper.get(zone.level.severity, people), people):,.0f} 人)"
        parts.append(words)
    doubt = ";影响区被截断,实际可能更远" if any(zone.reached and zone.cut is not Cut.NONE for zone in zones) else ""
    doubt += ";部分条件超出模型适用范围" if one.result.outside else ""
    doubt += "" if one.result.verified else ";限值或模型未核实"
    kind = KINDS[one.scenario.release.kind].zh
    return f"第 {number} 轮推演:{named(one.scenario.chemical)}{kind};" + ";".join(parts) + doubt


def front_told(front: Front) -> Json:
    """The times of a cloud as they are kept; null where nobody knows an end."""
    gone = [None if value == float("inf") else value for value in front.gone]
    return {
        "lon": front.source.lon, "lat": front.source.lat, "wind_from": front.wind_from, "zh": front.timing.zh,
        "en": front.timing.en, "downwind": front.downwind, "first": front.first, "gone": gone,
    }  # fmt: skip


def front_from(kept_: Mapping[str, Any]) -> Front:
    """The same read again."""
    return Front(
        source=LonLat(kept_["lon"], kept_["lat"]), wind_from=kept_["wind_from"], timing=Text(kept_["zh"], kept_["en"]),
        downwind=tuple(kept_["downwind"]), first=tuple(kept_["first"]),
        gone=tuple(float("inf") if value is None else value for value in kept_["gone"]),
    )  # fmt: skip
