"""Which official documents there are: name, word of the number, form, and how far its source was checked."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.errors import NotFoundError
from core.texts import Text
from layers.codes import Status

ROWS = Path(__file__).parents[1] / "data" / "documents.csv"
TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentKind:
    """One kind of document. `has_form` tells whether a template exists here; without one it cannot be issued yet."""

    id: str
    title: Text
    word: str
    source: str
    status: Status

    @property
    def template(self) -> Path:
        """Where its form is kept."""
        return TEMPLATES / f"{self.id}.docx"

    @property
    def has_form(self) -> bool:
        """Whether it can be filled."""
        return self.template.is_file()


@cache
def kinds() -> dict[str, DocumentKind]:
    """All, in the order of their source."""
    with ROWS.open(encoding="utf-8", newline="") as lines:
        return {
            row["id"]: DocumentKind(
                id=row["id"],
                title=Text(row["zh"], row["en"]),
                word=row["word"],
                source=row["source"],
                status=Status(row["status"]),
            )
            for row in csv.DictReader(lines)
        }


def kind(name: str) -> DocumentKind:
    """One by its id. Raises: NotFoundError."""
    found = kinds().get(name)
    if found is None:
        raise NotFoundError(Text(f"没有文书“{name}”", f"no document kind {name!r}"), document=name)
    return found
