"""What every command shares: where the data is, and the settings it then works under."""

from pathlib import Path
from typing import Annotated, Any

import typer

from app.settings import Settings

Port = Annotated[int | None, typer.Option(help="端口 / port")]
Data = Annotated[Path | None, typer.Option(help="数据目录 / data folder")]


def settings_with(**given: Any) -> Settings:
    """The settings of the environment, what the command line gives first."""
    return Settings(**{name: value for name, value in given.items() if value is not None})
