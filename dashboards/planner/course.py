"""One place in time, in the reader's language: both courses, when they come and go, the levels they pass, doses."""

from typing import Any

from core.texts import Lang
from dashboards.planner.answer import told_check, told_model
from emergency.chain.doses import Dose
from emergency.chain.history import Above, History

Json = dict[str, Any]


def course(history: History, lang: Lang) -> Json:
    """What the page draws of a history, each number with its model."""
    curves = [one for one in (history.outdoors, history.indoors) if one is not None]
    return {
        "place": {"lon": history.place.lon, "lat": history.place.lat},
        "distance": history.distance, "downwind": history.downwind, "crosswind": history.crosswind,
        "reached": history.reached, "arrival": history.arrival, "departure": history.departure,
        "curves": [
            {
                "name": one.name, "title": one.title.of(lang), "unit": one.y_unit, "x": one.x, "y": one.y,
                "model": one.model,
            }
            for one in curves
        ],
        "figures": [
            {"name": one.name, "title": one.title.of(lang), "value": one.value, "unit": one.unit, "model": one.model}
            for one in history.figures
        ],
        "above": [_above(one, lang) for one in history.above],
        "doses": [_dose(one, lang) for one in history.doses],
        "checks": [told_check(one, lang) for one in history.checks],
        "notes": [one.of(lang) for one in history.notes],
        "models": {one.id: told_model(one, lang) for one in history.models},
        "fingerprint": history.fingerprint,
    }  # fmt: skip


def _above(one: Above, lang: Lang) -> Json:
    return {
        "level": one.level.of(lang), "value": one.value, "unit": one.unit, "verified": one.verified,
        "outdoors": one.outdoors, "indoors": one.indoors,
    }  # fmt: skip


def _dose(one: Dose, lang: Lang) -> Json:
    return {
        "set": one.set, "title": one.title.of(lang), "n": one.n, "unit": one.unit, "source": one.source,
        "verified": one.verified, "outdoors": one.outdoors, "indoors": one.indoors,
        "death": None if one.death_outdoors is None else [one.death_outdoors, one.death_indoors],
        "of_limit": None if one.of_limit_outdoors is None else [one.of_limit_outdoors, one.of_limit_indoors],
    }  # fmt: skip
