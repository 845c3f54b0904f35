"""A scenario of an incident as far as it is known: each value with where it is from and how old, the rest asked.

Nothing is guessed: what no row, station or fact says stays empty and is named. What is only a default says so.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Any

import shapely

from core.clock import CHINA, from_iso
from core.errors import NotFoundError
from core.scope import Scope
from core.texts import Lang, Text
from dashboards.planner.air import stations
from dashboards.planner.choices import choices
from dashboards.planner.sources import begun_from
from emergency.chemicals import Kind, substance
from emergency.incidents.changes import chain_limits
from emergency.incidents.tables import lines
from gis.measure import distances
from gis.shapes import LonLat
from layers.catalogue import HAZARD_SOURCES, TANKS
from layers.catalogue.incidents import Incident
from layers.filters import Compare, Op, Spatial, SpatialOp
from layers.layer import Layer
from store.protocol import Store
from store.query import Query

Json = dict[str, Any]
Value = float | str
DAY = (7, 19)
"""Hours of the clock between which people are counted as by day."""
METRES_A_DEGREE = 111_000.0
OFFERED = 12

KINDS: dict[str, tuple[str, ...]] = {
    "leak": ("liquid-hole", "gas-hole", "instantaneous", "direct", "pool"),
    "fire": ("pool-fire", "jet-fire", "fireball", "flash-fire", "vapour-cloud"),
    "explosion": ("fireball", "vapour-cloud-explosion", "vapour-cloud", "vessel-burst", "tnt", "pool-fire"),
}
"""What may come of an incident of a kind, the usual first; of any other kind everything that escapes or burns."""
ANY = ("direct", "liquid-hole", "gas-hole", "instantaneous", "pool", "pool-fire", "jet-fire", "fireball")
ESCAPING = frozenset({"leak", "poisoning"})
LIQUEFIED = frozenset({"sphere", "horizontal"})

FACTS, REGISTER, CLOCK = Text("事件信息", "facts of the incident"), Text("储罐登记", "register of tanks"), Text(
    "当前时刻", "the time of day"
)  # fmt: skip
DEFAULT = Text("默认值,没有数据", "a default, no data")
ASKED: dict[str, Text] = {
    "release.hole_diameter": Text("现场未报,请填写", "nobody has told it: ask the site"),
    "release.duration": Text("现场未报,请填写;仍在泄漏的按可能持续的时间填写", "nobody has told it: the likely time"),
    "release.mass_rate": Text("现场未报,请填写", "nobody has told it: ask the site"),
    "release.pool_area": Text("储罐没有围堰面积登记,请填写燃烧或积液面积", "no bund is recorded: the area of the pool"),
    "weather.stability": Text("气象站没有日照或云量读数,请选择", "the station reads neither sun nor cloud: choose"),
}  # fmt: skip
NOWHERE = Text(
    "事件没有位置:先标位置(L),或在“填写情况”中选重大危险源,储罐和气象即按登记和实测填好",
    "the incident has no place: mark it (L), or choose its hazard source under What is known; the rest is then read",
)
UNKNOWN = Text("没有登记,请填写", "not recorded: fill it in")


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a value is from: words, the row, as of when, and what about it is in doubt."""

    text: Text
    layer: str = ""
    key: str = ""
    at: datetime | None = None
    stale: bool = False
    default: bool = False
    note: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """One input by `part.field`: a value with its origin, or none with the reason it is asked."""

    name: str
    value: Value | None = None
    origin: Origin | None = None
    why: Text | None = None
    among: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefill:
    """What is known of an incident's scenario now. `asked` says which row, station and kind it was made of."""

    kind: str
    kinds: tuple[tuple[str, Text], ...]
    source: tuple[str, str] | None
    source_title: str
    hazard_source: str
    station: str
    station_title: str
    fields: tuple[Filled, ...]
    begun_at: Filled
    sources: tuple[Json, ...]
    stations: tuple[Json, ...]
    notes: tuple[Text, ...]

    @property
    def values(self) -> dict[str, Value]:
        """What registers, stations and facts say: no default is among them."""
        return {
            one.name: one.value
            for one in self.fields
            if one.value is not None and one.origin is not None and not one.origin.default
        }

    def completed(self, other: "Prefill") -> "Prefill":
        """The same with what this station does not read of the air taken of another prefill, where that is fresh."""
        found = []
        for one in self.fields:
            kept = other.of(one.name) if one.value is None and one.name.startswith("weather.") else None
            known = kept is not None and kept.value is not None and kept.origin is not None
            fresh = kept is not None and kept.origin is not None and not kept.origin.stale
            found.append(kept if kept is not None and known and fresh else one)
        return replace(self, fields=tuple(found))

    def of(self, name: str) -> Filled | None:
        """One input."""
        return next((one for one in self.fields if one.name == name), None)


@dataclass
class _Reading:
    """What was read of the city for one prefill."""

    store: Store
    row: Incident
    scope: Scope
    now: datetime
    notes: list[Text] = field(default_factory=list)
    fields: dict[str, Filled] = field(default_factory=dict)

    def say(self, name: str, value: Value | None, origin: Origin) -> None:
        """A value that is known."""
        if value is not None:
            self.fields[name] = Filled(name=name, value=value, origin=origin)

    def ask(self, name: str, why: Text, among: tuple[str, ...] = ()) -> None:
        """A value that nobody knows; `among` is what it may be where that much is known."""
        self.fields[name] = Filled(name=name, why=why, among=among)


def prefill(
    store: Store, row: Incident, *, scope: Scope, now: datetime, kind: str = "",
    source: tuple[str, str] | None = None, station: str | None = None,
) -> Prefill:  # fmt: skip
    """What is known of the scenario of an incident.

    `source` and `station` are chosen by a person; left out, the tank the incident names and the nearest station with a
    fresh wind are taken.
    """
    read = _Reading(store, row, scope, now)
    offered = _sources(store, row, scope)
    chosen = source or _named(row, offered)
    begun = None if chosen is None else _begun(store, chosen, scope)
    tank = _row(store, TANKS, chosen[1], scope) if chosen is not None and chosen[0] == TANKS.id else None
    observed = None if tank is None else tank.get("observed_at")
    _chemical(read, begun, chosen)
    place = _place(read, begun, chosen)
    kinds, usual = _kinds(row, tank)
    kind = kind if any(kind == id for id, _ in kinds) else usual
    _release(read, kind, begun, chosen, observed)
    airs, station_code = _air(read, place, station)
    _rest(read)
    begun_at = _begun_at(row)
    titled = "" if begun is None else str(begun[Lang.ZH]["title"])
    hazard = "" if begun is None else str(begun[Lang.ZH]["hazard_source"] or "")
    return Prefill(
        kind=kind, kinds=kinds, source=chosen, source_title=titled,
        hazard_source=hazard or (row.hazard_source if chosen is None else ""), station=station_code,
        station_title=next((one["name"] for one in airs if one["code"] == station_code), ""),
        fields=tuple(read.fields.values()), begun_at=begun_at, sources=offered, stations=tuple(airs),
        notes=tuple(read.notes),
    )  # fmt: skip


def _sources(store: Store, row: Incident, scope: Scope) -> tuple[Json, ...]:
    """Tanks and hazard sources a person may choose from: of the one named, else of the firm, else round the place."""
    if row.hazard_source:
        return (*_list(store, TANKS, Compare("hazard_source", Op.EQ, row.hazard_source), scope),
                *_list(store, HAZARD_SOURCES, Compare("code", Op.EQ, row.hazard_source), scope))  # fmt: skip
    if row.geometry is not None:
        middle = row.geometry.representative_point()
        within = chain_limits()["offered_within"].value
        box = shapely.buffer(middle, 1.3 * within / METRES_A_DEGREE)
        near = [one for layer in (TANKS, HAZARD_SOURCES)
                for one in _list(store, layer, Spatial(SpatialOp.INTERSECTS, box), scope)]  # fmt: skip
        places = [one["place"] for one in near]
        if places:
            away = distances(LonLat(middle.x, middle.y), [at[0] for at in places], [at[1] for at in places])
            order = sorted(zip(away.tolist(), range(len(near)), strict=True))
            found = tuple(near[n] | {"away": round(metres)} for metres, n in order if metres <= within)[:OFFERED]
            if found:
                return found
    if row.enterprise:
        return _list(store, HAZARD_SOURCES, Compare("enterprise", Op.EQ, row.enterprise), scope)[:OFFERED]
    return ()


def _list(store: Store, layer: Layer, where: Any, scope: Scope) -> tuple[Json, ...]:
    seen = store.catalogue.find(layer.id, scope)
    if seen is None:
        return ()
    names = tuple(n for n in ("code", "name", "chemical", "main_chemical") if n in seen.fields_in(scope))
    rows = store.read(seen, Query(where=where, fields=names, limit=200), scope=scope).to_pylist()
    found = []
    for one in rows:
        at = None if one.get("geometry") is None else shapely.point_on_surface(shapely.from_wkb(one["geometry"]))
        if at is not None:
            found.append({
                "layer": layer.id, "layer_zh": layer.title.zh, "layer_en": layer.title.en, "key": one["code"],
                "name": one["name"], "chemical": one.get("chemical") or one.get("main_chemical") or "",
                "place": (at.x, at.y),
            })  # fmt: skip
    return tuple(sorted(found, key=lambda one: str(one["key"])))


def _named(row: Incident, offered: Sequence[Json]) -> tuple[str, str] | None:
    """The one tank the incident names, or that alone holds what it names, or the only one; else a person chooses."""
    tanks = [one for one in offered if one["layer"] == TANKS.id] if row.hazard_source else []
    said = f"{row.title} {row.summary} {row.address}".replace("储罐", "罐")
    named = [one for one in tanks if str(one["name"]).replace("储罐", "罐") in said]
    told = _told(row)
    held = [one for one in tanks if told and _cas(str(one["chemical"])) == told]
    one = next((found[0] for found in (named, held, tanks) if len(found) == 1), None)
    if one is not None:
        return TANKS.id, str(one["key"])
    return (HAZARD_SOURCES.id, row.hazard_source) if row.hazard_source and not tanks and offered else None


def _told(row: Incident) -> str | None:
    """The substance of the facts by its CAS number."""
    return _cas(row.chemical) or _cas(row.chemical_name)


def _cas(word: str) -> str | None:
    """What a word is by CAS number; none where it is no substance here."""
    try:
        return (substance(word).cas or None) if word else None
    except NotFoundError:
        return None


def _begun(store: Store, chosen: tuple[str, str], scope: Scope) -> dict[Lang, Json]:
    return {lang: begun_from(store, *chosen, scope=scope, lang=lang) for lang in (Lang.ZH, Lang.EN)}


def _row(store: Store, layer: Layer, key: str, scope: Scope) -> Json | None:
    rows = store.read(layer, Query(where=Compare(layer.key, Op.EQ, key)), scope=scope).to_pylist()
    return rows[0] if rows else None


def _chemical(read: _Reading, begun: Mapping[Lang, Json] | None, chosen: tuple[str, str] | None) -> None:
    """The substance by the register and by the facts; where the two differ a person says which."""
    kept = None if begun is None else begun[Lang.ZH]["chemical"]
    told = _told(read.row)
    one = substance(kept or told or "") if kept or told else None
    if kept and told and kept != told:
        read.ask("chemical", Text(
            f"事件登记为 {substance(told).name.zh},储罐介质为 {substance(kept).name.zh},请核实",
            f"the incident says {substance(told).name.en}, the tank holds {substance(kept).name.en}: find out",
        ), (told, kept))  # fmt: skip
    elif one is not None and one.kind is Kind.MIXTURE:
        parts = tuple(row["component"] for row in lines("mixtures") if row["mixture"] == one.cas)
        read.ask("chemical", Text(
            f"{one.name.zh}是混合物,模型没有它的物性,请按组分选一种代表",
            f"{one.name.en} is a mixture: choose a component that stands for it",
        ), parts)  # fmt: skip
    elif kept and chosen is not None:
        read.say("chemical", kept, Origin(text=REGISTER if chosen[0] == TANKS.id else Text("重大危险源登记",
                 "register of hazard sources"), layer=chosen[0], key=chosen[1]))  # fmt: skip
    elif told:
        read.say("chemical", told, Origin(text=FACTS, layer="incidents", key=read.row.code))
    else:
        words = read.row.chemical_name or read.row.chemical
        read.ask("chemical", Text(f"“{words}”不在物质库中,请选择", f"{words!r} is no substance here: choose") if words
                 else Text("物质未知,请选择", "the substance is not known: choose"))  # fmt: skip


def _place(read: _Reading, begun: Mapping[Lang, Json] | None, chosen: tuple[str, str] | None) -> LonLat | None:
    at = None if begun is None else begun[Lang.ZH]["place"]
    if at is not None and chosen is not None:
        found, origin = LonLat(at["lon"], at["lat"]), Origin(
            text=Text("储罐位置" if chosen[0] == TANKS.id else "危险源位置", "where the source stands"),
            layer=chosen[0], key=chosen[1],
        )  # fmt: skip
    elif read.row.geometry is not None:
        middle = read.row.geometry.representative_point()
        found = LonLat(round(middle.x, 6), round(middle.y, 6))
        origin = Origin(text=Text("事件地点", "place of the incident"), layer="incidents", key=read.row.code)
    else:
        for name in ("place.lon", "place.lat"):
            read.ask(name, Text("事件没有图上位置,请填写", "the incident has no place on the map: fill it in"))
        return None
    read.say("place.lon", found.lon, origin)
    read.say("place.lat", found.lat, origin)
    return found


def _kinds(row: Incident, tank: Json | None) -> tuple[tuple[tuple[str, Text], ...], str]:
    """Kinds of release in order, each with why it is put forward, and the usual one; a person chooses."""
    kind = "leak" if row.kind in ESCAPING else row.kind
    ids = KINDS.get(kind, ANY)
    pressed = tank is not None and ((tank.get("pressure") or 0.0) > 0.0 or tank.get("kind") == "sphere")
    liquefied = pressed and tank is not None and tank.get("kind") in LIQUEFIED
    usual, why = ids[0], Text("按事件类型", "by the kind of incident")
    if kind == "leak" and tank is None:
        usual, why = "direct", Text("未选储罐,按给定速率", "no tank is chosen: by a given rate")
    elif kind == "fire" and liquefied:
        usual, why = (
            "fireball",
            Text(
                "承压液化气体储罐受火,可能沸腾液体扩展蒸气爆炸(BLEVE)",
                "a pressure vessel in a fire may burst (BLEVE)",
            ),
        )
    elif kind == "fire":
        why = Text("储罐或液池起火", "a tank or pool on fire")
    elif kind == "explosion" and not liquefied:
        usual, why = "vapour-cloud-explosion", Text("非承压液化储罐", "no vessel of liquefied gas")
    elif kind == "explosion":
        why = Text("承压液化气体储罐,按沸腾液体扩展蒸气爆炸(BLEVE)", "a vessel of liquefied gas: BLEVE")
    ordered = (usual, *(id for id in ids if id != usual))
    return tuple((id, why if id == usual else Text("", "")) for id in ordered), usual


def _release(
    read: _Reading, kind: str, begun: Mapping[Lang, Json] | None, chosen: tuple[str, str] | None,
    observed: datetime | None,
) -> None:  # fmt: skip
    """The fields of a kind of release: what the source's row says, what is asked of the site, what is a default."""
    said: dict[str, tuple[float, Text]] = {}
    if begun is not None:
        both = zip(begun[Lang.ZH]["said"], begun[Lang.EN]["said"], strict=True)
        said = {zh["field"]: (zh["value"], Text(zh["from"], en["from"])) for zh, en in both}
        read.notes += [Text(zh, en) for zh, en in
                       zip(begun[Lang.ZH]["missing"], begun[Lang.EN]["missing"], strict=True)]  # fmt: skip
    tanks = begun is not None and bool(begun[Lang.ZH]["tanks"])
    for spec in fields_of(kind):
        name = f"release.{spec['name']}"
        known = said.get(name)
        if known is not None and tanks and spec["name"] == "mass":
            known = None  # what a whole source may hold is no tank's content
        if known is not None and chosen is not None:
            read.say(name, known[0], Origin(text=known[1], layer=chosen[0], key=chosen[1], at=observed))
        elif spec["required"]:
            read.ask(name, ASKED.get(name, UNKNOWN))
    if kind == "liquid-hole" and "release.mass" not in read.fields:
        read.ask("release.mass", UNKNOWN)
    if kind == "liquid-hole" and "release.upstream_pressure" not in read.fields:
        read.ask("release.upstream_pressure", UNKNOWN)


@cache
def offered_in(lang: Lang) -> Json:
    """What the form of a scenario offers, in one language."""
    return choices(lang)


def fields_of(kind: str, lang: Lang = Lang.ZH) -> Sequence[Json]:
    """What a kind of release asks for."""
    return next((one["fields"] for one in offered_in(lang)["kinds"] if one["id"] == kind), [])


def _air(read: _Reading, place: LonLat | None, station: str | None) -> tuple[Sequence[Json], str]:
    """The air of a station: the one chosen, else the nearest fresh one, else the nearest, said to be stale."""
    zh = None if place is None else stations(read.store, place, now=read.now, scope=read.scope, lang=Lang.ZH)
    en = None if place is None else stations(read.store, place, now=read.now, scope=read.scope, lang=Lang.EN)
    airs, others = zh or [], en or []
    if station is not None:
        chosen = next((n for n, one in enumerate(airs) if one["code"] == station), None)
    else:
        chosen = next((n for n, one in enumerate(airs) if not one["stale"]), 0 if airs else None)
    if chosen is None:
        why = Text("50 km 内没有气象站读数,请填写", "no station within 50 km: fill it in")
        if place is None:
            why = Text("没有位置,不知道附近的气象站,请填写", "no place is known, so no station is near: fill it in")
            read.notes.append(NOWHERE)
        for name in ("wind_speed", "wind_from", "stability", "ambient_temperature"):
            read.ask(f"weather.{name}", Text("手工填写", "typed") if station == "" else why)
        return airs, ""
    one, other = airs[chosen], others[chosen]
    at = from_iso(one["at"])
    far = f"{one['distance'] / 1000:.1f} km"
    origin = Origin(
        text=Text(f"{one['name']},距 {far}" + (",人工观测" if one["manual"] else ""),
                  f"{other['name']}, {far} away" + (", by hand" if one["manual"] else "")),
        layer="weather_stations", key=one["code"], at=at, stale=one["stale"],
        note=Text("读数过期", "the reading is stale") if one["stale"] else None,
    )  # fmt: skip
    if one["stale"]:
        read.notes.append(Text("没有新的气象读数,已用过期读数,请核实风向风速",
                               "no fresh weather: a stale reading was taken, find out about the wind"))  # fmt: skip
    for name, value in one["weather"].items():
        read.say(f"weather.{name}", value, origin)
    for name in ("wind_speed", "wind_from", "ambient_temperature"):
        if f"weather.{name}" not in read.fields:
            read.ask(f"weather.{name}", UNKNOWN)
    if one["stability"] is None:
        read.ask("weather.stability", ASKED["weather.stability"])
    else:
        doubt = Text(one["stability"]["doubt"], other["stability"]["doubt"]) if one["stability"]["doubt"] else None
        reason = Text(one["stability"]["reason"], other["stability"]["reason"])
        read.say("weather.stability", one["stability"]["id"], Origin(
            text=reason, layer="weather_stations", key=one["code"], at=at, stale=one["stale"], note=doubt))  # fmt: skip
    return airs, str(one["code"])


def _rest(read: _Reading) -> None:
    """What has a default where no data is, and the time of day."""
    hour = read.now.astimezone(CHINA).hour
    read.say("period", "day" if DAY[0] <= hour < DAY[1] else "night", Origin(
        text=Text(f"当前时刻,{DAY[0]}–{DAY[1]} 时为白天", f"the hour; {DAY[0]} to {DAY[1]} is day"), default=True,
    ))  # fmt: skip
    for spec in offered_in(Lang.ZH)["ground"]:
        read.say(f"ground.{spec['name']}", spec["default"], Origin(text=DEFAULT, default=True))
    for spec in offered_in(Lang.ZH)["weather"]:
        name = f"weather.{spec['name']}"
        if name not in read.fields and spec.get("default") is not None:
            read.say(name, spec["default"], Origin(text=DEFAULT, default=True))


def _begun_at(row: Incident) -> Filled:
    if row.occurred_at is None:
        return Filled(name="begun_at", why=Text(
            "发生时间未填,不知道时到达时间只能从释放开始计", "nobody told: arrivals count from then"))  # fmt: skip
    return Filled(name="begun_at", value=row.occurred_at.isoformat(), origin=Origin(
        text=Text("事件发生时间", "when the incident occurred"), layer="incidents", key=row.code))  # fmt: skip


def required(filled: Iterable[Filled]) -> list[str]:
    """What must be filled in by a person before it can be computed."""
    return [one.name for one in filled if one.value is None]
