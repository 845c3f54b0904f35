"""The identity database with its built-in roles in it."""

from pathlib import Path

import store.opening
from app.auth.roles import BUILT_IN
from store.identity import Identity


def open_identity(data: Path, database_url: str | None) -> Identity:
    """Accounts beside the rows; built-in roles are those of this version of the code."""
    found = store.opening.open_identity(data, database_url)
    found.posts.put_roles(BUILT_IN)
    return found
