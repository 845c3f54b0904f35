"""Events on video as their page asks for them: newest first under filters, and one with its camera and pictures."""

import hashlib
import math
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.clock import iso
from core.errors import ForbiddenError
from core.scope import Scope, Sensitivity
from core.texts import Lang, Text
from dashboards.queries.standings import firm_names
from dashboards.queries.wording import area_names, code_label, shown
from layers.catalogue import CAMERAS, VIOLATIONS
from layers.filters import Compare, During, Filter, In, Like, Op, Or, Under, every
from layers.layer import Layer
from store.attachments import Attached, Cabinet, attached_to
from store.protocol import Store
from store.query import COUNT, Order, Query
from video.rules.kinds import Needs, kinds
from video.rules.reasons import parsed
from video.rules.rule import Kind
from video.thresholds import threshold

PAGE = 50
FILES = 4
"""Files of an event, as a rule: a picture and a film."""
LIKE = re.compile(r"[%_\\]")
"""What has a meaning of its own in a pattern."""

FIELDS = (
    "code", "title", "kind", "camera", "enterprise", "area", "state", "verdict", "raised_at", "ended_at", "case_code",
    "reason", "beta", "origin",
)  # fmt: skip
BLANK = dict.fromkeys(FIELDS, "")
"""What a role keeps from its readers is told as nothing, never as a default."""

APART = frozenset(
    {"code", "title", "geometry", "sensitivity", "source_datum", "source", "observed_at", "area", "site", "boxes",
     "placed", "accuracy", "camera", "enterprise", "verdict", "judged_by", "judged_at", "remark", "quiet", "case_code",
     "reason", "rule", "zone", "why", "model", "beta", "origin", "origin_id", "kind", "state", "began_at", "raised_at",
     "ended_at", "cleared_at", "cleared_by"}
)  # fmt: skip
"""What is told in a place of its own, or not at all."""

WITHIN = timedelta(days=30)
"""So far back events of the same kind are counted."""

AROUND = threshold("evidence.around")
"""Seconds of film before and after an event."""

CHECKED = 64 * 1024 * 1024
"""Bytes of a file whose hash is computed again while its event is opened; of a larger one that is not said."""

VERDICTS = ("pending", "confirmed", "rejected")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Which events are asked for, from which on; empty is any."""

    words: str = ""
    verdict: str = ""
    kind: str = ""
    state: str = ""
    camera: str = ""
    enterprise: str = ""
    area: str = ""
    start: int = 0

    def where(self) -> Filter | None:
        """The filter of it."""
        parts: list[Filter] = [
            Compare(name, Op.EQ, value)
            for name, value in (
                ("verdict", self.verdict), ("kind", self.kind), ("state", self.state), ("camera", self.camera),
                ("enterprise", self.enterprise),
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
    names = camera_names(store, sorted({row["camera"] for row in rows if row["camera"]}), scope)
    pictures = {
        one["of_key"]
        for one in attached_to(
            store, [(layer.id, row["code"]) for row in rows if row["code"]], scope=scope, limit=FILES * PAGE
        )
        if one["media_type"] == "image/jpeg" and one["sensitivity"] <= Sensitivity.INTERNAL
    }
    counts = {
        one: store.count(layer, Query(where=Compare("verdict", Op.EQ, one)), scope=scope) for one in VERDICTS
    }  # fmt: skip
    total = store.count(layer, Query(where=where), scope=scope)
    return {
        "total": total, "from": wish.start, "page": PAGE, "counts": counts,
        "rows": [
            {
                "code": row["code"], "title": row["title"], "kind": code_label("video_event", row["kind"], lang),
                "camera": row["camera"], "camera_name": names.get(row["camera"], row["camera"]),
                "reason": code_label("violation_reason", row["reason"], lang) if row["reason"] else "",
                "beta": bool(row["beta"]), "device": row["origin"] == "gateway",
                "picture": row["code"] in pictures,
                "enterprise_name": firms.get(row["enterprise"], row["enterprise"] or ""),
                "area": areas.get(row["area"], row["area"]), "state": row["state"],
                "state_word": code_label("violation_state", row["state"], lang), "verdict": row["verdict"],
                "verdict_word": code_label("violation_verdict", row["verdict"], lang),
                "at": iso(row["raised_at"]), "case": row["case_code"],
            }
            for row in rows
        ],
    }  # fmt: skip


def camera_names(store: Store, codes: list[str], scope: Scope) -> dict[str, str]:
    """Names of cameras by code, of those open to the reader."""
    layer = store.catalogue.find(CAMERAS.id, scope)
    if layer is None or not codes:
        return {}
    table = store.read(
        layer, Query(where=In("code", tuple(codes)), fields=("code", "name"), geometry=False), scope=scope
    )
    return dict(zip(table["code"].to_pylist(), table["name"].to_pylist(), strict=True))


def one_event(store: Store, cabinet: Cabinet, code: str, *, scope: Scope, lang: Lang, now: datetime) -> dict[str, Any]:
    """One event: what the rule found and why, its camera, its pictures, what a person said of it."""
    layer = violation_layer(store, scope)
    stored = store.get(layer, code, scope=scope)
    record, seen = stored.record, layer.fields_in(scope)
    value: dict[str, Any] = {name: getattr(record, name) if name in seen else "" for name in layer.fields}
    camera = camera_names(store, [value["camera"]] if value["camera"] else [], scope)
    firms = firm_names(store, [value["enterprise"]] if value["enterprise"] else [], scope)
    return {
        "code": code, "version": stored.version, "title": value["title"], "verdict": value["verdict"],
        "verdict_word": code_label("violation_verdict", value["verdict"], lang), "state": value["state"],
        "state_word": code_label("violation_state", value["state"], lang),
        "kind": code_label("video_event", value["kind"], lang), "suspected": value["kind"] in ("fire", "smoke"),
        "camera": {"code": value["camera"], "name": camera.get(value["camera"], "")},
        "enterprise": value["enterprise"], "enterprise_name": firms.get(value["enterprise"], value["enterprise"]),
        "area": area_names(store, scope).get(record.area, record.area),
        **{name: iso(value[name]) if value[name] else None for name in ("began_at", "raised_at", "ended_at")},
        "around": AROUND, "rule": value["rule"], "zone": value["zone"], "model": value["model"],
        "needs_model": value["kind"] in set(Kind) and kinds()[Kind(value["kind"])].needs is not Needs.PICTURE,
        "beta": bool(value["beta"]),
        "why": [{"name": one.of(lang), "value": said} for one, said in parsed(value["why"])],
        "words": value["why"], "device": value["origin"] == "gateway", "origin_id": value["origin_id"],
        "origin_word": code_label("violation_origin", value["origin"], lang) if value["origin"] else "",
        "same": _same(store, layer, value, now=now, scope=scope),
        "facts": [
            {"field": spec.title.of(lang), "value": said}
            for name, spec in seen.items()
            if name not in APART and (said := shown(spec, value[name], lang))
        ],
        "place": _place(value, record, lang) if {"placed", "accuracy"} <= set(seen) else None,
        "has_place": bool(value["boxes"]),
        "judged": {
            "by": value["judged_by"], "at": iso(value["judged_at"]) if value["judged_at"] else None,
            "remark": value["remark"], "quiet": value["quiet"],
            "reason": code_label("violation_reason", value["reason"], lang) if value["reason"] else "",
        },
        "case": value["case_code"],
        "cleared": _cleared(value, lang),
        "files": [_file(one) for one in cabinet.of(layer, code, scope=scope)],
    }  # fmt: skip


def _cleared(value: dict[str, Any], lang: Lang) -> dict[str, Any] | None:
    """When the evidence went, and by which rule in words; None while it is there."""
    if not value["cleared_at"] or not value["cleared_by"]:
        return None
    rule, much = value["cleared_by"].split()
    words = {
        "rejected": Text(f"误报满 {much} 天", f"false, and {much} days old"),
        "pending": Text(f"未核实满 {much} 天", f"not judged, and {much} days old"),
        "share": Text(f"视频证据占用磁盘超过 {much}%", f"evidence took more than {much} % of the disk"),
    }[rule]
    return {"at": iso(value["cleared_at"]), "rule": words.of(lang)}


def _same(store: Store, layer: Layer, value: dict[str, Any], *, now: datetime, scope: Scope) -> dict[str, Any] | None:
    """How many of its kind there were lately at its enterprise, or at its camera where that is nobody's."""
    of = "enterprise" if value["enterprise"] else "camera"
    if not value["kind"] or not value[of] or "verdict" not in layer.fields_in(scope):
        return None
    where = every(
        Compare("kind", Op.EQ, value["kind"]), Compare(of, Op.EQ, value[of]), During("raised_at", now - WITHIN, None)
    )
    counted = store.totals(
        layer, Query(where=where, geometry=False), by=("verdict",), of=(COUNT,), scope=scope
    ).to_pylist()
    counts = dict.fromkeys(VERDICTS, 0) | {row["verdict"]: row["count"] for row in counted}
    return {"of": of, "days": WITHIN.days, **counts}


def _file(one: Attached) -> dict[str, Any]:
    """A piece of evidence; `whole` says whether its content still has the hash it was kept under, None: not asked."""
    record = one.record
    try:
        with one.path.open("rb") as file:
            missing, whole = False, None
            if record.size <= CHECKED:
                whole = hashlib.file_digest(file, "sha256").hexdigest() == record.sha256
    except FileNotFoundError:
        missing, whole = True, False
    return {
        "id": record.id, "name": record.name, "type": record.media_type, "sha256": record.sha256, "size": record.size,
        "added_at": iso(record.added_at), "missing": missing, "whole": whole,
    }  # fmt: skip


def _place(value: dict[str, Any], record: Any, lang: Lang) -> dict[str, Any] | None:
    """Where it is, how that is known, and by how much it may be off: in words rounded up, never down."""
    if record.geometry is None:
        return None
    place = record.geometry.centroid
    ground = value["placed"] == "ground" and value["accuracy"] is not None
    off = math.ceil(value["accuracy"]) if ground else None
    words = Text(f"按标定,误差约 {off} m", f"by calibration, off by some {off} m").of(lang) if ground else code_label(
        "event_place", value["placed"], lang
    )  # fmt: skip
    accuracy = value["accuracy"] if ground else None
    return {"lon": place.x, "lat": place.y, "on_ground": ground, "accuracy": accuracy, "words": words}
