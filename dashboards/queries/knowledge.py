"""One search over cases, substances, sections of plans and articles of laws, by the words the store indexes."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from core.clock import iso
from core.scope import Scope
from core.texts import Lang, Text
from dashboards.queries.wording import code_label
from emergency.chemicals import search as substances_like
from layers.catalogue import EMERGENCY_CASES, EMERGENCY_PLANS, EXERCISE_CASES, LAW_ARTICLES, PLAN_STEPS
from layers.filters import In
from layers.layer import Layer
from store.protocol import Store
from store.query import Query

Told = dict[str, Any]
MOST = 20
"""Answers of a kind; more are said to be there and not listed."""
BEFORE, AROUND = 24, 96
KINDS: dict[str, Text] = {
    "case": Text("案例", "Cases"), "substance": Text("化学品", "Substances"), "plan": Text("预案", "Plans"),
    "law": Text("法规", "Laws"), "exercise": Text("演练案例", "Cases of exercises"),
}  # fmt: skip
UNASKED = tuple(kind for kind in KINDS if kind != "exercise")
"""What is searched where no kind is asked for: nothing that was played."""
LAYERS: dict[str, tuple[Layer, ...]] = {
    "case": (EMERGENCY_CASES,), "plan": (EMERGENCY_PLANS, PLAN_STEPS), "law": (LAW_ARTICLES,),
    "exercise": (EXERCISE_CASES,),
}  # fmt: skip
TEXTS: dict[str, tuple[str, ...]] = {
    EMERGENCY_CASES.id: ("title", "summary", "lessons", "course", "cause", "setting", "place", "chemical_names"),
    EXERCISE_CASES.id: ("title", "summary", "lessons", "course", "cause", "setting", "place", "chemical_names"),
    EMERGENCY_PLANS.id: ("title", "summary", "chemical_names", "issuer", "enterprise_name"),
    PLAN_STEPS.id: ("text", "detail", "unit", "role"),
    LAW_ARTICLES.id: ("text", "title"),
}  # fmt: skip
"""Fields in which the words are looked for to show them, the likeliest first."""


def found(store: Store, text: str, kinds: Iterable[str], *, scope: Scope, lang: Lang) -> Told:
    """What the words find, by kind: each with where it stands and the words marked."""
    wanted = [kind for kind in KINDS if kind in set(kinds)]
    groups = [_group(store, text, kind, scope, lang) for kind in wanted]
    return {"q": text, "groups": groups, "total": sum(len(group["rows"]) for group in groups)}


def _group(store: Store, text: str, kind: str, scope: Scope, lang: Lang) -> Told:
    if kind == "substance":
        rows = [_substance(one, text, lang) for one in substances_like(text)]
    else:
        rows = _rows(store, text, kind, scope, lang)
    return {
        "kind": kind, "word": KINDS[kind].of(lang), "rows": rows[:MOST], "shown": min(len(rows), MOST),
        "more": len(rows) > MOST,
    }  # fmt: skip


def _rows(store: Store, text: str, kind: str, scope: Scope, lang: Lang) -> list[Told]:
    layers = {one.id: one for one in LAYERS[kind] if one.visible(scope)}
    if not layers:
        return []
    hits = store.search(text, scope=scope, layers=frozenset(layers), limit=MOST + 1)
    rows: dict[tuple[str, str], Told] = {}
    for id, layer in layers.items():
        keys = tuple(hit.key for hit in hits if hit.layer == id)
        if keys:
            query = Query(where=In(layer.key, keys), geometry=False)
            rows |= {(id, row[layer.key]): row for row in store.read(layer, query, scope=scope).to_pylist()}
    titles = _plan_titles(store, [row["plan"] for (id, _), row in rows.items() if id == PLAN_STEPS.id], scope)
    told = {_CASE: _case, EXERCISE_CASES.id: _case, _PLAN: _plan, _LAW: _law}
    return [
        (_step(row, titles, lang) if hit.layer == PLAN_STEPS.id else told[hit.layer](row, lang))
        | {"kind": kind, "passage": passage(text, [row.get(name) for name in TEXTS[hit.layer]])}
        for hit in hits
        if (row := rows.get((hit.layer, hit.key))) is not None
    ]


_CASE, _PLAN, _LAW = EMERGENCY_CASES.id, EMERGENCY_PLANS.id, LAW_ARTICLES.id


def _case(row: Told, lang: Lang) -> Told:
    line = [
        code_label("incident_kind", row["kind"], lang), _day(row["occurred_on"]), _listed(row["chemical_names"]),
        "" if row["nature"] == "real" else code_label("case_nature", row["nature"], lang),
    ]  # fmt: skip
    return {"key": row["code"], "open": row["code"], "title": row["title"], "line": _joined(line)}


def _plan(row: Told, lang: Lang) -> Told:
    line = [code_label("emergency_plan_kind", row["kind"], lang), row["edition"], row["issuer"],
            "" if row["nature"] == "official" else code_label("plan_nature", row["nature"], lang)]  # fmt: skip
    return {"key": row["code"], "open": row["code"], "title": row["title"], "line": _joined(line)}


def _step(row: Told, titles: dict[str, str], lang: Lang) -> Told:
    title = titles.get(row["plan"], row["plan"])
    line = [title, code_label("plan_phase", row["phase"], lang), row["unit"], row["role"]]
    section = row["section"] or str(row["number"])
    return {"key": row["code"], "open": row["plan"], "title": f"{section} {row['text']}", "line": _joined(line)}


def _law(row: Told, lang: Lang) -> Told:
    dated = _day(row["dated"])
    line = [row["law"], row["chapter"], Text(f"{dated} 文本", f"text of {dated}").of(lang) if dated else ""]
    return {"key": row["code"], "open": row["code"], "title": row["title"], "line": _joined(line)}


def _substance(one: Any, text: str, lang: Lang) -> Told:
    numbers = [f"CAS {one.cas}" if one.cas else "", f"UN {'/'.join(one.un)}" if one.un else ""]
    return {
        "kind": "substance",
        "key": one.id,
        "open": one.id,
        "title": one.name.of(lang),
        "line": _joined(numbers),
        "passage": passage(text, [one.name.of(lang), "、".join(one.synonyms)]),
    }


def _plan_titles(store: Store, codes: list[str], scope: Scope) -> dict[str, str]:
    if not codes or not EMERGENCY_PLANS.visible(scope):
        return {}
    query = Query(where=In("code", tuple(dict.fromkeys(codes))), fields=("code", "title"), geometry=False)
    return {row["code"]: row["title"] for row in store.read(EMERGENCY_PLANS, query, scope=scope).to_pylist()}


def passage(text: str, texts: Iterable[Any]) -> list[tuple[str, bool]]:
    """Where the words stand in the first text that has them: pieces, and whether each is what was asked for.

    >>> passage("液氨", ["", "机房内液氨泄漏"])
    [('机房内', False), ('液氨', True), ('泄漏', False)]
    """
    plain = [one if isinstance(one, str) else "、".join(one or ()) for one in texts]
    words = [re.escape(word) for word in text.split()]
    pairs = [re.escape(word[n : n + 2]) for word in text.split() for n in range(len(word) - 1)]
    for pattern in ("|".join(words), "|".join(pairs)):
        if not pattern:
            continue
        sought = re.compile(pattern, re.IGNORECASE)
        hit = next((one for one in plain if sought.search(one)), None)
        if hit is not None:
            return _marked(sought, hit.replace("\n", " "))
    first = next((one for one in plain if one), "")
    return [(first[:AROUND], False)] if first else []


def _marked(sought: re.Pattern[str], text: str) -> list[tuple[str, bool]]:
    first = sought.search(text)
    assert first is not None
    start = max(0, first.start() - BEFORE)
    cut = text[start : start + AROUND]
    pieces: list[tuple[str, bool]] = [("…", False)] if start else []
    at = 0
    for hit in sought.finditer(cut):
        if hit.start() > at:
            pieces.append((cut[at : hit.start()], False))
        pieces.append((hit[0], True))
        at = hit.end()
    rest = cut[at:] + ("…" if start + AROUND < len(text) else "")
    return [*pieces, (rest, False)] if rest else pieces


def _joined(parts: Iterable[str | None]) -> str:
    return " · ".join(part for part in parts if part)


def _listed(names: Iterable[str] | None) -> str:
    return "、".join(names or ())


def _day(value: object) -> str:
    if isinstance(value, datetime):
        return iso(value)[:10]
    return value.isoformat() if isinstance(value, date) else ""
