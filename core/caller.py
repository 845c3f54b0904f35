"""Who is asking, from the door to the store: set once by `app` for each request, read by pages and services."""

from contextvars import ContextVar
from dataclasses import dataclass

from core.actors import Actor
from core.scope import Scope
from core.texts import Lang


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """One authenticated (or public) caller: identity for the record, scope for the data, language for the words."""

    actor: Actor
    scope: Scope
    lang: Lang = Lang.ZH
    role: str = "public"


current_caller: ContextVar[Caller] = ContextVar("current_caller")
"""The caller of the request being served; unset outside a request, so code that forgets the door fails loudly."""
