"""What a test needs of the machine and may not be there: a developer's run goes on without it, CI has to have it."""

import os
from typing import NoReturn

import pytest


def absent(what: str) -> NoReturn:
    """Skip the test; in CI fail it, for what is skipped there nobody notices."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI must have what is not here: {what}")
    pytest.skip(what)
