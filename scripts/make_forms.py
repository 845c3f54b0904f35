"""Makes the DOCX forms of official documents in casework/documents/templates; the same bytes each time."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts.forms.accidents import ACCIDENTS  # noqa: E402
from scripts.forms.checks import CHECKS  # noqa: E402
from scripts.forms.closing import CLOSING  # noqa: E402
from scripts.forms.coercion import COERCION  # noqa: E402
from scripts.forms.exercises import EXERCISES  # noqa: E402
from scripts.forms.filings import FILINGS  # noqa: E402
from scripts.forms.incidents import INCIDENTS  # noqa: E402
from scripts.forms.inquiry import INQUIRY  # noqa: E402
from scripts.forms.layout import still  # noqa: E402
from scripts.forms.licences import LICENCES  # noqa: E402
from scripts.forms.measures import MEASURES  # noqa: E402
from scripts.forms.official import OFFICIAL  # noqa: E402
from scripts.forms.penalties import PENALTIES  # noqa: E402

FOLDER = ROOT / "casework" / "documents" / "templates"
FORMS = {
    **CHECKS,
    **PENALTIES,
    **INQUIRY,
    **COERCION,
    **CLOSING,
    **MEASURES,
    **LICENCES,
    **OFFICIAL,
    **INCIDENTS,
    **EXERCISES,
    **ACCIDENTS,
    **FILINGS,
}

if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, make in FORMS.items():
        (FOLDER / f"{name}.docx").write_bytes(still(make()))
