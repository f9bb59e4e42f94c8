"""Accept: save, then ring."""

import asyncio
import os
import queue
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, NamedTuple

from services.ingest.parts import Parts
from shared.errors import DependencyUnavailable
from shared.ledger.carried import Accepted, Offer

GROUP_PAGES: Final = 50
"""Pages that share one transaction, and so one fsync."""
_GROUP_BYTES: Final = 16 * 1024 * 1024


class _Waiting(NamedTuple):
    offer: Offer
    loop: asyncio.AbstractEventLoop
    answer: "asyncio.Future[Accepted | None]"


class Acceptor:
    """Hands pages to the ledger.

    Single posts that come while a transaction is being written share the next one. None is held back for others: one
    that comes alone goes alone.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self.readers = ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="read")
        """Where the pages of batches are read: hashing and compressing let other threads work meanwhile."""
        self._ringer = ThreadPoolExecutor(1, thread_name_prefix="ring")

    def start(self) -> None:
        """Begins to take single pages."""
        self._thread = threading.Thread(target=self._work, name="accept", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Ends the thread behind the last page that was offered."""
        self._queue.put(None)
        if self._thread is not None:
            self._thread.join(10)
        self._ringer.shutdown()
        self.readers.shutdown(wait=False, cancel_futures=True)

    async def accept(self, offer: Offer) -> Accepted:
        """Takes one page.

        Raises:
            Refused: the line is full.
            DependencyUnavailable: the ledger is away.
        """
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Accepted | None] = loop.create_future()
        self._queue.put(_Waiting(offer, loop, answer))
        accepted = await answer
        if accepted is None:
            raise await asyncio.to_thread(self._parts.line_full)
        return accepted

    def accept_all(self, offers: Sequence[Offer]) -> list[Accepted]:
        """Takes pages in one transaction, from any thread; the answers end where the line is full.

        Raises:
            DependencyUnavailable: the ledger is away.
        """
        accepted = self._parts.ledger.accept(offers) if offers else []
        self._announce(accepted)
        return accepted

    def _announce(self, accepted: Sequence[Accepted]) -> None:
        """Has the bell sent, beside the pages that come: one that a stalled broker holds up holds up none of them."""
        if accepted and accepted[0].ring:
            self._ringer.submit(self._parts.tell_of_pages)

    def _work(self) -> None:
        while group := self._next_group():
            try:
                answers: Sequence[Accepted] = self._parts.ledger.accept([waiting.offer for waiting in group])
            except Exception as error:  # noqa: BLE001  (whoever waits gets it)
                if isinstance(error, DependencyUnavailable):
                    group += self._others()  # they have waited as long already, and would wait as long again
                _tell(group, (), error)
                continue
            _tell(group, answers, None)
            self._announce(answers)

    def _others(self) -> list[_Waiting]:
        """Everyone who has come meanwhile."""
        found: list[_Waiting] = []
        while True:
            try:
                other = self._queue.get_nowait()
            except queue.Empty:
                return found
            if other is None:
                self._queue.put(None)
                return found
            found.append(other)

    def _next_group(self) -> list[_Waiting]:
        """Who waits; at least one, and nobody when it is over."""
        first = self._queue.get()
        if first is None:
            return []
        group, size = [first], len(first.offer.frame)
        while len(group) < GROUP_PAGES and size < _GROUP_BYTES:
            try:
                other = self._queue.get_nowait()
            except queue.Empty:
                break
            if other is None:
                self._queue.put(None)
                break
            group.append(other)
            size += len(other.offer.frame)
        return group


def _tell(group: Sequence[_Waiting], answers: Sequence[Accepted], error: Exception | None) -> None:
    """Wakes everyone in a group; those behind the last answer found the line full."""
    told = [*answers, *[None] * (len(group) - len(answers))]
    group[0].loop.call_soon_threadsafe(_wake, list(zip(group, told, strict=True)), error)


def _wake(told: Sequence[tuple[_Waiting, Accepted | None]], error: Exception | None) -> None:
    for waiting, accepted in told:
        if waiting.answer.done():
            continue
        if error is not None:
            waiting.answer.set_exception(error)
        else:
            waiting.answer.set_result(accepted)
