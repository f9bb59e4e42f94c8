"""The keys as this process knows them, read again each second, and at once where one is added or revoked."""

import threading
from collections.abc import Callable
from typing import Final, NamedTuple

import structlog

from services.http.keys.allowance import Allowance
from shared.errors import DependencyUnavailable
from shared.keys import ApiKey
from shared.keys.store import KeyStore, today

_EVERY_SECONDS: Final = 1.0
_SLICE_SECONDS: Final = 0.1
"""How long the thread waits at a stretch, so that it ends soon when it is asked to."""

log = structlog.get_logger(__name__)


class Held(NamedTuple):
    """A key, and how often it may still be used."""

    key: ApiKey
    allowance: Allowance


class KeyRing:
    """A thread that never gives up. With Redis away the keys that were known last go on opening.

    Args:
        store: where the keys are kept.
    """

    def __init__(self, store: KeyStore) -> None:
        self._store = store
        self._held: dict[str, Held] | None = None
        self._away = False
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="keys", daemon=True)

    def start(self) -> None:
        """Reads the keys, then goes on doing so."""
        try:
            self._exchange()
        except DependencyUnavailable as error:
            self._lost(str(error))
        self._thread.start()

    def close(self) -> None:
        """Ends the thread; what was counted since the last second is written down."""
        self._ended.set()
        self._thread.join(10)

    def held(self, key_id: str) -> Held | None:
        """A key by its id; None where there is none.

        Raises:
            DependencyUnavailable: no key could be read yet.
        """
        if self._held is None:
            raise DependencyUnavailable("ledger", "the keys could not be read yet")
        return self._held.get(key_id)

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                with self._store.listening() as changed:
                    self._back()
                    while not self._ended.is_set():
                        self._exchange()
                        self._pause(changed)
                self._exchange()
            except DependencyUnavailable as error:
                self._lost(str(error))
            except Exception:
                log.exception("reading keys failed")
            self._ended.wait(_EVERY_SECONDS)

    def _pause(self, changed: Callable[[float], bool]) -> None:
        for _ in range(round(_EVERY_SECONDS / _SLICE_SECONDS)):
            if self._ended.is_set() or changed(_SLICE_SECONDS):
                return

    def _exchange(self) -> None:
        """Reads the keys; what was used is written down, and what others used is read."""
        known = {key.id: key for key in self._store.all()}
        held = self._held or {}
        self._held = {
            key_id: held[key_id] if key_id in held and held[key_id].key == key else Held(key, Allowance(key))
            for key_id, key in known.items()
        }
        day = today()
        more = {key_id: each.allowance.untold for key_id, each in self._held.items() if each.allowance.untold}
        totals = self._store.used(day, more) if self._held else {}
        for key_id, each in self._held.items():
            each.allowance.noted(day, more.get(key_id, 0), totals.get(key_id, 0))

    def _lost(self, detail: str) -> None:
        if not self._away:
            log.warning("ledger away, the keys known last hold", error=detail)
        self._away = True

    def _back(self) -> None:
        if self._away:
            log.info("keys can be read again")
        self._away = False
