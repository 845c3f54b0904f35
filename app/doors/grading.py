"""`/api/grading`: a hazard source graded by GB 18218, step by step, with the people around; adopted by an officer."""

from typing import Any

from shapely.geometry import mapping
from starlette.routing import BaseRoute, Route

from app.doors.admin.fields import Given, number, only, words
from app.doors.bodies import asked, posted
from core.caller import Caller
from core.clock import Clock
from core.errors import BadInputError
from core.texts import Lang, Text
from emergency.gb18218 import SOURCE
from emergency.gb18218.grading import Step
from emergency.gb18218.unit import RADIUS, Around, Regraded, regraded
from emergency.limits import Standing
from emergency.limits.kept import standing_of
from layers.catalogue.hazards import HAZARD_SOURCES
from store.audit import AuditLog, Kind, by
from store.feed import Put
from store.protocol import Store
from store.rasters import RasterShelf

ADOPTED = "采用按 GB 18218 的核算结果 / adopted as graded by GB 18218"
RESIDENTS = Text(
    "人数为常住人口估算,不含在该范围内上班、就诊、就学的人;以实地核查为准",
    "residents as estimated; who works, learns or is treated there is not counted: a survey on the spot decides",
)


def grading_routes(store: Store, shelf: RasterShelf | None, audit: AuditLog, clock: Clock) -> list[BaseRoute]:
    """The door; amounts are sensitive, so who asked for which source is recorded."""

    def graded(caller: Caller, given: Given) -> Given:
        """GET ?key=: the hazard source's S, R and level by its filed amounts and the people on the map."""
        only(given, "key")
        key = words(given, "key", longest=40)
        found = regraded(key, store=store, shelf=shelf, scope=caller.scope)
        audit.record(by(caller, Kind.READ, at=clock(), what="hazard_sources", keys=[key], where="grading"))
        return _told(found, standing_of(store, caller.scope), caller.lang)

    def adopt(caller: Caller, given: Given) -> Given:
        """POST /adopt: S, R, alpha, level and people of the grading become those of the row, if it is the one seen."""
        only(given, "key", "version")
        key, version = words(given, "key", longest=40), number(given, "version", 1, 1_000_000_000)
        found = regraded(key, store=store, shelf=shelf, scope=caller.scope)
        grading = found.grading
        if grading.level is None:
            below = f"S = {grading.s:g}"
            raise BadInputError(
                Text(f"{below},小于 1,不构成重大危险源,请办理核销", f"{below}, below 1: note it off instead"),
                field="key",
            )
        values = {
            "s_value": round(grading.s, 3), "r_value": round(grading.r, 2), "alpha": grading.alpha,
            "grade": grading.level, "exposed_people": found.people, "observed_at": clock(),
        }  # fmt: skip
        record = found.source.model_copy(update=values)
        edit = Put(layer=HAZARD_SOURCES.id, record=record, expected=version)
        store.commit([edit], actor=caller.actor, reason=ADOPTED, scope=caller.scope)
        return {"key": key, "level": grading.level, "s": grading.s, "r": grading.r}

    return [
        Route("/api/grading", asked(graded), methods=["GET"]),
        Route("/api/grading/adopt", posted(adopt), methods=["POST"]),
    ]


def _told(found: Regraded, standing: Standing, lang: Lang) -> Given:
    grading, filed = found.grading, found.source
    steps = [_step(one, standing, lang) for one in grading.steps]
    return {
        "key": filed.code, "name": filed.name, "s": grading.s, "r": grading.r, "alpha": grading.alpha,
        "level": grading.level, "people": found.people,
        "filed": {
            "level": filed.grade, "s": filed.s_value, "r": filed.r_value, "alpha": filed.alpha,
            "people": filed.exposed_people,
        },
        "differs": _differs(found, lang),
        "steps": steps,
        "drivers": [{"title": one.title, "r": one.r, "share": one.share} for one in grading.drivers],
        "around": None if found.around is None else _around(found.around, lang),
        "tanks": None
        if found.tanks is None
        else [{"title": title, "filed": filed_kg, "held": held} for title, filed_kg, held in found.tanks],
        "verified": all(one["verified"] for one in steps if one["row"]),
        "note": SOURCE.of(lang),
        "radius": RADIUS,
    }  # fmt: skip


def _step(one: Step, standing: Standing, lang: Lang) -> dict[str, Any]:
    return {
        "symbol": one.symbol, "value": one.value, "clause": one.clause.of(lang), "how": one.how.of(lang),
        "row": one.row, "verified": standing.confirmed(one.row) if one.row else True,
    }  # fmt: skip


def _around(one: Around, lang: Lang) -> dict[str, Any]:
    from_where = Text("自厂界向外 500 米", "500 m outward from the fence line")
    if not one.fenced:
        from_where = Text("没有厂界,自危险源位置起 500 米", "no fence line: 500 m round the place of the source")
    return {
        "residents": one.residents, "known": one.known, "from": from_where.of(lang), "source": one.source,
        "observed_on": None if one.observed_on is None else one.observed_on.isoformat(), "verified": one.verified,
        "note": RESIDENTS.of(lang), "ring": mapping(one.ring),
    }  # fmt: skip


def _differs(found: Regraded, lang: Lang) -> str:
    """What a reader has to know first: whether this is the grade that was filed."""
    level, filed = found.grading.level, found.source.grade
    if level == filed:
        return ""
    now = Text("不构成重大危险源", "no major hazard source") if level is None else _level(level)
    return Text(
        f"核算为{now.zh},备案为{_level(filed).zh}", f"comes out as {now.en}, filed as {_level(filed).en}"
    ).of(lang)  # fmt: skip


def _level(level: int) -> Text:
    return Text(f"{'一二三四'[level - 1]}级", f"level {level}")
