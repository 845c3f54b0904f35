"""`/api/risk`: the index of enterprises and areas with what is unknown of it, of now or of an earlier moment."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from starlette.routing import BaseRoute, Route

from app.doors.admin.fields import Given, moment, one_of, only, words
from app.doors.bodies import asked
from app.monitoring.grading import SELDOM, standing
from core.caller import Caller
from core.clock import CHINA, Clock, iso
from core.errors import BadInputError, ForbiddenError, NotFoundError
from core.texts import Lang, Text
from dashboards.queries.card import card
from dashboards.queries.compounds import compounds
from dashboards.queries.wording import code_label
from layers.catalogue import AREA_RISKS, RISK_SCORES
from layers.catalogue.risk import RiskScore
from layers.codes import code_list
from layers.layer import Publish
from monitoring.risk import model_on
from monitoring.risk.model import RiskModel, models
from monitoring.risk.telling import SOURCES, areas, course, enterprises, entry_at, named, terms
from store.protocol import Store

KEPT = timedelta(days=30)
"""How far back the slider goes."""
STALE = timedelta(seconds=3 * SELDOM)
LONGEST = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskDesk:
    """The index as one caller meets it."""

    store: Store
    data: Path
    clock: Clock

    def whole(self, caller: Caller, given: Given) -> Given:
        """GET /: every enterprise and area in reach, the model, how the grading stands, compound warnings."""
        only(given, "at")
        self._open(caller)
        now = self.clock()
        at = self._at(given, now)
        seq = None if at is None else entry_at(self.store, at)
        model = model_on((at or now).astimezone(CHINA).date())
        return {
            "now": iso(now),
            "at": None if at is None else iso(at),
            "standing": self._standing(now, caller.lang),
            "model": _model(model, caller.lang),
            "enterprises": enterprises(self.store, caller.scope, seq),
            "areas": areas(self.store, caller.scope, seq),
            "compounds": compounds(
                self.store,
                at or now,
                scope=caller.scope,
                lang=caller.lang,
                at_seq=None if at is None else entry_at(self.store, at),
            ),
        }

    def one(self, caller: Caller, given: Given) -> Given:
        """GET /one?key=: the terms of one enterprise, each with its rows, and how its index went."""
        only(given, "key")
        key = words(given, "key", longest=18)
        self._open(caller)
        layer = self.store.catalogue[RISK_SCORES.id]
        record = self.store.get(layer, key, scope=caller.scope).record
        assert isinstance(record, RiskScore)
        model = next((one for one in models() if one.version == record.model), models()[-1])
        told = terms(record, model, caller.lang)
        named(self.store, told, caller.scope)
        return {
            "key": key, "name": record.name, "score": record.score, "grade": record.grade, "highest": record.highest,
            "grade_highest": record.grade_highest, "discount": record.discount, "dynamic": record.dynamic,
            "override": _override(record.override, caller.lang), "unknown": len(record.unknown),
            "terms": told, "model": _model(model, caller.lang), "label": record.label,
            "computed_at": iso(record.computed_at), "area": record.area,
            "course": course(self.store.versions(layer, key, scope=caller.scope)),
        }  # fmt: skip

    def area(self, caller: Caller, given: Given) -> Given:
        """GET /area?code=: how the risk of one area went."""
        only(given, "code")
        code = words(given, "code", longest=32)
        layer = self.store.catalogue.find(AREA_RISKS.id, caller.scope)
        if layer is None:
            raise _closed()
        row = next((one for one in areas(self.store, caller.scope) if one["code"] == code), None)
        if row is None:
            raise NotFoundError(Text(f"没有区域“{code}”的风险指数", f"no risk of area {code!r}"), key=code)
        return row | {"course": course(self.store.versions(layer, code, scope=caller.scope))}

    def row(self, caller: Caller, given: Given) -> Given:
        """GET /row?layer=&key=: one row that a term counted."""
        only(given, "layer", "key")
        name = one_of(given, "layer", sorted({layer.id for layer in SOURCES.values()}))
        key = words(given, "key", longest=LONGEST)
        layer = self.store.catalogue.find(name, caller.scope)
        if layer is None:
            raise _closed()
        told = card(self.store, None, layer, key, scope=caller.scope, lang=caller.lang, now=self.clock())
        return {
            "title": told["title"], "layer": name, "layer_title": told["layer_title"], "key": key,
            "pairs": next(one["pairs"] for one in told["sections"] if one["id"] == "basics"),
            "on_map": layer.publish is not Publish.NONE, "lon": told["lon"], "lat": told["lat"],
        }  # fmt: skip

    def _open(self, caller: Caller) -> None:
        if not RISK_SCORES.visible(caller.scope):
            raise _closed()

    def _at(self, given: Given, now: datetime) -> datetime | None:
        at = moment(given, "at")
        if at is not None and not now - KEPT - timedelta(days=1) <= at <= now + timedelta(minutes=1):
            raise BadInputError(
                Text(f"at 应在近 {KEPT.days} 天之内", f"at must lie within the last {KEPT.days} days"), field="at"
            )
        return at

    def _standing(self, now: datetime, lang: Lang) -> Given:
        known = standing(self.data)
        state = "never" if known.at is None else "stale" if now - known.at > STALE else "fresh"
        if known.fault:
            state = "failed"
        return {
            "state": state,
            "at": None if known.at is None else iso(known.at),
            "fault": known.fault
            and Text("计算失败,显示上次结果", "the last grading failed; an earlier one is shown").of(lang),
            "fault_at": None if known.fault_at is None else iso(known.fault_at),
        }


def _closed() -> ForbiddenError:
    return ForbiddenError(Text("风险指数不对您的岗位开放", "the risk index is not open to your role"))


def _override(code: str, lang: Lang) -> str:
    return code_label("risk_override", code, lang) if code else ""


def _model(model: RiskModel, lang: Lang) -> Given:
    return {
        "version": model.version, "label": model.label.of(lang), "source": model.source.of(lang),
        "formula": model.formula, "terms": len(model.terms) + 1,
        "bands": [{"least": least, "grade": grade} for least, grade in model.bands],
        "words": [one.title.of(lang).lstrip("■▲◆● ") for one in code_list("risk")],
        "overrides": {one.id: one.title.of(lang) for one in model.overrides.values()},
    }  # fmt: skip


def risk_routes(store: Store, data: Path, clock: Clock) -> list[BaseRoute]:
    """The doors of the risk map."""
    desk = RiskDesk(store=store, data=data, clock=clock)
    return [
        Route("/api/risk", asked(desk.whole), methods=["GET"]),
        Route("/api/risk/one", asked(desk.one), methods=["GET"]),
        Route("/api/risk/area", asked(desk.area), methods=["GET"]),
        Route("/api/risk/row", asked(desk.row), methods=["GET"]),
    ]
