"""What the papers of licensing say beyond the fields of their case."""

from casework.documents.wording import day
from casework.papers import Drafting
from layers.catalogue.licences import LicenceCase

Drawn = Drafting[LicenceCase]


def received_on(drafting: Drawn) -> str:
    """The day the application was received."""
    return day(drafting.row.received_at or drafting.row.opened_at)


def licence_number(drafting: Drawn) -> str:
    """The number of the certificate, which is not that of the paper."""
    return drafting.row.number or drafting.row.held_number


def licensed_address(drafting: Drawn) -> str:
    """Where the licence holds."""
    return drafting.row.address or drafting.row.held_address
