"""Makes the files of a document: filled, sealed, printed and signed; nothing of the store is held meanwhile."""

import secrets
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from casework.documents.filling import Picture, filled_form
from casework.documents.marking import qr
from casework.documents.organs import Organ, organ_of
from casework.documents.printing import SetType, printed
from casework.documents.signing import Certificate, signed
from casework.papers import Paper, Words
from core.scope import Scope
from core.units import Metre

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SEAL_WIDTH: Metre = 0.040
CODE_WIDTH: Metre = 0.024
DRAFT, PROOF = "草稿", "未用印"


@dataclass(frozen=True, slots=True)
class Signing:
    """What documents are signed with."""

    certificate: Certificate
    passphrase: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """The files of one document."""

    docx: bytes
    pdf: bytes


class Press:
    """`site` is the address at which anybody checks a document; the other things are asked for when they are needed."""

    def __init__(
        self, *, set_type: Callable[[], SetType], organs: Callable[[], Sequence[Organ]],
        signing: Callable[[], Signing], site: str,
    ) -> None:  # fmt: skip
        self._set_type = set_type
        self.organs = organs
        self._signing = signing
        self._site = site

    def organ(self, scope: Scope) -> Organ:
        """The organ in whose name somebody with this scope signs."""
        return organ_of(self.organs(), scope)

    def form(self, paper: Paper) -> bytes:
        """The template."""
        return paper.kind.template.read_bytes()

    def page(self, html: str) -> bytes:
        """A page of our own as PDF: no document, so neither numbered nor signed."""
        return self._set_type()(html)

    def draft(self, paper: Paper) -> bytes:
        """A PDF to look at before: across it says what it is; no number, no seal, no code, no signature."""
        words: Words = {"number": "（草稿，未编号）", "code": "草稿不能核验", "seal": "", "qr": ""}
        return printed(filled_form(self.form(paper), paper.words | words), self._set_type(), mark=DRAFT)

    def proof(self, paper: Paper, number: str) -> Made:
        """The document under its number, not sealed, not signed, without a code, and marked so."""
        words: Words = {"number": number, "code": "用印后方可核验", "seal": "", "qr": ""}
        docx = filled_form(self.form(paper), paper.words | words)
        return Made(docx=docx, pdf=printed(docx, self._set_type(), mark=PROOF))

    def made(self, paper: Paper, organ: Organ, number: str, code: str) -> Made:
        """The document as it is issued. Raises: FaultsError, and what the machine lacks to print."""
        seal = Picture(organ.seal, SEAL_WIDTH) if organ.seal else ""
        words: Words = {"number": number, "code": code, "seal": seal, "qr": Picture(qr(self._site, code), CODE_WIDTH)}
        docx = filled_form(self.form(paper), paper.words | words)
        pdf = printed(docx, self._set_type())
        held = self._signing()
        with ThreadPoolExecutor(1) as away:  # the signer runs an event loop of its own
            whole = away.submit(
                signed, pdf, held.certificate, held.passphrase, reason=f"{paper.document.title.zh}{number}"
            )
            return Made(docx=docx, pdf=whole.result())


def check_code() -> str:
    """A code that nobody guesses: sixteen characters, eighty bits, in fours."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(16))
    return "-".join(letters[n : n + 4] for n in range(0, 16, 4))
