"""Codes a list was given while the system runs: states that administrators added to their procedures.

The lists themselves are data of the program. Who knows the published procedures is introduced by `app`.
"""

from collections.abc import Callable, Mapping
from contextvars import ContextVar

from core.texts import Text

Further = Callable[[str], Mapping[str, Text]]
"""Of a list: its further codes and what they say."""


def nothing(list_id: str) -> Mapping[str, Text]:
    """Where no system runs, lists are what the program declares."""
    return {}


current_further: ContextVar[Further] = ContextVar("current_further", default=nothing)
"""Set for each request, and for each command and job, by `app`."""


def further_codes(list_id: str) -> Mapping[str, Text]:
    """The further codes of a list in the system that is asked."""
    return current_further.get()(list_id)
