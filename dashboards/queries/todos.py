"""What one reader has to do, by deadline: a list of sources, each a function of the desk it is asked at."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core.caller import UserClass
from core.clock import CHINA
from core.scope import Scope
from core.texts import Lang
from dashboards.queries.readings import Readings
from store.jobs import Job
from store.protocol import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where to-dos are looked for: the store under one reader's scope, at one moment.

    `folded` keeps what is long overdue together in one line; `jobs` are the reader's own, newest first.
    """

    store: Store
    now: datetime
    scope: Scope
    user_class: UserClass
    lang: Lang
    readings: Readings | None = None
    jobs: tuple[Job, ...] = ()
    folded: bool = True

    @property
    def today(self) -> date:
        """The local day."""
        return self.now.astimezone(CHINA).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Todo:
    """One thing to do: by when (None is at once), what, about whom, in which system, and where it is done.

    `count` is more than one for a line that stands for many; `doubt` names a rule that nobody has verified.
    """

    id: str
    title: str
    subject: str
    system: str
    link: str
    due: date | None = None
    basis: str = ""
    doubt: bool = False
    count: int = 1


Source = Callable[[Desk], Iterable[Todo]]


def todos(desk: Desk, sources: Iterable[Source]) -> list[Todo]:
    """Everything the sources find, overdue first, then what has no date, then by deadline."""
    found = [todo for source in sources for todo in source(desk)]
    return sorted(found, key=lambda todo: _rank(todo, desk.today))


def _rank(todo: Todo, today: date) -> tuple[int, date, str]:
    if todo.due is None:
        return (1, today, todo.id)
    return (0 if todo.due < today else 2, todo.due, todo.id)


def told(todo: Todo, today: date) -> dict[str, Any]:
    """A to-do as the page reads it; `days` is negative when overdue."""
    return {
        "id": todo.id,
        "title": todo.title,
        "subject": todo.subject,
        "system": todo.system,
        "link": todo.link,
        "due": None if todo.due is None else todo.due.isoformat(),
        "days": None if todo.due is None else (todo.due - today).days,
        "basis": todo.basis,
        "doubt": todo.doubt,
        "count": todo.count,
    }
