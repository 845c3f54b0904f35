"""`/api/cases/draw`: what was drawn and from what, who was left out and why; and the draw done again."""

from collections import Counter
from dataclasses import dataclass

from starlette.routing import BaseRoute, Route

from app.doors.admin.fields import Given, only, words
from app.doors.bodies import asked
from app.doors.case_forms import minute
from casework.desk import Desk
from casework.drawing import Inputs, drawn, inputs_of, why_avoided
from casework.draws import done_again
from casework.inspecting import rules
from casework.systems.random_draw import RANDOM_DRAW
from casework.systems.site_check import SITE_CHECK
from casework.telling import STATUS
from core.caller import Caller
from core.clock import Clock, iso
from core.texts import Lang
from dashboards.queries.wording import area_names, code_label
from layers.catalogue.inspections import ENFORCERS, RandomDraw
from layers.filters import Compare, Op
from store.attachments import Cabinet
from store.query import Order, Query

LONGEST_CODE, LISTED = 20, 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Draws:
    """Draws as one caller meets them."""

    desk: Desk
    cabinet: Cabinet
    clock: Clock

    def one(self, caller: Caller, given: Given) -> Given:
        """GET /draw?code=: units in the order drawn with weight, officers and check; who was out; the rules."""
        row, body = self._kept(caller, given)
        told: Given = {
            "code": row.code, "drawn": bool(row.drawn), "seed": row.seed, "method": row.method,
            "inputs_hash": row.inputs_hash, "drawn_at": minute(row.drawn_at), "drawn_by": row.drawn_by,
            "earlier": row.earlier, "candidates": row.candidates, "standing": row.standing, "rows": [], "out": [],
            "officers": [], "rules": _rules(caller.lang),
        }  # fmt: skip
        if body is None or not row.drawn:
            return told
        try:
            return told | self._whole(row, inputs_of(body), caller)
        except ValueError:  # what was changed is told by doing it again
            return told

    def verify(self, caller: Caller, given: Given) -> Given:
        """GET /draw/verify?code=: the draw computed anew from seed and list; the same or not, and what differs."""
        row, body = self._kept(caller, given)
        said = done_again(row, body)
        return {
            "code": row.code, "identical": said.identical, "differs": [one.of(caller.lang) for one in said.differs],
            "seed": row.seed, "inputs_hash": row.inputs_hash, "method": row.method, "units": len(row.drawn),
            "at": iso(self.clock()),
        }  # fmt: skip

    def _kept(self, caller: Caller, given: Given) -> tuple[RandomDraw, bytes | None]:
        only(given, "code")
        code = words(given, "code", longest=LONGEST_CODE)
        row = self.desk.find(RANDOM_DRAW, code, scope=caller.scope).row
        assert isinstance(row, RandomDraw)
        files = self.cabinet.of(RANDOM_DRAW.register, code, scope=caller.scope)
        logged = {one for step in self.desk.log(RANDOM_DRAW, code, scope=caller.scope) for one in step.files}
        file = next((one for one in files if one.record.sha256 == row.inputs_hash and row.inputs_hash in logged), None)
        return row, file.path.read_bytes() if file is not None and file.path.is_file() else None

    def _whole(self, row: RandomDraw, inputs: Inputs, caller: Caller) -> Given:
        lang, areas = caller.lang, area_names(self.desk.store, caller.scope)
        checks = self._checks(row, caller)
        away = why_avoided(inputs)
        names = {one.no: one.name for one in inputs.officers}
        picks = drawn(inputs, row.seed)
        load = Counter(one.no for pick in picks for one in pick.officers)
        out = [(unit, why) for unit, _, why in inputs.judged if why]
        return {
            "rows": [
                {
                    "place": pick.place, "enterprise": pick.unit.key, "name": pick.unit.name,
                    "area": areas.get(pick.unit.area, pick.unit.area), "weight": pick.unit.weight,
                    "sector": code_label("sector", pick.unit.sector, lang) if pick.unit.sector else "",
                    "risk": int(pick.unit.risk) if pick.unit.risk else None, "checked": pick.unit.checked,
                    "of_weight": pick.of_weight,
                    "officers": [{"no": one.no, "name": one.name} for one in pick.officers],
                    "avoiding": [{"name": names.get(one.no, one.no), "why": code_label("avoidance_kind", one.why, lang)}
                                 for one in away.get(pick.unit.key, ())],
                }
                | checks.get(pick.unit.key, {"check": "", "state": ""})
                for pick in picks
            ],
            "out": [
                {"enterprise": unit.key, "name": unit.name, "why": code_label("draw_out", why, lang),
                 "checked": unit.checked}
                for unit, why in out[:LISTED]
            ],
            "reasons": [{"name": code_label("draw_out", why, lang), "count": count}
                        for why, count in Counter(why for _, why in out).most_common()],
            "officers": [
                {"no": one.no, "name": one.name, "units": load[one.no],
                 "out": code_label("draw_out", one.out, lang) if one.out else ""}
                for one in sorted(inputs.officers, key=lambda one: one.no)
            ],
        }  # fmt: skip

    def _checks(self, row: RandomDraw, caller: Caller) -> dict[str, Given]:
        """The checks that the draw opened, as far as the caller sees them."""
        layer = self.desk.store.catalogue.find(SITE_CHECK.register.id, caller.scope)
        if layer is None:
            return {}
        query = Query(
            where=Compare("draw", Op.EQ, row.code), fields=("code", "enterprise", "state"), geometry=False
        )  # fmt: skip
        found = self.desk.store.read(layer, query, scope=caller.scope).to_pylist()
        titles = self.desk.procedures.titles(SITE_CHECK)
        return {
            one["enterprise"]: {"check": one["code"], "state": titles[one["state"]].of(caller.lang)
                                if one["state"] in titles else one["state"]}
            for one in found
        }  # fmt: skip


def officer_choices(desk: Desk, caller: Caller) -> list[Given]:
    """Officers on the roster whom the caller sees, by certificate."""
    layer = desk.store.catalogue.find(ENFORCERS.id, caller.scope)
    if layer is None:
        return []
    query = Query(
        where=Compare("state", Op.EQ, "standing"), fields=("number", "title"), order=(Order("number"),), geometry=False
    )
    rows = desk.store.read(layer, query, scope=caller.scope).to_pylist()
    return [{"code": one["number"], "name": f"{one['title']} {one['number']}"} for one in rows]


def _rules(lang: Lang) -> list[Given]:
    """The numbers draws go by, with source and how far it is to be trusted."""
    return [
        {"name": one.title.of(lang), "value": one.value, "source": one.cited, "status": STATUS[one.status].of(lang)}
        for one in rules()
        if one.id != "key-share"
    ]


def draw_routes(draws: Draws) -> list[BaseRoute]:
    """The doors of draws; who enters is the policy's, which rows the scope's."""
    return [
        Route("/api/cases/draw", asked(draws.one), methods=["GET"]),
        Route("/api/cases/draw/verify", asked(draws.verify), methods=["GET"]),
    ]
