"""Who is asking, from the door to the store: set once by `app` for each request, read by pages and services."""

from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum

from core.actors import Actor
from core.scope import Scope
from core.texts import Lang


class Right(StrEnum):
    """What a role may let somebody do; which rows and fields they meet doing it is the scope's matter."""

    MAP = "map"
    HALL = "hall"
    SERVICES = "services"
    LIVE = "live"
    EXPORT = "export"
    BRIEF = "brief"
    PLAN = "plan"
    VERIFY = "verify-limits"
    EDIT = "edit"
    ANSWER = "answer-alarms"
    FIELD = "field"
    REPORT = "report"
    SEND_CAP = "send-cap"
    FILES = "files"
    PORTAL = "portal"
    PUBLISH_NOTICES = "publish-notices"
    WARN = "issue-warnings"
    CASES = "casework"
    REPORTERS = "read-reporters"
    DESIGN = "design-procedures"
    ACCOUNTS = "accounts"
    KEYS = "keys"
    AUDIT = "audit"


class UserClass(StrEnum):
    """The five classes of users (the integrated portal's), and what is not a person."""

    REGULATOR = "regulator"
    COMMITTEE = "committee"
    ENTERPRISE = "enterprise"
    INTERMEDIARY = "intermediary"
    PUBLIC = "public"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """One authenticated (or public) caller: identity for the record, scope for the data, language for the words.

    `post` is the appointment acted under, `role` its role; `session` the id of the session, for a cookie only; `key`
    that of the key, for whoever showed one; `device` the code of the device that reports by itself.
    """

    actor: Actor
    scope: Scope
    rights: frozenset[Right] = frozenset()
    lang: Lang = Lang.ZH
    role: str = "public"
    user_class: UserClass = UserClass.PUBLIC
    account: str = ""
    post: str = ""
    session: str = ""
    key: str = ""
    device: str = ""

    def may(self, right: Right) -> bool:
        """The role acted under lets them do this."""
        return right in self.rights


current_caller: ContextVar[Caller] = ContextVar("current_caller")
"""The caller of the request being served; unset outside a request, so code that forgets the door fails loudly."""

current_address: ContextVar[str] = ContextVar("current_address", default="")
"""The network address the request being served came from, for the record; empty outside a request."""
