"""Which official documents there are: name, word of the number, form, and how far its source was checked."""

import csv
import re
import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.errors import ConflictError, NotFoundError
from core.texts import Text
from layers.codes import Status

ROWS = Path(__file__).parents[1] / "data" / "documents.csv"
OFFICIAL = Path(__file__).parents[1] / "data" / "official_documents.csv"
"""Official documents of an office, numbered without brackets around the organ."""
TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentKind:
    """One kind of document. `has_form` tells whether a template exists here; without one it cannot be issued yet.

    `for_party` says whether it is the party's too: what approves, records a discussion or addresses another organ is
    the organ's own, and no door gives it to an enterprise. What is `personal` holds what a person said or is called to
    say: it goes to that person on paper, and on screen to officers alone.
    """

    id: str
    title: Text
    word: str
    source: str
    status: Status
    for_party: bool = True
    official: bool = False
    personal: bool = False

    @property
    def template(self) -> Path:
        """Where its form is kept."""
        return TEMPLATES / f"{self.id}.docx"

    @property
    def has_form(self) -> bool:
        """Whether it can be filled."""
        return self.template.is_file()

    @property
    def placeholders(self) -> frozenset[str]:
        """What its form asks for, as far as it is written in one piece; the filling itself asks again, exactly."""
        return _placeholders(self.template)


ASKED = re.compile(r"\{\{\s*([a-z_][a-z0-9_]*)|\{%(?:p|tr)?\s*(?:if|for\s+[a-z_]+\s+in)\s+([a-z_][a-z0-9_]*)")
OF_A_LOOP = re.compile(r"\{%(?:p|tr)?\s*for\s+([a-z_]+)\s+in")


@cache
def _placeholders(template: Path) -> frozenset[str]:
    with zipfile.ZipFile(template) as parts:
        names = [name for name in parts.namelist() if re.fullmatch(r"word/(document|footer\d*|header\d*)\.xml", name)]
        text = "".join(parts.read(name).decode() for name in names)
    found = {name for pair in ASKED.findall(text) for name in pair if name}
    return frozenset(found - {"loop", *OF_A_LOOP.findall(text)})


@cache
def kinds() -> dict[str, DocumentKind]:
    """All, in the order of their source; no two share the word of their number."""
    found: dict[str, DocumentKind] = {}
    for path in (ROWS, OFFICIAL):
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                found[row["id"]] = DocumentKind(
                    id=row["id"], title=Text(row["zh"], row["en"]), word=row["word"], source=row["source"],
                    status=Status(row["status"]),
                    for_party={"yes": True, "no": False, "person": False}[row["party"]],
                    official=path is OFFICIAL, personal=row["party"] == "person",
                )  # fmt: skip
    if len({one.word for one in found.values()}) < len(found):
        raise ConflictError(Text("两种文书的字号相同", "two kinds of documents share the word of their number"))
    return found


def kind(name: str) -> DocumentKind:
    """One by its id. Raises: NotFoundError."""
    found = kinds().get(name)
    if found is None:
        raise NotFoundError(Text(f"没有文书“{name}”", f"no document kind {name!r}"), document=name)
    return found
