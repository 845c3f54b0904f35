"""Item lists of checks as the page of cases draws and tells them."""

from app.doors.admin.fields import Given
from casework.checklists import CHECKLISTS, MARKS, Item, Mark, all_items, answered, items_of
from casework.signatures import Signature, signatures
from casework.systems.site_check import record_hash
from casework.telling import STATUS
from casework.terms import local_day
from core.clock import CHINA
from core.texts import Lang, Text
from layers.catalogue.casework import CaseRow
from layers.catalogue.enforcement import SITE_CHECKS, SiteCheck
from layers.codes import Status, code_list

TOLD_APART = frozenset({("inspection_plans", "items"), ("random_draws", "drawn"), ("site_checks", "photos")})
"""Fields that the page tells in a panel of their own."""


def checklist(register: str, field: str, row: CaseRow | None, lang: Lang) -> Given:
    """What is looked at in the case's industry, for a field that holds the answers; nothing for other fields."""
    if (register, field) not in CHECKLISTS or row is None:
        return {}
    begun = getattr(row, "arrived_at", None) or row.opened_at
    return {
        "kind": "checklist",
        "items": [_item(one, lang) for one in items_of(row.sector, local_day(begun))],
        "marks": [{"code": one.value, "name": MARKS[one].of(lang)} for one in Mark],
    }


def checked_facts(register: str, field: str, texts: tuple[str, ...] | str, lang: Lang) -> list[Given] | None:
    """The answers in words, what fails each by itself; None for fields that hold none."""
    if (register, field) in TOLD_APART:
        return []
    if (register, field) == ("site_checks", "party_signature"):
        return [signature_fact(str(texts), lang)] if texts else []
    if (register, field) == ("penalties", "signers"):
        return [signer_fact(one, lang) for one in signatures(texts)]
    if (register, field) not in CHECKLISTS:
        return None
    found, _ = answered(texts)
    if not found:
        return []
    titles = {one.id: one for one in all_items()}
    counts = Text("、", ", ").of(lang).join(
        f"{MARKS[mark].of(lang)} {sum(one.mark is mark for one in found)}" for mark in Mark
    )  # fmt: skip
    facts = [{"name": field, "title": Text("检查项目", "Items").of(lang), "value": counts}]
    for one in found:
        if one.mark is Mark.FAILS:
            item = titles.get(one.item)
            asked = one.item if item is None else f"{item.title.of(lang)}({_clause(item, lang)})"
            facts.append({"name": field, "title": MARKS[Mark.FAILS].of(lang), "value": f"{asked}:{one.note}"})
    return facts


def signature_fact(drawn: str, lang: Lang) -> Given:
    """A signature as it was drawn on the screen."""
    title = SITE_CHECKS.fields["party_signature"].title.of(lang)
    return {"name": "party_signature", "title": title, "value": Text("已签名", "signed").of(lang), "strokes": drawn}


def signer_fact(one: Signature, lang: Lang) -> Given:
    """Somebody's signature on a record of an investigation, or why there is none."""
    role, how = (
        next(code.title.of(lang) for code in code_list(codes) if code.code == value)
        for codes, value in (("signer_role", one.role), ("check_signature", one.outcome))
    )
    told = (one.name, f"{one.at.astimezone(CHINA):%Y-%m-%d %H:%M}", how, one.note, one.witness)
    words = " · ".join(part for part in told if part)
    return {"name": "signers", "title": role, "value": words, **({"strokes": one.drawn} if one.drawn else {})}


def sealed(row: CaseRow) -> Given | None:
    """Whether a signed record still says what was signed; None for what has no such record."""
    if not isinstance(row, SiteCheck) or not row.record_hash:
        return None
    return {"hash": row.record_hash, "same": record_hash(row) == row.record_hash}


def drawn_kind(register: str, field: str) -> Given:
    """Fields of a check that a device fills in: the accuracy of its position, a signature on its screen."""
    kinds = {
        ("site_checks", "fix_accuracy"): "accuracy", ("site_checks", "party_signature"): "signature",
        ("penalties", "sign_drawn"): "signature",
    }  # fmt: skip
    kind = kinds.get((register, field))
    return {} if kind is None else {"kind": kind}


def _item(one: Item, lang: Lang) -> Given:
    sectors = {code.code: code.title.of(lang) for code in code_list("sector")}
    group = sectors.get(one.sector, one.sector) if one.sector else Text("通用", "All industries").of(lang)
    return {"id": one.id, "title": one.title.of(lang), "clause": _clause(one, lang), "group": group}


def _clause(one: Item, lang: Lang) -> str:
    """Where it is asked for, and that it was not read there where it was not."""
    doubt = "" if one.status is Status.VERIFIED else f" {STATUS[one.status].of(lang)}"
    return f"{one.source} {one.clause}{doubt}"
