"""Tells the control room, every few seconds, that this worker is there and how it does."""

import threading
from contextlib import suppress
from typing import Final

from shared import clients
from shared.errors import DependencyUnavailable
from shared.settings import Settings
from workers.pool import Pool
from workers.runtime import log

_EVERY_SECONDS: Final = 5.0
"""Each telling is a write that Redis puts on disk: a fifth of a per cent of what it can do, for ten workers."""


def tell_presence(settings: Settings, pool: Pool, ended: threading.Event) -> None:
    """Tells it until it is over, and then that it ends; with the ledger away it tries again."""
    presence = clients.ledger(settings, clients.redis_client(settings, timeout=10)).presence
    while True:
        try:
            presence.tell(pool.present(presence.now_ms()))
        except DependencyUnavailable as error:
            log.debug("presence not told", detail=error.detail)
        except Exception:  # noqa: BLE001  (what is shown of a worker must not end it)
            log.exception("presence not told")
        if ended.wait(_EVERY_SECONDS):
            break
    with suppress(DependencyUnavailable):
        presence.leave(pool.name)
