"""What every command shares: where the data is, and the settings it then works under."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Protocol, TypeVar

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


class Closing(Protocol):
    """What is opened for one command and closed after it."""

    def close(self) -> None:
        """Release it."""


T = TypeVar("T", bound=Closing)


@contextmanager
def opened(data: Path | None, opening: Callable[[Path, str | None], T]) -> Iterator[T]:
    """A part of the data folder, which is made if it is new, open while a command runs."""
    settings = settings_with(data=data)
    settings.data.mkdir(parents=True, exist_ok=True)
    with closing(opening(settings.data, settings.database_url)) as part:
        yield part
