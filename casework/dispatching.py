"""To whom documents are sent: organs by their areas, groups and persons; one row for each, written with the step."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from casework.engine import StepRefusedError
from casework.following import Signed
from core.clock import iso
from core.errors import Fault
from core.texts import Text
from layers.catalogue.documents import IssuedDocument
from layers.catalogue.official import DOCUMENT_DELIVERIES, DocumentDelivery, OfficialDocument
from store.feed import Put

MOST_READERS = 500
FIELDS = {"to_areas": "area", "to_groups": "group", "to_people": "person"}
Named = Mapping[str, Mapping[str, str]]
"""For `area`, `group` and `person`: what each code is called."""


@dataclass(frozen=True, slots=True)
class Dispatch:
    """What the step that distributes a document writes; `named` says who there is, `known` which rows there are."""

    named: Callable[[], Named]
    known: Callable[[str], frozenset[str]]
    clock: Callable[[], datetime]

    def edits(self, row: OfficialDocument, by: Signed, issued: tuple[IssuedDocument, ...]) -> list[Put]:
        """A row for each addressee that has none yet. Raises: StepRefusedError naming who is not there."""
        document = next((one for one in reversed(issued) if one.state == "valid"), None)
        if document is None:
            rule = Text("文书已撤回,不能分发", "the document was withdrawn: it is not sent")
            raise StepRefusedError([Fault(field="document", value=row.code, rule=rule)], rule)
        named, known = self.named(), self.known(row.code)
        faults = [
            Fault(field=field, value=code[:40], rule=Text("没有此机关、分组或人员", "is nobody who is there"))
            for field, kind, code in _addressees(row)
            if code not in named[kind]
        ]
        if faults:
            raise StepRefusedError(faults)
        found = []
        for _, kind, code in _addressees(row):
            key = f"{row.code}/{document.step}/{kind}/{code}"[:80]
            if key in known:
                continue
            record = DocumentDelivery(
                code=key, of_key=row.code, document=document.code, number=document.number, title=row.title,
                organ=document.organ, urgency=row.urgency, to=f"{kind}:{code}", to_name=named[kind][code][:120],
                sent_at=self.clock(), sent_by=by.who.name, area=row.area,
                sensitivity=DOCUMENT_DELIVERIES.sensitivity,
            )  # fmt: skip
            found.append(Put(layer=DOCUMENT_DELIVERIES.id, record=record, expected=0))
        return found


def _addressees(row: OfficialDocument) -> Iterator[tuple[str, str, str]]:
    for field, kind in FIELDS.items():
        for code in getattr(row, field):
            yield field, kind, code


def opened_by(row: DocumentDelivery, account: str, name: str, at: datetime) -> DocumentDelivery | None:
    """The row with one reader more; None where this person has opened it before."""
    if any(one.partition("|")[0] == account for one in row.readers) or len(row.readers) >= MOST_READERS:
        return None
    readers = (*row.readers, f"{account}|{name.replace('|', ' ')}|{iso(at)}")
    return row.model_copy(update={"readers": readers, "read_at": row.read_at or at})
