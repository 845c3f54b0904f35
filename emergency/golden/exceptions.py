"""Golden cases that are not met, each with the reason a reviewer reads in the validation report."""

from core.texts import Text

EXCEPTIONS: dict[str, Text] = {}
