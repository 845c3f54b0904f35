"""Official documents: numbered, filled from DOCX templates, printed as PDF, sealed, signed, and verified again.

`kinds` which documents there are and where their forms come from; `numbering` their numbers; `filling` a template to
DOCX; `printing` DOCX to PDF; `signing` a PDF's signature and what it is worth; `marking` the QR code of the check.
"""

from casework.documents.filling import Picture, Values, filled
from casework.documents.kinds import DocumentKind, kind, kinds
from casework.documents.marking import qr
from casework.documents.numbering import number, parsed
from casework.documents.printing import page, printed
from casework.documents.signing import Certificate, Signed, certificate, public_part, signed, verified

__all__ = [
    "Certificate",
    "DocumentKind",
    "Picture",
    "Signed",
    "Values",
    "certificate",
    "filled",
    "kind",
    "kinds",
    "number",
    "page",
    "parsed",
    "printed",
    "public_part",
    "qr",
    "signed",
    "verified",
]
