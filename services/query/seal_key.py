"""The secret that cursors are sealed with: the setting's, or one that is made once and stays in the data folder."""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

import structlog

from shared.settings import Settings

_NAME: Final = "cursor.key"
_BYTES: Final = 32

log = structlog.get_logger(__name__)


def seal_key(settings: Settings) -> bytes | None:
    """What all query processes of these settings seal with; None where each has to make a key of its own.

    On Elasticsearch query processes share no folder, and without the setting they share no cursors.
    """
    if settings.cursor_key is not None:
        return settings.cursor_key.get_secret_value().encode()
    if settings.search_url is not None:
        return None
    try:
        return kept_key(settings.data / _NAME)
    except OSError as error:
        log.warning("no key for cursors could be kept: they end with this process", error=str(error))
        return None


def kept_key(path: Path) -> bytes:
    """The key in a file, which is made if there is none; of several processes that make one the first wins.

    Raises:
        OSError: it can neither be read nor made.
    """
    with suppress(FileNotFoundError):
        return _read(path)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    opened = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(opened, "wb") as file:
            file.write(secrets.token_bytes(_BYTES))
            file.flush()
            os.fsync(file.fileno())
        _name(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)
    return _read(path)


def _name(fresh: Path, path: Path) -> None:
    try:
        os.link(fresh, path)
    except FileExistsError:
        return
    except OSError:
        fresh.replace(path)  # no hard links here; two processes in the same instant would leave the later one's key


def _read(path: Path) -> bytes:
    key = path.read_bytes()
    if len(key) != _BYTES:
        raise OSError(f"{path} is no key: remove it, and a new one is made")
    return key
