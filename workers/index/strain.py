"""Tells the intake when the search engine is about to refuse writes, so that pages wait with their senders."""

import threading
from typing import Final

from shared import clients
from shared.errors import DependencyUnavailable
from shared.settings import Settings
from workers.runtime import log

_LOOK_SECONDS: Final = 5.0
_HOLDS_SECONDS: Final = 15
"""A note that is not renewed is void: without this worker nobody knows better, and the line has its own limits."""


def watch_strain(settings: Settings, ended: threading.Event) -> None:
    """Looks at the engine until it is over, and keeps a note in the ledger while it is strained."""
    client = clients.redis_client(settings, timeout=10)
    ledger, index = clients.ledger(settings, client), clients.search_index(settings)
    noted: str | None = None
    while not ended.wait(_LOOK_SECONDS):
        try:
            detail = index.strain()
            if detail:
                ledger.hold_off(detail, _HOLDS_SECONDS)
            elif noted:
                ledger.let_in()
            if detail != noted:
                log.warning("intake held off" if detail else "intake open again", detail=detail)
            noted = detail
        except DependencyUnavailable as error:
            log.warning("strain not told", detail=error.detail)
        except Exception:  # noqa: BLE001  (a look that fails must not end the looking)
            log.exception("look at the engine failed")
