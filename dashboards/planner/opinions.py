"""Second opinions in the reader's language: each model's distances, and the guidebook's where a site supplied it."""

from typing import Any

from core.errors import BadInputError
from core.texts import Lang
from dashboards.planner.answer import told_model, told_zone
from dashboards.planner.choices import word
from emergency.chain.opinions import Opinion
from emergency.chemicals import Substance
from emergency.erg import GreenTable, Guidance, Reach

Json = dict[str, Any]


def told_opinion(one: Opinion, lang: Lang) -> Json:
    """What one model says, without the shapes; or its refusal."""
    said: Json = {"id": str(one.model), "title": word(one.model, lang)}
    if one.result is None:
        return {**said, "refused": "" if one.refused is None else one.refused.of(lang)}
    result = one.result
    return {
        **said,
        "zones": [told_zone(zone, lang, shape=False) for zone in result.zones],
        "models": {card.id: told_model(card, lang) for card in result.receipt.models},
        "notes": [note.of(lang) for note in result.notes],
        "evidence": {"tier": int(result.receipt.evidence), "title": result.receipt.evidence.title.of(lang)},
        "valid": not result.outside,
        "fingerprint": result.receipt.fingerprint,
    }


def told_guidebook(table: GreenTable | BadInputError | None, gas: Substance, lang: Lang) -> Json:
    """The guidebook's rows of a substance with their edition; that none was supplied, or that the file is wrong."""
    if table is None:
        return {"supplied": False}
    if isinstance(table, BadInputError):
        return {"supplied": True, "fault": table.text.of(lang)}
    rows = [_guidance(one) for one in table.of(gas)]
    return {"supplied": True, "edition": table.edition, "source": table.source, "un": list(gas.un), "rows": rows}


def _guidance(one: Guidance) -> Json:
    def reach(distance: Reach) -> Json:
        return {"metres": distance.metres, "more": distance.more}

    return {
        "un": one.un, "name": one.name, "spill": str(one.spill), "isolation": reach(one.isolation),
        "protect_day": reach(one.protect_day), "protect_night": reach(one.protect_night),
    }  # fmt: skip
