"""What every command shares: where the data is, and the settings it then works under."""

from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer

from app.settings import Settings
from core.errors import BadInputError
from core.texts import Text

Port = Annotated[int | None, typer.Option(help="端口 / port")]
Data = Annotated[Path | None, typer.Option(help="数据目录 / data folder")]


def one_of[T: Enum](kind: type[T], option: str) -> Callable[[str | T], T]:
    """What reads an option that names one of a few; another word is refused with those there are, in both languages."""
    known = {str(one.value).lower(): one for one in kind}

    def read(word: str | T) -> T:
        found = word if isinstance(word, kind) else known.get(str(word).lower())
        if found is None:
            allowed = "、".join(str(one.value) for one in kind)
            raise BadInputError(
                Text(f"{option} 不能是“{word}”,可用:{allowed}", f"{option} cannot be {word!r}; allowed: {allowed}"),
                option=option,
            )
        return found

    return read


def settings_with(**given: Any) -> Settings:
    """The settings of the environment, what the command line gives first."""
    return Settings(**{name: value for name, value in given.items() if value is not None})
