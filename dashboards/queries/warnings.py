"""Early warnings that stand, as they are told to whoever asks: the gravest first."""

from datetime import datetime
from typing import Any

from core.clock import CHINA
from core.scope import Scope
from core.texts import Lang, Text
from dashboards.queries.wording import area_names, code_label
from layers.filters import Compare, Op
from monitoring.warnings.levels import levels
from store.protocol import Store
from store.query import Query

PAST = Text(" 已过,尚未解除", " is past, it is not lifted yet")


def warnings_standing(store: Store, *, scope: Scope, lang: Lang, now: datetime) -> list[dict[str, Any]]:
    """Published and not lifted; in English where there is English, else in Chinese."""
    layer = store.catalogue.find("warnings", scope)
    if layer is None:
        return []
    where = Compare("state", Op.EQ, "published")
    rows = store.read(layer, Query(where=where, geometry=False), scope=scope).to_pylist()
    names = area_names(store, scope)
    rows.sort(key=lambda row: (row["level"], -row["issued_at"].timestamp()))
    return [_told(row, names, lang, now) for row in rows]


def _told(row: dict[str, Any], names: dict[str, str], lang: Lang, now: datetime) -> dict[str, Any]:
    english = lang is Lang.EN
    words = {
        name: (row[f"{name}_en"] if english else row[name]) or row[name]
        for name in ("title", "extent", "cautions", "measures", "issuer")
    }
    return words | {
        "code": row["code"],
        "level": row["level"],
        "level_word": levels().levels[row["level"]].text.of(lang),
        "kind": code_label("warning_kind", row["kind"], lang),
        "starts_at": _minute(row["starts_at"]),
        "ends_at": _minute(row["ends_at"]) + (PAST.of(lang) if row["ends_at"] and row["ends_at"] < now else ""),
        "issued_at": _minute(row["issued_at"]),
        "areas": [names.get(code, code) for code in row["areas"] or ()],
        "responses": [code_label("warning_response", one, lang) for one in row["responses"] or ()],
        "contact": row["contact"],
    }


def _minute(at: datetime | None) -> str:
    return "" if at is None else at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
