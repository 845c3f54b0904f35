"""Callbacks ask who calls: Dash tells everybody of every callback, so none may rely on the page it belongs to."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from core.caller import Right, current_caller
from core.errors import ForbiddenError
from core.texts import Text


def needs[**P, R](*rights: Right) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Only for callers with one of these rights; with none named, for anybody signed in."""

    def guarding(callback: Callable[P, R]) -> Callable[P, R]:
        @wraps(callback)
        def guarded(*given: P.args, **named: P.kwargs) -> R:
            caller = current_caller.get()
            if rights and caller.rights.isdisjoint(rights):
                raise ForbiddenError(Text("您的岗位无权进行此操作", "Your role may not do this"))
            return callback(*given, **named)

        marked: Any = guarded
        marked.needs = frozenset(rights)
        return guarded

    return guarding
