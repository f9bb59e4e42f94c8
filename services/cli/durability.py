"""Whether a Redis is set up to keep accepted pages through a restart, a power cut and a full memory."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import structlog

from shared import clients
from shared.errors import DependencyUnavailable
from shared.ledger.connection import available
from shared.settings import Settings

log = structlog.get_logger("settings")

WANTED: Final = {
    "appendonly": ("yes", "accepted pages are gone after a restart"),
    "appendfsync": ("always", "a power cut takes the last second's accepted pages"),
    "no-appendfsync-on-rewrite": ("no", "a power cut while the file is rewritten takes accepted pages"),
    "maxmemory-policy": ("noeviction", "a full server forgets pages to make room"),
}
"""Each of the server's settings, its value, and what another value costs."""


@dataclass(frozen=True)
class Loss:
    """How pages can be lost, and what mends it; one line each."""

    detail: str
    remedy: str


def possible_loss(settings: Settings) -> Loss | None:
    """How the server can lose accepted pages; None where it cannot.

    Raises:
        DependencyUnavailable: it does not answer, or does not tell its settings.
    """
    with clients.redis_client(settings) as client, available():
        told: Any = client.config_get(*WANTED)
    found = {_text(name): _text(value) for name, value in told.items()}
    wrong = [name for name, (wanted, _) in WANTED.items() if found.get(name) != wanted]
    if not wrong:
        return None
    return Loss(
        "; ".join(f"{name} is {found.get(name, 'unknown')}: {WANTED[name][1]}" for name in wrong),
        "Set " + ", ".join(f"{name} {WANTED[name][0]}" for name in wrong) + " on the server.",
    )


def warn_of_loss(settings: Settings) -> None:
    """A line of the log where accepted pages can be lost; none where the server does not say."""
    with suppress(DependencyUnavailable):
        if loss := possible_loss(settings):
            log.warning("this Redis can lose accepted pages", detail=loss.detail, remedy=loss.remedy)


def _text(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else value
