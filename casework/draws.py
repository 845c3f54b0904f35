"""What a draw is drawn from, as the store has it: units, officers, who avoids whom; and a draw done again."""

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from casework.drawing import METHOD, Avoided, Candidate, Inputs, Officer, drawn, inputs_of
from casework.gathering import Gathered, Sheet
from casework.inspecting import rule
from casework.progress import BEGUN, DONE, item_named
from casework.terms import local_day
from core.canonical import sha256
from core.scope import SYSTEM_SCOPE
from core.texts import Text
from layers.catalogue.enforcement import SITE_CHECKS
from layers.catalogue.enterprises import ENTERPRISES
from layers.catalogue.inspections import AVOIDANCES, ENFORCERS, RANDOM_DRAWS, RandomDraw
from layers.filters import Compare, In, Op, Under, every
from layers.layer import Layer
from store.protocol import Store
from store.query import Query

LIST = "抽取名单.json"
SEED_BYTES = 32
WAITING = ("planned", "on_site", "signing")
Rows = list[dict[str, Any]]


def inputs_of_draw(store: Store, draw: Mapping[str, Any], at: datetime) -> Gathered:
    """Everything a draw needs: its inputs with the reasons why some are out, a fresh seed, and draws before it."""
    inputs = _inputs(store, draw, local_day(at))
    before = _read(store, RANDOM_DRAWS, Compare("plan_item", Op.EQ, draw["plan_item"]), "code", "state")
    earlier = sum(one["state"] in ("drawn", "closed", "void") and one["code"] != draw["code"] for one in before)
    facts = {"inputs": inputs, "seed": secrets.token_hex(SEED_BYTES), "earlier": earlier}
    named = item_named(store, draw, at)
    sheet = Sheet(name=LIST, media_type="application/json", content=inputs.body)
    return Gathered(facts={**named.facts, **facts}, sheets=(sheet,))


def checks_of_draw(store: Store, draw: Mapping[str, Any], _: datetime) -> Gathered:
    """How many of the checks that a draw opened are open, and how many were carried out or have begun."""
    states = [one["state"] for one in _read(store, SITE_CHECKS, Compare("draw", Op.EQ, draw["code"]), "code", "state")]
    over = ("closed", "cancelled")
    return Gathered(facts={
        "open": sum(one not in over for one in states), "begun": sum(one in (*BEGUN, *DONE) for one in states),
        "done": sum(one in DONE for one in states),
    })  # fmt: skip


def same_certificate(store: Store, officer: Mapping[str, Any], _: datetime) -> Gathered:
    """Officers on the roster with the certificate of one who is to be entered."""
    same = every(Compare("number", Op.EQ, officer.get("number") or ""), Compare("state", Op.EQ, "standing"))
    found = [one["code"] for one in _read(store, ENFORCERS, same, "code") if one["code"] != officer.get("code")]
    return Gathered(facts={"same": found})


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A draw done again: the same or not, and what differs."""

    identical: bool
    differs: tuple[Text, ...]


def done_again(draw: RandomDraw, body: bytes | None) -> Verdict:
    """The draw computed anew from what was kept of it."""
    if not draw.drawn:
        return Verdict(identical=False, differs=(Text("尚未抽取", "nothing was drawn yet"),))
    if body is None:
        return Verdict(identical=False, differs=(Text("抽取名单文件缺失", "the file of the inputs is missing"),))
    differs: list[Text] = []
    if sha256(body) != draw.inputs_hash:
        differs.append(Text("名单文件与登记的哈希不符", "the file of the inputs does not have the hash kept"))
    if draw.method != METHOD:
        differs.append(Text(f"抽取方法 {draw.method} 不是本程序的方法", f"{draw.method} is no method of this program"))
        return Verdict(identical=False, differs=tuple(differs))
    try:
        again = tuple(map(str, drawn(inputs_of(body), draw.seed)))
    except ValueError as error:
        return Verdict(identical=False, differs=(*differs, Text(f"不能复算:{error}", f"cannot be done again: {error}")))
    if again != draw.drawn:
        places = [str(n) for n, (one, other) in enumerate(zip(again, draw.drawn, strict=False), 1) if one != other]
        told = "、".join(places[:10]) or "数量"
        differs.append(
            Text(f"结果不一致:第 {told} 位", f"the result differs at {', '.join(places[:10]) or 'its length'}")
        )
    return Verdict(identical=not differs, differs=tuple(differs))


def _inputs(store: Store, draw: Mapping[str, Any], today: date) -> Inputs:
    area, sector, risk = str(draw["area"]), str(draw["sector"] or ""), str(draw["risk"] or "")
    where = every(
        Under("area", area), Compare("sector", Op.EQ, sector) if sector else None,
        Compare("risk", Op.EQ, int(risk)) if risk else None,
    )  # fmt: skip
    fields = ("uscc", "name", "area", "sector", "risk", "status", "merged_into")
    firms = [one for one in _read(store, ENTERPRISES, where, *fields) if not one["merged_into"]]
    keys = {one["uscc"] for one in firms}
    seen = ("enterprise", "state", "arrived_at", "lead_no", "second_no")
    checks = [one for one in _read(store, SITE_CHECKS, Under("area", area), *seen) if one["enterprise"] in keys]
    waiting = {one["enterprise"] for one in checks if one["state"] in WAITING}
    last: dict[str, dict[str, Any]] = {}
    for one in sorted((one for one in checks if one["arrived_at"]), key=lambda one: one["arrived_at"]):
        last[one["enterprise"]] = one
    rested = today - timedelta(days=int(rule("rest-days", today).value))
    weights = {name: int(rule(f"weight-{name}", today).value) for name in ("1", "2", "3", "4", "none")}

    def candidate(firm: dict[str, Any]) -> Candidate:
        key, day = firm["uscc"], local_day(last[firm["uscc"]]["arrived_at"]) if firm["uscc"] in last else None
        out = (
            "closed" if firm["status"] != "open" else "open" if key in waiting
            else "checked" if day is not None and day > rested else ""
        )  # fmt: skip
        return Candidate(
            key=key, name=firm["name"], area=firm["area"], sector=firm["sector"] or "", risk=str(firm["risk"] or ""),
            checked="" if day is None else day.isoformat(), weight=weights[str(firm["risk"] or "none")], out=out,
        )  # fmt: skip

    officers = {one.no: one for one in _officers(store, area, draw["check_by"] or today)}
    standing = every(Compare("state", Op.EQ, "standing"), In("officer_no", tuple(officers)))
    told = _read(store, AVOIDANCES, standing, "officer_no", "avoided", "relation") if officers else []
    away = {(one["officer_no"], one["avoided"]): str(one["relation"]) for one in told if one["avoided"] in keys}
    for key, check in last.items():
        for no in (check["lead_no"], check["second_no"]):
            if no in officers:
                away.setdefault((no, key), "last")
    return Inputs(
        units=int(draw["units"]), each=int(rule("officers-each", today).value),
        candidates=tuple(map(candidate, firms)), officers=tuple(officers.values()),
        avoided=tuple(Avoided(no=no, key=key, why=why) for (no, key), why in away.items()),
    )  # fmt: skip


def _officers(store: Store, area: str, until: date) -> Iterator[Officer]:
    """Those of the area, each certificate once; one that ends before the checks are due is out."""
    where = every(Under("area", area), Compare("state", Op.EQ, "standing"))
    fields = ("code", "number", "title", "area", "sectors", "valid_until")
    rows = sorted(_read(store, ENFORCERS, where, *fields), key=lambda one: str(one["code"]), reverse=True)
    for one in rows:  # of two with one certificate the first entered is met last and stands
        over = one["valid_until"] is not None and one["valid_until"] < until
        yield Officer(
            no=one["number"] or one["code"], name=one["title"], area=one["area"], sectors=tuple(one["sectors"] or ()),
            out="expired" if over else "",
        )  # fmt: skip


def _read(store: Store, layer: Layer, where: Any, *fields: str) -> Rows:
    found: Rows = store.read(layer, Query(where=where, fields=fields, geometry=False), scope=SYSTEM_SCOPE).to_pylist()
    return found
