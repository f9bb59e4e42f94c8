"""The secret that cursors are sealed with: the setting's, or one that is made once and stays in the data folder."""

import secrets
from pathlib import Path
from typing import Final

import structlog

from shared.made_once import made_once
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
    """The key in a file, which is made if there is none.

    Raises:
        OSError: it can neither be read nor made.
    """
    made_once(path, lambda: secrets.token_bytes(_BYTES))
    key = path.read_bytes()
    if len(key) != _BYTES:
        raise OSError(f"{path} is no key: remove it, and a new one is made")
    return key
