"""The rasters of the layer tree: what is there, whose data of which date, and what the colours mean."""

from typing import Any

from core.clock import iso
from core.scope import Scope
from core.texts import Lang, Text
from layers.coverage import Coverage
from layers.ramps import caption, steps
from layers.rasterfacts import date_text, resolution_text, source_text, verified_text
from store.rasters import RasterShelf, Shelved

BRANCH = Text("栅格", "Rasters")
_ABSENT = Text("尚未装入", "none put in")
_LOST = Text("栅格文件缺失", "the file is missing")


def rasters(shelf: RasterShelf | None, *, scope: Scope, lang: Lang) -> dict[str, Any]:
    """The branch with every coverage the caller may know of; `state` is ready, absent or lost."""
    declared = () if shelf is None else shelf.declared(scope)
    entries = [] if shelf is None else [_entry(one, shelf.find(one.id, scope), lang) for one in declared]
    return {"title": BRANCH.of(lang), "entries": entries}


def _entry(declared: Coverage, one: Shelved | None, lang: Lang) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "id": declared.id,
        "title": declared.title.of(lang),
        "about": declared.about.of(lang),
        "owner": declared.owner.of(lang),
        "kind": declared.kind.value,
    }
    if one is None:
        return {**entry, "state": "absent", "note": _ABSENT.of(lang)}
    if not one.path.is_file():
        return {**entry, "state": "lost", "note": _LOST.of(lang)}
    record = one.record
    return {
        **entry,
        "state": "ready",
        "version": one.version,
        "bounds": [] if record.geometry is None else [round(v, 6) for v in record.geometry.bounds],
        "at": None if record.observed_at is None else iso(record.observed_at),
        "date": date_text(record).of(lang),
        "source": source_text(record).of(lang),
        "resolution": resolution_text(record).of(lang),
        "verified": record.verified,
        "verified_text": verified_text(record).of(lang),
        "caption": caption(declared).of(lang),
        "legend": {"night": _legend(one, lang, night=True), "day": _legend(one, lang, night=False)},
    }


def _legend(one: Shelved, lang: Lang, *, night: bool) -> list[dict[str, Any]]:
    return [
        {
            "colour": step.colour,
            "text": step.text.of(lang),
            "more": None if step.more is None else step.more.of(lang),
        }
        for step in steps(one.declared, one.record, night=night)
    ]
