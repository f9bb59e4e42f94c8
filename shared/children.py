"""How a process of ours starts another one in Python, whatever lies in the folder that it works in.

`python -m` looks for every import in the working folder first, and a command is run wherever its user happens to be:
a `struct.py` or `lxml.py` there would be run in place of the library. `-P` leaves that folder out.
"""

import os
import sys
from pathlib import Path
from typing import Final

import shared

ROOT: Final = Path(shared.__file__).parent.parent
"""The folder that holds our packages."""
_INSTALLED: Final = {"site-packages", "dist-packages"}


def module_command(module: str, *arguments: str) -> tuple[str, ...]:
    """The command line that runs a module, ours or a library's; it needs `search_path` in its environment.

    Args:
        module: its full name.
        arguments: what it is given.
    """
    return (sys.executable, "-P", "-m", module, *arguments)


def search_path(root: Path = ROOT) -> dict[str, str]:
    """The variables by which a child process finds our packages from any folder; none where they are installed.

    Args:
        root: the folder that holds them.
    """
    if root.name in _INSTALLED:
        return {}
    return {"PYTHONPATH": os.pathsep.join(filter(None, [str(root), os.environ.get("PYTHONPATH", "")]))}


def child_environment() -> dict[str, str]:
    """This process's environment, for a child that runs a module of ours."""
    return {**os.environ, **search_path()}
