"""The documents of a case as its page shows them, and to whom they were sent."""

from collections import Counter
from collections.abc import Sequence

from app.doors.admin.fields import Given
from app.doors.case_forms import minute
from app.doors.files import told_file
from casework.desk import Desk
from casework.documents.kinds import kinds
from core.clock import iso
from core.scope import SYSTEM_SCOPE
from core.texts import Lang, Text
from dashboards.queries.wording import code_label
from layers.catalogue.documents import IssuedDocument
from layers.catalogue.official import DOCUMENT_DELIVERIES
from layers.filters import Compare, Op
from store.attachments import Attached
from store.query import Order, Query

MOST = 200
"""Addressees of one document that are listed."""


def told_paper(one: IssuedDocument, lang: Lang) -> Given:
    """A document as the page of its case shows it."""
    kind = kinds().get(one.kind)
    return {
        "code": one.code, "number": one.number, "document": one.document, "kind": one.kind,
        "title": one.title if kind is None else kind.title.of(lang), "organ": one.organ, "party": one.party,
        "signer": one.signer, "issued_at": iso(one.issued_at), "minute": minute(one.issued_at), "step": one.step,
        "size": one.size, "sha256": one.sha256, "check_code": one.check_code, "state": one.state,
        "state_word": code_label("document_state", one.state, lang), "state_at": minute(one.state_at),
        "state_by": one.state_by, "state_reason": one.state_reason, "replaced_by": one.replaced_by,
        "form_word": code_label("basis_status", one.status, lang),
    }  # fmt: skip


def deliveries_of(desk: Desk, key: str, lang: Lang) -> list[Given]:
    """To whom a document of a case was sent, who opened it and who signed for it, as its sender sees it."""
    query = Query(where=Compare("of_key", Op.EQ, key), order=(Order("sent_at"), Order("code")), limit=MOST,
                  geometry=False)  # fmt: skip
    rows = desk.store.read(DOCUMENT_DELIVERIES, query, scope=SYSTEM_SCOPE).to_pylist()
    return [
        {
            "to": row["to_name"], "sent_at": minute(row["sent_at"]), "read_at": minute(row["read_at"]),
            "readers": [one.split("|")[1].split(",")[0] for one in row["readers"] or ()],
            "received_at": minute(row["received_at"]), "received_by": row["received_by"],
            "state": _how_far(row).of(lang),
            "done": row["received_at"] is not None,
        }
        for row in rows
    ]  # fmt: skip


def versioned(files: Sequence[Attached]) -> list[Given]:
    """The files of a case, oldest first; those of one name are versions of one paper, and each stays."""
    counts, seen = Counter(one.record.name for one in files), Counter[str]()
    told: list[Given] = []
    for one in files:
        name = one.record.name
        seen[name] += 1
        told.append({**told_file(one), "version": seen[name], "versions": counts[name]})
    return told


def _how_far(row: Given) -> Text:
    if row["received_at"]:
        return Text("已签收", "signed for")
    return Text("已阅,未签收", "read, not signed for") if row["read_at"] else Text("未阅", "not read")
