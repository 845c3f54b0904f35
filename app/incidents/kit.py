"""The incident kit: one file for a laptop without a network, under its reader's rights and without personal fields.

In it: the layers about the incident as a GeoPackage, a page with its map that opens without a server, the documents and
photographs, the log and the orders as tables, CAP messages, what it is, and the SHA-256 of everything.
"""

import csv
import hashlib
import io
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import shapely
from shapely.geometry.base import BaseGeometry

from app.exports import Format, Wish, export
from app.incidents.desk import layer_of
from app.incidents.situations import Situations
from app.states import spoken
from core.caller import Caller, Right
from core.clock import CHINA
from core.scope import Scope, Sensitivity
from core.texts import Lang, Text
from core.units import Metre
from dashboards.brief.window import BasePicture
from dashboards.incident.picture import Pin
from emergency.incidents.situation import Situation, words
from gis.measure import distances
from gis.placing import sector
from gis.shapes import Bounds, LonLat
from layers.catalogue import (
    ALARMS,
    CAMERAS,
    CATALOGUE,
    DEPOTS,
    ENTERPRISES,
    EXERCISE_WARNINGS,
    EXERCISES,
    FIRE_STATIONS,
    HAZARD_SOURCES,
    HOSPITALS,
    PROTECTION_TARGETS,
    ROADS,
    SENSORS,
    SHELTERS,
    TANKS,
    TEAMS,
    WARNINGS,
    WEATHER_STATIONS,
    scenario_layers,
)
from layers.catalogue.incidents import Incident, IncidentEntry
from layers.catalogue.orders import IncidentOrder
from layers.filters import And, Compare, Filter, In, Op, Spatial, SpatialOp
from layers.layer import Catalogue, Geometry, Layer
from layers.wording import code_label
from monitoring.warnings.cap import written
from monitoring.warnings.messages import message
from monitoring.warnings.telling import outline
from store.audit import AuditLog
from store.query import Query
from store.snapshots import Snapshot

if TYPE_CHECKING:
    from dashboards.incident.offline import Block

ROUND: Metre = 5000.0
"""What lies nearer than this is taken along where no zone reaches farther."""
PIECE = 1 << 20
SUMS = "SHA256SUMS.txt"
MOST = 120
"""Objects of one layer that the page lists; the GeoPackage has all."""
NEAR = (
    HAZARD_SOURCES, TANKS, PROTECTION_TARGETS, HOSPITALS, SHELTERS, FIRE_STATIONS, TEAMS, DEPOTS, ENTERPRISES, SENSORS,
    WEATHER_STATIONS, CAMERAS,
)  # fmt: skip
"""Layers of places that help or are in danger, as the page lists them."""
COLOURS = ("#C5162E", "#8C1C4A", "#5B3FA0", "#0B5CAD", "#0A6B4F", "#B3541E", "#146C8C", "#6B4A00", "#16202A", "#4A6A00",
           "#2F6F8F", "#5D6C79")  # fmt: skip
LOG_HEADS = ("序号", "发生时间", "记录时间", "记录人", "类型", "内容", "划去")
ORDER_HEADS = (
    "序号", "下达时间", "下达人", "对象", "内容", "要求", "去向", "状态", "签收", "出发", "到达", "办结", "结果",
)  # fmt: skip
MARK = Text("【演练】", "EXERCISE ")
PLAYED = Text(
    "本包内容均为演练,不是真实事件;周边队伍、医院、企业等是实有的,真实的报警和预警不在包内。",
    "Everything here is an exercise and not real; teams, hospitals and firms round about exist, real alarms and\n"
    "warnings are not in it.",
)
README = Text(
    """事件离线包 {code}{played}
制作:{maker} {at}
{what}
map.html      离线图:用浏览器打开,不需要网络;底图、样式、脚本都在文件里
layers.gpkg   与事件有关的图层(GeoPackage,CGCS2000),QGIS 可直接打开
documents/    报告、态势报告、现场照片等附件
log.csv       事件日志(划去的也在,并注明);orders.csv 指令和回执
warnings/     已发布预警的 CAP 1.2 消息
SHA256SUMS.txt 每个文件的 SHA-256(核对:sha256sum -c SHA256SUMS.txt)

本包是制作时刻的副本,此后的变化不在其中。只含制作人有权查看的图层和对象,个人信息字段(姓名、个人电话等)不导出,只留值班电话;
日志和附件是人写的,可能提到个人,请按内部资料保管,处置结束后删除。
影响区按已发表方法推演,未经主管部门验证,不得单独作为疏散依据。
""",
    """Incident kit {code}{played}
Made by {maker}, {at}
{what}
map.html      the map, opened in a browser without a network: base map, styles and scripts are inside
layers.gpkg   layers about the incident (GeoPackage, CGCS2000); opens in QGIS
documents/    reports, situation reports, photographs
log.csv       the log, struck lines too and marked so; orders.csv orders with receipts
warnings/     CAP 1.2 messages of published warnings
SHA256SUMS.txt SHA-256 of every file (check: sha256sum -c SHA256SUMS.txt)

A copy of the moment it was made; what came later is not in it. Only layers and objects its maker may see; personal
fields (names, telephones but of duty desks) are not exported. Log and attachments are written by people and may name
persons: keep it as internal, delete it when the incident is over. Zones are computed by published methods that no
authority has validated for evacuation decisions.
""",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """A kit that was written: its file name, and what is in it."""

    name: str
    path: Path
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KitMaker:
    """Makes kits; `sender` and `status` are those of CAP messages."""

    situations: Situations
    audit: AuditLog
    base: BasePicture
    city: Text
    approval: str
    demo: bool
    sender: str
    status: str

    def make(self, code: str, caller: Caller, target: Path) -> Kit:
        """Write the kit of an incident to a file, everything of it recorded as taken out."""
        desk = self.situations.desk
        scope = without_persons(caller.scope)
        found = desk.find(code, scope=scope)
        log = desk.log(code, scope=scope)
        at = desk.clock()
        drafts = caller.may(Right.WARN)
        told = self.situations.told(found, log, 0, at, "", caller.actor.name, scope, drafts=drafts)
        reach = self._reach(found.row, scope)
        with (
            tempfile.TemporaryDirectory(prefix="kit-", dir=target.parent) as room,
            zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed,
        ):
            pack = _Pack(packed)
            for name, path in self._papers(found.row, scope):
                pack.take(name, path)
            for name, body in [*self._tables(found.row, log, told.orders), *self._messages(code, scope)]:
                pack.write(name, body)
            gpkg = Path(room) / "layers.gpkg"
            if self._export(found.row, reach, caller, scope, gpkg):
                pack.take("layers.gpkg", gpkg)
            names = ["map.html", "README.txt", *pack.sums, SUMS]
            pack.write("map.html", self._page(told, reach, caller, scope, names))
            pack.write("README.txt", self._readme(found.row, caller, at))
            pack.write(SUMS, "".join(f"{pack.sums[name]}  {name}\n" for name in sorted(pack.sums)).encode())
        played = "演练_" if found.row.exercise else ""
        return Kit(
            name=f"{played}事件离线包_{code}_{at.astimezone(CHINA):%Y%m%d-%H%M}.zip", path=target,
            members=tuple(sorted(pack.sums)),
        )  # fmt: skip

    def _reach(self, row: Incident, scope: Scope) -> BaseGeometry:
        """Zones with their bands, and what lies round the place; the whole of the area where nobody marked one."""
        zones = self.situations.zones(row, scope)
        shapes: list[BaseGeometry] = [one.geometry for one in zones.zones if one.geometry is not None]
        shapes += [one.geometry for one in zones.bands if one.geometry is not None]
        place = _place(row)
        if place is not None:
            shapes.append(sector(place, ROUND, 0.0, 360.0))
        if not shapes:
            area = outline(self.situations.desk.store, [row.area])
            shapes = [] if area is None else [area]
        west, south, east, north = shapely.total_bounds(shapes).tolist()
        whole: BaseGeometry = shapely.box(west, south, east, north)
        return whole

    def _export(self, row: Incident, reach: BaseGeometry, caller: Caller, scope: Scope, target: Path) -> bool:
        desk = self.situations.desk
        west, south, east, north = reach.bounds
        narrowed = self._wanted(row, Spatial(SpatialOp.INTERSECTS, shapely.box(west, south, east, north)), scope)
        seen = {one.id for one in desk.store.catalogue.seen_by(scope)}
        layers = tuple(name for name in narrowed if name in seen)
        if not layers:
            return False
        box = f"{west:.7f},{south:.7f},{east:.7f},{north:.7f}"
        wish = Wish(
            target=target, format=Format.GPKG, layers=layers, narrowed={name: narrowed[name] for name in layers},
            narrowed_by=f"incident kit {row.code}; bbox={box}",
            apart=frozenset(one.id for one in _played()) if row.exercise else frozenset(),
            mark=MARK if row.exercise else None,
        )  # fmt: skip
        export(
            desk.store, wish, scope=scope, actor=caller.actor, clock=desk.clock, audit=self.audit,
            account=caller.account, post=caller.post,
        )  # fmt: skip
        return True

    def _wanted(self, row: Incident, near: Filter, scope: Scope) -> dict[str, Filter | None]:
        """The layers about the incident, each with what is wanted of it; what is its own, wherever it lies."""
        wanted: dict[str, Filter | None] = {layer.id: near for layer in (*NEAR, ROADS)}
        kept, zones, bands = scenario_layers(row.exercise)
        wanted[layer_of(row).id] = Compare("code", Op.EQ, row.code)
        if row.scenario:
            wanted[kept.id] = Compare("code", Op.EQ, row.scenario)
            wanted |= {one.id: Compare("scenario", Op.EQ, row.scenario) for one in (zones, bands)}
        if row.exercise:
            codes = tuple(one.code for one in self.situations.warnings.published_of(row.code, scope=scope))
            return wanted | ({EXERCISE_WARNINGS.id: In("code", codes)} if codes else {})
        wanted[WARNINGS.id] = And((Compare("state", Op.EQ, "published"), near))
        keys = tuple(
            one.of_key for one in self.situations.desk.links(row.code, scope=scope) if one.of_layer == ALARMS.id
        )
        return wanted | ({ALARMS.id: In("code", keys)} if keys else {})

    def _papers(self, row: Incident, scope: Scope) -> list[tuple[str, Path]]:
        found = []
        for n, one in enumerate(self.situations.cabinet.of(layer_of(row), row.code, scope=scope), 1):
            played = "演练 " if row.exercise and "演练" not in one.record.name else ""
            if one.path.is_file():
                found.append((f"documents/{n:02d} {played}{_safe(one.record.name)}", one.path))
        return found

    def _tables(
        self, row: Incident, log: Sequence[IncidentEntry], orders: Sequence[IncidentOrder]
    ) -> list[tuple[str, bytes]]:  # fmt: skip
        lines = [
            (one.number, _at(one.happened_at), _at(one.at), one.by,
             code_label("incident_entry", one.kind, Lang.ZH), one.text,
             "" if one.struck_at is None else f"{_at(one.struck_at)} {one.struck_by}:{one.struck_why}")
            for one in log
        ]  # fmt: skip
        given = [
            (one.number, _at(one.at), one.by, one.to_name, one.action, one.details, one.place_name,
             code_label("order_state", one.state, Lang.ZH),
             *(_at(at) for at in (one.received_at, one.left_at, one.arrived_at, one.ended_at)), one.said)
            for one in orders
        ]  # fmt: skip
        mark = "演练 / EXERCISE" if row.exercise else ""
        return [("log.csv", _csv(LOG_HEADS, lines, mark)), ("orders.csv", _csv(ORDER_HEADS, given, mark))]

    def _messages(self, code: str, scope: Scope) -> list[tuple[str, bytes]]:
        """What was published of it; nothing of an exercise was."""
        found = []
        for one in self.situations.warnings.published_of(code, scope=scope):
            if not one.code.startswith("YL"):
                body = written(message(one, self.sender, status=self.status))
                found.append((f"warnings/{one.code}.cap.xml", body))
        return found

    def _page(
        self, told: Situation, reach: BaseGeometry, caller: Caller, scope: Scope, names: Sequence[str]
    ) -> bytes:  # fmt: skip
        from dashboards.incident.offline import Kit as Page
        from dashboards.incident.offline import offline  # folium is half a second that no start has to wait

        lang, row = caller.lang, told.row
        said = words(told, lang)
        areas, here, forces = self.situations.drawn(
            row, told.orders, told.log, scope, lang, drafts=caller.may(Right.WARN)
        )
        return offline(
            Page(
                lang=lang, code=row.code, title=row.title, state=str(_pair(said["facts"])[2][1]),
                city=self.city.of(lang), demo=self.demo, approval=self.approval, played=row.exercise,
                maker=caller.actor.name, made_at=_at(told.at), place=_place(row),
                facts=[*_pair(said["facts"]), *_pair(said["losses"])], zones_said=str(said["zones_said"]),
                zones=_cells(said["zones"], ("name", "reach", "people", "band", "doubts")),
                orders=_cells(said["orders"], ("number", "at", "to", "action", "state")),
                warnings=_cells(said["warnings"], ("level", "title", "areas", "state")),
                log=_cells(said["log"], ("number", "at", "by", "text")), areas=areas, pins=[*here, *forces],
                blocks=self._blocks(row, reach, scope, lang), files=sorted(names), reach=reach,
            ),
            self.base,
        )  # fmt: skip

    def _blocks(self, row: Incident, reach: BaseGeometry, scope: Scope, lang: Lang) -> list["Block"]:
        store, centre = self.situations.desk.store, _place(row)
        if centre is None:
            middle = reach.centroid
            centre = LonLat(middle.x, middle.y)
        with spoken(store, self.situations.desk.clock), store.snapshot() as snapshot:
            found = [
                _block(snapshot, store.catalogue, layer, reach, centre, scope, lang, colour)
                for layer, colour in zip(NEAR, COLOURS, strict=True)
            ]
        return [one for one in found if one is not None]

    def _readme(self, row: Incident, caller: Caller, at: datetime) -> bytes:
        facts = {"code": row.code, "maker": caller.actor.name, "at": _at(at)}
        zh = README.zh.format(
            **facts, played=" 【演练】" if row.exercise else "", what=f"{PLAYED.zh}\n" if row.exercise else ""
        )
        en = README.en.format(
            **facts, played=" EXERCISE" if row.exercise else "", what=f"{PLAYED.en}\n" if row.exercise else ""
        )
        return f"{zh}\n{'-' * 60}\n\n{en}".encode()


@dataclass(slots=True)
class _Pack:
    """Files on their way into the kit, none of them held whole, each with the hash of what went in."""

    packed: zipfile.ZipFile
    sums: dict[str, str] = field(default_factory=dict)

    def take(self, name: str, path: Path) -> None:
        """A file, piece by piece."""
        digest = hashlib.sha256()
        with path.open("rb") as file, self.packed.open(zipfile.ZipInfo.from_file(path, name), "w") as out:
            while piece := file.read(PIECE):
                digest.update(piece)
                out.write(piece)
        self.sums[name] = digest.hexdigest()

    def write(self, name: str, body: bytes) -> None:
        """What was just made."""
        self.packed.writestr(name, body)
        self.sums[name] = hashlib.sha256(body).hexdigest()


def _played() -> tuple[Layer, ...]:
    """Layers of exercises, which no other file that leaves the system has."""
    return (EXERCISES, EXERCISE_WARNINGS, *scenario_layers(exercise=True))


PERSONS = frozenset(
    (layer.id, name)
    for layer in CATALOGUE
    for name, spec in layer.fields.items()
    if spec.sensitivity > Sensitivity.PUBLIC and name != "duty_phone"
)
"""Fields that a declaration holds back from the public, names of persons and telephones among them; a desk's own duty
telephone is nobody's, and is what one rings without a network."""


def without_persons(scope: Scope) -> Scope:
    """The same rights as far as what is internal, without fields of persons: they stay at home."""
    return replace(
        scope, clearance=min(scope.clearance, Sensitivity.INTERNAL), hidden=scope.hidden | PERSONS
    )  # fmt: skip


def _block(
    snapshot: Snapshot, catalogue: Catalogue, layer: Layer, reach: BaseGeometry, centre: LonLat, scope: Scope,
    lang: Lang, colour: str,
) -> "Block | None":  # fmt: skip
    from dashboards.incident.offline import Block

    seen = catalogue.find(layer.id, scope)
    if seen is None or seen.geometry is Geometry.NONE:
        return None
    label = seen.label if seen.label and seen.label in seen.fields_in(scope) else seen.key
    query = Query(bbox=_bounds(reach), fields=tuple({seen.key, label}))
    rows = [row for batch in snapshot.batches(seen, query, scope=scope, rows=5000) for row in batch.to_pylist()]
    placed = [(row, shapely.from_wkb(row["geometry"]).representative_point()) for row in rows if row["geometry"]]
    if not placed:
        return None
    away = distances(centre, [point.x for _, point in placed], [point.y for _, point in placed])
    order = sorted(range(len(placed)), key=lambda n: float(away[n]))
    pins = []
    for n in order[:MOST]:
        row, point = placed[n]
        pin = Pin(place=LonLat(point.x, point.y), words=str(row[label] or row[seen.key]), colour=colour)
        pins.append((pin, _length(float(away[n]))))
    return Block(
        title=layer.title.of(lang), count=len(placed), pins=pins, left=max(0, len(placed) - MOST), colour=colour
    )


def _bounds(shape: BaseGeometry) -> Bounds:
    west, south, east, north = shape.bounds
    return Bounds(west, south, east, north)


def _length(metres: Metre) -> str:
    return f"{metres:,.0f} m" if metres < 1000 else f"{metres / 1000:.1f} km"


def _place(row: Incident) -> LonLat | None:
    if row.geometry is None:
        return None
    point = row.geometry.representative_point()
    return LonLat(point.x, point.y)


def _pair(rows: object) -> list[tuple[str, str]]:
    assert isinstance(rows, list)
    return [(one["name"], one["said"]) for one in rows]


def _cells(rows: object, names: Sequence[str]) -> list[list[str]]:
    assert isinstance(rows, list)
    return [[one[name] for name in names] for one in rows]


def _csv(heads: Sequence[str], rows: Iterable[Sequence[object]], mark: str) -> bytes:
    """With a byte order mark, so that a spreadsheet reads it; text that would run has an apostrophe before it.

    Each line of an exercise begins with the mark of it.
    """
    out = io.StringIO()
    pen = csv.writer(out, lineterminator="\r\n")
    pen.writerow([*(["演练"] if mark else []), *heads])
    for row in rows:
        pen.writerow([*([mark] if mark else []), *(_still(str(cell)) for cell in row)])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _still(text: str) -> str:
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r", "'") else text


def _safe(name: str) -> str:
    return "".join("_" if letter in '\\/:*?"<>|' or not letter.isprintable() else letter for letter in name)[:120]


def _at(at: datetime | None) -> str:
    return "" if at is None else f"{at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}"
