"""Wholesale stores and retail points of fireworks: enterprises of that sector, and those that hold its licences."""

from core.scope import Scope
from core.texts import Lang
from dashboards.queries.wording import code_label
from layers.catalogue import LICENCES
from layers.catalogue.enterprises import ENTERPRISES
from layers.filters import Compare, Filter, In, Op, every
from store.protocol import Store
from store.query import Query

SECTOR = "firework"
KINDS = ("P03", "P06", "P07")
"""Licences of fireworks in the list `permit_kind`: production, wholesale, retail."""
ENDED = ("revoked", "forfeited", "cancelled")
"""A licence that ran out or is withheld still names a place where goods may lie; one that is gone does not."""


def firework_places(store: Store, *, scope: Scope, lang: Lang, only: str = "") -> dict[str, list[str]]:
    """Enterprises that make, store or sell fireworks, each with what makes it one; of `only` one where it is named."""
    found: dict[str, list[str]] = {}
    firms = store.catalogue.find(ENTERPRISES.id, scope)
    if firms is not None and {"uscc", "sector"} <= set(firms.fields_in(scope)):
        parts: list[Filter] = [Compare("sector", Op.EQ, SECTOR)]
        if only:
            parts.append(Compare("uscc", Op.EQ, only))
        query = Query(where=every(*parts), fields=("uscc",), geometry=False)
        for code in store.read(firms, query, scope=scope)["uscc"].to_pylist():
            found[code] = [code_label("sector", SECTOR, lang)]
    licences = store.catalogue.find(LICENCES.id, scope)
    if licences is not None and {"enterprise", "kind", "state"} <= set(licences.fields_in(scope)):
        parts = [In("kind", KINDS)]
        if only:
            parts.append(Compare("enterprise", Op.EQ, only))
        query = Query(where=every(*parts), fields=("enterprise", "kind", "state"), geometry=False)
        for row in store.read(licences, query, scope=scope).to_pylist():
            if row["enterprise"] and row["state"] not in ENDED:
                words = found.setdefault(row["enterprise"], [])
                if (word := code_label("permit_kind", row["kind"], lang)) not in words:
                    words.append(word)
    return found
