"""What a reader is told of a scenario, in words: zones, what is inside, and of every number how it came."""

from collections.abc import Iterator
from dataclasses import dataclass

import geopandas as gpd

from core.texts import Lang, Text
from dashboards.handout.basis import Basis, age, bases, people_told
from dashboards.handout.colours import grade
from dashboards.handout.contents import UNVERIFIED, Side, doubts, far, kind_of, short, speaker, wind
from dashboards.handout.wording import given
from dashboards.queries.wording import THIN, code_label, compass, length
from emergency.result import CardUsed, DataUsed
from emergency.zones import Zone
from layers.fields import Kind
from layers.layer import Catalogue

LISTED = {"targets": 200, "hazards": 100, "roads": 15}
"""Rows of each list; how many more there are is said under it."""

NAMELESS = Text("未命名", "unnamed")


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneView:
    """A row of the table of zones."""

    id: str
    severity: int
    name: str
    reach: str
    area: str
    people: str
    marks: tuple[str, ...]
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectView:
    """Something inside, at its place."""

    id: str
    name: str
    layer: str
    severity: int
    level: str
    distance: str
    way: str
    more: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ListView:
    """Objects of one kind; `total` of them, the nearest listed, or none because the caller may not see any."""

    id: str
    title: str
    total: int
    rows: tuple[ObjectView, ...]
    open: bool
    drawn: bool = True
    length: str = ""

    @property
    def left_out(self) -> int:
        """How many are counted but not listed."""
        return self.total - len(self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class SideView:
    """A scenario, told."""

    mark: str
    title: str
    line: str
    zones: tuple[ZoneView, ...]
    bases: tuple[Basis, ...]
    lists: tuple[ListView, ...]
    inputs: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    models: tuple[tuple[CardUsed, str], ...]
    data: tuple[tuple[str, str, str, str], ...]
    verified: bool
    valid: bool
    banded: bool


def told(side: Side, catalogue: Catalogue, lang: Lang) -> SideView:
    """One side in the reader's language."""
    return SideView(
        mark=side.mark,
        title=side.scenario.title,
        line=f"{side.chemical.of(lang)}·{kind_of(side, lang)}·{wind(side, lang)}",
        zones=tuple(_zone(side, zone, lang) for zone in side.result.zones),
        bases=tuple(bases(side, lang)),
        lists=tuple(_lists(side, catalogue, lang)),
        inputs=tuple(_inputs(side, lang)),
        notes=tuple(note.of(lang) for note in side.result.notes),
        models=tuple((one, one.tier.title.of(lang)) for one in side.result.receipt.models),
        data=tuple(_data(one, lang) for one in (*side.result.receipt.data, *side.inside.data)),
        verified=side.result.verified,
        valid=not side.result.outside,
        banded=any(zone.band is not None and not zone.band.is_empty for zone in side.drawn),
    )


def _zone(side: Side, zone: Zone, lang: Lang) -> ZoneView:
    return ZoneView(
        id=f"{side.mark}-zone-{zone.level.severity}",
        severity=grade(zone.level.severity),
        name=zone.level.name.of(lang),
        reach=far(zone, lang),
        area=surface(zone.area) if zone.reached else "–",
        people=people_told(side, zone, lang),
        marks=tuple(one.of(lang) for one in doubts(zone)),
        verified=zone.verified,
    )


def surface(size: float) -> str:
    """Square metres below a tenth of a square kilometre, square kilometres above."""
    return f"{round(size):,}{THIN}m²" if size < 1e5 else f"{size / 1e6:.2f}{THIN}km²"


def _inputs(side: Side, lang: Lang) -> Iterator[tuple[str, str]]:
    say, one = speaker(lang), side.scenario
    yield say("化学品", "chemical"), f"{side.chemical.of(lang)} CAS {one.chemical}"
    yield say("释放点", "release at"), f"{one.place.lon:.6f}, {one.place.lat:.6f}"
    yield say("事故类型", "kind of release"), kind_of(side, lang)
    for part in (one.release, one.weather, one.ground):
        for name in type(part).model_fields:
            value = getattr(part, name)
            if value is not None and name not in ("kind", "source", "observed_at"):
                yield given(name, value, lang)
    air = one.weather
    yield say("气象来源", "weather from"), say("手工填写", "typed") if air.source == "typed" else air.source
    yield say("时段", "time of day"), given("period", str(one.period), lang)[1]
    yield say("扩散模型", "dispersion model"), given("model", str(one.model), lang)[1]
    if one.note:
        yield say("说明", "note"), one.note


def _data(one: DataUsed, lang: Lang) -> tuple[str, str, str, str]:
    mark = "" if one.verified else UNVERIFIED.of(lang)
    return one.title.of(lang), one.source, age(one, lang), mark


def _lists(side: Side, catalogue: Catalogue, lang: Lang) -> Iterator[ListView]:
    titles = (
        ("targets", Text("保护目标", "Protection targets")),
        ("hazards", Text("其他重大危险源", "Other hazard sources")),
        ("roads", Text("区内道路", "Roads inside")),
    )
    for name, title in titles:
        table = getattr(side.inside, name)
        if table is None:
            yield ListView(id=f"{side.mark}-{name}", title=title.of(lang), total=0, rows=(), open=False)
            continue
        rows = tuple(_objects(side, name, table.head(LISTED[name]), catalogue, lang))
        inside = length(float(table["length_inside"].sum())) if "length_inside" in table else ""
        yield ListView(
            id=f"{side.mark}-{name}", title=title.of(lang), total=len(table), rows=rows, open=True,
            drawn=name != "roads", length=inside,
        )  # fmt: skip


def _objects(side: Side, kind: str, rows: gpd.GeoDataFrame, catalogue: Catalogue, lang: Lang) -> Iterator[ObjectView]:
    levels = {zone.level.severity: short(side, zone, lang) for zone in side.result.zones}
    places = rows.geometry.representative_point()
    for place, (row, at) in enumerate(zip(rows.to_dict("records"), places, strict=True)):
        layer = catalogue[row["layer"]]
        more = [
            code_label(spec.codes, row[name], lang) if spec.kind is Kind.TEXT
            else f"{spec.title.of(lang)} {round(row[name]):,}"
            for name, spec in layer.fields.items()
            if name in row and name in _MORE and row[name] is not None and row[name] == row[name] and row[name] != ""
        ]  # fmt: skip
        yield ObjectView(
            id=f"{side.mark}-{kind}-{place}", name=str(row["name"] or NAMELESS.of(lang)), layer=layer.title.of(lang),
            severity=grade(row["severity"]), level=levels.get(row["severity"], ""), distance=length(row["distance"]),
            way=f"{compass(row['bearing']).of(lang)} {round(row['bearing']) % 360}°", more="·".join(more),
            lon=float(at.x), lat=float(at.y),
        )  # fmt: skip


_MORE = ("kind", "people_day", "people_night", "vulnerable", "beds", "places", "main_chemical", "chemical")
"""What is said of an object beside its name."""
