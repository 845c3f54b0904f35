"""A document of a case as its page shows it."""

from app.doors.admin.fields import Given
from app.doors.case_forms import minute
from casework.documents.kinds import kinds
from core.clock import iso
from core.texts import Lang
from dashboards.queries.wording import code_label
from layers.catalogue.documents import IssuedDocument


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
