"""A small file that is made once, whichever of several processes comes first."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path


def made_once(path: Path, content: Callable[[], bytes]) -> None:
    """Makes a file for its owner alone, whole and on the disk, unless it is there; of several makers the first wins.

    Args:
        path: of the file; its folder is made for its owner alone.
        content: asked where there is none.

    Raises:
        OSError: it cannot be made.
    """
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    opened = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(opened, "wb") as file:
            file.write(content())
            file.flush()
            os.fsync(file.fileno())
        _name(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)


def _name(fresh: Path, path: Path) -> None:
    try:
        os.link(fresh, path)
    except FileExistsError:
        return
    except OSError:
        fresh.replace(path)  # no hard links here; two processes in the same instant would leave the later one's
