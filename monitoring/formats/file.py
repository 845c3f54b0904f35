"""A file of readings, opened by a confined process of its own: this side believes nothing but columns that check."""

import tempfile
from pathlib import Path

from core.errors import Fault
from core.texts import Text
from layers.readers.confinement import Limits
from layers.readers.formats import regular
from layers.readers.process import LIMITS, arrow_of, asked
from monitoring.readings import SENT, Faults, Sent

MOST_IN_FILE = 3_000_000
CHILD = "monitoring.formats.child"


def read_file(path: Path, *, most: int = MOST_IN_FILE, limits: Limits = LIMITS) -> Sent:
    """What a file of CSV, JSON or Arrow holds; BadInputError where it cannot be read at all."""
    path = regular(path)
    with tempfile.TemporaryDirectory(prefix="onemap-read-") as folder:
        request = {"path": str(path), "most": most}
        answer = asked(path, Path(folder), request, limits, lambda _: None, child=CHILD)
        table = arrow_of(path, Path(folder) / "table.arrow").cast(SENT)
    shown = [
        Fault(field=one["field"], value=one["value"], rule=Text(one["zh"], one["en"]), row=one["row"])
        for one in answer["shown"]
    ]
    return Sent(table, answer["received"], Faults(answer["wrong"], shown))
