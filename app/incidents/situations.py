"""Situation reports as documents: printed in two languages with map pictures, kept, logged, all in one transaction."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import shapely

from app.incidents.desk import By, Found, IncidentDesk, Told, layer_of
from app.incidents.grounds import Zones, zones_of
from app.incidents.reports import DRILL, organ_for
from app.incidents.warnings import WarningLog
from casework.documents.filling import Mark, Picture, Values, filled_form
from casework.documents.kinds import kind as form_of
from casework.documents.printing import printed
from casework.documents.wording import SAID
from casework.issuing import DOCX, PDF
from casework.press import Press
from core.actors import Actor
from core.canonical import sha256
from core.clock import hour_of
from core.errors import ConflictError
from core.scope import SYSTEM_SCOPE, Scope
from core.texts import Lang, Text
from core.units import Metre
from dashboards.brief.window import BasePicture
from dashboards.handout.colours import GRADES, grade
from dashboards.incident.picture import Area, Pin, picture
from dashboards.queries.people import people_inside
from dashboards.queries.wording import area_names
from emergency.incidents.log import entry
from emergency.incidents.situation import FORMS, TITLE, Situation, WarningTold, ZoneTold, words
from gis.shapes import LonLat
from layers.catalogue import INCIDENT_LOG, INCIDENT_ORDERS
from layers.catalogue.incidents import KEPT, Incident, IncidentEntry
from layers.catalogue.orders import IncidentOrder
from layers.catalogue.scenarios import ScenarioZone
from layers.filters import Compare, Op
from monitoring.warnings.levels import levels
from store.attachments import Attached, Cabinet
from store.feed import Edit, Put
from store.query import Order, Query
from store.rasters import RasterShelf
from store.rows import record_of

REF = "situation/"
"""What the line of a situation report refers to: its serial number within the incident."""
MARKED = "step/mark"
"""What the line of something drawn on the map refers to (`app.orders.marks`): it is no position of anybody."""
WIDTH: Metre = 0.155
COLOURS = {1: "#C8102E", 2: "#C25E00", 3: "#8A6D00", 4: "#0B5CAD"}
"""Levels of warnings, dark enough for paper; the word stands beside them."""
OWN_FORM = Text(SAID[form_of(FORMS[Lang.ZH]).status], "The form of this document is our own; no rule prescribes one.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One file of a report."""

    lang: Lang
    media: str
    body: bytes
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A situation report that is kept: its line of the log and its files."""

    line: IncidentEntry
    serial: int
    files: tuple[Attached, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Situations:
    """Makes the situation reports of one desk and finds them again; `base` draws the map without a network.

    `shelf` has the people of the city: without it nobody counts how many a band holds.
    """

    desk: IncidentDesk
    cabinet: Cabinet
    press: Press
    warnings: WarningLog
    base: BasePicture
    shelf: RasterShelf | None = None

    def make(self, code: str, *, more: str, by: By, command: str) -> Told:
        """A report of what stands now, numbered within the incident."""
        ready: dict[Any, tuple[datetime, tuple[Paper, ...]]] = {}
        now_kept: list[tuple[Incident, tuple[Paper, ...]]] = []

        def make() -> tuple[list[Edit], str, str]:
            log = self.desk.log(code, scope=SYSTEM_SCOPE)  # first: every change of the row writes a line after these
            found = self.desk.find(code, scope=by.scope)
            if found.row.state in ("false", "merged"):
                raise ConflictError(Text("误报、已并入的事件不作态势报告", "no report of what was none"), code=code)
            serial, at = 1 + sum(_serial(line) is not None for line in log), self.desk.clock()
            seen = (found.version, log[-1].number)
            if seen not in ready:
                ready[seen] = (at, self._printed(found, log, serial, at, more, by))
            at, papers = ready[seen]
            now_kept[:] = [(found.row, papers)]
            refs = (f"{REF}{serial}", *(f"{KEPT}{sha256(one.body)}" for one in papers))
            line = entry(
                found.row, log[-1].number + 1, "report", f"制作{TITLE.zh}第{serial}号", by=by.name, account=by.account,
                at=self.desk.clock(), happened_at=at, refs=refs,
            )  # fmt: skip
            return [Put(layer=INCIDENT_LOG.id, record=line, expected=0)], code, line.code

        def commit(edits: list[Edit], actor: Actor, reason: str, scope: Scope) -> None:
            row, papers = now_kept[0]
            with ExitStack() as held:
                drafts = [held.enter_context(self.cabinet.made(one.body, one.name, one.media)) for one in papers]
                self.cabinet.keep_with(edits, [(layer_of(row), row, drafts)], actor=actor, reason=reason, scope=scope)

        return self.desk.once("situation", command, by, make, f"制作{TITLE.zh}", commit)

    def listed(self, row: Incident, log: Sequence[IncidentEntry], *, scope: Scope) -> tuple[Made, ...]:
        """Every situation report of an incident that the caller may see, oldest first; struck ones too."""
        lines = [(line, serial) for line in log if (serial := _serial(line)) is not None]
        files = (
            {one.record.sha256: one for one in self.cabinet.of(layer_of(row), row.code, scope=scope)} if lines else {}
        )
        return tuple(
            Made(
                line=line, serial=serial,
                files=tuple(
                    files[ref.removeprefix(KEPT)] for ref in line.refs if ref.removeprefix(KEPT) in files
                ),
            )
            for line, serial in lines
        )  # fmt: skip

    def _printed(
        self, found: Found, log: Sequence[IncidentEntry], serial: int, at: datetime, more: str, by: By
    ) -> tuple[Paper, ...]:  # fmt: skip
        told = self.told(found, log, serial, at, more, by.name, by.scope)
        papers = []
        for lang in Lang:
            form = form_of(FORMS[lang])
            shown: list[Mark] = [
                {"png": Picture(png, WIDTH), "said": said.of(lang)}
                for png, said in self._pictures(told, by.scope, lang)
            ]
            filled: Values = {**words(told, lang), "pictures": shown, "unverified": OWN_FORM.of(lang)}
            docx = filled_form(form.template.read_bytes(), filled)
            pdf = printed(docx, self.press.page, mark=DRILL if found.row.exercise else "")
            name = f"{'演练 ' if found.row.exercise else ''}{found.row.code} {TITLE.of(lang)} {serial}"
            papers += [
                Paper(lang=lang, media=media, body=body, name=f"{name}.{lang.value}.{end}")
                for media, body, end in ((PDF, pdf, "pdf"), (DOCX, docx, "docx"))
            ]
        return tuple(papers)

    def zones(self, row: Incident, scope: Scope) -> Zones:
        """The zones of the incident's scenario that a scope opens."""
        return zones_of(self.desk.store, row, scope)

    def told(
        self, found: Found, log: Sequence[IncidentEntry], serial: int, at: datetime, more: str, by: str, scope: Scope,
        *, drafts: bool = True,
    ) -> Situation:  # fmt: skip
        """All of an incident as it stands; without `drafts` of warnings what was published alone."""
        row, zones = found.row, self.zones(found.row, scope)
        scenario = zones.scenario
        names = area_names(self.desk.store, SYSTEM_SCOPE)
        known = levels().levels
        return Situation(
            row=row, at=at, version=found.version, serial=serial, by=by, organ=organ_for(self.press, row),
            area=Text(names.get(row.area, row.area), names.get(row.area, row.area)), clocks=self.desk.due(row, log),
            log=log, more=more, orders=self._orders(row.code, scope),
            scenario="" if scenario is None else scenario.code,
            computed_at=None if scenario is None else scenario.computed_at,
            weather="" if scenario is None else scenario.weather,
            zones=[
                ZoneTold(
                    title=Text(one.title, one.title_en or one.title), reach=one.distance, people=one.residents,
                    banded=zones.band_of(one) is not None, most=self._most(zones, one, scope), cut=one.cut != "none",
                    doubts=zones.ground(one.code, banded=False).doubts,
                )
                for one in zones.zones
            ],
            warnings=[
                WarningTold(
                    code=one.code, title=one.title, level=known[one.level].text, state=one.state,
                    areas=tuple(names.get(area, area) for area in one.areas), issued_at=one.issued_at,
                )
                for one in self.warnings.warnings_of(row.code, scope=scope)
                if drafts or one.revision
            ],
        )  # fmt: skip

    def _most(self, zones: Zones, one: ScenarioZone, scope: Scope) -> float | None:
        """Who lives in a zone and wherever the wind may turn it; None where nobody counts."""
        band = zones.band_of(one)
        if band is None or one.geometry is None:
            return None
        found = people_inside(self.shelf, shapely.union(one.geometry, band), scope=scope, lang=Lang.ZH)
        return found["people"] if found is not None and found["state"] == "ready" else None

    def drawn(
        self, row: Incident, orders: Sequence[IncidentOrder], log: Sequence[IncidentEntry], scope: Scope, lang: Lang, *,
        drafts: bool = True,
    ) -> tuple[list[Area], list[Pin], list[Pin]]:  # fmt: skip
        """Zones with bands and warnings; the place; where orders lead and positions were told."""
        zones = self.zones(row, scope)
        place = _place(row)
        here = [] if place is None else [Pin(place=place, words=Text("事发点", "incident").of(lang), colour="#B00020")]
        areas = [
            Area(
                shape=band, words="", colour=GRADES[grade(one.severity)], dashed=True, filled=False
            )
            for one in zones.zones if (band := zones.band_of(one)) is not None
        ]  # fmt: skip
        areas += [
            Area(
                shape=one.geometry, words=one.title if lang is Lang.ZH else one.title_en or one.title,
                colour=GRADES[grade(one.severity)], dashed=not one.verified,
            )
            for one in reversed(zones.zones) if one.geometry is not None
        ]  # fmt: skip
        areas += [
            Area(
                shape=one.geometry, words=Text(f"预警 {known.title.zh}", f"warning {known.title.en}").of(lang),
                colour=COLOURS[one.level], filled=False, dashed=one.revision == 0,
            )
            for one in self.warnings.warnings_of(row.code, scope=scope)
            if one.geometry is not None and one.state not in ("lifted", "withdrawn") and (drafts or one.revision)
            and (known := levels().levels[one.level])
        ]  # fmt: skip
        forces = [
            *(
                Pin(place=at, words=f"{one.number} {one.to_name}", colour="#0B5CAD")
                for one in orders if (at := _place(one)) is not None
            ),
            *(
                Pin(place=at, words=f"{line.by[:16]} {hour_of(line.happened_at, self.desk.clock())}", colour="#0A6B4F")
                for line in seen_last(log) if (at := _place(line)) is not None
            ),
        ]  # fmt: skip
        return areas, here, forces

    def _pictures(self, told: Situation, scope: Scope, lang: Lang) -> list[tuple[bytes, Text]]:
        """The plume with the warnings, and where forces are sent and were seen."""
        row, found = told.row, []
        areas, here, forces = self.drawn(row, told.orders, told.log, scope, lang)
        plume = picture(self.base, areas, here, lang, played=row.exercise)
        if plume is not None:
            said = Text(
                "图 1 影响区和预警范围（虚线：风向带、限值未核实、未发布）",
                "Fig. 1: zones and warnings (dashed: band of the wind, unverified, not published)",
            )
            found.append((plume, said))
        if forces and (png := picture(self.base, [], [*here, *forces], lang, played=row.exercise)) is not None:
            found.append((png, Text("图 2 指令去向和上报位置", "Fig. 2: where orders lead, and positions told")))
        return found

    def _orders(self, code: str, scope: Scope) -> list[IncidentOrder]:
        seen = self.desk.store.catalogue.find(INCIDENT_ORDERS.id, scope)
        if seen is None:
            return []
        query = Query(where=Compare("incident", Op.EQ, code), order=(Order("number"),))
        rows = self.desk.store.read(seen, query, scope=scope).to_pylist()
        return [one for row in rows if isinstance(one := record_of(seen, row, scope), IncidentOrder)]


def seen_last(log: Sequence[IncidentEntry]) -> list[IncidentEntry]:
    """Where each was told last: neither where they were before, nor what was drawn on the map."""
    told = [
        line for line in log
        if line.kind == "position" and line.struck_at is None and line.geometry is not None and MARKED not in line.refs
    ]  # fmt: skip
    return list({line.by: line for line in sorted(told, key=lambda one: one.happened_at)}.values())


def _serial(line: IncidentEntry) -> int | None:
    found = next((ref.removeprefix(REF) for ref in line.refs if ref.startswith(REF)), "")
    return int(found) if line.kind == "report" and found.isdecimal() else None


def _place(row: Incident | IncidentOrder | IncidentEntry) -> LonLat | None:
    if row.geometry is None:
        return None
    point = row.geometry.representative_point()
    return LonLat(point.x, point.y)
