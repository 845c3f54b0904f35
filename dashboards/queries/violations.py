"""Events on video as their page asks for them: newest first under filters, and one with its camera and pictures."""

import re
from dataclasses import dataclass
from typing import Any

from core.clock import iso
from core.errors import ForbiddenError
from core.scope import Scope
from core.texts import Lang, Text
from dashboards.queries.standings import firm_names
from dashboards.queries.wording import area_names, code_label, shown
from layers.catalogue import CAMERAS, VIOLATIONS
from layers.filters import Compare, Filter, Like, Op, Or, Under, every
from layers.layer import Layer
from store.attachments import Cabinet
from store.protocol import Store
from store.query import Order, Query

PAGE = 50
LIKE = re.compile(r"[%_\\]")
"""What has a meaning of its own in a pattern."""

FIELDS = (
    "code", "title", "kind", "camera", "enterprise", "area", "state", "verdict", "raised_at", "ended_at", "case_code",
)  # fmt: skip
BLANK = dict.fromkeys(FIELDS, "")
"""What a role keeps from its readers is told as nothing, never as a default."""

APART = frozenset(
    {"code", "title", "geometry", "sensitivity", "source_datum", "source", "observed_at", "area", "site", "boxes",
     "camera", "enterprise", "verdict", "judged_by", "judged_at", "remark", "quiet", "case_code"}
)  # fmt: skip
"""What is told in a place of its own, or not at all."""

VERDICTS = ("pending", "confirmed", "rejected")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Which events are asked for, from which on; empty is any."""

    words: str = ""
    verdict: str = ""
    kind: str = ""
    state: str = ""
    camera: str = ""
    area: str = ""
    start: int = 0

    def where(self) -> Filter | None:
        """The filter of it."""
        parts: list[Filter] = [
            Compare(name, Op.EQ, value)
            for name, value in (
                ("verdict", self.verdict), ("kind", self.kind), ("state", self.state), ("camera", self.camera)
            )
            if value
        ]  # fmt: skip
        if self.area:
            parts.append(Under("area", self.area))
        if self.words:
            word = LIKE.sub(r"\\\g<0>", self.words)
            parts.append(Or(tuple(Like(name, f"%{word}%", ignore_case=True) for name in ("title", "code"))))
        return every(*parts) if parts else None


def violation_layer(store: Store, scope: Scope) -> Layer:
    """The layer of events; ForbiddenError for whom it is not there."""
    layer = store.catalogue.find(VIOLATIONS.id, scope)
    if layer is None:
        raise ForbiddenError(Text("视频事件对您的岗位不开放", "events on video are not open to your role"))
    return layer


def listed(store: Store, wish: Wish, *, scope: Scope, lang: Lang) -> dict[str, Any]:
    """A page of events with counts of all in scope by verdict."""
    layer, where = violation_layer(store, scope), wish.where()
    seen = layer.fields_in(scope)
    query = Query(
        where=where, fields=tuple(name for name in FIELDS if name in seen), geometry=False,
        order=(Order("raised_at", descending=True), Order("code")), limit=PAGE, offset=wish.start,
    )  # fmt: skip
    rows = [BLANK | row for row in store.read(layer, query, scope=scope).to_pylist()]
    areas = area_names(store, scope)
    firms = firm_names(store, sorted({row["enterprise"] for row in rows if row["enterprise"]}), scope)
    counts = {
        one: store.count(layer, Query(where=Compare("verdict", Op.EQ, one)), scope=scope) for one in VERDICTS
    }  # fmt: skip
    total = store.count(layer, Query(where=where), scope=scope)
    return {
        "total": total, "from": wish.start, "page": PAGE, "counts": counts,
        "rows": [
            {
                "code": row["code"], "title": row["title"], "kind": code_label("video_event", row["kind"], lang),
                "camera": row["camera"], "enterprise_name": firms.get(row["enterprise"], row["enterprise"] or ""),
                "area": areas.get(row["area"], row["area"]), "state": row["state"],
                "state_word": code_label("violation_state", row["state"], lang), "verdict": row["verdict"],
                "verdict_word": code_label("violation_verdict", row["verdict"], lang),
                "at": iso(row["raised_at"]), "case": row["case_code"],
            }
            for row in rows
        ],
    }  # fmt: skip


def one_event(store: Store, cabinet: Cabinet, code: str, *, scope: Scope, lang: Lang) -> dict[str, Any]:
    """One event: what the rule found and why, its camera, its pictures, what a person said of it."""
    layer = violation_layer(store, scope)
    stored = store.get(layer, code, scope=scope)
    record, seen = stored.record, layer.fields_in(scope)
    value: dict[str, Any] = {name: getattr(record, name) if name in seen else "" for name in layer.fields}
    cameras = store.catalogue.find(CAMERAS.id, scope)
    query = Query(where=Compare("code", Op.EQ, value["camera"]), fields=("code", "name"), geometry=False)
    camera = [] if cameras is None else store.read(cameras, query, scope=scope).to_pylist()
    firms = firm_names(store, [value["enterprise"]] if value["enterprise"] else [], scope)
    return {
        "code": code, "version": stored.version, "title": value["title"], "verdict": value["verdict"],
        "verdict_word": code_label("violation_verdict", value["verdict"], lang), "state": value["state"],
        "suspected": value["kind"] in ("fire", "smoke"),
        "camera": {"code": value["camera"], "name": camera[0]["name"] if camera else ""},
        "enterprise": value["enterprise"], "enterprise_name": firms.get(value["enterprise"], value["enterprise"]),
        "area": area_names(store, scope).get(record.area, record.area),
        "facts": [
            {"field": spec.title.of(lang), "value": said}
            for name, spec in seen.items()
            if name not in APART and (said := shown(spec, value[name], lang))
        ],
        "has_place": bool(value["boxes"]),
        "judged": {
            "by": value["judged_by"], "at": iso(value["judged_at"]) if value["judged_at"] else None,
            "remark": value["remark"], "quiet": value["quiet"],
        },
        "case": value["case_code"],
        "files": [
            {"id": file.record.id, "name": file.record.name, "type": file.record.media_type,
             "sha256": file.record.sha256, "missing": not file.path.is_file()}
            for file in cabinet.of(layer, code, scope=scope)
        ],
    }  # fmt: skip
