"""What is printed when a filing is accepted: its number and its days."""

from casework.documents.wording import day
from casework.papers import Drafting
from layers.catalogue.filings import Filing


def filing_number(given: Drafting[Filing]) -> str:
    """The number the office gave it: not that of the paper."""
    return given.row.number


def accepted_on(given: Drafting[Filing]) -> str:
    """From when it stands."""
    return day(given.row.valid_from)


def lodged_on(given: Drafting[Filing]) -> str:
    """When the papers came, from which the five working days run."""
    return day(given.row.opened_at)


def late_told(given: Drafting[Filing]) -> str:
    """Whether it came after the time its kind has."""
    return "逾期备案" if given.row.late else "按期备案"
