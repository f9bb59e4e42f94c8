"""The option that names the data folder."""

from pathlib import Path
from typing import Annotated

import typer


def _named(path: str) -> Path:
    if not path:  # a variable of a script that was never set; `Path` would read it as the working folder
        raise typer.BadParameter("an empty path names no folder")
    return Path(path)


DataFolder = Annotated[
    Path | None, typer.Option("--data", parser=_named, metavar="PATH", help="Data folder; PAGEMILL_DATA if absent.")
]
