"""What a document of a step says: the values its form asks for, but for number, code and seal."""

from dataclasses import dataclass, replace
from datetime import datetime

from casework.casetype import CaseType, Document, Step
from casework.documents.filling import Mark, Picture
from casework.documents.kinds import DocumentKind, kind
from casework.documents.organs import Organ
from casework.documents.wording import GRAVE, SAID, day, worded
from casework.engine import Who
from casework.limits import limit
from casework.terms import last_day, local_day
from layers.catalogue.casework import CaseRow
from layers.catalogue.documents import IssuedDocument

NUMBERED = "numbered"
"""The state of a document that has its number and not its seal (code list `document_state`)."""

Words = dict[str, str | Picture | tuple[str, ...] | tuple[Mark, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafting[R: CaseRow]:
    """What a document may be made of: the row after the step, who takes it, the organ, and what was issued before.

    `document` is the paper that is being made, for what is said of several; `files` are the names of what was attached
    to the case and when, told where the paper lists them.
    """

    row: R
    who: Who
    at: datetime
    reason: str
    organ: Organ
    issued: tuple[IssuedDocument, ...] = ()
    files: tuple[tuple[str, datetime], ...] = ()
    document: str = ""

    def last(self, document: str) -> IssuedDocument | None:
        """The newest document of an id that still holds."""
        return next((one for one in reversed(self.issued) if one.document == document and one.state == "valid"), None)

    def numbered(self, document: str) -> IssuedDocument | None:
        """The one that has its number and waits for its seal."""
        found = (one for one in reversed(self.issued) if one.document == document and one.state == NUMBERED)
        return next(found, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Firm:
    """What a document says of the party, from the ledger of enterprises."""

    name: str = ""
    uscc: str = ""
    address: str = ""
    head: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One document to be made; `theirs` where the enterprise of the case may have it: it is addressed to it."""

    document: Document
    kind: DocumentKind
    words: Words
    theirs: bool
    held: IssuedDocument | None = None


def paper(of: CaseType, document: Document, step: Step | None, given: Drafting[CaseRow], firm: Firm) -> Paper:
    """The document with all its words."""
    what, organ, row, today = kind(document.form), given.organ, given.row, local_day(given.at)
    law = of.law if step is None or step.law is None else step.law
    general: Words = {
        "organ": organ.name, "date": day(today), "unverified": SAID[what.status], "party": firm.name,
        "party_code": firm.uscc, "address": firm.address, "head": firm.head, "officers": given.who.name,
        "law": law.zh, "reason": given.reason, "until": "" if row.due_at is None else day(last_day(row.due_at)),
        "review_organ": organ.review_organ,
        "review_days": str(limit("remedy-review", today).term.count), "court": organ.court, "case_no": row.code,
        "suit_months": str(limit("remedy-suit", today).term.count), "case_title": row.title,
        "opened_on": day(row.opened_at), "found": GRAVE, "requirements": (),
    }  # fmt: skip
    fields: Words = {name: worded(spec, getattr(row, name)) for name, spec in of.register.fields.items()}
    drawing = replace(given, document=document.id)
    own: Words = {fill.__name__: fill(drawing) for fill in document.fills}
    words = fields | general | own
    to = words.get("addressee") or words["party"]
    theirs = what.for_party and to in (firm.name, row.enterprise_name)
    return Paper(document=document, kind=what, words=words, theirs=theirs, held=given.numbered(document.id))
